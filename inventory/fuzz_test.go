package inventory

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
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
func checkInventory(t *testing.T, inv *Inventory) {
	t.Helper()
	seen := map[string]bool{}
	for _, host := range inv.Hosts() {
		if seen[host.Name] || host.Name == "" || inv.Host(host.Name) != host {
			t.Fatalf("host %q is not once in the inventory", host.Name)
		}
		seen[host.Name] = true
	}
	for _, group := range inv.Groups() {
		if group.Name != groupAll && len(group.parents) == 0 {
			t.Fatalf("group %q is not below all", group.Name)
		}
		listed := map[*Host]bool{}
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
	again, err := parseJSON(text.String())
	if err != nil {
		t.Fatalf("no JSON: %v\n%s", err, text.String())
	}
	if again.kind != Map || again.body.keys[0] != metaKey {
		t.Fatal("no _meta")
	}
	if !bytes.Contains(text.Bytes(), []byte("NaN")) && !json.Valid(text.Bytes()) {
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
	inv, err := Read([]string{file}, Options{ansible: ansibleOf(newestAnsible)})
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

func FuzzJSON(f *testing.F) {
	f.Add(`{"a": [1, 1.5e3, "x\u00e9\ud800", true, null, NaN], "a": {}}`)
	f.Fuzz(func(t *testing.T, text string) {
		value, err := parseJSON(decodeText([]byte(text)))
		if err != nil {
			if err.Line < 1 || err.Column < 1 {
				t.Fatal("an error without a place")
			}
			return
		}
		// What was read is printed so that it reads the same.
		w := jsonWriter{}
		w.value(value)
		again, err := parseJSON(string(w.buf))
		if err != nil {
			t.Fatalf("%s: %v", w.buf, err)
		}
		second := jsonWriter{}
		second.value(again)
		if !bytes.Equal(w.buf, second.buf) {
			t.Fatalf("%s is not %s", second.buf, w.buf)
		}
	})
}

func FuzzWords(f *testing.F) {
	f.Add(`h1 a="x y" b='#' c=\ d # e`)
	f.Fuzz(func(t *testing.T, line string) {
		words, err := splitWords(line, nil)
		if err != nil {
			return
		}
		last := -1
		for _, word := range words {
			if word.at <= last || word.at >= len(line) || isBlank(line[word.at]) {
				t.Fatalf("a word of %q begins at %d", line, word.at)
			}
			last = word.at
		}
	})
}

func FuzzRanges(f *testing.F) {
	f.Add("h[01:20:3]-[a:c].x")
	f.Fuzz(func(t *testing.T, pattern string) {
		const room = 1000
		names, err := expandRanges(pattern, room)
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

func FuzzTarget(f *testing.F) {
	for _, target := range []string{"web:!h1", "all:&db", "h[1:3]", "web[0:1]", "~h\\d+", "h*", "[::1]", "web,db", "web[-1]", "!h2", "*:&w?b"} {
		f.Add(target)
	}
	inv := New()
	for i, name := range []string{"h1", "h2", "h3", "::1", "web-1"} {
		group := inv.addGroup([]string{"web", "db"}[i%2])
		if _, err := inv.AddHost(name, group, Value{}); err != nil {
			f.Fatal(err)
		}
	}
	if err := inv.Reconcile(); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, target string) {
		hosts, err := inv.Select(target)
		if err != nil {
			if err.Error() == "" || hosts != nil {
				t.Fatal("refused without a word, or with hosts")
			}
			return
		}
		seen := map[*Host]bool{}
		for _, host := range hosts {
			if seen[host] || inv.Host(host.Name) != host {
				t.Fatalf("%q selects %q wrongly", target, host.Name)
			}
			seen[host] = true
		}
	})
}
