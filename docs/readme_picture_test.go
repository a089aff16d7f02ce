package docs_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/programtest"
	"github.com/regal-inventory/regal-inventory/inventory/source"
	"github.com/regal-inventory/regal-inventory/plan"
)

// TestReadmePicture keeps docs/plan.svg, with which README.md opens, what the program draws of the policy in
// testdata/picture.
func TestReadmePicture(t *testing.T) {
	path := filepath.Join("testdata", "picture", "regal.yml")
	policy, err := grouping.ReadPolicy(path)
	require.NoError(t, err)
	inv, err := source.Read(t.Context(), policy.Sources, source.Options{Dir: filepath.Dir(path), Policy: path})
	require.NoError(t, err)
	made, err := policy.Plan(inv)
	require.NoError(t, err)
	programtest.Current(t, filepath.Join("docs", "plan.svg"), plan.SVG(made))
}
