package grouping_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
)

// writeFacts writes a file of a fact cache that is so old.
func writeFacts(t *testing.T, folder, name, text string, age time.Duration) {
	t.Helper()
	path := filepath.Join(folder, name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	when := time.Now().Add(-age)
	require.NoError(t, os.Chtimes(path, when, when))
}

// TestDoneByFacts reads what the versions of Ansible write: the facts as they are, those of 2.19 in a text with tags around
// their values, and both beside each other, of which the newer counts.
func TestDoneByFacts(t *testing.T) {
	folder := t.TempDir()
	const plain = `{"ansible_local": {"app": {"version": %s}}}`
	const wrapped = `{"__payload__": "{\"ansible_local\": {\"app\": {\"version\": {\"__ansible_type\": \"_AnsibleTaggedStr\", \"value\": \"2.0\"}}}}"}`
	writeFacts(t, folder, "web1", fmt.Sprintf(plain, `"2.0"`), time.Minute)
	writeFacts(t, folder, "s1_web2", wrapped, time.Minute)
	writeFacts(t, folder, "web3", fmt.Sprintf(plain, `"2.0"`), time.Hour)
	writeFacts(t, folder, "s1_web3", fmt.Sprintf(plain, `"1.9"`), time.Minute)
	writeFacts(t, folder, "web4", fmt.Sprintf(plain, `2`), time.Minute)
	writeFacts(t, folder, "web5", fmt.Sprintf(plain, `"2.0"`), time.Minute)
	writeFacts(t, folder, "s1_web5", fmt.Sprintf(plain, `"1.9"`), time.Hour)
	version, err := grouping.NewVersion(inventoryOf("web1", "web2", "web3", "web4", "web5"), "2.0", []string{"all"},
		grouping.Rules{Done: &grouping.Done{Variable: "ansible_local.app.version", Facts: folder}})
	require.NoError(t, err)
	assert.Equal(t, []string{"web1", "web2", "web5"}, names(version.LeftOut))
	assert.Equal(t, [][]string{{"web3"}, {"web4"}}, waveNames(version))
}

// TestFactsErrors walks over what can be wrong with facts; every host is named, and nothing is guessed.
func TestFactsErrors(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"missing", "", "done: host web1: there are no facts in FOLDER: gather them first"},
		{"stale", `{"v": "1"}`, "done: host web1: the facts in FOLDER are older than 2h0m0s: gather them again"},
		{"no such fact", `{"w": "1"}`, "done: host web1: there is no fact v in FOLDER: gather it first"},
		{"null", `{"v": null}`, "done: host web1: there is no fact v in FOLDER: gather it first"},
		{"fraction", `{"v": 1.10}`, "done: host web1: the fact v is the number 1.10, whose digits may not be those that were written: let it be a text"},
		{"list", `{"v": ["1"]}`, "done: host web1: the fact v is a list or a mapping: it must be a text"},
		{"half", `{"v": "1`, "done: host web1: the facts are not JSON as Ansible writes it: gather them again"},
		{"half inside", `{"__payload__": "{"}`, "done: host web1: the facts are not JSON as Ansible writes it: gather them again"},
		{"a list of facts", `[]`, "done: host web1: there is no fact v in FOLDER: gather it first"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			require.NoError(t, os.Mkdir("FOLDER", 0o700))
			age := time.Hour
			if test.name == "stale" {
				age = 3 * time.Hour
			}
			if test.text != "" {
				writeFacts(t, "FOLDER", "web1", test.text, age)
			}
			_, err := grouping.NewVersion(inventoryOf("web1"), "app", []string{"all"},
				grouping.Rules{Done: &grouping.Done{Variable: "v", Facts: "FOLDER", MaxAge: 2 * time.Hour}})
			assert.EqualError(t, err, test.want)
		})
	}
}

// TestFactsThatAreNoFile has a folder, a link that leads out of the cache, and a file that is too large.
func TestFactsThatAreNoFile(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("FOLDER", 0o700))
	require.NoError(t, os.WriteFile("outside", []byte(`{"v": "1"}`), 0o600))
	require.NoError(t, os.Mkdir(filepath.Join("FOLDER", "folder"), 0o700))
	require.NoError(t, os.Symlink(filepath.Join("..", "outside"), filepath.Join("FOLDER", "link")))
	writeFacts(t, "FOLDER", "large", "", 0)
	require.NoError(t, os.Truncate(filepath.Join("FOLDER", "large"), 64<<20+1))
	_, err := grouping.NewVersion(inventoryOf("folder", "link", "large"), "app", []string{"all"},
		grouping.Rules{Done: &grouping.Done{Variable: "v", Facts: "FOLDER"}})
	assert.EqualError(t, err, "done: host folder: the facts in FOLDER are no file\n"+
		"done: host link: the facts cannot be read: path escapes from parent\n"+
		"done: host large: the facts in FOLDER have more than 64 MiB")
}

// TestFactsOfADay takes facts to be good for a day where the policy does not say, as Ansible does.
func TestFactsOfADay(t *testing.T) {
	folder := t.TempDir()
	writeFacts(t, folder, "web1", `{"v": 7}`, 24*time.Hour-time.Minute)
	writeFacts(t, folder, "web2", `{"v": true}`, time.Hour)
	rules := grouping.Rules{Done: &grouping.Done{Variable: "v", Facts: folder}}
	for name, want := range map[string]string{"7": "web1", "True": "web2", "true": "web2", "8": ""} {
		version, err := grouping.NewVersion(inventoryOf("web1", "web2"), name, []string{"all"}, rules)
		require.NoError(t, err)
		assert.Equal(t, want, hostsOf(names(version.LeftOut)), name)
	}
	writeFacts(t, folder, "web1", `{"v": 7}`, 24*time.Hour+time.Minute)
	_, err := grouping.NewVersion(inventoryOf("web1"), "7", []string{"all"}, rules)
	assert.ErrorContains(t, err, "are older than 24h0m0s: gather them again")
}

// TestFactsOfOddNames reads the facts of hosts whose name is no name of a file: Ansible takes as many digits of its SHA-256 as the
// name is long, but 12 at least.
func TestFactsOfOddNames(t *testing.T) {
	folder := t.TempDir()
	odd := map[string]int{"a/b": 12, "web>1": 12, "a|b": 12, "web/12345678901": 15, "..": 12, "<" + strings.Repeat("x", 99): 64}
	hosts := make([]string, 0, len(odd))
	for host, digits := range odd {
		hosts = append(hosts, host)
		writeFacts(t, folder, fmt.Sprintf("%x", sha256.Sum256([]byte(host)))[:digits], `{"v": "app"}`, time.Hour)
	}
	done := &grouping.Done{Variable: "v", Facts: folder}
	version, err := grouping.NewVersion(inventoryOf(hosts...), "app", []string{"all"}, grouping.Rules{Done: done})
	require.NoError(t, err)
	assert.ElementsMatch(t, hosts, names(version.LeftOut))
}

// TestDoneByAnsible has every Ansible at hand gather facts into its cache, and reads them.
func TestDoneByAnsible(t *testing.T) {
	programs, err := filepath.Glob("/opt/ansibles/*/bin/ansible")
	require.NoError(t, err)
	if found, err := exec.LookPath("ansible"); err == nil {
		programs = append(programs, found)
	}
	if len(programs) == 0 && os.Getenv("CI") != "true" {
		t.Skip("ansible is not installed")
	}
	require.NotEmpty(t, programs, "CI needs ansible-core")
	for _, program := range programs {
		t.Run(program, func(t *testing.T) {
			folder := t.TempDir()
			command := exec.Command(program, "web1,web2,", "-i", "web1,web2,", "-c", "local", "-m", "set_fact",
				"-a", "cacheable=true app_version={{ '2.0' if inventory_hostname == 'web1' else '1.0' }}")
			command.Env = append(os.Environ(), "ANSIBLE_CACHE_PLUGIN=jsonfile", "ANSIBLE_CACHE_PLUGIN_CONNECTION="+folder,
				"ANSIBLE_HOME="+t.TempDir())
			output, err := command.CombinedOutput()
			require.NoError(t, err, "%s", output)
			version, err := grouping.NewVersion(inventoryOf("web1", "web2"), "2.0", []string{"all"},
				grouping.Rules{Done: &grouping.Done{Variable: "app_version", Facts: folder}})
			require.NoError(t, err)
			assert.Equal(t, []string{"web1"}, names(version.LeftOut))
			assert.Equal(t, [][]string{{"web2"}}, waveNames(version))
		})
	}
}
