package plan

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// need skips the test where a program is missing, and fails it where CI is true.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		require.NotEqual(t, "true", os.Getenv("CI"), "CI needs %s", program)
		t.Skip(program + " is not installed")
	}
	return path
}

// oddNames has a name with each character that some list or language could read otherwise than it is written, and some harmless.
func oddNames() []string {
	names := []string{"-web", "_web", ".web", "web1", "web01", "web001", "10.0.0.1", "10.0.0.2", "fe80::1", "主机1", "主机2", "web", "true",
		"null", "n18446744073709551616", "n18446744073709551617", "L@web", "G@os", "or", "and", "not"}
	for r := rune(1); r < 0x300; r++ {
		names = append(names, fmt.Sprintf("a%c", r), fmt.Sprintf("a%c7b8", r))
	}
	for _, r := range []rune{0x663, 0x2028, 0x200b, 0xff10, 0x1d7ce, 0x4e00, 0xfffd} {
		names = append(names, fmt.Sprintf("a%c1", r))
	}
	return names
}

// alone is a plan with a wave for each of the names.
func alone(names []string) *grouping.Plan {
	var waves [][]*inventory.Host
	for _, name := range names {
		waves = append(waves, named(name))
	}
	return &grouping.Plan{Versions: []*grouping.Version{version("app", "app", waves...)}}
}

// exportable are those of the names that an export does not refuse, each asked alone.
func exportable(t *testing.T, names []string, export func(*grouping.Plan) ([]byte, error)) []string {
	var accepted []string
	for _, name := range names {
		text, err := export(alone([]string{name}))
		if err != nil {
			require.ErrorContains(t, err, quote(name))
			require.Nil(t, text)
			continue
		}
		accepted = append(accepted, name)
	}
	require.Subset(t, accepted, []string{"web1", "web01", "10.0.0.1", "fe80::1", "主机1"})
	require.NotSubset(t, accepted, []string{"-web"})
	return accepted
}

// TestExportsRefuseEveryOddHost has one message for each host, however many groups it is in.
func TestExportsRefuseEveryOddHost(t *testing.T) {
	plan := &grouping.Plan{Versions: []*grouping.Version{
		version("one", "one", named("a b"), named("web1", "a,b")), version("two", "two", named("a b")),
	}}
	for name, export := range map[string]func(*grouping.Plan) ([]byte, error){"Salt": Salt, "ClusterShell": ClusterShell} {
		text, err := export(plan)
		assert.Nil(t, text)
		assert.Len(t, inventory.Faults(err), 2)
		assert.ErrorContains(t, err, `host "a b" cannot be named to `)
		assert.ErrorContains(t, err, `host "a,b" cannot be named to `)
		assert.ErrorContains(t, err, name)
	}
}

// TestSaltByItsGrammar reads nodegroups as Salt does (salt/utils/minions.py, nodegroup_comp and _check_list_minions): a text is a
// compound matcher, cut at white space; a word that begins with L@ is a list, cut at commas.
func TestSaltByItsGrammar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := randomWaves(t)
		text, err := Salt(plan)
		require.NoError(t, err)
		var read struct {
			Nodegroups map[string]string `yaml:"nodegroups"`
		}
		require.NoError(t, yaml.Unmarshal(text, &read), string(text))
		for group, want := range wantedMembers(plan) {
			matcher, found := read.Nodegroups[group]
			require.Equal(t, len(want) > 0, found, group)
			if !found {
				continue
			}
			require.Len(t, strings.Fields(matcher), 1)
			list, isList := strings.CutPrefix(matcher, "L@")
			require.True(t, isList, matcher)
			require.Equal(t, want, strings.Split(list, ","), group)
		}
	})
	for _, name := range exportable(t, oddNames(), Salt) {
		assert.NotContains(t, name, ",")
		assert.False(t, strings.ContainsFunc(name, unicode.IsSpace), "%q", name)
		assert.False(t, strings.ContainsAny(name, "/\\\x00"), "no minion has the name %q", name) // salt/utils/verify.py, valid_id
	}
	text, err := Salt(&grouping.Plan{})
	require.NoError(t, err)
	assert.Equal(t, "nodegroups: {}\n", string(text))
}

// randomWaves is a plan of two versions with random waves, of which some are empty.
func randomWaves(t *rapid.T) *grouping.Plan {
	plan := &grouping.Plan{}
	name := rapid.StringMatching(`[a-z主é0-9_.][a-z主é0-9_.:-]{0,9}`)
	for _, stem := range []string{"app_v1", "v2"} {
		hosts := rapid.SliceOfNDistinct(name, 0, 12, rapid.ID).Draw(t, "hosts")
		made := version(stem, stem)
		for len(hosts) > 0 {
			size := rapid.IntRange(0, len(hosts)).Draw(t, "size")
			wave := fmt.Sprintf("b%d", len(made.Waves))
			made.Waves = append(made.Waves, grouping.Wave{Name: wave, Group: stem + "_" + wave, Hosts: named(hosts[:size]...)})
			hosts = hosts[size:]
		}
		plan.Versions = append(plan.Versions, made)
	}
	return plan
}

// wantedMembers are the hosts of every wave and of every rollout.
func wantedMembers(plan *grouping.Plan) map[string][]string {
	wanted := map[string][]string{}
	for _, version := range plan.Versions {
		for _, wave := range version.Waves {
			wanted[wave.Group] = inventory.HostNames(wave.Hosts)
			wanted[version.Group+"_rollout"] = append(wanted[version.Group+"_rollout"], wanted[wave.Group]...)
		}
	}
	return wanted
}

// TestClusterShellReadsBack has ClusterShell itself expand every group: of odd names, each in a wave of its own, and of a fleet.
func TestClusterShellReadsBack(t *testing.T) {
	nodeset := need(t, "nodeset")
	names := exportable(t, oddNames(), ClusterShell)
	plan := alone(names)
	plan.Versions = append(plan.Versions, version("fleet", "fleet", hosts("web%02d.example.com", 1, 1),
		append(hosts("web%d", 8, 4), hosts("web%03d", 8, 4)...), nil))
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "groups.d"), 0o700))
	text, err := ClusterShell(plan)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "groups.d", "regal.yaml"), text, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "groups.conf"),
		[]byte("[Main]\ndefault: local\nautodir: "+filepath.Join(folder, "groups.d")+"\n[local]\nmap: echo web1\n"), 0o600))
	expand := func(group string) []string {
		command := exec.Command(nodeset, "-e", "-S", `\n`, "@regal:"+group)
		command.Env = append(os.Environ(), "CLUSTERSHELL_CFGDIR="+folder, "LC_ALL=C.UTF-8")
		output, err := command.CombinedOutput()
		require.NoError(t, err, string(output))
		return strings.Fields(string(output))
	}
	want := wantedMembers(plan)
	for _, group := range []string{"app_rollout", "fleet_canary", "fleet_b1", "fleet_b2", "fleet_rollout"} {
		assert.ElementsMatch(t, want[group], expand(group), group)
	}
	assert.ElementsMatch(t, want["fleet_b1"], expand("fleet_b"))
	at := slices.Index(names, "fe80::1")
	assert.Equal(t, []string{"fe80::1"}, expand(plan.Versions[0].Waves[at].Group))
}
