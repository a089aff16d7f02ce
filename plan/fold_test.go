package plan

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/regal-inventory/regal-inventory/inventory"
)

func TestFold(t *testing.T) {
	for _, test := range []struct{ name, names, want string }{
		{"padded", "web01.example.com web02.example.com web03.example.com", "web[01:03].example.com"},
		{"past ten", "web9 web10 web11", "web[9:11]"},
		{"past a hundred", "n099 n100", "n[099:100]"},
		{"other padding", "web1 web02", "web1 web02"},
		{"falling", "web10 web9 web8", "web[10:8]"},
		{"falling, padded", "web10 web09 web08", "web[10:08]"},
		{"a falling pair", "web10 web09", "web10 web09"},
		{"turning", "a1 a2 a1", "a[1:2] a1"},
		{"gap", "a1 a2 a4", "a[1:2] a4"},
		{"number in the middle", "a1b7 a2b7 a2b8", "a[1:2]b7 a2b8"},
		{"two numbers differ", "a1b1 a2b2", "a1b1 a2b2"},
		{"addresses", "10.0.0.9 10.0.0.10", "10.0.0.[9:10]"},
		{"twice the same", "a1 a1", "a1 a1"},
		{"only a number", "7 8", "[7:8]"},
		{"brackets", "a[1] a[2]", `a\[[1:2]]`},
		{"too long a number", "a1234567890123456789 a1234567890123456790", "a1234567890123456789 a1234567890123456790"},
		{"Chinese", "主机1 主机2", "主机[1:2]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, strings.Fields(test.want), fold(strings.Fields(test.names)))
		})
	}
}

// What fold writes says exactly which names it was given, in their order.
func TestFoldIsReversible(t *testing.T) {
	name := rapid.Custom(func(t *rapid.T) string {
		if rapid.IntRange(0, 9).Draw(t, "kind") == 0 {
			return rapid.String().Draw(t, "any")
		}
		width, number := rapid.IntRange(1, 3).Draw(t, "width"), rapid.IntRange(0, 12).Draw(t, "number")
		prefix := rapid.SampledFrom([]string{"", "a", "a1-", "[", `\`, "a[1:2]", "0"}).Draw(t, "prefix")
		suffix := rapid.SampledFrom([]string{"", ".example.com", "]", "b2"}).Draw(t, "suffix")
		return fmt.Sprintf("%s%0*d%s", prefix, width, number, suffix)
	})
	rapid.Check(t, func(t *rapid.T) {
		var names []string
		for _, first := range rapid.SliceOf(name).Draw(t, "names") {
			names = append(names, following(first, rapid.IntRange(-3, 12).Draw(t, "more"))...)
		}
		var want []string
		for _, one := range names {
			want = append(want, escape(one))
		}
		require.Equal(t, want, expand(fold(names)))
	})
}

func TestFoldShortens(t *testing.T) {
	assert.Equal(t, []string{"web[00000:09999].example.com"}, fold(inventory.HostNames(hosts("web%05d.example.com", 0, 10_000))))
}

func TestFoldTrimmed(t *testing.T) {
	var turns, mixed []string
	for i := range 30 {
		turns = append(turns, fmt.Sprintf("web-%d.%s.example.com", i/3+1, []string{"ams", "fra", "lhr"}[i%3]))
		mixed = append(mixed, fmt.Sprintf("%c.example.com", 'z'-i%26))
	}
	for _, test := range []struct {
		name  string
		names []string
		want  string
	}{
		{"short, in its order", []string{"web2.example.com", "db.example.com", "web1.example.com"}, "web2 db web1"},
		{"in turn from three domains", turns, "web-[1:10].ams web-[1:10].fra web-[1:10].lhr"},
		{"long without a better order", mixed[:13], "z y x w v u t s r q p o n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, strings.Fields(test.want), foldTrimmed(named(test.names...), ".example.com"))
		})
	}
}

// following returns name and the names with the numbers after (or, for a negative count, before) its last one.
func following(name string, count int) []string {
	end := strings.LastIndexAny(name, "0123456789") + 1
	start := end
	for start > 0 && isDigit(name[start-1]) {
		start--
	}
	value, err := strconv.Atoi(name[start:end])
	if err != nil {
		return []string{name}
	}
	names := []string{name}
	for ; count > 0; count-- {
		value++
		names = append(names, fmt.Sprintf("%s%0*d%s", name[:start], end-start, value, name[end:]))
	}
	for ; count < 0 && value > 0; count++ {
		value--
		names = append(names, fmt.Sprintf("%s%0*d%s", name[:start], end-start, value, name[end:]))
	}
	return names
}

// expand is the reverse of fold, but for what escape does.
func expand(folded []string) []string {
	var names []string
	for _, text := range folded {
		names = append(names, expandOne(text)...)
	}
	return names
}

func expandOne(text string) []string {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '[':
			end := i + strings.IndexByte(text[i:], ']')
			first, last, _ := strings.Cut(text[i+1:end], ":")
			return between(plainBracket(text[:i]), first, last, plainBracket(text[end+1:]))
		}
	}
	return []string{plainBracket(text)}
}

func between(prefix, first, last, suffix string) []string {
	from, _ := strconv.Atoi(first)
	to, _ := strconv.Atoi(last)
	width, step := len(first), 1
	if to < from {
		width, step = len(last), -1
	}
	var names []string
	for number := from; number != to+step; number += step {
		names = append(names, fmt.Sprintf("%s%0*d%s", prefix, width, number, suffix))
	}
	return names
}

// plainBracket takes back what fold does with brackets and leaves the other escapes.
func plainBracket(text string) string {
	var plain strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			if text[i+1] != '[' {
				plain.WriteByte('\\')
			}
			i++
		}
		plain.WriteByte(text[i])
	}
	return plain.String()
}
