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

// recordFolder is where records are when the policy does not say: beside it, hidden, so that Ansible ignores it in a folder of
// inventories.
const recordFolder = ".regal"

// maxReleased is how many bytes a list of hosts may have that were released: that of a million hosts has 30 MB.
const maxReleased = 256 << 20

// fleet is what an action is about: the inventory and the plan of its releases.
type fleet struct {
	inv *inventory.Inventory
	// today is the plan as the policy has it, plan the one with the recorded waves of releases under way.
	today, plan *grouping.Plan
	records     *releases.Folder
}

// resume puts the releases under way into the plan of today.
func (p *program) resume(f *fleet, underWay []*releases.Stored) error {
	applied, warnings, err := releases.Apply(f.today, p.policyFile(), underWay)
	if err != nil {
		return err
	}
	for _, warning := range warnings {
		p.warn(warning)
	}
	f.plan = applied
	if len(underWay) == 0 {
		return nil
	}
	for _, group := range applied.Groups() { // a ring that only a record has is no name that the plan has looked for
		if f.inv.Group(group.Name) != nil {
			return &inventory.Error{File: p.policy, Message: fmt.Sprintf("the inventory has a group %s, which a release under way "+
				"needs: rename it until the release has ended", group.Name)}
		}
	}
	return nil
}

// policyFile returns the name by which records know the policy.
func (p *program) policyFile() string { return filepath.Base(p.policy) }

func (p *program) recordsOf(policy *grouping.Policy) *releases.Folder {
	folder := policy.Record
	if folder == "" {
		folder = recordFolder
	}
	if !filepath.IsAbs(folder) {
		folder = filepath.Join(filepath.Dir(p.policy), folder)
	}
	return releases.NewFolder(folder)
}

// begin writes the record of a release.
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

// goOn takes into the record what has happened to the fleet.
func (p *program) goOn() ([]byte, error) {
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
	return line(text), named(version, err)
}

// version reads all, and returns the version that the action names as the policy has it today.
func (p *program) version() (*fleet, *grouping.Version, error) {
	f, err := p.read()
	if err != nil {
		return nil, nil, err
	}
	version, err := plan.Find(f.today, p.value)
	return f, version, err
}

// named has the error of a release that is not under way name the version as the policy writes it.
func named(version *grouping.Version, err error) error {
	if errors.Is(err, releases.ErrNone) {
		return releases.NoRelease(version.Name)
	}
	return err
}

// done notes a wave as done.
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
	return line(text), named(version, err)
}

// missing returns the names of the hosts that are not among the released; none if there is no list of these.
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

// end ends a release. It needs no inventory, which may be what is wrong; where it can be read, hosts that joined last are named.
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
	underWay, _ := records.UnderWay() // one that cannot be used is the business of --end
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

// readRecords reads no more than the policy.
func (p *program) readRecords() (*releases.Folder, *grouping.Policy, error) {
	policy, err := p.readPolicy()
	if err != nil {
		return nil, nil, err
	}
	return p.recordsOf(policy), policy, nil
}

// now returns the moment, and who calls. In a container nobody knows the user, and whoever starts it may say who it is.
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

func line(text string) []byte { return []byte(text + "\n") }
