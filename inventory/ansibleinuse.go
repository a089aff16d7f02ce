package inventory

import (
	"fmt"
	"os/exec"
	"strconv"
	"sync"

	"github.com/regal-inventory/regal-inventory/internal/lazy"
)

// ansibleInventory is Ansible's program that shows an inventory.
const ansibleInventory = "ansible-inventory"

// ansibleVersion is the major and the minor number of an Ansible.
type ansibleVersion struct{ major, minor int }

// oldestAnsible is the first version whose inventories are read rightly here. newestAnsible is the one whose rules count
// where it is not known which Ansible is in use.
var (
	oldestAnsible = ansibleVersion{2, 10}
	newestAnsible = ansibleVersion{2, 22}
)

// since tells whether the version is this one or a later one.
func (v ansibleVersion) since(major, minor int) bool {
	return v.major > major || v.major == major && v.minor >= minor
}

func (v ansibleVersion) String() string { return fmt.Sprintf("%d.%d", v.major, v.minor) }

// ansibleInUse is the Ansible that comes first in PATH, taken for the one that reads what is printed here. It is asked
// which version it is when that is first needed, which few inventories do: to start it takes longer than to read most of
// them. A nil *ansibleInUse is the newest.
type ansibleInUse struct {
	ask     func(program string) (answer string, err error) // runs a program with --version
	warn    func(message string)
	once    sync.Once
	version ansibleVersion
	fault   error
}

// newAnsibleInUse returns the Ansible that comes first in PATH. ask runs a program with --version and returns what it
// answers, "" where it fails; warn gets what is odd about the answer.
func newAnsibleInUse(ask func(program string) (string, error), warn func(message string)) *ansibleInUse {
	return &ansibleInUse{ask: ask, warn: warn}
}

// ansibleOf is an Ansible of that version, which need not be asked.
func ansibleOf(version ansibleVersion) *ansibleInUse {
	known := &ansibleInUse{version: version}
	known.once.Do(func() {})
	return known
}

// since tells whether the Ansible in use is that version or a later one. One that is older than oldestAnsible is an error.
// Without an Ansible, and where it does not tell its version, the newest counts.
func (a *ansibleInUse) since(major, minor int) (bool, error) {
	if a == nil {
		return newestAnsible.since(major, minor), nil
	}
	a.once.Do(func() { a.version, a.fault = a.find() })
	return a.version.since(major, minor), a.fault
}

// isSince is since for the places where an error has nowhere to go: it counts as the newest there, and comes back with what
// is asked next.
func (a *ansibleInUse) isSince(major, minor int) bool {
	is, err := a.since(major, minor)
	return is || err != nil
}

var versionLine = lazy.Regexp(`^ansible-inventory (?:\[core )?(\d+)\.(\d+)`)

func (a *ansibleInUse) find() (ansibleVersion, error) {
	program, err := exec.LookPath(ansibleInventory)
	if err != nil {
		return newestAnsible, nil
	}
	answer, err := a.ask(program)
	if err != nil {
		return newestAnsible, err
	}
	numbers := versionLine().FindStringSubmatch(answer)
	if numbers == nil {
		a.warn(fmt.Sprintf("%s --version does not tell which version it is; what differs between versions is read as %s does",
			program, newestAnsible))
		return newestAnsible, nil
	}
	var found ansibleVersion
	found.major, _ = strconv.Atoi(numbers[1]) // only digits, and of too many the largest number
	found.minor, _ = strconv.Atoi(numbers[2])
	if !found.since(oldestAnsible.major, oldestAnsible.minor) {
		return found, fmt.Errorf("%s is Ansible %s, which is too old: inventories are read as Ansible %s and later read them",
			program, found, oldestAnsible)
	}
	return found, nil
}
