package release

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// UnderWay returns the error of a release that is to begin and is under way already.
func (r *Record) UnderWay() error {
	return &inventory.Error{Kind: inventory.RecordError, Message: fmt.Sprintf("a release of %s is under way since %s, begun by %s: %s; resume it, or --end it",
		show(r.Version), r.Begun.At.Format(time.RFC3339), show(r.Begun.By()), r.Done())}
}

// ErrNone is wrapped by the error of a release that is to go on or to end and is not under way.
var ErrNone = errors.New("begin one with --begin")

// NoRelease returns that error for the version of that name.
func NoRelease(version string) error {
	return &inventory.Error{Kind: inventory.RecordError, Message: fmt.Sprintf("no release of %s is under way", show(version)), Err: ErrNone}
}

// Done says which waves are done: canary, b1 of 5 waves are done.
func (r *Record) Done() string {
	const most = 4 // named one by one
	done := r.done()
	of := fmt.Sprintf(" of %d waves", len(r.Waves))
	if len(r.Waves) == 1 {
		of = " of 1 wave"
	}
	switch {
	case done == 0:
		return "none" + of + " is done"
	case done == len(r.Waves) && done > 1:
		return fmt.Sprintf("all %d waves are done", done)
	case done == 1:
		return r.Waves[0].Name + of + " is done"
	case done > most:
		return r.Waves[0].Name + " to " + r.Waves[done-1].Name + of + " are done"
	}
	named := make([]string, done)
	for i := range named {
		named[i] = r.Waves[i].Name
	}
	return strings.Join(named, ", ") + of + " are done"
}

// Beginning says what a release that begins has before it: app-v1 begins: 7 hosts in 4 waves.
func (r *Record) Beginning() string {
	hosts := 0
	for _, wave := range r.Waves {
		hosts += len(wave.Hosts)
	}
	return fmt.Sprintf("%s begins: %s in %s", show(r.Version), shown.Count(hosts, "host"), shown.Count(len(r.Waves), "wave"))
}

// Resuming says where a release under way goes on, and what has happened to its hosts:
// resuming app-v1 at b2: 3 of 8 hosts done; web1 has left; web00 comes last.
func Resuming(version *grouping.Version) string {
	text := "resuming " + show(version.Name)
	if next := version.Next(); next < len(version.Waves) {
		text += " at " + version.Waves[next].Name
	} else {
		text += " at its end"
	}
	progress := version.Progress
	text += fmt.Sprintf(": %d of %s done", progress.Released, shown.Count(progress.Released+version.CountRemaining(), "host"))
	if left := len(progress.Left); left > 0 {
		text += fmt.Sprintf("; %s %s left", nameHosts(progress.Left), shown.Has(left))
	}
	var last []string
	for _, wave := range version.Waves[max(progress.Planned, len(progress.Done)):] {
		last = append(last, inventory.HostNames(wave.Hosts)...)
	}
	switch {
	case len(last) == 1:
		text += fmt.Sprintf("; %s comes last", show(last[0]))
	case len(last) > 1:
		text += fmt.Sprintf("; %s come last", nameHosts(last))
	}
	if progress.RulesChanged {
		text += "; the policy's rules have changed since it began, and count for hosts that joined"
	}
	return text
}

// Advance says how far a release is after the wave of that index is done, and names the hosts of it that were not released:
// b1 is done: 3 of 7 hosts; next is b2.
func Advance(version *grouping.Version, index int, unreleased []string) string {
	progress := version.Progress
	text := fmt.Sprintf("%s is done: %d of %s", version.Waves[index].Name, progress.Released,
		shown.Count(progress.Released+version.CountRemaining(), "host"))
	switch len(unreleased) {
	case 0:
	case 1:
		text += fmt.Sprintf("; %s was not released and comes last", show(unreleased[0]))
	default:
		text += fmt.Sprintf("; %s were not released and come last", nameHosts(unreleased))
	}
	if next := version.Next(); next < len(version.Waves) {
		return text + "; next is " + version.Waves[next].Name
	}
	return text + "; it was the last"
}

// Ending says what a release that has ended has come to. joined are the names of hosts that joined since the record was last
// written.
func (r *Record) Ending(joined []string) string {
	text := fmt.Sprintf("%s has ended: %s", show(r.Version), r.Done())
	var missed []string
	for _, wave := range r.Waves[r.done():] {
		missed = append(missed, wave.Hosts...)
	}
	missed = append(missed, joined...)
	switch len(missed) {
	case 0:
	case 1:
		text += fmt.Sprintf("; %s was not released", show(missed[0]))
	default:
		text += fmt.Sprintf("; %s were not released", nameHosts(missed))
	}
	return text
}

// WriteHistory lists releases that have ended, a line each; the errors are those of the writer.
func WriteHistory(to io.Writer, ended []*Stored) error {
	var dst []byte
	for _, one := range ended {
		if one.Record == nil {
			dst = fmt.Appendf(dst, "%s  %s cannot be read\n", one.endedAt().Format(time.RFC3339), one.File)
			continue
		}
		released := 0
		for _, wave := range one.Waves[:one.done()] {
			released += len(wave.Hosts)
		}
		outcome := "released"
		if one.done() < len(one.Waves) {
			outcome = "given up"
		}
		dst = fmt.Appendf(dst, "%s  %s  %s: %s, %s; begun %s by %s, ended by %s\n", one.Ended.At.Format(time.RFC3339), show(one.Version),
			outcome, one.Done(), shown.Count(released, "host"), one.Begun.At.Format(time.RFC3339), show(one.Begun.By()),
			show(one.Ended.By()))
	}
	_, err := to.Write(dst)
	return err
}

// show writes a name into a message, so that nobody can misread it, and whole: it may have to be typed again.
func show(name string) string { return shown.Word(name, math.MaxInt) }

// nameHosts lists hosts for a message, no more than can be read.
func nameHosts(hosts []string) string {
	const most = 10
	names := make([]string, 0, most)
	for _, host := range hosts[:min(len(hosts), most)] {
		names = append(names, show(host))
	}
	list := strings.Join(names, ", ")
	if more := len(hosts) - most; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}
