package plan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// inventoryOf returns an inventory of hosts written as "web1 rack=a zone=x".
func inventoryOf(t testing.TB, lines ...string) *inventory.Inventory {
	t.Helper()
	inv := inventory.New()
	for _, line := range lines {
		fields := strings.Fields(line)
		host, err := inv.AddHost(fields[0], nil, inventory.Value{})
		require.NoError(t, err)
		for _, field := range fields[1:] {
			name, value, _ := strings.Cut(field, "=")
			host.Vars.Set(name, inventory.NewString(value))
		}
	}
	require.NoError(t, inv.Reconcile())
	return inv
}

// placed is a plan that package grouping made: by the rules, of all the hosts.
func placed(t testing.TB, rules grouping.Rules, lines ...string) *grouping.Plan {
	t.Helper()
	made, err := grouping.NewVersion(inventoryOf(t, lines...), "app", []string{"all"}, rules)
	require.NoError(t, err)
	return &grouping.Plan{Versions: []*grouping.Version{made}}
}

// racks returns count hosts, in turn on each of the racks.
func racks(count int, names ...string) []string {
	lines := make([]string, count)
	for i := range lines {
		lines[i] = fmt.Sprintf("web%02d.example.com rack=%s secret=hunter2", i+1, names[i%len(names)])
	}
	return lines
}
