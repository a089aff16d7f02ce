package plan

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

func TestJSON(t *testing.T) {
	plan := &grouping.Plan{Versions: []*grouping.Version{
		version("app-v1", "app_v1", named("web1"), named("web2", "主机")),
		version("none", "none"),
	}}
	assert.Equal(t, `{"versions":[{"name":"app-v1","group":"app_v1","hosts":3,"waves":[`+
		`{"name":"canary","group":"app_v1_canary","hosts":["web1"],"total":1,"unseen":1},`+
		`{"name":"b1","group":"app_v1_b1","hosts":["web2","主机"],"total":3,"unseen":0.95}]},`+
		`{"name":"none","group":"none","hosts":0,"waves":[]}]}`+"\n", string(JSON(plan)))
	assert.Equal(t, `{"versions":[]}`+"\n", string(JSON(&grouping.Plan{})))
}

func TestReadJSONReadsWhatJSONWrote(t *testing.T) {
	limits := []grouping.Limit{{Variable: "x", Hosts: 1}, {Variable: "y", Hosts: 1}, {Variable: "z", Hosts: 1}}
	fleets := placed(t, grouping.Rules{Split: []grouping.Share{{Name: "new", Percent: 40}, {Name: "old", Percent: 60}},
		Done: &grouping.Done{Variable: "has"}, Schedule: grouping.Count(3), Combine: []grouping.Size{grouping.Count(3)}, MaxPer: limits},
		"web1 x=1 y=1 z=1", "web2 x=1 y=2 z=2", "web3 x=2 y=1 z=2", "web4 x=1 y=1 z=1 has=app")
	fleets.Versions[0].Waves[1].Ring = "eu"
	require.Contains(t, string(JSON(fleets)), `"fewest":2`)
	for name, plan := range map[string]*grouping.Plan{
		"small": small(), "hostile": readable(hostile()), "empty": {}, "fleets": fleets,
	} {
		t.Run(name, func(t *testing.T) {
			text := JSON(plan)
			read, err := ReadJSON("plan.json", text)
			require.NoError(t, err)
			assert.Equal(t, string(text), string(JSON(read.plan)))
			assert.Empty(t, Diff(read, plan))
		})
	}
}

// readable takes out the names that no source has: package inventory makes surrogates of bytes that are not UTF-8.
func readable(plan *grouping.Plan) *grouping.Plan {
	for _, version := range plan.Versions {
		for i, wave := range version.Waves {
			version.Waves[i].Hosts = nil
			for _, host := range wave.Hosts {
				if host.Name != "bad\xffbyte" && host.Name != "bad\xffbyte-b" {
					version.Waves[i].Hosts = append(version.Waves[i].Hosts, host)
				}
			}
		}
	}
	kept := &grouping.Plan{}
	for _, version := range plan.Versions {
		if version.Name != "bad\xffbyte" {
			kept.Versions = append(kept.Versions, version)
		}
	}
	return kept
}

// Every name comes back as it was, lone surrogates too.
func TestNamesSurviveJSON(t *testing.T) {
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xed\xb2\x80\xed\xa0\x81", "😀", `\`, `\ud800`, `"`, "\x00", "\U000e0041",
	}))
	rapid.Check(t, func(t *rapid.T) {
		name := "x"
		for _, one := range rapid.SliceOf(piece).Draw(t, "pieces") {
			name += one
		}
		if pairs(name) {
			t.Skip("two surrogates that make a pair are one character in JSON, as in Python's reader")
		}
		read, err := ReadJSON("plan.json", JSON(&grouping.Plan{Versions: []*grouping.Version{version(name, "g", named(name))}}))
		require.NoError(t, err)
		require.Equal(t, name, read.plan.Versions[0].Name)
		require.Equal(t, name, read.plan.Versions[0].Waves[0].Hosts[0].Name)
	})
}

// pairs tells whether a high surrogate stands before a low one, which no text from package inventory has.
func pairs(name string) bool {
	previous := rune(0)
	for len(name) > 0 {
		r, size := decodeRune(name)
		if previous >= 0xD800 && previous < 0xDC00 && r >= 0xDC00 && r < 0xE000 {
			return true
		}
		previous, name = r, name[size:]
	}
	return false
}

func TestReadJSONRefuses(t *testing.T) {
	const wave = `{"name":"canary","group":"g_canary","hosts":["a"],"total":1}`
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "old.json:1:1: the plan ends too early"},
		{"half", `{"versions":[`, "old.json:1:14: the plan ends too early"},
		{"no JSON", "{\n  versions: []}", "old.json:2:3: this is not JSON: invalid character 'v' at start of value"},
		{"a list", "[]", "old.json:1:1: a plan must be an object"},
		{"other JSON", `{"_meta":{}}`,
			`old.json:1:2: a plan has no key "_meta"; this is not a plan that --plan=json printed`},
		{"no key", `{}`, `old.json:1:1: a plan needs the key "versions"; this is not a plan that --plan=json printed`},
		{"key twice", `{"versions":[],"versions":[]}`,
			`old.json:1:16: this is not JSON: duplicate object member name`},
		{"versions an object", `{"versions":{}}`, "old.json:1:13: versions must be a list"},
		{"name a number", `{"versions":[{"name":7}]}`, "old.json:1:22: a version's name must be a text"},
		{"name empty", `{"versions":[{"name":""}]}`, "old.json:1:22: a version's name must not be empty"},
		{"hosts a text", `{"versions":[{"hosts":"7"}]}`, "old.json:1:23: a version's hosts must be a count"},
		{"hosts negative", `{"versions":[{"hosts":-7}]}`, "old.json:1:23: a version's hosts must be a count"},
		{"hosts broken", `{"versions":[{"hosts":1.5}]}`, "old.json:1:23: a version's hosts must be a count"},
		{"more", "{\"versions\":[]}\n{}", "old.json:2:1: more text after the plan's end"},
		{"rubbish after", "{\"versions\":[]}x", "old.json:1:16: this is not JSON: invalid character 'x' at start of value"},
		{"wrong count", `{"versions":[{"name":"主机","group":"g","hosts":2,"waves":[` + wave + `]}]}`,
			`old.json:1:14: version "主机" says 2 hosts, its waves have 1`},
		{"wrong total, column in characters", `{"versions":[{"name":"主机","group":"g","hosts":1,"waves":[` +
			`{"name":"canary","group":"g","hosts":["a"],"total":2}]}]}`,
			`old.json:1:58: wave "canary" says that 2 hosts are released by then, the waves so far have 1`},
		{"empty wave", `{"versions":[{"waves":[{"name":"b1","group":"g","hosts":[],"total":0}]}]}`,
			`old.json:1:24: wave "b1" has no hosts`},
		{"host twice", `{"versions":[{"waves":[` + wave + `,{"name":"b1","hosts":["b", "a"]}]}]}`,
			`old.json:1:112: host "a" is in this version twice`},
		{"wave twice", `{"versions":[{"waves":[` + wave + `,{"name":"canary","group":"g","hosts":["b"],"total":2}]}]}`,
			`old.json:1:85: wave "canary" is there twice`},
		{"version twice", `{"versions":[{"name":"a","group":"g","hosts":0,"waves":[]},` + "\n" +
			` {"name":"a","group":"g","hosts":0,"waves":[]}]}`, `old.json:2:2: version "a" is there twice`},
		{"unseen that is not so", `{"versions":[{"waves":[{"name":"canary","group":"g","hosts":["a"],"total":1,"unseen":0.95}]}]}`,
			"old.json:1:86: unseen must be 1 after 0 hosts"},
		{"unseen as a text", `{"versions":[{"waves":[{"unseen":"1"}]}]}`, "old.json:1:34: unseen must be 1 after 0 hosts"},
		{"ring a number", `{"versions":[{"waves":[{"ring":1}]}]}`, "old.json:1:32: a ring must be a text"},
		{"fewest a text", `{"versions":[{"fewest":"3"}]}`, "old.json:1:24: fewest must be a count"},
		{"left out twice", `{"versions":[{"left_out":["a","a"]}]}`, `old.json:1:31: host "a" is in this version twice`},
		{"part without hosts", `{"versions":[{"split":[{"name":"x","group":"g_x","percent":1}]}]}`,
			`old.json:1:24: a part of a split needs the key "hosts"; this is not a plan that --plan=json printed`},
		{"host in two parts", `{"versions":[{"split":[{"name":"x","group":"g_x","percent":1,"hosts":["a"]},` +
			`{"name":"y","group":"g_y","percent":1,"hosts":["a"]}]}]}`, `old.json:1:124: host "a" is in this version twice`},
		{"not UTF-8", "{\"versions\":[{\"name\":\"\xff\"}]}", "old.json:1:23: this is not UTF-8"},
		{"control", "{\"versions\":[{\"name\":\"\x1b[2J\"}]}",
			`old.json:1:23: this is not JSON: invalid character '\x1b' in string (expecting non-control character)`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadJSON("old.json", []byte(test.text))
			require.EqualError(t, err, test.want)
			var fault *inventory.Error
			require.ErrorAs(t, err, &fault)
		})
	}
}

// Whatever a file holds, reading it ends in a plan that can be shown, or in an error.
func FuzzReadJSON(f *testing.F) {
	f.Add(JSON(small()))
	f.Add([]byte(`{"versions":[{"name":"\ud800","group":"g","hosts":0,"waves":[]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		plan, err := ReadJSON("f", data)
		if err != nil {
			return
		}
		again, err := ReadJSON("f", JSON(plan.plan))
		require.NoError(t, err)
		require.Empty(t, Diff(plan, again.plan))
		formats(t, plan.plan)
	})
}
