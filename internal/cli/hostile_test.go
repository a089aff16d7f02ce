package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// lines returns the format for each number from 0 to count-1, and the number after it.
func lines(count int, format string) string {
	var text strings.Builder
	for i := range count {
		fmt.Fprintf(&text, format, i, i+1)
	}
	return text.String()
}

// laughter returns lines in which each alias stands for ten of the line before, so that the last is 10^(levels+1) texts.
func laughter(indent string, levels int) string {
	text := indent + "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := range levels {
		aliases := strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 10), ",")
		text += fmt.Sprintf("%sa%d: &a%d [%s]\n", indent, i+1, i+1, aliases)
	}
	return text
}

// mergers is laughter with merge keys.
func mergers(indent string, levels int) string {
	text := indent + "a0: &a0 {x: 1, y: 1}\n"
	for i := range levels {
		text += fmt.Sprintf("%sa%d: &a%d {<<: [*a%d, *a%d, *a%d], k%d: 1}\n", indent, i+1, i+1, i, i, i, i)
	}
	return text
}

const soundPolicy = "plugin: regal\nversions: {app: all}\n"

// TestBounds has inputs that a few lines make as large as one likes: each is refused with its place, before it takes the
// machine's memory.
func TestBounds(t *testing.T) {
	const deep = 100_000
	nested := func(open, shut string, times int) string {
		return strings.Repeat(open, times) + strings.Repeat(shut, times)
	}
	for _, test := range []struct {
		name    string
		file    string
		text    string
		policy  string // soundPolicy if it is not given
		message string
		memory  int64 // MB; most if it is not given
	}{
		{name: "one range", file: "h.ini", text: "[web]\nh[1:5000001]\n", message: `h.ini:2:1: host range "h[1:5000001]": the inventory's ranges stand for more than 5000000 hosts`},
		{name: "a range of many digits", file: "h.ini", text: "[web]\nh[1:99999999999999999999]\n", message: "h.ini:2:1: host range"},
		{name: "a range in YAML", file: "h.yml", text: "all:\n  hosts:\n    h[1:9000000]:\n", message: "h.yml:3:5: host range"},
		{name: "a range in JSON", file: "h.json", text: `{"all": {"hosts": {"h[1:9000000]": {}}}}`, message: "h.json:1:20: host range"},
		{name: "a large variable on a range", file: "h.ini", text: "a\nh[1:1000000] x=" + strings.Repeat("x", 10_000) + "\n",
			message: "h.ini:2:1: the variables, printed for each of the 1000000 hosts of the range, would take more than 1024 MiB in all", memory: 500},
		{name: "a large variable on a range in YAML", file: "h.yml", text: "all: {hosts: {'h[1:1000000]': {x: [" + strings.Repeat("x", 10_000) + "]}}}\n",
			message: "h.yml:1:15: the variables, printed for each of the 1000000 hosts of the range, would take more than 1024 MiB in all", memory: 500},
		{name: "a large text behind aliases", file: "h.yml", text: "all:\n  vars: {a: &a " + strings.Repeat("x", 1_000_000) + "}\n  hosts:\n" + lines(2000, "    h%[1]d: {x: *a}\n"),
			message: "h.yml:1003:11: aliases make the document hold more than 10000000 values"},
		{name: "a large text behind merge keys", file: "h.yml", text: "all:\n  vars: {a: &a {x: " + strings.Repeat("x", 1_000_000) + "}}\n  hosts:\n" + lines(2000, "    h%[1]d: {<<: *a}\n"),
			message: "h.yml:2:20: merge keys bring more than 1024 MiB of text into the maps up to this one"},
		{name: "a range in a range", file: "h.ini", text: "h[1:3000]-[1:3000]\n", message: "h.ini:1:1: host range"},
		{name: "a hundred ranges", file: "h.ini", text: "h" + strings.Repeat("[1:2]", 100) + "\n", message: "h.ini:1:1: host range"},
		{name: "more ranges", file: "h.ini", text: "h" + strings.Repeat("[1:1]", 101) + "\n", message: "h.ini:1:1: a host pattern has more than 100 ranges"},
		{name: "many ranges", file: "h.ini", text: "[web]\n" + lines(6, "h%[1]dx[1:1000000]\n"), message: `h.ini:7:1: host range "h5x[1:1000000]"`},
		{name: "many ranges with ports", file: "h.ini", text: "h1\n[x:vars]\n[y]z=1\na[1:9000000]=1\n[x]\n# h[1:9000000]\na[1:4000000]:22 x=1\n[y]\nb[1:1000001] x=1\n",
			message: "h.ini:9:1: host range \"b[1:1000001]\": the inventory's ranges stand for more than 5000000 hosts"},
		{name: "laughs in variables", file: "h.yml", text: "all:\n  hosts: {h1: }\n  vars:\n" + laughter("    ", 9),
			message: "h.yml:10:50: aliases make the document hold more than 10000000 values"},
		{name: "laughs in a host", file: "h.yml", text: "all:\n  hosts:\n    h1:\n" + laughter("      ", 9),
			message: "h.yml:10:52: aliases make the document hold more than 10000000 values"},
		{name: "laughs in merge keys", file: "h.yml", text: "all:\n  hosts:\n    h1:\n" + mergers("      ", 40),
			message: "h.yml:15:12: merge keys bring more than 10000000 keys into the maps up to this one"},
		{name: "one merge key of many maps", file: "h.yml",
			text:    "all:\n  vars:\n    a: &a {" + lines(2000, "k%[1]d: 1, ") + "}\n    b: {<<: [" + strings.Repeat("*a,", 2000) + "]}\n",
			message: "h.yml:4:8: merge keys bring more than 1000000 keys into this map"},
		{name: "a loop in a value", file: "h.yml", text: "all:\n  vars:\n    x: &v {y: [*v]}\n", message: "h.yml:3:16: an alias makes a value contain itself"},
		{name: "a loop in groups", file: "h.yml", text: "all: &a\n  children:\n    web: *a\n", message: "h.yml:3:10: an alias makes a value contain itself"},
		{name: "a loop in merge keys, further down", file: "h.yml", text: "web: &g {hosts: {w1: {a: {<<: *g}}}}\n", message: "h.yml:1:27: a merge key names the map that it stands in"},
		{name: "a loop in a list of merge keys", file: "h.yml", text: "web: &g\n  vars: {a: 1}\n  hosts: {w1: {a: {<<: [{b: 1}, *g]}}}\n", message: "h.yml:3:20: a merge key names the map that it stands in"},
		{name: "a loop in merge keys", file: "h.yml", text: "all:\n  vars: &m\n    <<: *m\n", message: "h.yml:3:5: a merge key names the map that it stands in"},
		{name: "brackets in YAML", file: "h.yml", text: nested("[", "]", deep), message: "h.yml:1: lists and maps are nested more than 1000 deep"},
		{name: "open brackets in YAML", file: "h.yml", text: "\n" + strings.Repeat("[", 10*deep), message: "h.yml:2: lists and maps are nested more than 1000 deep"},
		{name: "1,001 brackets in YAML", file: "h.yml", text: "all: {vars: {x: " + nested("[", "]", 1001) + "}}", message: "h.yml:1:1015: lists and maps are nested more than 1000 deep"},
		{name: "braces in YAML", file: "h.yml", text: nested("{a: ", "}", deep), message: "h.yml:1: lists and maps are nested more than 1000 deep"},
		{name: "dashes in YAML", file: "h.yml", text: strings.Repeat("- ", deep) + "a\n", message: "h.yml:1: lists and maps are nested more than 1000 deep"},
		{name: "question marks in YAML", file: "h.yml", text: strings.Repeat("? ", deep) + "a\n", message: "h.yml:1: lists and maps are nested more than 1000 deep"},
		{name: "blocks in YAML", file: "h.yml", text: blocks(1500), message: "h.yml:1002:1002: lists and maps are nested more than 1000 deep"},
		{name: "brackets in JSON", file: "h.json", text: nested("[", "]", deep), message: "h.json:1: lists and maps are nested more than 1000 deep"},
		{name: "brackets of a program", file: "h", text: "#!/bin/sh\nhead -c 100000 /dev/zero | tr '\\0' '['\n",
			message: "h: the output of the program is not valid JSON: line 1, column 1001: lists and maps are nested more than 1000 deep"},
		{name: "brackets in a literal", file: "h.ini", text: "h1 a=1\nh2 x=" + strings.Repeat("-", 10*deep) + "1\n",
			message: `h.ini:2:4: the value of "x": Ansible takes it for a Python literal and fails: it nests too deep`},
		// Groups are put in order when all files are read; no line is at fault then.
		{name: "a chain of groups", file: "h.ini", text: lines(1001, "[g%d:children]\ng%d\n") + "[g1001]\nh1\n", message: "h.ini: group \"g1000\" stands more than 1000 groups deep"},
		{name: "a long chain of groups", file: "h.ini", text: lines(deep, "[g%d:children]\ng%d\n") + "[g100000]\nh1\n", message: "h.ini: group \"g1000\" stands more than 1000 groups deep"},
		{name: "a circle of groups", file: "h.ini", text: "[a:children]\nb\n[b:children]\na\n", message: "h.ini:4: group \"a\" as a child of \"b\" closes a loop"},
		{name: "a regular expression", file: "h.ini", text: strings.Repeat("a", 60) + "\n", policy: "plugin: regal\nversions:\n  app: '~(a|aa)+$(?<=b)'\n",
			message: "p.reg:3:8: versions.app: the regular expression \"~(a|aa)+$(?<=b)\" takes more than 1s"},
		{name: "a glob", file: "h.ini", text: strings.Repeat("a", 5000) + "\n", policy: "plugin: regal\nversions:\n  app: '" + strings.Repeat("*a", 500) + "*b'\n",
			message: "p.reg:3:8: versions.app: the target matches no host"},
		{name: "a policy of many megabytes", file: "h.ini", text: "h1\n", policy: soundPolicy + "#" + strings.Repeat("x", 20<<20), message: "p.reg: cannot read the policy: it has more than 4 MiB"},
		{name: "brackets in the policy", file: "h.ini", text: "h1\n", policy: "plugin: regal\nversions: {app: " + nested("[", "]", deep) + "}\n", message: "p.reg:2: lists and maps are nested more than 1000 deep"},
		{name: "laughs in the policy", file: "h.ini", text: "h1\n", policy: "plugin: regal\nversions:\n" + laughter("  ", 9), message: "p.reg:4:12: versions.a1: this is a list"},
		{name: "a loop in the policy", file: "h.ini", text: "h1\n", policy: "plugin: regal\nversions:\n  app: {hosts: all, combine: &a [1, *a]}\n",
			message: "p.reg:3:37: versions.app.combine: this is a list"},
		{name: "a policy of faults", file: "h.ini", text: "h1\n", policy: soundPolicy + lines(deep, "k%[1]d: 1\n"), message: "p.reg:3:1: k0: there is no such key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.policy == "" {
				test.policy = soundPolicy
			}
			folder := programtest.WriteFiles(t, map[string]string{"p.reg": test.policy, test.file: test.text})
			got := callIn(t, folder, "p.reg", "-i", test.file, "--list")
			checkRefused(t, got, test.message, test.memory)
		})
	}
}

// blocks returns that many maps in one another.
func blocks(depth int) string {
	var text strings.Builder
	for i := range depth {
		text.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return text.String()
}

func checkRefused(t *testing.T, got call, message string, memory int64) {
	t.Helper()
	const most = 300 // MB that a refusal may take
	if memory == 0 {
		memory = most
	}
	assert.Equal(t, exitWrong, got.status)
	assert.Empty(t, got.stdout)
	assert.True(t, strings.HasPrefix(got.stderr, message), "%.300s", got.stderr)
	assert.Less(t, len(got.stderr), 50_000, "nobody reads that much")
	assert.Less(t, got.memory, memory, "MB")
}

// TestBoundOverFiles checks that ranges count over all sources together.
func TestBoundOverFiles(t *testing.T) {
	folder := programtest.WriteFiles(t, map[string]string{
		"p.reg": soundPolicy, "d/a.yml": "all: {hosts: {'a[1:2500000]': }}\n", "d/b": "[web]\n\nb[1:2500001]\n",
	})
	got := callIn(t, folder, "p.reg", "-i", "d/a.yml", "-i", "d/b", "--list")
	assert.Contains(t, got.stderr, `d/b:3:1: read as INI: host range "b[1:2500001]": the inventory's ranges stand for more than 5000000 hosts`)
	checkRefused(t, got, "d/b:3: read as YAML: ", 2000)
}

// TestLawfulGiants checks that what is large and lawful gets through.
func TestLawfulGiants(t *testing.T) {
	if testing.Short() {
		t.Skip("giants take seconds")
	}
	const million, megabyte = 1_000_000, 1 << 20
	for _, test := range []struct {
		name, text string
		hosts      int
	}{
		{"a million hosts", "[web]\nh[1:1000000]\n", million},
		{"a line of 10 MB", "[web]\nh1 x=" + strings.Repeat("a", 10*megabyte) + "\nh2\n", 2},
		{"a quoted line of 10 MB", "[web]\nh1 x='" + strings.Repeat("a ", 5*megabyte) + "'\nh2\n", 2},
		{"a name of 1 MB", strings.Repeat("a", megabyte) + "\n", 1},
		{"lists of Python, 199 deep", "h1 x=" + strings.Repeat("[", 199) + strings.Repeat("]", 199) + "\n", 1},
		{"999 groups in one another", lines(998, "[g%d:children]\ng%d\n") + "[g998]\nh1\n", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := programtest.WriteFiles(t, map[string]string{"p.reg": "plugin: regal\ncombine: 30%\nversions: {app: all}\n", "h.ini": test.text})
			got := callIn(t, folder, "p.reg", "-i", "h.ini", "--plan=json")
			require.Zero(t, got.status, "%.300s", got.stderr)
			var printed printedPlan
			require.NoError(t, json.Unmarshal([]byte(got.stdout), &printed))
			require.Equal(t, test.hosts, printed.Versions[0].Hosts)
			require.Zero(t, callIn(t, folder, "p.reg", "-i", "h.ini", "--list").status)
		})
	}
	t.Run("100,000 versions", func(t *testing.T) {
		folder := programtest.WriteFiles(t, map[string]string{"p.reg": "plugin: regal\nversions:\n" + lines(100_000, "  v%[1]d: h1\n")})
		got := callIn(t, folder, "p.reg", "-i", "h1,", "--waves")
		require.Zero(t, got.status, "%.300s", got.stderr)
		require.Equal(t, 100_000, strings.Count(got.stdout, "\n"))
	})
}

// TestConcurrentCalls checks that calls at one time on the same files print the same.
func TestConcurrentCalls(t *testing.T) {
	t.Parallel()
	folder, err := filepath.Abs("examples")
	require.NoError(t, err)
	want := callIn(t, folder, "regal.yml", "--list")
	require.Zero(t, want.status, want.stderr)
	got := make(chan call)
	const calls = 16
	for range calls {
		go func() {
			output, err := exec.Command("regal-inventory", filepath.Join(folder, "regal.yml"), "--list").Output()
			status := 0
			if err != nil {
				status = exitWrong
			}
			got <- call{status: status, stdout: string(output)}
		}()
	}
	for range calls {
		one := <-got
		assert.Zero(t, one.status)
		assert.True(t, want.stdout == one.stdout, "two calls print different bytes")
	}
}

// rawCharacter is what no output may hold: commands to a terminal, and marks that turn the direction of writing.
var rawCharacter = regexp.MustCompile("[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

// TestPromises checks that every test that the safety page names is there, and that every promise has one.
func TestPromises(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	for _, pattern := range []string{"*_test.go", "*/*_test.go", "*/*/*_test.go", "*/*/*/*_test.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			code.Write(text)
		}
	}
	page, err := os.ReadFile("docs/safety.md")
	require.NoError(t, err)
	named := regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`")
	for _, name := range named.FindAllSubmatch(page, -1) {
		declared := regexp.MustCompile(`(?m)^func ` + string(name[1]) + `\(\w+ \*testing\.[TF]\) \{`)
		assert.True(t, declared.MatchString(code.String()), "there is no test %s", name[1])
	}
	_, promises, found := strings.Cut(string(page), "| promise | kept by |\n|---|---|\n")
	require.True(t, found)
	table, _, _ := strings.Cut(promises, "\n\n")
	for row := range strings.SplitSeq(table, "\n") {
		assert.Regexp(t, named, row)
	}
}
