package grouping

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// Order is how a version's hosts are arranged; the words are those of a play's order in Ansible
// (ansible/inventory/manager.py, get_hosts).
type Order string

// The orders. Sorted compares names by code points, as Python does. Shuffle sorts by the SHA-256 of the seed, a NUL and
// the host's name: the same on every machine, and no host moves when another comes or goes.
const (
	InventoryOrder   Order = "inventory"
	ReverseInventory Order = "reverse_inventory"
	Sorted           Order = "sorted"
	ReverseSorted    Order = "reverse_sorted"
	Shuffle          Order = "shuffle"
)

// orders are all the words, in the order in which messages list them.
func orders() []string {
	return []string{
		string(InventoryOrder), string(ReverseInventory), string(Sorted), string(ReverseSorted), string(Shuffle),
	}
}

// arrange returns the hosts, given in the inventory's order, in this order; the argument stays as it is.
func (o Order) arrange(hosts []*inventory.Host, seed string) []*inventory.Host {
	arranged := slices.Clone(hosts)
	switch o {
	case ReverseInventory:
		slices.Reverse(arranged)
	case Sorted:
		slices.SortFunc(arranged, byName)
	case ReverseSorted:
		slices.SortFunc(arranged, func(a, b *inventory.Host) int { return byName(b, a) })
	case Shuffle:
		shuffle(arranged, seed)
	}
	return arranged
}

// byName compares as Python compares two names: UTF-8 keeps the order of code points.
func byName(a, b *inventory.Host) int { return strings.Compare(a.Name, b.Name) }

func shuffle(hosts []*inventory.Host, seed string) {
	text := append([]byte(seed), 0)
	digest := func(host *inventory.Host) [sha256.Size]byte {
		return sha256.Sum256(append(text[:len(seed)+1], host.Name...))
	}
	// The first bytes of the digests settle nearly everything, without a look at the hosts.
	type card struct {
		first uint64
		host  *inventory.Host
	}
	cards := make([]card, len(hosts))
	for i, host := range hosts {
		whole := digest(host)
		cards[i] = card{binary.BigEndian.Uint64(whole[:]), host}
	}
	slices.SortFunc(cards, func(a, b card) int {
		if a.first != b.first {
			return cmp.Compare(a.first, b.first)
		}
		one, other := digest(a.host), digest(b.host)
		return cmp.Or(bytes.Compare(one[:], other[:]), byName(a.host, b.host))
	})
	for i := range cards {
		hosts[i] = cards[i].host
	}
}
