package inventory

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
)

// yamlAnswer is parseYAML's answer in the form of document.py.
func yamlAnswer(text string, ansible *ansibleInUse) string {
	value, err := parseYAML(text, dataUse{ansible: ansible, lose: func(int, string) {}, print: true})
	if err != nil {
		return `{"error"`
	}
	var out strings.Builder
	writeTyped(&out, value)
	return out.String()
}

// yamlPieces are what soup is made of.
var yamlPieces = []string{
	"a", "b", "key", "1", "1.5", "true", "~", "", "'q'", `"d"`, `"\x41"`, `"a\
  b"`, "'a\n  b'", "x y", "a#b", "a:b", "a?b", "?", "-", ":", ": ", "- ", "? ", ",", ", ", "[", "]", "{", "}", "[]", "{}", "\n", "\n", "\n  ", "\n    ", "\n\n", "\t", " ", "  ",
	"# c", " # c\n", "|\n", ">\n", "|-\n  ", ">+\n  ", "|2\n", "&a ", "*a", "&b ", "*b ", "!!str ", "!!int ", "!x ", "! ", "!!map ", "!!seq ", "!!str", "!unsafe ", "<<: ", "<<: *a", "---\n", "...\n", "%YAML 1.1\n",
	"é", "\u2028", "\u0085", "\u00a0", "@", "`", "%", "=", "<<", "http://h/?a=1", "it's", `say "x"`, "a,b", "a]b", "10:20", "2001-01-01", "\\", `"\/"`, "\u0007", "\U0001F600",
}

// yamlDocument writes a document that may be lawful.
func yamlDocument(g generator) string {
	switch g.IntN(4) {
	case 0:
		return g.damage(g.yaml(), 60)
	case 1:
		return g.damage("k: "+g.yamlFlow(4)+"\n", 60)
	case 2:
		var text strings.Builder
		g.yamlVars(&text, g.pick("", "  "))
		return g.damage(text.String(), 60)
	default:
		var text strings.Builder
		text.WriteString(g.pick("", "a: ", "- ", "{", "[", "a:\n  "))
		g.times(1, 8, func() { text.WriteString(g.pick(yamlPieces...)) })
		return text.String()
	}
}

// isBeyondYAML tells whether the text has what is known to come out otherwise than from libyaml: a question mark that may
// begin a further line of a plain scalar, a byte order mark within the text, or the escape \' which libyaml refuses.
func isBeyondYAML(text string) bool {
	return regexp.MustCompile("[\r\n\u0085\u2028][ \t]*\\?").MatchString(text) || strings.LastIndex(text, "\ufeff") > 0 ||
		strings.Contains(text, `\'`)
}

// TestYAMLAgainstLoader holds generated documents against Ansible's own loader. REGAL_YAML sets how many, REGAL_SEED which.
func TestYAMLAgainstLoader(t *testing.T) {
	ansibletest.Python(t)
	seed := fromEnv(t, "REGAL_SEED", usualSeed)
	texts := make([]string, fromEnv(t, "REGAL_YAML", 10_000))
	t.Logf("REGAL_SEED=%d REGAL_YAML=%d", seed, len(texts))
	for i := range texts {
		g := newGenerator(seed, uint64(i))
		for texts[i] = yamlDocument(g); isBeyondYAML(texts[i]); {
			texts[i] = yamlDocument(g)
		}
	}
	ansible := installed(t)
	lawful, different := 0, 0
	for i, want := range askPython(t, "document.py", texts) {
		if !strings.HasPrefix(want, `{"error"`) {
			lawful++
		}
		if got := yamlAnswer(texts[i], ansible); !sameAnswer(got, want) {
			if different++; different <= 10 {
				_, err := parseYAML(texts[i], dataUse{ansible: ansible, lose: func(int, string) {}, print: true})
				t.Errorf("%q\n   ours: %.300s %v\nAnsible's: %.300s", texts[i], got, err, want)
			}
		}
	}
	t.Logf("%d lawful, %d different of %d", lawful, different, len(texts))
	require.Zero(t, different, "REGAL_SEED=%d", seed)
}
