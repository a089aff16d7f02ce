package plan

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/regal-inventory/regal-inventory/grouping"
)

func TestTable(t *testing.T) {
	for _, test := range []struct {
		name  string
		width int
		want  string
	}{
		{"wide", 120, `
app-v2  12 hosts in 3 waves
WAVE    GROUP          HOSTS  RELEASED                        UNSEEN  NAMES
canary  app_v2_canary      1   1    8%  ━───────────────────    100%  web01.example.com
b1      app_v2_b1          4   5   41%  ━━━━━━━━────────────     95%  web[02:05].example.com
b2      app_v2_b2          7  12  100%  ━━━━━━━━━━━━━━━━━━━━     46%  web[06:11].example.com, db1
canary 1 of 12: a fault in up to 95 % of hosts may go unseen

应用-v1  3 hosts in 2 waves
WAVE    GROUP          HOSTS  RELEASED                        UNSEEN  NAMES
canary  v1_canary          1   1   33%  ━━━━━━──────────────    100%  主机1
b1      v1_b1              2   3  100%  ━━━━━━━━━━━━━━━━━━━━     95%  主机[2:3]
canary 1 of 3: a fault in up to 95 % of hosts may go unseen

UNSEEN: before a wave, a fault in up to so many of the hosts may have gone unseen, at 95 %, if the hosts of each wave
are a mix like the rest
`},
		{"of a usual terminal", 80, `
app-v2  12 hosts in 3 waves
WAVE    GROUP          HOSTS  RELEASED  UNSEEN  NAMES
canary  app_v2_canary      1   1    8%    100%  web01.example.com
b1      app_v2_b1          4   5   41%     95%  web[02:05].example.com
b2      app_v2_b2          7  12  100%     46%  web[06:11].example.com, db1
canary 1 of 12: a fault in up to 95 % of hosts may go unseen

应用-v1  3 hosts in 2 waves
WAVE    GROUP          HOSTS  RELEASED  UNSEEN  NAMES
canary  v1_canary          1   1   33%    100%  主机1
b1      v1_b1              2   3  100%     95%  主机[2:3]
canary 1 of 3: a fault in up to 95 % of hosts may go unseen

UNSEEN: before a wave, a fault in up to so many of the hosts may have gone
unseen, at 95 %, if the hosts of each wave are a mix like the rest
`},
		{"narrow", 60, `
app-v2  12 hosts in 3 waves, groups app_v2_*
WAVE    HOSTS  RELEASED  UNSEEN  NAMES
canary      1   1    8%    100%  web01.example.com
b1          4   5   41%     95%  web[02:05].example.com
b2          7  12  100%     46%  web[06:11].example.com, db1
canary 1 of 12: a fault in up to 95 % of hosts may go unseen

应用-v1  3 hosts in 2 waves, groups v1_*
WAVE    HOSTS  RELEASED  UNSEEN  NAMES
canary      1   1   33%    100%  主机1
b1          2   3  100%     95%  主机[2:3]
canary 1 of 3: a fault in up to 95 % of hosts may go unseen

UNSEEN: before a wave, a fault in up to so many of the hosts
may have gone unseen, at 95 %, if the hosts of each wave are
a mix like the rest
`},
		{"narrowest", 40, `
app-v2  12 hosts in 3 waves, groups app…
WAVE    HOSTS  RELEASED  NAMES
canary      1   1    8%  web01.example.…
b1          4   5   41%  web[02:05].exa…
b2          7  12  100%  web[06:11].exa…
canary 1 of 12: a fault in up to 95 % of
hosts may go unseen

应用-v1  3 hosts in 2 waves, groups v1_*
WAVE    HOSTS  RELEASED  NAMES
canary      1   1   33%  主机1
b1          2   3  100%  主机[2:3]
canary 1 of 3: a fault in up to 95 % of
hosts may go unseen

UNSEEN: before a wave, a fault in up to
so many of the hosts may have gone
unseen, at 95 %, if the hosts of each
wave are a mix like the rest
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, strings.TrimPrefix(test.want, "\n"), string(Table(small(), TableOptions{Width: test.width})))
		})
	}
}

func TestTableOfLittle(t *testing.T) {
	assert.Equal(t, "no versions\n", string(Table(&grouping.Plan{}, TableOptions{Width: 80})))
	assert.Equal(t, "none  no hosts\n",
		string(Table(&grouping.Plan{Versions: []*grouping.Version{version("none", "none")}}, TableOptions{Width: 80})))
}

func TestTableSaysThatNamesAreMissing(t *testing.T) {
	plan := &grouping.Plan{Versions: []*grouping.Version{version("a", "a", named("web1", "db", "api", "cache", "queue", "mail"))}}
	text := string(Table(plan, TableOptions{Width: 44}))
	assert.Contains(t, text, "  web1, db, api, …\n")
}

var sequence = regexp.MustCompile("\x1b\\[[0-9]+m")

func TestTableInColor(t *testing.T) {
	text := Table(small(), TableOptions{Width: 80, Color: true})
	assert.Contains(t, string(text), "\x1b[33mcanary\x1b[0m")
	assert.Equal(t, string(Table(small(), TableOptions{Width: 80})), string(sequence.ReplaceAll(text, nil)))
}

// Whatever the names and the width, no line is wider than the terminal, and every row's columns start where its head's do.
func TestTableLinesUp(t *testing.T) {
	name := rapid.StringMatching(`[a-z主机é\x{1F469}\x{202E}.0-9]{1,30}`)
	rapid.Check(t, func(t *rapid.T) {
		plan := &grouping.Plan{}
		for range rapid.IntRange(1, 3).Draw(t, "versions") {
			waves := make([][]string, rapid.IntRange(1, 4).Draw(t, "waves"))
			made := version(name.Draw(t, "version"), name.Draw(t, "group"))
			for i := range waves {
				waves[i] = rapid.SliceOfN(name, 1, 40).Draw(t, "hosts")
				made.Waves = append(made.Waves, grouping.Wave{Name: name.Draw(t, "wave"), Group: name.Draw(t, "group"),
					Ring: rapid.OneOf(rapid.Just(""), name).Draw(t, "ring"), Hosts: named(waves[i]...)})
			}
			made.LeftOut = named(rapid.SliceOfN(name, 0, 9).Draw(t, "left out")...)
			for range rapid.IntRange(0, 2).Draw(t, "parts") {
				made.Parts = append(made.Parts, grouping.Part{Name: name.Draw(t, "part"), Group: name.Draw(t, "group"),
					Hosts: named(rapid.SliceOfN(name, 0, 9).Draw(t, "hosts")...)})
			}
			plan.Versions = append(plan.Versions, made)
		}
		width := rapid.IntRange(40, 220).Draw(t, "width")
		text := Table(plan, TableOptions{Width: width})
		at := -1
		for _, line := range strings.Split(string(text), "\n") {
			require.LessOrEqual(t, widthOf(line), width, line)
			if head, _, found := strings.Cut(line, "NAMES"); found && strings.HasPrefix(line, "WAVE") {
				require.True(t, at < 0 || at == widthOf(head), "two tables with other columns")
				at = widthOf(head)
			}
		}
		require.Positive(t, at)
		head := ""
		for _, line := range strings.Split(string(text), "\n") {
			if strings.HasPrefix(line, "WAVE") {
				head = line
			}
			if percent := strings.IndexByte(line, '%'); percent > 0 && !strings.HasSuffix(line[:percent], " ") &&
				line != head && !strings.HasPrefix(line, "split ") {
				bars := []int{0, 10 + gap, 20 + gap}
				left := at
				if strings.Contains(head, " UNSEEN ") {
					left = widthOf(head[:strings.Index(head, "UNSEEN")])
					require.Regexp(t, ` (100|[1-9]?[0-9](\.[0-9])?)%  `, line)
				}
				require.Contains(t, []int{left - gap - bars[0], left - gap - bars[1], left - gap - bars[2]},
					widthOf(line[:percent+1]), line)
			}
		}
	})
}

func TestTableOfTenThousandHosts(t *testing.T) {
	assert.Less(t, len(Table(many(10_000, 500), TableOptions{Width: 80})), 30*130)
	assert.Less(t, len(Table(many(10_000, 1), TableOptions{Width: 80})), 10_010*130)
}

// many is a version of so many hosts in waves of that size, the last one smaller.
func many(count, size int) *grouping.Plan {
	app := version("app", "app")
	for all := hosts("web%05d.example.com", 0, count); len(all) > 0; {
		name := fmt.Sprintf("b%d", len(app.Waves))
		members := all[:min(size, len(all))]
		app.Waves = append(app.Waves, grouping.Wave{Name: name, Group: "app_" + name, Size: size, Hosts: members})
		all = all[len(members):]
	}
	return &grouping.Plan{Versions: []*grouping.Version{app}}
}
