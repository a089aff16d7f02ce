package inventory

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// pairs returns names and values in order.
func pairs(vars *Vars) (list []string) {
	for name, value := range vars.All() {
		list = append(list, name+"="+value.Text())
	}
	return list
}

// TestVars holds several Vars, copies and clones of one another, against lists and maps of their own. A copy shares the
// values that were there; so only new names are set here.
func TestVars(t *testing.T) {
	type model struct {
		vars  Vars
		order []string
		known map[string]string
	}
	rapid.Check(t, func(t *rapid.T) {
		all := []*model{{known: map[string]string{}}}
		for step := range rapid.IntRange(0, 60).Draw(t, "steps") {
			from := all[rapid.IntRange(0, len(all)-1).Draw(t, "which")]
			if kind := rapid.IntRange(0, 9).Draw(t, "kind"); kind < 2 {
				made := &model{vars: from.vars, order: from.order[:len(from.order):len(from.order)], known: map[string]string{}}
				if kind == 1 {
					made.vars = from.vars.Clone()
				}
				for name, text := range from.known {
					made.known[name] = text
				}
				all = append(all, made)
				continue
			}
			name, text := fmt.Sprintf("v%d", rapid.IntRange(0, 40).Draw(t, "name")), fmt.Sprint(step)
			if _, ok := from.known[name]; ok {
				continue
			}
			from.vars.Set(name, NewString(text))
			from.order, from.known[name] = append(from.order, name), text
		}
		for _, one := range all {
			var want []string
			for _, name := range one.order {
				want = append(want, name+"="+one.known[name])
			}
			require.Equal(t, want, pairs(&one.vars))
			require.Equal(t, len(want), one.vars.Len())
			for i := range 42 {
				name := fmt.Sprintf("v%d", i)
				value, ok := one.vars.Get(name)
				text, known := one.known[name]
				require.Equal(t, known, ok, name)
				require.Equal(t, text, value.text, name)
			}
		}
	})
}

// TestVarsChanged changes a variable in a clone and in the Vars that it was made of.
func TestVarsChanged(t *testing.T) {
	var vars Vars
	vars.Set("a", NewString("1"))
	vars.Set("b", NewString("2"))
	clone := vars.Clone()
	clone.Set("a", NewString("3"))
	vars.Set("b", NewString("4"))
	require.Equal(t, []string{"a=1", "b=4"}, pairs(&vars))
	require.Equal(t, []string{"a=3", "b=2"}, pairs(&clone))
}
