// Package inventorytest makes inventories for tests: random texts in all languages (generate.go), and the inventory that a
// question of package asked describes. typed.go writes values as the Python programs of package asked do.
package inventorytest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/asked"
)

// Build makes the inventory of the question. warn gets what Select warns of.
func Build(t *testing.T, q *asked.InventoryQuestion, warn func(message string)) *inventory.Inventory {
	t.Helper()
	inv := inventory.NewWith(inventory.Rules{IsSince: asked.Installed(t).IsSince, Warn: warn})
	for _, entity := range q.Groups {
		group, err := inv.AddGroup(entity.Name)
		require.NoError(t, err)
		for name, value := range entity.Vars {
			require.NoError(t, inv.SetGroupVariable(group, name, valueOf(value)))
		}
	}
	for _, member := range q.Members {
		_, err := inv.AddHost(member[1], inv.Group(member[0]), inventory.Value{})
		require.NoError(t, err)
	}
	for _, entity := range q.Hosts {
		for name, value := range entity.Vars {
			inv.Host(entity.Name).Vars.Set(name, valueOf(value))
		}
	}
	for _, edge := range q.Children {
		require.NoError(t, inv.AddChild(inv.Group(edge[0]), edge[1]))
	}
	require.NoError(t, inv.Reconcile())
	return inv
}

func valueOf(value any) inventory.Value {
	if number, ok := value.(int); ok {
		return inventory.NewIntText(fmt.Sprint(number))
	}
	return inventory.NewString(value.(string))
}

// ValuesOf returns what Variable says of a host.
func ValuesOf(inv *inventory.Inventory, host string) map[string]string {
	values := map[string]string{}
	for _, name := range asked.Variables {
		if value, ok := inv.Variable(name)(inv.Host(host)); ok {
			values[name] = value.Text()
		}
	}
	return values
}
