package source

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
)

// TestLossIsToldWhileItLasts reads what JSON cannot carry and perhaps something that takes its place: there is one warning, with
// the first place, as long as any of it is left.
func TestLossIsToldWhileItLasts(t *testing.T) {
	const told = ", in which Ansible takes inventories from programs, cannot carry all that stands here: "
	for name, test := range map[string]struct {
		first, second string // an inventory each, .yml if it begins with a brace
		merges        bool   // hash_behaviour=merge
		minor         int    // of Ansible 2
		want          string // the warning's beginning and end; "" for none
	}{
		"a date":                        {first: "{all: {hosts: {h1: {v: 2001-01-01}}}}", want: "a date becomes a text"},
		"a date deep inside":            {first: "{all: {vars: {v: [1, {k: 2001-01-01}]}}}", want: "a date becomes a text"},
		"a key of a deep map":           {first: "{all: {vars: {v: [{80: x}]}}}", want: `the key "80", which is no text, becomes one`},
		"the name of a variable":        {first: "{all: {hosts: {h1: {1: x}}}}", want: `the key "1", which is no text, becomes one`},
		"a set by an alias":             {first: "{all: {hosts: {h1: {v: &s !!set {a, b}}, h2: {w: [*s]}}}}", want: "a set becomes a list"},
		"a date, replaced":              {first: "{all: {hosts: {h1: {v: 2001-01-01}}}}", second: "{all: {hosts: {h1: {v: 5}}}}"},
		"a date, replaced by its text":  {first: "{all: {hosts: {h1: {v: 2001-01-01}}}}", second: "h1 v=2001-01-02"},
		"a date, replaced at one of 2":  {first: "{all: {hosts: {'h[1:2]': {v: 2001-01-01}}}}", second: "h1 v=5", want: "a date becomes a text"},
		"a date, replaced at both":      {first: "{all: {hosts: {'h[1:2]': {v: 2001-01-01}}}}", second: "h[1:2] v=5"},
		"a map, replaced":               {first: "{all: {vars: {v: {k: 2001-01-01}}}}", second: "{all: {vars: {v: {l: 1}}}}"},
		"a map, merged":                 {first: "{all: {vars: {v: {k: 2001-01-01}}}}", second: "{all: {vars: {v: {l: 1}}}}", merges: true, want: "a date becomes a text"},
		"no host of a range":            {first: "{all: {hosts: {'h[2:1]': {v: 2001-01-01}, h3: {}}}}"},
		"a set in INI":                  {first: "h1 v={1,2}", want: "a set becomes a list"},
		"a set in INI, since 2.19":      {first: "h1 v={1,2}", minor: 19},
		"a set in INI, of a group":      {first: "h1\n[all:vars]\nv=[{1,2}]", want: "a set becomes a list"},
		"a set in INI, set again":       {first: "h1 v={1,2} v=3"},
		"a set in INI, of a range":      {first: "h[1:3] v={1,2}", second: "h[1:2] v=1", want: "a set becomes a list"},
		"a set in INI, of no host":      {first: "h3\nh[2:1] v={1,2}"},
		"a complex number in INI":       {first: "h1 v=1j", want: "a complex number becomes a text"},
		"an Ellipsis in INI":            {first: "h1 v=[...]", want: "an Ellipsis becomes a text"},
		"bytes in INI":                  {first: "h1 v=\"b'x'\""}, // which is what Ansible makes of them
		"bytes in a list in INI":        {first: "h1 v=\"[b'x']\"", want: "bytes become a text"},
		"a key in INI, since 2.19 also": {first: "h1 v={80:1}", minor: 19, want: `the key "80", which is no text, becomes one`},
	} {
		t.Run(name, func(t *testing.T) {
			folder, sources := t.TempDir(), []string{}
			for i, text := range []string{test.first, test.second} {
				if text == "" {
					continue
				}
				file := filepath.Join(folder, string(rune('a'+i))+".ini")
				if text[0] == '{' {
					file = filepath.Join(folder, string(rune('a'+i))+".yml")
				}
				require.NoError(t, os.WriteFile(file, []byte(text+"\n"), 0o600))
				sources = append(sources, file)
			}
			if test.merges {
				t.Setenv("ANSIBLE_HASH_BEHAVIOUR", "merge")
			}
			if test.minor == 0 {
				test.minor = 14
			}
			var warnings []string
			_, err := Read(t.Context(), sources, Options{
				Dir:     folder,
				Warn:    func(message string) { warnings = append(warnings, message) },
				ansible: ansible.Of(ansible.Version{Major: 2, Minor: test.minor}),
			})
			require.NoError(t, err)
			if test.want == "" {
				assert.Empty(t, warnings)
				return
			}
			require.Len(t, warnings, 1)
			assert.Regexp(t, `/a\.(ini|yml):[1-3]: JSON`+told+regexp.QuoteMeta(test.want)+`; there may be more of the kind, see docs/ansible\.md$`, warnings[0])
		})
	}
}
