package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
)

// tree writes files into a new folder and returns it. A name that ends in a slash is a folder; a text that begins with
// "-> " is a link; one that begins with #! can be executed.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		switch {
		case strings.HasSuffix(name, "/"):
			require.NoError(t, os.MkdirAll(path, 0o755))
		case strings.HasPrefix(text, "-> "):
			require.NoError(t, os.Symlink(strings.TrimPrefix(text, "-> "), path))
		case strings.HasPrefix(text, "#!"):
			require.NoError(t, os.WriteFile(path, []byte(text), 0o755))
		default:
			require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		}
	}
	return folder
}

// warnings collects what Read warns of.
type warnings struct {
	sync.Mutex
	lines []string
}

func (w *warnings) add(message string) {
	w.Lock()
	defer w.Unlock()
	w.lines = append(w.lines, message)
}

// leavesNothing runs what starts programs and checks that no process which carries a mark in its environment is left.
func leavesNothing(t *testing.T, run func()) {
	t.Helper()
	mark := fmt.Sprintf("REGAL_TEST_MARK=%d-%s", os.Getpid(), t.Name())
	name, value, _ := strings.Cut(mark, "=")
	t.Setenv(name, value)
	run()
	environments, err := filepath.Glob("/proc/[0-9]*/environ")
	require.NoError(t, err)
	if len(environments) == 0 {
		t.Skip("there is no /proc to look for processes in")
	}
	for _, path := range environments {
		pid := filepath.Base(filepath.Dir(path))
		isLeft := func() bool {
			environment, err := os.ReadFile(path)
			return err == nil && pid != strconv.Itoa(os.Getpid()) && strings.Contains(string(environment), mark)
		}
		// What is killed may need a moment to be gone, where the processor is busy.
		for since := time.Now(); isLeft() && time.Since(since) < 5*time.Second; {
			time.Sleep(10 * time.Millisecond)
		}
		if isLeft() {
			status, _ := os.ReadFile(filepath.Join("/proc", pid, "stat"))
			t.Errorf("process %s is left: %s", pid, status)
		}
	}
}

// TestFaults holds the whole message of each fault, with the folder's name written as DIR.
func TestFaults(t *testing.T) {
	const script = "#!/bin/sh\n"
	for name, test := range map[string]struct {
		files   map[string]string
		sources []string
		want    string
		ansible ansible.Version // 2.14 if it is left out
		warns   []string
	}{
		"no such file": {
			sources: []string{"gone"},
			want:    "DIR/gone: the source cannot be read: no such file or directory",
		},
		"no name": {sources: []string{""}, want: "a source has no name"},
		"program fails": {
			files:   map[string]string{"inv": script + "echo no credentials >&2\nprintf 'a\\033[31mb\\r\\n' >&2\nexit 3\n"},
			sources: []string{"inv"},
			want:    "DIR/inv: the program failed: exit status 3",
			warns:   []string{"DIR/inv: no credentials", "DIR/inv: a\uFFFD[31mb"},
		},
		"compiled program fails": {
			files:   map[string]string{"inv": "-> /bin/false"},
			sources: []string{"inv"},
			want:    "DIR/inv: the program failed: exit status 1",
		},
		"program is killed": {
			files:   map[string]string{"inv": script + "echo 'a b'\nkill -9 $$\n"},
			sources: []string{"inv"},
			want:    "DIR/inv: the program failed: signal: killed",
		},
		"program in a folder fails": {
			files:   map[string]string{"d/hosts": "h1\n", "d/inv": script + "exit 1\n"},
			sources: []string{"d"},
			want:    "DIR/d/inv: the program failed: exit status 1",
		},
		"half a document": {
			files:   map[string]string{"inv": script + "printf '{\"web\": {\\n\"hosts\": [\"h1\"'\n"},
			sources: []string{"inv"},
			want:    "DIR/inv: the output of the program is not valid JSON: line 2, column 15: a comma or a closing ] is missing",
		},
		"no document": {
			files:   map[string]string{"inv": script + "exec 1>&- 2>&-\n: 'a b'\n"},
			sources: []string{"inv"},
			want:    "DIR/inv: the output of the program is not valid JSON: line 1, column 1: a JSON value is missing",
		},
		"a list": {
			files:   map[string]string{"inv": script + "echo '[]'\n"},
			sources: []string{"inv"},
			want:    "DIR/inv: the output of the program must be a JSON map of groups",
		},
		"no UTF-8": {
			files:   map[string]string{"inv": script + "printf '{\"\\377\": []}'\n"},
			sources: []string{"inv"},
			want:    "DIR/inv: the output of the program is not UTF-8",
		},
		"a wrong form": {
			files:   map[string]string{"inv": script + "echo '{\"web\": {\"hosts\": \"h1\"}}'\n"},
			sources: []string{"inv"},
			want:    `DIR/inv: what was printed is no inventory: hosts of group "web" must be a list`,
		},
		"wrong variables": {
			files:   map[string]string{"inv": script + "echo '{\"web\": [\"h1\"], \"_meta\": {\"hostvars\": {\"h1\": null}}}'\n"},
			sources: []string{"inv"},
			want:    `DIR/inv: what was printed is no inventory: the variables of host "h1" must be a map`,
		},
		"nothing for --host": {
			files:   map[string]string{"inv": script + "test $1 = --list && echo '{\"web\": [\"h1\"]}'\n"},
			sources: []string{"inv"},
			want:    `DIR/inv: what the program prints for --host "h1" is not valid JSON: line 1, column 1: a JSON value is missing`,
			warns:   []string{`DIR/inv: the program failed for --host "h1": exit status 1; what it printed counts all the same, as it does for Ansible`},
		},
		"nothing for --host, newest": {
			files:   map[string]string{"inv": script + "test $1 = --list && echo '{\"web\": [\"h1\"]}'\n"},
			sources: []string{"inv"},
			ansible: ansible.Newest,
			want:    `DIR/inv: the program failed for --host "h1": exit status 1`,
		},
		"no interpreter": {
			files:   map[string]string{"inv": "#!/nowhere/python 3\n: a b\n"},
			sources: []string{"inv"},
			want:    "DIR/inv: the program cannot be run: no such file or directory; its first line names the program that is to read it, without a carriage return at its end, as Windows writes it",
		},
		"an empty folder": {
			files:   map[string]string{"d/e/": "", "d/hosts": "h1\n"},
			sources: []string{"d"},
			want: "DIR/d/e: the folder holds no inventory; Ansible passes over names that begin with a dot, group_vars, host_vars, " +
				"and names that its settings inventory_ignore_extensions and inventory_ignore_patterns tell",
		},
		"a folder loop": {
			files:   map[string]string{"d/hosts": "h1\n", "d/e/f/loop": "-> ../.."},
			sources: []string{"d"},
			want:    "DIR/d/e/f/loop: the folder leads back to one that it stands in",
		},
		"a link in a circle": {
			files:   map[string]string{"d/x": "-> y", "d/y": "-> x"},
			sources: []string{"d"},
			want:    "DIR/d/x: this entry of the folder cannot be read: too many levels of symbolic links",
		},
		"an entry that is gone": {
			files:   map[string]string{"d/x,y": "-> gone"},
			sources: []string{"d"},
			want:    "DIR/d/x,y: this entry of the folder cannot be read: no such file or directory",
		},
		"a device": {
			sources: []string{"/dev/zero"},
			want:    "/dev/zero: only files and folders can be sources, not pipes or devices; for standard input write -",
		},
		"a loop in one source": {
			files:   map[string]string{"hosts": "[web:children]\nall\n"},
			sources: []string{"hosts"},
			want:    `DIR/hosts: group "web" as a child of "all" closes a loop`,
		},
		"a loop in two sources": {
			files:   map[string]string{"hosts": "[web:children]\nall\n"},
			sources: []string{"hosts", "h1,"},
			want:    `group "web" as a child of "all" closes a loop`,
		},
		"no standard input": {sources: []string{"-"}, want: "standard input: there is none to read"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := tree(t, test.files)
			var heard warnings
			leavesNothing(t, func() {
				inUse := test.ansible
				if inUse == (ansible.Version{}) {
					inUse = ansible.Version{Major: 2, Minor: 14}
				}
				_, err := Read(t.Context(), test.sources, Options{Dir: folder, Warn: heard.add, ansible: ansible.Of(inUse)})
				require.Error(t, err)
				assert.Equal(t, test.want, strings.ReplaceAll(err.Error(), folder, "DIR"))
			})
			for i, line := range heard.lines {
				heard.lines[i] = strings.ReplaceAll(line, folder, "DIR")
			}
			assert.Equal(t, test.warns, heard.lines)
		})
	}
}

// TestStopped runs programs that do not end by themselves.
func TestStopped(t *testing.T) {
	const stubborn = "trap '' TERM\n"
	for name, test := range map[string]struct{ text, want string }{
		"hangs":          {"sleep 100\n", "it took more than 300ms; be patient"},
		"hangs for good": {stubborn + "sleep 100 & sleep 100\n", "it took more than 300ms; be patient"},
		"closes its output": {"echo '{}'\nexec 1>&- 2>&-\nsleep 100\n",
			"it took more than 300ms; be patient"},
		"leaves a child that writes": {"sleep 100 &\n", "it took more than 300ms; be patient"},
		"leaves a session of its own": {"setsid sleep 100 </dev/null >/dev/null 2>&1 & setsid setsid sleep 100 & sleep 100\n",
			"it took more than 300ms; be patient"},
		"hangs at --host": {"test $1 = --list && echo '{\"web\": [\"h1\"]}' || sleep 100\n",
			"it took more than 300ms; be patient"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := tree(t, map[string]string{"inv": "#!/bin/sh\n" + test.text})
			leavesNothing(t, func() {
				_, err := Read(t.Context(), []string{"inv"}, Options{Dir: folder, Timeout: 300 * time.Millisecond, TimeoutHint: "be patient", Mark: "RUNS"})
				require.EqualError(t, err, folder+"/inv: the program was stopped: "+test.want)
				require.ErrorIs(t, err, context.DeadlineExceeded)
			})
		})
	}
}

// TestFailedProgramsChildren has a program fail that leaves a child which holds no pipe: it is ended all the same.
func TestFailedProgramsChildren(t *testing.T) {
	folder := tree(t, map[string]string{"inv": "#!/bin/sh\nsleep 100 </dev/null >/dev/null 2>&1 &\nexit 3\n"})
	leavesNothing(t, func() {
		_, err := Read(t.Context(), []string{"inv"}, Options{Dir: folder})
		require.EqualError(t, err, folder+"/inv: the program failed: exit status 3")
	})
}

// TestLargeFileIsNoPolicy looks into no file that is too large for a policy whether it is one: to read a large inventory twice
// would take twice the time. It is not read as an inventory either.
func TestLargeFileIsNoPolicy(t *testing.T) {
	policy := "plugin: regal\ninventory: hosts\nversions: {app: all}\n"
	for size, want := range map[int]string{bounded.Policy: "this is a policy too", bounded.Policy + 1: "the file configures an inventory plugin"} {
		folder := tree(t, map[string]string{"all/regal-old.yml": policy + strings.Repeat("#", size-len(policy))})
		_, err := Read(t.Context(), []string{"all"}, Options{Dir: folder})
		require.ErrorContains(t, err, want)
	}
}

func TestEndlessOutput(t *testing.T) {
	folder := tree(t, map[string]string{"inv": "#!/bin/sh\nexec yes\n"})
	leavesNothing(t, func() {
		_, err := Read(t.Context(), []string{"inv"}, Options{Dir: folder})
		require.EqualError(t, err, folder+"/inv: the program was stopped: it printed more than 256 MiB")
	})
	_, err := Read(t.Context(), []string{"-"}, Options{Stdin: endless{}})
	require.EqualError(t, err, "standard input: cannot be read: it printed more than 256 MiB")
}

// endless is a text without an end.
type endless struct{}

func (endless) Read(into []byte) (int, error) { return len(into), nil }

func TestEndlessComplaint(t *testing.T) {
	folder := tree(t, map[string]string{"inv": "#!/bin/sh\nyes complaint | head -c 3000000 >&2\necho '{}'\n"})
	var heard warnings
	_, err := Read(t.Context(), []string{"inv"}, Options{Dir: folder, Warn: heard.add})
	require.NoError(t, err)
	size := 0
	for _, line := range heard.lines {
		size += len(line) - len(folder)
	}
	assert.Less(t, size, 3<<20)
	assert.Equal(t, folder+"/inv: the program writes more to standard error; the rest is left out", heard.lines[len(heard.lines)-1])
}

// TestInterrupted ends Read while a program runs, as a signal to regal-inventory does.
func TestInterrupted(t *testing.T) {
	folder := tree(t, map[string]string{"inv": "#!/bin/sh\ntouch \"$0.started\"\nsleep 100\n"})
	leavesNothing(t, func() {
		interrupt := errors.New("interrupt")
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			for {
				if _, err := os.Stat(filepath.Join(folder, "inv.started")); err == nil {
					cancel(interrupt)
					return
				}
				time.Sleep(time.Millisecond)
			}
		}()
		_, err := Read(ctx, []string{"inv"}, Options{Dir: folder})
		require.EqualError(t, err, folder+"/inv: the program was stopped: interrupt")
		require.ErrorIs(t, err, interrupt)
		_, err = Read(ctx, []string{"inv"}, Options{Dir: folder})
		require.EqualError(t, err, folder+"/inv: reading was stopped: interrupt", "nothing is started any more")
		require.ErrorIs(t, err, interrupt)
	})
}

// TestFileThatChanges reads a file that another process writes to all the while: what comes is an error or all of it as
// it was at one time, never a part.
func TestFileThatChanges(t *testing.T) {
	folder := tree(t, nil)
	path := filepath.Join(folder, "hosts")
	text := strings.Repeat("h[1:9]\n", 50_000)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	done := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				_ = os.Truncate(path, 7)
				_ = os.WriteFile(path, []byte(text), 0o600)
			}
		}
	})
	r, err := newReader(t.Context(), Options{ansible: ansible.Of(ansible.Newest)})
	require.NoError(t, err)
	r.File = "hosts"
	for range 200 {
		data, err := r.load(path)
		if err != nil {
			assert.EqualError(t, err, "hosts: the file cannot be read: it changed meanwhile; try again")
		} else if !strings.HasPrefix(text, string(data)) {
			t.Error("the text is a mix")
		}
	}
	close(done)
	writer.Wait()
}

// TestNoPermission needs a user whom permissions bind.
func TestNoPermission(t *testing.T) {
	if syscall.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	folder := tree(t, map[string]string{"hosts": "h1\n", "d/hosts": "h1\n"})
	require.NoError(t, os.Chmod(filepath.Join(folder, "hosts"), 0))
	require.NoError(t, os.Chmod(filepath.Join(folder, "d"), 0))
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(folder, "d"), 0o700) })
	_, err := Read(t.Context(), []string{"hosts"}, Options{Dir: folder})
	require.EqualError(t, err, folder+"/hosts: the source cannot be read: permission denied")
	_, err = Read(t.Context(), []string{"d"}, Options{Dir: folder})
	require.EqualError(t, err, folder+"/d: the folder cannot be read: permission denied")
}
