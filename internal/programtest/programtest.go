// Package programtest runs programs for tests: regal-inventory itself, which it puts into PATH, and those of others.
package programtest

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
)

// Main runs the tests of a package in the folder root, relative to the package's own. In them PATH begins with the program under
// test as regal-inventory: a copy of the test's binary, which calls program when it is called by that name.
func Main(m *testing.M, root string, program func()) {
	called := os.Args[0]
	testscript.Main(in{root, m}, map[string]func(){
		"regal-inventory": func() {
			os.Args[0] = called // testscript cuts the folder off, which a policy may stand in
			program()
		},
	})
}

// in runs tests in a folder.
type in struct {
	folder string
	*testing.M
}

// Run goes into the folder and runs the tests there.
func (i in) Run() int {
	if err := os.Chdir(i.folder); err != nil {
		panic(err)
	}
	status := i.M.Run()
	if err := noteFolder(); err != nil {
		panic(err)
	}
	return status
}

// noteFolder writes the working directory into the list of files that this run has opened, at its beginning. The go command keeps the
// result of a run until one of them changes, and looks for them from the folder of the package as long as the list names no other:
// it would miss every change of a page or a script (cmd/go/internal/test, computeTestInputsID).
func noteFolder() error {
	path := flag.Lookup("test.testlogfile").Value.String()
	if path == "" {
		return nil
	}
	const head = "# test log\n"
	opened, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // nothing was run: the tests were only listed
	}
	if err != nil {
		return err
	}
	folder, err := os.Getwd()
	if err != nil {
		return err
	}
	rest, found := bytes.CutPrefix(opened, []byte(head))
	if !found {
		return os.Remove(path) // nothing is kept without it
	}
	return os.WriteFile(path, []byte(head+"chdir "+folder+"\n"+string(rest)), 0o600)
}

// Need returns without a word when the program is installed; else it fails the test where CI is true and skips it elsewhere.
func Need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing", program)
	}
	t.Skipf("%s is missing", program)
}

// Ran is how a program ended: exit status, and both outputs together.
type Ran struct {
	Status int
	Output string
}

// processors bounds how many Ansible runs go on at a time.
var processors = ansibletest.NewProcessors()

// Run runs a program in a folder, without a terminal, with these variables beside those of the environment.
func Run(t *testing.T, folder string, env []string, name string, args ...string) Ran {
	t.Helper()
	words, giveBack := processors.Take(append([]string{name}, args...)...)
	defer giveBack()
	command := exec.Command(words[0], words[1:]...)
	command.Dir = folder
	command.Env = append(os.Environ(), "ANSIBLE_NOCOLOR=1", "ANSIBLE_LOCALHOST_WARNING=false", "ANSIBLE_PIPELINING=true")
	command.Env = append(command.Env, env...)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err := command.Run()
	if command.ProcessState == nil {
		require.NoError(t, err)
	}
	return Ran{command.ProcessState.ExitCode(), output.String()}
}

// WriteFiles writes files into a new folder, those that begin with #! as programs, and returns the folder.
func WriteFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		if strings.HasPrefix(text, "#!") {
			WriteProgram(t, path, text)
		} else {
			require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		}
	}
	return folder
}

// WriteProgram writes a file that is to be run. A process that another goroutine starts at that moment would hold the file
// open, and what is open for writing cannot be run: "text file busy" (golang/go#22315).
func WriteProgram(t testing.TB, path, text string) {
	t.Helper()
	syscall.ForkLock.RLock()
	err := os.WriteFile(path, []byte(text), 0o755)
	syscall.ForkLock.RUnlock()
	require.NoError(t, err)
}

// ReadFile returns the text of a file.
func ReadFile(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// Update tells that the files which are made from the program are to be written anew.
var Update = flag.Bool("update", false, "write the files that are made from the program anew")

// Current compares a made file with what it should be; with Update it writes it.
func Current(t *testing.T, path string, want []byte) {
	t.Helper()
	if *Update {
		require.NoError(t, os.WriteFile(path, want, 0o644))
	}
	assert.Equal(t, string(want), ReadFile(t, path), "run the test %s with -update", t.Name())
}
