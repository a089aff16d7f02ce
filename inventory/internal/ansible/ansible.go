// Package ansible tells which Ansible is in use, for what differs between its versions. It knows nothing of what differs.
package ansible

import (
	"fmt"
	"os/exec"
	"strconv"
	"sync"

	"github.com/regal-inventory/regal-inventory/internal/lazy"
)

// InventoryProgram is Ansible's program that shows an inventory.
const InventoryProgram = "ansible-inventory"

// Version is the major and the minor number of an Ansible.
type Version struct{ Major, Minor int }

// Oldest is the first version whose inventories are read rightly here. Newest is the one whose rules count
// where it is not known which Ansible is in use.
var (
	Oldest = Version{2, 10}
	Newest = Version{2, 22}
)

// since tells whether the version is this one or a later one.
func (v Version) since(major, minor int) bool {
	return v.Major > major || v.Major == major && v.Minor >= minor
}

// String returns the version as 2.14.
func (v Version) String() string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }

// InUse is the Ansible that comes first in PATH, taken for the one that reads what is printed here. It is asked
// which version it is when that is first needed, which few inventories do: to start it takes longer than to read most of
// them. A nil *InUse is the newest.
type InUse struct {
	ask     func(program string) (answer string, err error) // runs a program with --version
	warn    func(message string)
	once    sync.Once
	version Version
	fault   error
}

// New returns the Ansible that comes first in PATH. ask runs a program with --version and returns what it
// answers, "" where it fails; warn gets what is odd about the answer.
func New(ask func(program string) (string, error), warn func(message string)) *InUse {
	return &InUse{ask: ask, warn: warn}
}

// Of is an Ansible of that version, which need not be asked.
func Of(version Version) *InUse {
	known := &InUse{version: version}
	known.once.Do(func() {})
	return known
}

// Since tells whether the Ansible in use is that version or a later one. One that is older than Oldest is an error.
// Without an Ansible, and where it does not tell its version, the newest counts.
func (a *InUse) Since(major, minor int) (bool, error) {
	if a == nil {
		return Newest.since(major, minor), nil
	}
	a.once.Do(func() { a.version, a.fault = a.find() })
	return a.version.since(major, minor), a.fault
}

// IsSince is since for the places where an error has nowhere to go: it counts as the newest there, and comes back with what
// is asked next.
func (a *InUse) IsSince(major, minor int) bool {
	is, err := a.Since(major, minor)
	return is || err != nil
}

var versionLine = lazy.Regexp(`^ansible-inventory (?:\[core )?(\d+)\.(\d+)`)

func (a *InUse) find() (Version, error) {
	program, err := exec.LookPath(InventoryProgram)
	if err != nil {
		return Newest, nil
	}
	answer, err := a.ask(program)
	if err != nil {
		return Newest, err
	}
	numbers := versionLine().FindStringSubmatch(answer)
	if numbers == nil {
		a.warn(fmt.Sprintf("%s --version does not tell which version it is; what differs between versions is read as %s does",
			program, Newest))
		return Newest, nil
	}
	var found Version
	found.Major, _ = strconv.Atoi(numbers[1]) // only digits, and of too many the largest number
	found.Minor, _ = strconv.Atoi(numbers[2])
	if !found.since(Oldest.Major, Oldest.Minor) {
		return found, fmt.Errorf("%s is Ansible %s, which is too old: inventories are read as Ansible %s and later read them",
			program, found, Oldest)
	}
	return found, nil
}
