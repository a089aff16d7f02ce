// Package ansibletest finds the Ansible that tests are held against: the one whose ansible-playbook comes first in PATH.
package ansibletest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Version is the major and the minor number of an Ansible: 2.19.
type Version struct{ Major, Minor int }

// AtLeast tells whether the version is major.minor or a later one.
func (v Version) AtLeast(major, minor int) bool {
	return v.Major > major || v.Major == major && v.Minor >= minor
}

// String returns the version as Ansible's users write it.
func (v Version) String() string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }

// Python returns the Python that the Ansible in use runs under, one that can import ansible. Without an Ansible it skips the
// test, and fails it where CI is true.
func Python(t testing.TB) string {
	t.Helper()
	return need(t).Python
}

// VersionInUse returns the version of the Ansible in use. Without an Ansible it does as Python does.
func VersionInUse(t testing.TB) Version {
	t.Helper()
	return need(t).Version
}

// Installation is an Ansible on this machine.
type Installation struct {
	Python  string // that it runs under
	Version Version
}

func need(t testing.TB) Installation {
	t.Helper()
	found, err := InUse()
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("%v: apt-get install ansible-core", err)
	default:
		t.Skipf("%v; nothing to compare with", err)
	}
	return found
}

// InUse returns the Ansible in use. It looks for it once; tests do not change PATH before they ask.
var InUse = sync.OnceValues(func() (Installation, error) {
	playbook, err := exec.LookPath("ansible-playbook")
	if err != nil {
		return Installation{}, fmt.Errorf("ansible-core is not installed")
	}
	for _, python := range candidates(playbook) {
		output, err := exec.Command(python, "-c", "from ansible.release import __version__; print(__version__)").Output()
		var version Version
		if err != nil {
			continue
		}
		if _, err := fmt.Sscanf(string(output), "%d.%d", &version.Major, &version.Minor); err != nil {
			return Installation{}, fmt.Errorf("%s says that Ansible's version is %q", python, output)
		}
		return Installation{python, version}, nil
	}
	return Installation{}, fmt.Errorf("no Python beside %s can import ansible", playbook)
})

// candidates returns the Pythons that ansible-playbook may run under, the likeliest first: those in its folder, also when
// it is called through a link, then the one that its first line names.
func candidates(playbook string) []string {
	var pythons []string
	programs := []string{playbook}
	if target, err := filepath.EvalSymlinks(playbook); err == nil && target != playbook {
		programs = append(programs, target)
	}
	for _, program := range programs {
		folder := filepath.Dir(program)
		pythons = append(pythons, filepath.Join(folder, "python"), filepath.Join(folder, "python3"))
	}
	if text, err := os.ReadFile(playbook); err == nil {
		first, _, _ := bytes.Cut(text, []byte("\n"))
		if line, ok := strings.CutPrefix(string(first), "#!"); ok {
			if words := strings.Fields(line); len(words) > 0 && filepath.Base(words[0]) != "env" {
				pythons = append(pythons, words[0])
			} else if len(words) > 1 {
				pythons = append(pythons, words[1])
			}
		}
	}
	return pythons
}
