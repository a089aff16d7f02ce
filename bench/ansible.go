package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
)

// measured is the name of an inventory file, and the goal of its measurement.
type measured struct{ name, goal string }

// hasAnsible tells whether Ansible is installed and wanted; if it is not, it prints a row that says so.
func (b *bench) hasAnsible(what string) bool {
	if b.noAnsible {
		b.row(what, "left out", "", "", "")
		return false
	}
	if _, err := ansibletest.InUse(); err != nil {
		b.row(what, "left out", "", "", err.Error())
		return false
	}
	return true
}

// againstAnsible measures us against ansible-inventory, which runs once, since that takes minutes.
func (b *bench) againstAnsible() error {
	if !b.hasAnsible("--list against ansible-inventory") {
		return nil
	}
	for _, file := range []measured{{"hosts.ini", "at most 1/400"}, {"hosts.yml", "at most 1/100"}} {
		name, goal := file.name, file.goal
		theirs, err := b.best(1, []string{"ansible-inventory", "-i", b.path(name), "--list"})
		if err != nil {
			return err
		}
		ours, err := b.best(b.runs, b.list(name))
		if err != nil {
			return err
		}
		b.row(fmt.Sprintf("--list, %s, %d hosts, against ansible-inventory", name, b.hosts),
			seconds(ours[0].seconds), seconds(theirs[0].seconds), ratio(ours[0].seconds, theirs[0].seconds), goal)
	}
	return nil
}

// loading measures how long Ansible takes to load an inventory through us and without us, and how much of the time through us is ours.
func (b *bench) loading() error {
	if !b.hasAnsible("Ansible's loading through us") {
		return nil
	}
	for _, name := range []string{"loaded.ini", "loaded.yml"} {
		through, alone := math.Inf(1), math.Inf(1)
		for range b.runs {
			ours, err := load(b.policyFile(name, plainRule))
			if err != nil {
				return err
			}
			theirs, err := load(b.path(name))
			if err != nil {
				return err
			}
			through, alone = min(through, ours), min(alone, theirs)
		}
		b.row(fmt.Sprintf("Ansible loads %s, %d hosts, through us, against itself", name, b.loaded),
			seconds(through), seconds(alone), fmt.Sprintf("%.3f", through/alone), "")
		own, err := b.best(b.runs, b.list(name))
		if err != nil {
			return err
		}
		b.row("  ours of that", seconds(own[0].seconds), seconds(through), fmt.Sprintf("%.3f", own[0].seconds/through), "at most 0.1")
	}
	return nil
}

// askAnsible runs a script of Python with the one that the Ansible in use runs under, and returns what it prints.
func askAnsible(script, argument string) ([]byte, error) {
	ansible, err := ansibletest.InUse()
	if err != nil {
		return nil, err
	}
	return exec.Command(ansible.Python, script, argument).Output()
}

// load returns how many seconds Ansible takes to load a source, when it has already started.
func load(source string) (float64, error) {
	output, err := askAnsible("bench/load.py", source)
	if err != nil {
		return 0, fmt.Errorf("load %s: %w", source, err)
	}
	return strconv.ParseFloat(strings.TrimSpace(string(output)), 64)
}

// shapes measures how long Ansible takes to load what we print, and the same inventory as JSON in other shapes.
func (b *bench) shapes() error {
	if !b.hasAnsible("Ansible's loading of other shapes") {
		return nil
	}
	command := b.list("loaded.ini")
	printed, err := exec.Command(command[0], command[1:]...).Output()
	if err != nil {
		return fmt.Errorf("print the inventory: %w", err)
	}
	file := b.path("printed.json")
	if err := os.WriteFile(file, printed, 0o600); err != nil {
		return err
	}
	output, err := askAnsible("bench/shapes.py", file)
	if err != nil {
		return fmt.Errorf("load the shapes: %w", err)
	}
	var asPrinted float64
	for line := range strings.Lines(string(output)) {
		shape, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		took, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return err
		}
		if asPrinted == 0 {
			asPrinted = took
		}
		b.row(fmt.Sprintf("Ansible reads %d hosts as JSON, %s", b.loaded, shape), seconds(asPrinted), seconds(took),
			fmt.Sprintf("%.2f", asPrinted/took), "")
	}
	return nil
}
