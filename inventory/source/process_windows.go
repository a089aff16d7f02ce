package source

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// mayExecute tells whether the file's name is one that Windows runs.
func mayExecute(path string) bool {
	return slices.Contains([]string{".exe", ".com", ".bat", ".cmd"}, strings.ToLower(filepath.Ext(path)))
}

// mayRead tells whether this user may read the file.
func mayRead(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	return file.Close() == nil
}

// startSession does nothing: Windows has no sessions of this kind, so what a program starts may stay when it is stopped.
func startSession(*exec.Cmd) {}

// endSession kills the program: Windows cannot tell it to end.
func endSession(leader int) { killSession(leader) }

// killSession kills the program, if it still runs.
func killSession(leader int) {
	if process, err := os.FindProcess(leader); err == nil {
		_ = process.Kill()
	}
}

// killMarked does nothing: the environment of other processes cannot be read.
func killMarked(string) {}
