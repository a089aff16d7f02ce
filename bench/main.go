// Command bench measures regal-inventory beside its peers, whole processes in one run, and prints a table: what, ours,
// the peer's, the ratio, the goal. It generates the inventories itself. Every figure is the best of several runs, and the
// runs of the two sides take turns, so that a busy moment of the machine hits both.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
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

type bench struct {
	hosts, large, loaded, runs int
	noAnsible                  bool

	folder string
}

// measured is an inventory file and the goal that it is measured for.
type measured struct{ name, goal string }

// usage is what one run of a process took.
type usage struct {
	seconds float64
	peak    int64 // bytes of memory
}

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

// row prints a row at once, as the next one may take minutes.
func (b *bench) row(what, ours, peer, ratio, goal string) {
	fmt.Printf("%-68s  %10s  %10s  %7s  %s\n", what, ours, peer, ratio, goal)
}

// prepare builds the programs and writes the inventories.
func (b *bench) prepare() error {
	for name, pack := range map[string]string{
		"regal-inventory": ".", "aini": "./bench/peers/aini", "yamlnodes": "./bench/peers/yamlnodes", "constant": "./bench/peers/constant",
	} {
		build := exec.Command("go", "build", "-trimpath", "-o", b.path(name), pack)
		build.Env = append(os.Environ(), "CGO_ENABLED=0") // as make build does: a program that needs libc starts a quarter later
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

// rule is what a policy says of its version beside the size of the batches.
type rule struct{ name, keys string }

var plainRule = rule{}

// rules returns those that take more work than counting hosts.
func rules() []rule {
	return []rule{
		{"shuffle", "order: shuffle"}, {"by", "by: rack"}, {"spread", "spread: rack"}, {"max_per", "max_per: {rack: 100}"},
	}
}

// versions is how many versions share the hosts of the ordinary inventory where it has many.
const versions = 100

// policyOf returns the text of a policy that spreads and limits, with these versions.
func policyOf(versions string) string {
	return "plugin: regal\ninventory: hosts.ini\ncombine: 10%\nspread: rack\nmax_per: {rack: 100}\nversions:\n" + versions
}

// manyVersions measures versions that have the hosts together against one that has them all.
func (b *bench) manyVersions() error {
	var each strings.Builder
	groups := max(b.hosts/groupSize, 1)
	for i := range versions {
		fmt.Fprintf(&each, "  app%d: web%d\n", i, i%groups)
	}
	commands := map[string][]string{}
	for name, text := range map[string]string{"many": policyOf(each.String()), "one": policyOf("  app: all\n")} {
		if err := os.WriteFile(b.path(name+".yml"), []byte(text), 0o600); err != nil {
			return err
		}
		commands[name] = []string{b.path("regal-inventory"), b.path(name + ".yml"), "--list"}
	}
	return b.compare(fmt.Sprintf("--list, spread and max_per, %d hosts, %d versions against one", b.hosts, versions), "at most 3", b.runs,
		commands["many"], commands["one"])
}

// hugeVariable measures how soon a variable of 10 KB for each host of a large range is refused: printed it would be gigabytes.
func (b *bench) hugeVariable() error {
	const hosts = 1_000_000
	err := b.writeFile("huge.ini", func(to io.Writer) error {
		_, err := fmt.Fprintf(to, "h[1:%d] v=%s\n", hosts, strings.Repeat("x", 10_000))
		return err
	})
	if err != nil {
		return err
	}
	if err := b.writePolicy("huge.ini", plainRule); err != nil {
		return err
	}
	least := usage{math.Inf(1), math.MaxInt64}
	for range b.runs {
		list := b.list("huge.ini")
		process := exec.Command(list[0], list[1:]...)
		start := time.Now()
		told, err := process.CombinedOutput()
		if err == nil || !bytes.Contains(told, []byte("would take more than")) {
			return fmt.Errorf("a variable of 10 KB on %d hosts is not refused: %s", hosts, told[:min(len(told), 200)])
		}
		least.seconds, least.peak = min(least.seconds, time.Since(start).Seconds()), min(least.peak, peakOf(process.ProcessState))
	}
	b.row(fmt.Sprintf("a variable of 10 KB on a range of %d hosts is refused", hosts), seconds(least.seconds), "", "", "at most 1 s")
	b.row("  its peak memory", mib(least.peak), "", "", "at most 256 MiB")
	return nil
}

func (b *bench) path(name string) string { return filepath.Join(b.folder, name) }

func (b *bench) writeFile(name string, write func(io.Writer) error) error {
	file, err := os.Create(b.path(name))
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}

// policyFile returns where the executable policy with that rule for an inventory is: NAME.RULE.regal.
func (b *bench) policyFile(name string, rule rule) string {
	return b.path(name + "." + rule.name + ".regal")
}

func (b *bench) writePolicy(name string, rule rule) error {
	policy := fmt.Sprintf("#!%s\nplugin: regal\ninventory: %s\ncombine: 10%%\nversions:\n  app:\n    hosts: all\n    %s\n",
		b.path("regal-inventory"), name, rule.keys)
	return os.WriteFile(b.policyFile(name, rule), []byte(policy), 0o700)
}

// once runs the command and returns what it took.
func once(command ...string) (usage, error) {
	process := exec.Command(command[0], command[1:]...)
	var told bytes.Buffer
	process.Stderr = &told
	start := time.Now()
	if err := process.Run(); err != nil {
		return usage{}, fmt.Errorf("%s: %w: %s", strings.Join(command, " "), err, told.String())
	}
	took := time.Since(start).Seconds()
	return usage{took, peakOf(process.ProcessState)}, nil
}

// best runs the commands in turns and returns the least that each took.
func (b *bench) best(runs int, commands ...[]string) ([]usage, error) {
	least := make([]usage, len(commands))
	for i := range least {
		least[i] = usage{math.Inf(1), math.MaxInt64}
	}
	for range runs {
		for i, command := range commands {
			took, err := once(command...)
			if err != nil {
				return nil, err
			}
			least[i].seconds = min(least[i].seconds, took.seconds)
			least[i].peak = min(least[i].peak, took.peak)
		}
	}
	return least, nil
}

func (b *bench) list(name string) []string { return b.listBy(name, plainRule) }

func (b *bench) listBy(name string, rule rule) []string {
	return []string{b.path("regal-inventory"), b.policyFile(name, rule), "--list"}
}

func seconds(s float64) string { return strconv.FormatFloat(s, 'g', 3, 64) + " s" }

func mib(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }

// ratio prints ours against theirs as one of so many.
func ratio(ours, theirs float64) string {
	if ours < theirs {
		return fmt.Sprintf("1/%.1f", theirs/ours)
	}
	return fmt.Sprintf("%.2f", ours/theirs)
}

// compare adds a row for our command against a peer's.
func (b *bench) compare(what, goal string, runs int, ours, peer []string) error {
	took, err := b.best(runs, ours, peer)
	if err != nil {
		return err
	}
	b.row(what, seconds(took[0].seconds), seconds(took[1].seconds), ratio(took[0].seconds, took[1].seconds), goal)
	return nil
}

func (b *bench) againstAini() error {
	return b.compare(fmt.Sprintf("--list, INI, %d hosts, against aini", b.hosts), "at most 1/15", b.runs,
		b.list("hosts.ini"), []string{b.path("aini"), b.path("hosts.ini")})
}

func (b *bench) againstNodes() error {
	return b.compare(fmt.Sprintf("--list, YAML, %d hosts, against yaml.v3's nodes", b.hosts), "at most 1.5", b.runs,
		b.list("hosts.yml"), []string{b.path("yamlnodes"), b.path("hosts.yml")})
}

func (b *bench) linear() error {
	return b.compare(fmt.Sprintf("--list, INI, %d hosts, against %d", b.large, b.hosts), "at most 11", b.runs,
		b.list("large.ini"), b.list("hosts.ini"))
}

// byRules measures what a policy's rules take, in time and memory.
func (b *bench) byRules() error {
	for _, rule := range rules() {
		took, err := b.best(b.runs, b.listBy("large.ini", rule), b.listBy("hosts.ini", rule))
		if err != nil {
			return err
		}
		large, hosts := took[0], took[1]
		what := fmt.Sprintf("--list, %s, INI, %d hosts, against %d", rule.keys, b.large, b.hosts)
		b.row(what, seconds(large.seconds), seconds(hosts.seconds), ratio(large.seconds, hosts.seconds), "seconds")
		b.row("  its peak memory", mib(large.peak), mib(hosts.peak), ratio(float64(large.peak), float64(hosts.peak)), "linear")
	}
	return nil
}

func (b *bench) memory() error {
	took, err := b.best(b.runs, b.list("hosts.ini"))
	if err != nil {
		return err
	}
	info, err := os.Stat(b.path("hosts.ini"))
	if err != nil {
		return err
	}
	b.row(fmt.Sprintf("peak memory, INI, %d hosts, against the input", b.hosts), mib(took[0].peak), mib(info.Size()),
		ratio(float64(took[0].peak), float64(info.Size())), "at most 8")
	return nil
}

func (b *bench) smallest() error {
	const runs = 50 // so short that a single run says little
	return b.compare(fmt.Sprintf("--list, INI, %d hosts, against printing a constant", small), "at most 3", runs,
		b.list("small.ini"), []string{b.path("constant")})
}

// hasAnsible tells whether Ansible is here and wanted; if not it says so in a row.
func (b *bench) hasAnsible(what string) bool {
	switch {
	case b.noAnsible:
		b.row(what, "left out", "", "", "")
		return false
	}
	if _, err := ansibletest.InUse(); err != nil {
		b.row(what, "left out", "", "", err.Error())
		return false
	}
	return true
}

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

// loading measures Ansible itself: how long it takes to load an inventory through us, and without us.
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

// askAnsible runs a script with the Python that the Ansible in use runs under, and returns what it prints.
func askAnsible(script, argument string) ([]byte, error) {
	ansible, err := ansibletest.InUse()
	if err != nil {
		return nil, err
	}
	return exec.Command(ansible.Python, script, argument).Output()
}

// load returns how many seconds Ansible takes to load a source.
func load(source string) (float64, error) {
	output, err := askAnsible("bench/load.py", source)
	if err != nil {
		return 0, fmt.Errorf("load %s: %w", source, err)
	}
	return strconv.ParseFloat(strings.TrimSpace(string(output)), 64)
}

// shapes measures how long Ansible takes to load what we print, and the same in other shapes.
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
