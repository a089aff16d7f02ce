package grouping_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// fleet is an inventory with what the tests know of it without asking the engine.
type fleet struct {
	inv    *inventory.Inventory
	names  []string
	values map[string]map[string]string // variable, host
	canary []string                     // the group canaries
}

// drawFleet makes up to so many hosts in the group web, some in canaries, each with the variables rack, zone and load.
func drawFleet(t *rapid.T, most int) *fleet {
	f := &fleet{inv: inventory.New(), values: map[string]map[string]string{}}
	count := rapid.IntRange(1, most).Draw(t, "hosts")
	racks := rapid.IntRange(1, 6).Draw(t, "racks")
	zones := rapid.IntRange(1, 4).Draw(t, "zones")
	canaries, err := f.inv.AddGroup("canaries")
	require.NoError(t, err)
	web, err := f.inv.AddGroup("web")
	require.NoError(t, err)
	for i := range count {
		name := fmt.Sprintf("h%d", (i*7+3)%101)
		host, err := f.inv.AddHost(name, web, inventory.Value{})
		require.NoError(t, err)
		f.names = append(f.names, name)
		f.set(host, "rack", fmt.Sprint(rapid.IntRange(1, racks).Draw(t, "rack")))
		f.set(host, "zone", string(rune('a'+rapid.IntRange(0, zones-1).Draw(t, "zone"))))
		f.set(host, "load", fmt.Sprint(min(i%5, 1)))
		if rapid.IntRange(0, 5).Draw(t, "canary") == 0 {
			_, err = f.inv.AddHost(name, canaries, inventory.Value{})
			require.NoError(t, err)
			f.canary = append(f.canary, name)
		}
	}
	require.NoError(t, f.inv.Reconcile())
	return f
}

func (f *fleet) set(host *inventory.Host, variable, value string) {
	host.Vars.Set(variable, inventory.NewString(value))
	if f.values[variable] == nil {
		f.values[variable] = map[string]string{}
	}
	f.values[variable][host.Name] = value
}

// size is a size in a drawn policy: a count, or a percentage if it is negative.
type size int

func (s size) String() string {
	if s < 0 {
		return fmt.Sprintf("%d%%", -s)
	}
	return fmt.Sprint(int(s))
}

func (s size) of(hosts int) int {
	if s > 0 {
		return int(s)
	}
	rounded := int(math.Floor(float64(-s) / 100 * float64(hosts)))
	if rounded == 0 {
		return 1
	}
	return rounded
}

func drawSize(t *rapid.T, label string) size {
	if rapid.Bool().Draw(t, label+" in percent") {
		return -size(rapid.IntRange(1, 100).Draw(t, label))
	}
	return size(rapid.IntRange(1, 6).Draw(t, label))
}

// wish is a drawn policy of one version.
type wish struct {
	schedule size
	combine  []size
	order    string
	seed     string
	canary   bool
	by       string
	spread   []string
	maxPer   map[string]int
	limited  []string // the keys of maxPer in order
}

func drawWish(t *rapid.T, f *fleet) wish {
	w := wish{
		schedule: drawSize(t, "schedule"),
		order: rapid.SampledFrom([]string{
			"inventory", "reverse_inventory", "sorted", "reverse_sorted", "shuffle"}).Draw(t, "order"),
		seed:   rapid.SampledFrom([]string{"app", "other"}).Draw(t, "seed"),
		canary: len(f.canary) > 0 && rapid.IntRange(0, 3).Draw(t, "named canary") == 0,
		maxPer: map[string]int{},
	}
	for range rapid.IntRange(1, 4).Draw(t, "sizes") {
		w.combine = append(w.combine, drawSize(t, "combine"))
	}
	if rapid.IntRange(0, 2).Draw(t, "by") == 0 {
		w.by = "zone"
	}
	w.spread = rapid.SampledFrom([][]string{nil, {"rack"}, {"load"}, {"rack", "zone"}}).Draw(t, "spread")
	w.limited = rapid.SampledFrom([][]string{
		nil, {"rack"}, {"zone"}, {"rack", "zone"}, {"zone", "load", "rack"}}).Draw(t, "max_per")
	for _, variable := range w.limited {
		w.maxPer[variable] = rapid.IntRange(1, 3).Draw(t, "limit")
	}
	return w
}

// text writes the policy, each key at the top or in the version.
func (w wish) text(t *rapid.T) string {
	top := []string{"plugin: regal"}
	version := []string{"hosts: web"}
	add := func(line string) {
		if rapid.Bool().Draw(t, "at the top") {
			top = append(top, line)
		} else {
			version = append(version, line)
		}
	}
	if w.canary {
		version = append(version, "canary: canaries")
		top = append(top, "schedule: "+w.schedule.String())
	} else {
		add("schedule: " + w.schedule.String())
	}
	add("combine: " + strings.ReplaceAll(fmt.Sprint(w.combine), " ", ", "))
	add("order: " + w.order)
	add("seed: " + w.seed)
	if w.by != "" {
		add("by: " + w.by)
	}
	if len(w.spread) > 0 {
		add("spread: [" + strings.Join(w.spread, ", ") + "]")
	}
	if len(w.limited) > 0 {
		var limits []string
		for _, variable := range w.limited {
			limits = append(limits, fmt.Sprintf("%s: %d", variable, w.maxPer[variable]))
		}
		add("max_per: {" + strings.Join(limits, ", ") + "}")
	}
	return strings.Join(top, "\n") + "\nversions:\n  app:\n    " + strings.Join(version, "\n    ") + "\n"
}

// arranged returns the names in the order that the policy asks for.
func (w wish) arranged(names []string) []string {
	list := slices.Clone(names)
	switch w.order {
	case "reverse_inventory":
		slices.Reverse(list)
	case "sorted":
		sort.Strings(list)
	case "reverse_sorted":
		sort.Sort(sort.Reverse(sort.StringSlice(list)))
	case "shuffle":
		digest := func(name string) []byte {
			sum := sha256.Sum256([]byte(w.seed + "\x00" + name))
			return sum[:]
		}
		sort.Slice(list, func(i, j int) bool { return bytes.Compare(digest(list[i]), digest(list[j])) < 0 })
	}
	return list
}

// canaryAllowed tells whether the canary that the policy names keeps the rules.
func (w wish) canaryAllowed(f *fleet) bool {
	for variable, limit := range w.maxPer {
		for _, hosts := range f.count(variable, f.canary) {
			if hosts > limit {
				return false
			}
		}
	}
	return true
}

// count returns how many of the hosts have each value of the variable.
func (f *fleet) count(variable string, hosts []string) map[string]int {
	counts := map[string]int{}
	for _, host := range hosts {
		counts[f.values[variable][host]]++
	}
	return counts
}

// TestWaves checks every rule of the design's section 3 on random fleets and policies.
func TestWaves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFleet(t, 40)
		w := drawWish(t, f)
		text := w.text(t)
		policy, err := grouping.ParsePolicy("regal.yml", strings.NewReader(text))
		require.NoError(t, err, text)
		plan, err := policy.Plan(f.inv)
		if w.canary && !w.canaryAllowed(f) {
			require.ErrorContains(t, err, "versions.app.canary: ")
			require.Nil(t, plan)
			return
		}
		require.NoError(t, err, text)
		again, err := policy.Plan(f.inv)
		require.NoError(t, err)
		version := plan.Versions[0]
		require.Equal(t, waveNames(version), waveNames(again.Versions[0]))
		w.check(t, f, version)
	})
}

func (w wish) check(t *rapid.T, f *fleet, version *grouping.Version) {
	waves := waveNames(version)
	released := slices.Concat(waves...)
	require.ElementsMatch(t, f.names, released, "every host in exactly one wave")
	for i, wave := range waves {
		require.NotEmpty(t, wave)
		most := w.combine[min(max(i-1, 0), len(w.combine)-1)].of(len(f.names))
		if i == 0 {
			most = w.schedule.of(len(f.names))
			if w.canary {
				most = len(f.canary)
			}
		}
		require.LessOrEqual(t, len(wave), most, "wave %d", i)
		require.Equal(t, most, version.Waves[i].Size, "wave %d", i)
		for variable, limit := range w.maxPer {
			for value, hosts := range f.count(variable, wave) {
				require.LessOrEqual(t, hosts, limit, "%s %s in wave %d", variable, value, i)
			}
		}
		if w.by != "" && !(w.canary && i == 0) {
			require.Len(t, f.count(w.by, wave), 1)
		}
	}
	first := 0
	rest := w.arranged(f.names)
	if w.canary {
		isCanary := func(name string) bool { return slices.Contains(f.canary, name) }
		notCanary := func(name string) bool { return !isCanary(name) }
		require.Equal(t, slices.DeleteFunc(slices.Clone(rest), notCanary), waves[0])
		rest = slices.DeleteFunc(rest, isCanary)
		first = 1
	}
	for _, section := range w.sections(f, rest) {
		end := first
		for held := 0; held < len(section); end++ {
			held += len(waves[end])
		}
		w.checkSection(t, f, section, version, first, end)
		first = end
	}
	require.Len(t, waves, first)
}

// sections cuts the names by value, in order of first appearance.
func (w wish) sections(f *fleet, names []string) [][]string {
	if w.by == "" && len(names) > 0 {
		return [][]string{names}
	}
	var order []string
	parts := map[string][]string{}
	for _, name := range names {
		value := f.values[w.by][name]
		if parts[value] == nil {
			order = append(order, value)
		}
		parts[value] = append(parts[value], name)
	}
	var sections [][]string
	for _, value := range order {
		sections = append(sections, parts[value])
	}
	return sections
}

// checkSection checks the waves from first up to end, which hold the section.
func (w wish) checkSection(
	t *rapid.T, f *fleet, section []string, version *grouping.Version, first, end int,
) {
	waves := waveNames(version)[first:end]
	released := slices.Concat(waves...)
	require.ElementsMatch(t, section, released, "one section after another")
	if len(w.limited) == 0 {
		for i, wave := range waves[:max(len(waves)-1, 0)] {
			require.Len(t, wave, version.Waves[first+i].Size, "only a section's last wave is not full")
		}
		if len(w.spread) == 0 {
			require.Equal(t, section, released)
		} else {
			w.checkSpread(t, f, section, released)
		}
		return
	}
	for i, wave := range waves {
		if len(wave) == version.Waves[first+i].Size {
			continue
		}
		for _, name := range slices.Concat(waves[i+1:]...) {
			require.True(t, w.usedUp(f, name, wave), "%s could have been in wave %d", name, first+i)
		}
	}
	if len(w.limited) > 1 && len(w.spread) == 0 {
		naive := w.fillNaively(f, section, first)
		require.LessOrEqual(t, len(waves), len(naive))
		if len(waves) == len(naive) {
			require.Equal(t, naive, waves, "as near to the order as it was")
		}
	}
}

// usedUp tells whether a limit keeps the host out of the wave.
func (w wish) usedUp(f *fleet, name string, wave []string) bool {
	for variable, limit := range w.maxPer {
		if f.count(variable, wave)[f.values[variable][name]] == limit {
			return true
		}
	}
	return false
}

// size is how many hosts the wave of that index may have, unless the policy names it.
func (w wish) size(f *fleet, wave int) int {
	if wave == 0 {
		return w.schedule.of(len(f.names))
	}
	return w.combine[min(wave-1, len(w.combine)-1)].of(len(f.names))
}

// fillNaively fills wave after wave, looking at each host in turn.
func (w wish) fillNaively(f *fleet, section []string, first int) [][]string {
	var waves [][]string
	for rest := section; len(rest) > 0; {
		var wave, next []string
		for _, name := range rest {
			if len(wave) < w.size(f, first+len(waves)) && !w.usedUp(f, name, wave) {
				wave = append(wave, name)
			} else {
				next = append(next, name)
			}
		}
		waves, rest = append(waves, wave), next
	}
	return waves
}

// checkSpread checks the bound on every prefix in whole numbers, and that hosts with one value keep their order.
func (w wish) checkSpread(t *rapid.T, f *fleet, section, released []string) {
	mix := func(name string) string {
		var values []string
		for _, variable := range w.spread {
			values = append(values, f.values[variable][name])
		}
		return strings.Join(values, "/")
	}
	total, so := map[string]int{}, map[string]int{}
	inOrder := map[string][]string{}
	for _, name := range section {
		total[mix(name)]++
		inOrder[mix(name)] = append(inOrder[mix(name)], name)
	}
	for i, name := range released {
		require.Equal(t, inOrder[mix(name)][so[mix(name)]], name)
		so[mix(name)]++
		for value, share := range total {
			off := (i+1)*share - so[value]*len(section)
			require.True(t, -len(section) < off && off < len(section), "%s is off by %d/%d after %d",
				value, off, len(section), i+1)
		}
	}
}

// TestSpreadAll spreads every mix of up to four values in up to eleven hosts.
func TestSpreadAll(t *testing.T) {
	var walk func(counts []int, left int)
	walk = func(counts []int, left int) {
		if len(counts) > 0 {
			checkMix(t, counts)
		}
		for next := 1; next <= left && len(counts) < 4; next++ {
			walk(append(slices.Clone(counts), next), left-next)
		}
	}
	walk(nil, 11)
	checkMix(t, []int{90, 10})
	checkMix(t, []int{500, 300, 199, 1, 7, 7, 7})
}

// checkMix spreads a fleet of so many hosts of each value and checks the bound.
func checkMix(t *testing.T, counts []int) {
	var values []string
	for value, count := range counts {
		for range count {
			values = append(values, fmt.Sprint(value))
		}
	}
	version, err := grouping.NewVersion(fleetOf("rack", values...), "app", []string{"all"},
		grouping.Rules{Spread: []string{"rack"}})
	require.NoError(t, err)
	so := make([]int, len(counts))
	for i, wave := range version.Waves {
		value, ok := wave.Hosts[0].Vars.Get("rack")
		require.True(t, ok)
		for j, count := range counts {
			if value.Text() == fmt.Sprint(j) {
				so[j]++
			}
			off := (i+1)*count - so[j]*len(values)
			require.True(t, -len(values) < off && off < len(values), "%v: value %d after %d", counts, j, i+1)
		}
	}
}

// fleetOf returns an inventory of hosts h1, h2, ... with these values of the variable.
func fleetOf(variable string, values ...string) *inventory.Inventory {
	names := make([]string, len(values))
	for i := range values {
		names[i] = fmt.Sprintf("h%d", i+1)
	}
	inv := inventoryOf(names...)
	for i, host := range inv.Hosts() {
		host.Vars.Set(variable, inventory.NewString(values[i]))
	}
	return inv
}

// TestMaxPerIsMinimal compares max_per with one variable to an exhaustive search: the fewest waves, and among all ways to
// need no more the one that takes each host in turn into the first wave it can be in.
func TestMaxPerIsMinimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.IntRange(0, 4), 1, 10).Draw(t, "values")
		limit := rapid.IntRange(1, 3).Draw(t, "limit")
		sizes := rapid.SliceOfN(rapid.IntRange(1, 5), 2, 5).Draw(t, "sizes")
		rules := grouping.Rules{
			Schedule: grouping.Count(sizes[0]), MaxPer: []grouping.Limit{{Variable: "rack", Hosts: limit}},
		}
		for _, size := range sizes[1:] {
			rules.Combine = append(rules.Combine, grouping.Count(size))
		}
		texts := make([]string, len(values))
		for i, value := range values {
			texts[i] = fmt.Sprint(value)
		}
		version, err := grouping.NewVersion(fleetOf("rack", texts...), "app", []string{"all"}, rules)
		require.NoError(t, err)
		search := search{limit: limit, sizes: sizes, known: map[string]bool{}}
		require.Equal(t, search.waves(values), waveNames(version))
	})
}

// search tries all ways to fill waves.
type search struct {
	limit int
	sizes []int
	known map[string]bool
}

func (s *search) size(wave int) int { return s.sizes[min(wave, len(s.sizes)-1)] }

// canFinish tells whether hosts with so many of each value fit into the waves from wave up to end, of the first of which
// only so many seats are left, and so many hosts of each value are in it.
func (s *search) canFinish(left, used []int, seats, wave, end int) bool {
	if !slices.ContainsFunc(left, func(count int) bool { return count > 0 }) {
		return true
	}
	if wave >= end {
		return false
	}
	key := fmt.Sprint(left, used, seats, wave, end)
	if answer, known := s.known[key]; known {
		return answer
	}
	answer := s.canFinish(left, make([]int, len(used)), s.size(wave+1), wave+1, end)
	for value := range left {
		if left[value] == 0 || used[value] == s.limit || seats == 0 {
			continue
		}
		left, used := slices.Clone(left), slices.Clone(used)
		left[value]--
		used[value]++
		answer = answer || s.canFinish(left, used, seats-1, wave, end)
	}
	s.known[key] = answer
	return answer
}

func (s *search) waves(values []int) [][]string {
	left := make([]int, 5)
	for _, value := range values {
		left[value]++
	}
	end := 1
	for !s.canFinish(left, make([]int, 5), s.size(0), 0, end) {
		end++
	}
	var waves [][]string
	done := make([]bool, len(values))
	for wave := range end {
		used, seats := make([]int, 5), s.size(wave)
		var names []string
		for i, value := range values {
			if done[i] || used[value] == s.limit || seats == 0 {
				continue
			}
			left[value]--
			used[value]++
			if s.canFinish(left, used, seats-1, wave, end) {
				done[i] = true
				seats--
				names = append(names, fmt.Sprintf("h%d", i+1))
				continue
			}
			left[value]++
			used[value]--
		}
		waves = append(waves, names)
	}
	return waves
}

// TestPlacements compares each placement with what can be seen in the waves.
func TestPlacements(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFleet(t, 25)
		w := drawWish(t, f)
		w.canary = w.canary && w.canaryAllowed(f)
		w.spread = nil
		policy, err := grouping.ParsePolicy("regal.yml", strings.NewReader(w.text(t)))
		require.NoError(t, err)
		plan, err := policy.Plan(f.inv)
		require.NoError(t, err)
		version := plan.Versions[0]
		arranged := w.arranged(f.names)
		total := 0
		for i, wave := range version.Waves {
			total += len(wave.Hosts)
			for j, host := range wave.Hosts {
				placement, found := version.Placement(host)
				require.True(t, found)
				require.Equal(t, []int{i, j + 1, total}, []int{placement.Wave, placement.Position, placement.Total})
				require.Equal(t, w.canary && i == 0, placement.Chosen)
				require.Equal(t, f.values[w.by][host.Name], placement.Section)
				section, share := version.Values(host)
				require.Equal(t, placement.Section, section)
				require.Equal(t, placement.Share, share)
				require.Len(t, share, len(version.Rules.Spread))
				for i, variable := range version.Rules.Spread {
					require.Equal(t, f.values[variable][host.Name], share[i])
				}
				if !placement.Chosen {
					require.Equal(t, w.heldBack(f, arranged, version, i, host.Name),
						waveIndexes(t, w, f, version, host, placement), "%s of %v in %v", host.Name, arranged, waveNames(version))
				}
			}
		}
		_, found := version.Placement(&inventory.Host{Name: "stranger"})
		require.False(t, found)
	})
}

// heldBack returns the waves before the host's that took a host of its section from behind it, or were not full.
func (w wish) heldBack(f *fleet, arranged []string, version *grouping.Version, wave int, name string) []int {
	var waves []int
	for i, names := range waveNames(version)[:wave] {
		if w.canary && i == 0 || w.by != "" && f.values[w.by][names[0]] != f.values[w.by][name] {
			continue
		}
		last := slices.Index(arranged, names[len(names)-1])
		if len(w.limited) > 0 && (last > slices.Index(arranged, name) || len(names) < version.Waves[i].Size) {
			waves = append(waves, i)
		}
	}
	return waves
}

// waveIndexes returns the waves that held the host back, having checked the reasons given.
func waveIndexes(
	t *rapid.T, w wish, f *fleet, version *grouping.Version, host *inventory.Host, placement grouping.Placement,
) []int {
	var indexes []int
	for _, held := range placement.HeldBack {
		indexes = append(indexes, held.Wave)
		own := f.values[held.Variable][host.Name]
		inWave := f.count(held.Variable, waveNames(version)[held.Wave])
		if held.Yielded && held.Variable == "" {
			require.Greater(t, len(w.limited), 1)
			for variable, limit := range w.maxPer {
				have := f.count(variable, waveNames(version)[held.Wave])[f.values[variable][host.Name]]
				require.Less(t, have, limit)
			}
			continue
		}
		require.Equal(t, w.maxPer[held.Variable], held.Limit)
		if held.Yielded {
			require.Len(t, w.limited, 1)
			require.NotEqual(t, own, held.Value)
			require.Positive(t, inWave[held.Value])
			require.Less(t, inWave[own], held.Limit)
		} else {
			require.Equal(t, own, held.Value)
			require.Equal(t, held.Limit, inWave[own])
		}
	}
	return indexes
}

// TestHostAtTheEnd adds a host at the end of the inventory: every wave but the last, and the last if it is full, stays.
func TestHostAtTheEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hosts := rapid.IntRange(1, 40).Draw(t, "hosts")
		rules := grouping.Rules{Schedule: grouping.Count(rapid.IntRange(1, 5).Draw(t, "schedule"))}
		for range rapid.IntRange(1, 3).Draw(t, "sizes") {
			rules.Combine = append(rules.Combine, grouping.Count(rapid.IntRange(1, 5).Draw(t, "combine")))
		}
		waves := func(hosts int) [][]string {
			version, err := grouping.NewVersion(fleetOf("rack", make([]string, hosts)...), "app", []string{"all"}, rules)
			require.NoError(t, err)
			return waveNames(version)
		}
		before, after := waves(hosts), waves(hosts+1)
		last := len(before) - 1
		require.Equal(t, before[:last], after[:last])
		require.Equal(t, before[last], after[last][:len(before[last])])
	})
}

// TestShuffleStays takes a host away from a shuffled version: no other host moves.
func TestShuffleStays(t *testing.T) {
	names := make([]string, 50)
	for i := range names {
		names[i] = fmt.Sprintf("web%02d", i)
	}
	order := func(names []string) []string {
		version, err := grouping.NewVersion(inventoryOf(names...), "app", []string{"all"},
			grouping.Rules{Order: grouping.Shuffle})
		require.NoError(t, err)
		return slices.Concat(waveNames(version)...)
	}
	all := order(names)
	require.NotEqual(t, names, all)
	for i := range names {
		fewer := slices.Delete(slices.Clone(names), i, i+1)
		require.Equal(t, slices.DeleteFunc(slices.Clone(all), func(name string) bool { return name == names[i] }),
			order(fewer))
	}
	// Pinned: it may not change with a release of Go, nor of this module.
	require.Equal(t, []string{"web33", "web20", "web06", "web13", "web47"}, all[:5])
}
