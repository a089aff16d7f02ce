// Package docs_test keeps the pages in this folder true.
package docs_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/programtest"
	"github.com/regal-inventory/regal-inventory/inventory/source"
)

// block is a fenced block of a page: its language and its text.
var block = regexp.MustCompile("(?s)```(ini|yaml|text)\n(.*?)```\n")

// TestPolicyPage holds docs/policy.md against the engine: what stands in a text block is what the policy in the yaml block
// before it makes of the fleet in the last ini block. go test ./docs -update writes the text blocks anew.
func TestPolicyPage(t *testing.T) {
	const path = "docs/policy.md"
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	page := string(data)
	made := regenerate(t, page)
	if *programtest.Update {
		require.NoError(t, os.WriteFile(path, []byte(made), 0o644))
		return
	}
	require.Equal(t, made, page, "run: go test ./docs -update")
}

// mapping is as much of a JSON Schema as names keys.
type mapping struct {
	Properties map[string]mapping
	Defs       map[string]mapping `json:"$defs"`
}

// TestPolicyPageHasEveryKey keeps a key of the schema from being forgotten.
func TestPolicyPageHasEveryKey(t *testing.T) {
	data, err := os.ReadFile("docs/policy.md")
	require.NoError(t, err)
	var text bytes.Buffer
	require.NoError(t, grouping.WriteSchema(&text))
	var schema mapping
	require.NoError(t, json.Unmarshal(text.Bytes(), &schema))
	for _, part := range []mapping{
		schema, schema.Properties["versions_from"], schema.Defs["version"], schema.Defs["ring"], schema.Defs["done"],
	} {
		require.NotEmpty(t, part.Properties)
		for key := range part.Properties {
			require.True(t, strings.Contains(string(data), "`"+key+"`"), "%s is not on the page", key)
		}
	}
}

// regenerate returns the page with every text block printed anew.
func regenerate(t *testing.T, page string) string {
	var made strings.Builder
	fleet, policy, end, printed := "", "", 0, 0
	for _, at := range block.FindAllStringSubmatchIndex(page, -1) {
		language, text := page[at[2]:at[3]], page[at[4]:at[5]]
		made.WriteString(page[end:at[0]])
		end = at[1]
		switch language {
		case "ini":
			fleet = text
		case "yaml":
			policy = text
		case "text":
			require.NotEmpty(t, policy, "a text block needs a yaml block before it")
			text = answer(t, fleet, policy)
			policy = ""
			printed++
		}
		fmt.Fprintf(&made, "```%s\n%s```\n", language, text)
	}
	made.WriteString(page[end:])
	require.Greater(t, printed, 12)
	return made.String()
}

// answer returns the waves that the policy makes of the fleet, a line each, or what is wrong.
func answer(t *testing.T, fleet, policy string) string {
	file := filepath.Join(t.TempDir(), "hosts.ini")
	require.NoError(t, os.WriteFile(file, []byte(fleet), 0o600))
	if !strings.Contains(policy, "plugin:") {
		// At the end, so that messages name the lines that the reader sees.
		policy += "plugin: regal\n"
	}
	parsed, err := grouping.ParsePolicy("regal.yml", strings.NewReader(policy))
	if err != nil {
		return err.Error() + "\n"
	}
	inv, err := source.Read(t.Context(), []string{file}, source.Options{Variables: parsed.Variables()})
	require.NoError(t, err)
	plan, err := parsed.Plan(inv)
	if err != nil {
		return err.Error() + "\n"
	}
	var lines strings.Builder
	for _, version := range plan.Versions {
		for _, wave := range version.Waves {
			lines.WriteString(wave.Group + ":")
			for _, host := range wave.Hosts {
				lines.WriteString(" " + host.Name)
			}
			lines.WriteByte('\n')
		}
		writeRest(&lines, version)
	}
	return lines.String()
}

// writeRest writes the groups that a version has beside its waves, and whom it leaves out.
func writeRest(lines *strings.Builder, version *grouping.Version) {
	for _, ring := range version.Rings() {
		lines.WriteString(ring.Group + ":")
		for _, wave := range ring.Waves {
			lines.WriteString(" " + wave.Group)
		}
		lines.WriteByte('\n')
	}
	for _, part := range version.Parts {
		lines.WriteString(part.Group + ":")
		for _, host := range part.Hosts {
			lines.WriteString(" " + host.Name)
		}
		lines.WriteByte('\n')
	}
	if len(version.LeftOut) > 0 {
		lines.WriteString("left out:")
		for _, host := range version.LeftOut {
			lines.WriteString(" " + host.Name)
		}
		lines.WriteByte('\n')
	}
}
