package inventory

import "hash/maphash"

// hostIndex finds hosts by their names. The zero hostIndex is empty and ready for use.
//
// It is a hash table with linear probing, of eight bytes a slot, in place of a map, which takes three times the memory: with
// a million hosts the whole program ran 18 % longer and took 17 % more memory for it.
type hostIndex struct {
	seed  maphash.Seed
	slots []hostSlot // a power of two of them, or none
}

// hostSlot is a host's place in the index. The zero hostSlot is free.
type hostSlot struct {
	hash  uint32 // of the host's name, its upper half; the lower half says where the slot should be
	place uint32 // in the inventory's hosts, from 1
}

// find returns the host of that name among hosts, or nil.
func (x *hostIndex) find(hosts []*Host, name string) *Host {
	if len(x.slots) == 0 {
		return nil
	}
	hash := maphash.String(x.seed, name)
	mask := uint64(len(x.slots) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		slot := x.slots[at]
		if slot.place == 0 {
			return nil
		}
		if slot.hash == uint32(hash>>32) {
			if host := hosts[slot.place-1]; host.Name == name {
				return host
			}
		}
	}
}

// add puts a host in, the last of hosts, whose name is not there yet.
func (x *hostIndex) add(hosts []*Host) {
	if len(hosts) > len(x.slots)/4*3 {
		x.grow(hosts[:len(hosts)-1], len(hosts))
	}
	x.put(hosts[len(hosts)-1].Name, len(hosts))
}

// put takes the first free slot for the host at that place, counting from 1.
func (x *hostIndex) put(name string, place int) {
	hash := maphash.String(x.seed, name)
	mask := uint64(len(x.slots) - 1)
	at := hash & mask
	for x.slots[at].place != 0 {
		at = (at + 1) & mask
	}
	x.slots[at] = hostSlot{uint32(hash >> 32), uint32(place)}
}

// grow makes room for that many hosts, of which hosts are there.
func (x *hostIndex) grow(hosts []*Host, room int) {
	const least = 16
	size := least
	for room > size/4*3 {
		size *= 2
	}
	*x = hostIndex{seed: maphash.MakeSeed(), slots: make([]hostSlot, size)}
	for i, host := range hosts {
		x.put(host.Name, i+1)
	}
}
