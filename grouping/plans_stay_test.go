package grouping_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// dice are numbers that look like chance and are the same in every run, with every version of Go.
type dice uint64

// roll returns a number from 0 to sides-1.
func (d *dice) roll(sides int) int {
	*d = *d*6364136223846793005 + 1442695040888963407
	return int(uint64(*d) >> 33 % uint64(sides))
}

// counts returns so many sizes from 1 to most.
func (d *dice) counts(many, most int) []grouping.Size {
	sizes := make([]grouping.Size, many)
	for i := range sizes {
		sizes[i] = grouping.Count(1 + d.roll(most))
	}
	return sizes
}

// limits returns a limit of 1 to 3 hosts for each of the variables.
func (d *dice) limits(variables ...string) []grouping.Limit {
	limits := make([]grouping.Limit, len(variables))
	for i, variable := range variables {
		limits[i] = grouping.Limit{Variable: variable, Hosts: 1 + d.roll(3)}
	}
	return limits
}

// fleet returns up to 60 hosts, each with a value of rack, service, zone and system, and a list of pools.
func (d *dice) fleet(pools map[string]inventory.Value) *inventory.Inventory {
	names := make([]string, 2+d.roll(59))
	for i := range names {
		names[i] = fmt.Sprintf("h%d", i+1)
	}
	inv := inventoryOf(names...)
	values := map[string]int{"rack": 2 + d.roll(7), "service": 2 + d.roll(7), "zone": 1 + d.roll(3), "system": 1 + d.roll(4)}
	lists := []string{"db", "web", "search", "db web", "web search", "db web search"}
	for _, host := range inv.Hosts() {
		for _, variable := range []string{"rack", "service", "zone", "system"} {
			host.Vars.Set(variable, inventory.NewString(fmt.Sprintf("%s%d", variable[:1], d.roll(values[variable]))))
		}
		host.Vars.Set("pools", pools[lists[d.roll(len(lists))]])
	}
	return inv
}

// tell writes the waves, and for every host what put it into its wave; or why there are none.
func tell(to io.Writer, version *grouping.Version, err error) {
	if err != nil {
		fmt.Fprintln(to, err)
		return
	}
	fmt.Fprintln(to, version.Fewest)
	for _, wave := range version.Waves {
		fmt.Fprintln(to, wave.Name, wave.Ring, wave.Size)
		for _, host := range wave.Hosts {
			p, _ := version.Placement(host)
			fmt.Fprintln(to, host.Name, p.Wave, p.Position, p.Total, p.Chosen, p.Stands, p.Section, p.Share)
			for _, held := range p.HeldBack {
				fmt.Fprintln(to, held.Wave, held.Variable, held.Value, held.Limit, held.Yielded)
			}
		}
	}
}

// TestPlansStay makes plans of fleets that are the same in every run, and holds them against what they were. Whoever has reviewed a
// plan, and changes neither policy nor inventory, gets the same waves from the next version of this program: a digest that
// changes here is a change that users see.
func TestPlansStay(t *testing.T) {
	t.Parallel()
	type rules = grouping.Rules
	lists := pools()
	for _, test := range []struct {
		name string
		make func(d *dice) rules
		want string
	}{
		{"one limit", func(d *dice) rules {
			return rules{Schedule: d.counts(1, 4)[0], Combine: d.counts(3, 12), MaxPer: d.limits("rack")}
		}, "1792066eb596"},
		{"one limit and a cover", func(d *dice) rules {
			return rules{Schedule: d.counts(1, 9)[0], Combine: d.counts(2, 12), MaxPer: d.limits("rack"), Cover: []string{"system", "zone"}}
		}, "e94b0b2c6a84"},
		{"two limits", func(d *dice) rules {
			return rules{Schedule: grouping.Count(8), Combine: d.counts(1, 12), MaxPer: d.limits("rack", "service")}
		}, "79ee6be810c8"},
		{"two limits and waves of many sizes", func(d *dice) rules {
			return rules{Schedule: d.counts(1, 9)[0], Combine: d.counts(4, 12), MaxPer: d.limits("rack", "service")}
		}, "a5820dfc91e6"},
		{"two limits and a cover", func(d *dice) rules {
			return rules{Schedule: d.counts(1, 9)[0], Combine: d.counts(1, 12), MaxPer: d.limits("rack", "service"), Cover: []string{"system"}}
		}, "e1e56ecb953c"},
		{"two limits, a cover and waves of one size", func(d *dice) rules {
			size := d.counts(1, 9)
			return rules{Schedule: size[0], Combine: size, MaxPer: d.limits("rack", "service"), Cover: []string{"system"}}
		}, "06eadc5a7acb"},
		{"two limits, a cover and waves of many sizes", func(d *dice) rules {
			return rules{Schedule: d.counts(1, 9)[0], Combine: d.counts(3, 9), MaxPer: d.limits("rack", "service"), Cover: []string{"system"}}
		}, "2eda70fdaf2b"},
		{"three limits", func(d *dice) rules {
			return rules{Schedule: d.counts(1, 9)[0], Combine: d.counts(1, 12), MaxPer: d.limits("rack", "service", "system")}
		}, "432d2c71a6dd"},
		{"three limits and a cover", func(d *dice) rules {
			return rules{Schedule: d.counts(1, 9)[0], Combine: d.counts(2, 12), MaxPer: d.limits("rack", "service", "system"),
				Cover: []string{"zone", "system"}}
		}, "fc32edfe31b3"},
		{"lists", func(d *dice) rules {
			return rules{Schedule: d.counts(1, 9)[0], Combine: d.counts(2, 12), MaxPer: d.limits("pools")}
		}, "d93755cb7909"},
		{"lists and another limit", func(d *dice) rules {
			return rules{Schedule: d.counts(1, 9)[0], Combine: d.counts(1, 12), MaxPer: d.limits("pools", "rack"), Cover: []string{"system"}}
		}, "7e57c55bd3cf"},
		{"spread under a limit", func(d *dice) rules {
			return rules{Schedule: d.counts(1, 9)[0], Combine: d.counts(2, 12), MaxPer: d.limits("rack"), Spread: []string{"zone", "system"}}
		}, "e176f4849893"},
		{"sections and a cover", func(d *dice) rules {
			return rules{Schedule: d.counts(1, 9)[0], Combine: d.counts(2, 12), Spread: []string{"system"}, By: "zone",
				Cover: []string{"system", "zone"}, MaxPer: d.limits("rack")}
		}, "3280f1517eec"},
		{"risk under two limits", func(d *dice) rules {
			return rules{Risk: float64(1 + d.roll(4)), MaxPer: d.limits("rack", "service"), By: "zone", ByOrder: []string{"z1", "*"}}
		}, "b26c97899bf8"},
		{"risk under a limit", func(d *dice) rules {
			return rules{Risk: float64(1 + d.roll(4)), MaxPer: d.limits("rack")}
		}, "c8ed6d2ea953"},
		{"risk and lists", func(d *dice) rules {
			return rules{Risk: float64(1 + d.roll(4)), MaxPer: []grouping.Limit{{Variable: "pools", Hosts: 1 + d.roll(2)}}}
		}, "435c7539e234"},
		{"shuffled rings", func(d *dice) rules {
			own := rules{Order: grouping.Shuffle, Combine: d.counts(2, 5), MaxPer: []grouping.Limit{{Variable: "rack", Percent: 1 + d.roll(60)}}}
			return rules{Rings: []grouping.Ring{{Name: "first", Target: []string{"~.*[02468]$"}, Rules: own}, {Name: "second", Target: []string{"~.*[13579]$"}, Rules: own}}}
		}, "8f3c072adc51"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d, sum := dice(1), sha256.New()
			for range 200 {
				inv, rules := d.fleet(lists), test.make(&d)
				target := []string{"all"}
				if rules.Rings != nil {
					target = nil
				}
				version, err := grouping.NewVersion(inv, "app", target, rules)
				if err != nil {
					require.ErrorContains(t, err, "cover: ")
				}
				tell(sum, version, err)
			}
			assert.Equal(t, test.want, fmt.Sprintf("%x", sum.Sum(nil)[:6]))
		})
	}
}
