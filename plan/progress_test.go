package plan

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
)

// underWay is a plan with a release that is under way: the canary is done, b1 has lost its hosts, b3 joined.
func underWay() *grouping.Plan {
	begun := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	made := version("app-v1", "app_v1", named("web1"), nil, named("web4", "web5"), named("web<9>"))
	made.Progress = &grouping.Progress{
		Begun: begun, By: "alice@ctl", Done: []time.Time{begun.Add(time.Minute)}, Planned: 3, Released: 1,
		Left: []string{"web2", "web3"}, RulesChanged: true,
	}
	return &grouping.Plan{Versions: []*grouping.Version{made, version("app-v2", "app_v2", named("api1"))}}
}

func TestTableOfARelease(t *testing.T) {
	assert.Equal(t, `app-v1  4 hosts in 4 waves
under way since 2026-11-25T12:00:00Z, begun by alice@ctl: 1 host released, 3 hosts to go, next is b2
left since: web[2:3]
joined since: web<9>
the policy's rules have changed since, and count for hosts that joined
WAVE           GROUP          HOSTS  RELEASED                       UNSEEN  NAMES
canary (done)  app_v1_canary      1  1   25%  ━━━━━───────────────    100%  web1
b1             app_v1_b1          0  1   25%  ━━━━━───────────────     95%  
b2 (next)      app_v1_b2          2  3   75%  ━━━━━━━━━━━━━━━─────     95%  web[4:5]
b3             app_v1_b3          1  4  100%  ━━━━━━━━━━━━━━━━━━━━     64%  web<9>
canary 1 of 4: a fault in up to 95 % of hosts may go unseen

app-v2  1 host in 1 wave
WAVE           GROUP          HOSTS  RELEASED                       UNSEEN  NAMES
canary         app_v2_canary      1  1  100%  ━━━━━━━━━━━━━━━━━━━━    100%  api1

UNSEEN: before a wave, a fault in up to so many of the hosts may have gone unseen, at 95 %, if the
hosts of each wave are a mix like the rest
`, string(Table(underWay(), TableOptions{Width: 100})))
	for _, line := range strings.Split(string(Table(underWay(), TableOptions{Width: 40})), "\n") {
		assert.LessOrEqual(t, widthOf(line), 40, line)
	}
}

func TestPicturesOfARelease(t *testing.T) {
	assert.NotEmpty(t, elements(t, SVG(underWay())))
	page := string(HTML(underWay(), Origin{}))
	assert.Contains(t, page, "<p>under way since 2026-11-25T12:00:00Z, begun by alice@ctl: 1 host released, 3 hosts to go, next is b2</p>")
	assert.Contains(t, page, "<p>left since: web[2:3]</p>\n<p>joined since: web&lt;9&gt;</p>\n")
	assert.Contains(t, page, `<th scope="row">canary (done)</th>`)
	assert.Contains(t, page, `<th scope="row">b1</th>`)
	diagram := string(Mermaid(underWay()))
	assert.Contains(t, diagram, "canary "+mermaidText("(done)"))
	assert.Contains(t, diagram, "b2 "+mermaidText("(next)"))
	assert.Contains(t, diagram, "<br/>"+mermaidText("left since: web[2:3]")+"<br/>")
}

func TestJSONOfARelease(t *testing.T) {
	text := JSON(underWay())
	assert.Contains(t, string(text), `"hosts":4,"release":{"begun":"2026-11-25T12:00:00Z","by":"alice@ctl","done":["canary"],`+
		`"next":"b2","released":1,"remaining":3,"left":["web2","web3"],"joined":["web<9>"],"rules_changed":true},"waves":[`)
	assert.Contains(t, string(text), `{"name":"b1","group":"app_v1_b1","hosts":[],"total":1,`)
	back, err := ReadJSON("old.json", text)
	require.NoError(t, err)
	assert.Empty(t, Diff(back, underWay()))
	plan := underWay()
	plan.Versions[0].Progress.Done = make([]time.Time, 4)
	assert.Contains(t, string(JSON(plan)), `"done":["canary","b1","b2","b3"],"next":null,`)
}

func TestExplainOfARelease(t *testing.T) {
	for host, want := range map[string]string{
		"web1": "app-v1: wave canary (app_v1_canary), host 1 of 1; released when it is done: 1 of 4 hosts (25%)\n" +
			"  recorded: its place is that of 2026-11-25T12:00:00Z, when the release began; the wave was done at 2026-11-25T12:01:00Z\n",
		"web5": "app-v1: wave b2 (app_v1_b2), host 2 of 2; released when it is done: 3 of 4 hosts (75%)\n" +
			"  recorded: its place is that of 2026-11-25T12:00:00Z, when the release began\n",
		"web<9>": "app-v1: wave b3 (app_v1_b3), host 1 of 1; released when it is done: 4 of 4 hosts (100%)\n" +
			"  joined: it came after the release began at 2026-11-25T12:00:00Z, and so comes last\n",
		"web3": "app-v1: it has left since the release began\n",
		"web8": "web8 is in no version\n",
	} {
		assert.Equal(t, want, string(Explain(underWay(), host)), host)
	}
}

func TestWavesOfARelease(t *testing.T) {
	all, err := Waves(underWay(), "app_v1")
	require.NoError(t, err)
	assert.Equal(t, "app_v1_canary\napp_v1_b1\napp_v1_b2\napp_v1_b3\n", string(all))
	remaining, err := Remaining(underWay(), "app-v1")
	require.NoError(t, err)
	assert.Equal(t, "app_v1_b1\napp_v1_b2\napp_v1_b3\n", string(remaining))
	remaining, err = Remaining(underWay(), "")
	require.NoError(t, err)
	assert.Equal(t, "app_v1_b1\napp_v1_b2\napp_v1_b3\napp_v2_canary\n", string(remaining))
	version, index, err := FindWave(underWay(), "app_v1_b2")
	require.NoError(t, err)
	assert.Equal(t, "app-v1", version.Name)
	assert.Equal(t, 2, index)
	_, _, err = FindWave(underWay(), "app_v1_b22")
	assert.EqualError(t, err, `there is no wave "app_v1_b22"; did you mean "app_v1_b2"?`)
}

// TestPicturesWithoutAnyHost has a release the hosts of which have all left.
func TestPicturesWithoutAnyHost(t *testing.T) {
	plan := underWay()
	for i := range plan.Versions[0].Waves {
		plan.Versions[0].Waves[i].Hosts = nil
	}
	assert.NotEmpty(t, elements(t, SVG(plan)))
	assert.Contains(t, string(HTML(plan, Origin{})), "</html>")
	assert.NotEmpty(t, Table(plan, TableOptions{Width: 80}))
	assert.NotEmpty(t, Mermaid(plan))
}
