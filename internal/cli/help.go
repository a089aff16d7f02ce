package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const (
	useLine = "regal-inventory [POLICY] [--inventory SOURCE]... [action]"
	summary = "Ansible inventories with groups that release a version wave by wave"

	description = `regal-inventory reads an Ansible inventory and a policy, splits each version's hosts into a canary and batches, and
prints the same inventory with those groups added. Ansible calls it as a dynamic inventory:

    ansible-playbook -i regal.yml regal.release.rollout -e regal_version=app-v1

POLICY is the policy file; if it is not given, $REGAL_POLICY, else regal.yml beside the program as it was called, else
./regal.yml. Without an action the plan is printed as a table.`

	examples = `  regal-inventory                      the plan of ./regal.yml
  ./regal.yml --check                  is all sound?
  ./regal.yml --explain web07          why is web07 in its wave?
  ./regal.yml --plan=html > plan.html  a page for the change review
  ./regal.yml --export=clustershell    the waves as groups of ClusterShell
  ./regal.yml --begin app-v1           record the waves of a release, which then stay as they are
  ./regal.yml --done app_v1_canary     the canary is done
  ansible-inventory -i regal.yml --graph app_v1_rollout`
)

// section is a part of the help that follows the description; the man page has it under a heading of its own.
type section struct {
	title string
	items []item
}

// item is a word of the help, such as a flag, and what it means.
type item struct{ word, meaning string }

// sections returns what the help and the man page say besides the flags.
func sections() []section {
	return []section{
		{"Exit status", []item{
			{"0", "done; with --diff, the plans are the same"},
			{"1", "the policy, the inventory or a record is wrong; nothing is printed but the message on standard error"},
			{"2", "the command line is wrong"},
			{"3", "with --diff, the plans differ"},
		}},
		{"Environment", []item{
			{"REGAL_POLICY", "the policy file, when the command line names none"},
			{"REGAL_TIMEOUT", "how many seconds an inventory program may take; 120 without it"},
			{"REGAL_USER", "who begins and ends releases, as their records say; the user of the process without it"},
			{"SOURCE_DATE_EPOCH", "the time that --plan=html tells, in seconds since 1970, so that the same page can be made again; now without it"},
			{"NO_COLOR", "when it is not empty, nothing is coloured; colours are for terminals alone"},
		}},
		{"Files", []item{
			{"regal.yml", "the policy"},
			{".regal/", "beside the policy, the records of releases under way, and below history/ of those that have ended; the policy's " +
				"record: names another folder"},
			{"group_vars/, host_vars/", "beside a source, read for the variables that the policy names, and never printed"},
		}},
	}
}

// options returns the flags with their values, as in --plan[=FORMAT], and what they do.
func options(command *cobra.Command) []item {
	var made []item
	command.Flags().VisitAll(func(flag *pflag.Flag) {
		value, usage := pflag.UnquoteUsage(flag)
		word := "--" + flag.Name
		if flag.Shorthand != "" {
			word = "-" + flag.Shorthand + ", " + word
		}
		switch {
		case flag.Value.Type() == "bool":
		case flag.NoOptDefVal != "":
			word += "[=" + value + "]"
		default:
			word += " " + value
		}
		made = append(made, item{word, usage})
	})
	return made
}

// writeHelp writes what --help prints: what the program does, how it is called, and then what people look up.
func writeHelp(command *cobra.Command, to io.Writer) error {
	var text strings.Builder
	text.WriteString(description + "\n\nUsage:\n  " + useLine + "\n  regal-inventory completion SHELL\n\nExamples:\n" + examples + "\n")
	writeItems(&text, section{"Flags", options(command)})
	for _, one := range sections() {
		writeItems(&text, one)
	}
	_, err := io.WriteString(to, text.String())
	return err
}

// writeItems writes a section with its items in two columns.
func writeItems(text *strings.Builder, part section) {
	text.WriteString("\n" + part.title + ":\n")
	widest := 0
	for _, item := range part.items {
		widest = max(widest, len(item.word))
	}
	for _, item := range part.items {
		text.WriteString("  " + item.word + strings.Repeat(" ", widest-len(item.word)+3) + item.meaning + "\n")
	}
}
