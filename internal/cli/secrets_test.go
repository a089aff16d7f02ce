package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// secret stands wherever a password can. No output but --list and --host may show it.
const secret = "hunter2"

// quietActions are all actions but the two that print variables.
func quietActions(host, oldPlan string) [][]string {
	return [][]string{
		{"--plan"}, {"--plan=json"}, {"--plan=mermaid"}, {"--plan=html"}, {"--waves"}, {"--graph"}, {"--graph=app_b"},
		{"--export=salt"}, {"--export=clustershell"}, {"--export=nginx"},
		{"--explain=" + host}, {"--check"}, {"--diff=" + oldPlan},
		{"--host=nowhere"}, {"--explain=nowhere"}, {"--waves=nowhere"}, {"--diff=hosts"},
	}
}

// TestSecretsStayIn plants the secret in variables of every kind and greps what every action prints.
func TestSecretsStayIn(t *testing.T) {
	t.Parallel()
	const program = `#!/bin/sh
echo '{"web": {"hosts": ["web1"], "vars": {"p": "hunter2"}}, "_meta": {"hostvars": {"web1": {"zone": "z1", "p": ["hunter2"]}}}}'
`
	sources := map[string]string{
		"ini": "[web]\nweb1 zone=z1 p=hunter2 q='hunter2 x' r=\"['hunter2']\"\n[web:vars]\np=hunter2\nq=['hunter2', {'a': 'hunter2'}]\n",
		"yml": "all:\n  vars: {p: hunter2, zone: z1}\n  children:\n    web:\n      hosts:\n        web1:\n          p: [{q: hunter2}]\n" +
			"          r: !unsafe hunter2\n          s: !vault |\n            $ANSIBLE_VAULT;1.1;AES256\n            hunter2\n" +
			"          t: {<<: {u: hunter2}}\n          t: hunter2\n          zone: z1\n      hunters: {x: hunter2}\n",
		"json":    `{"all": {"vars": {"zone": "z1", "p": "hunter2"}, "hosts": {"web1": {"p": {"q": "hunter2"}}}}}`,
		"program": program,
	}
	for name, text := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{
				"p.reg": "plugin: regal\nspread: zone\nversions: {app: web1}\n", "hosts": text,
				"group_vars/all.yml": "p: hunter2\nq: [hunter2]\n", "host_vars/web1/main.yml": "zone: z1\np: hunter2\n",
			}
			folder := programtest.WriteFiles(t, files)
			old := callIn(t, folder, "p.reg", "-i", "web1,", "--plan=json")
			require.Equal(t, exitDone, old.status, old.stderr)
			require.NoError(t, os.WriteFile(filepath.Join(folder, "old.json"), []byte(old.stdout), 0o600))
			for _, action := range quietActions("web1", "old.json") {
				got := callIn(t, folder, append([]string{"p.reg", "-i", "hosts"}, action...)...)
				assert.NotContains(t, got.stdout+got.stderr, secret, action)
				assert.NotEqual(t, exitUsage, got.status, got.stderr)
			}
			// The test would find it: the two that print variables have it.
			for _, action := range []string{"--list", "--host=web1"} {
				got := callIn(t, folder, "p.reg", "-i", "hosts", action)
				assert.Equal(t, exitDone, got.status, got.stderr)
				assert.Contains(t, got.stdout, secret, action)
				assert.NotContains(t, got.stderr, secret, action)
			}
		})
	}
}

// TestFaultsTellNoSecret has a fault on every kind of line that holds the secret.
func TestFaultsTellNoSecret(t *testing.T) {
	t.Parallel()
	const zoned = "plugin: regal\nby: zone\nversions: {app: web1}\n"
	for _, test := range []struct {
		name, file, text string
		files            map[string]string
		policy           string
		message          string
	}{
		{name: "open quote", text: "web1 p='hunter2\n", message: "hosts.ini:1:1: "},
		{name: "open double quote", text: "web1 q=1 p=\"hunter2 x\n", message: "hosts.ini:1:1: "},
		{name: "trailing backslash", text: "web1 p=hunter2\\\n", message: "hosts.ini:1:1: "},
		{name: "word without =", text: "web1 password hunter2\n", message: "hosts.ini:1:6: expected a variable"},
		{name: "value with spaces", text: "web1 p=correct hunter2\n", message: "hosts.ini:1:16: expected a variable"},
		{name: "line without = in vars", text: "web1\n[all:vars]\np: hunter2\n", message: "hosts.ini:3:1: expected a variable"},
		{name: "priority", text: "[web]\nweb1\n[web:vars]\nansible_group_priority=hunter2\n", message: "hosts.ini:4"},
		{name: "literal too deep", text: "web1 p=" + strings.Repeat("-", 10000) + "'hunter2'\n", message: "hosts.ini:1:6: "},
		{name: "after a bad range", text: "web[1:x2] p=hunter2\n", message: "hosts.ini:1:1: "},
		{name: "in a children section", text: "[a:children]\nb p=hunter2\n", message: "hosts.ini:2:1: "},
		{name: "in YAML with an unknown tag", file: "hosts.yml", text: "all:\n  vars:\n    p: !hunt hunter2\n", message: "hosts.yml:3"},
		{name: "in YAML with a wrong tag", file: "hosts.yml", text: "all:\n  vars:\n    p: !!int hunter2\n", message: "hosts.yml:3"},
		{name: "in YAML with a float tag", file: "hosts.yml", text: "all:\n  vars:\n    p: !!float hunter2\n", message: "hosts.yml:3"},
		{name: "in YAML with a binary tag", file: "hosts.yml", text: "all:\n  vars:\n    p: !!binary '!hunter2'\n", message: "hosts.yml:3"},
		{name: "in YAML with a time tag", file: "hosts.yml", text: "all:\n  vars:\n    p: !!timestamp hunter2\n", message: "hosts.yml:3"},
		{name: "in YAML as a tag", file: "hosts.yml", text: "all:\n  vars:\n    p: !hunter2\n", message: "hosts.yml:3"},
		{name: "in YAML as a tag in brackets", file: "hosts.yml", text: "all:\n  vars:\n    p: !<hunter2> x\n", message: "hosts.yml:3"},
		{name: "in YAML as one of YAML's tags", file: "hosts.yml", text: "all:\n  vars:\n    p: !!hunter2 x\n", message: "hosts.yml:3"},
		{name: "in YAML as the tag of a list", file: "hosts.yml", text: "all:\n  vars:\n    p: !hunter2 []\n", message: "hosts.yml:3"},
		{name: "in YAML as the tag of a map", file: "hosts.yml", text: "all:\n  vars:\n    p: !hunter2 {}\n", message: "hosts.yml:3"},
		{name: "in YAML as a tag's handle", file: "hosts.yml", text: "all:\n  vars:\n    p: !hunter2!x y\n", message: "hosts.yml:3"},
		{name: "in YAML as an alias", file: "hosts.yml", text: "all:\n  vars:\n    p: *hunter2\n", message: "hosts.yml:3"},
		{name: "in YAML as an anchor", file: "hosts.yml", text: "all:\n  vars:\n    p: &hunter2 a\n    q: &hunter2 a\n", message: "hosts.yml:4"},
		{name: "in YAML as an alias within itself", file: "hosts.yml", text: "all:\n  vars:\n    p: &hunter2 [*hunter2]\n", message: "hosts.yml"},
		{name: "in YAML as a merge key within itself", file: "hosts.yml", text: "all:\n  vars:\n    p: &hunter2 {a: {<<: *hunter2}}\n", message: "hosts.yml:3"},
		{name: "in YAML behind a percent sign", file: "hosts.yml", text: "all:\n  vars:\n    p: %hunter2\n", message: "hosts.yml:"},
		{name: "in YAML behind an at sign", file: "hosts.yml", text: "all:\n  vars:\n    p: @hunter2\n", message: "hosts.yml:3"},
		{name: "in YAML behind a backquote", file: "hosts.yml", text: "all:\n  vars:\n    p: `hunter2\n", message: "hosts.yml:3"},
		{name: "in YAML as a block's head", file: "hosts.yml", text: "all:\n  vars:\n    p: |hunter2\n", message: "hosts.yml:3"},
		{name: "in group_vars as a tag", text: "[web]\nweb1\n", policy: zoned, files: map[string]string{"group_vars/all": "zone: !hunter2\n"}, message: "group_vars/all:1"},
		{name: "in group_vars as an alias", text: "[web]\nweb1\n", policy: zoned, files: map[string]string{"group_vars/all": "zone: *hunter2\n"}, message: "group_vars/all:1"},
		{name: "in YAML with an open quote", file: "hosts.yml", text: "all:\n  vars:\n    p: 'hunter2\n", message: "hosts.yml:"},
		{name: "in YAML with an open bracket", file: "hosts.yml", text: "all:\n  vars: {p: hunter2, q: [hunter2\n", message: "hosts.yml:"},
		{name: "in YAML with a bad escape", file: "hosts.yml", text: "all:\n  vars:\n    p: \"hunter2\\q\"\n", message: "hosts.yml:3"},
		{name: "in YAML with a colon", file: "hosts.yml", text: "all:\n  vars:\n    p: hunter2: x\n", message: "hosts.yml:3"},
		{name: "in YAML where hosts should be", file: "hosts.yml", text: "all:\n  hosts:\n    web1: hunter2\n", message: "hosts.yml:3"},
		{name: "in YAML as a list of groups", file: "hosts.yml", text: "- hunter2\n", message: "hosts.yml: "},
		{name: "in YAML as a list of hosts", file: "hosts.yml", text: "all: {hosts: [hunter2]}\n", message: "hosts.yml:1"},
		{name: "in YAML as a priority", file: "hosts.yml", text: "all: {children: {web: {vars: {ansible_group_priority: hunter2}}}}\n", message: "hosts.yml:1"},
		{name: "in YAML as a vault with a list", file: "hosts.yml", text: "all: {vars: {p: !vault [hunter2]}}\n", message: "hosts.yml:1"},
		{name: "in YAML with a control character", file: "hosts.yml", text: "all: {vars: {p: \"hunter2\a\"}}\n", message: "hosts.yml"},
		{name: "read as YAML and INI", file: "hosts", text: "[web]\nweb1 p='hunter2\n", message: "hosts:"},
		{name: "in JSON", file: "hosts.json", text: `{"all": {"vars": {"p": "hunter2" "q"}}}`, message: "hosts.json:1"},
		{name: "in a program's broken JSON", file: "inv", text: "#!/bin/sh\necho '{\"web\": {\"vars\": {\"p\": \"hunter2\" x'\n", message: "inv: the output"},
		{name: "in a program's wrong JSON", file: "inv", text: "#!/bin/sh\necho '{\"web\": {\"hosts\": \"hunter2\"}}'\n", message: "inv: what was printed"},
		{name: "in a program's variables", file: "inv", text: "#!/bin/sh\necho '{\"web\": {\"hosts\": [\"web1\"], \"vars\": [\"hunter2\"]}}'\n", message: "inv: what was printed"},
		{name: "in a program's output that is no map", file: "inv", text: "#!/bin/sh\necho '\"hunter2\"'\n", message: "inv: the output"},
		{name: "in a program's priority", file: "inv", text: "#!/bin/sh\necho '{\"web\": {\"hosts\": [\"web1\"], \"vars\": {\"ansible_group_priority\": \"hunter2\"}}}'\n", message: "inv: "},
		{name: "in what a program says for a host", file: "inv",
			text: "#!/bin/sh\ntest $1 = --list && echo '{\"web\": [\"web1\"]}' || echo '[hunter2'\n", message: "inv: "},
		{name: "in group_vars", text: "[web]\nweb1\n", policy: zoned, files: map[string]string{"group_vars/all": "zone: 'hunter2\n"}, message: "group_vars/all"},
		{name: "in host_vars", text: "[web]\nweb1\n", policy: zoned, files: map[string]string{"host_vars/web1.yml": "zone: !!int hunter2\n"}, message: "host_vars/web1.yml"},
		{name: "in host_vars that are a text", text: "[web]\nweb1\n", policy: zoned, files: map[string]string{"host_vars/web1.yml": "zone hunter2\n"}, message: "host_vars/web1.yml"},
		{name: "in a template that the policy names", text: "[web]\nweb1 zone=\"x{{ 'hunter2' }}\"\n", policy: zoned, message: "p.reg:2:5: "},
		{name: "beside a variable that is missing", text: "[web]\nweb1 p=hunter2 zon=hunter2\n", policy: zoned, message: "p.reg:2:5: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.file == "" {
				test.file = "hosts.ini"
			}
			if test.policy == "" {
				test.policy = soundPolicy
			}
			folder := programtest.WriteFiles(t, map[string]string{"p.reg": test.policy, test.file: test.text})
			for name, text := range test.files {
				path := filepath.Join(folder, name)
				require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
				require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
			}
			for _, action := range []string{"--list", "--check", "--host=web1"} {
				got := callIn(t, folder, "p.reg", "-i", test.file, action)
				assert.Equal(t, exitWrong, got.status, got.stdout)
				assert.Empty(t, got.stdout)
				assert.True(t, strings.HasPrefix(got.stderr, test.message), got.stderr)
				assert.NotContains(t, got.stderr, secret)
			}
		})
	}
}

// hostileNames are what somebody may call a host or a version, to fool a terminal, a shell, Ansible or a reader.
var hostileNames = []string{
	"--list", "-i", "--help", "$(reboot)", "`reboot`", "a;reboot", "a|b", "a&b", "a>b", "{{ lookup('pipe','id') }}", "{% if x %}",
	"<script>alert(1)</script>", "a\"b", "a'b", "a\\b", "a#b", "%s%n", "../../etc/passwd", "名前", "null", "yes", "1.10",
	"a\x1b[31mb", "a\x07b", "a\u202eb", "a\u200fb", "a\u2066b", "a\u0085b", "a\u200bb", "a\u061cb", "a\x7fb", "a\ufeffb",
	"a\nb", "a\tb", "a\rb", "[web]", "a b", "a:b", "a,b", "!web", "&web", "~web", "*",
}

// TestHostileNames gives hosts, groups and versions such names and looks at what every action prints.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	hosts, groups, versions := map[string]any{}, map[string]any{}, map[string]any{}
	for _, name := range hostileNames {
		if !strings.ContainsAny(name, "[") { // no range
			hosts["h"+name] = map[string]any{"v " + name: name}
			if !strings.Contains(name, ":") {
				hosts[name] = nil
			}
		}
		groups["g"+name] = map[string]any{"hosts": map[string]any{"web1": nil}}
		versions["v"+name] = map[string]any{"hosts": "all", "combine": "50%"}
	}
	for i, name := range hostileNames { // many of them are made one stem
		versions["v"+name].(map[string]any)["group"] = strings.Repeat("x", i+1) + name
	}
	toJSON := func(value any) string {
		text, err := json.Marshal(value)
		require.NoError(t, err)
		var escaped strings.Builder // YAML allows no DEL
		for _, r := range string(text) {
			if r < 0x7f {
				escaped.WriteRune(r)
			} else {
				fmt.Fprintf(&escaped, `\u%04x`, r)
			}
		}
		return escaped.String()
	}
	source := toJSON(map[string]any{"all": map[string]any{"hosts": hosts, "children": groups}})
	folder := programtest.WriteFiles(t, map[string]string{
		"p.reg": "plugin: regal\nversions: " + toJSON(versions) + "\n", "hosts.json": source,
	})
	old := callIn(t, folder, "p.reg", "-i", "hosts.json", "--plan=json")
	require.Equal(t, exitDone, old.status, old.stderr)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "old.json"), []byte(old.stdout), 0o600))
	var printed printedPlan
	require.NoError(t, json.Unmarshal([]byte(old.stdout), &printed))
	require.Len(t, printed.Versions, len(hostileNames))
	for _, version := range printed.Versions {
		assert.Regexp(t, safeGroup, version.Group)
		for _, wave := range version.Waves {
			assert.Regexp(t, safeGroup, wave.Group)
		}
	}
	calls := append(quietActions("web1", "old.json"), []string{"--list"}, []string{"--list", "--pretty"})
	for _, name := range hostileNames {
		calls = append(calls, []string{"--host=" + name}, []string{"--explain=h" + name}, []string{"--explain=no" + name}, []string{"--waves=no" + name})
	}
	for _, action := range calls {
		got := callIn(t, folder, append([]string{"p.reg", "-i", "hosts.json"}, action...)...)
		assert.NotRegexp(t, rawCharacter, got.stdout, action)
		assert.NotRegexp(t, rawCharacter, got.stderr, action)
	}

	programtest.Need(t, "ansible-inventory")
	programtest.WriteProgram(t, filepath.Join(folder, "inv"),
		"#!/bin/sh\nexec regal-inventory \""+folder+"/p.reg\" -i \""+folder+"/hosts.json\" \"$@\"\n")
	loaded := programtest.Run(t, folder, []string{"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=true"}, "ansible-inventory", "-i", "inv", "--list")
	require.Zero(t, loaded.Status, loaded.Output)
	for _, version := range printed.Versions {
		assert.Contains(t, loaded.Output, `"`+version.Group+`_rollout"`)
	}
}

// TestHostileFaults puts such names into what is refused.
func TestHostileFaults(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a\x1b[31mb", "a\u202eb", "a\u200fb", "a\x07b"} {
		quoted, err := json.Marshal(name)
		require.NoError(t, err)
		for file, text := range map[string]string{
			"section.ini": "[" + name + ":kind]\n", "vars.ini": "[" + name + ":vars]\nx=1\n", "child.ini": "[" + name + ":children]\nx" + name + "\n",
			"range.ini": name + "[1:\n", "port.ini": name + ":\n", "word.ini": "h1 " + name + "\n", "value.ini": "h1 " + name + "=" + strings.Repeat("-", 10000) + "1\n",
			"loop.ini": "[" + name + ":children]\nx\n[x:children]\n" + name + "\n", "variable.ini": "h1\n[all:vars]\n" + name + "\n",
			"host.yml": "all: {hosts: {" + string(quoted) + ": 1}}\n", "group.yml": string(quoted) + ": {hosts: [1]}\n",
			"key.yml": "all: {" + string(quoted) + ": 1}\n", "hidden.yml": "all: {vars: {a: !!int%1B%E2%80%AE 1}}\n", "tag.yml": "all: {vars: {a: !" + name + " 1}}\n", "anchor.yml": "all: *" + name + "\n",
			"twice.yml": "all: {vars: {" + string(quoted) + ": 1, " + string(quoted) + ": 1}}\n", "raw.yml": "all: {vars: {" + name + ": [}}\n",
			"inv": "#!/bin/sh\ncat <<'E'\n{" + string(quoted) + ": {\"hosts\": 1}}\nE\n",
		} {
			folder := programtest.WriteFiles(t, map[string]string{"p.reg": soundPolicy, file: text})
			got := callIn(t, folder, "p.reg", "-i", file, "--list")
			assert.NotRegexp(t, rawCharacter, got.stderr, file)
			assert.NotEqual(t, exitUsage, got.status)
		}
	}
}

// TestHostileFileNames has such a name for a file of a folder.
func TestHostileFileNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a\x1b[31mb", "a\u202eb", "a\nb", "a\xffb"} {
		for _, text := range []string{"all: {x: 1}\n", "h1 p='\n", "#!/bin/sh\necho x >&2\nexit 1\n"} {
			folder := programtest.WriteFiles(t, map[string]string{"p.reg": soundPolicy, "d/hosts": "h1\n", "d/" + name: text})
			got := callIn(t, folder, "p.reg", "-i", "d", "--check")
			assert.NotEmpty(t, got.stderr)
			assert.NotRegexp(t, rawCharacter, got.stderr)
			assert.NotContains(t, got.stderr, "a\nb")
		}
	}
}
