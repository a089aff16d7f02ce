package grouping

import (
	"time"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// Progress is how far a release under way has come: what its record and the version of today say together. The waves of the
// version are those of the record first, and then those of hosts that joined after it was last written.
type Progress struct {
	// Begun is when the release began, By who began it, as user@host.
	Begun time.Time
	By    string
	// Done is when each of the first waves was done. A wave after them is not done.
	Done []time.Time
	// Planned is how many waves the release began with, Recorded how many the record has now. Waves from Planned on are of
	// hosts that joined since the release began, those from Recorded on of hosts that are in no record yet.
	Planned, Recorded int
	// Released is how many hosts have been released, those among them that have left since too.
	Released int
	// Left are the names of hosts that the record has and the version has not any more.
	Left []string
	// RulesChanged is set when the policy's rules for the version are not those of the release's beginning.
	RulesChanged bool
}

// Next returns the index of the wave to be released next, the first that is not done and has hosts. Without a wave to
// release it is the number of waves. Of a version without a release under way it is 0.
func (v *Version) Next() int {
	next := v.doneWaves()
	for next < len(v.Waves) && len(v.Waves[next].Hosts) == 0 {
		next++
	}
	return next
}

// Remaining returns the waves that are not done: all of them unless a release is under way.
func (v *Version) Remaining() []Wave { return v.Waves[v.doneWaves():] }

func (v *Version) doneWaves() int {
	if v.Progress == nil {
		return 0
	}
	return len(v.Progress.Done)
}

// CountRemaining returns how many hosts are still to be released.
func (v *Version) CountRemaining() int {
	count := 0
	for _, wave := range v.Remaining() {
		count += len(wave.Hosts)
	}
	return count
}

// Joined returns the names of the hosts that joined after the release began, in release order; none without a release.
func (v *Version) Joined() []string {
	if v.Progress == nil {
		return nil
	}
	return v.namesFrom(v.Progress.Planned)
}

// Unrecorded returns the names of the hosts that are in no record yet, in release order; none without a release.
func (v *Version) Unrecorded() []string {
	if v.Progress == nil {
		return nil
	}
	return v.namesFrom(v.Progress.Recorded)
}

// namesFrom returns the names of the hosts from that wave on.
func (v *Version) namesFrom(wave int) []string {
	var names []string
	for _, one := range v.Waves[wave:] {
		names = append(names, inventory.HostNames(one.Hosts)...)
	}
	return names
}
