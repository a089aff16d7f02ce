package plan

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/regal-inventory/regal-inventory/grouping"
)

func TestExplain(t *testing.T) {
	two := grouping.Count(2)
	for _, test := range []struct {
		name  string
		rules grouping.Rules
		hosts []string
		host  string
		want  string
	}{
		{
			"canary", grouping.Rules{}, []string{"web1", "web2", "web3"}, "web1",
			`app: wave canary (app_canary), host 1 of 1; released when it is done: 1 of 3 hosts (33%)
  order: the hosts come in the order inventory
  schedule: canary takes at most 1 host
`,
		},
		{
			"canary by name", grouping.Rules{Canary: []string{"web3"}}, []string{"web1", "web2", "web3"}, "web3",
			`app: wave canary (app_canary), host 1 of 1; released when it is done: 1 of 3 hosts (33%)
  the policy's canary names it
`,
		},
		{
			"batch", grouping.Rules{Combine: []grouping.Size{two}, Order: grouping.Sorted},
			[]string{"web5", "web4", "web3", "web2", "web1"}, "web3",
			`app: wave b1 (app_b1), host 2 of 2; released when it is done: 3 of 5 hosts (60%)
  order: the hosts come in the order sorted
  combine: b1 takes at most 2 hosts
`,
		},
		{
			"shuffled", grouping.Rules{Order: grouping.Shuffle, Seed: "a\nb"}, []string{"web1"}, "web1",
			`app: wave canary (app_canary), host 1 of 1; released when it is done: 1 of 1 host (100%)
  order: the hosts are shuffled by the seed "a\nb"
  schedule: canary takes at most 1 host
`,
		},
		{
			"by and spread", grouping.Rules{By: "zone", Spread: []string{"rack", "os"}},
			[]string{"web1 zone=x rack=a os=d", "web2 zone=y rack=b os=e"}, "web2",
			`app: wave b1 (app_b1), host 1 of 1; released when it is done: 2 of 2 hosts (100%)
  order: the hosts come in the order inventory
  by: it is released with the hosts of zone=y, and no wave has hosts of two values
  spread: it stands for rack=b, os=e, which every wave has in its share of the whole
  combine: b1 takes at most 1 host
`,
		},
		{
			"held back once", grouping.Rules{Schedule: two, Combine: []grouping.Size{two},
				MaxPer: []grouping.Limit{{Variable: "rack", Hosts: 1}}},
			[]string{"web1 rack=7", "web2 rack=7", "web3 rack=8", "web4 rack=8"}, "web2",
			`app: wave b1 (app_b1), host 1 of 2; released when it is done: 4 of 4 hosts (100%)
  order: the hosts come in the order inventory
  held back from canary: rack=7 already had 1
  combine: b1 takes at most 2 hosts
`,
		},
		{
			"held back often", grouping.Rules{Schedule: two, Combine: []grouping.Size{two},
				MaxPer: []grouping.Limit{{Variable: "rack", Hosts: 1}}},
			[]string{"web1 rack=7", "web2 rack=7", "web3 rack=7", "web4 rack=7"}, "web4",
			`app: wave b3 (app_b3), host 1 of 1; released when it is done: 4 of 4 hosts (100%)
  order: the hosts come in the order inventory
  held back from canary, b[1:2]: rack=7 already had 1 in each
  combine: b3 takes at most 2 hosts
`,
		},
		{
			"gave way", grouping.Rules{Schedule: two, Combine: []grouping.Size{two},
				MaxPer: []grouping.Limit{{Variable: "rack", Hosts: 1}}},
			[]string{"web1 rack=b", "web2 rack=c", "web3 rack=a", "web4 rack=a", "web5 rack=a"}, "web2",
			`app: wave b1 (app_b1), host 1 of 2; released when it is done: 4 of 5 hosts (80%)
  order: the hosts come in the order inventory
  gave way in canary to hosts with rack=a: so many of them are left that, at 1 in a wave, they would need one wave more
  combine: b1 takes at most 2 hosts
`,
		},
		{
			"smaller for max_per", grouping.Rules{Combine: []grouping.Size{grouping.Count(6)},
				MaxPer: []grouping.Limit{{Variable: "rack", Hosts: 2}, {Variable: "zone", Hosts: 5}}},
			[]string{"c rack=a zone=x", "h1 rack=a zone=x", "h2 rack=a zone=x", "h3 rack=b zone=x", "h4 rack=b zone=x", "h5 rack=c zone=x",
				"h6 rack=a zone=y", "h7 rack=a zone=x", "h8 rack=a zone=x", "h9 rack=a zone=x"}, "h3",
			`app: wave b1 (app_b1), host 3 of 5; released when it is done: 6 of 10 hosts (60%)
  order: the hosts come in the order inventory
  max_per: b1 has 5 hosts and not 6, the most by combine, because of the limit on rack
`,
		},
		{
			"last of a section", grouping.Rules{Combine: []grouping.Size{two}, By: "zone", MaxPer: []grouping.Limit{{Variable: "rack", Hosts: 1}}},
			[]string{"c zone=x rack=a", "h1 zone=x rack=a", "h2 zone=y rack=a"}, "h1",
			`app: wave b1 (app_b1), host 1 of 1; released when it is done: 2 of 3 hosts (66%)
  order: the hosts come in the order inventory
  by: it is released with the hosts of zone=x, and no wave has hosts of two values
  combine: b1 takes at most 2 hosts
`,
		},
		{"in no version", grouping.Rules{}, []string{"web1"}, "web9\x1b", "web9\\u001b is in no version\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, string(Explain(placed(t, test.rules, test.hosts...), test.host)))
		})
	}
}

func TestExplainEachVersion(t *testing.T) {
	shared := named("web1", "web2")
	plan := &grouping.Plan{Versions: []*grouping.Version{
		version("one", "one", shared), version("two", "two", named("db1")), version("three", "three", shared[1:], shared[:1]),
	}}
	assert.Equal(t, `one: wave canary (one_canary), host 2 of 2; released when it is done: 2 of 2 hosts (100%)
  schedule: canary takes at most 2 hosts
three: wave canary (three_canary), host 1 of 1; released when it is done: 1 of 2 hosts (50%)
  schedule: canary takes at most 1 host
`, string(Explain(plan, "web2")))
}
