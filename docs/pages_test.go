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

// pages returns every page, by the path of its file.
func pages(t *testing.T) map[string]string {
	found := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			found[file] = programtest.ReadFile(t, file)
		}
	}
	require.Greater(t, len(found), 8)
	return found
}

// TestLinks follows every link of a page to a file here, and to the heading that it names.
func TestLinks(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^):# ]*)(?:#([^) ]*))?\)`)
	heading := regexp.MustCompile(`(?m)^#+ (.*)$`)
	// As GitHub makes them: small letters, spaces as hyphens, nothing but letters, digits, hyphens and underscores.
	anchors := func(page string) map[string]bool {
		made := map[string]bool{}
		for _, match := range heading.FindAllStringSubmatch(page, -1) {
			name := strings.ReplaceAll(strings.ToLower(match[1]), " ", "-")
			made[regexp.MustCompile(`[^\pL\d_-]`).ReplaceAllString(name, "")] = true
		}
		return made
	}
	all := pages(t)
	for name, page := range all {
		for _, match := range link.FindAllStringSubmatch(page, -1) {
			target := name
			if match[1] != "" {
				target = filepath.Join(filepath.Dir(name), match[1])
				_, err := os.Stat(target)
				assert.NoError(t, err, "%s links to %s", name, match[1])
			}
			if match[2] != "" {
				assert.Contains(t, anchors(all[target]), match[2], "%s links to %s#%s", name, match[1], match[2])
			}
		}
	}
}

// TestEveryPageIsLinked has both READMEs lead to every page in this folder.
func TestEveryPageIsLinked(t *testing.T) {
	t.Parallel()
	all := pages(t)
	for name := range all {
		if filepath.Dir(name) != "docs" {
			continue
		}
		for _, readme := range []string{"README.md", "README.zh-CN.md"} {
			assert.Contains(t, all[readme], "]("+filepath.ToSlash(name)+")", "%s does not link it", readme)
		}
	}
}

// TestPagesNameWhatThereIs looks up every flag of regal-inventory and every target of make that a page tells to use.
func TestPagesNameWhatThereIs(t *testing.T) {
	t.Parallel()
	help := programtest.Run(t, ".", nil, "regal-inventory", "--help")
	require.Zero(t, help.Status, help.Output)
	makefile := programtest.ReadFile(t, "Makefile")
	call := regexp.MustCompile("(?:regal-inventory|\\./regal\\.yml) [^`\n]*")
	flag := regexp.MustCompile(`(?:^|\s)(--[a-z][a-z-]+)`)
	target := regexp.MustCompile("(?m)(?:^|`)make ([a-z][a-z-]+)")
	flags, targets := 0, 0
	for name, page := range pages(t) {
		if name == filepath.Join("docs", "troubleshooting.md") {
			page = strings.ReplaceAll(page, "--plna", "") // a slip that the page is about
		}
		for _, one := range call.FindAllString(page, -1) {
			one, _, _ = strings.Cut(one, "|")
			for _, match := range flag.FindAllStringSubmatch(one, -1) {
				flags++
				assert.Regexp(t, `(?m)^ +(-\w, )?`+match[1]+`\b`, help.Output, "%s names it", name)
			}
		}
		for _, match := range target.FindAllStringSubmatch(page, -1) {
			targets++
			assert.Regexp(t, `(?m)^`+match[1]+`:`, makefile, "%s names make %[2]s", name, match[1])
		}
	}
	assert.Greater(t, flags, 20)
	assert.Greater(t, targets, 10)
}
