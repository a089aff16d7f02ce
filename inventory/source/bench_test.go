package source

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// benchHosts is the size of the inventories that the benchmarks read.
const benchHosts = 100_000

// benchINI returns an ordinary INI inventory: four variables a host, groups of a thousand, one parent.
func benchINI() string {
	var text strings.Builder
	for host := range benchHosts {
		if host%1000 == 0 {
			fmt.Fprintf(&text, "[web%d]\n", host/1000)
		}
		fmt.Fprintf(&text, "web%06d.example.com ansible_host=10.%d.%d.%d ansible_port=22 rack=r%d weight=1.5\n",
			host, host>>16&255, host>>8&255, host&255, host%40)
	}
	text.WriteString("[prod:children]\n")
	for group := range benchHosts / 1000 {
		fmt.Fprintf(&text, "web%d\n", group)
	}
	return text.String()
}

// benchYAML returns the same inventory in YAML.
func benchYAML() string {
	var text strings.Builder
	text.WriteString("prod:\n  children:\n")
	for host := range benchHosts {
		if host%1000 == 0 {
			fmt.Fprintf(&text, "    web%d:\n      hosts:\n", host/1000)
		}
		fmt.Fprintf(&text, "        web%06d.example.com:\n          ansible_host: 10.%d.%d.%d\n          ansible_port: 22\n          rack: r%d\n          weight: 1.5\n",
			host, host>>16&255, host>>8&255, host&255, host%40)
	}
	return text.String()
}

func benchFile(b *testing.B, name, text string) string {
	file := filepath.Join(b.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	return file
}

func benchmarkRead(b *testing.B, name, text string) {
	file := benchFile(b, name, text)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(b.Context(), []string{file}, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadINI(b *testing.B)  { benchmarkRead(b, "hosts.ini", benchINI()) }
func BenchmarkReadYAML(b *testing.B) { benchmarkRead(b, "hosts.yml", benchYAML()) }

func BenchmarkSelect(b *testing.B) {
	inv, err := Read(b.Context(), []string{benchFile(b, "hosts.ini", benchINI())}, Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := inv.Select("prod:!web7"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteJSON(b *testing.B) {
	inv, err := Read(b.Context(), []string{benchFile(b, "hosts.ini", benchINI())}, Options{})
	if err != nil {
		b.Fatal(err)
	}
	extra := []inventory.ExtraGroup{{Name: "v_canary", Hosts: inv.Group("all").AllHosts()}}
	b.ReportAllocs()
	for b.Loop() {
		if err := inv.WriteJSON(io.Discard, extra, false); err != nil {
			b.Fatal(err)
		}
	}
}
