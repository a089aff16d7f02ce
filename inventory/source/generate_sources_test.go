package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/inventory/internal/inventorytest"
)

// sourceGenerator makes random sets of sources in a folder.
type sourceGenerator struct {
	inventorytest.Generator
	t      *testing.T
	folder string
	number int // of files made so far
}

// sources makes a few sources and returns their names relative to the folder.
func (g *sourceGenerator) sources() []string {
	var names []string
	g.Times(1, 3, func() {
		switch g.IntN(8) {
		case 0:
			names = append(names, g.hostList())
		case 1, 2, 3:
			names = append(names, g.directory("", 2))
		case 4:
			names = append(names, g.program(""))
		default:
			names = append(names, g.file(""))
		}
	})
	return names
}

func (g *sourceGenerator) write(name, text string, mode os.FileMode) {
	require.NoError(g.t, os.WriteFile(filepath.Join(g.folder, name), []byte(text), mode))
}

// name returns a new name, which may be one that Ansible passes over in folders.
func (g *sourceGenerator) name(in, end string) string {
	g.number++
	return filepath.Join(in, g.Pick("a", "b", "z", "Z", "_", "é", "0")+strconv.Itoa(g.number)+end)
}

func (g *sourceGenerator) hostList() string {
	var hosts []string
	g.Times(0, 4, func() { hosts = append(hosts, g.Pick("", " ")+g.HostPattern()+g.Pick("", " ")) })
	return strings.Join(hosts, ",") + ","
}

// directory makes a folder of files, programs and folders.
func (g *sourceGenerator) directory(in string, depth int) string {
	path := g.name(in, g.Pick("", "", "", ".d", ".yml"))
	if in != "" {
		path = g.Pick(path, path, path, path, filepath.Join(in, "group_vars"), filepath.Join(in, "host_vars"), path+".ini")
	}
	require.NoError(g.t, os.MkdirAll(filepath.Join(g.folder, path), 0o755))
	least := 1
	if g.Chance(g.Wild) {
		least = 0
	}
	g.Times(least, 3, func() {
		switch g.IntN(8) {
		case 0:
			if depth > 0 {
				g.directory(path, depth-1)
			}
		case 1, 2:
			g.program(path)
		case 3:
			g.write(g.name(path, g.Pick(".ini", ".cfg", ".txt", "~", ".retry", ".swp", ".orig", ".md")), "[", 0o600)
		case 4:
			g.write(filepath.Join(path, g.Pick(".hidden", "vars_plugins", "host_vars.md")), "[", 0o600)
		case 5:
			if g.Chance(g.Wild) {
				_ = os.Symlink("nowhere", filepath.Join(g.folder, g.name(path, "")))
			}
		}
		g.file(path)
	})
	return path
}

// file makes a text, which may by accident be executable.
func (g *sourceGenerator) file(in string) string {
	mode := os.FileMode(0o600)
	if g.Chance(15) {
		mode = 0o755
	}
	ini, yaml := g.plainINI, g.plainYAML
	if g.Chance(10) {
		ini, yaml = g.INI, g.YAML
	}
	name, text := "", ""
	switch g.IntN(10) {
	case 0, 1, 2, 3:
		name, text = g.name(in, g.Pick("", "", ".hosts", ".x,y")), ini()
	case 4:
		name, text = g.name(in, ".json"), `{"web": {"hosts": {"h1": `+g.JSONMap(2)+`, "h20": null}}}`
	case 5:
		name, text = g.name(in, ""), yaml()
	default:
		name, text = g.name(in, g.Pick(".yml", ".yaml")), yaml()
	}
	if g.Chance(g.Wild) {
		text = g.Pick("#!/bin/sh\n", "#!/nowhere/sh\n") + text
	}
	g.write(name, text, mode)
	return name
}

// ladder are group names of which a later one is never above an earlier one, so that no loop closes.
var ladder = []string{"all", "prod", "app", "eu-west", "web", "db", "g1", "ungrouped"}

// rungs returns two different groups of the ladder, the upper first.
func (g *sourceGenerator) rungs() (upper, lower string) {
	at := g.IntN(len(ladder) - 1)
	return ladder[at], ladder[at+1+g.IntN(len(ladder)-1-at)]
}

// plainINI writes an INI inventory that nobody refuses: what matters here is which sources meet.
func (g *sourceGenerator) plainINI() string {
	var text strings.Builder
	g.Times(0, 2, func() { fmt.Fprintf(&text, "h%d a=%d\n", g.IntN(12), g.IntN(9)) })
	g.Times(0, 4, func() {
		upper, lower := g.rungs()
		fmt.Fprintf(&text, "[%s]\nh%d %s=%d\nh%d\n", lower, g.IntN(12), g.Pick("a", "b"), g.IntN(9), g.IntN(12))
		switch g.IntN(4) {
		case 0:
			fmt.Fprintf(&text, "[%s:vars]\n%s=%d\n", lower, g.Pick("a", "b", "ansible_group_priority"), g.IntN(9))
		case 1:
			fmt.Fprintf(&text, "[%s:children]\n%s\n", upper, lower)
		}
	})
	return text.String()
}

// plainYAML writes a YAML inventory that nobody refuses.
func (g *sourceGenerator) plainYAML() string {
	var text strings.Builder
	upper, lower := g.rungs()
	fmt.Fprintf(&text, "%s:\n  hosts:\n    h[%d:%d]:\n    h%d: {a: %d}\n", upper, g.IntN(3), 3+g.IntN(3), g.IntN(12), g.IntN(9))
	if g.Chance(60) {
		fmt.Fprintf(&text, "  children:\n    %s:\n      vars: {b: [%d]}\n      hosts: {h%d: }\n", lower, g.IntN(9), g.IntN(12))
	}
	if g.Chance(30) {
		fmt.Fprintf(&text, "  vars: {a: %d}\n", g.IntN(9))
	}
	return text.String()
}

// program makes a script that prints an inventory, and answers to --host if it must.
func (g *sourceGenerator) program(in string) string {
	name := g.name(in, g.Pick("", "", ".sh", ".py", ".yml"))
	base := filepath.Base(name)
	data := filepath.Join(filepath.Dir(name), "."+base)
	g.write(data, g.inventoryJSON(), 0o600)
	g.write(data+".host", g.hostAnswer(), 0o600)
	end := g.Tame(3, []string{"", "exit 0", "echo note >&2", "exit 3", "echo oops >&2; exit 1", "echo", "echo x", "printf '\\377'", "kill -9 $$"})
	first := g.Tame(4, []string{"#!/bin/sh", "#!/bin/sh", "#! /bin/sh", "#!/bin/sh -e", "#!/nowhere/sh", "", "#!"})
	mode := os.FileMode(0o755)
	if g.Chance(g.Wild) {
		mode = 0o600
	}
	g.write(name, fmt.Sprintf("%s\ncase $1 in\n--list) cat '%s' ;;\n--host) cat '%s'; exit %s ;;\nesac\n%s\n",
		first, filepath.Join(g.folder, data), filepath.Join(g.folder, data+".host"), g.Pick("0", "0", "1"), end), mode)
	return name
}

func (g *sourceGenerator) hostAnswer() string {
	return g.Tame(5, []string{"{}", `{"a": 1}`, "a: 1\nb: [2]\n", "---\n{}\n", `{"ansible_host": "10.0.0.1"}`, "", "null", "[]", "{", "x", "a: [", `{"a": 1}{`, "\xff"})
}

// inventoryJSON writes what a program prints.
func (g *sourceGenerator) inventoryJSON() string {
	var groups []string
	g.Times(0, 5, func() {
		upper, lower := g.rungs()
		if g.Chance(g.Wild) {
			upper, lower = g.GroupName(), g.GroupName()
		}
		groups = append(groups, fmt.Sprintf("%q: %s", upper, g.scriptGroup(lower)))
	})
	if g.Chance(95) {
		// Without hostvars there is a process for each host.
		meta := `"_meta": ` + g.Tame(9, []string{
			g.meta(), g.meta(), g.meta(), g.meta(), g.meta(), g.meta(), `{"hostvars": {}}`, "{}", `{"hostvars": null}`,
			"[]", `""`, `"x"`, "null", "1", `["hostvars"]`, `"hostvars"`, `{"hostvars": []}`, `{"hostvars": "x"}`, `{"hostvars": {"h1": null}}`,
			`{"hostvars": {"h1": []}}`, `{"__ansible_vault": "x"}`, `{"__ansible_unsafe": "x"}`,
		})
		at := g.IntN(len(groups) + 1)
		groups = append(groups[:at], append([]string{meta}, groups[at:]...)...)
	}
	return g.Damage("{"+strings.Join(groups, ",\n")+"}\n", 2*g.Wild)
}

func (g *sourceGenerator) meta() string {
	var hosts []string
	g.Times(0, 4, func() { hosts = append(hosts, fmt.Sprintf("%q: %s", g.scriptHost(), g.JSONMap(2))) })
	return `{"hostvars": {` + strings.Join(hosts, ", ") + "}}"
}

func (g *sourceGenerator) scriptHost() string {
	return g.Pick("h1", "h2", "h3", "h4", "h5", "h1.example.com", "h[1:2]", "h1:22", "localhost", "é", " x")
}

func (g *sourceGenerator) scriptHosts() string {
	var hosts []string
	g.Times(0, 4, func() { hosts = append(hosts, strconv.Quote(g.scriptHost())) })
	if g.Chance(g.Wild) {
		hosts = append(hosts, g.Pick(`""`, "1", "null", "[]", "{}", `{"__ansible_vault": "x"}`, `{"__ansible_unsafe": "h1"}`, "true"))
	}
	return "[" + strings.Join(hosts, ", ") + "]"
}

// scriptGroup writes what a program prints for a group above the group lower.
func (g *sourceGenerator) scriptGroup(lower string) string {
	switch g.IntN(12) {
	case 0, 1:
		return g.scriptHosts()
	case 2:
		if g.Chance(4 * g.Wild) {
			return g.Pick("{}", `{"a": 1}`, "null", "1", `"h1"`, "true", `{"__ansible_vault": "x"}`, `{"__ansible_unsafe": "x"}`, `{"hosts": "h1"}`,
				`{"hosts": null}`, `{"hosts": {}}`, `{"vars": []}`, `{"vars": null}`, `{"children": null}`, `{"children": 1}`, `{"children": [1]}`, `{"children": [""]}`)
		}
		return `{"hosts": []}`
	case 3:
		return g.Pick("{}", `{"a": 1}`, g.JSONMap(2)) // a host of the group's name
	}
	var parts []string
	if g.Chance(70) {
		parts = append(parts, `"hosts": `+g.scriptHosts())
	}
	if g.Chance(40) {
		parts = append(parts, `"vars": `+g.Pick(g.JSONMap(2), g.JSONMap(1), `{"ansible_group_priority": 5}`, `{"ansible_group_priority": "7"}`))
	}
	if g.Chance(25) {
		parts = append(parts, `"children": `+g.Tame(2, []string{
			fmt.Sprintf("[%q]", lower), fmt.Sprintf("[%q, %q]", lower, "new"),
			"[]", `{"g1": {}, "g2": null}`, `"ab"`, `""`, `"é"`, "{}",
		}))
	}
	if g.Chance(10) || len(parts) == 0 {
		parts = append(parts, `"hosts": []`, `"other": 1`)
	}
	g.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return "{" + strings.Join(parts, ", ") + "}"
}
