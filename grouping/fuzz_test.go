package grouping_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// FuzzParsePolicy has any text for a policy: it is refused in so many words, with the file's name, or it is accepted, and
// then the plan that it makes, if it makes one, has every host of each version in one wave that is not too large.
func FuzzParsePolicy(f *testing.F) {
	for _, policy := range wrongPolicies {
		f.Add([]byte(policy.text))
	}
	files, err := filepath.Glob("../testdata/policies/*.yml")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(data)
	}
	inv := fleetOf("zone", "a", "a", "b", "b", "b", "c")
	f.Fuzz(func(t *testing.T, data []byte) {
		policy, err := grouping.ParsePolicy("p.yml", bytes.NewReader(data))
		if err != nil {
			checkFaults(t, err)
			return
		}
		plan, err := policy.Plan(inv)
		if err != nil {
			checkFaults(t, err)
			return
		}
		for _, version := range plan.Versions {
			seen := map[*inventory.Host]bool{}
			for _, wave := range version.Waves {
				require.NotEmpty(t, wave.Hosts)
				require.LessOrEqual(t, len(wave.Hosts), wave.Size)
				for _, host := range wave.Hosts {
					require.False(t, seen[host])
					seen[host] = true
				}
			}
		}
	})
}

// checkFaults checks what every error promises.
func checkFaults(t *testing.T, err error) {
	for _, fault := range inventory.Faults(err) {
		require.Equal(t, "p.yml", fault.File)
		require.Positive(t, fault.Line, fault.Message)
		require.NotEmpty(t, fault.Message)
		require.False(t, strings.ContainsAny(fault.Error(), "\n\x1b"), "%q", fault.Error())
	}
}
