package grouping

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestDigestKnowsEveryRule changes each rule in turn, so that none that comes to be is forgotten.
func TestDigestKnowsEveryRule(t *testing.T) {
	changed := map[string]Rules{
		"Schedule": {Schedule: Percent(10)},
		"Canary":   {Canary: []string{"a"}},
		"Combine":  {Combine: []Size{Count(2), Count(3)}},
		"Risk":     {Risk: 3},
		"Order":    {Order: Shuffle},
		"Seed":     {Seed: "s"},
		"Spread":   {Spread: []string{"rack"}},
		"MaxPer":   {MaxPer: []Limit{{Variable: "rack", Values: []ValueLimit{{Value: "a", Hosts: 2}}}}},
		"By":       {By: "rack"},
		"ByOrder":  {ByOrder: []string{"a"}},
		"Cover":    {Cover: []string{"rack"}},
		"Done":     {Done: &Done{Variable: "x", Facts: "f", MaxAge: time.Hour}},
		"Split":    {Split: []Share{{Name: "a", Percent: 100}}},
		"Rings":    {Rings: []Ring{{Name: "eu", Target: []string{"eu"}, Rules: Rules{Schedule: Count(2)}}}},
	}
	for field := range reflect.TypeFor[Rules]().Fields() {
		if field.Name != "Group" { // which says how groups are called, and nothing of who is in them
			assert.Contains(t, changed, field.Name)
		}
	}
	seen := map[string]string{(&Version{}).Digest(): "none", (&Version{target: []string{"web"}}).Digest(): "target",
		(&Version{from: "app_version"}).Digest(): "from"}
	assert.Len(t, seen, 3)
	for name, rules := range changed {
		digest := (&Version{Rules: rules}).Digest()
		assert.Equal(t, digest, (&Version{Rules: rules}).Digest())
		assert.NotContains(t, seen, digest, "%s and %s", name, seen[digest])
		seen[digest] = name
	}
}
