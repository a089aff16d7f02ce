package yaml

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
	"github.com/regal-inventory/regal-inventory/inventory/internal/asked"
	"github.com/regal-inventory/regal-inventory/inventory/internal/inventorytest"
)

// yamlAnswer is parseText's answer in the form of document.py.
func yamlAnswer(text string, ansible *ansible.InUse) string {
	made, err := parseText(text, dataUse{ansible: ansible, lose: func(int, string) {}, print: true})
	if err != nil {
		return `{"error"`
	}
	var out strings.Builder
	inventorytest.WriteTyped(&out, made.value())
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
func yamlDocument(g inventorytest.Generator) string {
	switch g.IntN(4) {
	case 0:
		return g.Damage(g.YAML(), 60)
	case 1:
		return g.Damage("k: "+g.YAMLFlow(4)+"\n", 60)
	case 2:
		var text strings.Builder
		g.YAMLVars(&text, g.Pick("", "  "))
		return g.Damage(text.String(), 60)
	default:
		var text strings.Builder
		text.WriteString(g.Pick("", "a: ", "- ", "{", "[", "a:\n  "))
		g.Times(1, 8, func() { text.WriteString(g.Pick(yamlPieces...)) })
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
	seed := asked.FromEnv(t, "REGAL_SEED", asked.UsualSeed)
	texts := make([]string, asked.FromEnv(t, "REGAL_YAML", 10_000))
	t.Logf("REGAL_SEED=%d REGAL_YAML=%d", seed, len(texts))
	for i := range texts {
		g := inventorytest.NewGenerator(seed, uint64(i))
		for texts[i] = yamlDocument(g); isBeyondYAML(texts[i]); {
			texts[i] = yamlDocument(g)
		}
	}
	ansible := asked.Installed(t)
	lawful, different := 0, 0
	for i, want := range asked.Python(t, "document.py", texts) {
		if !strings.HasPrefix(want, `{"error"`) {
			lawful++
		}
		if got := yamlAnswer(texts[i], ansible); !inventorytest.SameAnswer(got, want) {
			if different++; different <= 10 {
				_, err := parseText(texts[i], dataUse{ansible: ansible, lose: func(int, string) {}, print: true})
				t.Errorf("%q\n   ours: %.300s %v\nAnsible's: %.300s", texts[i], got, err, want)
			}
		}
	}
	t.Logf("%d lawful, %d different of %d", lawful, different, len(texts))
	require.Zero(t, different, "REGAL_SEED=%d", seed)
}
