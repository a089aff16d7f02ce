package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/plan"
)

// TestReadmePicture keeps docs/plan.svg, with which README.md opens, what the program draws of the policy in
// testdata/picture.
func TestReadmePicture(t *testing.T) {
	p := program{ctx: t.Context(), policy: filepath.Join("testdata", "picture", "regal.yml"), getenv: func(string) string { return "" }}
	read, err := p.read()
	require.NoError(t, err)
	current(t, filepath.Join("docs", "plan.svg"), plan.SVG(read.plan))
}
