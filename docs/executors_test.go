package docs_test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// executorFile is a fenced block of docs/executors.md that is a file, with the heading of its section.
var executorFile = regexp.MustCompile("(?s)<!-- file: (\\S+) -->\n```\\w+\n(.*?)```\n")

// executors returns the files of each section, by its heading.
func executors(t *testing.T) map[string]map[string]string {
	page, err := os.ReadFile("docs/executors.md")
	require.NoError(t, err)
	found := map[string]map[string]string{}
	for _, section := range strings.Split(string(page), "\n## ")[1:] {
		heading, _, _ := strings.Cut(section, "\n")
		for _, match := range executorFile.FindAllStringSubmatch(section, -1) {
			if found[heading] == nil {
				found[heading] = map[string]string{}
			}
			found[heading][match[1]] = match[2]
		}
	}
	return found
}

// fakeSSH stands in for ssh: it looks which of its words is a host, fails if that is broken, and notes it otherwise.
const fakeSSH = `#!/bin/sh
for word; do
  case $word in web[0-9]*)
    case " $* " in *'deploy app-v1'*) ;; *) echo "what is $*?" >&2; exit 9 ;; esac
    if [ -e "broken-$word" ]; then echo "$word does not answer" >&2; exit 255; fi
    echo "$word" >> released.log
    exit 0
  esac
done
exit 8
`

// fakeSalt stands in for salt: minions that are broken say nothing, and the status is 0 all the same.
const fakeSalt = `#!/bin/sh
[ "$1 $2 $4" = '--out=txt -L cmd.run' ] || exit 9
for minion in $(echo "$3" | tr , ' '); do
  if [ -e "broken-$minion" ]; then echo "$minion: Minion did not return. [No response]"; continue; fi
  echo "$minion" >> released.log
  echo "$minion: released"
done
`

// TestExecutors runs the loop of docs/executors.md with each executor: in the second wave a host fails, and nothing after it is
// touched; after the mending all the others follow.
func TestExecutors(t *testing.T) {
	t.Parallel()
	found := executors(t)
	loop := found["The loop"]["release.sh"]
	require.NotEmpty(t, loop)
	delete(found, "The loop")
	needs := map[string][]string{
		"xargs and ssh": {"xargs"}, "GNU parallel": {"parallel"}, "pssh": {"parallel-ssh"}, "ClusterShell": {"clush"}, "Salt": {"paste"},
		"nginx": {"nginx", "curl"},
	}
	require.Len(t, found, len(needs))
	for heading, files := range found {
		t.Run(heading, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, needs, heading)
			for _, program := range needs[heading] {
				programtest.Need(t, program)
			}
			// The page's port may be taken here.
			port := freePort(t)
			onPort := strings.NewReplacer("listen 8000;", "listen 127.0.0.1:"+port+";", ":8000/", ":"+port+"/")
			folder := programtest.WriteFiles(t, map[string]string{
				"release.sh": loop, "executor.sh": onPort.Replace(files["executor.sh"]), "broken-web3": "", "bin/ssh": fakeSSH, "bin/salt": fakeSalt,
				"regal.yml": "plugin: regal\ninventory: hosts.ini\ncombine: 2\nversions: {app-v1: web}\n",
				"hosts.ini": "[web]\nweb[1:6]\n",
			})
			if site := files["site.conf"]; site != "" {
				serve(t, folder, onPort.Replace(site), "http://127.0.0.1:"+port+"/health")
			}
			env := []string{"PATH=" + filepath.Join(folder, "bin") + ":" + os.Getenv("PATH"), "HOME=" + folder}
			stopped := programtest.Run(t, folder, env, "sh", "release.sh", "begin")
			require.NotZero(t, stopped.Status, stopped.Output)
			require.Contains(t, stopped.Output, "canary is done", stopped.Output)
			require.NotContains(t, stopped.Output, "b1 is done")
			assert.NotContains(t, stopped.Output, "what is")
			log := programtest.ReadFile(t, filepath.Join(folder, "released.log"))
			assert.Regexp(t, `^web1\n(web2\n)?$`, log, stopped.Output)

			require.NoError(t, os.Remove(filepath.Join(folder, "broken-web3")))
			resumed := programtest.Run(t, folder, env, "sh", "release.sh", "resume")
			require.Zero(t, resumed.Status, resumed.Output)
			assert.Contains(t, resumed.Output, "app-v1 has ended: all 4 waves are done")
			released := strings.Fields(programtest.ReadFile(t, filepath.Join(folder, "released.log")))
			assert.Equal(t, "web1", released[0])
			assert.ElementsMatch(t, []string{"web2", "web3"}, released[len(released)-5:len(released)-3])
			assert.ElementsMatch(t, []string{"web4", "web5"}, released[len(released)-3:len(released)-1])
			assert.Equal(t, "web6", released[len(released)-1])
		})
	}
}

// freePort is a port of this machine that nobody listens on.
func freePort(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return port
}

// serve starts nginx with the page's site and the exported waves, and for each host a backend, which is healthy when it has the
// release. The site answers at url.
func serve(t *testing.T, folder, site, url string) {
	port, inventory := "0", "[web]\n"
	for i := 1; i <= 6; i++ {
		address := fmt.Sprintf("127.0.1.%d", i)
		listener, err := net.Listen("tcp", net.JoinHostPort(address, port))
		if err != nil {
			t.Skip("this system has no addresses of its own beside 127.0.0.1: ", err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		_, port, err = net.SplitHostPort(listener.Addr().String())
		require.NoError(t, err)
		inventory += fmt.Sprintf("web%d ansible_host=%s\n", i, address)
		go func() {
			_ = http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				released, _ := os.ReadFile(filepath.Join(folder, "released.log"))
				if !strings.Contains(string(released), fmt.Sprintf("web%d\n", i)) {
					w.WriteHeader(http.StatusServiceUnavailable)
				}
			}))
		}()
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, "hosts.ini"), []byte(inventory), 0o600))
	export, err := exec.Command("regal-inventory", filepath.Join(folder, "regal.yml"), "--export=nginx", "--port", port).Output()
	require.NoError(t, err)
	configuration := fmt.Sprintf("pid %[1]s/pid; error_log %[1]s/error.log; daemon off; master_process off; events {}\nhttp { access_log off;\n"+
		"client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;\n"+
		"%[2]s%[3]s}\n", folder, export, site)
	file := filepath.Join(folder, "nginx.conf")
	require.NoError(t, os.WriteFile(file, []byte(configuration), 0o600))
	command := exec.Command("nginx", "-p", folder, "-c", file)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	require.Eventually(t, func() bool {
		answer, err := http.Get(url)
		if err == nil {
			_ = answer.Body.Close()
		}
		return err == nil
	}, 10*time.Second, 20*time.Millisecond)
}
