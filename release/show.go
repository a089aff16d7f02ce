package release

import (
	"fmt"
	"strconv"
	"strings"
)

// show writes a name into a message: as it is if it is plain, else in quotes with everything escaped that a terminal or a
// reader could misread.
func show(name string) string {
	for _, r := range name {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("_-.:@/+", r) {
			continue
		}
		return strconv.QuoteToGraphic(name)
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

// number returns a count and the word for what it counts: 1 host, 2 hosts.
func number(count int, word string) string {
	if count == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", count, word)
}
