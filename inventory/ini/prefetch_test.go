package ini

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/asked"
	"github.com/regal-inventory/regal-inventory/inventory/internal/inventorytest"
	"github.com/regal-inventory/regal-inventory/inventory/internal/reading"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// inBlocks returns what is printed for an INI text that is looked at in blocks of that size, or the error.
func inBlocks(t *testing.T, text string, size int) string {
	t.Helper()
	inv := inventory.New()
	err := readInBlocks(reading.New(inv, nil, nil), text, size)
	if err == nil {
		err = inv.Reconcile()
	}
	var printed bytes.Buffer
	if err == nil {
		err = inv.WriteJSON(&printed, nil, true)
	}
	if err != nil {
		return "error: " + err.Error()
	}
	return printed.String()
}

// TestBlocks holds inventories that are looked at in small blocks against the same ones looked at as a whole.
func TestBlocks(t *testing.T) {
	const generated = 3000
	var texts []string
	for _, file := range inventorytest.CaseFiles(t, "../source/testdata/cases") {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		if !bytes.HasPrefix(data, []byte("#!")) {
			texts = append(texts, python.Decode(data))
		}
	}
	for number := range uint64(generated) {
		texts = append(texts, inventorytest.NewGenerator(asked.UsualSeed, number).INI())
	}
	sound := 0
	for _, text := range texts {
		whole := inBlocks(t, text, len(text))
		if !strings.HasPrefix(whole, "error: ") {
			sound++
		}
		for _, size := range []int{1, 10, 100} {
			require.Equal(t, whole, inBlocks(t, text, size), "in blocks of %d:\n%s", size, text)
		}
	}
	require.Greater(t, sound, generated/2, "too few of the inventories are sound")
}

// TestLargeINI reads far more than one block and looks at places all over it.
func TestLargeINI(t *testing.T) {
	const hosts = 50_000
	var text strings.Builder
	for host := range hosts {
		if host%1000 == 0 {
			fmt.Fprintf(&text, "\n[g%d:vars]\nfirst=%d # here\n\n# hosts\n[g%d]\n", host/1000, host, host/1000)
		}
		fmt.Fprintf(&text, "h%d a=%d b=x%d a='%d'\n", host, host, host, host+1)
	}
	inv := inventory.New()
	require.NoError(t, Read(reading.New(inv, nil, nil), text.String()))
	require.Len(t, inv.Hosts(), hosts)
	for _, at := range []int{0, 1, 999, 1000, 24_999, 49_999} {
		host := inv.Hosts()[at]
		require.Equal(t, fmt.Sprintf("h%d", at), host.Name)
		require.Equal(t, 2, host.Vars.Len())
		a, _ := host.Vars.Get("a")
		b, _ := host.Vars.Get("b")
		require.Equal(t, inventory.NewIntText(fmt.Sprint(at+1)), a)
		require.Equal(t, inventory.NewString(fmt.Sprintf("x%d", at)), b)
		require.Equal(t, fmt.Sprintf("g%d", at/1000), host.Groups()[0].Name)
	}
	first, _ := inv.Group("g49").Vars.Get("first")
	require.Equal(t, inventory.NewIntText("49000"), first)

	err := Read(reading.New(inventory.New(), nil, nil), text.String()+"  h1 a=1 b\n")
	require.Equal(t, &inventory.Error{Line: hosts + hosts/1000*6 + 1, Column: 10,
		Message: "expected a variable as key=value; a value with spaces needs quotes"}, err)
}

// TestSharedNames gives many hosts variables in sequences that are alike and then differ.
func TestSharedNames(t *testing.T) {
	long := make([]string, maxSequence+10)
	for i := range long {
		long[i] = fmt.Sprintf("v%d", i)
	}
	sequences := [][]string{
		{"a", "b", "c"}, {"a", "b"}, {"a"}, {}, {"b", "a"}, {"a", "a"}, {"a", "b", "a", "c"}, {"a", "b", "a", "c", "c", "d"},
		{"b", "b", "b", "a"}, long, long[:maxSequence], long[:maxSequence+1], append(long[:maxSequence-1:maxSequence-1], "v0"),
	}
	for i := range 3 * maxNext { // more than the sequence keeps
		sequences = append(sequences, []string{"a", fmt.Sprintf("other%d", i), "z"})
	}
	var text strings.Builder
	for range 3 {
		for i, sequence := range sequences {
			fmt.Fprintf(&text, "h%d", i)
			for place, name := range sequence {
				fmt.Fprintf(&text, " %s=%d", name, place)
			}
			text.WriteString("\n")
		}
	}
	inv := inventory.New()
	require.NoError(t, Read(reading.New(inv, nil, nil), text.String()))
	for i, sequence := range sequences {
		var want inventory.Vars
		for place, name := range sequence {
			want.Set(name, inventory.NewIntText(fmt.Sprint(place)))
		}
		var names []string
		var values []inventory.Value
		for name, value := range want.All() {
			names, values = append(names, name), append(values, value)
		}
		vars := &inv.Hosts()[i].Vars
		require.Equal(t, want.Len(), vars.Len())
		at := 0
		for name, value := range vars.All() {
			require.Equal(t, names[at], name)
			require.Equal(t, values[at], value)
			found, ok := vars.Get(name)
			require.True(t, ok)
			require.Equal(t, value, found)
			at++
		}
	}
}

// TestSharedNamesStay sets variables of hosts that share their names: no other host may notice.
func TestSharedNamesStay(t *testing.T) {
	inv := inventory.New()
	require.NoError(t, Read(reading.New(inv, nil, nil), "h1 a=1 b=2\nh2 a=1 b=2\nh3 a=1 b=2\n[g]\nh2 c=3\nh3 b=4\nh2 d=5 a=6\n"))
	var sequences nameTrie
	values := make([]inventory.Value, 2)
	require.Zero(t, testing.AllocsPerRun(10, func() { sequences.below("a").below("b").varsOf(values) }), "the names are made once")
	for host, want := range map[string]string{
		"h1": `{"a":1,"b":2}`, "h2": `{"a":6,"b":2,"c":3,"d":5}`, "h3": `{"a":1,"b":4}`,
	} {
		var got bytes.Buffer
		require.NoError(t, inv.Host(host).WriteJSON(&got, false))
		require.Equal(t, want+"\n", got.String())
	}
}
