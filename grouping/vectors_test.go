package grouping_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// vector is a grouping made by the original Regal.
type vector struct {
	VersionHost yaml.Node `yaml:"version_host"` // a mapping whose order matters
	Combine     *int
	Schedule    *int
	Priority    string `yaml:"priority_name"`
	Result      []vectorVersion
}

type vectorVersion struct {
	Version string
	Waves   [][]string
}

// TestRegal holds the plans of 150 policies against what Regal made of them.
func TestRegal(t *testing.T) {
	data, err := os.ReadFile("../testdata/regal.json")
	require.NoError(t, err)
	var vectors []vector
	require.NoError(t, yaml.Unmarshal(data, &vectors))
	require.Len(t, vectors, 150)
	for i, vector := range vectors {
		text, names := vector.policy()
		policy, err := grouping.ParsePolicy("regal.yml", strings.NewReader(text))
		require.NoError(t, err, "vector %d:\n%s", i, text)
		plan, err := policy.Plan(inventoryOf(names...))
		require.NoError(t, err, "vector %d:\n%s", i, text)
		var result []vectorVersion
		for _, version := range plan.Versions {
			result = append(result, vectorVersion{version.Name, waveNames(version)})
		}
		require.Equal(t, vector.Result, result, "vector %d:\n%s", i, text)
	}
}

// policy writes the vector as a policy and returns it with the names of the hosts.
func (v *vector) policy() (text string, hosts []string) {
	var policy strings.Builder
	policy.WriteString("plugin: regal\n")
	if v.Schedule != nil {
		fmt.Fprintf(&policy, "schedule: %d\n", *v.Schedule)
	}
	if v.Combine != nil {
		fmt.Fprintf(&policy, "combine: %d\n", *v.Combine)
	}
	if v.Priority != "" {
		fmt.Fprintf(&policy, "priority: %s\n", v.Priority)
	}
	policy.WriteString("versions:\n")
	for i := 0; i < len(v.VersionHost.Content); i += 2 {
		target := v.VersionHost.Content[i+1].Value
		fmt.Fprintf(&policy, "  %s: %s\n", v.VersionHost.Content[i].Value, target)
		hosts = append(hosts, strings.Split(target, ",")...)
	}
	return policy.String(), hosts
}

// inventoryOf returns an inventory with hosts of these names and no groups.
func inventoryOf(names ...string) *inventory.Inventory {
	inv := inventory.New()
	for _, name := range names {
		if _, err := inv.AddHost(name, nil, inventory.Value{}); err != nil {
			panic(err)
		}
	}
	if err := inv.Reconcile(); err != nil {
		panic(err)
	}
	return inv
}

// waveNames returns the names of the version's hosts, wave by wave.
func waveNames(version *grouping.Version) [][]string {
	var waves [][]string
	for _, wave := range version.Waves {
		var names []string
		for _, host := range wave.Hosts {
			names = append(names, host.Name)
		}
		waves = append(waves, names)
	}
	return waves
}
