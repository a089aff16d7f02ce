package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// TestMain runs the tests in the folder of the project, whose files they read.
func TestMain(m *testing.M) {
	programtest.Main(m, "../..", func() { os.Exit(Main("")) })
}

// TestScripts runs the command line through testdata/*.txtar.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *programtest.Update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": status,
		},
	})
}

// status N PROGRAM [ARGUMENT...] runs a program that has to end with exit status N. Its output can be compared as exec's.
func status(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) < 2 {
		ts.Fatalf("usage: status N PROGRAM [ARGUMENT...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = "none"
		if _, status, found := bytes.Cut([]byte(err.Error()), []byte("exit status ")); found {
			got = string(status)
		}
	}
	if got != args[0] {
		ts.Fatalf("exit status %s, not %s", got, args[0])
	}
}

// TestClosedPipe checks that a reader who is gone is an error with a message.
func TestClosedPipe(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"--list", "--plan=json", "--graph", "--schema"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			reader, writer, err := os.Pipe()
			require.NoError(t, err)
			require.NoError(t, reader.Close())
			var stderr bytes.Buffer
			command := exec.Command("regal-inventory", filepath.Join("examples", "regal.yml"), action)
			command.Stdout, command.Stderr = writer, &stderr
			var exit *exec.ExitError
			require.ErrorAs(t, command.Run(), &exit)
			require.NoError(t, writer.Close())
			require.Equal(t, exitWrong, exit.ExitCode())
			require.Contains(t, stderr.String(), "the output could not be written")
			require.Contains(t, stderr.String(), "broken pipe")
		})
	}
}

// TestFaultShowsItsLine runs the program as on a terminal: below a fault of the policy stand its line and a caret, below a
// fault of the inventory nothing, since a line of it may hold a password.
func TestFaultShowsItsLine(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("wide.yml", []byte("plugin: regal\ninventory: hosts.ini\nversions:\n  发布: {hosts: all, combine: 0}\n"), 0o600))
	require.NoError(t, os.WriteFile("good.yml", []byte("plugin: regal\ninventory: hosts.ini\nversions:\n  v: all\n"), 0o600))
	require.NoError(t, os.WriteFile("hosts.ini", []byte("h1 password='secret\n"), 0o600))
	for policy, want := range map[string]string{
		"wide.yml": "wide.yml:4:29: versions.\"发布\".combine: \"0\" is no size: write a count such as 2, or a percentage such as 10%\n" +
			"      发布: {hosts: all, combine: 0}\n" +
			strings.Repeat(" ", 4+30) + "^\n", // the two characters are four columns wide

		"good.yml": "hosts.ini:1:1: a single quote is not closed\n",
	} {
		var stdout, stderr bytes.Buffer
		p := program{
			calledAs: "regal-inventory", getenv: func(string) string { return "" },
			stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, showSource: true,
		}
		assert.Equal(t, exitWrong, p.run([]string{policy, "--check"}), policy)
		assert.Equal(t, want, stderr.String(), policy)
		assert.Empty(t, stdout.String(), policy)
	}
}
