// Package release remembers releases under way: a record for each, in a folder of files, written when a release begins and
// again when a wave is done, and kept in history when it ends.
//
// A [Record] says which waves a release has and which of them are done; [New], [Record.Resume] and [Record.MarkDone] are the
// only ways in which it comes to be and changes. A [Folder] keeps records; it loses none when calls come at the same time or are killed.
// [Apply] makes a plan what it is while releases are under way. A record holds names only, never the value of a variable.
package release

import (
	"fmt"
	"slices"
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
		return nil, &inventory.Error{Kind: inventory.RecordError, Message: fmt.Sprintf("version %s has no host to release: all of them have it already", show(version.Name))}
	}
	record := &Record{
		Version: version.Name, Stem: version.Group, Policy: policy, Rules: version.Digest(), Begun: now.rounded(),
	}
	for _, wave := range version.Waves {
		record.Waves = append(record.Waves, Wave{Name: wave.Name, Ring: wave.Ring, Hosts: inventory.HostNames(wave.Hosts)})
	}
	return record, nil
}

// rounded returns the moment as a record keeps it.
func (m Moment) rounded() Moment {
	m.At = rounded(m.At)
	return m
}

func rounded(at time.Time) time.Time { return at.UTC().Truncate(time.Second) }

// done returns how many waves are done.
func (r *Record) done() int {
	count := 0
	for count < len(r.Waves) && !r.Waves[count].Done.IsZero() {
		count++
	}
	return count
}

// Resume takes what has happened to the fleet into the record, before the release goes on: hosts that have left are taken out
// of the waves that are not done, so that they come last should they come back, and the waves of hosts that have joined are
// added. version is the version as [Record.Apply] returns it.
//
// Only what is in a record can be marked as done: a host that joins while the last wave is under way must not be taken for
// released.
func (r *Record) Resume(version *grouping.Version, now time.Time) {
	for i := r.done(); i < len(r.Waves); i++ {
		here := set(inventory.HostNames(version.Waves[i].Hosts))
		r.Waves[i].takeOut(func(host string) bool { return !here[host] })
	}
	for _, wave := range version.Waves[len(r.Waves):] {
		r.Waves = append(r.Waves, Wave{Name: wave.Name, Ring: wave.Ring, Hosts: inventory.HostNames(wave.Hosts), Joined: true})
	}
	r.finish(now)
}

// everybody returns the names of the wave's hosts, and of those who have left.
func (w Wave) everybody() []string { return slices.Concat(w.Hosts, w.Left) }

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

// finish notes that all waves are done when those that are not have no hosts.
func (r *Record) finish(now time.Time) {
	remaining := r.Waves[r.done():]
	if slices.ContainsFunc(remaining, func(wave Wave) bool { return len(wave.Hosts) > 0 }) {
		return
	}
	for i := range remaining {
		remaining[i].Done = rounded(now)
	}
}

// MarkDone notes that the wave of that index is done, and all waves before it that have no host any more. version is the
// version as [Record.Apply] returns it.
//
// released are the names of the hosts of the wave that were released; nil stands for all that the wave has now. The others are
// taken out of it, and come last. It is an error if none was released, or one that is not of the wave.
//
// Marking a wave that is done already changes nothing, so that whoever was stopped between a wave and its mark may run both
// again.
func (r *Record) MarkDone(version *grouping.Version, index int, released []string, now time.Time) error {
	wave := version.Waves[index]
	switch next := version.Next(); {
	case index < r.done():
		return nil
	case index >= len(r.Waves):
		return &inventory.Error{Kind: inventory.RecordError, Message: fmt.Sprintf("%s is not in the record of the release: %s joined since it was begun or "+
			"resumed; --resume %s takes in who has joined, then release it", show(wave.Group), nameHosts(inventory.HostNames(wave.Hosts)),
			show(r.Version))}
	case index > next:
		return &inventory.Error{Kind: inventory.RecordError, Message: fmt.Sprintf("%s is not the next wave: %s comes before it and is not done", show(wave.Group),
			show(version.Waves[next].Group))}
	}
	is := set(inventory.HostNames(wave.Hosts))
	if released != nil {
		is = set(released)
		recorded := set(r.Waves[index].Hosts)
		for _, host := range released {
			if !recorded[host] {
				return &inventory.Error{Kind: inventory.RecordError, Message: fmt.Sprintf("host %s is not of %s as the record has it: nothing is noted; the waves "+
					"that were released are others than those of the record", show(host), show(wave.Group))}
			}
		}
		if len(is) == 0 && len(recorded) > 0 {
			return &inventory.Error{Kind: inventory.RecordError, Message: fmt.Sprintf("no host of %s was released: the wave is not done", show(wave.Group))}
		}
	}
	for i := r.done(); i <= index; i++ {
		r.Waves[i].takeOut(func(host string) bool { return !is[host] })
		r.Waves[i].Done = rounded(now)
	}
	if later := version.Waves[index+1:]; !slices.ContainsFunc(later, func(wave grouping.Wave) bool { return len(wave.Hosts) > 0 }) {
		for i := index + 1; i < len(r.Waves); i++ {
			r.Waves[i].takeOut(func(string) bool { return true })
		}
		r.finish(now)
	}
	return nil
}

func set(names []string) map[string]bool {
	made := make(map[string]bool, len(names))
	for _, name := range names {
		made[name] = true
	}
	return made
}
