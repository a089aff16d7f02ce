package plan

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// nginxConfiguration is a whole configuration that includes the export; listen is the address of a server that passes requests on.
func nginxConfiguration(t *testing.T, export []byte, listen, variable string) (folder, file string) {
	folder = t.TempDir()
	text := fmt.Sprintf(`pid %[1]s/pid; error_log %[1]s/error.log; daemon off; master_process off;
events {}
http {
  access_log off; client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
  include %[1]s/regal.conf;
  server { listen %[2]s; location / { proxy_pass http://$%[3]s; } }
}
`, folder, listen, variable)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "regal.conf"), export, 0o600))
	file = filepath.Join(folder, "nginx.conf")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return folder, file
}

// TestNginxReachesEachWave has nginx pass requests on to backends that say which host they are.
func TestNginxReachesEachWave(t *testing.T) {
	program := need(t, "nginx")
	port := ""
	address := map[string]string{}
	made := version("app-v1", "app_v1", named("web1"), named("web2", "web3"), nil, named("web4"))
	for i, name := range []string{"web1", "web2", "web3", "web4"} {
		address[name] = fmt.Sprintf("127.0.0.%d", i+2)
		listener, err := net.Listen("tcp", net.JoinHostPort(address[name], port))
		if err != nil {
			t.Skip("this system has no second address of its own: ", err)
		}
		defer listener.Close()
		_, port, _ = net.SplitHostPort(listener.Addr().String())
		if i == 0 {
			port = strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
		}
		go func() {
			_ = http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, name) }))
		}()
	}
	export, err := Nginx(&grouping.Plan{Versions: []*grouping.Version{made}}, NginxOptions{Port: port,
		Address: func(host *inventory.Host) (inventory.Value, bool) {
			return inventory.NewString(address[host.Name]), true
		}})
	require.NoError(t, err)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	listen := free.Addr().String()
	require.NoError(t, free.Close())
	folder, file := nginxConfiguration(t, export, listen, "regal_wave_app_v1")
	command := exec.Command(program, "-p", folder, "-c", file)
	require.NoError(t, command.Start())
	defer func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	}()
	get := func(wave string) string {
		request, err := http.NewRequest(http.MethodGet, "http://"+listen+"/", nil)
		require.NoError(t, err)
		request.Header.Set("Regal-Wave", wave)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return ""
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return string(text)
	}
	require.Eventually(t, func() bool { return get("canary") != "" }, 10*time.Second, 20*time.Millisecond)
	for range 4 {
		assert.Equal(t, "web1", get("canary"))
		assert.Contains(t, []string{"web2", "web3"}, get("b1"))
		assert.Equal(t, "web4", get("b3"))
	}
	usual := get("")
	assert.Contains(t, []string{"web1", "web2", "web3", "web4"}, usual)
	if usual == "web1" || usual == "web4" { // of a wave with one host, so that the client meets no other
		assert.Equal(t, usual, get("no such wave"))
	}
}

// TestNginxTakesEveryPlan has nginx check configurations of all shapes.
func TestNginxTakesEveryPlan(t *testing.T) {
	program := need(t, "nginx")
	many := many(10_000, 1)
	for name, plan := range map[string]*grouping.Plan{
		"nothing": {}, "no hosts": {Versions: []*grouping.Version{version("none", "none")}},
		"only empty waves": {Versions: []*grouping.Version{version("none", "none", nil, nil)}},
		"one wave":         {Versions: []*grouping.Version{version("a", "a", named("10.0.0.1"))}},
		"names of nginx's own": {Versions: []*grouping.Version{version("host", "host", named("10.0.0.1"), named("::1")),
			version("split_host", "split_host", named("10.0.0.1"))}},
		"odd names": {Versions: []*grouping.Version{version("x\n}; daemon on; \u2028", "x", named("10.0.0.1"))}},
		"many":      {Versions: []*grouping.Version{{Name: "app", Group: "app", Waves: withAddresses(many.Versions[0].Waves[:3000])}}},
	} {
		t.Run(name, func(t *testing.T) {
			export, err := Nginx(plan, NginxOptions{})
			require.NoError(t, err)
			folder, file := nginxConfiguration(t, export, "127.0.0.1:1", "host")
			output, err := exec.Command(program, "-t", "-p", folder, "-c", file).CombinedOutput()
			assert.NoError(t, err, string(output))
		})
	}
}

func withAddresses(waves []grouping.Wave) []grouping.Wave {
	for i := range waves {
		waves[i].Hosts = named("10.0.0.1")
	}
	return waves
}

func TestNginxRefuses(t *testing.T) {
	for _, test := range []struct {
		name    string
		address inventory.Value
	}{
		{"template", inventory.NewString("{{ address }}")}, {"zone", inventory.NewString("fe80::1%eth0")},
		{"words", inventory.NewString("10.0.0.1; }")}, {"nothing", inventory.NewString("")}, {"null", inventory.Value{}},
		{"path", inventory.NewString("unix:/run/app")}, {"port", inventory.NewString("10.0.0.1:22")}, {"dash", inventory.NewString("-a")},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, err := Nginx(small(), NginxOptions{Address: func(*inventory.Host) (inventory.Value, bool) { return test.address, true }})
			assert.Nil(t, text)
			assert.Len(t, inventory.Faults(err), 15)
			assert.ErrorContains(t, err, `host "主机1" has no address that nginx could take`)
		})
	}
	_, err := Nginx(small(), NginxOptions{})
	assert.Len(t, inventory.Faults(err), 3, "the Chinese names")
	_, err = Nginx(many(10_001, 1), NginxOptions{})
	assert.EqualError(t, err, `version "app" has 10001 waves, and nginx splits clients into no more than 10000 parts`)
}

// TestNginxShares: every wave has a part of the clients, the parts are its share of the hosts but for what a hundredth of a
// percent and waves that are smaller than that take, and together they are less than all, the rest being the last wave's.
func TestNginxShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		made := version("app", "app")
		for range rapid.IntRange(1, 30).Draw(t, "waves") {
			size := rapid.OneOf(rapid.Just(1), rapid.IntRange(1, 40_000)).Draw(t, "size")
			made.Waves = append(made.Waves, grouping.Wave{Hosts: make([]*inventory.Host, size)})
		}
		n := nginx{}
		shares := n.shares(made, made.Waves)
		require.Equal(t, "*", shares[len(shares)-1])
		given, released := 0, 0
		for i, share := range shares[:len(shares)-1] {
			part, err := strconv.Atoi(strings.NewReplacer(".", "", "%", "").Replace(share))
			require.NoError(t, err)
			require.Positive(t, part)
			given += part
			released += len(made.Waves[i].Hosts)
			require.InDelta(t, float64(released)/float64(countHosts(made))*10_000, given, float64(len(shares)))
		}
		require.Less(t, given, 10_000)
	})
}
