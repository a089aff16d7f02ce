// Command bench measures regal-inventory beside its peers, whole processes, and prints a table: what was measured, our figure, the
// peer's, the ratio of the two, the goal. It generates the inventories itself. Every figure is the best of several runs, in which the two
// sides take turns, so that a busy moment of the machine hits both.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	b := bench{}
	flag.IntVar(&b.hosts, "hosts", 100_000, "`hosts` of the ordinary inventory")
	flag.IntVar(&b.large, "large", 1_000_000, "`hosts` of the large inventory")
	flag.IntVar(&b.loaded, "loaded", 5_000, "`hosts` of the inventory that Ansible loads")
	flag.IntVar(&b.runs, "runs", 5, "`runs` of each measurement, of which the best counts")
	flag.BoolVar(&b.noAnsible, "no-ansible", false, "leave Ansible out, which takes minutes")
	flag.Parse()
	if err := b.run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// small is how many hosts the small inventory has.
const small = 50

// bench is one call of the command: its flags, and the folder of programs, inventories and policies.
type bench struct {
	hosts, large, loaded, runs int
	noAnsible                  bool

	folder string
}

// run prepares everything, takes the measurements one after another, and removes the folder.
func (b *bench) run() error {
	folder, err := os.MkdirTemp("", "regal-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b.folder = folder
	if err := b.prepare(); err != nil {
		return err
	}
	b.row("what", "ours", "peer", "ratio", "goal")
	measurements := []func() error{
		b.againstAini, b.againstNodes, b.linear, b.byRules, b.manyVersions, b.memory, b.hugeVariable, b.smallest, b.againstAnsible,
		b.loading, b.shapes,
	}
	for _, measure := range measurements {
		if err := measure(); err != nil {
			return err
		}
	}
	return nil
}

// row prints a row of the table at once, since the next one may take minutes.
func (b *bench) row(what, ours, peer, ratio, goal string) {
	fmt.Printf("%-68s  %10s  %10s  %7s  %s\n", what, ours, peer, ratio, goal)
}

// prepare builds the programs and writes the inventories and policies into the folder.
func (b *bench) prepare() error {
	for name, pack := range map[string]string{
		"regal-inventory": ".", "aini": "./bench/peers/aini", "yamlnodes": "./bench/peers/yamlnodes", "constant": "./bench/peers/constant",
	} {
		build := exec.Command("go", "build", "-trimpath", "-o", b.path(name), pack)
		build.Env = append(os.Environ(), "CGO_ENABLED=0") // as make build does: a program that needs libc takes a quarter longer to start
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("build %s: %w", pack, err)
		}
	}
	for name, write := range map[string]func(io.Writer) error{
		"hosts.ini":  func(to io.Writer) error { return writeINI(to, b.hosts) },
		"hosts.yml":  func(to io.Writer) error { return writeYAML(to, b.hosts) },
		"large.ini":  func(to io.Writer) error { return writeINI(to, b.large) },
		"small.ini":  func(to io.Writer) error { return writeINI(to, small) },
		"loaded.ini": func(to io.Writer) error { return writeINI(to, b.loaded) },
		"loaded.yml": func(to io.Writer) error { return writeYAML(to, b.loaded) },
	} {
		if err := b.writeFile(name, write); err != nil {
			return err
		}
		if err := b.writePolicy(name, plainRule); err != nil {
			return err
		}
	}
	for _, rule := range rules() {
		for _, name := range []string{"hosts.ini", "large.ini"} {
			if err := b.writePolicy(name, rule); err != nil {
				return err
			}
		}
	}
	return nil
}

// path returns where a file of the folder is.
func (b *bench) path(name string) string { return filepath.Join(b.folder, name) }

// writeFile writes a file of the folder.
func (b *bench) writeFile(name string, write func(io.Writer) error) error {
	file, err := os.Create(b.path(name))
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}
