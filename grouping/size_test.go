package grouping_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
)

func TestSize(t *testing.T) {
	for _, test := range []struct {
		size  grouping.Size
		hosts int
		want  int
		text  string
	}{
		{grouping.Size{}, 10, 1, "1"},
		{grouping.Count(0), 10, 1, "0"},
		{grouping.Count(20), 10, 20, "20"},
		{grouping.Percent(10), 5, 1, "10%"},
		{grouping.Percent(50), 5, 2, "50%"},
		{grouping.Percent(29), 100, 28, "29%"}, // as Ansible's floating point has it
		{grouping.Percent(100), 7, 7, "100%"},
		{grouping.Percent(101), 100, 101, "101%"},
		{grouping.Percent(0), 1000, 1, "0%"},
	} {
		assert.Equal(t, test.want, test.size.Of(test.hosts), "%s of %d", test.text, test.hosts)
		assert.Equal(t, test.text, test.size.String())
	}
}

// TestPercentIsSerial holds every percentage of up to 1,500 hosts against Ansible's own function.
func TestPercentIsSerial(t *testing.T) {
	const ask = `
from ansible.utils.helpers import pct_to_int
for percent in range(1, 101):
    print(" ".join(str(pct_to_int("%d%%" % percent, hosts)) for hosts in range(1, 1501)))`
	output, err := exec.Command(ansibletest.Python(t), "-c", ask).Output()
	require.NoError(t, err)
	var ours strings.Builder
	for percent := 1; percent <= 100; percent++ {
		for hosts := 1; hosts <= 1500; hosts++ {
			end := " "
			if hosts == 1500 {
				end = "\n"
			}
			fmt.Fprintf(&ours, "%d%s", grouping.Percent(percent).Of(hosts), end)
		}
	}
	require.True(t, string(output) == ours.String(), "percentages differ from Ansible's")
}
