package source

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
	"github.com/regal-inventory/regal-inventory/inventory/internal/asked"
	"github.com/regal-inventory/regal-inventory/inventory/internal/inventorytest"
)

// sourceSet is a set of sources that is read through regal-inventory and by Ansible.
type sourceSet struct {
	folder  string
	sources []string // relative to the folder, but for host lists
}

// absolute returns the sources as Ansible is given them.
func (s sourceSet) absolute() []string {
	all := make([]string, len(s.sources))
	for i, source := range s.sources {
		all[i] = filepath.Join(s.folder, source)
		if _, err := os.Stat(all[i]); err != nil {
			all[i] = source
		}
	}
	return all
}

func (s sourceSet) through() ([]byte, error) {
	return throughRegalWith(s.sources, Options{Dir: s.folder})
}

// TestSourcesGenerated holds generated sets of sources against Ansible: folders, programs, files and host lists, alone and
// several. REGAL_SOURCES sets how many, REGAL_SEED which.
func TestSourcesGenerated(t *testing.T) {
	ansibletest.Python(t)
	count := asked.FromEnv(t, "REGAL_SOURCES", 300)
	seed := asked.FromEnv(t, "REGAL_SEED", asked.UsualSeed)
	t.Logf("REGAL_SEED=%d REGAL_SOURCES=%d", seed, count)
	folder := t.TempDir()
	if keep := os.Getenv("REGAL_KEEP"); keep != "" {
		folder = keep
	}
	sets := make([]sourceSet, count)
	for i := range sets {
		own := filepath.Join(folder, strconv.Itoa(i))
		require.NoError(t, os.MkdirAll(own, 0o755))
		g := sourceGenerator{Generator: inventorytest.NewGenerator(seed, uint64(i)), t: t, folder: own}
		sets[i] = sourceSet{own, g.sources()}
	}
	answers := compareEach(t, len(sets), func(i int) string {
		text, err := sets[i].through()
		return requestFor(t, map[string]any{"source": sets[i].folder, "sources": sets[i].absolute()}, sets[i].folder, text, err)
	})
	var same, refused, limits, different int
	for i, answer := range answers {
		if len(answer.Differences) == 0 {
			if same++; answer.Refused {
				refused++
			}
			continue
		}
		_, err := sets[i].through()
		if err != nil && isRefusedOnPurpose(err) {
			limits++
			continue
		}
		if different++; different <= 20 {
			t.Errorf("%s %q: %s\nregal: %v", sets[i].folder, sets[i].sources,
				strings.Join(answer.Differences[:min(3, len(answer.Differences))], "\n  "), err)
		}
	}
	t.Logf("%d same (%d of them refused by both), %d different, %d of a kind that JSON cannot carry, of %d", same, refused, different, limits, count)
	require.Zero(t, different, "REGAL_SEED=%d", seed)
}
