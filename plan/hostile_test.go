package plan

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
)

// hostileNames are what a careless or a wicked inventory may call its hosts. Some of them break Mermaid labels, a
// terminal's line, HTML, XML or a shell's word.
var hostileNames = []string{
	"<script>alert(1)</script>", `"quoted"`, "it's", "`tick`", "%%{init: {'theme':'dark'}}%%", "%% comment", "end",
	"{{ lookup('pipe', 'id') }}", "{% raw %}", "line\nbreak", "carriage\rreturn", "tab\there", "bell\a", "nul\x00",
	"\x1b[31mred\x1b[0m", "\u202egnp.exe", "zero\u200bwidth", "\ufeffmark", "\u2028line", "c1\u009bcontrol", "\ufffe",
	"hangul\u3164filler", "tag\U000e0041", "bad\xffbyte", "lone\xed\xa0\x80surrogate", "www.example.com",
	"https://example.com/x", "root@example.com", "- item", "1. one", "# head", "a]b[c", "|pipe|", "**bold**", "_under_",
	"x-->y", ":::more", "#quot;", "subgraph x", "click v1 href", "&amp;", "$$x$$", "fa:fa-car", `back\slash`, "]]>", "-->",
	"<!--", "${HOME}", "$(id)", "a,b", "  ", "主机", "e\u0301", "👩\u200d💻",
}

// hostile is a plan of which every name is hostile.
func hostile() *grouping.Plan {
	plan := &grouping.Plan{}
	for _, name := range hostileNames {
		plan.Versions = append(plan.Versions, version(name, name, named(hostileNames...), named(name+"-b")))
	}
	return plan
}

// formats returns the plan in every format for people and programs.
func formats(t *testing.T, plan *grouping.Plan) map[string][]byte {
	t.Helper()
	waves, err := Waves(plan, "")
	require.NoError(t, err)
	made := map[string][]byte{
		"json": JSON(plan), "mermaid": Mermaid(plan), "html": HTML(plan, Origin{}), "svg": SVG(plan), "graph": Graph(plan),
		"waves": waves, "diff": Diff(&Printed{&grouping.Plan{}}, plan), "reverse diff": Diff(&Printed{plan}, &grouping.Plan{}),
		"explain": Explain(plan, hostileNames[0]),
	}
	for _, width := range []int{40, 80, 200} {
		made[fmt.Sprintf("table %d", width)] = Table(plan, TableOptions{Width: width})
	}
	return made
}

func TestHostileNamesAreShownEscaped(t *testing.T) {
	for format, text := range formats(t, hostile()) {
		t.Run(format, func(t *testing.T) {
			require.True(t, utf8.Valid(text))
			for _, r := range string(text) {
				require.True(t, r == '\n' || isVisible(r), "%U is in the text", r)
			}
		})
	}
}

// As many lines come out as go in: no name makes a line of its own.
func TestHostileNamesKeepTheirLine(t *testing.T) {
	names := len(hostileNames)
	harmless := &grouping.Plan{}
	for i := range names {
		name := fmt.Sprintf("v%d", i*2)
		harmless.Versions = append(harmless.Versions, version(name, name, named(hostileNames...), named("x")))
	}
	want := formats(t, harmless)
	for format, text := range formats(t, hostile()) {
		if format == "svg" || format == "html" {
			continue // the legend and the waves break where they are full
		}
		assert.Equal(t, bytes.Count(want[format], []byte("\n")), bytes.Count(text, []byte("\n")), format)
	}
}

func TestNoTwoNamesLookTheSame(t *testing.T) {
	seen := map[string]string{}
	for _, name := range append([]string{`line\nbreak`, `nul\u0000`, `bad\ufffdbyte`, `zero\u200bwidth`}, hostileNames...) {
		shown := escape(name)
		assert.NotContains(t, seen, shown, "%q looks like %q", name, seen[shown])
		seen[shown] = name
	}
}

// A page or picture holds the same elements whatever the hosts are called.
func TestHostileNamesAddNoMarkup(t *testing.T) {
	harmless := func() *grouping.Plan {
		plan := &grouping.Plan{}
		for i := range hostileNames {
			var unfolded []string
			for j := range hostileNames {
				unfolded = append(unfolded, strings.Repeat("h", j+1))
			}
			plan.Versions = append(plan.Versions, version(fmt.Sprint("v", i), "g", named(unfolded...), named("x")))
		}
		return plan
	}
	assert.Equal(t, elements(t, SVG(harmless())), elements(t, SVG(hostile())))
	page := string(HTML(hostile(), Origin{}))
	assert.NotContains(t, page, "<script")
	assert.NotContains(t, page, "<!--")
	assert.Equal(t, strings.Count(string(HTML(harmless(), Origin{})), "<"), strings.Count(page, "<"))
}

// elements returns how often each element is in a well-formed picture.
func elements(t *testing.T, svg []byte) map[string]int {
	t.Helper()
	counts := map[string]int{}
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return counts
		}
		require.NoError(t, err)
		if start, ok := token.(xml.StartElement); ok {
			counts[start.Name.Local]++
		}
	}
}

// Outside of entity codes, a label holds only characters that mean nothing to Mermaid.
func TestMermaidLabelsAreHarmless(t *testing.T) {
	for _, line := range strings.Split(string(Mermaid(hostile())), "\n") {
		before, rest, found := strings.Cut(line, `["`)
		if !found {
			continue
		}
		label, after, found := strings.Cut(rest, `"]`)
		require.True(t, found, line)
		require.Regexp(t, `^  (subgraph )?v\d+(w\d+)?$`, before)
		require.Regexp(t, `^(:::(canary|batch|more))?$`, after)
		require.Regexp(t, `^(<br/>|#\d+;|[\pL\d ,:])*$`, label)
	}
}
