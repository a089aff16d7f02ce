package grouping

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// Part is a share of a version's hosts, see [Rules.Split].
type Part struct {
	// Name is the share's name, Group that of its Ansible group.
	Name, Group string
	// Percent is how much of all hosts it is meant to have.
	Percent int
	// Hosts are in the version's order.
	Hosts []*inventory.Host
}

// shareFault is what is wrong with the share of that index, or with all of them together.
type shareFault struct {
	share   int
	message string
}

const allShares = -1

// checkShares says what is wrong with the shares of a split. One may be called b, as A/B tests have it: the group of that name
// is the share's then, and the batches are found in the others.
func checkShares(shares []Share) []shareFault {
	var faults []shareFault
	sum := 0
	names := map[string]bool{}
	for i, share := range shares {
		wrong := func(format string, args ...any) {
			faults = append(faults, shareFault{i, fmt.Sprintf(format, args...)})
		}
		end := safe(share.Name)
		switch {
		case share.Name == "":
			wrong("a share needs a name")
		case "_"+end != batchesEnd && stemOf("x_"+end) == "x" || strings.HasPrefix("_"+end, ringEnd):
			wrong("the group STEM_%s is one of the version's own, for %s: give the share another name", end, ownUse(end))
		case names[end]:
			wrong("there is another share whose group ends in %s: give it another name", end)
		}
		names[end] = true
		if share.Percent < 0 || share.Percent > 100 {
			wrong("the share of %s is from 0%% to 100%%", show(share.Name))
		}
		sum += share.Percent
	}
	if sum != 100 && len(faults) == 0 {
		faults = append(faults, shareFault{allShares, fmt.Sprintf("the shares add up to %d%%: they must make 100%%", sum)})
	}
	return faults
}

// ownUse says what a version has the group of that end for.
func ownUse(end string) string {
	switch {
	case "_"+end == canaryEnd:
		return "its first wave"
	case "_"+end == rolloutEnd:
		return "all its waves"
	case "_"+end == remainingEnd:
		return "the waves that are not done"
	case strings.HasPrefix("_"+end, ringEnd):
		return "a ring"
	default:
		return "its batches"
	}
}

// splitHosts puts every host into a part by a hash of its name: the percent of all hashes below it says which. So another
// host moves nobody, and as the first share grows at the expense of the second, hosts move from the second to the first only.
// The hash is another one than that of the order Shuffle, whose first hosts would otherwise all be in the first part.
func splitHosts(stem string, shares []Share, seed string, hosts []*inventory.Host) []Part {
	parts := make([]Part, len(shares))
	for i, share := range shares {
		parts[i] = Part{Name: share.Name, Group: stem + "_" + safe(share.Name), Percent: share.Percent}
	}
	text := append([]byte(seed), "\x00split\x00"...)
	start := len(text)
	for _, host := range hosts {
		digest := sha256.Sum256(append(text[:start], host.Name...))
		below, _ := bits.Mul64(binary.BigEndian.Uint64(digest[:]), 100)
		at, end := 0, shares[0].Percent
		for int(below) >= end {
			at++
			end += shares[at].Percent
		}
		parts[at].Hosts = append(parts[at].Hosts, host)
	}
	return parts
}
