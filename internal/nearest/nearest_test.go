package nearest

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestNearest(t *testing.T) {
	for _, test := range []struct {
		name       string
		candidates []string
		want       string
	}{
		{"wbe", []string{"db", "web"}, "web"},
		{"WEB", []string{"wob", "web"}, "web"},
		{"web10", []string{"web1", "web100", "web20"}, "web1"},
		{"databse", []string{"database", "data"}, "database"},
		{"prodution", []string{"production", "prod"}, "production"},
		{"x", []string{"y", "a"}, ""},
		{"ab", []string{"cd", "b"}, ""},
		{"ab", []string{"cd", "abc"}, "abc"},
		{"schedul", []string{"schedule", "seed"}, "schedule"},
		{"staging", []string{"production"}, ""},
		{"été", []string{"ete", "étés"}, "étés"},
		{"web", nil, ""},
		{"", []string{"a"}, ""},
	} {
		assert.Equal(t, test.want, To(test.name, slices.Values(test.candidates)), test.name)
	}
}

// TestNearestHasFewestSlips holds the answer against the definition of the distance.
func TestNearestHasFewestSlips(t *testing.T) {
	word := rapid.StringOfN(rapid.RuneFrom([]rune("abcé")), 0, 8, -1)
	rapid.Check(t, func(t *rapid.T) {
		name := word.Draw(t, "name")
		candidates := rapid.SliceOfN(word, 0, 6).Draw(t, "candidates")
		want, length := "", len([]rune(name))
		fewest := min(1+length/5, 3, length-1) + 1
		for _, candidate := range candidates {
			slips := slipsBetween([]rune(name), []rune(candidate))
			if candidate == name || slips < fewest && slips < len([]rune(candidate)) {
				want, fewest = candidate, slips
			}
		}
		if got := To(name, slices.Values(candidates)); got != want {
			t.Fatalf("%q among %q: %q, not %q", name, candidates, got, want)
		}
	})
}

// slipsBetween is the restricted Damerau-Levenshtein distance by its definition.
func slipsBetween(a, b []rune) int {
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	lastA, lastB := a[:len(a)-1], b[:len(b)-1]
	if a[len(a)-1] == b[len(b)-1] {
		return slipsBetween(lastA, lastB)
	}
	slips := min(slipsBetween(lastA, b), slipsBetween(a, lastB), slipsBetween(lastA, lastB)) + 1
	if len(a) > 1 && len(b) > 1 && a[len(a)-1] == b[len(b)-2] && a[len(a)-2] == b[len(b)-1] {
		slips = min(slips, slipsBetween(a[:len(a)-2], b[:len(b)-2])+1)
	}
	return slips
}
