package cli

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// maxReported is how many faults one call writes at the most: a policy of some megabytes may have more than anybody reads.
const maxReported = 100

// report writes an error on standard error, each of its faults on lines of its own.
func (p *program) report(err error) {
	faults := inventory.Faults(err)
	if more := len(faults) - maxReported; more > 0 {
		faults = faults[:maxReported]
		defer func() { fmt.Fprintf(p.stderr, "%s: %d more faults are left out\n", faults[0].File, more) }()
	}
	for _, fault := range faults {
		fmt.Fprintln(p.stderr, fault.Error())
		if p.showSource && fault.File == p.policy {
			p.showLine(fault)
		}
	}
}

// showLine shows the faulty line of the policy, and a caret below the place. Only a policy is shown: a line of an
// inventory may hold a password.
func (p *program) showLine(fault *inventory.Error) {
	data, err := bounded.ReadFile(fault.File, bounded.Policy)
	if err != nil || fault.Line == 0 {
		return
	}
	lines := strings.Split(string(data), "\n")
	if fault.Line > len(lines) {
		return
	}
	line := strings.ReplaceAll(strings.TrimRight(lines[fault.Line-1], "\r"), "\t", " ")
	if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return
	}
	fmt.Fprintf(p.stderr, "    %s\n", line)
	if before := fault.Column - 1; before >= 0 && before <= utf8.RuneCountInString(line) {
		fmt.Fprintf(p.stderr, "    %s^\n", strings.Repeat(" ", runewidth.StringWidth(string([]rune(line)[:before]))))
	}
}

// warn writes a warning on standard error.
func (p *program) warn(message string) {
	p.waiting.aside(func() { fmt.Fprintln(p.stderr, "warning: "+message) })
}

// inPolicy returns the first fault of an error, with the policy as its file if it has none.
func (p *program) inPolicy(err error) error {
	fault := *inventory.Faults(err)[0]
	if fault.File == "" {
		fault.File = p.policy
	}
	return &fault
}
