package grouping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/nearest"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// show writes a name into a message, so that nobody can misread it; of a long one the start.
func show(name string) string {
	const most = 60
	return shown.Word(name, most)
}

// didYouMean returns the end of a message about an unknown name: the nearest right one, or else all of them.
func didYouMean(name string, right []string) string {
	if near := nearest.To(name, slices.Values(right)); near != "" {
		return fmt.Sprintf("did you mean %s?", show(near))
	}
	const most = 20
	names := make([]string, 0, most)
	for _, candidate := range right[:min(len(right), most)] {
		names = append(names, show(candidate))
	}
	list := strings.Join(names, ", ")
	if len(right) > most {
		list += ", ..."
	}
	if len(right) == 1 {
		return "there is only " + list
	}
	return "choose from " + list
}

// nameHosts lists hosts for a message, a handful at most.
func nameHosts(hosts []*inventory.Host) string {
	const most = 5
	names := make([]string, 0, most)
	for _, host := range hosts[:min(len(hosts), most)] {
		names = append(names, show(host.Name))
	}
	list := strings.Join(names, ", ")
	switch {
	case len(hosts) == 1:
		return "host " + list
	case len(hosts) <= most:
		return "hosts " + list
	default:
		return fmt.Sprintf("hosts %s and %d more", list, len(hosts)-most)
	}
}

func isOrAre(hosts []*inventory.Host) string {
	if len(hosts) == 1 {
		return "is"
	}
	return "are"
}
