// Package release remembers releases under way: a record for each, in a folder of files, written when a release begins and
// again when a wave is done, and kept in history when it ends.
//
// A [Record] says which waves a release has and which of them are done; [New], [Record.Resume] and [Record.MarkDone] are the
// only ways in which it changes. A [Folder] keeps records; it loses none when calls come at the same time or are killed.
// [Apply] makes a plan what it is while releases are under way. A record holds names only, never the value of a variable.
package release

import (
	"fmt"
	"strings"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Record is what is known of one release.
type Record struct {
	// Version is the version's name in the policy, Stem the start of its group names.
	Version, Stem string
	// Policy is the name of the policy's file, without its folder.
	Policy string
	// Rules is the digest of the policy's rules when the release began, see [grouping.Version.Digest].
	Rules string
	// Begun is when the release began, and who began it. Ended is the zero Moment while it is under way.
	Begun, Ended Moment
	// Waves are in release order; those that are done come first.
	Waves []Wave
}

// Moment is when something was done, and by whom.
type Moment struct {
	At   time.Time
	User string
	Host string
}

// By returns who it was, as user@host.
func (m Moment) By() string { return m.User + "@" + m.Host }

// Wave is a wave as it is released.
type Wave struct {
	// Name is canary, b1, b2, …; Ring the name of its ring, empty without rings.
	Name, Ring string
	// Hosts are the names of its hosts in release order. Of a wave that is done they are those that were released.
	Hosts []string
	// Left are the names of hosts that were in it and left before it was done.
	Left []string
	// Joined is set if its hosts joined after the release began.
	Joined bool
	// Done is when it was done; zero if it is not.
	Done time.Time
}

// New returns the record of a release that begins now, with the waves of the version as they are.
func New(version *grouping.Version, policy string, now Moment) (*Record, error) {
	if len(version.Waves) == 0 {
		return nil, &inventory.Error{Message: fmt.Sprintf("version %s has no host to release: all of them have it already", show(version.Name))}
	}
	record := &Record{
		Version: version.Name, Stem: version.Group, Policy: policy, Rules: version.Digest(), Begun: now.rounded(),
	}
	for _, wave := range version.Waves {
		record.Waves = append(record.Waves, Wave{Name: wave.Name, Ring: wave.Ring, Hosts: names(wave.Hosts)})
	}
	return record, nil
}

// rounded returns the moment as a record keeps it.
func (m Moment) rounded() Moment {
	m.At = m.At.UTC().Truncate(time.Second)
	return m
}

// done returns how many waves are done.
func (r *Record) done() int {
	count := 0
	for count < len(r.Waves) && !r.Waves[count].Done.IsZero() {
		count++
	}
	return count
}

// Done says which waves are done: canary, b1 of 5 waves are done.
func (r *Record) Done() string {
	const most = 4 // named one by one
	done := r.done()
	of := fmt.Sprintf(" of %d waves", len(r.Waves))
	switch {
	case done == 0:
		return "none" + of + " is done"
	case done == 1:
		return r.Waves[0].Name + of + " is done"
	case done == len(r.Waves):
		return fmt.Sprintf("all %d waves are done", done)
	case done > most:
		return r.Waves[0].Name + " to " + r.Waves[done-1].Name + of + " are done"
	}
	named := make([]string, done)
	for i := range named {
		named[i] = r.Waves[i].Name
	}
	return strings.Join(named, ", ") + of + " are done"
}

// UnderWay returns the error of a release that is to begin and is under way already.
func (r *Record) UnderWay() error {
	return &inventory.Error{Message: fmt.Sprintf("a release of %s is under way since %s, begun by %s: %s; resume it, or --end it",
		show(r.Version), r.Begun.At.Format(time.RFC3339), r.Begun.By(), r.Done())}
}

// Resume takes what has happened to the fleet into the record, before the release goes on: hosts that have left are taken out
// of the waves that are not done, so that they come last should they come back, and the waves of hosts that have joined are
// added. version is the version as [Apply] returns it.
//
// Only what is in a record can be marked as done: a host that joins while the last wave is under way must not be taken for
// released.
func (r *Record) Resume(version *grouping.Version) {
	for i := r.done(); i < len(r.Waves); i++ {
		wave := &r.Waves[i]
		here := nameSet(version.Waves[i].Hosts)
		wave.takeOut(func(host string) bool { return !here[host] })
	}
	for _, wave := range version.Waves[len(r.Waves):] {
		r.Waves = append(r.Waves, Wave{Name: wave.Name, Ring: wave.Ring, Hosts: names(wave.Hosts), Joined: true})
	}
}

// takeOut moves hosts to those who have left.
func (w *Wave) takeOut(gone func(host string) bool) {
	var stay []string
	for _, host := range w.Hosts {
		if gone(host) {
			w.Left = append(w.Left, host)
		} else {
			stay = append(stay, host)
		}
	}
	w.Hosts = stay
}

// MarkDone notes that the wave of that index is done, and all waves before it that have no host any more. without are the names
// of hosts of the wave that were not released in spite of that: they are taken out of it, and come last. version is the
// version as [Apply] returns it. Marking a wave that is done already changes nothing.
func (r *Record) MarkDone(version *grouping.Version, index int, without []string, now time.Time) error {
	wave := version.Waves[index]
	switch next := version.Next(); {
	case index < r.done():
		return nil
	case index >= len(r.Waves):
		return &inventory.Error{Message: fmt.Sprintf("%s was not in the record when the release went on: %s joined since; "+
			"--resume %s takes it in, release it then", show(wave.Group), nameHosts(names(wave.Hosts)), show(r.Version))}
	case index > next:
		return &inventory.Error{Message: fmt.Sprintf("%s is not the next wave: %s comes before it and is not done", show(wave.Group),
			show(version.Waves[next].Group))}
	}
	here := nameSet(wave.Hosts)
	out := map[string]bool{}
	for _, host := range without {
		if !here[host] {
			return &inventory.Error{Message: fmt.Sprintf("--without %s: %s has no such host", show(host), show(wave.Group))}
		}
		out[host] = true
	}
	for i := r.done(); i <= index; i++ {
		here := nameSet(version.Waves[i].Hosts)
		r.Waves[i].takeOut(func(host string) bool { return !here[host] || i == index && out[host] })
		r.Waves[i].Done = now.UTC().Truncate(time.Second)
	}
	return nil
}

func names(hosts []*inventory.Host) []string {
	list := make([]string, len(hosts))
	for i, host := range hosts {
		list[i] = host.Name
	}
	return list
}

func nameSet(hosts []*inventory.Host) map[string]bool {
	set := make(map[string]bool, len(hosts))
	for _, host := range hosts {
		set[host.Name] = true
	}
	return set
}
