package grouping_test

import (
	"fmt"
	"testing"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// BenchmarkRules cuts 100,000 hosts in 1,000 zones and 20,000 racks.
func BenchmarkRules(b *testing.B) {
	inv := bigFleet(100_000)
	one := []grouping.Size{grouping.Count(1)}
	many := make([]grouping.Size, 200)
	for i := range many {
		many[i] = grouping.Count(i + 1)
	}
	for _, bench := range []struct {
		name  string
		rules grouping.Rules
	}{
		{"plain", grouping.Rules{Combine: one}},
		{"shuffle", grouping.Rules{Order: grouping.Shuffle, Combine: one}},
		{"by", grouping.Rules{By: "zone", Combine: one}},
		{"spread", grouping.Rules{Spread: []string{"zone"}, Combine: one}},
		{"spread two", grouping.Rules{Spread: []string{"zone", "rack"}, Combine: one}},
		{"max_per", grouping.Rules{
			Combine: []grouping.Size{grouping.Count(50)}, MaxPer: []grouping.Limit{{Variable: "zone", Hosts: 1}}}},
		{"max_per one by one", grouping.Rules{
			Combine: one, MaxPer: []grouping.Limit{{Variable: "zone", Hosts: 1}}}},
		{"max_per many sizes", grouping.Rules{
			Combine: many, MaxPer: []grouping.Limit{{Variable: "zone", Hosts: 1}}}},
		{"max_per uneven", grouping.Rules{
			Combine: []grouping.Size{grouping.Count(50)}, MaxPer: []grouping.Limit{{Variable: "uneven", Hosts: 1}}}},
		{"max_per two", grouping.Rules{Combine: []grouping.Size{grouping.Count(50)},
			MaxPer: []grouping.Limit{{Variable: "zone", Hosts: 1}, {Variable: "rack", Hosts: 1}}}},
		{"max_per two, colliding", grouping.Rules{Combine: []grouping.Size{grouping.Count(50)},
			MaxPer: []grouping.Limit{{Variable: "row", Hosts: 1}, {Variable: "column", Hosts: 1}}}},
		{"max_per two, square", grouping.Rules{Combine: []grouping.Size{grouping.Count(320)},
			MaxPer: []grouping.Limit{{Variable: "row", Hosts: 1}, {Variable: "place", Hosts: 1}}}},
		{"max_per two, large waves", grouping.Rules{Combine: []grouping.Size{grouping.Percent(10)},
			MaxPer: []grouping.Limit{{Variable: "row", Percent: 10}, {Variable: "column", Percent: 10}}}},
		{"max_per three", grouping.Rules{Combine: []grouping.Size{grouping.Count(50)},
			MaxPer: []grouping.Limit{{Variable: "row", Hosts: 1}, {Variable: "column", Hosts: 1}, {Variable: "zone", Hosts: 1}}}},
		{"max_per three, many", grouping.Rules{Combine: []grouping.Size{grouping.Count(5000)},
			MaxPer: []grouping.Limit{{Variable: "row", Hosts: 20}, {Variable: "column", Hosts: 15}, {Variable: "zone", Hosts: 6}}}},
		{"risk", grouping.Rules{Risk: 3}},
		{"risk, max_per", grouping.Rules{Risk: 3, MaxPer: []grouping.Limit{{Variable: "zone", Hosts: 1}}}},
		{"risk, max_per two", grouping.Rules{Risk: 3, MaxPer: []grouping.Limit{{Variable: "zone", Hosts: 1}, {Variable: "row", Hosts: 2}}}},
		{"cover", grouping.Rules{Schedule: grouping.Count(2000), Cover: []string{"zone", "row"}}},
		{"cover, max_per", grouping.Rules{Schedule: grouping.Count(2000), Cover: []string{"zone", "row"},
			MaxPer: []grouping.Limit{{Variable: "column", Percent: 10}}}},
		{"max_per two, uneven", grouping.Rules{Combine: []grouping.Size{grouping.Count(50)},
			MaxPer: []grouping.Limit{{Variable: "uneven", Hosts: 1}, {Variable: "rack", Hosts: 1}}}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := grouping.NewVersion(inv, "app", []string{"all"}, bench.rules); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func bigFleet(hosts int) *inventory.Inventory {
	inv := inventory.New()
	for i := range hosts {
		host, err := inv.AddHost(fmt.Sprintf("web%d", i), nil, inventory.Value{})
		if err != nil {
			panic(err)
		}
		set := func(variable string, value int) { host.Vars.Set(variable, inventory.NewString(fmt.Sprint(value))) }
		set("zone", i%1000)
		set("rack", i*7919%20000)
		set("row", i/317)
		set("column", i*i%317)
		set("place", i%317)
		uneven := 0 // half of all hosts, the last half
		if i < hosts/2 {
			uneven = 1 + i%2000
		}
		set("uneven", uneven)
	}
	if err := inv.Reconcile(); err != nil {
		panic(err)
	}
	return inv
}
