package source

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/asked"
	"github.com/regal-inventory/regal-inventory/inventory/internal/inventorytest"
)

// comparison is what testdata/compare.py says of one inventory.
type comparison struct {
	Source      string
	Refused     bool
	NoJSON      bool
	Hosts       int
	Lost        bool
	Differences []string
}

// compareAll holds each inventory file against Ansible.
func compareAll(t *testing.T, files []string) []comparison {
	t.Helper()
	return compareEach(t, len(files), func(i int) string { return request(t, files[i]) })
}

// compareEach gives compare.py's answers to the lines that ask returns, with a Python process for each processor.
func compareEach(t *testing.T, rows int, ask func(i int) string) []comparison {
	t.Helper()
	python := ansibletest.Python(t)
	asked.Installed(t)
	all := make([]comparison, rows)
	var workers sync.WaitGroup
	count := runtime.NumCPU()
	for worker := range count {
		workers.Go(func() {
			command := exec.Command(python, "testdata/compare.py")
			input, err := command.StdinPipe()
			if err != nil {
				t.Error(err)
				return
			}
			output, err := command.StdoutPipe()
			if err != nil {
				t.Error(err)
				return
			}
			command.Stderr = os.Stderr
			if err := command.Start(); err != nil {
				t.Error(err)
				return
			}
			answers := bufio.NewScanner(output)
			answers.Buffer(nil, 1<<24)
			for i := worker; i < rows; i += count {
				line := ask(i)
				fmt.Fprintln(input, line)
				if !answers.Scan() {
					t.Errorf("compare.py died on %s", line)
					return
				}
				if err := json.Unmarshal(answers.Bytes(), &all[i]); err != nil {
					t.Errorf("%s: %v", line, err)
				}
			}
			input.Close()
			if err := command.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
	workers.Wait()
	return all
}

// request reads the file as regal-inventory does and returns compare.py's input line for it.
func request(t *testing.T, file string) string {
	warned := false
	text, err := throughRegalWith([]string{file}, Options{Warn: func(message string) {
		warned = warned || strings.Contains(message, "cannot carry all that stands here")
	}})
	return requestFor(t, map[string]any{"source": file, "warned": warned}, file, text, err)
}

// writeProgram writes a file that is to be run. A process that another goroutine starts at that moment would hold the file
// open, and what is open for writing cannot be run: "text file busy" (golang/go#22315).
func writeProgram(t *testing.T, path, text string) {
	t.Helper()
	syscall.ForkLock.RLock()
	err := os.WriteFile(path, []byte(text), 0o755)
	syscall.ForkLock.RUnlock()
	if err != nil {
		t.Error(err)
	}
}

// requestFor completes a row for compare.py with what regal-inventory printed, kept in files whose names begin with stem.
func requestFor(t *testing.T, row map[string]any, stem string, text []byte, err error) string {
	row["through"] = nil
	if err == nil {
		script := stem + ".through"
		if err := os.WriteFile(script+".json", text, 0o600); err != nil {
			t.Error(err)
		}
		writeProgram(t, script, "#!/bin/sh\nexec cat \"$0.json\"\n")
		row["through"] = script
	} else if err.Error() == "" {
		t.Errorf("%s: refused without a word", stem)
	}
	line, err := json.Marshal(row)
	if err != nil {
		t.Error(err)
	}
	return string(line)
}

// throughRegal prints the inventory as --list does under a policy of one version, zz, that takes all hosts.
func throughRegal(file string) ([]byte, error) {
	return throughRegalWith([]string{file}, Options{})
}

func throughRegalWith(sources []string, options Options) ([]byte, error) {
	options.ansible = asked.Known()
	inv, err := Read(context.Background(), sources, options)
	if err != nil {
		return nil, err
	}
	var extra []inventory.ExtraGroup
	if hosts := inv.Group("all").AllHosts(); len(hosts) > 0 {
		extra = []inventory.ExtraGroup{
			{Name: "zz_canary", Hosts: hosts[:1]}, {Name: "zz_b1", Hosts: hosts[1:]},
			{Name: "zz_b", Children: []string{"zz_b1"}}, {Name: "zz_rollout", Children: []string{"zz_canary", "zz_b1"}},
		}
	}
	var text bytes.Buffer
	err = inv.WriteJSON(&text, extra, false)
	return text.Bytes(), err
}

// TestFidelityGenerated holds generated inventories against Ansible itself. REGAL_FIDELITY sets how many, REGAL_SEED which.
func TestFidelityGenerated(t *testing.T) {
	ansibletest.Python(t)
	count := asked.FromEnv(t, "REGAL_FIDELITY", 2400)
	seed := asked.FromEnv(t, "REGAL_SEED", asked.UsualSeed)
	t.Logf("REGAL_SEED=%d REGAL_FIDELITY=%d", seed, count)
	folder := t.TempDir()
	if keep := os.Getenv("REGAL_KEEP"); keep != "" {
		folder = keep
	}
	files := make([]string, count)
	for i := range files {
		g := inventorytest.NewGenerator(seed, uint64(i))
		name, text := "", ""
		switch i % 20 {
		case 19:
			name, text = "json.json", g.JSON()
		case 18:
			name, text = g.Pick("any", "any.txt"), g.Pick(g.INI(), g.YAML())
		default:
			if i%2 == 0 {
				name, text = "ini.ini", g.INI()
			} else {
				name, text = "yaml.yml", g.YAML()
			}
		}
		files[i] = filepath.Join(folder, strconv.Itoa(i)+name)
		require.NoError(t, os.WriteFile(files[i], []byte(text), 0o600))
	}
	var same, refused, different int
	kinds := map[string][2]int{} // of each kind of file, how many there were and how many Ansible takes
	for i, c := range compareAll(t, files) {
		kind := kinds[filepath.Ext(files[i])]
		kind[0]++
		if !c.Refused {
			kind[1]++
		}
		kinds[filepath.Ext(files[i])] = kind
		switch {
		case len(c.Differences) == 0:
			same++
			if c.Refused {
				refused++
			}
		case isKnownLimit(c):
		default:
			if different++; different <= 120 {
				text, _ := os.ReadFile(c.Source)
				_, err := throughRegal(c.Source)
				t.Errorf("%s: %s\nregal: %v\n%s", c.Source, strings.Join(c.Differences[:min(3, len(c.Differences))], "\n  "), err, text)
			}
		}
	}
	t.Logf("%d same (%d of them refused by both), %d different, %d of a kind that JSON cannot carry, of %d; files and accepted by extension: %v",
		same, refused, different, int(count)-same-different, count, kinds)
	require.Zero(t, different, "REGAL_SEED=%d", seed)
}

// isKnownLimit tells whether regal refuses on purpose what Ansible takes: WriteJSON's doc comment names the cases.
func isKnownLimit(c comparison) bool {
	_, err := throughRegal(c.Source)
	return err != nil && isRefusedOnPurpose(err)
}

func isRefusedOnPurpose(err error) bool {
	for _, limit := range []string{
		// The text of what should have been a program is no inventory.
		"the program cannot be run", "the program failed", "the output of the program",
		// What Ansible takes before 2.19 and not since.
		"this is not UTF-8", "must stand before a text", "the key __ansible_type", "hostvars of _meta must be a map",
		"is not a whole number", "what the program prints for --host", "the program failed for --host",
		// What JSON cannot carry at all.
		"shares its name with a group", "a group named _meta", "which Ansible takes for an encrypted", "contain itself",
		"are the text",
	} {
		if strings.Contains(err.Error(), limit) {
			return true
		}
	}
	return false
}

// TestFidelityCorpus holds the real inventories of public projects against Ansible where they are at hand.
func TestFidelityCorpus(t *testing.T) {
	ansibletest.Python(t)
	entries, err := os.ReadDir("../../shared/corpus")
	if err != nil {
		t.Skip("shared/corpus is not here")
	}
	folder := t.TempDir()
	var files []string
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join("../../shared/corpus", entry.Name()))
		require.NoError(t, err)
		info, err := entry.Info()
		require.NoError(t, err)
		file := filepath.Join(folder, entry.Name())
		require.NoError(t, os.WriteFile(file, data, info.Mode().Perm()|0o200))
		files = append(files, file)
	}
	for _, c := range compareAll(t, files) {
		if len(c.Differences) > 0 && !isKnownLimit(c) {
			_, err := throughRegal(c.Source)
			t.Errorf("%s: %s\nregal: %v", filepath.Base(c.Source), strings.Join(c.Differences, "\n  "), err)
		}
	}
}
