package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/source"
)

// policyName is the file that is the policy when none is named.
const policyName = "regal.yml"

// The variables of the environment that reading heeds: how long a program may take, and, set for every program that is run as a
// source, that it is.
const (
	timeoutVariable = "REGAL_TIMEOUT"
	runsVariable    = "REGAL_INVENTORY_RUNS"
)

// readPolicy finds the policy, and reads it.
func (p *program) readPolicy() (*grouping.Policy, error) {
	if err := p.findPolicy(); err != nil {
		return nil, err
	}
	policy, err := grouping.ReadPolicy(p.policy)
	if err != nil {
		return nil, p.suggestValue(err)
	}
	return policy, nil
}

// read reads policy, records and sources, and makes the plan.
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
	inv, err := source.Read(p.ctx, sources, source.Options{
		Dir: folder, Policy: p.policy, Variables: policy.Variables(), VarsElsewhere: policy.VarsElsewhere, Stdin: p.stdin, Warn: p.warn,
		Timeout: timeout, TimeoutHint: timeoutVariable + " sets how many seconds it may take", Mark: runsVariable,
	})
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
	if p.ctx.Err() != nil {
		return nil, &inventory.Error{Message: "stopped", Err: context.Cause(p.ctx)}
	}
	made := &fleet{inv: inv, today: today, records: records}
	return made, p.resume(made, underWay)
}

// suggestValue adds to the error of a missing policy that its name may be the value of the action, whose flag takes one
// only behind a =.
func (p *program) suggestValue(err error) error {
	if !p.named || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	bareWaves := p.action == "waves" && p.value == everyVersion
	format := p.action == "plan" && p.value == "table" && slices.Contains(formats(), p.policy)
	if !bareWaves && !format {
		return err
	}
	fault := *inventory.Faults(err)[0]
	fault.Err = fmt.Errorf("%w; did you mean --%s=%s?", fault.Err, p.action, p.policy)
	return &fault
}

// timeout returns how long an inventory program may take; 0 leaves that to the inventory.
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

// findPolicy settles which file the policy is, if the command line does not say. A policy names programs to run, so one
// that anybody may have put there is refused, as Ansible refuses an ansible.cfg (ansible/config/manager.py,
// find_ini_config_file); REGAL_POLICY names one in spite of that, as ANSIBLE_CONFIG does.
func (p *program) findPolicy() error {
	if p.policy != "" {
		return checkFolder(p.policy, true)
	}
	if p.policy = p.getenv("REGAL_POLICY"); p.policy != "" {
		return nil
	}
	beside := filepath.Join(p.folder(), policyName)
	for _, candidate := range []string{beside, policyName} {
		if _, err := os.Stat(candidate); err == nil {
			p.policy = candidate
			return checkFolder(candidate, false)
		}
	}
	return &inventory.Error{Message: fmt.Sprintf(
		"there is no policy: name it on the command line or in REGAL_POLICY, or put it at %s or ./%s", beside, policyName)}
}

// checkFolder returns an error if everybody may write into the policy's folder. Where only owners may replace files, as in
// /tmp, a policy that the user names is the user's.
func checkFolder(policy string, named bool) error {
	const byEverybody = 0o002
	info, err := os.Stat(filepath.Dir(policy))
	if err != nil || info.Mode()&byEverybody == 0 || named && info.Mode()&os.ModeSticky != 0 {
		return nil
	}
	return &inventory.Error{File: policy, Message: fmt.Sprintf("everybody may write into the folder of this policy, and so could make "+
		"it run programs: chmod o-w %s, or name the policy in REGAL_POLICY if that is as it should be", filepath.Dir(policy))}
}

// folder returns the folder that the program stands in by the name it was called by, links not followed.
func (p *program) folder() string {
	called := p.calledAs
	if !strings.ContainsRune(called, filepath.Separator) {
		if found, err := exec.LookPath(called); err == nil {
			called = found
		}
	}
	return filepath.Dir(called)
}
