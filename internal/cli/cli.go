// Package cli is the command line of regal-inventory: its flags and help, what each action prints, and how errors are reported. It
// imports every other package, and none imports it. Begin with [Main], then read program.output.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// The statuses that the program ends with.
const (
	exitDone  = 0
	exitWrong = 1 // the policy or the inventory
	exitUsage = 2 // the command line
	exitOther = 3 // nothing is wrong, and --diff has found a difference
)

// gcPercent is by how much the memory in use may grow before the next garbage collection; the first comes at 64 MiB. An INI inventory
// of 100,000 hosts ends before that, and one of a million has one collection, early, while there is little to look at. With 800, which
// is one collection more, 100,000 hosts took a tenth longer; a YAML inventory of as many takes a seventh more memory for it.
const gcPercent = 1600

// Main runs the program with this process's arguments, streams and environment, and returns the status to exit with. version is
// the version that the binary was built as; if it is empty, the one that Go noted in the binary counts.
func Main(version string) int {
	// A write into a closed pipe has to fail, so that there is a message, and not to end the program without a word. Ignoring the signal
	// would do that too, but the programs that we start would inherit it.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	if os.Getenv("GOGC") == "" {
		// Little of what is read becomes garbage before the program ends.
		debug.SetGCPercent(gcPercent)
	}
	p := program{
		builtAs: version, calledAs: os.Args[0], getenv: os.Getenv,
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
	}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		p.showSource = true
		p.patience = time.Second
	}
	if p.terminal = term.IsTerminal(int(os.Stdout.Fd())); p.terminal {
		p.width, _, _ = term.GetSize(int(os.Stdout.Fd()))
		p.color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	return p.run(os.Args[1:])
}

// program is one call of the program, with all that it takes from outside.
type program struct {
	builtAs        string // the version that Main takes
	calledAs       string
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	showSource     bool          // errors in the policy show its line, and a caret below the place
	patience       time.Duration // how long reading takes before a line on stderr says what it waits for; 0 for no such line
	terminal       bool          // stdout is one
	width          int           // of the terminal on stdout; 0 if there is none
	color          bool

	ctx     context.Context // of this call: done after a signal
	policy  string          // POLICY, as given
	named   bool            // the command line names the policy
	sources []string        // --inventory
	action  string
	value   string // of the action's flag
	port    string // with --export=nginx: where the hosts serve
	pretty  bool

	remaining bool   // with --waves: those that are not done
	released  string // with --done: the file with the hosts that were released
	status    int    // to exit with when nothing goes wrong

	sourcesRead []string // the sources, as the command line or the policy names them

	meant   func(policy string) string // returns the flag that was meant by what was taken for the policy, empty for none
	waiting *waiting                   // says what reading waits for; nil without a terminal
}

// run runs the command line and returns the status to exit with.
func (p *program) run(args []string) int {
	if err := checkOpenFiles(); err != nil {
		p.report(err)
		return exitWrong
	}
	ctx, stop := withSignals(p.stderr)
	defer stop()
	p.ctx = ctx
	command := p.command()
	command.SetArgs(args)
	command.SetIn(p.stdin)
	command.SetOut(p.stdout)
	command.SetErr(p.stderr)
	var failed *failure
	switch err := command.Execute(); {
	case err == nil:
		return p.status
	case errors.As(err, &failed):
		p.report(failed.err)
		return exitWrong
	default:
		fmt.Fprintf(p.stderr, "regal-inventory: %s\nSee regal-inventory --help.\n", err)
		return exitUsage
	}
}

// failure is an error of the work itself. Every other error that cobra returns is one of the command line.
type failure struct{ err error }

func (f *failure) Error() string { return f.err.Error() }

// act does what the command line asks for and prints the result, all of it or nothing.
func (p *program) act() error {
	print, err := p.output()
	if err != nil {
		return &failure{err}
	}
	return p.print(print)
}

// print writes the output.
func (p *program) print(print printer) error {
	if err := print(writer{p.ctx, p.stdout}); err != nil {
		return &failure{&inventory.Error{Message: "the output could not be written", Err: err}}
	}
	return nil
}

// actions returns the names of the flags that are actions, of which a call takes one.
func actions() []string {
	return []string{
		"list", "host", "plan", "waves", "hosts", "export", "graph", "explain", "diff", "check", "begin", "resume", "done", "end", "history", "schema",
	}
}
