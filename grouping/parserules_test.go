package grouping

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRiskIsANumber has values that look like a risk, and say of themselves that they are none.
func TestRiskIsANumber(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"!!bool":      "\"3\" is no such number: write how many hosts may be hurt, a number above 0 such as 3",
		"!!timestamp": "this is a text: write the number without quotes, \"3\"",
		"!odd":        "the tag \"!odd\" has no meaning in a policy: write how many hosts may be hurt, a number above 0 such as 3",
	} {
		_, err := ParsePolicy("p.yml", strings.NewReader("plugin: regal\ncombine: {risk: "+tag+" 3}\nversions: {app: web}\n"))
		assert.EqualError(t, err, "p.yml:2:17: combine.risk: "+want)
	}
}

// TestOneFaultOfARing has faults of which another would follow, and is not told.
func TestOneFaultOfARing(t *testing.T) {
	t.Parallel()
	for rings, want := range map[string]string{
		"[eu: {<<: {hosts: web}}]": "p.yml:2:31: versions.app.rings.eu.\"<<\": merge keys are not supported: the keys at the top of the policy are " +
			"the defaults of all versions",
		`["": web, "": db]`: "p.yml:2:26: versions.app.rings.\"\": a ring needs a name\n" +
			"p.yml:2:35: versions.app.rings.\"\": a ring needs a name",
		"[eu: web, 'eu': db]": "p.yml:2:35: versions.app.rings.eu: there is a ring of this name already: give this one another",
		"[e.u: web, e-u: db]": "p.yml:2:36: versions.app.rings.e-u: the group would end in ring_e_u, as that of ring e.u does: give it another name",
	} {
		_, err := ParsePolicy("p.yml", strings.NewReader("plugin: regal\nversions: {app: {rings: "+rings+"}}\n"))
		assert.EqualError(t, err, want)
	}
}

// TestFaultsOfTags has values whose tag says something else than they do.
func TestFaultsOfTags(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"schedule: !!int 10%\nversions: {app: web}": "p.yml:2:11: schedule: \"10%\" is no size: write a count such as 2, or a percentage such as 10%",
		"by: !x {a: [b], c: [d]}\nversions: {app: web}": "p.yml:2:5: by: the tag \"!x\" has no meaning in a policy: write a host variable and the order " +
			"of its values, such as {region: [eu, us]}",
		"versions: {a: , hosts: web, b: web, group: db}": "p.yml:2:17: versions.hosts: this key stands beside version a, and so is taken for a version: " +
			"indent it by two spaces more",
	} {
		_, err := ParsePolicy("p.yml", strings.NewReader("plugin: regal\n"+text+"\n"))
		assert.EqualError(t, err, want)
	}
}

// TestLargestRisk is the largest count.
func TestLargestRisk(t *testing.T) {
	t.Parallel()
	policy, err := ParsePolicy("p.yml", strings.NewReader("plugin: regal\ncombine: {risk: 1000000000}\nversions: {app: web}\n"))
	require.NoError(t, err)
	assert.InDelta(t, maxCount, policy.defaults.rules.Risk, 0)
}

// TestAgeOfFacts reads every form of max_age.
func TestAgeOfFacts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"3600": time.Hour, "1": time.Second, "90s": 90 * time.Second, "30m": 30 * time.Minute, "12h": 12 * time.Hour, "7d": 7 * 24 * time.Hour,
		"999999999s": 999_999_999 * time.Second, "99999d": 99_999 * 24 * time.Hour,
	} {
		policy, err := ParsePolicy("p.yml", strings.NewReader("plugin: regal\ndone: {var: v, facts: cache, max_age: "+text+"}\nversions: {app: web}\n"))
		require.NoError(t, err, text)
		assert.Equal(t, want, policy.defaults.rules.Done.MaxAge, text)
	}
}
