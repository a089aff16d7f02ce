package address

import (
	"strings"
	"testing"
)

func FuzzRanges(f *testing.F) {
	f.Add("h[01:20:3]-[a:c].x")
	f.Fuzz(func(t *testing.T, pattern string) {
		const room = 1000
		names, err := Expand(pattern, room)
		if err == nil && len(names) > room {
			t.Fatalf("%d hosts", len(names))
		}
		for _, name := range names {
			if strings.Contains(name, "[") {
				t.Fatalf("%q is left of %q", name, pattern)
			}
		}
	})
}
