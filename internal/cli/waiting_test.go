package cli

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// onTerminal is the program as it is on a terminal, where it waits so long before it tells what for.
func onTerminal(stdout, stderr *bytes.Buffer, patience time.Duration) *program {
	return &program{
		calledAs: "regal-inventory", getenv: func(string) string { return "" }, stdin: strings.NewReader(""),
		stdout: stdout, stderr: stderr, terminal: true, patience: patience,
	}
}

// slow is a policy with an inventory program that takes its time, and complains meanwhile.
func slow(t *testing.T) (policy, warning string) {
	folder := programtest.WriteFiles(t, map[string]string{
		"regal.yml": "plugin: regal\ninventory: [slow.sh, hosts.ini]\nversions: {app-v1: web, app-v2: web1}\n",
		"hosts.ini": "[web]\nweb[1:3]\n",
		"slow.sh":   "#!/bin/sh\nsleep 0.3\necho 'the cloud is slow' >&2\nsleep 0.3\necho '{}'\n",
	})
	return filepath.Join(folder, "regal.yml"), "warning: " + filepath.Join(folder, "slow.sh") + ": the cloud is slow\n"
}

// TestWaitingIsTold has the program that is waited for named, in a line that is taken away before anything else is written, and
// at the end.
func TestWaitingIsTold(t *testing.T) {
	var stdout, stderr bytes.Buffer
	policy, warning := slow(t)
	require.Equal(t, exitDone, onTerminal(&stdout, &stderr, 20*time.Millisecond).run([]string{policy, "--check"}))
	assert.Equal(t, "sound: 2 versions, 3 hosts, 4 waves\n", stdout.String())
	shown := eraseLine + "waiting for slow.sh --list, 0 s"
	text := stderr.String()
	assert.Greater(t, strings.Count(text, shown), 2)
	require.Contains(t, text, eraseLine+warning)
	assert.NotContains(t, strings.ReplaceAll(text, eraseLine+warning, ""), "warning")
	assert.True(t, strings.HasSuffix(text, shown+eraseLine), "%q", text)
}

// TestNobodyWaitsLong has no line where reading is quick, or where there is no terminal to show it.
func TestNobodyWaitsLong(t *testing.T) {
	policy, warning := slow(t)
	for _, patience := range []time.Duration{0, time.Minute} {
		var stdout, stderr bytes.Buffer
		require.Equal(t, exitDone, onTerminal(&stdout, &stderr, patience).run([]string{policy, "--check"}))
		assert.Equal(t, warning, stderr.String())
	}
}

// TestWaitingEndsWithAnError leaves nothing of the line before a message.
func TestWaitingEndsWithAnError(t *testing.T) {
	folder := programtest.WriteFiles(t, map[string]string{
		"regal.yml": "plugin: regal\ninventory: broken.sh\nversions: {app-v1: web}\n",
		"broken.sh": "#!/bin/sh\nsleep 0.2\nexit 3\n",
	})
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitWrong, onTerminal(&stdout, &stderr, 20*time.Millisecond).run([]string{filepath.Join(folder, "regal.yml"), "--check"}))
	assert.Empty(t, stdout.String())
	lines := strings.Split(stderr.String(), eraseLine)
	assert.Equal(t, filepath.Join(folder, "broken.sh")+": the program failed: exit status 3\n", lines[len(lines)-1])
	assert.Contains(t, stderr.String(), "waiting for broken.sh --list")
}
