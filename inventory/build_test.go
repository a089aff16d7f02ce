package inventory

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// buildInventory makes the inventory of the question. warn gets what Select warns of.
func buildInventory(t *testing.T, q *inventoryQuestion, warn func(message string)) *Inventory {
	t.Helper()
	inv := NewWith(Rules{IsSince: installed(t).isSince, Warn: warn})
	for _, entity := range q.Groups {
		group, err := inv.AddGroup(entity.Name)
		require.NoError(t, err)
		for name, value := range entity.Vars {
			require.NoError(t, inv.setGroupVariable(group, name, valueOf(value)))
		}
	}
	for _, member := range q.Members {
		_, err := inv.AddHost(member[1], inv.Group(member[0]), Value{})
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

func valueOf(value any) Value {
	if number, ok := value.(int); ok {
		return newInt(fmt.Sprint(number))
	}
	return NewString(value.(string))
}

// valuesOf returns what Variable says of a host.
func valuesOf(inv *Inventory, host string) map[string]string {
	values := map[string]string{}
	for _, name := range askedVariables {
		if value, ok := inv.Variable(name)(inv.Host(host)); ok {
			values[name] = value.Text()
		}
	}
	return values
}
