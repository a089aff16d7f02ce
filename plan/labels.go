package plan

import (
	"strings"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// newLabels returns what the cells of the version's hosts show: the names without the domain that all have in common,
// cut to a length that a cell can hold.
func newLabels(version *grouping.Version) map[*inventory.Host]string {
	const widest = 22
	labels := map[*inventory.Host]string{}
	domain := commonDomain(version)
	for _, wave := range version.Waves {
		for _, host := range wave.Hosts {
			labels[host] = shorten(escape(strings.TrimSuffix(host.Name, domain)), widest)
		}
	}
	return labels
}

// commonDomain returns the longest suffix that all the version's host names have in common, if it starts with a dot and a letter and is
// no whole name; empty if there is none.
func commonDomain(version *grouping.Version) string {
	common, first := "", true
	for _, wave := range version.Waves {
		for _, host := range wave.Hosts {
			if first {
				first = false
				_, common, _ = strings.Cut(host.Name, ".")
				common = "." + common
			}
			for !strings.HasSuffix(host.Name, common) || host.Name == common || !startsDomain(common) {
				next := strings.IndexByte(common[min(1, len(common)):], '.')
				if next < 0 {
					return ""
				}
				common = common[next+1:]
			}
		}
	}
	return common
}

func startsDomain(text string) bool {
	return len(text) > 1 && text[0] == '.' && (text[1] >= 'a' && text[1] <= 'z' || text[1] >= 'A' && text[1] <= 'Z')
}
