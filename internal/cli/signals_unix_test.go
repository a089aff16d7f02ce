//go:build unix

package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// TestSignal stops the program while an inventory program hangs: it ends with a message, and nothing that it started is left.
func TestSignal(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			folder := programtest.WriteFiles(t, map[string]string{
				"p.reg": soundPolicy,
				"inv":   "#!/bin/sh\nsleep 300 &\necho $$ $! > running.new\nmv running.new running\nwait\n",
			})
			command := exec.Command("regal-inventory", "p.reg", "-i", "inv", "--list")
			command.Dir = folder
			var stdout, stderr bytes.Buffer
			command.Stdout, command.Stderr = &stdout, &stderr
			require.NoError(t, command.Start())
			running := filepath.Join(folder, "running")
			if !assert.Eventually(t, func() bool { _, err := os.Stat(running); return err == nil }, 30*time.Second, 10*time.Millisecond) {
				_ = command.Process.Kill()
			}
			require.NoError(t, command.Process.Signal(signal))
			err := command.Wait()
			assert.Error(t, err)
			assert.Equal(t, exitWrong, command.ProcessState.ExitCode())
			assert.Empty(t, stdout.String())
			assert.Contains(t, stderr.String(), "inv: the program was stopped: ")
			pids, err := os.ReadFile(running)
			require.NoError(t, err)
			for _, pid := range strings.Fields(string(pids)) {
				status, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
				assert.True(t, err != nil || bytes.Contains(status, []byte(") Z ")), "process %s is left: %s", pid, status)
			}
		})
	}
}

// TestSignalWhileReading sends a signal while no program runs but a large file is read: the call may not go on as if
// nothing had been.
func TestSignalWhileReading(t *testing.T) {
	t.Parallel()
	folder := programtest.WriteFiles(t, map[string]string{"p.reg": soundPolicy, "h.ini": "h[1:4900000]\n"})
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGQUIT} {
		command := exec.Command("regal-inventory", "p.reg", "-i", "h.ini", "--list")
		command.Dir = folder
		var stdout, stderr bytes.Buffer
		command.Stdout, command.Stderr = &stdout, &stderr
		require.NoError(t, command.Start())
		time.Sleep(300 * time.Millisecond)
		require.NoError(t, command.Process.Signal(signal))
		assert.Error(t, command.Wait())
		assert.Equal(t, exitWrong, command.ProcessState.ExitCode())
		assert.Empty(t, stdout.String())
		assert.Regexp(t, "^(reading was stopped: "+signal.String()+"|regal-inventory: ended by a signal)\n$", stderr.String())
	}
}

// TestSecondSignal sends two signals to a call whose program does not heed the first.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	folder := programtest.WriteFiles(t, map[string]string{
		"p.reg": soundPolicy, "inv": "#!/bin/sh\ntrap '' TERM\necho > running\nwhile :; do sleep 0.1; done\n",
	})
	command := exec.Command("regal-inventory", "p.reg", "-i", "inv", "--list")
	command.Dir = folder
	var stderr bytes.Buffer
	command.Stderr = &stderr
	require.NoError(t, command.Start())
	require.Eventually(t, func() bool { _, err := os.Stat(filepath.Join(folder, "running")); return err == nil }, 30*time.Second, 10*time.Millisecond)
	start := time.Now()
	require.NoError(t, command.Process.Signal(syscall.SIGTERM))
	time.Sleep(100 * time.Millisecond)
	require.NoError(t, command.Process.Signal(syscall.SIGTERM))
	assert.Error(t, command.Wait())
	assert.Less(t, time.Since(start), 1500*time.Millisecond, "the first signal alone leaves the program two seconds")
	assert.Equal(t, exitWrong, command.ProcessState.ExitCode())
	assert.Equal(t, "regal-inventory: ended by a signal\n", stderr.String())
	_ = exec.Command("pkill", "-KILL", "-f", filepath.Join(folder, "inv")).Run()
}
