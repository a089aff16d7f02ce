package ansibletest

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInUse holds what is found against what ansible-playbook says of itself.
func TestInUse(t *testing.T) {
	python, version := Python(t), VersionInUse(t)
	require.NoError(t, exec.Command(python, "-c", "import ansible").Run())
	said, err := exec.Command("ansible-playbook", "--version").Output()
	require.NoError(t, err)
	assert.Regexp(t, `\Aansible-playbook (\[core )?`+version.String()+`\.`, string(said))
	assert.True(t, version.AtLeast(2, 9))
	assert.False(t, version.AtLeast(3, 0))
	assert.True(t, Version{3, 0}.AtLeast(2, 19))
	assert.False(t, Version{2, 9}.AtLeast(2, 10))
}
