package json

import (
	"strings"
	"testing"

	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

func FuzzJSON(f *testing.F) {
	f.Add(`{"a": [1, 1.5e3, "x\u00e9\ud800", true, null, NaN], "a": {}}`)
	f.Fuzz(func(t *testing.T, text string) {
		value, err := Parse(python.Decode([]byte(text)))
		if err != nil {
			if err.Line < 1 || err.Column < 1 {
				t.Fatal("an error without a place")
			}
			return
		}
		// What was read is printed so that it reads the same.
		first := printed(t, value)
		again, err := Parse(first)
		if err != nil {
			t.Fatalf("%s: %v", first, err)
		}
		if second := printed(t, again.At(0)); first != second {
			t.Fatalf("%s is not %s", second, first)
		}
	})
}

// printed returns what is printed of a host with the variable v of that value.
func printed(t *testing.T, value inventory.Value) string {
	t.Helper()
	var host inventory.Host
	host.Vars.Set("v", value)
	var text strings.Builder
	if err := host.WriteJSON(&text, false); err != nil {
		t.Skip(err) // a value with what marks texts or objects cannot come from JSON
	}
	return text.String()
}
