// Package asked asks Python and Ansible what they make of something, for tests that hold us against them. The questions
// about inventories are in inventory.go; the Python programs that answer stand beside. It knows nothing of our inventories, so
// that the tests of every package can ask.
package asked

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// UsualSeed is what make test generates from, so that it fails only for a change's sake. make fidelity looks further, from a
// new seed each time.
const UsualSeed = 20261122

// FromEnv returns the number in an environment variable, or the default.
func FromEnv(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	number, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, name)
	return number
}

// known is the Ansible in use, once installed has been called; nil before.
var known atomic.Pointer[ansible.InUse]

// Known returns the Ansible in use, once installed has been called; nil before.
func Known() *ansible.InUse { return known.Load() }

// Installed is the Ansible in use, which has been asked for its version already: to ask it for each of thousands of
// inventories would take most of the time of a test.
func Installed(t *testing.T) *ansible.InUse {
	t.Helper()
	version := ansibletest.VersionInUse(t)
	if known.Load() == nil {
		known.Store(ansible.Of(ansible.Version{Major: version.Major, Minor: version.Minor}))
	}
	return known.Load()
}

//go:embed *.py
var scripts embed.FS

// script returns the path of one of the Python programs that stand beside this file.
func script(t *testing.T, name string) string {
	t.Helper()
	folder := t.TempDir()
	for _, each := range []string{name, "typed.py"} {
		text, err := scripts.ReadFile(each)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, each), text, 0o600))
	}
	return filepath.Join(folder, name)
}

// Python returns what the script answers to each text, a line each.
func Python(t *testing.T, name string, texts []string) []string {
	t.Helper()
	var questions bytes.Buffer
	for _, text := range texts {
		writeQuestion(&questions, text)
	}
	command := exec.Command(ansibletest.Python(t), script(t, name))
	command.Stdin = &questions
	var complaint strings.Builder
	command.Stderr = &complaint
	output, err := command.Output()
	require.NoError(t, err, complaint.String())
	var answers []string
	lines := bufio.NewReader(bytes.NewReader(output))
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		answers = append(answers, strings.TrimSuffix(line, "\n"))
	}
	require.Len(t, answers, len(texts))
	return answers
}

// writeQuestion writes text in JSON, with every character that is not plain ASCII escaped.
func writeQuestion(out *bytes.Buffer, text string) {
	out.WriteByte('"')
	for len(text) > 0 {
		r, size := python.DecodeRune(text)
		text = text[size:]
		switch {
		case r >= 0x10000:
			fmt.Fprintf(out, `\u%04x\u%04x`, 0xD800+(r-0x10000)>>10, 0xDC00+(r-0x10000)&0x3FF)
		case r < ' ' || r > '~' || r == '"' || r == '\\':
			fmt.Fprintf(out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	out.WriteString("\"\n")
}

// Targets hands the questions to target.py, in one process, and reads its answers.
func Targets[Q, A any](t *testing.T, what string, questions []Q) []A {
	t.Helper()
	input, err := json.Marshal(questions)
	require.NoError(t, err)
	command := exec.Command(ansibletest.Python(t), script(t, "target.py"), what)
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

// Rounds returns how many random questions to ask, REGAL_TARGETS if that is set, and their source, and logs the
// seed: REGAL_SEED repeats a run.
func Rounds(t *testing.T, usual int) (int, *rand.Rand) {
	t.Helper()
	seed := FromEnv(t, "REGAL_SEED", rand.Uint64())
	rounds := int(FromEnv(t, "REGAL_TARGETS", uint64(usual)))
	t.Logf("REGAL_SEED=%d REGAL_TARGETS=%d", seed, rounds)
	return rounds, rand.New(rand.NewPCG(seed, 0))
}

// RandomText returns up to longest of the parts, one after another.
func RandomText(random *rand.Rand, parts []string, longest int) string {
	var text strings.Builder
	for range 1 + random.IntN(longest) {
		text.WriteString(parts[random.IntN(len(parts))])
	}
	return text.String()
}

// FromRunes is the inverse of Runes.
func FromRunes(runes []rune) string {
	var text strings.Builder
	for _, r := range runes {
		if r >= 0xD800 && r < 0xE000 {
			python.AppendSurrogate(&text, r)
		} else {
			text.WriteRune(r)
		}
	}
	return text.String()
}

// AddressParts are what addresses, and what almost is one, are made of.
var AddressParts = []string{
	"a", "z", "F", "web", "-", "_", ".", ".", ":", ":", "::", "[", "]", "]:", "0", "1", "80", "007", "255", "256", "199",
	"[1:3]", "[a:c]", "[0:f]", "[1:10:2]", "[A:Z]", "[01:20]", "[a:\u0131]", "[\u212A:\u017F]", "[a-c]", "dead", "ffff",
	"fe80", "1:2:3:4:5:6:7:8", "::1", "0:0:0:0:0:", "192.0.2.3", "10.0.", ":22", ":022", "[::1]:22", "\n", " ", "é", "中", "²",
	"٣", "\u0301", "‿", "½", "\xed\xb2\x80", "\U0001D7D8", "K", "ſ", "*", "!", "&", ",", "~", "g",
}
