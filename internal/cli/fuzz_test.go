package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/source"
)

// inProcess runs the program within the test and returns its exit status and both outputs.
func inProcess(args ...string) (status int, stdout, stderr string) {
	var out, fault bytes.Buffer
	p := program{
		calledAs: "/nowhere/regal-inventory", getenv: func(string) string { return "" },
		stdin: strings.NewReader(""), stdout: &out, stderr: &fault,
	}
	status = p.run(args)
	return status, out.String(), fault.String()
}

var (
	// manyHosts finds ranges that would take a fuzzer's time and memory, and nothing else.
	manyHosts = regexp.MustCompile(`\[[^\]]*\d{3}|\[[^\n]*\[[^\n]*\[`)
	safeGroup = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// startsPrograms tells whether a source named "hosts" with that text would be run, or be read by ansible-inventory.
func startsPrograms(source []byte) bool {
	return bytes.HasPrefix(source, []byte("#!")) || bytes.HasPrefix(source, []byte("$ANSIBLE_VAULT;"))
}

// FuzzProgram has any texts for policy and inventory. They are refused with a message and nothing on standard output, or
// the release obeys section 3 of the design and is printed as the same JSON each time.
func FuzzProgram(f *testing.F) {
	for _, pattern := range []string{"testdata/policies/*.yml", "examples/*.yml"} {
		files, err := filepath.Glob(pattern)
		require.NoError(f, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(f, err)
			f.Add(text, []byte("[web]\nweb[1:9] zone=a\n[db]\ndb[a:c] zone=b\n"))
		}
	}
	const policy = "plugin: regal\nschedule: 2\ncombine: [1, 50%]\nversions:\n  app-v1: web:!web2\n" +
		"  db: {hosts: [db, '~h.'], order: shuffle, seed: x, canary: db1}\n"
	for _, source := range []string{
		"[web]\nweb[1:5] rack=1\n[db]\ndb[1:2]\n[all:vars]\nx={'a': [1, 2]}\n",
		"all:\n  children:\n    web: {hosts: {'web[1:5]': {rack: r}}}\n    db: {hosts: {db1: , h2: {<<: {a: 1}, v: !unsafe '{{ x }}'}}}\n",
		`{"all": {"children": {"web": {"hosts": {"web1": {"a": [1.5e3, "\u202e"]}, "web2": null}}, "db": {"hosts": {"db1": {}}}}}}`,
		"[web:children]\ndb\n[db]\ndb1 ansible_host=::1 # c\n\"h 2\" x=\"a b\"\n--list\n[app_v1_b1]\n",
	} {
		f.Add([]byte(policy), []byte(source))
		f.Add([]byte(policy+"priority: d*\nspread: rack\nmax_per: {rack: 2}\n"), []byte(source))
		f.Add([]byte("plugin: regal\nby: rack\nversions_from: {var: rack, hosts: web}\n"), []byte(source))
	}
	f.Fuzz(func(t *testing.T, policy, source []byte) {
		if startsPrograms(source) || manyHosts.Match(source) {
			t.Skip("it would start a program or take long")
		}
		folder := t.TempDir()
		policyFile, sourceFile := filepath.Join(folder, "p.yml"), filepath.Join(folder, "hosts")
		require.NoError(t, os.WriteFile(policyFile, policy, 0o600))
		require.NoError(t, os.WriteFile(sourceFile, source, 0o600))
		list := []string{policyFile, "--inventory", sourceFile, "--list"}
		status, stdout, stderr := inProcess(list...)
		again, sameOut, sameErr := inProcess(list...)
		require.Equal(t, []any{status, stdout, stderr}, []any{again, sameOut, sameErr}, "two runs differ")
		require.NotRegexp(t, "[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", stderr)
		if status != exitDone {
			require.Equal(t, exitWrong, status)
			require.Empty(t, stdout)
			require.NotEmpty(t, strings.TrimSpace(stderr))
			return
		}
		checkRelease(t, policyFile, sourceFile, stdout)
	})
}

// printedPlan is what --plan=json prints.
type printedPlan struct {
	Versions []struct {
		Name, Group string
		Hosts       int
		Waves       []struct {
			Name, Group string
			Hosts       []string
			Total       int
		}
	}
}

// checkRelease holds what --list and --plan=json print against the policy and the inventory.
func checkRelease(t *testing.T, policyFile, sourceFile, list string) {
	t.Helper()
	require.True(t, utf8.ValidString(list))
	var groups map[string]json.RawMessage
	if !strings.Contains(list, "NaN") && !strings.Contains(list, "Infinity") { // Python's JSON has them, Go's has not
		require.NoError(t, json.Unmarshal([]byte(list), &groups))
	}
	status, text, _ := inProcess(policyFile, "--inventory", sourceFile, "--plan=json")
	require.Equal(t, exitDone, status, "--list succeeds and --plan does not")
	var printed printedPlan
	require.NoError(t, json.Unmarshal([]byte(text), &printed))

	policy, err := grouping.ReadPolicy(policyFile)
	require.NoError(t, err)
	inv, err := source.Read(t.Context(), []string{sourceFile}, source.Options{Policy: policyFile, Variables: policy.Variables()})
	require.NoError(t, err)
	release, err := policy.Plan(inv)
	require.NoError(t, err)
	require.Len(t, printed.Versions, len(release.Versions))
	targets := targetsOf(t, policyFile)
	for i, version := range release.Versions {
		var released []string
		for k, wave := range version.Waves {
			shown := printed.Versions[i].Waves[k]
			require.Equal(t, wave.Group, shown.Group)
			require.Regexp(t, safeGroup, wave.Group)
			require.Len(t, shown.Hosts, len(wave.Hosts))
			checkWave(t, inv, version, k)
			for _, host := range wave.Hosts {
				require.Same(t, host, inv.Host(host.Name))
				released = append(released, host.Name)
			}
			require.Equal(t, len(released), shown.Total)
			if groups != nil {
				var group struct{ Hosts []string }
				require.NoError(t, json.Unmarshal(groups[wave.Group], &group))
				require.Equal(t, shown.Hosts, group.Hosts, "--list and --plan differ")
			}
		}
		if target, known := targets[version.Name]; known {
			hosts, err := inv.Select(target...)
			require.NoError(t, err)
			want := make([]string, len(hosts))
			for i, host := range hosts {
				want[i] = host.Name
			}
			slices.Sort(want)
			slices.Sort(released)
			require.Equal(t, want, released, "not every host of the version is in exactly one wave")
		}
	}
}

// checkWave checks the bounds of one wave against the rules, reckoned here once more.
func checkWave(t *testing.T, inv *inventory.Inventory, version *grouping.Version, k int) {
	t.Helper()
	total := 0
	for _, wave := range version.Waves {
		total += len(wave.Hosts)
	}
	wave, rules := version.Waves[k], version.Rules
	require.NotEmpty(t, wave.Hosts)
	size := rules.Combine[min(max(k-1, 0), len(rules.Combine)-1)].Of(total)
	switch {
	case k == 0 && rules.Canary != nil:
		return // exactly the hosts that are named
	case k == 0:
		size = rules.Schedule.Of(total)
	}
	require.LessOrEqual(t, len(wave.Hosts), size)
	values := func(name string) map[string]int {
		count, lookup := map[string]int{}, inv.Variable(name)
		for _, host := range wave.Hosts {
			value, _ := lookup(host)
			count[value.Text()]++
		}
		return count
	}
	if rules.By != "" {
		require.Len(t, values(rules.By), 1, "a wave spans two values of by")
	}
	for _, limit := range rules.MaxPer {
		for value, hosts := range values(limit.Variable) {
			require.LessOrEqual(t, hosts, limit.Hosts, "%s %s", limit.Variable, value)
		}
	}
}

// targetsOf returns the targets of a sound policy's versions, read by other means than the program's.
func targetsOf(t *testing.T, policyFile string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(policyFile)
	require.NoError(t, err)
	var policy struct{ Versions yaml.Node }
	require.NoError(t, yaml.Unmarshal(text, &policy))
	targets := map[string][]string{}
	versions := policy.Versions.Content
	for i := 0; i+1 < len(versions); i += 2 {
		target, rules := versions[i+1], map[string]yaml.Node{}
		if target.Kind == yaml.MappingNode && target.Decode(&rules) == nil {
			hosts := rules["hosts"]
			target = &hosts
		}
		switch target.Kind {
		case yaml.ScalarNode:
			targets[versions[i].Value] = []string{target.Value}
		case yaml.SequenceNode:
			for _, term := range target.Content {
				if term.Kind != yaml.ScalarNode {
					delete(targets, versions[i].Value)
					break
				}
				targets[versions[i].Value] = append(targets[versions[i].Value], term.Value)
			}
		}
	}
	return targets
}
