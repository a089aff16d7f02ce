package inventory

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVariableOfManyGroups(t *testing.T) {
	inv := New()
	above := groupAll
	for i := range 900 {
		name := fmt.Sprintf("g%d", i)
		group, err := inv.AddGroup(name)
		require.NoError(t, err)
		group.Vars.Set("depth", NewInt(int64(i)))
		if above != groupAll {
			require.NoError(t, inv.AddChild(inv.Group(above), name))
		}
		above = name
	}
	host, err := inv.AddHost("web", inv.Group(above), Value{})
	require.NoError(t, err)
	require.NoError(t, inv.Reconcile())
	value, ok := inv.Variable("depth")(host)
	assert.True(t, ok)
	assert.Equal(t, "899", value.Text())
	_, ok = inv.Variable("width")(host)
	assert.False(t, ok)
}
