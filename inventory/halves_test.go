package inventory

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// describeNode writes all of a node and what is below it but for comments, and where a value is that is not there: these
// count for nothing.
func describeNode(to *strings.Builder, node *yaml.Node) {
	if node == nil {
		to.WriteString("nothing")
		return
	}
	if node.Value != "" || node.Style != 0 || len(node.Content) > 0 || node.Anchor != "" {
		fmt.Fprintf(to, "%d:%d ", node.Line, node.Column)
	}
	fmt.Fprintf(to, "kind %d style %d tag %s anchor %s %q", node.Kind, node.Style, node.Tag, node.Anchor, node.Value)
	if node.Alias != nil {
		fmt.Fprintf(to, " alias of %d:%d", node.Alias.Line, node.Alias.Column)
	}
	to.WriteString("(\n")
	for _, child := range node.Content {
		describeNode(to, child)
	}
	to.WriteString(")\n")
}

// checkHalves cuts the text before every line and holds the halves, where they fit, against the whole. It returns how
// often they did.
func checkHalves(t *testing.T, text string) (fitted int) {
	t.Helper()
	root, err := parseStream(strings.NewReader(text))
	var whole strings.Builder
	describeNode(&whole, root)
	for from := range len(text) {
		if from > 0 && text[from-1] != '\n' {
			continue
		}
		_, behind, _ := strings.Cut(text[from:], "\n")
		_, behind, _ = strings.Cut(behind, "\n")
		for _, to := range []int{len(text) - len(behind), len(text)} {
			cut, ok := findCut(text, from, to)
			if !ok {
				continue
			}
			joined := cut.parse(text)
			if joined == nil {
				continue
			}
			fitted++
			if err != nil {
				t.Fatalf("cut at %d, in columns %v: only the halves are sound, not the whole: %v\n%s", cut.at, cut.columns, err, text)
			}
			var halves strings.Builder
			describeNode(&halves, joined)
			if halves.String() != whole.String() {
				a, b := strings.Split(halves.String(), "\n"), strings.Split(whole.String(), "\n")
				for i := range min(len(a), len(b)) {
					if a[i] != b[i] {
						t.Fatalf("cut at %d, in columns %v:\n%s\nhalves: %s\nwhole:  %s", cut.at, cut.columns, text, a[i], b[i])
					}
				}
			}
		}
	}
	return fitted
}

// TestHalves holds documents that are parsed in halves against the same ones parsed as a whole.
func TestHalves(t *testing.T) {
	const generated = 4_000
	fitted := 0
	for _, file := range caseFiles(t) {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		if !bytes.HasPrefix(data, []byte("#!")) {
			fitted += checkHalves(t, decodeText(data))
		}
	}
	for number := range uint64(generated) {
		fitted += checkHalves(t, newGenerator(usualSeed, number).yamlDocument())
	}
	t.Logf("the halves fitted %d times", fitted)
	require.Greater(t, fitted, generated/2, "too few of the halves fit")
}

// TestLargeYAML makes sure that a large inventory is parsed in halves, and comes out as from one piece.
func TestLargeYAML(t *testing.T) {
	text := "# an ordinary one\n---\n" + benchYAML()
	joined := parseHalves(text)
	if runtime.GOMAXPROCS(0) == 1 {
		require.Nil(t, joined)
		return
	}
	require.NotNil(t, joined)
	root, err := parseStream(strings.NewReader(text))
	require.NoError(t, err)
	var halves, whole strings.Builder
	describeNode(&halves, joined)
	describeNode(&whole, root)
	require.True(t, halves.String() == whole.String())

	_, err = parseNodes(text + "@x: 1\n")
	require.Equal(t, 1+strings.Count(text, "\n"), asError(err).Line)
}

// TestHalvesThatFit names what can and what cannot be parsed in halves, wherever the text is cut.
func TestHalvesThatFit(t *testing.T) {
	for name, one := range map[string]struct {
		text string
		fits bool
	}{
		"one map":                       {"a: 1\nb: 2\nc: 3\n", true},
		"maps in maps":                  {"all:\n  hosts:\n    h1:\n      a: 1\n    h2:\n  vars:\n    b: 2\n", true},
		"indented as a whole":           {"  a: 1\n  b: 2\n", true},
		"deeper ones follow":            {"a:\n  b:\n    c: 1\n  d:\n    e: 1\nf: 1\n", true},
		"comments between":              {"a:\n  b: 1\n# c\n\n  c: 2\n", true},
		"a document's beginning":        {"# c\n---\na: 1\nb: 2\n", true},
		"a list as the last value":      {"a:\n- 1\n- 2\nb: 2\n", true},
		"a text of several lines":       {"a: 1\nb:\n  c: |+\n    d\n\n  e: 1\n", true},
		"an open text of several lines": {"a: 'x\n  y\n\n  b: 1\n  c: 2'\n", false},
		"an open list":                  {"a: [x,\n  y: 1,\n  z: 1]\n", false},
		"maps within lists":             {"- a: 1\n  b: 2\n  c: 3\n", false},
		"an anchor from before":         {"a: &a 1\nb: *a\n", false},
		"an anchor from behind":         {"a: 1\nb: &a 1\nc: *a\n", true},
		"an anchor given again":         {"a: &a 1\nb: &a 2\nc: *a\n", false},
		"an anchor on an open map":      {"a: &a\n  b: 1\n  c: 1\n", false},
		"a tag on an open map":          {"a: !x\n  b: 1\n  c: 1\n", false},
		"a question mark":               {"a: 1\n? b\n: c\nd: 1\n", true},
		"a question mark at first":      {"? a\n: b\nc: 1\n", false},
		"the tag ! on an open map":      {"!\n a: 1\nb: 1\n", false},
		"the end of a document":         {"a: 1\nb: 2\n...\nc: 3\n", false},
		"a second document":             {"a: 1\nb: 2\n---\nc: 3\n", false},
		"nothing but an end":            {"...\na: 1\nb: 2\n", false},
		"a directive":                   {"%TAG !! tag:x,2000:\n---\na: 1\nb: !!str 2\n", false},
		"a directive behind a comment":  {"# c\n%TAG !! tag:x,2000:\n---\na: 1\nb: !!str 2\n", false},
		"other ends of lines":           {"a: 1\r\nb: 2\nc: 3\u2028d: 4\n", false},
		"a tab":                         {"a: 1\nb:\tx\n\tc: 1\n", false},
		"a wrong line before":           {"a: 1\nb\nc: 3\n", false},
		"a wrong line behind":           {"a: 1\nb: 2\nc\n", false},
		"a wrong indentation":           {"a:\n    b: 1\n  c: 2\nd: 1\n", false},
		"a key of several lines":        {"a: 1\nb\n c: 2\n", false},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, one.fits, checkHalves(t, one.text) > 0) })
	}
}
