package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/source"
	"github.com/regal-inventory/regal-inventory/plan"
	releases "github.com/regal-inventory/regal-inventory/release"
)

// fleet is what an action is about: the inventory, its plan, and the records of its releases.
type fleet struct {
	inv *inventory.Inventory
	// today is the plan as the policy has it today; plan has the recorded waves of releases under way in their place.
	today, plan *grouping.Plan
	records     *releases.Folder
}

// The variables of the environment that reading heeds. The first says how long an inventory program may take. The second is set for
// every inventory program that we run, so that regal-inventory knows when it is one itself.
const (
	timeoutVariable = "REGAL_TIMEOUT"
	runsVariable    = "REGAL_INVENTORY_RUNS"
)

// read reads the policy, its records and its sources, and makes the plan. Errors are of the kind [inventory.Error], with the file at fault.
func (p *program) read() (*fleet, error) {
	policy, err := p.readPolicy()
	if err != nil {
		return nil, err
	}
	sources, folder := p.sources, ""
	if len(sources) == 0 {
		if err := policy.RequireSources(); err != nil {
			return nil, err
		}
		sources, folder = policy.Sources, filepath.Dir(p.policy)
	}
	p.sourcesRead = sources
	timeout, err := p.timeout()
	if err != nil {
		return nil, err
	}
	records := p.recordsOf(policy)
	underWay, err := records.UnderWay()
	if err != nil {
		return nil, err
	}
	if p.getenv(runsVariable) != "" {
		return nil, &inventory.Error{Message: "regal-inventory runs as a source of regal-inventory: two policies in one run would mix their waves"}
	}
	variables := policy.Variables()
	if p.action == "export" {
		variables = append(variables, plan.AddressVariable)
	}
	p.waiting = newWaiting(p.stderr, p.patience)
	inv, err := source.Read(p.ctx, sources, source.Options{
		Dir: folder, Policy: p.policy, Variables: variables, VarsElsewhere: policy.VarsElsewhere, Stdin: p.stdin, Warn: p.warn,
		Timeout: timeout, TimeoutHint: timeoutVariable + " sets how many seconds it may take", Mark: runsVariable,
		Progress: p.waiting.say,
	})
	p.waiting.end()
	if err != nil {
		return nil, err
	}
	stems := make([]string, len(underWay))
	for i, record := range underWay {
		stems[i] = record.Stem
	}
	today, err := policy.Plan(inv, stems...)
	if err != nil {
		return nil, err
	}
	for _, version := range today.Versions {
		for _, warning := range version.Warnings() {
			p.warn(fmt.Sprintf("%s: version %s: %s", shown.File(p.policy), shown.Name(version.Name), warning))
		}
	}
	if p.ctx.Err() != nil {
		return nil, &inventory.Error{Message: "stopped", Err: context.Cause(p.ctx)}
	}
	made := &fleet{inv: inv, today: today, records: records}
	return made, p.applyRecords(made, underWay)
}

// timeout returns how long an inventory program may take, by the environment; 0 is the time that package source has.
func (p *program) timeout() (time.Duration, error) {
	text := p.getenv(timeoutVariable)
	if text == "" {
		return 0, nil
	}
	seconds, err := strconv.ParseUint(text, 10, 31)
	if err != nil || seconds == 0 {
		return 0, &inventory.Error{Message: fmt.Sprintf("%s is %q: write whole seconds, such as 120", timeoutVariable, text)}
	}
	return time.Duration(seconds) * time.Second, nil
}

// recordFolder is where records are when the policy does not say: beside it, hidden, so that Ansible ignores it in a folder of
// inventories.
const recordFolder = ".regal"

// recordsOf returns the folder of the policy's records.
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

// policyFile returns the name by which a record knows its policy: that of the file, without folders.
func (p *program) policyFile() string { return filepath.Base(p.policy) }

// applyRecords makes the fleet's plan of today's and the recorded waves of the releases under way.
func (p *program) applyRecords(f *fleet, underWay []*releases.Stored) error {
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
	for _, group := range applied.Groups() { // the plan of today has not looked for the group of a ring that only a record has
		if f.inv.Group(group.Name) != nil {
			return &inventory.Error{File: p.policy, Message: fmt.Sprintf("the inventory has a group %s, which a release under way "+
				"needs: rename it until the release has ended", group.Name)}
		}
	}
	return nil
}
