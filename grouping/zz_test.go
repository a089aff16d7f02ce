package grouping_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/regal-inventory/regal-inventory/grouping"
)

func TestZY(t *testing.T) {
	k := 0
	rapid.Check(t, func(t *rapid.T) {
		o, inv, rules := drawOracle(t, 2, false, false)
		version, err := grouping.NewVersion(inv, "app", []string{"all"}, rules)
		require.NoError(t, err)
		want := o.fewest()
		if len(version.Waves) != want && k < 12 {
			k++
			fmt.Println("want", want, "got", len(version.Waves), "low", version.Fewest, o.sizes, o.limits, o.values, waveNames(version))
		}
	})
}
