package release

import (
	"fmt"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/quoted"
)

// show writes a name into a message: as it is if it is plain, else as JSON writes it.
func show(name string) string {
	for _, r := range name {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("_-.:@/+", r) {
			continue
		}
		return string(quoted.Append(nil, name))
	}
	if name == "" {
		return `""`
	}
	return name
}

// nameHosts lists hosts for a message, no more than can be read.
func nameHosts(hosts []string) string {
	const most = 10
	shown := make([]string, 0, most)
	for _, host := range hosts[:min(len(hosts), most)] {
		shown = append(shown, show(host))
	}
	list := strings.Join(shown, ", ")
	if more := len(hosts) - most; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}

// hasOrHave returns the verb for so many hosts.
func hasOrHave(count int) string {
	if count == 1 {
		return "has"
	}
	return "have"
}
