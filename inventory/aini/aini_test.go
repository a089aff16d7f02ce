package aini

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/relex/aini"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/ini"
	"github.com/regal-inventory/regal-inventory/inventory/internal/reading"
)

func namesOfHosts(hosts []*inventory.Host) []string {
	names := make([]string, len(hosts))
	for i, host := range hosts {
		names[i] = host.Name
	}
	return names
}

func TestConvert(t *testing.T) {
	data, err := aini.ParseString("web10 a=1\nweb2:2222\n[web]\nweb10\n[web:vars]\nansible_group_priority=3\nb=x\n[prod:children]\nweb\n")
	require.NoError(t, err)
	inv, err := Convert(data)
	require.NoError(t, err)
	require.Equal(t, []string{"web2", "web10"}, namesOfHosts(inv.Hosts()))
	require.Equal(t, []string{"web10"}, namesOfHosts(inv.Group("prod").AllHosts()))
	require.Equal(t, []string{"web2"}, namesOfHosts(inv.Group("ungrouped").Hosts()))
	require.Equal(t, int64(3), inv.Group("web").Priority)
	port, _ := inv.Host("web2").Vars.Get("ansible_port")
	require.Equal(t, "2222", port.Text())
	value, _ := inv.Host("web10").Vars.Get("a")
	require.Equal(t, inventory.NewString("1"), value)
	var children []string
	for _, child := range inv.Group("all").Children() {
		children = append(children, child.Name)
	}
	require.Equal(t, []string{"ungrouped", "prod"}, children)
}

func TestCompareNames(t *testing.T) {
	names := []string{"web10", "web2", "web", "db", "web02", "web2a", "web1", "10", "9", "web10-2", "web10-10"}
	slices.SortFunc(names, compareNames)
	require.Equal(t, []string{"9", "10", "db", "web", "web1", "web02", "web2", "web2a", "web10", "web10-2", "web10-10"}, names)
}

// TestStructureAsAini asks aini for a second opinion: on plain inventories both must find the same hosts in every group.
func TestStructureAsAini(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		count := rapid.IntRange(1, 6).Draw(t, "groups")
		for group := range count {
			fmt.Fprintf(&text, "[g%d]\n", group)
			for range rapid.IntRange(0, 4).Draw(t, "lines") {
				from := rapid.IntRange(0, 20).Draw(t, "from")
				fmt.Fprintf(&text, "h[%d:%d] a=x\n", from, from+rapid.IntRange(0, 3).Draw(t, "more"))
			}
			if group > 0 && rapid.Bool().Draw(t, "nested") {
				fmt.Fprintf(&text, "[g%d:children]\ng%d\n", group, rapid.IntRange(0, group-1).Draw(t, "child"))
			}
		}
		data, err := aini.ParseString(text.String())
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := Convert(data)
		if err != nil {
			t.Fatal(err)
		}
		ours := inventory.New()
		if err := ini.Read(reading.New(ours, nil, nil), text.String()); err != nil {
			t.Fatal(err)
		}
		if err := ours.Reconcile(); err != nil {
			t.Fatal(err)
		}
		for _, group := range ours.Groups() {
			mine, other := namesOfHosts(group.AllHosts()), namesOfHosts(theirs.Group(group.Name).AllHosts())
			slices.SortFunc(mine, compareNames)
			slices.SortFunc(other, compareNames)
			if !slices.Equal(mine, other) {
				t.Fatalf("group %s: %v, aini %v\n%s", group.Name, mine, other, text.String())
			}
		}
	})
}
