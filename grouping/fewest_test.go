package grouping_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/source"
)

// oracle finds the least number of waves by trying all ways.
type oracle struct {
	values [][][]int // by host and variable: the values
	limits [][]int   // by variable and value
	sizes  []int     // the last is repeated
}

func (o *oracle) fewest() int {
	for waves := 1; ; waves++ {
		members := make([]int, waves)
		taken := make([]map[[2]int]int, waves)
		for i := range taken {
			taken[i] = map[[2]int]int{}
		}
		if o.place(0, members, taken) {
			return waves
		}
	}
}

func (o *oracle) place(host int, members []int, taken []map[[2]int]int) bool {
	if host == len(o.values) {
		return true
	}
	tried := map[string]bool{} // an empty wave is as good as another of its size
	for wave := range members {
		size := o.sizes[min(wave, len(o.sizes)-1)]
		if members[wave] == size || !o.fits(host, taken[wave]) {
			continue
		}
		if members[wave] == 0 {
			key := fmt.Sprint(size)
			if tried[key] {
				continue
			}
			tried[key] = true
		}
		members[wave]++
		o.add(host, taken[wave], 1)
		if o.place(host+1, members, taken) {
			return true
		}
		members[wave]--
		o.add(host, taken[wave], -1)
	}
	return false
}

func (o *oracle) fits(host int, taken map[[2]int]int) bool {
	for variable, values := range o.values[host] {
		for _, value := range values {
			if taken[[2]int{variable, value}] == o.limits[variable][value] {
				return false
			}
		}
	}
	return true
}

func (o *oracle) add(host int, taken map[[2]int]int, by int) {
	for variable, values := range o.values[host] {
		for _, value := range values {
			taken[[2]int{variable, value}] += by
		}
	}
}

// drawOracle makes a fleet with so many limited variables and the rules for it; every value has a limit of its own.
func drawOracle(t *rapid.T, variables int, lists, sameSize bool) (*oracle, *inventory.Inventory, grouping.Rules) {
	o := &oracle{}
	hosts := rapid.IntRange(1, 10).Draw(t, "hosts")
	values := rapid.IntRange(1, 4).Draw(t, "values")
	names := make([]string, hosts)
	for i := range names {
		names[i] = fmt.Sprintf("h%d", i+1)
	}
	inv := inventoryOf(names...)
	rules := grouping.Rules{}
	sizes := 2
	if !sameSize {
		sizes = rapid.IntRange(2, 4).Draw(t, "sizes")
	}
	for i := range sizes {
		size := rapid.IntRange(1, 6).Draw(t, "size")
		o.sizes = append(o.sizes, size)
		if i == 0 {
			rules.Schedule = grouping.Count(size)
		} else {
			rules.Combine = append(rules.Combine, grouping.Count(size))
		}
	}
	o.values = make([][][]int, hosts)
	for variable := range variables {
		name := fmt.Sprintf("v%d", variable)
		limit := grouping.Limit{Variable: name}
		var own []int
		for value := range values {
			most := rapid.SampledFrom([]int{1, 1, 1, 2, 3}).Draw(t, "limit")
			own = append(own, most)
			limit.Values = append(limit.Values, grouping.ValueLimit{Value: fmt.Sprint(value), Hosts: most})
		}
		o.limits = append(o.limits, own)
		rules.MaxPer = append(rules.MaxPer, limit)
		for i, host := range inv.Hosts() {
			has := []int{rapid.IntRange(0, values-1).Draw(t, "value")}
			if lists && variable == 0 {
				has = rapid.SliceOfNDistinct(rapid.IntRange(0, values-1), 0, min(values, 2), rapid.ID[int]).Draw(t, "list")
			}
			o.values[i] = append(o.values[i], has)
			host.Vars.Set(name, listOf(has))
		}
	}
	return o, inv, rules
}

func listOf(numbers []int) inventory.Value {
	if len(numbers) == 1 {
		return inventory.NewString(fmt.Sprint(numbers[0]))
	}
	texts := make([]string, len(numbers))
	for i, number := range numbers {
		texts[i] = fmt.Sprintf("%q", fmt.Sprint(number))
	}
	return valueOf("[" + strings.Join(texts, ", ") + "]")
}

// valueOf returns a value written in JSON.
func valueOf(text string) inventory.Value {
	printed := fmt.Sprintf(`{"_meta": {"hostvars": {"h": {"v": %s}}}, "all": {"hosts": ["h"]}}`, text)
	inv, err := source.Read(context.Background(), []string{"-"}, source.Options{Stdin: strings.NewReader(printed)})
	if err != nil {
		panic(err)
	}
	value, _ := inv.Variable("v")(inv.Host("h"))
	return value
}

// TestFewestWaves holds the number of waves against all ways to fill them: under limits on one variable and on two it is
// the least, under more it is never above what filling in order needs; no plan goes below what is said not to be possible.
func TestFewestWaves(t *testing.T) {
	for _, test := range []struct {
		name                     string
		variables                int
		lists, oneSize, isFewest bool
	}{
		{"one variable", 1, false, false, true},
		{"two variables", 2, false, true, true},
		{"two variables, many sizes", 2, false, false, false},
		{"three variables", 3, false, true, false},
		{"lists", 2, true, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				o, inv, rules := drawOracle(t, test.variables, test.lists, test.oneSize)
				version, err := grouping.NewVersion(inv, "app", []string{"all"}, rules)
				require.NoError(t, err)
				o.check(t, version)
				want := o.fewest()
				require.LessOrEqual(t, version.Fewest, want)
				require.LessOrEqual(t, len(version.Waves), o.inOrder())
				if test.isFewest {
					require.Len(t, version.Waves, want)
					require.Equal(t, want, version.Fewest)
				}
			})
		})
	}
}

// check checks that the waves hold every host once and keep sizes and limits.
func (o *oracle) check(t *rapid.T, version *grouping.Version) {
	released := 0
	for i, wave := range version.Waves {
		require.LessOrEqual(t, len(wave.Hosts), o.sizes[min(i, len(o.sizes)-1)])
		taken := map[[2]int]int{}
		for _, host := range wave.Hosts {
			number, err := strconv.Atoi(strings.TrimPrefix(host.Name, "h"))
			require.NoError(t, err)
			require.True(t, o.fits(number-1, taken), "%s in wave %d", host.Name, i)
			o.add(number-1, taken, 1)
			released++
		}
	}
	require.Equal(t, len(o.values), released)
}

// inOrder returns how many waves it takes to fill one after the other with whoever comes first.
func (o *oracle) inOrder() int {
	waves, placed := 0, make([]bool, len(o.values))
	for rest := len(o.values); rest > 0; waves++ {
		taken, seats := map[[2]int]int{}, o.sizes[min(waves, len(o.sizes)-1)]
		for host := range o.values {
			if seats > 0 && !placed[host] && o.fits(host, taken) {
				placed[host] = true
				o.add(host, taken, 1)
				seats--
				rest--
			}
		}
	}
	return waves
}

// TestFewestWavesOfOneSize has fleets that are too large to try all ways. Where all waves are of one size the least number
// under two limits is known: as many as hosts need seats, or as the value needs that has the most hosts for its limit
// (D. de Werra 1971).
func TestFewestWavesOfOneSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hosts := rapid.IntRange(1, 90).Draw(t, "hosts")
		size := rapid.IntRange(1, 12).Draw(t, "size")
		names := make([]string, hosts)
		for i := range names {
			names[i] = fmt.Sprintf("h%d", i+1)
		}
		inv := inventoryOf(names...)
		rules := grouping.Rules{Schedule: grouping.Count(size), Combine: []grouping.Size{grouping.Count(size)}}
		want := (hosts + size - 1) / size
		o := &oracle{values: make([][][]int, hosts), sizes: []int{size}}
		for _, variable := range []string{"row", "column"} {
			values := rapid.IntRange(1, 10).Draw(t, "values")
			most := rapid.IntRange(1, 3).Draw(t, "limit")
			counts, limits := make([]int, values), make([]int, values)
			for i, host := range inv.Hosts() {
				value := rapid.IntRange(0, values-1).Draw(t, variable)
				host.Vars.Set(variable, inventory.NewString(fmt.Sprint(value)))
				o.values[i] = append(o.values[i], []int{value})
				counts[value]++
			}
			for value, count := range counts {
				want = max(want, (count+most-1)/most)
				limits[value] = most
			}
			o.limits = append(o.limits, limits)
			rules.MaxPer = append(rules.MaxPer, grouping.Limit{Variable: variable, Hosts: most})
		}
		version, err := grouping.NewVersion(inv, "app", []string{"all"}, rules)
		require.NoError(t, err)
		o.check(t, version)
		require.Len(t, version.Waves, want)
		require.Equal(t, want, version.Fewest)
	})
}

// TestFewestWavesWithoutSlack has fleets in which every wave must take one host of every row and of every column, so that no
// seat is to spare: as a square of so many racks and services, filled at random.
func TestFewestWavesWithoutSlack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side, waves := rapid.IntRange(2, 8).Draw(t, "side"), rapid.IntRange(2, 8).Draw(t, "waves")
		rows := make([]int, side)
		for i := range rows {
			rows[i] = i
		}
		var cells [][2]int
		for range waves {
			for row, column := range rapid.Permutation(rows).Draw(t, "columns") {
				cells = append(cells, [2]int{row, column})
			}
		}
		cells = rapid.Permutation(cells).Draw(t, "order")
		names := make([]string, len(cells))
		for i := range names {
			names[i] = fmt.Sprintf("h%d", i+1)
		}
		inv := inventoryOf(names...)
		ones := slices.Repeat([]int{1}, side)
		o := &oracle{limits: [][]int{ones, ones}, sizes: []int{side}}
		for i, host := range inv.Hosts() {
			host.Vars.Set("row", inventory.NewString(fmt.Sprint(cells[i][0])))
			host.Vars.Set("column", inventory.NewString(fmt.Sprint(cells[i][1])))
			o.values = append(o.values, [][]int{{cells[i][0]}, {cells[i][1]}})
		}
		version, err := grouping.NewVersion(inv, "app", []string{"all"}, grouping.Rules{
			Schedule: grouping.Count(side), Combine: []grouping.Size{grouping.Count(side)},
			MaxPer: []grouping.Limit{{Variable: "row", Hosts: 1}, {Variable: "column", Hosts: 1}},
		})
		require.NoError(t, err)
		o.check(t, version)
		require.Len(t, version.Waves, waves)
	})
}

// TestFewestWavesTheHardWay has fleets, out of 40,000, for which the least number of waves is found only by the way named: waves with
// sizes of their own are taken out as they come, the largest or the smallest first, as full as can be or not, and where none of that
// does it, other orders are tried. The last fleets are those whose waves give hosts back while they are taken out.
func TestFewestWavesTheHardWay(t *testing.T) {
	t.Parallel()
	lists := pools()
	for name, test := range map[string]struct {
		seeds []uint64
		plans string // a digest of them, see TestPlansStay
	}{
		"the largest first":            {[]uint64{68, 85, 217, 281, 1052, 1221, 2027, 2071}, "17fbe95f31c6"},
		"the smallest first":           {[]uint64{42, 121, 132, 162, 1614, 2157, 2253, 2643}, "f783a7ce02d9"},
		"as full as can be":            {[]uint64{982, 3647, 4158, 4986, 19872, 25830, 36385}, "9ec1a514ec65"},
		"the largest first, and full":  {[]uint64{693, 3654, 3697, 9628, 21634, 24953}, "5719696c266f"},
		"the smallest first, and full": {[]uint64{12733}, "2a6774fa6211"},
		"other orders":                 {[]uint64{39, 376, 512, 917, 2991, 3048, 6575, 8561}, "8abc9cdb4876"},
		"given back":                   {[]uint64{783, 1149, 2912, 3355, 3441, 7747}, "e4fd7601ebc5"},
	} {
		sum := sha256.New()
		for _, seed := range test.seeds {
			d := dice(seed*7919 + 5)
			inv := d.fleet(lists)
			rules := grouping.Rules{Schedule: d.counts(1, 9)[0], Combine: d.counts(2+d.roll(4), 12), MaxPer: d.limits("rack", "service")}
			if d.roll(4) == 0 {
				rules.Cover = []string{"system"}
			}
			version, err := grouping.NewVersion(inv, "app", []string{"all"}, rules)
			require.NoError(t, err)
			assert.Len(t, version.Waves, version.Fewest, "%s: fleet %d", name, seed)
			fmt.Fprintln(sum, waveNames(version))
		}
		assert.Equal(t, test.plans, fmt.Sprintf("%x", sum.Sum(nil)[:6]), name)
	}
}

// TestFewestBelowCover says that fewer waves are possible than there are, where it is cover that costs one: the canary has the
// first hosts of both systems, so that none of the three hosts of rack r1, of which a wave may have one, is in it.
func TestFewestBelowCover(t *testing.T) {
	inv := inventoryOf("h1", "h2", "h3", "h4", "h5")
	for i, host := range inv.Hosts() {
		host.Vars.Set("rack", inventory.NewString(strings.Fields("r2 r3 r1 r1 r1")[i]))
		host.Vars.Set("os", inventory.NewString(strings.Fields("x y x x x")[i]))
	}
	version, err := grouping.NewVersion(inv, "app", []string{"all"}, grouping.Rules{
		Schedule: grouping.Count(2), Combine: []grouping.Size{grouping.Count(2)}, Cover: []string{"os"},
		MaxPer: []grouping.Limit{{Variable: "rack", Hosts: 1}},
	})
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"h1", "h2"}, {"h3"}, {"h4"}, {"h5"}}, waveNames(version))
	assert.Equal(t, 3, version.Fewest)
}
