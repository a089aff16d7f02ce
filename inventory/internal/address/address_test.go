package address

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/regal-inventory/regal-inventory/inventory/internal/asked"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

func TestParseAddressAsAnsible(t *testing.T) {
	type question struct {
		Text   []rune `json:"text"`
		Ranges bool   `json:"ranges"`
	}
	type answer struct {
		Host []rune
		Port *string
	}
	rounds, random := asked.Rounds(t, 30_000)
	var questions []question
	for _, text := range []string{
		"[" + strings.Repeat("a", 50) + "]:" + strings.Repeat("1", 4300), "a:" + strings.Repeat("1", 4301),
		"a:" + strings.Repeat("0", 4301), "[web:1]:2", "[[a:b]:1]:2", "dead::anything", "1:2:3:4:5:6:7:8 and more", "[a]:1\n",
		"", "\n", ":80", "[]:80", "a:", "::", "0:0:0:0:0:ffff:1.2.3.4", "0:0:0:0:0:ffff:1.2.3.4x", "1.2.3.4\n", "[\n]:1",
	} {
		questions = append(questions, question{python.Runes(text), true}, question{python.Runes(text), false})
	}
	for range rounds {
		questions = append(questions, question{python.Runes(asked.RandomText(random, asked.AddressParts, 9)), random.IntN(4) > 0})
	}
	answers := asked.Targets[question, *answer](t, "address", questions)
	good, ansible := 0, asked.Installed(t)
	for i, want := range answers {
		text := asked.FromRunes(questions[i].Text)
		host, port, ok := Parse(text, questions[i].Ranges, ansible.IsSince)
		if !assert.Equal(t, want != nil, ok, "%q, ranges %v", text, questions[i].Ranges) || want == nil {
			continue
		}
		good++
		assert.Equal(t, asked.FromRunes(want.Host), host, "%q", text)
		if want.Port == nil {
			assert.Empty(t, port, "%q", text)
		} else {
			assert.Equal(t, *want.Port, port, "%q", text)
		}
	}
	assert.Greater(t, good, len(answers)/20, "too few of the questions are addresses")
}
