package release

import (
	"fmt"
	"math"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"
)

// show writes a name into a message, so that nobody can misread it, and whole: it may have to be typed again.
func show(name string) string { return shown.Word(name, math.MaxInt) }

// nameHosts lists hosts for a message, no more than can be read.
func nameHosts(hosts []string) string {
	const most = 10
	names := make([]string, 0, most)
	for _, host := range hosts[:min(len(hosts), most)] {
		names = append(names, show(host))
	}
	list := strings.Join(names, ", ")
	if more := len(hosts) - most; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}
