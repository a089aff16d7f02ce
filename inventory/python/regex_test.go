package python_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dlclark/regexp2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/inventory/internal/asked"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// A matchQuestion asks which of the names a pattern matches; the answer is null if the pattern is invalid.
type matchQuestion struct {
	Pattern []rune   `json:"pattern"`
	Names   [][]rune `json:"names"`
}

var nameParts = []string{
	"a", "b", "A", "Z", "web", "db", "1", "12", "-", "_", ".", "x", "\n", " ", "é", "É", "中", "٣", "\xed\xb2\x80", "]", "[",
	"^", "!", "\\", "&", "|", "~", "*", "\U0001F600",
	"\u0301", "½", "²", "‿",
}

func randomMatchQuestion(pattern, name func() string) matchQuestion {
	question := matchQuestion{Pattern: python.Runes(pattern())}
	for range 12 {
		question.Names = append(question.Names, python.Runes(name()))
	}
	return question
}

// fixedQuestions ask of each pattern which of the names it matches.
func fixedQuestions(names []string, patterns ...string) []matchQuestion {
	var questions []matchQuestion
	for _, pattern := range patterns {
		question := matchQuestion{Pattern: python.Runes(pattern)}
		for _, name := range names {
			question.Names = append(question.Names, python.Runes(name))
		}
		questions = append(questions, question)
	}
	return questions
}

// someOf returns a few of the parts, so that texts made of them have something in common.
func someOf(random *rand.Rand, parts []string, count int) []string {
	some := make([]string, count)
	for i := range some {
		some[i] = parts[random.IntN(len(parts))]
	}
	return some
}

func TestGlobsAsFnmatch(t *testing.T) {
	parts := append([]string{
		"*", "*", "?", "[", "[", "]", "]", "!", "-", "-", "[!", "[^", "[a-z]", "[!a-c]", "[]", "[]-a]", "[z-a]", "[a-]", "[--a]",
		"[b-a!", "[!b-a^", "&&", "||", "~~", "--", "[[", "c", "y", "0",
	}, nameParts...)
	rounds, random := asked.Rounds(t, 6_000)
	var questions []matchQuestion
	for range rounds {
		common := someOf(random, nameParts, 2)
		questions = append(questions, randomMatchQuestion(
			func() string {
				return asked.RandomText(random, append(someOf(random, parts, 6), append(common, "*", "?")...), 6)
			},
			func() string { return asked.RandomText(random, append(someOf(random, nameParts, 1), common...), 4) }))
	}
	matched := 0
	for i, want := range asked.Targets[matchQuestion, *[]int](t, "glob", questions) {
		pattern, ok := python.CompileGlob(asked.FromRunes(questions[i].Pattern))
		if !assert.Equal(t, want != nil, ok, "%q", string(questions[i].Pattern)) || want == nil {
			continue
		}
		got := []int{}
		for at, name := range questions[i].Names {
			if pattern.Match(asked.FromRunes(name)) {
				got = append(got, at)
				matched++
			}
		}
		assert.Equal(t, *want, got, "%q on %q", string(questions[i].Pattern), questions[i].Names)
	}
	assert.Greater(t, matched, rounds/4, "too few of the globs match")
}

func TestGlobNeedsNoLongTime(t *testing.T) {
	pattern, ok := python.CompileGlob(strings.Repeat("*a", 2_000) + "*b")
	require.True(t, ok)
	assert.False(t, pattern.Match(strings.Repeat("a", 4_000)))
}

// TestRegexesIgnoringCase asks of letters whose case is odd, alone, in classes and in ranges: ſ and s are one to Python, and so
// are ı, i and I, but not ß and ss.
func TestRegexesIgnoringCase(t *testing.T) {
	letters := []string{
		"s", "S", "ſ", "i", "I", "İ", "ı", "k", "K", "\u212A", "ß", "ẞ", "µ", "μ", "Μ", "σ", "ς", "Σ", "Å", "å", "\u212B", "ǆ", "ǅ", "Ǆ", "ΐ", "\u1FD3",
		"\u03B0", "\u1FE3", "ﬅ", "ﬆ", "θ", "ϑ", "ϴ", "Θ", "в", "ᲀ", "В", "ꙋ", "ᲈ", "Ꙋ", "\u0345", "ι", "Ι", "ι", "é", "É", "Ⓐ", "ⓐ", "Ⅷ", "ⅷ",
		"\U00010400", "\U00010428", "\U000118A0", "\U000118C0", "\U0001F600", "1", "-", "_",
	}
	parts := append([]string{"(?:", ")", "(", ")", "|", "*", "?", "+", "{2}", ".", `\w`, `\W`, `\b`, `\1`, `\x53`, `\111`, "[a-z]", "[A-Z]", "[^a-z]",
		"[A-Za-z]", "[À-ÿ]", "[\u1c80-\u1c88]", "[ſ]", "[^ſ]", "[İı]", "[^S]", `[\Ws]`, `[^\WK]`, "[\U00010400-\U00010427]", "[\U00010400]", "[k-\U00010428]",
		"[0-9]", "(?-i:", "(?i:", "(?s-i:", "(?i:s)",
	}, letters...)
	rounds, random := asked.Rounds(t, 6_000)
	var questions []matchQuestion
	for _, letter := range letters {
		questions = append(questions, fixedQuestions(letters, "(?i)"+letter, "(?i)["+letter+"]", "(?i)[^"+letter+"]", "(?ai)"+letter, "(?ai)["+letter+"]",
			"(?i)("+letter+")?"+letter)...)
	}
	for range rounds {
		start := []string{"(?i)", "(?i)", "(?i)", "(?ai)", "(?a)", ""}[random.IntN(6)]
		questions = append(questions, randomMatchQuestion(
			func() string { return start + asked.RandomText(random, parts, 5) },
			func() string { return asked.RandomText(random, letters, 3) }))
	}
	compareRegexes(t, questions, rounds)
}

func TestRegexesAsPythons(t *testing.T) {
	parts := append([]string{
		"(", "(", ")", ")", "(?:", "(?P<n>", "(?P<m>", "(?P=n)", `\1`, `\2`, `\10`, `\012`, `\101`, `\400`, `\8`, "(?=", "(?!",
		"(?<=", "(?<!", "(?=a)*+", "(?!b)++", "(?<=a)?+", "(?=(a))*+", "(?=a)+", "(?!a)*", "(?>", "(?(1)", "(?(n)", "(?i)", "(?s)", "(?m)", "(?x)", "(?a)", "(?u)", "(?i:", "(?-i:", "(?a:", "(?sm-i:",
		"(?ix)", "(?au)", "(?#c)", "|", "|", "*", "+", "?", "??", "*?", "+?", "*+", "?+", "++", "{2}", "{,2}", "{1,}", "{,}", "{}", "{",
		"{3,1}", "{2}+", "{2,3}?", ".", ".", "^", "$", `\A`, `\Z`, `\b`, `\B`, `\d`, `\D`, `\s`, `\S`, `\w`, `\W`, `\w`, "[ab]", "[^a]",
		`[\w.]`, `[^\W]`, `[a\W]`, `[^\D1]`, "[a-c]", "[c-a]", `[\d-x]`, "[]a]", "[^]a]", "[a-]", "[", "]", `[\b]`, `[\x61]`, `[\101]`,
		`\x61`, `\x6`, `\u0061`, `\U00000061`, `\U00110000`, `\n`, `\q`, `\.`, `\-`, "#", " ", "a", "b", "1", "e", "$", "&", "~", "'",
		`\Zx`, `\`, "(?L)", "(?z)", "(?P>", "(?<n>", "(?", "(?-x)", "(?i-i:", "(?-:", `(?i\m)`, `\g`, "(?(2)", "(?(0)", "(?( 1)", "(a)", "(b)?",
		"(?P<n>a)", `(?<=a)`, `(?<=a|b)`, `(?<=a*)`, `(?<=(a)\1)`, `(?<=\1)`, `\N{`, `\N{x}`,
	}, nameParts...)
	rounds, random := asked.Rounds(t, 6_000)
	questions := fixedQuestions([]string{"aba", "abb", "ab", "a", "b", "a\u0301", "‿", "½", "²", "a\n", "٣"},
		`(?P<n>a)(b)\1`, `(?P<n>a)(b)\2`, `(a)(?P<n>b)\1`, `(a)?(?(1)b|a)`, `(a)(?(2)b)`, `\w\w$`, `\w$`, `\W$`, `a\b.`, `a\B`, `[\W]$`,
		`[^\W]$`, `a$`, `a\Z`, `(?a)\w`, `(?a)\d`, `\d`, `^^a`, `a{,2}b`, `a{1,}+b`, `(?i)AB`, `(?i:A)B`, `(?x) a # c`, `(?<=a)b`, `a(?<=a)b`,
		`(?a)(?u)a`, `(?u)(?a)a`, `(?a)(?a)\w\W`, `(?u)(?u)\w\w`, `(?a)(?u:a)b`)
	for range rounds {
		common := someOf(random, nameParts, 2)
		questions = append(questions, randomMatchQuestion(
			func() string {
				return asked.RandomText(random, append(someOf(random, parts, 8), append(common, ".")...), 7)
			},
			func() string { return asked.RandomText(random, append(someOf(random, nameParts, 1), common...), 4) }))
	}
	compareRegexes(t, questions, rounds)
}

// compareRegexes holds translated expressions against Python. What is refused for a reason of our own counts as nothing.
func compareRegexes(t *testing.T, questions []matchQuestion, rounds int) {
	t.Helper()
	valid, matched := 0, 0
	for i, answer := range asked.Targets[matchQuestion, json.RawMessage](t, "regex", questions) {
		if string(answer) == `"slow"` {
			continue
		}
		pattern := asked.FromRunes(questions[i].Pattern)
		code, err := python.TranslateRegex(pattern)
		if err != nil && strings.Contains(err.Error(), "is not supported") {
			continue
		}
		if !assert.Equal(t, string(answer) == "null", err != nil, "%q: %v", pattern, err) || err != nil {
			continue
		}
		valid++
		compiled, err := regexp2.Compile(code, regexp2.None)
		if !assert.NoError(t, err, "%q became %q", pattern, code) {
			continue
		}
		var want []int
		require.NoError(t, json.NewDecoder(bytes.NewReader(answer)).Decode(&want))
		got := []int{}
		for at, name := range questions[i].Names {
			matches, err := compiled.MatchRunes(name)
			require.NoError(t, err)
			if matches {
				got = append(got, at)
				matched++
			}
		}
		assert.Equal(t, want, got, "%q became %q on %q", pattern, code, questions[i].Names)
	}
	assert.Greater(t, valid, rounds/10, "too few of the expressions are valid")
	assert.Greater(t, matched, rounds/10, "too few of the expressions match")
}

// TestRegexesRefused holds what is refused though Python has a meaning for it.
func TestRegexesRefused(t *testing.T) {
	for pattern, want := range map[string]string{
		"(?i)\U00010400":             "a letter with cases, or a range, beyond U+FFFF is not supported where case is ignored",
		"(?i)[a\U00010400]":          "a letter with cases, or a range, beyond U+FFFF is not supported where case is ignored",
		"(?i:[a-\U00010400])":        "a letter with cases, or a range, beyond U+FFFF is not supported where case is ignored",
		`(?ai)(a)\1`:                 "a reference to a group is not supported where case is ignored, and in ASCII alone",
		"(?:ab)++":                   "a quantifier that gives nothing back is not supported behind a group",
		"(?<=a)?+":                   "a quantifier that gives nothing back is not supported behind a group",
		"(?i)\U0001F600[\U0001F600]": "",
		"[a-\U00010400]\U00010400":   "",
		`(?i)(a)\1`:                  "",
		"a++[ab]*+.?+":               "",
		"(?:ab)+?c+":                 "",
	} {
		_, err := python.TranslateRegex(pattern)
		if want == "" {
			assert.NoError(t, err, pattern)
		} else {
			assert.EqualError(t, err, want, pattern)
		}
	}
}
