package main

import (
	"bytes"
	"fmt"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// usage is what a process took.
type usage struct {
	seconds float64
	peak    int64 // the most memory that it had at a time, in bytes
}

// once runs a command and returns what it took; what it printed is in the error alone.
func once(command ...string) (usage, error) {
	process := exec.Command(command[0], command[1:]...)
	var message bytes.Buffer
	process.Stderr = &message
	start := time.Now()
	if err := process.Run(); err != nil {
		return usage{}, fmt.Errorf("%s: %w: %s", strings.Join(command, " "), err, message.String())
	}
	took := time.Since(start).Seconds()
	return usage{took, peakOf(process.ProcessState)}, nil
}

// best runs the commands that many times, in turns, and returns the least that each took.
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

func seconds(s float64) string { return strconv.FormatFloat(s, 'g', 3, 64) + " s" }

func mib(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }

// ratio returns our figure in parts or multiples of theirs: 1/13.7, 2.39.
func ratio(ours, theirs float64) string {
	if ours < theirs {
		return fmt.Sprintf("1/%.1f", theirs/ours)
	}
	return fmt.Sprintf("%.2f", ours/theirs)
}

// compare runs our command and the peer's, and prints the row of their times.
func (b *bench) compare(what, goal string, runs int, ours, peer []string) error {
	took, err := b.best(runs, ours, peer)
	if err != nil {
		return err
	}
	b.row(what, seconds(took[0].seconds), seconds(took[1].seconds), ratio(took[0].seconds, took[1].seconds), goal)
	return nil
}
