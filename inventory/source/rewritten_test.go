package source

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRewritten reads numbers in every language: those whose text is not what was written are known as such.
func TestRewritten(t *testing.T) {
	for _, test := range []struct {
		file, text string
		want       bool
	}{
		{"h.ini", "h1 v=1.10\n", true}, {"h.ini", "h1 v=1.1\n", false}, {"h.ini", "h1 v=10\n", false},
		{"h.ini", "h1 v=1_000\n", true}, {"h.ini", "h1 v=0x10\n", true}, {"h.ini", "h1 v=017\n", false}, // a text to Python
		{"h.ini", "h1 v='\"1.10\"'\n", false}, {"h.ini", "h1 v=1.0.1\n", false}, {"h.ini", "h1 v=1e3\n", true},
		{"h.ini", "h1\n[all:vars]\nv=1.50\n", true}, {"h.ini", "h1\n[all:vars]\nv=1.5 # half\n", false},
		{"h.ini", "h1\n[all:vars]\nv=1.50 # half\n", true},
		{"h.yml", "all: {hosts: {h1: {v: 1.10}}}\n", true}, {"h.yml", "all: {hosts: {h1: {v: 1.1}}}\n", false},
		{"h.yml", "all: {hosts: {h1: {v: 017}}}\n", true}, {"h.yml", "all: {hosts: {h1: {v: 1:30}}}\n", true},
		{"h.yml", "all: {hosts: {h1: {v: '1.10'}}}\n", false}, {"h.yml", "all: {hosts: {h1: {v: 12}}}\n", false},
		{"h.yml", "all: {hosts: {h1: {v: yes}}}\n", false},
		{"h.json", `{"all": {"hosts": {"h1": {"v": 1.10}}}}`, true}, {"h.json", `{"all": {"hosts": {"h1": {"v": 1.5}}}}`, false},
	} {
		path := filepath.Join(t.TempDir(), test.file)
		require.NoError(t, os.WriteFile(path, []byte(test.text), 0o600))
		inv, err := Read(t.Context(), []string{path}, Options{})
		require.NoError(t, err, test.text)
		value, set := inv.Variable("v")(inv.Host("h1"))
		require.True(t, set, test.text)
		assert.Equal(t, test.want, value.Rewritten(), test.text)
	}
}
