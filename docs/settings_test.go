package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// TestSettings asks Ansible for every setting that a page or an example names: one that it does not have is no help.
func TestSettings(t *testing.T) {
	t.Parallel()
	programtest.Need(t, "ansible-config")
	known := programtest.Run(t, ".", nil, "ansible-config", "list")
	require.Zero(t, known.Status, known.Output)
	var pages []string
	for _, pattern := range []string{"*.md", "docs/*.md", "examples/ansible.cfg", "examples/demo", "examples/playbooks/*.yml", "examples/ci/*.yml", "regal-inventory.1"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		pages = append(pages, found...)
	}
	setting := regexp.MustCompile(`\bANSIBLE_[A-Z_]+[A-Z]\b`)
	named := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, name := range setting.FindAllString(strings.ReplaceAll(string(text), "$ANSIBLE_VAULT", ""), -1) {
			if name == "ANSIBLE_CONFIG" { // it says where the settings are, and is none itself
				continue
			}
			named++
			assert.Regexp(t, `\b`+name+`\b`, known.Output, "%s names it", page)
		}
	}
	assert.NotZero(t, named)
}
