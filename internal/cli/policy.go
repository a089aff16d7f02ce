package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/source"
	"github.com/regal-inventory/regal-inventory/plan"
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
	p.warnOfFirstLine()
	return policy, nil
}

// warnOfFirstLine tells of a first line that no system can run: of one that ends as Windows ends lines, the carriage return
// counts as a part of the program's name.
func (p *program) warnOfFirstLine() {
	data, err := bounded.ReadFile(p.policy, bounded.Policy)
	if err != nil {
		return
	}
	first, _, _ := strings.Cut(string(data), "\n")
	if strings.HasPrefix(first, "#!") && strings.HasSuffix(first, "\r") {
		p.warn(shown.File(p.policy) + ":1: the line ends with a carriage return, as Windows writes it, so that the system looks for a " +
			"program of that name and cannot run the policy: save it with Unix line ends, as dos2unix does")
	}
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
	return made, p.resume(made, underWay)
}

// suggestValue adds to the error of a missing policy what was probably meant by its name.
func (p *program) suggestValue(err error) error {
	if !p.named || p.meant == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	meant := p.meant(p.policy)
	if meant == "" {
		return err
	}
	fault := *inventory.Faults(err)[0]
	fault.Err = fmt.Errorf("%w; did you mean %s?", fault.Err, meant)
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
