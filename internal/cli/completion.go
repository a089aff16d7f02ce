package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// completionCommand returns the command that prints a shell's completion script. A policy of the name completion is
// therefore called ./completion.
func (p *program) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the completion script for bash, zsh, fish or powershell",
		Long: `Print the completion script for bash, zsh, fish or powershell. For the shell that runs:

  source <(regal-inventory completion bash)
  source <(regal-inventory completion zsh)
  regal-inventory completion fish | source
  regal-inventory completion powershell | Out-String | Invoke-Expression`,
		ValidArgs:             []string{"bash", "zsh", "fish", "powershell"},
		DisableFlagsInUseLine: true,
		RunE: func(command *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(command.ValidArgs, args[0]) {
				return fmt.Errorf("completion needs one of %s", strings.Join(command.ValidArgs, ", "))
			}
			var script strings.Builder
			root := command.Root()
			generate := map[string]func() error{
				"bash":       func() error { return root.GenBashCompletionV2(&script, true) },
				"zsh":        func() error { return root.GenZshCompletion(&script) },
				"fish":       func() error { return root.GenFishCompletion(&script, true) },
				"powershell": func() error { return root.GenPowerShellCompletionWithDesc(&script) },
			}[args[0]]
			if err := generate(); err != nil {
				return &failure{err}
			}
			return p.print(printText([]byte(script.String())))
		},
	}
}

// addCompletion has the shell complete the values of flags: formats, versions, waves and hosts.
func (p *program) addCompletion(command *cobra.Command) {
	complete := func(flag string, names func() []string) {
		err := command.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				p.policy = args[0]
			}
			other := func(name string) bool { return !strings.HasPrefix(name, start) }
			return slices.DeleteFunc(names(), other), cobra.ShellCompDirectiveNoFileComp
		})
		if err != nil {
			panic(err) // the flag is defined beside the call
		}
	}
	complete("plan", formats)
	complete("host", p.hostNames)
	complete("explain", p.hostNames)
	for _, flag := range []string{"waves", "begin", "resume", "end"} {
		complete(flag, p.versionNames)
	}
	complete("done", p.waveNames)
	complete("hosts", p.waveNames)
	complete("graph", p.waveNames)
	complete("export", exports)
	complete("schema", func() []string { return []string{"policy", "record"} })
}

// hostNames returns the names of the inventory's hosts; none if it cannot be read.
func (p *program) hostNames() []string {
	read, err := p.quietly().read()
	if err != nil {
		return nil
	}
	names := make([]string, 0, len(read.inv.Hosts()))
	for _, host := range read.inv.Hosts() {
		names = append(names, host.Name)
	}
	return names
}

// versionNames returns the names of the plan's versions; none if there is no plan.
func (p *program) versionNames() []string {
	read, err := p.quietly().read()
	if err != nil {
		return nil
	}
	names := make([]string, 0, len(read.plan.Versions))
	for _, version := range read.plan.Versions {
		names = append(names, version.Name)
	}
	return names
}

// waveNames returns the groups of the waves that are not done; none if there is no plan.
func (p *program) waveNames() []string {
	read, err := p.quietly().read()
	if err != nil {
		return nil
	}
	var names []string
	for _, version := range read.plan.Versions {
		for _, wave := range version.Remaining() {
			names = append(names, wave.Group)
		}
	}
	return names
}

// quietly returns the program without messages and without standard input: while the shell completes, the user is in the middle of a
// command line, and what comes from the terminal is what the user types.
func (p *program) quietly() *program {
	quiet := *p
	quiet.stderr = io.Discard
	quiet.stdin = strings.NewReader("")
	quiet.patience = 0
	return &quiet
}

// completePolicy completes the policy's file name.
func completePolicy(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"yml", "yaml"}, cobra.ShellCompDirectiveFilterFileExt
}
