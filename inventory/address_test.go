package inventory

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
)

// askTargets hands the questions to testdata/target.py, in one process, and reads its answers.
func askTargets[Q, A any](t *testing.T, what string, questions []Q) []A {
	t.Helper()
	input, err := json.Marshal(questions)
	require.NoError(t, err)
	command := exec.Command(ansibletest.Python(t), filepath.Join("testdata", "target.py"), what)
	command.Stdin = bytes.NewReader(input)
	var complaints bytes.Buffer
	command.Stderr = &complaints
	output, err := command.Output()
	require.NoError(t, err, complaints.String())
	var answers []A
	require.NoError(t, json.Unmarshal(output, &answers))
	require.Len(t, answers, len(questions))
	return answers
}

// targetRounds returns how many random questions to ask, REGAL_TARGETS if that is set, and their source, and logs the
// seed: REGAL_SEED repeats a run.
func targetRounds(t *testing.T, usual int) (int, *rand.Rand) {
	t.Helper()
	seed := fromEnv(t, "REGAL_SEED", rand.Uint64())
	rounds := int(fromEnv(t, "REGAL_TARGETS", uint64(usual)))
	t.Logf("REGAL_SEED=%d REGAL_TARGETS=%d", seed, rounds)
	return rounds, rand.New(rand.NewPCG(seed, 0))
}

// randomText returns up to longest of the parts, one after another.
func randomText(random *rand.Rand, parts []string, longest int) string {
	var text strings.Builder
	for range 1 + random.IntN(longest) {
		text.WriteString(parts[random.IntN(len(parts))])
	}
	return text.String()
}

// fromRunes is the inverse of toRunes.
func fromRunes(runes []rune) string {
	var text strings.Builder
	for _, r := range runes {
		if r >= 0xD800 && r < 0xE000 {
			appendSurrogate(&text, r)
		} else {
			text.WriteRune(r)
		}
	}
	return text.String()
}

var addressParts = []string{
	"a", "z", "F", "web", "-", "_", ".", ".", ":", ":", "::", "[", "]", "]:", "0", "1", "80", "007", "255", "256", "199",
	"[1:3]", "[a:c]", "[0:f]", "[1:10:2]", "[A:Z]", "[01:20]", "[a:\u0131]", "[\u212A:\u017F]", "[a-c]", "dead", "ffff",
	"fe80", "1:2:3:4:5:6:7:8", "::1", "0:0:0:0:0:", "192.0.2.3", "10.0.", ":22", ":022", "[::1]:22", "\n", " ", "é", "中", "²",
	"٣", "\u0301", "‿", "½", "\xed\xb2\x80", "\U0001D7D8", "K", "ſ", "*", "!", "&", ",", "~", "g",
}

func TestParseAddressAsAnsible(t *testing.T) {
	type question struct {
		Text   []rune `json:"text"`
		Ranges bool   `json:"ranges"`
	}
	type answer struct {
		Host []rune
		Port *string
	}
	rounds, random := targetRounds(t, 30_000)
	var questions []question
	for _, text := range []string{
		"[" + strings.Repeat("a", 50) + "]:" + strings.Repeat("1", 4300), "a:" + strings.Repeat("1", 4301),
		"a:" + strings.Repeat("0", 4301), "[web:1]:2", "[[a:b]:1]:2", "dead::anything", "1:2:3:4:5:6:7:8 and more", "[a]:1\n",
		"", "\n", ":80", "[]:80", "a:", "::", "0:0:0:0:0:ffff:1.2.3.4", "0:0:0:0:0:ffff:1.2.3.4x", "1.2.3.4\n", "[\n]:1",
	} {
		questions = append(questions, question{toRunes(text), true}, question{toRunes(text), false})
	}
	for range rounds {
		questions = append(questions, question{toRunes(randomText(random, addressParts, 9)), random.IntN(4) > 0})
	}
	answers := askTargets[question, *answer](t, "address", questions)
	good, ansible := 0, installed(t)
	for i, want := range answers {
		text := fromRunes(questions[i].Text)
		host, port, ok := parseAddress(text, questions[i].Ranges, ansible.isSince)
		if !assert.Equal(t, want != nil, ok, "%q, ranges %v", text, questions[i].Ranges) || want == nil {
			continue
		}
		good++
		assert.Equal(t, fromRunes(want.Host), host, "%q", text)
		if want.Port == nil {
			assert.Empty(t, port, "%q", text)
		} else {
			assert.Equal(t, *want.Port, port, "%q", text)
		}
	}
	assert.Greater(t, good, len(answers)/20, "too few of the questions are addresses")
}
