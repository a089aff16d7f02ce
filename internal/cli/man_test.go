package cli

import (
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// TestManPage keeps regal-inventory.1.
func TestManPage(t *testing.T) { programtest.Current(t, "regal-inventory.1", manPage(t)) }

// TestManPageIsSound has man itself read the page, with all its warnings.
func TestManPageIsSound(t *testing.T) {
	if _, err := exec.LookPath("man"); err != nil {
		t.Skip("man is not installed")
	}
	command := exec.Command("man", "--warnings=w", "-E", "UTF-8", "-l", "-Tutf8", "-Z", "regal-inventory.1")
	var out, messages bytes.Buffer
	command.Stdout, command.Stderr = &out, &messages
	require.NoError(t, command.Run())
	assert.Empty(t, messages.String())
	assert.NotEmpty(t, out.String())
}

// manPage makes the page from the same texts as --help; cobra's own list of flags shows them as Go sees them, and is not
// for people.
func manPage(t *testing.T) []byte {
	command := (&program{}).command()
	command.InitDefaultHelpFlag()
	command.InitDefaultVersionFlag()
	parts := append([]section{{"Options", options(command)}, commands(command)}, sections()...)
	command.RemoveCommand(command.Commands()...)
	command.Flags().VisitAll(func(flag *pflag.Flag) { flag.Hidden = true })
	command.Long = markdown(description)
	for _, part := range parts {
		command.Long += "\n\n# " + strings.ToUpper(part.title) + "\n"
		for _, item := range part.items {
			command.Long += "\n**" + markdown(item.word) + "**\n: " + markdown(item.meaning) + "\n"
		}
	}
	command.Long += "\n# SEE ALSO\n\n**ansible-inventory**(1), **ansible-playbook**(1)\n"
	var page bytes.Buffer
	header := doc.GenManHeader{Section: "1", Manual: "User Commands", Source: "regal-inventory", Date: &time.Time{}}
	require.NoError(t, doc.GenMan(command, &header, &page))
	undated := bytes.Replace(page.Bytes(), []byte(`"Jan 0001"`), []byte(`""`), 1)
	return behind(undated, "EXAMPLE", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO")
}

func commands(command *cobra.Command) section {
	made := section{title: "Commands"}
	for _, one := range command.Commands() {
		made.items = append(made.items, item{one.Use, one.Short})
	}
	return made
}

// markdown returns Markdown for a plain text, in which lines that are indented are code.
func markdown(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "    ") {
			lines[i] = strings.NewReplacer("_", `\_`, "*", `\*`, "<", `\<`, "[", `\[`, "]", `\]`).Replace(line)
		}
	}
	return strings.Join(lines, "\n")
}

// behind moves the sections of a page with these titles to its end, in this order.
func behind(page []byte, titles ...string) []byte {
	const lead = "\n.SH "
	parts := strings.Split(string(page), lead)
	made := parts[0]
	moved := map[string]string{}
	for _, part := range parts[1:] {
		title, _, _ := strings.Cut(part, "\n")
		if slices.Contains(titles, title) {
			moved[title] = lead + strings.TrimRight(part, "\n") + "\n"
			continue
		}
		made += lead + strings.TrimRight(part, "\n") + "\n"
	}
	for _, title := range titles {
		made += moved[title]
	}
	return []byte(made)
}
