package grouping

import (
	"math"
	"sort"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// reasons are what put each host of a cutter into its wave.
type reasons struct {
	cutter *cutter
	first  int                // the index of the first wave in the version
	chosen bool               // the first wave was chosen before all others
	stands map[int32][]string // for which values of cover a host is in the first wave
	// Without max_per all that follows stays empty. members are the hosts of each wave, as indexes in the columns; rank is
	// a host's place in its section before hosts were held back, by that index.
	rank     []int32
	members  [][]int32
	sections []int // the indexes of the waves that begin a section
}

func newReasons(c *cutter, first int) reasons {
	made := reasons{cutter: c, first: first}
	if len(c.limits) > 0 {
		made.rank = make([]int32, len(c.hosts))
	}
	return made
}

// begin remembers the order of a section, the first wave of which comes next.
func (r *reasons) begin(at *run, section []int32) {
	if r.rank == nil {
		return
	}
	for rank, member := range section {
		r.rank[member] = int32(rank)
	}
	r.sections = append(r.sections, at.index)
}

// add remembers a wave.
func (r *reasons) add(members []int32) {
	if r.rank != nil || len(r.members) == 0 {
		r.members = append(r.members, members)
	}
}

// explain fills in why the host is where the placement says.
func (r *reasons) explain(v *Version, host *inventory.Host, placement *Placement) {
	own := placement.Wave - r.first
	if own == 0 {
		placement.Stands = r.stands[r.members[0][placement.Position-1]]
		if r.chosen {
			placement.Chosen = r.stands == nil
			return
		}
	}
	if r.rank == nil {
		return
	}
	member := r.members[own][placement.Position-1]
	begun := r.sections[sort.SearchInts(r.sections, own+1)-1]
	for wave := begun; wave < own; wave++ {
		members := r.members[wave]
		last := members[len(members)-1]
		if len(members) < v.Waves[r.first+wave].Size {
			placement.HeldBack = append(placement.HeldBack, r.heldBack(wave, member, math.MaxInt32))
		} else if r.rank[last] > r.rank[member] {
			placement.HeldBack = append(placement.HeldBack, r.heldBack(wave, member, last))
		}
	}
}

// heldBack says why the wave passed the member over and went on to the member last.
func (r *reasons) heldBack(wave int, member, last int32) HeldBack {
	for _, limit := range r.cutter.limits {
		for _, value := range limit.of(member) {
			sharing := 0
			for _, other := range r.members[wave] {
				for _, item := range limit.of(other) {
					if item == value {
						sharing++
					}
				}
			}
			if sharing >= limit.most[value] {
				return HeldBack{
					Wave: r.first + wave, Variable: limit.variable, Value: limit.values[value], Limit: limit.most[value],
				}
			}
		}
	}
	made := HeldBack{Wave: r.first + wave, Yielded: true}
	// With one limit it is the value of the last that is left too often; with several it takes more than one value to tell.
	if limits := r.cutter.limits; len(limits) == 1 && last != math.MaxInt32 && r.stands[last] == nil {
		if values := limits[0].of(last); len(values) == 1 {
			value := values[0]
			made.Variable, made.Value, made.Limit = limits[0].variable, limits[0].values[value], limits[0].most[value]
		}
	}
	return made
}
