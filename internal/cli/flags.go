package cli

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// every is the value of --waves without a version, and of --graph without a group. Neither can have that name, since YAML allows no NUL.
const every = "\x00"

// command returns the command line: flags, help and completion.
func (p *program) command() *cobra.Command {
	command := &cobra.Command{
		Use:                   useLine,
		Short:                 summary,
		Long:                  description,
		Example:               examples,
		Version:               p.ownVersion(),
		Args:                  p.onePolicy,
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
	command.SetFlagErrorFunc(unknownFlag)
	ofCobra := command.HelpFunc()
	command.SetHelpFunc(func(called *cobra.Command, args []string) {
		if called != command {
			ofCobra(called, args)
			return
		}
		if err := writeHelp(command, p.stdout); err != nil {
			p.report(&inventory.Error{Message: "the output could not be written", Err: err})
			p.status = exitWrong
		}
	})
	flags := command.Flags()
	flags.SortFlags = false
	flags.StringArrayVarP(&p.sources, "inventory", "i", nil, "read `SOURCE` in place of the policy's inventory; may be given several times")
	flags.Bool("list", false, "print the inventory as JSON for Ansible")
	flags.String("host", "", "print the variables of host `NAME` as JSON")
	flags.BoolVar(&p.pretty, "pretty", false, "indent the JSON of --list and --host")
	flags.String("plan", "table", "print the plan for people, as `FORMAT`: table, json, mermaid or html")
	flags.Lookup("plan").NoOptDefVal = "table"
	flags.String("waves", "", "print the wave groups in release order, a line each, of `VERSION` or of all")
	flags.Lookup("waves").NoOptDefVal = every
	flags.BoolVar(&p.remaining, "remaining", false, "with --waves, leave out the waves that are done")
	flags.String("hosts", "", "print the hosts of wave or group `GROUP`, a line each")
	flags.String("export", "", "print the waves for another executor, as `FORMAT`: salt, clustershell or nginx")
	flags.StringVar(&p.port, "port", "", "with --export=nginx, the `PORT` on which the hosts serve; 80 without it")
	flags.String("graph", "", "print the groups of every rollout, or `GROUP` alone, as a tree")
	flags.Lookup("graph").NoOptDefVal = every
	flags.String("explain", "", "print which wave of each version `HOST` is in, and why")
	flags.String("diff", "", "print what changed since plan `OLD`, a file made by --plan=json")
	flags.Bool("check", false, "print nothing when policy and inventory are sound; on a terminal one line that says so")
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

// formats returns the values that --plan takes.
func formats() []string { return []string{"table", "json", "mermaid", "html"} }

// exports returns the values that --export takes.
func exports() []string { return []string{"salt", "clustershell", "nginx"} }

// onePolicy refuses more than one policy on the command line.
func (p *program) onePolicy(command *cobra.Command, args []string) error {
	if len(args) < 2 {
		return nil
	}
	err := fmt.Errorf("one policy at a time, not %q and %q", args[0], args[1])
	for _, arg := range args {
		if meant := meantValue(command, arg); meant != "" {
			return fmt.Errorf("%w; did you mean %s?", err, meant)
		}
	}
	return err
}

// chooseAction notes which action the flags ask for. Its errors are those of the command line: two actions, a value that an action does
// not know, a flag without the action that it belongs to.
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
	case p.action == "schema" && p.named && meantValue(command, p.policy) != "":
		return fmt.Errorf("--schema needs no policy; did you mean %s?", meantValue(command, p.policy))
	case p.action == "export" && p.value != "" && !slices.Contains(exports(), p.value):
		return fmt.Errorf("--export knows salt, clustershell and nginx, not %q", p.value)
	case p.value == "":
		return fmt.Errorf("--%s needs a value", p.action)
	case p.pretty && p.action != "list" && p.action != "host":
		return errors.New("--pretty goes with --list or --host")
	case p.remaining && p.action != "waves":
		return errors.New("--remaining goes with --waves")
	case command.Flags().Changed("released") && (p.action != "done" || p.released == ""):
		return errors.New("--released goes with --done, and needs a value")
	case command.Flags().Changed("port") && (p.action != "export" || p.value != "nginx"):
		return errors.New("--port goes with --export=nginx")
	case command.Flags().Changed("port") && !isPort(p.port):
		return fmt.Errorf("--port is a number from 1 to 65535, not %q", p.port)
	case p.released == "-" && slices.Contains(p.sources, "-"):
		return errors.New("standard input is either the inventory or the hosts that were released")
	}
	for _, source := range p.sources {
		if source == "" {
			return errors.New("--inventory needs a value")
		}
		if isPolicy(source) {
			return fmt.Errorf("-i names an inventory to read, and %s is a policy: write regal-inventory %[1]s, without -i", shown.File(source))
		}
	}
	p.meant = func(policy string) string { return meantValue(command, policy) }
	return nil
}

// isPort tells whether a text is the number of a port that can be connected to.
func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && port > 0
}

// ownVersion returns the version of this binary, as --version prints it.
func (p *program) ownVersion() string {
	if p.builtAs != "" {
		return p.builtAs
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}
