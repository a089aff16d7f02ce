package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/plan"
	releases "github.com/regal-inventory/regal-inventory/release"
)

// maxReleased is how many bytes the list of released hosts may have; that of a million hosts has 30 MB.
const maxReleased = 256 << 20

// begin writes the record of a release, and says so.
func (p *program) begin() ([]byte, error) {
	f, version, err := p.version()
	if err != nil {
		return nil, err
	}
	underWay, err := f.records.Read(version.Group)
	if err != nil {
		return nil, err
	}
	if underWay != nil && underWay.Ended.At.IsZero() {
		return nil, underWay.UnderWay()
	}
	record, err := releases.New(version, p.policyFile(), p.now())
	if err != nil {
		return nil, err
	}
	if err := f.records.Begin(p.ctx, record); err != nil {
		return nil, err
	}
	return line(record.Beginning()), nil
}

// resume takes the hosts that left and joined since into the record of a release, and says where the release is.
func (p *program) resume() ([]byte, error) {
	f, version, err := p.version()
	if err != nil {
		return nil, err
	}
	text := ""
	err = f.records.Change(p.ctx, version.Group, func(record *releases.Record) error {
		record.Resume(record.Apply(version), time.Now())
		text = releases.Resuming(record.Apply(version))
		return nil
	})
	return line(text), noRelease(version, err)
}

// version reads the fleet, and returns with it the version that the action names, as the policy has it today.
func (p *program) version() (*fleet, *grouping.Version, error) {
	f, err := p.read()
	if err != nil {
		return nil, nil, err
	}
	version, err := plan.Find(f.today, p.value)
	return f, version, err
}

// noRelease returns the error of a release that is not under way with the version's name as the policy writes it, since records know
// versions by the stem of their groups. It returns every other error as it is.
func noRelease(version *grouping.Version, err error) error {
	if errors.Is(err, releases.ErrNone) {
		return releases.NoRelease(version.Name)
	}
	return err
}

// done notes in the record of a release that a wave is done, and says what comes next. A wave that is done already stays as it is.
func (p *program) done() ([]byte, error) {
	released, err := p.readReleased()
	if err != nil {
		return nil, err
	}
	f, err := p.read()
	if err != nil {
		return nil, err
	}
	found, _, err := plan.FindWave(f.plan, p.value)
	if err != nil {
		return nil, err
	}
	version, err := plan.Find(f.today, found.Name)
	if err != nil {
		return nil, err
	}
	text := ""
	err = f.records.Change(p.ctx, version.Group, func(record *releases.Record) error {
		before := record.Apply(version)
		_, index, err := plan.FindWave(&grouping.Plan{Versions: []*grouping.Version{before}}, p.value)
		if err != nil {
			return err
		}
		if index < len(before.Progress.Done) {
			text = fmt.Sprintf("%s is done since %s", before.Waves[index].Name, before.Progress.Done[index].Format(time.RFC3339))
			return nil
		}
		if err := record.MarkDone(before, index, released, time.Now()); err != nil {
			return err
		}
		text = releases.Advance(record.Apply(version), index, missing(before.Waves[index].Hosts, released))
		return nil
	})
	return line(text), noRelease(version, err)
}

// missing returns the names of the hosts that are not among the released ones; none if there is no list of released hosts.
func missing(hosts []*inventory.Host, released []string) []string {
	if released == nil {
		return nil
	}
	is := map[string]bool{}
	for _, name := range released {
		is[name] = true
	}
	var names []string
	for _, host := range hosts {
		if !is[host.Name] {
			names = append(names, host.Name)
		}
	}
	return names
}

// readReleased returns the hosts in the file of --released, a line each; nil without the flag.
func (p *program) readReleased() ([]string, error) {
	if p.released == "" {
		return nil, nil
	}
	var data []byte
	var err error
	if p.released == "-" {
		data, err = io.ReadAll(io.LimitReader(p.stdin, maxReleased+1))
		if err == nil && len(data) > maxReleased {
			err = &bounded.TooLargeError{Most: maxReleased}
		}
	} else {
		data, err = bounded.ReadFile(p.released, maxReleased)
	}
	if err != nil {
		return nil, &inventory.Error{File: p.released, Message: "the list of released hosts cannot be read", Err: err}
	}
	names := []string{}
	for text := range strings.Lines(string(data)) {
		if name := strings.TrimRight(text, "\r\n"); name != "" {
			names = append(names, name)
		}
	}
	return names, nil
}

// end ends a release, and says how it ended. It needs no inventory, since that may be what is wrong. If the inventory can be read, end
// names the hosts that joined last and are in no record.
func (p *program) end() ([]byte, error) {
	records, policy, err := p.readRecords()
	if err != nil {
		return nil, err
	}
	stem, err := p.stemUnderWay(records, policy)
	if err != nil {
		return nil, err
	}
	joined := p.unrecorded(stem)
	ended, err := records.End(p.ctx, stem, p.now())
	if errors.Is(err, releases.ErrNone) {
		err = releases.NoRelease(p.value)
	}
	if err != nil {
		return nil, err
	}
	if ended.Record == nil {
		p.warn(fmt.Sprintf("the record of %s was not as it was written, and is kept as it is in %s: what was released, it does not say",
			stem, ended.File))
		return nil, nil
	}
	return line(ended.Ending(joined) + "; " + ended.File), nil
}

// stemUnderWay returns the stem of the release that the action names, by the record's version, its stem, or the policy.
func (p *program) stemUnderWay(records *releases.Folder, policy *grouping.Policy) (string, error) {
	underWay, _ := records.UnderWay() // a record that cannot be read can be ended too
	var found *releases.Stored
	for _, record := range underWay {
		if record.Version == p.value || found == nil && record.Stem == p.value {
			found = record
		}
	}
	if found == nil {
		return policy.Stem(p.value), nil
	}
	if found.Policy == p.policyFile() {
		return found.Stem, nil
	}
	other := filepath.Join(filepath.Dir(p.policy), found.Policy)
	if _, err := os.Stat(other); err == nil {
		return "", &inventory.Error{File: found.File, Message: fmt.Sprintf("the release of %s was begun with the policy %s: end it with "+
			"that one", found.Version, other)}
	}
	return found.Stem, nil
}

// unrecorded returns the hosts that joined a version and are in no record; none if the inventory cannot be read.
func (p *program) unrecorded(stem string) []string {
	f, err := p.quietly().read()
	if err != nil {
		return nil
	}
	version, err := plan.Find(f.plan, stem)
	if err != nil {
		return nil
	}
	return version.Unrecorded()
}

// history returns what lists the releases that have ended.
func (p *program) history() (printer, error) {
	records, _, err := p.readRecords()
	if err != nil {
		return nil, err
	}
	ended, err := records.History()
	return func(to io.Writer) error { return releases.WriteHistory(to, ended) }, err
}

// readRecords returns the folder of records, and reads nothing but the policy for that.
func (p *program) readRecords() (*releases.Folder, *grouping.Policy, error) {
	policy, err := p.readPolicy()
	if err != nil {
		return nil, nil, err
	}
	return p.recordsOf(policy), policy, nil
}

// now returns the time and who calls at it: REGAL_USER, or else the user of the process, by name where the system knows one. In a
// container it often does not.
func (p *program) now() releases.Moment {
	name := p.getenv("REGAL_USER")
	if name == "" {
		if known, err := user.Current(); err == nil {
			name = known.Username
		} else {
			name = strconv.Itoa(os.Getuid())
		}
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return releases.Moment{At: time.Now(), User: name, Host: host}
}

// line returns the text as a line.
func line(text string) []byte { return []byte(text + "\n") }
