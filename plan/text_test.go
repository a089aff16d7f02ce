package plan

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

func TestGraph(t *testing.T) {
	plan := &grouping.Plan{Versions: []*grouping.Version{
		version("app-v1", "app_v1", named("web1"), named("web2", "web3")), version("none", "none"),
	}}
	assert.Equal(t, `@app_v1_rollout:
  |--@app_v1_canary:
  |  |--web1
  |--@app_v1_b1:
  |  |--web2
  |  |--web3
@none_rollout:
`, string(Graph(plan)))
}

func TestWaves(t *testing.T) {
	for _, test := range []struct{ version, want string }{
		{"app-v2", "app_v2_canary\napp_v2_b1\napp_v2_b2\n"},
		{"应用-v1", "v1_canary\nv1_b1\n"},
		{"", "app_v2_canary\napp_v2_b1\napp_v2_b2\nv1_canary\nv1_b1\n"},
	} {
		text, err := Waves(small(), test.version)
		require.NoError(t, err)
		assert.Equal(t, test.want, string(text))
	}
}

func TestWavesOfAnUnknownVersion(t *testing.T) {
	for _, test := range []struct{ version, want string }{
		{"app-v3", `there is no version "app-v3"; did you mean "app-v2"?`},
		{"database\n", `there is no version "database\n"`},
	} {
		text, err := Waves(small(), test.version)
		require.EqualError(t, err, test.want)
		var fault *inventory.Error
		require.ErrorAs(t, err, &fault)
		assert.Nil(t, text)
	}
}

func TestDiff(t *testing.T) {
	app := version("app", "app", named("web1"), named("web2", "web3"), named("web4"))
	one := func(versions ...*grouping.Version) *grouping.Plan { return &grouping.Plan{Versions: versions} }
	other := version("other", "other", named("db1"))
	for _, test := range []struct {
		name        string
		before, now *grouping.Plan
		want        string
	}{
		{"the same", small(), small(), ""},
		{"order within a wave", one(app), one(version("app", "app", named("web1"), named("web3", "web2"), named("web4"))), ""},
		{"joined", one(app), one(version("app", "app", named("web1"), named("web2", "web3"), named("web4", "web5", "web6"))),
			"app: 6 hosts in 3 waves, was 4 hosts in 3 waves\n  joined b2: web[5:6]\n"},
		{"left", one(app), one(version("app", "app", named("web1"), named("web4"))),
			"app: 2 hosts in 2 waves, was 4 hosts in 3 waves\n  left b1: web[2:3]\n  moved from b2 to b1: web4\n"},
		{"swapped", one(app), one(version("app", "app", named("web4"), named("web2", "web3"), named("web1"))),
			"app: 4 hosts in 3 waves\n  moved from b2 to canary: web4\n  moved from canary to b2: web1\n"},
		{"came", one(app), one(app, other), "other is new: 1 host in 1 wave\n"},
		{"went", one(other, app), one(app), "other is gone: 1 host in 1 wave\n"},
		{"other order", one(app, other), one(other, app), "order is other, app, was app, other\n"},
		{"came in between", one(app, other), one(app, version("new", "new"), other), "new is new: no hosts\n"},
		{"other group", one(version("app", "a", named("x"))), one(version("app", "b", named("x"))),
			"app: 1 host in 1 wave\n  group is b, was a\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, string(Diff(&Printed{test.before}, test.now)))
		})
	}
}

// Ansible itself draws the same tree of the same groups.
func TestGraphIsAnsibles(t *testing.T) {
	program, err := exec.LookPath("ansible-inventory")
	if err != nil {
		require.NotEqual(t, "true", os.Getenv("CI"), "CI needs ansible-core")
		t.Skip("ansible-core is not installed")
	}
	app := version("app", "app", named("web1"), named("web10", "web9"), named("主机", "db.example.com"))
	source := "[app_rollout:children]\n"
	for _, wave := range app.Waves {
		source += wave.Group + "\n"
	}
	for _, wave := range app.Waves {
		source += "[" + wave.Group + "]\n" + strings.Join(inventory.HostNames(wave.Hosts), "\n") + "\n"
	}
	path := filepath.Join(t.TempDir(), "hosts.ini")
	require.NoError(t, os.WriteFile(path, []byte(source), 0o644))
	drawn, err := exec.Command(program, "-i", path, "--graph", "app_rollout").Output()
	require.NoError(t, err)
	assert.Equal(t, string(drawn), string(Graph(&grouping.Plan{Versions: []*grouping.Version{app}})))
}

// Only all is 100%, and only nothing is 0%.
func TestPercent(t *testing.T) {
	for _, test := range []struct {
		done, count int
		want        string
	}{{0, 10, "0%"}, {1, 1000, "<1%"}, {1, 100, "1%"}, {999, 1000, "99%"}, {1000, 1000, "100%"}, {2, 3, "66%"}} {
		assert.Equal(t, test.want, percent(test.done, test.count))
	}
}
