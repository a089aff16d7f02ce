package ini

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/asked"
	"github.com/regal-inventory/regal-inventory/inventory/internal/inventorytest"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// literalAnswer is parseLiteral's answer in the form of literal.py.
func literalAnswer(text string) string {
	made, err := parseLiteral(text)
	if err != nil {
		return `{"error"`
	}
	var out strings.Builder
	inventorytest.WriteTyped(&out, made.value)
	return out.String()
}

// A deepening text is one that Ansible refuses at a depth of its own, other than Python's when called by itself.
func TestLiteralTooDeep(t *testing.T) {
	for name, text := range map[string]string{
		"signs":            strings.Repeat("-", 4000) + "1",
		"signs, no number": strings.Repeat("-", 4000) + "foo",
		"signs, no syntax": strings.Repeat("-", 7000) + "foo bar",
		"sum":              strings.Repeat("1+", 4000) + "1",
	} {
		_, err := parseLiteral(text)
		assert.Error(t, err, name)
	}
	for name, text := range map[string]string{
		"signs":            strings.Repeat("-", 2500) + "1",
		"signs, no syntax": strings.Repeat("-", 5000) + "foo bar",
		"sum":              strings.Repeat("1+", 2500) + "1",
		"brackets":         strings.Repeat("[", 201) + strings.Repeat("]", 201),
	} {
		made, err := parseLiteral(text)
		assert.NoError(t, err, name)
		assert.Equal(t, inventory.NewString(text), made.value, name)
	}
}

// TestLiteralRefuses has what Python reads and this does not.
func TestLiteralRefuses(t *testing.T) {
	for _, text := range []string{`'\N{BULLET}'`, `["\\\N{LF}"]`, `{'a': 'x' '\N{nothing}'}`, "ſet()", "{1: ｓｅｔ()}"} {
		_, err := parseLiteral(text)
		assert.Error(t, err, text)
	}
	for _, text := range []string{`r'\N{BULLET}'`, `b'\N{BULLET}'`, `'\\N{BULLET}'`, `'\N{BULLET'`, `\N{BULLET}`, "größe()", "ſet"} {
		_, err := parseLiteral(text)
		assert.NoError(t, err, text)
	}
}

func TestLiteralErrorHoldsNoValue(t *testing.T) {
	_, err := parseLiteral("{['hunter2']: 1}")
	var fault *inventory.Error
	require.ErrorAs(t, err, &fault)
	assert.Equal(t, "Ansible takes it for a Python literal and fails: a list cannot be a dictionary's key or a set's element", fault.Message)
	assert.Equal(t, &inventory.Error{Message: fault.Message}, fault)
}

// TestLiteralAgainstPython holds random literals, whole and broken, against Python's ast.literal_eval. REGAL_LITERALS
// sets how many, REGAL_SEED repeats a run.
func TestLiteralAgainstPython(t *testing.T) {
	count, seed := int(asked.FromEnv(t, "REGAL_LITERALS", 20_000)), asked.FromEnv(t, "REGAL_SEED", 1) // with which there is enough of every kind
	t.Logf("%d literals, REGAL_SEED=%d", count, seed)
	version := ansibletest.VersionInUse(t)
	isUsualPython := version.AtLeast(2, 11) && !version.AtLeast(2, 20)
	writer := literalWriter{rand.New(rand.NewPCG(seed, 0))}
	kinds := map[string]int{}
	for done := 0; done < count; {
		texts := make([]string, min(count-done, 50_000))
		for i := range texts {
			for texts[i] = writer.text(); !isUsualPython && dependsOnPython(texts[i]); {
				texts[i] = writer.text()
			}
		}
		for i, want := range asked.Python(t, "literal.py", texts) {
			got := literalAnswer(texts[i])
			if !inventorytest.SameAnswer(got, want) {
				t.Errorf("%q: %s, but Python says %s", texts[i], got, want)
			}
			kinds[answerKind(texts[i], want)]++
		}
		done += len(texts)
		if t.Failed() {
			return
		}
	}
	t.Log(kinds)
	for _, kind := range []string{"literal", "text", "error"} {
		assert.Greater(t, kinds[kind], count/200, "too few answers of this kind to prove anything: %s", kind)
	}
}

// dependsOnPython tells whether the text may have in it what otherPythons shows.
func dependsOnPython(text string) bool {
	return text != "" && strings.IndexByte(" \t\\", text[0]) >= 0 ||
		strings.ContainsAny(text, "jJ") && strings.Contains(text, "-")
}

func answerKind(text, answer string) string {
	var quoted strings.Builder
	inventorytest.WriteQuoted(&quoted, text)
	switch {
	case strings.HasPrefix(answer, `{"error"`):
		return "error"
	case strings.HasPrefix(answer, `{"beyond"`):
		return "beyond"
	case answer == quoted.String():
		return "text"
	default:
		return "literal"
	}
}

// literalWriter writes random literals and things that look like them.
type literalWriter struct{ *rand.Rand }

func (w literalWriter) pick(from ...string) string { return from[w.IntN(len(from))] }

func (w literalWriter) text() string {
	text := w.expression(3)
	if w.IntN(4) == 0 {
		text = w.pick("", " ", "\t", "\f", "\n", "\\\n", "# c\n", "  ") + text + w.pick("", ",", " # c", "\n", "\f", "\\\n", " \n", "\n#", "\n ", "é", ",1", " ")
	}
	for w.IntN(3) == 0 {
		text = w.broken(text)
	}
	return text
}

// broken deletes, inserts or replaces a character.
func (w literalWriter) broken(text string) string {
	runes := []rune(text)
	at := w.IntN(len(runes) + 1)
	end := min(len(runes), at+w.IntN(2))
	insert := ""
	if w.IntN(3) > 0 {
		insert = w.pick("'", "\"", "\\", "(", ")", "[", "]", "{", "}", ",", ":", "+", "-", ".", "_", "0", "1", "7", "9", "e",
			"j", "x", "o", "b", "u", "r", "f", "N", "a", "#", " ", "\t", "\f", "\n", "\r", "\v", "\x00", "é", "set", "*", "~",
			"\u00a0", "😀", "None", "{[]:1}", "'''", "٣", "ſ", "ª", "·")
	}
	return string(runes[:at]) + insert + string(runes[end:])
}

func (w literalWriter) expression(depth int) string {
	kind := w.IntN(16)
	if depth == 0 {
		kind = w.IntN(9)
	}
	switch kind {
	case 0, 1, 2:
		return w.number()
	case 3, 4, 5:
		return w.string()
	case 6:
		return w.pick("None", "True", "False", "...", "set()", "set ( )", "[]", "{}", "()", "(set)()")
	case 7:
		return w.pick("foo", "set", "é", "web01", "/opt", "10.0.0.1", "true", "if", "2024-01-15", "a.b", "*a", "f()", "x y")
	case 8:
		return w.pick("-", "+", "- ", "--", "-+", "~", "not ") + w.number()
	case 9:
		return w.number() + w.pick("+", "-", " + ", "- ") + w.number()
	case 10:
		return "(" + w.space() + w.expression(depth-1) + w.space() + ")"
	case 11:
		return "(" + w.elements(depth) + ")"
	case 12:
		return "[" + w.elements(depth) + "]"
	case 13:
		return "{" + w.elements(depth) + "}"
	default:
		return "{" + w.pairs(depth) + "}"
	}
}

func (w literalWriter) space() string {
	return w.pick("", "", "", "", "", " ", " ", "\t", "\f", "\n", "\\\n", "#c\n")
}

func (w literalWriter) elements(depth int) string {
	var text strings.Builder
	for range w.IntN(4) {
		text.WriteString(w.space() + w.expression(depth-1) + w.space() + w.pick(",", ",", ",", ", ", ", ", "", ",,"))
	}
	return text.String()
}

func (w literalWriter) pairs(depth int) string {
	var text strings.Builder
	for range w.IntN(4) {
		key := w.expression(min(depth-1, w.IntN(2)))
		if w.IntN(3) == 0 {
			key = w.pick("1", "True", "1.0", "'1'", "b'1'", "(1,)", "(1.0,)", "(True,)", "1+0j", "None", "'None'", "0", "-0.0", "False", "(1,'1')")
		}
		text.WriteString(w.space() + key + w.space() + ":" + w.expression(depth-1) + w.pick(",", ",", ", ", ""))
	}
	return text.String()
}

func (w literalWriter) number() string {
	switch w.IntN(6) {
	case 0:
		return strconv.Itoa(w.IntN(4))
	case 1:
		return strconv.FormatUint(w.Uint64(), 10) + w.pick("", "", "0000000000", ".0", "e5", "j")
	case 2:
		return python.FloatText(math.Float64frombits(w.Uint64()&^(1<<63))) + w.pick("", "", "j")
	case 3:
		return w.pick("0x", "0o", "0b", "0X", "0B", "0O") + w.pick("", "_") + w.pick("1", "0", "101", "17", "ff", "1_0", "DEADBEEF", "deadbeefdeadbeefdeadbeef", "fe_", "g", "0", "8", "")
	case 4:
		return w.pick("0", "00", "07", "0_0", "1_000", "1__0", "1_", "09", "12", "") + w.pick("", ".", ".5", ".5_0", "._5", ".0") + w.pick("", "e5", "e-5", "E+1_0", "e", "e400", "e-400", "e15", "e16", "e-4") + w.pick("", "", "j", "J", "l", "if")
	default:
		return w.pick("1e400", "0j", "1j", "0.0", "1e22", "10000000000000000000000", "0777", "0b12", "1.", ".5", "1e16", "1e15", "0.0001", "0.00001")
	}
}

func (w literalWriter) string() string {
	quote := w.pick("'", "'", "\"", "'''", `"""`)
	var text strings.Builder
	text.WriteString(w.pick("", "", "", "", "u", "b", "r", "rb", "Br", "B", "R", "U", "ur", "f", "bb") + quote)
	for range w.IntN(5) {
		text.WriteString(w.pick("a", "b", "1", " ", "é", "中", "😀", "\\n", "\\\\", "\\'", "\\\"", "'", "\"", "\\x41", "\\xe9", "\\x4",
			"\\u4e2d", "\\ud83d", "\\ude00", "\\u12", "\\U0001F600", "\\U00110000", "\\7", "\\07", "\\777", "\\400", "\\8", "\\é",
			"\\q", "\\\n", "\\N", "\t", "\\t", "\\0", "\\x00", "\\x7f", "\\xad", "\\u00a0", "#",
			"\u00a0", "\u200b", "\\xc3\\xa9", "\\xed\\xa0\\x80", "\\xff", "{}", "\\a\\b\\f\\v\\r"))
	}
	text.WriteString(quote)
	if w.IntN(8) == 0 {
		text.WriteString(w.pick("", " ", "\t") + w.string())
	}
	return text.String()
}

// FuzzLiteral: whatever the bytes, no panic; and what a Value prints as Python's literal reads back as that value.
func FuzzLiteral(f *testing.F) {
	for _, row := range literalTable {
		f.Add(row.text)
	}
	f.Fuzz(func(t *testing.T, data string) {
		text := python.Decode([]byte(data))
		made, err := parseLiteral(text)
		if err != nil {
			assert.Equal(t, literal{}, made)
			return
		}
		again, err := parseLiteral(" \t" + text)
		require.NoError(t, err)
		if made.lossy() == nil && made.value.Kind() == inventory.String && made.value.Text() == text {
			assert.Equal(t, " \t"+text, again.value.Text(), "white space before a text is a part of it")
			return
		}
		assert.Equal(t, made, again, "white space before a literal is not")
		quoted, err := parseLiteral(pythonLiteral(made.value))
		require.NoError(t, err)
		// pythonLiteral writes numbers as Python prints them, inf as 1e999, and all as JSON would have it.
		assert.Truef(t, made.value.WithoutTemplates().Equals(quoted.value.WithoutTemplates()), "%v, but read back %v", made.value, quoted.value)
	})
}

// pythonLiteral writes a value as Python would.
func pythonLiteral(v inventory.Value) string {
	switch v.Kind() {
	case inventory.String, inventory.Unsafe:
		return string(python.AppendStringRepr(nil, v.Text()))
	case inventory.Float:
		return strings.Replace(v.Text(), "inf", "1e999", 1)
	case inventory.List, inventory.Map:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = pythonLiteral(v.At(i))
			if v.Kind() == inventory.Map {
				parts[i] = pythonLiteral(inventory.NewString(v.KeyAt(i))) + ":" + parts[i]
			}
		}
		if v.Kind() == inventory.Map {
			return "{" + strings.Join(parts, ",") + "}"
		}
		return "[" + strings.Join(parts, ",") + "]"
	default:
		return v.Text()
	}
}

func BenchmarkLiteral(b *testing.B) {
	for name, text := range map[string]string{
		"word": "web01", "path": "/opt/x", "true": "true", "prefix": "ubuntu", "int": "22", "address": "10.0.0.1",
		"date": "2024-01-15", "float": "1.5", "string": "'a b'", "list": "['a', 'b', 3]", "dict": "{'a': 1, 'b': [2]}",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = parseLiteral(text)
			}
		})
	}
}

// TestLiteralAllocations keeps a million plain values cheap.
func TestLiteralAllocations(t *testing.T) {
	for _, text := range []string{"web01", "/opt/x", "true", "ubuntu", "22", "10.0.0.1", "2024-01-15", "True", "'a b'", "-Xmx512m -Dx", "::1"} {
		assert.Zero(t, testing.AllocsPerRun(10, func() { _, _ = parseLiteral(text) }), text)
	}
}
