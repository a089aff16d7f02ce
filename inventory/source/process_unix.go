//go:build unix

package source

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// What access(2) is asked.
const (
	accessExecute = 1 // X_OK
	accessRead    = 4 // R_OK
)

// mayExecute tells whether this user may run the file.
func mayExecute(path string) bool { return syscall.Access(path, accessExecute) == nil }

// mayRead tells whether this user may read the file.
func mayRead(path string) bool { return syscall.Access(path, accessRead) == nil }

// startSession makes a program, when it is started, the leader of a session without a terminal, whose processes end together.
func startSession(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// endSession tells the processes of a session to end.
func endSession(leader int) { _ = syscall.Kill(-leader, syscall.SIGTERM) }

// killSession kills what is left of a session, which may be nothing.
func killSession(leader int) { _ = syscall.Kill(-leader, syscall.SIGKILL) }

// killMarked kills the processes that carry the mark in their environment: those that made a session of their own, which
// no signal to the group reaches.
func killMarked(mark string) {
	const rounds = 10 // while one is killed it may start another
	for range rounds {
		paths, _ := filepath.Glob("/proc/[0-9]*/environ")
		found := false
		for _, path := range paths {
			environment, err := os.ReadFile(path)
			if err != nil || !slices.Contains(strings.Split(string(environment), "\x00"), mark) {
				continue
			}
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
				found = syscall.Kill(pid, syscall.SIGKILL) == nil || found
			}
		}
		if !found {
			return
		}
	}
}
