package source

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSelectRange warns of terms that look like ranges of names and are none, and refuses them where they take hosts away.
func TestSelectRange(t *testing.T) {
	var heard warnings
	inv, err := Read(t.Context(), []string{"inv"}, Options{Dir: tree(t, map[string]string{"inv": "[web]\nweb[1:4]\nweb[01:09]\n"}), Warn: heard.add})
	require.NoError(t, err)
	for _, target := range []string{"web[1:3]", "web[1:3]", "web[0:2]", "web[0]", "web[-1]", "web[9:]", "web0[1:9]", "all:!web[1:3]"} {
		_, err := inv.Select(target)
		require.NoError(t, err, target)
	}
	assert.Equal(t, []string{
		`in a target "web[1:3]" means hosts of "web" by their place, counted from 0, and no range of names: it does not match "web1"`,
		`in a target "web0[1:9]" means hosts of "web0" by their place, counted from 0, and no range of names: ` +
			`it does not match "web01", "web02", "web03", "web04", "web05" and 4 more`,
	}, heard.lines)
	_, err = inv.Select("web:!web0[1:2]")
	assert.EqualError(t, err, `there is no group or host called "web0"; did you mean "web"?; in a target "web0[1:2]" means hosts of "web0" by `+
		`their place, counted from 0, and no range of names: it does not match "web01", "web02"`)
	_, err = inv.Select("db[1:3]")
	assert.EqualError(t, err, `there is no group or host called "db"`)
}

// TestSelectLocalhost takes the names of the machine itself as Ansible does: without a word where the inventory has none.
func TestSelectLocalhost(t *testing.T) {
	for name, test := range map[string]struct {
		source string
		want   map[string]string
	}{
		"none": {"web1,web2,", map[string]string{
			"localhost": "", "all:!localhost": "web1 web2", "all:!127.0.0.1": "web1 web2", "localhost:all": "web1 web2", "::1": "", "all,!::1": "web1 web2",
			"all:&localhost": "", "localhost[0]:web1": "web1",
		}},
		"by address": {"web1,127.0.0.1,::1,", map[string]string{
			"localhost": "127.0.0.1", "all:!localhost": "web1 ::1", "::1": "::1",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var heard warnings
			inv, err := Read(t.Context(), []string{test.source}, Options{Warn: heard.add})
			require.NoError(t, err)
			for target, want := range test.want {
				hosts, err := inv.Select(target)
				require.NoError(t, err, target)
				var names []string
				for _, host := range hosts {
					names = append(names, host.Name)
				}
				assert.Equal(t, want, strings.Join(names, " "), target)
			}
			assert.Empty(t, heard.lines)
		})
	}
}
