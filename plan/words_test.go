package plan

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// TestHeldBackInEach says of one wave how many hosts it had, and of two that each had as many.
func TestHeldBackInEach(t *testing.T) {
	why := grouping.HeldBack{Variable: "rack", Value: "r1", Limit: 2}
	assert.Equal(t, "held back from canary: rack=r1 already had 2", heldBackReason(why, []string{"canary"}))
	assert.Equal(t, "held back from canary, b1: rack=r1 already had 2 in each", heldBackReason(why, []string{"canary", "b1"}))
	assert.Equal(t, "held back from b[1:3]: rack=r1 already had 2 in each", heldBackReason(why, []string{"b1", "b2", "b3"}))
}

// TestNameLines names as many ranges as there are lines for, and then how many hosts are left. Without a line for names there is
// none for the rest either: the box says how many hosts it has.
func TestNameLines(t *testing.T) {
	wave := grouping.Wave{Hosts: []*inventory.Host{{Name: "web1"}, {Name: "web2"}, {Name: "db"}, {Name: "api"}}}
	assert.Empty(t, nameLines(wave, 0))
	assert.Equal(t, []string{"web[1:2]", "and 2 more"}, nameLines(wave, 1))
	assert.Equal(t, []string{"web[1:2]", "db", "and 1 more"}, nameLines(wave, 2))
	assert.Equal(t, []string{"web[1:2]", "db", "api"}, nameLines(wave, 3))
	assert.Equal(t, []string{"web[1:2]", "db", "api"}, nameLines(wave, 4))
}
