// Command regal-inventory is a dynamic inventory for Ansible. It reads an existing inventory and a policy, and prints the
// same inventory with groups added through which a playbook releases a version wave by wave.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/source"
	"github.com/regal-inventory/regal-inventory/plan"
	releases "github.com/regal-inventory/regal-inventory/release"
)

// The statuses that the program ends with.
const (
	exitDone  = 0
	exitWrong = 1 // the policy or the inventory
	exitUsage = 2 // the command line
	exitOther = 3 // nothing is wrong, and --diff has found a difference
)

// gcPercent is by how much the memory in use may grow before the next garbage collection. An INI inventory takes six times
// its file in all, so that there is one collection, while there is little to look at, and no other.
const gcPercent = 800

// maxPlan is how many bytes a plan to compare with may have: that of a million hosts has 30 MB.
const maxPlan = 256 << 20

// policyName is the file that is the policy when none is named.
const policyName = "regal.yml"

func main() {
	// A closed pipe shall be an error of the write, with a message, and not the end without a word. Ignoring the signal
	// would do that too, but programs that are started would inherit it.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	if os.Getenv("GOGC") == "" {
		// Little of what is read becomes garbage before the end, so that looking for it is mostly lost time.
		debug.SetGCPercent(gcPercent)
	}
	p := program{
		calledAs: os.Args[0], getenv: os.Getenv,
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
	}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		p.showSource = true
	}
	if term.IsTerminal(int(os.Stdout.Fd())) {
		p.width, _, _ = term.GetSize(int(os.Stdout.Fd()))
		p.color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	os.Exit(p.run(os.Args[1:]))
}

// program is one call of the command, with all it takes from outside.
type program struct {
	calledAs       string
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	showSource     bool // of a faulty policy, the line and a caret below it
	width          int  // of the terminal on stdout; 0 if there is none
	color          bool

	ctx     context.Context // of this call: done after a signal
	policy  string          // POLICY, as given
	named   bool            // the command line names the policy
	sources []string        // --inventory
	action  string
	value   string // of the action's flag
	pretty  bool

	remaining bool   // with --waves: those that are not done
	released  string // with --done: the file with the hosts that were released
	status    int    // to exit with when nothing goes wrong
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

// failure is an error of the work itself; every other error that cobra returns is one of the command line.
type failure struct{ err error }

func (f *failure) Error() string { return f.err.Error() }

// maxReported is how many faults one call writes: nobody reads on, and a policy of some megabytes has more than a terminal
// can take.
const maxReported = 100

// report writes an error for people, each of its faults on lines of its own.
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

func (p *program) warn(message string) { fmt.Fprintln(p.stderr, "warning: "+message) }

// act does what the command line asks for and prints the result, all of it or nothing.
func (p *program) act() error {
	print, err := p.output()
	if err != nil {
		return &failure{err}
	}
	return p.print(print)
}

// print writes what the call was for.
func (p *program) print(print printer) error {
	if err := print(writer{p.ctx, p.stdout}); err != nil {
		return &failure{&inventory.Error{Message: "the output could not be written", Err: err}}
	}
	return nil
}

// printer writes an action's output. Whatever can be wrong is found before there is one; its errors are of the writing.
type printer func(io.Writer) error

// output returns what prints the action's output.
func (p *program) output() (printer, error) {
	alone := map[string]func() ([]byte, error){
		"schema": p.schema, "begin": p.begin, "resume": p.goOn, "done": p.done, "end": p.end, "history": p.history,
	}
	if act := alone[p.action]; act != nil {
		text, err := act()
		return printText(text), err
	}
	read, err := p.read()
	if err != nil {
		return nil, err
	}
	inv, release := read.inv, read.plan
	groups := release.Groups()
	if err := inv.CheckPrintable(groups); err != nil {
		return nil, p.inSource(err)
	}
	if p.action == "list" {
		return func(to io.Writer) error { return inv.WriteJSON(to, groups, p.pretty) }, nil
	}
	if p.action == "host" || p.action == "explain" {
		host := inv.Host(p.value)
		left := func(version *grouping.Version) bool {
			return version.Progress != nil && slices.Contains(version.Progress.Left, p.value)
		}
		if host == nil && (p.action == "host" || !slices.ContainsFunc(release.Versions, left)) {
			return nil, p.inSource(inv.UnknownHost(p.value))
		}
		if p.action == "host" {
			return func(to io.Writer) error { return host.WriteJSON(to, p.pretty) }, nil
		}
	}
	if p.action == "hosts" {
		names, err := hostsOf(inv, groups, p.value)
		return printText(names), err
	}
	text, err := p.text(release)
	return printText(text), err
}

// hostsOf returns the hosts of a group of the plan or of the inventory, a line each.
func hostsOf(inv *inventory.Inventory, groups []inventory.ExtraGroup, name string) ([]byte, error) {
	extra := map[string]inventory.ExtraGroup{}
	for _, group := range groups {
		extra[group.Name] = group
	}
	var hosts []*inventory.Host
	if group, found := extra[name]; found {
		hosts = slices.Clone(group.Hosts)
		for _, child := range group.Children {
			hosts = append(hosts, extra[child].Hosts...)
		}
	} else if inv.Group(name) != nil || name == "all" {
		selected, err := inv.Select(name)
		if err != nil {
			return nil, err
		}
		hosts = selected
	} else {
		return nil, unknownGroup(inv, groups, name)
	}
	var text []byte
	for _, host := range hosts {
		if strings.ContainsAny(host.Name, "\r\n") {
			return nil, &inventory.Error{Message: fmt.Sprintf("host %q has the end of a line in its name", host.Name)}
		}
		text = append(text, host.Name+"\n"...)
	}
	return text, nil
}

func unknownGroup(inv *inventory.Inventory, groups []inventory.ExtraGroup, name string) error {
	message := fmt.Sprintf("there is no group %q", name)
	nearest := inventory.Nearest(name, func(yield func(string) bool) {
		for _, group := range groups {
			if !yield(group.Name) {
				return
			}
		}
		for _, group := range inv.Groups() {
			if !yield(group.Name) {
				return
			}
		}
	})
	if nearest != "" {
		message += fmt.Sprintf("; did you mean %q?", nearest)
	}
	return &inventory.Error{Message: message}
}

// schema returns the schema that the action names.
func (p *program) schema() ([]byte, error) {
	if p.value == "record" {
		return releases.Schema(), nil
	}
	return grouping.Schema(), nil
}

func printText(text []byte) printer {
	return func(to io.Writer) error {
		_, err := to.Write(text)
		return err
	}
}

// text returns what an action prints that is about the plan alone.
func (p *program) text(release *grouping.Plan) ([]byte, error) {
	switch p.action {
	case "check":
		return nil, nil
	case "waves":
		version := p.value
		if version == everyVersion {
			version = ""
		}
		if p.remaining {
			return plan.Remaining(release, version)
		}
		return plan.Waves(release, version)
	case "graph":
		return plan.Graph(release), nil
	case "explain":
		return plan.Explain(release, p.value), nil
	case "diff":
		return p.diff(release)
	default:
		return p.picture(release)
	}
}

// picture returns the plan in the format that --plan names.
func (p *program) picture(release *grouping.Plan) ([]byte, error) {
	switch p.value {
	case "json":
		return plan.JSON(release), nil
	case "mermaid":
		return plan.Mermaid(release), nil
	case "html":
		return plan.HTML(release), nil
	default:
		const paper = 100 // columns, where there is no terminal
		width := p.width
		if width == 0 {
			width = paper
		}
		return plan.Table(release, plan.TableOptions{Width: width, Color: p.color}), nil
	}
}

func (p *program) diff(release *grouping.Plan) ([]byte, error) {
	data, err := bounded.ReadFile(p.value, maxPlan)
	if err != nil {
		return nil, &inventory.Error{File: p.value, Message: "the old plan cannot be read", Err: err}
	}
	old, err := plan.ReadJSON(p.value, data)
	if err != nil {
		return nil, err
	}
	different := plan.Diff(old, release)
	if len(different) > 0 {
		p.status = exitOther
	}
	return different, nil
}

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
	inv, err := source.Read(sources, source.Options{
		Dir: folder, Policy: p.policy, Variables: policy.Variables(), VarsElsewhere: policy.VarsElsewhere, Stdin: p.stdin, Warn: p.warn,
		Timeout: timeout, Context: p.ctx,
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
	text := p.getenv("REGAL_TIMEOUT")
	if text == "" {
		return 0, nil
	}
	seconds, err := strconv.ParseUint(text, 10, 31)
	if err != nil || seconds == 0 {
		return 0, &inventory.Error{Message: fmt.Sprintf("REGAL_TIMEOUT is %q: write whole seconds, such as 120", text)}
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

// inSource names in an error that has no file the source, or the policy if there are several sources.
func (p *program) inSource(err error) error {
	fault := *inventory.Faults(err)[0]
	if fault.File == "" {
		fault.File = p.policy
	}
	return &fault
}

// everyVersion is the value of --waves without a version.
const everyVersion = "*"

// command returns the command line: flags, help and completion.
func (p *program) command() *cobra.Command {
	command := &cobra.Command{
		Use:                   useLine,
		Short:                 summary,
		Long:                  longHelp(),
		Example:               examples,
		Version:               version(),
		Args:                  onePolicy,
		SilenceErrors:         true,
		SilenceUsage:          true,
		DisableAutoGenTag:     true,
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     completePolicy,
		RunE: func(command *cobra.Command, args []string) error {
			if len(args) == 1 {
				p.policy, p.named = args[0], true
			}
			if err := p.chooseAction(command); err != nil {
				return err
			}
			return p.act()
		},
	}
	command.SetVersionTemplate("regal-inventory {{.Version}}\n")
	flags := command.Flags()
	flags.SortFlags = false
	flags.StringArrayVarP(&p.sources, "inventory", "i", nil, "read `SOURCE` in place of the policy's inventory; may be given several times")
	flags.Bool("list", false, "print the inventory as JSON for Ansible")
	flags.String("host", "", "print the variables of host `NAME` as JSON")
	flags.BoolVar(&p.pretty, "pretty", false, "indent the JSON of --list and --host")
	flags.String("plan", "table", "print the plan for people, as `FORMAT`: table, json, mermaid or html")
	flags.Lookup("plan").NoOptDefVal = "table"
	flags.String("waves", "", "print the wave groups in release order, a line each, of `VERSION` or of all")
	flags.Lookup("waves").NoOptDefVal = everyVersion
	flags.BoolVar(&p.remaining, "remaining", false, "with --waves, leave out the waves that are done")
	flags.String("hosts", "", "print the hosts of wave or group `GROUP`, a line each")
	flags.Bool("graph", false, "print the rollout groups as a tree")
	flags.String("explain", "", "print which wave of each version `HOST` is in, and why")
	flags.String("diff", "", "print what changed since plan `OLD`, a file made by --plan=json")
	flags.Bool("check", false, "print nothing when policy and inventory are sound")
	flags.String("begin", "", "begin a release of `VERSION`: record its waves, which stay as they are until it ends")
	flags.String("resume", "", "go on with the release of `VERSION`: take hosts that left and joined into its record, and say where it is")
	flags.String("done", "", "record that wave `GROUP` is done")
	flags.StringVar(&p.released, "released", "", "with --done, the hosts that were released, a line each in `FILE`, - for standard input; "+
		"the wave's others come last")
	flags.String("end", "", "end the release of `VERSION`, and keep its record in the history")
	flags.Bool("history", false, "print the releases that have ended")
	flags.String("schema", "", "print the JSON Schema of `FILE`: policy or record")
	flags.Lookup("schema").NoOptDefVal = "policy"
	p.addCompletion(command)
	command.AddCommand(p.completionCommand())
	return command
}

// formats returns what --plan can be.
func formats() []string { return []string{"table", "json", "mermaid", "html"} }

// onePolicy refuses more than one policy on the command line.
func onePolicy(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("one policy at a time, not %q and %q", args[0], args[1])
	}
	return nil
}

// actions returns the names of the flags of which one call takes one.
func actions() []string {
	return []string{
		"list", "host", "plan", "waves", "hosts", "graph", "explain", "diff", "check", "begin", "resume", "done", "end", "history", "schema",
	}
}

// chooseAction notes which action the flags ask for, and checks its value.
func (p *program) chooseAction(command *cobra.Command) error {
	p.action, p.value = "plan", "table"
	given := ""
	for _, name := range actions() {
		flag := command.Flags().Lookup(name)
		switch {
		case !flag.Changed:
			continue
		case given != "":
			return fmt.Errorf("one action at a time, not --%s and --%s", given, name)
		case flag.Value.Type() == "bool" && flag.Value.String() == "false":
			return fmt.Errorf("--%s takes no value", name)
		}
		given, p.action, p.value = name, name, flag.Value.String()
	}
	switch {
	case p.action == "plan" && !slices.Contains(formats(), p.value):
		return fmt.Errorf("--plan knows table, json, mermaid and html, not %q", p.value)
	case p.action == "schema" && p.value != "policy" && p.value != "record":
		return fmt.Errorf("--schema knows policy and record, not %q", p.value)
	case p.value == "":
		return fmt.Errorf("--%s needs a value", p.action)
	case p.pretty && p.action != "list" && p.action != "host":
		return errors.New("--pretty goes with --list or --host")
	case p.remaining && p.action != "waves":
		return errors.New("--remaining goes with --waves")
	case command.Flags().Changed("released") && (p.action != "done" || p.released == ""):
		return errors.New("--released goes with --done, and needs a value")
	case p.released == "-" && slices.Contains(p.sources, "-"):
		return errors.New("standard input is either the inventory or the hosts that were released")
	}
	for _, source := range p.sources {
		if source == "" {
			return errors.New("--inventory needs a value")
		}
	}
	return nil
}

// release is the version of a released binary, set by the linker.
var release string

// version returns what --version prints.
func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}
