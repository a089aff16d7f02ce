package source

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
)

// hostNamesOf returns the names of all hosts in the order of their first mention.
func hostNamesOf(inv *inventory.Inventory) string {
	var names []string
	for _, host := range inv.Hosts() {
		names = append(names, host.Name)
	}
	return strings.Join(names, " ")
}

// TestFolderPassesOver reads a folder as people have it: the policy, links to it, copies of the program, backups and
// variables are no sources.
func TestFolderPassesOver(t *testing.T) {
	folder := tree(t, map[string]string{
		"prod/hosts": "h1\n", "prod/b.yml": "all: {hosts: {h0: }}\n", "prod/nested/more": "h2\n", "prod/.hidden": "[", "prod/old.ini": "[",
		"prod/group_vars/all.yml": "[", "prod/host_vars/h1.yml": "[", "prod/regal.yml": "#!/bin/sh\nexit 9\n", "prod/link.yml": "-> regal.yml",
		"prod/nested/policies/same.yml": "-> ../../regal.yml", "prod/Readme.md": "[", "prod/hosts~": "[", "else/web": "h3\n", "prod/z": "-> ../else",
	})
	executable, err := os.Executable()
	require.NoError(t, err)
	require.NoError(t, os.Symlink(executable, filepath.Join(folder, "prod/itself")))
	program, err := os.ReadFile(executable)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "prod/copy"), program, 0o755))
	options := Options{Dir: folder, Policy: filepath.Join(folder, "prod/regal.yml"), ansible: ansible.Of(ansible.Version{Major: 2, Minor: 14})}
	inv, err := Read(t.Context(), []string{"prod"}, options)
	require.NoError(t, err)
	assert.Equal(t, "h0 h1 h2 h3", hostNamesOf(inv))

	// Ansible reads .ini in folders since 2.19.
	options.ansible = ansible.Of(ansible.Newest)
	_, err = Read(t.Context(), []string{"prod"}, options)
	require.ErrorContains(t, err, "prod/old.ini:1:1: ")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "prod/old.ini"), []byte("h4\n"), 0o600))
	inv, err = Read(t.Context(), []string{"prod"}, options)
	require.NoError(t, err)
	assert.Equal(t, "h0 h1 h2 h4 h3", hostNamesOf(inv))
}

// TestPolicyAsSource names a policy as its own source, and finds other policies where sources are.
func TestPolicyAsSource(t *testing.T) {
	const script = "#!/usr/bin/env regal-inventory\n"
	folder := tree(t, map[string]string{
		"hosts": "h1\n", "own.yml": script + "plugin: regal\n", "own-link.yml": "-> own.yml", "all/hosts": "h1\n",
		"all/regal-old.yml":  script + "plugin: regal\nversions: {app: all}\n",
		"idle/regal-old.yml": "versions: {app: all}\nplugin: 'regal'\n", "full/policy": "{\"plugin\": \"regal.release.regal\"}",
		"deep/a/b/x.yaml": "plugin: regal\n", "calls/inv": script,
	})
	options := Options{Dir: folder, Policy: filepath.Join(folder, "own.yml")}
	const second = ": this is a policy too, and two policies in one run would mix their waves: move it away, " +
		"or let inventory name the files to read one by one"
	for _, test := range []struct{ source, want string }{
		{"own.yml", "/own.yml: the policy names itself as its source"},
		{"all", "/all/regal-old.yml" + second},
		{"all/regal-old.yml", "/all/regal-old.yml" + second},
		{"idle", "/idle/regal-old.yml" + second},
		{"full", "/full/policy" + second},
		{"deep", "/deep/a/b/x.yaml" + second},
	} {
		_, err := Read(t.Context(), []string{"hosts", test.source}, options)
		assert.EqualError(t, err, folder+test.want, test.source)
	}
}

// TestProgramSurroundings looks at what a program is given.
func TestProgramSurroundings(t *testing.T) {
	folder := tree(t, map[string]string{
		"inv": "#!/bin/sh\nprintf '{\"g\": {\"hosts\": [\"h\"], \"vars\": {\"me\": \"%s\", \"in\": \"%s\", \"home\": \"%s\", \"runs\": \"%s\"}}, \"_meta\": {\"hostvars\": {}}}' \"$0\" \"$PWD\" \"$FROM_OUTSIDE\" \"$RUNS\"\n",
	})
	t.Setenv("FROM_OUTSIDE", "from outside")
	t.Chdir(folder)
	inv, err := Read(t.Context(), []string{"inv"}, Options{Mark: "RUNS"})
	require.NoError(t, err)
	text := func(name string) string {
		value, _ := inv.Group("g").Vars.Get(name)
		return value.Text()
	}
	assert.Equal(t, folder+"/inv", text("me"))
	assert.Equal(t, folder, text("in"))
	assert.Equal(t, "from outside", text("home"))
	assert.NotEmpty(t, text("runs"))
}

// TestProgramIsNoText holds that what should be a program is never read as a text, though Ansible does so: the lines of a
// program would be hosts, and one of them the canary.
func TestProgramIsNoText(t *testing.T) {
	const (
		byFirstLine = "; its first line names the program that is to read it, without a carriage return at its end, as Windows writes it"
		byMode      = "; a file that may be executed is taken for a program; if it is a text, take that permission away with chmod -x"
	)
	for name, test := range map[string]struct {
		text string
		mode os.FileMode
		want string
	}{
		"INI with the x bit":             {"[web]\nh1\n", 0o755, "inv: the program cannot be run: exec format error" + byMode},
		"YAML with the x bit":            {"web: {hosts: {h1: }}\n", 0o755, "inv: the program cannot be run: exec format error" + byMode},
		"a body that fails":              {"#!/bin/sh\n/nowhere/gen-inventory --prod\n", 0o755, "inv: the program failed: exit status 127"},
		"a body without output":          {"#!/bin/sh\ntrue\n", 0o755, "inv: the output of the program is not valid JSON: line 1, column 1: a JSON value is missing"},
		"an interpreter that is missing": {"#!/nowhere/sh\nh1\n", 0o755, "inv: the program cannot be run: no such file or directory" + byFirstLine},
		"a comment that looks like one":  {"#!nowhere\nh1\n", 0o755, "inv: the program cannot be run: no such file or directory" + byFirstLine},
		"nobody may execute it":          {"#!/bin/sh\nweb1\n", 0o644, "inv: the program cannot be run: permission denied; it begins with #!, so it is taken for a program: make it one with chmod +x, or take that line away"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			require.NoError(t, os.WriteFile("inv", []byte(test.text), test.mode))
			var heard warnings
			_, err := Read(t.Context(), []string{"inv"}, Options{Warn: heard.add})
			require.EqualError(t, err, test.want)
		})
	}
}

func TestStandardInput(t *testing.T) {
	const text = `{"web": {"hosts": ["h1", "h2"], "vars": {"a": 1}}, "_meta": {"hostvars": {"h2": {"b": true}}}}`
	inv, err := Read(t.Context(), []string{"-"}, Options{Stdin: strings.NewReader(text), Dir: "elsewhere"})
	require.NoError(t, err)
	assert.Equal(t, "h1 h2", hostNamesOf(inv))
	value, _ := inv.Host("h2").Vars.Get("b")
	assert.Equal(t, inventory.Bool, value.Kind())

	_, err = Read(t.Context(), []string{"-", "h3,", "-"}, Options{Stdin: strings.NewReader(text)})
	require.EqualError(t, err, "standard input: it is named as a source twice and can be read only once")

	var heard warnings
	_, err = Read(t.Context(), []string{"-"}, Options{Stdin: strings.NewReader(`{"web": ["h1", "h2"]}`), Warn: heard.add})
	require.NoError(t, err)
	assert.Equal(t, []string{"standard input: there is no _meta with hostvars, so that no host has variables of its own"}, heard.lines)
}

// TestAnsibleInventoryOnStandardInput pipes ansible-inventory's output in, as people do.
func TestAnsibleInventoryOnStandardInput(t *testing.T) {
	ansibletest.Python(t)
	folder := tree(t, map[string]string{
		"hosts": "[web]\nh2 a=1\nh1\n[web:vars]\nb=2\n[prod:children]\nweb\nempty\n[empty]\n",
	})
	for _, export := range []bool{true, false} {
		arguments := []string{"-i", folder + "/hosts", "--list"}
		if export {
			arguments = append(arguments, "--export")
		}
		output, err := exec.Command(ansible.InventoryProgram, arguments...).Output()
		require.NoError(t, err)
		inv, err := Read(t.Context(), []string{"-"}, Options{Stdin: strings.NewReader(string(output))})
		require.NoError(t, err)
		assert.Equal(t, "h2", inv.Group("web").AllHosts()[0].Name)
		assert.NotNil(t, inv.Group("empty"))
		_, inGroup := inv.Group("web").Vars.Get("b")
		_, inHost := inv.Host("h1").Vars.Get("b")
		assert.Equal(t, export, inGroup)
		assert.Equal(t, !export, inHost)
	}
}

func TestHostLists(t *testing.T) {
	folder := tree(t, map[string]string{"a,b": "from_file\n"})
	for source, want := range map[string]string{
		"web1,web2:2222,": "web1 web2", "web[1:3],": "web[1:3]", " a , , a:22,b ": "a b", "a,b": "from_file", ",": "", "::1,[::2]:22": "::1 ::2",
	} {
		inv, err := Read(t.Context(), []string{source}, Options{Dir: folder})
		require.NoError(t, err, source)
		assert.Equal(t, want, hostNamesOf(inv), source)
	}
}

func TestNamesOfSources(t *testing.T) {
	folder := tree(t, map[string]string{"one/hosts.ini": "[web]\nh1 x\n", "home/hosts": "h2\n"})
	t.Chdir(folder)
	_, err := Read(t.Context(), []string{"hosts.ini"}, Options{Dir: "one"})
	require.EqualError(t, err, "one/hosts.ini:2:4: expected a variable as key=value; a value with spaces needs quotes")
	t.Setenv("HOME", filepath.Join(folder, "home"))
	t.Setenv("WHERE", "home")
	for _, source := range []string{"~/hosts", "$HOME/hosts", "../${WHERE}/hosts", "../home/hosts"} {
		inv, err := Read(t.Context(), []string{source}, Options{Dir: "one"})
		require.NoError(t, err, source)
		assert.Equal(t, "h2", hostNamesOf(inv), source)
	}
	_, err = Read(t.Context(), []string{"$REGAL_UNSET/x"}, Options{Dir: "one"})
	require.EqualError(t, err, "one/$REGAL_UNSET/x: the source cannot be read: no such file or directory")
}

// TestVariablesBeside reads group_vars and host_vars beside sources and policy, and refuses those that Ansible would miss.
func TestVariablesBeside(t *testing.T) {
	folder := tree(t, map[string]string{
		"a/hosts": "[web]\nh1\nh2\n", "a/group_vars/web.yml": "rack: a\nzone: a\n", "b/regal.yml": "plugin: regal\n", "b/group_vars/web.yml": "zone: b\n",
		"c/d/hosts": "[web]\nh2\n", "c/host_vars/h2.yml": "rack: c\n", "c/d/host_vars/h2.yml": "rack: d\n",
	})
	options := Options{
		Dir: filepath.Join(folder, "b"), Policy: filepath.Join(folder, "b/regal.yml"), Variables: []string{"rack", "zone"},
	}
	const message = ": Ansible does not load these variables, since it looks for them beside the policy, in DIR/b: move the policy " +
		"here, or write vars: elsewhere in it if the hosts get them in another way"
	_, err := Read(t.Context(), []string{"../a/hosts", "../c", "h3,"}, options)
	require.Error(t, err)
	assert.Equal(t, "DIR/a/group_vars"+message+"\nDIR/c/host_vars"+message, strings.ReplaceAll(err.Error(), folder, "DIR"))

	options.VarsElsewhere = true
	inv, err := Read(t.Context(), []string{"../a/hosts", "../c", "h3,"}, options)
	require.NoError(t, err)
	value := func(host, name string) string {
		found, _ := inv.Variable(name)(inv.Host(host))
		return found.Text()
	}
	assert.Equal(t, "a", value("h1", "rack"))
	assert.Equal(t, "b", value("h1", "zone"), "what stands beside the policy is the last word")
	assert.Equal(t, "c", value("h2", "rack"), "beside a folder that is a source means in it, not in a folder below")
}

// throughAnsible are sources that only Ansible can read.
var throughAnsible = map[string]map[string]string{
	"TOML": {
		"inv.toml": "[prod]\nchildren = [\"web\", \"empty\"]\nvars = { a = 1, b = \"x\", c = [\"é\"], d = { e = 1 } }\n[web.hosts]\nh2 = { ansible_port = 2222 }\nh1 = {}\n" +
			"[empty]\n[web.vars]\nansible_group_priority = 7\n[ungrouped.hosts]\nz = {}\n[lonely]\n",
	},
	"TOML and more": {
		"inv.toml": "[web.hosts]\nh2 = {}\n[db.hosts]\nh3 = {}\n", "hosts": "[prod:children]\nweb\n[web]\nh1\n[zoo]\nh4\nh3\n", "nested/b.yml": "zoo: {children: {db: }}\n",
	},
	"constructed": {
		"a.yml": "web: {hosts: {h1: {role: x, map: {z: 1, a: [1.0, !unsafe '{{', 2001-01-01]}}, h2: {role: y}}}\nall: {hosts: {h2: , h1: }, vars: {role: z}}\n", "b.yml": "plugin: constructed\nstrict: true\ngroups: {first: \"inventory_hostname == 'h1'\"}\nkeyed_groups: [{key: role, prefix: role}]\n",
	},
	"a file where INI leaves something": {"inv.toml": "[web]\nhosts = {h1 = {}}\n"},
}

// TestThroughAnsible holds what comes through ansible-inventory against Ansible's own view.
func TestThroughAnsible(t *testing.T) {
	ansibletest.Python(t)
	names := slices.Sorted(maps.Keys(throughAnsible))
	for i, answer := range compareEach(t, len(names), func(i int) string {
		folder := tree(t, throughAnsible[names[i]])
		text, err := throughRegalWith([]string{"."}, Options{Dir: folder})
		row := map[string]any{"source": folder, "order": false}
		return requestFor(t, row, folder, text, err)
	}) {
		assert.False(t, answer.Refused, names[i])
		assert.Empty(t, answer.Differences, names[i])
	}
}

// TestEncryptedSource reads an encrypted inventory with the password that the environment leads to, and one without.
func TestEncryptedSource(t *testing.T) {
	ansibletest.Python(t)
	folder := tree(t, map[string]string{
		"hosts": "[web]\nh1 a=1\n", "password": "secret\n", "group_vars/web.yml": "never: printed\n",
	})
	t.Setenv("ANSIBLE_VAULT_PASSWORD_FILE", filepath.Join(folder, "password"))
	output, err := exec.Command("ansible-vault", "encrypt", filepath.Join(folder, "hosts")).CombinedOutput()
	require.NoError(t, err, string(output))
	inv, err := Read(t.Context(), []string{"hosts"}, Options{Dir: folder})
	require.NoError(t, err)
	assert.Equal(t, "h1", hostNamesOf(inv))
	value, _ := inv.Host("h1").Vars.Get("a")
	assert.Equal(t, inventory.Int, value.Kind())
	assert.Zero(t, inv.Group("web").Vars.Len(), "group_vars stay where they are")

	require.NoError(t, os.Unsetenv("ANSIBLE_VAULT_PASSWORD_FILE"))
	_, err = Read(t.Context(), []string{"hosts"}, Options{Dir: folder})
	require.EqualError(t, err, folder+"/hosts: the file is encrypted with ansible-vault, and ansible-inventory, which was to read it, failed: exit status 1")
}

// TestPluginThatFails reads configurations that Ansible refuses, that find nothing, or that need group_vars.
func TestPluginThatFails(t *testing.T) {
	ansibletest.Python(t)
	folder := tree(t, map[string]string{
		"unknown.yml": "plugin: no.such.plugin\n", "empty/a.yml": "plugin: constructed\nstrict: false\n",
		"vars.yml": "plugin: constructed\nuse_vars_plugins: true\n",
	})
	_, err := Read(t.Context(), []string{"unknown.yml"}, Options{Dir: folder})
	require.ErrorContains(t, err, folder+"/unknown.yml: the file configures an inventory plugin and is no inventory itself, and ansible-inventory, which was to read it, failed: exit status ")

	var heard warnings
	_, err = Read(t.Context(), []string{"empty"}, Options{Dir: folder, Warn: heard.add})
	require.NoError(t, err)
	assert.Contains(t, heard.lines, folder+"/empty/a.yml: no host came from it")

	_, err = Read(t.Context(), []string{"vars.yml"}, Options{Dir: folder})
	require.EqualError(t, err, folder+"/vars.yml: use_vars_plugins makes groups from group_vars and host_vars, which are not part of an "+
		"inventory and are not read for this; move the variables that it needs into the inventory")
}

// TestWithoutAnsible says what is missing, for each kind of file.
func TestWithoutAnsible(t *testing.T) {
	folder := tree(t, map[string]string{
		"a.yml": "plugin: aws_ec2\n", "b": vaultHeader + "1.1;AES256\n3031\n", "c.toml": "[web.hosts]\nh1 = {}\n",
	})
	t.Setenv("PATH", folder)
	for source, want := range map[string]string{
		"a.yml":  "the file configures an inventory plugin and is no inventory itself, which only Ansible can read, and ansible-inventory is not installed",
		"b":      "the file is encrypted with ansible-vault, which only Ansible can read, and ansible-inventory is not installed",
		"c.toml": "the file is TOML, which only Ansible can read, and ansible-inventory is not installed",
	} {
		_, err := Read(t.Context(), []string{source}, Options{Dir: folder})
		assert.EqualError(t, err, folder+"/"+source+": "+want)
	}
}
