package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// policyName is the file that is the policy when none is named.
const policyName = "regal.yml"

// readPolicy finds the policy, reads it, and warns of a first line that no system can run.
func (p *program) readPolicy() (*grouping.Policy, error) {
	if err := p.findPolicy(); err != nil {
		return nil, err
	}
	text, err := bounded.ReadFile(p.policy, bounded.Policy)
	if err != nil {
		return nil, p.suggestValue(&inventory.Error{Kind: inventory.PolicyError, File: p.policy, Message: "cannot read the policy", Err: err})
	}
	policy, err := grouping.ParsePolicy(p.policy, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	p.warnOfFirstLine(text)
	return policy, nil
}

// warnOfFirstLine warns of a first line that names a program and ends as Windows ends lines: the system takes the carriage return for
// a part of the program's name.
func (p *program) warnOfFirstLine(policy []byte) {
	first, _, _ := bytes.Cut(policy, []byte("\n"))
	if bytes.HasPrefix(first, []byte("#!")) && bytes.HasSuffix(first, []byte("\r")) {
		p.warn(shown.File(p.policy) + ":1: the line ends with a carriage return, as Windows writes it, so that the system looks for a " +
			"program of that name and cannot run the policy: save it with Unix line ends, as dos2unix does")
	}
}

// suggestValue adds to the error of a policy that cannot be read, if there is no such file, the flag that was probably meant by its name.
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

// findPolicy settles which file is the policy, if the command line does not say. A policy names programs to run, so one
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

// checkFolder returns an error if everybody may write into the policy's folder, and so could have put it there. In a folder where only
// its owner can replace a file, such as /tmp, a policy that the command line names passes.
func checkFolder(policy string, named bool) error {
	const byEverybody = 0o002
	info, err := os.Stat(filepath.Dir(policy))
	if err != nil || info.Mode()&byEverybody == 0 || named && info.Mode()&os.ModeSticky != 0 {
		return nil
	}
	return &inventory.Error{File: policy, Message: fmt.Sprintf("everybody may write into the folder of this policy, and so could make "+
		"it run programs: chmod o-w %s, or name the policy in REGAL_POLICY if that is as it should be", filepath.Dir(policy))}
}

// folder returns the folder of the program, by the name that it was called by; links are not followed.
func (p *program) folder() string {
	called := p.calledAs
	if !strings.ContainsRune(called, filepath.Separator) {
		if found, err := exec.LookPath(called); err == nil {
			called = found
		}
	}
	return filepath.Dir(called)
}
