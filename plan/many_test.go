package plan

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
)

// TestDiffOfManyVersions takes ten times as many versions, for which a look through all of them for each would take a hundred
// times as long.
func TestDiffOfManyVersions(t *testing.T) {
	took := func(count int) time.Duration {
		plan := &grouping.Plan{}
		for i := range count {
			name := fmt.Sprintf("app%05d", i)
			plan.Versions = append(plan.Versions, version(name, name, named("web1")))
		}
		text := JSON(plan)
		best := time.Hour
		for range 2 {
			start := time.Now()
			read, err := ReadJSON("plan.json", text)
			require.NoError(t, err)
			assert.Empty(t, Diff(read, plan))
			best = min(best, time.Since(start))
		}
		return best
	}
	few, many := took(5_000), took(50_000)
	assert.Less(t, many, 60*few)
}
