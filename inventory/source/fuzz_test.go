package source

import (
	"bytes"
	stdjson "encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
	"github.com/regal-inventory/regal-inventory/inventory/json"
)

// addCases gives a fuzzer the inventories of testdata/cases whose names end so.
func addCases(f *testing.F, end string) {
	entries, err := os.ReadDir("testdata/cases")
	if err != nil {
		f.Fatal(err)
	}
	for _, entry := range entries {
		if data, err := os.ReadFile(filepath.Join("testdata/cases", entry.Name())); err == nil && strings.HasSuffix(entry.Name(), end) {
			f.Add(data)
		}
	}
}

// checkInventory checks what holds for every inventory, whatever it was read from: groups and hosts know one another, no
// name comes twice, and what is printed is JSON from which the same hosts come back.
func checkInventory(t *testing.T, inv *inventory.Inventory) {
	t.Helper()
	seen := map[string]bool{}
	for _, host := range inv.Hosts() {
		if seen[host.Name] || host.Name == "" || inv.Host(host.Name) != host {
			t.Fatalf("host %q is not once in the inventory", host.Name)
		}
		seen[host.Name] = true
	}
	below := map[*inventory.Group]bool{}
	for _, group := range inv.Groups() {
		for _, child := range group.Children() {
			below[child] = true
		}
	}
	for _, group := range inv.Groups() {
		if group.Name != "all" && !below[group] {
			t.Fatalf("group %q is not below all", group.Name)
		}
		listed := map[*inventory.Host]bool{}
		for _, host := range group.Hosts() {
			if listed[host] || inv.Host(host.Name) != host {
				t.Fatalf("group %q lists host %q wrongly", group.Name, host.Name)
			}
			listed[host] = true
		}
	}
	var text bytes.Buffer
	if err := inv.WriteJSON(&text, nil, false); err != nil {
		if text.Len() > 0 {
			t.Fatal("refused after something was written")
		}
		return
	}
	if !utf8.Valid(text.Bytes()) {
		t.Fatal("no UTF-8")
	}
	again, err := json.Parse(text.String())
	if err != nil {
		t.Fatalf("no JSON: %v\n%s", err, text.String())
	}
	if again.Kind() != inventory.Map || again.KeyAt(0) != "_meta" {
		t.Fatal("no _meta")
	}
	if !bytes.Contains(text.Bytes(), []byte("NaN")) && !stdjson.Valid(text.Bytes()) {
		t.Fatalf("no JSON to others: %s", text.String())
	}
}

// fuzzReader reads the data as a file of that name would be and checks the result.
func fuzzReader(t *testing.T, name string, data []byte) {
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte("plugin")) || bytes.HasPrefix(data, []byte(vaultHeader)) || bytes.HasPrefix(data, []byte("#!")) {
		t.Skip("not for this reader: it would start a program")
	}
	inv, err := Read(t.Context(), []string{file}, Options{ansible: ansible.Of(ansible.Newest)})
	if err != nil {
		if err.Error() == "" {
			t.Fatal("refused without a word")
		}
		return
	}
	checkInventory(t, inv)
}

func FuzzINI(f *testing.F) {
	addCases(f, ".ini")
	f.Fuzz(func(t *testing.T, data []byte) { fuzzReader(t, "hosts.ini", data) })
}

func FuzzYAML(f *testing.F) {
	addCases(f, ".yml")
	f.Fuzz(func(t *testing.T, data []byte) { fuzzReader(t, "hosts.yml", data) })
}
