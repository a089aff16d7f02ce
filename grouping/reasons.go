package grouping

import (
	"math"
	"sort"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// reasons keep what put each host of a version into its wave.
type reasons struct {
	chosen  int // hosts of the canary that the policy names
	section func(*inventory.Host) string
	shares  []func(*inventory.Host) string
	limits  []column
	rules   []Limit
	// Without max_per all that follows stays empty. members are the hosts of each wave, as indexes in the columns; rank is
	// a host's place in its section before hosts were held back, by that index.
	rank     []int32
	members  [][]int32
	sections []int // the indexes of the waves that begin a section
}

func (c *cutter) reasons(chosen int) reasons {
	made := reasons{
		chosen: chosen, section: c.section, shares: c.shares, limits: c.limits, rules: c.rules.MaxPer,
	}
	if len(c.limits) > 0 {
		made.rank = make([]int32, len(c.hosts))
		if chosen > 0 {
			made.members = append(made.members, nil)
		}
	}
	return made
}

// keep remembers how a section was filled into waves, the first of which has the index first.
func (r *reasons) keep(first int, section []int32, waves [][]int32) {
	if len(r.limits) == 0 {
		return
	}
	for rank, member := range section {
		r.rank[member] = int32(rank)
	}
	r.members = append(r.members, waves...)
	r.sections = append(r.sections, first)
}

// explain fills in why the host is where the placement says.
func (r *reasons) explain(v *Version, host *inventory.Host, placement *Placement) {
	placement.Section, placement.Share = v.Values(host)
	if r.chosen > 0 && placement.Wave == 0 {
		placement.Chosen = true
		return
	}
	if len(r.limits) == 0 {
		return
	}
	member := r.members[placement.Wave][placement.Position-1]
	begun := r.sections[sort.SearchInts(r.sections, placement.Wave+1)-1]
	for wave := begun; wave < placement.Wave; wave++ {
		members := r.members[wave]
		last := members[len(members)-1]
		if len(members) < v.Waves[wave].Size {
			placement.HeldBack = append(placement.HeldBack, r.heldBack(wave, member, math.MaxInt32))
		} else if r.rank[last] > r.rank[member] {
			placement.HeldBack = append(placement.HeldBack, r.heldBack(wave, member, last))
		}
	}
}

// heldBack says why the wave passed the member over and went on to the member last.
func (r *reasons) heldBack(wave int, member, last int32) HeldBack {
	for i, limit := range r.rules {
		ids := r.limits[i].ids
		sharing := 0
		for _, other := range r.members[wave] {
			if ids[other] == ids[member] {
				sharing++
			}
		}
		if sharing >= limit.Hosts {
			return HeldBack{Wave: wave, Variable: limit.Variable, Value: r.value(i, member), Limit: limit.Hosts}
		}
	}
	// Only one limit makes hosts yield.
	return HeldBack{
		Wave: wave, Variable: r.rules[0].Variable, Value: r.value(0, last), Limit: r.rules[0].Hosts, Yielded: true,
	}
}

func (r *reasons) value(limit int, member int32) string {
	return r.limits[limit].values[r.limits[limit].ids[member]]
}
