package plan

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
)

// TestDiffOfManyVersions compares plans of so many versions that a look through all of them for each would take a minute.
func TestDiffOfManyVersions(t *testing.T) {
	plan := &grouping.Plan{}
	for i := range 100_000 {
		name := fmt.Sprintf("app%05d", i)
		plan.Versions = append(plan.Versions, version(name, name, named("web1")))
	}
	start := time.Now()
	read, err := ReadJSON("plan.json", JSON(plan))
	require.NoError(t, err)
	assert.Empty(t, Diff(read, plan))
	assert.Less(t, time.Since(start), 20*time.Second)
}
