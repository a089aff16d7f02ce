package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"strings"
	"time"
)

// againstAini measures INI against the library aini.
func (b *bench) againstAini() error {
	return b.compare(fmt.Sprintf("--list, INI, %d hosts, against aini", b.hosts), "at most 1/15", b.runs,
		b.list("hosts.ini"), []string{b.path("aini"), b.path("hosts.ini")})
}

// againstNodes measures YAML against yaml.v3, which does nothing but read its nodes.
func (b *bench) againstNodes() error {
	return b.compare(fmt.Sprintf("--list, YAML, %d hosts, against yaml.v3's nodes", b.hosts), "at most 1.5", b.runs,
		b.list("hosts.yml"), []string{b.path("yamlnodes"), b.path("hosts.yml")})
}

// linear measures the large inventory against the ordinary one.
func (b *bench) linear() error {
	return b.compare(fmt.Sprintf("--list, INI, %d hosts, against %d", b.large, b.hosts), "at most 11", b.runs,
		b.list("large.ini"), b.list("hosts.ini"))
}

// byRules measures what each rule takes, in time and memory, for the large inventory against the ordinary one.
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

// versions is how many versions share the hosts of the ordinary inventory in manyVersions.
const versions = 100

// manyVersions measures a policy of many versions that share the hosts, against a policy of one version that has them all.
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

// memory measures the memory for the ordinary inventory against the size of its file.
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

// hugeVariable measures how soon a variable of 10 KB for each host of a large range is refused: it would make gigabytes of output.
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
		printed, err := process.CombinedOutput()
		if err == nil || !bytes.Contains(printed, []byte("would take more than")) {
			return fmt.Errorf("a variable of 10 KB on %d hosts is not refused: %s", hosts, printed[:min(len(printed), 200)])
		}
		least.seconds, least.peak = min(least.seconds, time.Since(start).Seconds()), min(least.peak, peakOf(process.ProcessState))
	}
	b.row(fmt.Sprintf("a variable of 10 KB on a range of %d hosts is refused", hosts), seconds(least.seconds), "", "", "at most 1 s")
	b.row("  its peak memory", mib(least.peak), "", "", "at most 256 MiB")
	return nil
}

// smallest measures what a call takes at the least, against a program that does nothing.
func (b *bench) smallest() error {
	const runs = 50 // so short that a single run says little
	return b.compare(fmt.Sprintf("--list, INI, %d hosts, against printing a constant", small), "at most 3", runs,
		b.list("small.ini"), []string{b.path("constant")})
}
