package inventory

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestHostIndex holds the index against a map, with few names so that many come twice, and with and without room made
// before.
func TestHostIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var index hostIndex
		var hosts []*Host
		known := map[string]*Host{}
		if room := rapid.IntRange(0, 100).Draw(t, "room"); room > 0 {
			index.grow(nil, room)
		}
		names := rapid.SliceOf(rapid.StringMatching(`[a-c]{0,4}`)).Draw(t, "names")
		for _, name := range names {
			require.Same(t, known[name], index.find(hosts, name), "before %q", name)
			if known[name] != nil {
				continue
			}
			known[name] = &Host{Name: name, index: len(hosts)}
			hosts = append(hosts, known[name])
			index.add(hosts)
			require.Same(t, known[name], index.find(hosts, name), "after %q", name)
		}
		for name, host := range known {
			require.Same(t, host, index.find(hosts, name))
			require.Nil(t, index.find(hosts, name+"d"))
		}
	})
}

// TestHostIndexGrows finds every one of many hosts after the index has grown again and again.
func TestHostIndexGrows(t *testing.T) {
	inv := New()
	const hosts = 100_000
	for i := range hosts {
		_, err := inv.AddHost(fmt.Sprintf("h%d", i), nil, Value{})
		require.NoError(t, err)
	}
	for i, host := range inv.Hosts() {
		require.Same(t, host, inv.Host(fmt.Sprintf("h%d", i)))
	}
	require.Nil(t, inv.Host("h100000"))
	require.Less(t, len(inv.hostByName.slots), 4*hosts)
}
