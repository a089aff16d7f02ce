package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// completed returns what __complete prints for the words, the directive last.
func completed(t *testing.T, words ...string) string {
	var out bytes.Buffer
	p := program{
		calledAs: filepath.Join(t.TempDir(), "regal-inventory"), getenv: func(string) string { return "" },
		stdin: strings.NewReader(""), stdout: &out, stderr: &bytes.Buffer{},
	}
	require.Equal(t, exitDone, p.run(append([]string{"__complete"}, words...)))
	return out.String()
}

// shop lays a policy with two versions and its inventory into a new working folder.
func shop(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("hosts.ini", []byte("[web]\nweb[1:2]\n[api]\napi1\n"), 0o600))
	policy := "plugin: regal\ninventory: hosts.ini\nversions: {app-v1: web, api-v2: api}\n"
	require.NoError(t, os.WriteFile("regal.yml", []byte(policy), 0o600))
	require.NoError(t, os.WriteFile("other.yml", []byte(strings.ReplaceAll(policy, "app-v1", "other")), 0o600))
}

func TestCompletion(t *testing.T) {
	shop(t)
	const noFiles = ":4\n"
	for _, test := range []struct {
		name  string
		words []string
		want  string
	}{
		{"host", []string{"--host", ""}, "web1\nweb2\napi1\n" + noFiles},
		{"start of a host", []string{"--explain", "we"}, "web1\nweb2\n" + noFiles},
		{"host behind an equals sign", []string{"--host=a"}, "api1\n" + noFiles},
		{"version", []string{"--waves=ap"}, "app-v1\napi-v2\n" + noFiles},
		{"version of another policy", []string{"other.yml", "--waves=o"}, "other\n" + noFiles},
		{"no such policy", []string{"nothing.yml", "--waves="}, noFiles},
		{"host of another inventory", []string{"-i", "web7,", "--host", "w"}, noFiles},
		{"host of another inventory with the groups", []string{"-i", "hosts.ini", "--host", "web2"}, "web2\n" + noFiles},
		{"format", []string{"--plan=m"}, "mermaid\n" + noFiles},
		{"shell", []string{"completion", "f"}, "fish\n" + noFiles},
		{"policy", []string{""}, "completion\tPrint the completion script for bash, zsh, fish or powershell\n" +
			"help\tHelp about any command\nyml\nyaml\n:8\n"},
		{"second policy", []string{"regal.yml", ""}, noFiles},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, completed(t, test.words...)) })
	}
}

// TestCompletionInShells has each shell that is installed read its script, and asks it as far as it can be asked without
// a terminal.
func TestCompletionInShells(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "regal-inventory")
	built, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(built))
	shop(t)
	t.Setenv("PATH", filepath.Dir(binary)+string(os.PathListSeparator)+os.Getenv("PATH"))
	for _, test := range []struct{ name, shell, script, want string }{
		// The functions of the package bash-completion that the script calls, as far as it needs them.
		{"bash", "bash", `source <(regal-inventory completion bash)
_get_comp_words_by_ref() { cur=${COMP_WORDS[COMP_CWORD]}; prev=${COMP_WORDS[COMP_CWORD-1]}; words=("${COMP_WORDS[@]}"); cword=$COMP_CWORD; }
compopt() { :; }
complete -p regal-inventory
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9; COMPREPLY=()
	__start_regal-inventory; echo "${COMPREPLY[*]}"; }
ask regal-inventory --host web
ask regal-inventory other.yml --waves=o`, "complete -o default -F __start_regal-inventory regal-inventory\nweb1 web2\nother\n"},
		{"fish", "fish", `regal-inventory completion fish | source
complete -C 'regal-inventory --host web'
complete -C 'regal-inventory other.yml --waves=o'`, "web1\nweb2\n--waves=other\n"},
		{"zsh", "zsh", `autoload -Uz compinit && compinit -u -D
source <(regal-inventory completion zsh)
echo $_comps[regal-inventory]`, "_regal-inventory\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := exec.LookPath(test.shell); err != nil {
				t.Skip(test.shell + " is not installed")
			}
			command := exec.Command(test.shell, "-c", test.script)
			command.Env = append(os.Environ(), "HOME="+t.TempDir())
			var out, messages bytes.Buffer
			command.Stdout, command.Stderr = &out, &messages
			require.NoError(t, command.Run(), messages.String())
			assert.Empty(t, messages.String())
			assert.Equal(t, test.want, out.String())
		})
	}
}

// TestCompletionCommand checks what is wrong with its command line.
func TestCompletionCommand(t *testing.T) {
	for _, words := range [][]string{{}, {"tcsh"}, {"bash", "zsh"}, {"--list"}} {
		var out, messages bytes.Buffer
		p := program{stdin: strings.NewReader(""), stdout: &out, stderr: &messages}
		assert.Equal(t, exitUsage, p.run(append([]string{"completion"}, words...)), words)
		assert.Empty(t, out.String())
		assert.Contains(t, messages.String(), "See regal-inventory --help.")
	}
}

// TestCompletionReadsNoInput completes hosts of a policy whose inventory is standard input. There stands what the user is typing:
// read as an inventory, it would be waited for, and lost.
func TestCompletionReadsNoInput(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("regal.yml", []byte("plugin: regal\ninventory: '-'\nversions: {app: all}\n"), 0o600))
	typed := strings.NewReader(`{"web": {"hosts": ["web1"]}}`)
	var out bytes.Buffer
	p := program{
		calledAs: filepath.Join(t.TempDir(), "regal-inventory"), getenv: func(string) string { return "" },
		stdin: typed, stdout: &out, stderr: &bytes.Buffer{},
	}
	require.Equal(t, exitDone, p.run([]string{"__complete", "--host", ""}))
	assert.Equal(t, ":4\n", out.String())
	assert.Equal(t, len(`{"web": {"hosts": ["web1"]}}`), typed.Len(), "nothing of it is read")
}
