package grouping_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// estate is a fleet in three parts, for the rules that [wish] does not know.
type estate struct {
	inv    *inventory.Inventory
	parts  []string                       // the groups
	hosts  map[string][]string            // by part
	values map[string]map[string][]string // by variable and host; a list has several
}

// pools are the values of the variable of that name: each a list, by its text.
func pools() map[string]inventory.Value {
	values := map[string]inventory.Value{}
	for set := 1; set < 8; set++ {
		var names []string
		for i, name := range []string{"db", "web", "search"} {
			if set&(1<<i) != 0 {
				names = append(names, name)
			}
		}
		values[hostsOf(names)] = valueOf(`["` + strings.Join(names, `", "`) + `"]`)
	}
	return values
}

func drawEstate(t *rapid.T, pools map[string]inventory.Value) *estate {
	e := &estate{inv: inventory.New(), hosts: map[string][]string{}, values: map[string]map[string][]string{
		"os": {}, "zone": {}, "pools": {}, "rack": {}, "has": {},
	}}
	systems, zones, racks := rapid.IntRange(1, 3).Draw(t, "systems"), rapid.IntRange(1, 3).Draw(t, "zones"), rapid.IntRange(1, 4).Draw(t, "racks")
	lists := rapid.Bool().Draw(t, "lists")
	number := 0
	for _, part := range []string{"staging", "eu", "us"} {
		group, err := e.inv.AddGroup(part)
		require.NoError(t, err)
		e.parts = append(e.parts, part)
		for range rapid.IntRange(1, 12).Draw(t, "hosts") {
			number++
			host, err := e.inv.AddHost(fmt.Sprintf("h%d", number*37%101), group, inventory.Value{})
			require.NoError(t, err)
			e.hosts[part] = append(e.hosts[part], host.Name)
			set := func(variable string, values ...string) {
				e.values[variable][host.Name] = values
				host.Vars.Set(variable, inventory.NewString(values[0]))
			}
			set("os", fmt.Sprintf("os%d", rapid.IntRange(1, systems).Draw(t, "os")))
			set("zone", fmt.Sprintf("z%d", rapid.IntRange(1, zones).Draw(t, "zone")))
			set("rack", fmt.Sprintf("r%d", rapid.IntRange(1, racks).Draw(t, "rack")))
			if rapid.IntRange(0, 5).Draw(t, "done") == 0 {
				set("has", "app")
			} else {
				set("has", "older")
			}
			if !lists {
				set("pools", rapid.SampledFrom([]string{"db", "web", "search"}).Draw(t, "pool"))
				continue
			}
			list := rapid.SampledFrom([]string{"db", "web", "search", "db web", "web search", "db web search"}).Draw(t, "pools")
			e.values["pools"][host.Name] = strings.Fields(list)
			host.Vars.Set("pools", pools[list])
		}
	}
	require.NoError(t, e.inv.Reconcile())
	return e
}

// have returns how many of the hosts have each value.
func (e *estate) have(variable string, hosts []string) map[string]int {
	counts := map[string]int{}
	for _, host := range hosts {
		for _, value := range e.values[variable][host] {
			counts[value]++
		}
	}
	return counts
}

// cap is a limit of max_per: one for all values, or one for each that is named.
type cap struct {
	variable string
	all      size
	named    map[string]size
}

func (c cap) String() string {
	if c.named == nil {
		return fmt.Sprintf("%s: %s", c.variable, c.all)
	}
	var values []string
	for _, value := range []string{"db", "web", "search", "r1", "r2", "z1"} {
		if most, named := c.named[value]; named {
			values = append(values, fmt.Sprintf("%s: %s", value, most))
		}
	}
	return fmt.Sprintf("%s: {%s}", c.variable, strings.Join(values, ", "))
}

// of returns how many hosts of a wave may have the value, of which the version has so many hosts.
func (c cap) of(value string, count int) int {
	if c.named == nil {
		return c.all.of(count)
	}
	if most, named := c.named[value]; named {
		return most.of(count)
	}
	return math.MaxInt
}

func drawCap(t *rapid.T, variable string, values []string) cap {
	made := cap{variable: variable}
	if rapid.Bool().Draw(t, "one limit") {
		made.all = drawSize(t, "limit")
		return made
	}
	made.named = map[string]size{}
	for _, value := range rapid.SliceOfNDistinct(rapid.SampledFrom(values), 1, 2, rapid.ID[string]).Draw(t, "limited") {
		made.named[value] = drawSize(t, "limit")
	}
	return made
}

// request is a policy of one version with the rules that came after [wish].
type request struct {
	schedule size
	combine  []size
	risk     float64
	caps     []cap
	cover    []string
	by       string
	byOrder  []string
	rings    bool
	done     bool
	first    int // percent of the split's first share; -1 without
	off      bool
}

func drawRequest(t *rapid.T) request {
	r := request{schedule: drawSize(t, "schedule"), first: -1}
	if rapid.IntRange(0, 2).Draw(t, "risk") == 0 {
		r.risk = rapid.SampledFrom([]float64{0.5, 1, 3, 10}).Draw(t, "R")
	} else {
		for range rapid.IntRange(1, 3).Draw(t, "sizes") {
			r.combine = append(r.combine, drawSize(t, "combine"))
		}
	}
	for _, one := range []cap{
		drawCap(t, "pools", []string{"db", "web", "search"}), drawCap(t, "rack", []string{"r1", "r2"}), drawCap(t, "zone", []string{"z1"}),
	} {
		if rapid.IntRange(0, 2).Draw(t, "limited") == 0 {
			r.caps = append(r.caps, one)
		}
	}
	r.cover = rapid.SampledFrom([][]string{nil, nil, {"os"}, {"os", "zone"}}).Draw(t, "cover")
	if rapid.IntRange(0, 2).Draw(t, "by") == 0 {
		r.by = "zone"
		r.byOrder = rapid.SampledFrom([][]string{nil, {"z2", "z1", "z3"}, {"z3", "*"}, {"*", "z1"}, {"z2", "*", "z1"}}).Draw(t, "by order")
	}
	r.rings, r.done = rapid.Bool().Draw(t, "rings"), rapid.Bool().Draw(t, "leave out")
	if rapid.Bool().Draw(t, "split") {
		r.first = rapid.IntRange(0, 100).Draw(t, "share")
	}
	r.off = rapid.Bool().Draw(t, "null")
	return r
}

// text writes the policy. With off, keys at the top that would change everything are switched off in the version.
func (r request) text() string {
	top, version := []string{"plugin: regal"}, []string{}
	key := func(name, value string) {
		switch {
		case value != "":
			version = append(version, name+": "+value)
		case r.off:
			top = append(top, name+": "+map[string]string{
				"cover": "[nothing]", "by": "nothing", "done": "{var: os}", "split": "{x: 100%}", "max_per": "{nothing: 1}", "spread": "nothing",
			}[name])
			version = append(version, name+": null")
		}
	}
	if r.rings {
		version = append(version, "rings: [staging: staging, eu: {hosts: eu}, us: [us]]")
	} else {
		version = append(version, "hosts: [staging, eu, us]")
	}
	top = append(top, "schedule: "+r.schedule.String())
	if r.risk > 0 {
		version = append(version, fmt.Sprintf("combine: {risk: %v}", r.risk))
	} else {
		top = append(top, "combine: "+strings.ReplaceAll(fmt.Sprint(r.combine), " ", ", "))
	}
	var caps []string
	for _, one := range r.caps {
		caps = append(caps, one.String())
	}
	list := func(texts []string, form string) string {
		if len(texts) == 0 {
			return ""
		}
		return fmt.Sprintf(form, strings.Join(texts, ", "))
	}
	key("max_per", list(caps, "{%s}"))
	key("cover", list(r.cover, "[%s]"))
	key("spread", "")
	switch {
	case r.byOrder != nil:
		key("by", fmt.Sprintf(`{zone: ["%s"]}`, strings.Join(r.byOrder, `", "`)))
	default:
		key("by", r.by)
	}
	if r.done {
		key("done", "{var: has}")
	} else {
		key("done", "")
	}
	if r.first >= 0 {
		key("split", fmt.Sprintf("{new: %d%%, old: %d%%}", r.first, 100-r.first))
	} else {
		key("split", "")
	}
	return strings.Join(top, "\n") + "\nversions:\n  app:\n    " + strings.Join(version, "\n    ") + "\n"
}

// section is what is cut as a whole: all hosts, or those of a ring.
type section struct {
	ring  string
	hosts []string
}

// sections returns them with the hosts that are left, and the hosts that have the version.
func (r request) sections(e *estate) (left []section, have []string) {
	made := []section{{}}
	for i, part := range e.parts {
		if r.rings && i > 0 {
			made = append(made, section{})
		}
		last := &made[len(made)-1]
		if r.rings {
			last.ring = part
		}
		for _, host := range e.hosts[part] {
			if r.done && e.values["has"][host][0] == "app" {
				have = append(have, host)
			} else {
				last.hosts = append(last.hosts, host)
			}
		}
	}
	return made, have
}

// TestRules checks the rules for real fleets on random ones: rings, limits in percent, by value and by lists, cover, risk,
// the order of by, done, split, and null.
func TestRules(t *testing.T) {
	lists := pools()
	rapid.Check(t, func(t *rapid.T) {
		e, r := drawEstate(t, lists), drawRequest(t)
		text := r.text()
		policy, err := grouping.ParsePolicy("regal.yml", strings.NewReader(text))
		require.NoError(t, err, text)
		plan, err := policy.Plan(e.inv)
		sections, have := r.sections(e)
		if err != nil {
			r.checkRefusal(t, e, sections, err)
			return
		}
		again, err := policy.Plan(e.inv)
		require.NoError(t, err)
		version := plan.Versions[0]
		require.Len(t, version.Warnings(), len(r.misspelt(e, sections)), text)
		require.Equal(t, waveNames(version), waveNames(again.Versions[0]))
		require.Equal(t, hostsOf(have), hostsOf(names(version.LeftOut)), text)
		var all []string
		for _, one := range sections {
			all = append(all, one.hosts...)
		}
		require.LessOrEqual(t, version.Fewest, len(version.Waves))
		at := 0
		for _, one := range sections {
			end := at
			for end < len(version.Waves) && version.Waves[end].Ring == one.ring {
				end++
			}
			r.check(t, e, one, all, version, at, end)
			at = end
		}
		require.Len(t, version.Waves, at)
		for i, wave := range version.Waves {
			name := "canary"
			if i > 0 {
				name = fmt.Sprintf("b%d", i)
			}
			require.Equal(t, []string{name, "app_" + name}, []string{wave.Name, wave.Group})
		}
		r.checkSplit(t, e, version)
		r.checkGroups(t, plan)
	})
}

func names(hosts []*inventory.Host) []string {
	var made []string
	for _, host := range hosts {
		made = append(made, host.Name)
	}
	return made
}

func hostsOf(names []string) string { return strings.Join(names, " ") }

// checkRefusal checks that what is refused cannot be: a cover that needs more than the canary has, or breaks max_per, or an
// order of values that lacks one.
func (r request) checkRefusal(t *rapid.T, e *estate, sections []section, err error) {
	var all []string
	for _, one := range sections {
		all = append(all, one.hosts...)
	}
	for _, fault := range inventory.Faults(err) {
		switch {
		case strings.HasPrefix(fault.Message, "versions.app.by: "):
			require.NotContains(t, r.byOrder, "*")
			missing := 0
			for zone := range e.have("zone", all) {
				if !slices.Contains(r.byOrder, zone) {
					missing++
				}
			}
			require.Positive(t, missing)
		case strings.HasPrefix(fault.Message, "versions.app.cover: "):
			var impossible []string
			for _, one := range sections {
				switch takes := r.fewestToCover(e, one.hosts, all); {
				case takes == math.MaxInt:
					impossible = append(impossible, "max_per")
				case takes > r.schedule.of(len(all)):
					impossible = append(impossible, fmt.Sprintf("it takes %d: raise schedule to %d", takes, takes))
				}
			}
			says := slices.ContainsFunc(impossible, func(why string) bool { return strings.Contains(fault.Message, why) })
			require.True(t, says, "%s, not %v\n%s", fault.Message, impossible, r.text())
		default:
			require.Fail(t, "refused", "%s\n%s", fault.Message, r.text())
		}
	}
}

// misspelt returns, for each section with hosts whose value has no limit, the values with a limit that no host has.
func (r request) misspelt(e *estate, sections []section) []string {
	var found []string
	for _, one := range sections {
		for _, cap := range r.caps {
			isFree := func(value string) bool { return cap.of(value, len(one.hosts)) == math.MaxInt }
			if !slices.ContainsFunc(slices.Collect(maps.Keys(e.have(cap.variable, one.hosts))), isFree) {
				continue
			}
			everywhere := e.have(cap.variable, slices.Concat(slices.Collect(maps.Values(e.hosts))...))
			for value := range cap.named {
				if everywhere[value] == 0 {
					found = append(found, cap.variable+"="+value)
				}
			}
		}
	}
	return found
}

// fewestToCover tries all sets of hosts that have every value and keep the limits; MaxInt if there is none.
func (r request) fewestToCover(e *estate, hosts, all []string) int {
	best := math.MaxInt
	wanted := 0
	for _, variable := range r.cover {
		wanted += len(e.have(variable, hosts))
	}
	var try func(from int, chosen []string)
	try = func(from int, chosen []string) {
		has := 0
		for _, variable := range r.cover {
			has += len(e.have(variable, chosen))
		}
		if has == wanted {
			best = min(best, len(chosen))
			return
		}
		if len(chosen) == 6 || len(chosen)+1 >= best { // no more than 6 values, see drawEstate
			return
		}
		for i := from; i < len(hosts); i++ {
			if next := append(slices.Clone(chosen), hosts[i]); r.within(e, next, all) {
				try(i+1, next)
			}
		}
	}
	try(0, nil)
	return best
}

// within tells whether the hosts can be a wave by max_per.
func (r request) within(e *estate, hosts, all []string) bool {
	for _, one := range r.caps {
		total := e.have(one.variable, all)
		for value, count := range e.have(one.variable, hosts) {
			if count > one.of(value, total[value]) {
				return false
			}
		}
	}
	return true
}

// check checks the waves from at to end, which are those of a section.
func (r request) check(t *rapid.T, e *estate, one section, all []string, version *grouping.Version, at, end int) {
	waves := waveNames(version)
	require.ElementsMatch(t, one.hosts, slices.Concat(waves[at:end]...), "every host in exactly one wave of its ring")
	for i := at; i < end; i++ {
		wave := waves[i]
		require.NotEmpty(t, wave)
		most := r.schedule.of(len(all))
		switch {
		case i > at && r.risk > 0:
			released := len(slices.Concat(waves[:i]...))
			most = max(int(math.Floor(r.risk/(1-math.Pow(0.05, 1/float64(released)))+1e-9)), 1)
		case i > at:
			most = r.combine[min(i-at-1, len(r.combine)-1)].of(len(all))
		}
		require.Equal(t, most, version.Waves[i].Size, "wave %d", i)
		require.LessOrEqual(t, len(wave), most)
		require.True(t, r.within(e, wave, all), "max_per in wave %d: %v\n%s", i, wave, r.text())
		if r.by != "" && (i > at || r.cover == nil) {
			require.Len(t, e.have("zone", wave), 1)
		}
		if r.risk == 0 && len(wave) < most {
			r.checkNotFull(t, e, waves[i:end], all, i == at)
		}
	}
	if end == at {
		return
	}
	for _, variable := range r.cover {
		require.Len(t, e.have(variable, waves[at]), len(e.have(variable, one.hosts)), "cover of %s", variable)
	}
	r.checkOrder(t, e, one, waves[at:end])
}

// checkNotFull checks that nobody of the same section of by could have been in the first of the waves.
func (r request) checkNotFull(t *rapid.T, e *estate, waves [][]string, all []string, first bool) {
	for _, later := range waves[1:] {
		for _, host := range later {
			if r.by != "" && (first && r.cover != nil || e.have("zone", waves[0])[e.values["zone"][host][0]] == 0) {
				continue
			}
			require.False(t, r.within(e, append(slices.Clone(waves[0]), host), all), "%s fits into %v\n%s", host, waves[0], r.text())
		}
	}
}

// checkOrder checks the order of the values of by, and without any rule that moves hosts that of the inventory.
func (r request) checkOrder(t *rapid.T, e *estate, one section, waves [][]string) {
	if r.by == "" {
		if len(r.caps) == 0 && r.cover == nil {
			require.Equal(t, one.hosts, slices.Concat(waves...))
		}
		return
	}
	zones := func(hosts []string) []string {
		var found []string
		for _, host := range hosts {
			if zone := e.values["zone"][host][0]; !slices.Contains(found, zone) {
				found = append(found, zone)
			}
		}
		return found
	}
	place := func(zone string) int {
		if i := slices.Index(r.byOrder, zone); i >= 0 {
			return i
		}
		return slices.Index(r.byOrder, "*")
	}
	wanted := func(hosts []string) []string {
		found := zones(hosts)
		sort.SliceStable(found, func(i, j int) bool { return place(found[i]) < place(found[j]) })
		return found
	}
	if all := wanted(one.hosts); r.cover == nil || slices.Equal(all, zones(slices.Concat(waves...))) {
		require.Equal(t, all, zones(slices.Concat(waves...)))
		return
	}
	// The first wave has hosts of several values, and the rest is cut by itself.
	rest := slices.DeleteFunc(slices.Clone(one.hosts), func(host string) bool { return slices.Contains(waves[0], host) })
	require.Equal(t, wanted(rest), zones(slices.Concat(waves[1:]...)))
}

// checkSplit reckons each host's share anew, from the hash of the seed and its name.
func (r request) checkSplit(t *rapid.T, e *estate, version *grouping.Version) {
	if r.first < 0 {
		require.Empty(t, version.Parts)
		return
	}
	shares := make([][]string, 2)
	for _, part := range e.parts {
		for _, host := range e.hosts[part] {
			sum := sha256.Sum256([]byte("app\x00split\x00" + host))
			of100, _ := bits.Mul64(binary.BigEndian.Uint64(sum[:]), 100)
			share := 0
			if int(of100) >= r.first {
				share = 1
			}
			shares[share] = append(shares[share], host)
		}
	}
	for i, name := range []string{"new", "old"} {
		require.Equal(t, []string{name, "app_" + name}, []string{version.Parts[i].Name, version.Parts[i].Group})
		require.ElementsMatch(t, shares[i], names(version.Parts[i].Hosts))
	}
}

// checkGroups checks that every group is there, also one without content.
func (r request) checkGroups(t *rapid.T, plan *grouping.Plan) {
	version := plan.Versions[0]
	rings := map[string][]string{}
	for _, wave := range version.Waves {
		rings[wave.Ring] = append(rings[wave.Ring], wave.Group)
	}
	found := map[string][]string{}
	for _, group := range plan.Groups() {
		require.NotContains(t, found, group.Name)
		found[group.Name] = append(slices.Clone(group.Children), names(group.Hosts)...)
	}
	for _, name := range []string{"app_canary", "app_b", "app_rollout", "app_remaining"} {
		require.Contains(t, found, name)
	}
	if r.rings {
		for _, ring := range []string{"staging", "eu", "us"} {
			require.Contains(t, found, "app_ring_"+ring)
			require.ElementsMatch(t, rings[ring], found["app_ring_"+ring])
		}
	}
}

// TestSplitGrows lets a share grow and the fleet too: hosts move from the second share to the first only, and none because
// of others.
func TestSplitGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hosts := rapid.IntRange(1, 200).Draw(t, "hosts")
		less := rapid.IntRange(0, 100).Draw(t, "less")
		more := rapid.IntRange(less, 100).Draw(t, "more")
		first := func(hosts, percent int) []string {
			rules := grouping.Rules{Split: []grouping.Share{{Name: "x", Percent: percent}, {Name: "y", Percent: 100 - percent}}}
			version, err := grouping.NewVersion(fleetOf("rack", make([]string, hosts)...), "app", []string{"all"}, rules)
			require.NoError(t, err)
			require.Len(t, append(names(version.Parts[0].Hosts), names(version.Parts[1].Hosts)...), hosts)
			return names(version.Parts[0].Hosts)
		}
		before := first(hosts, less)
		require.Subset(t, append(first(hosts, more), ""), append(before, ""))
		require.Equal(t, hostsOf(before), hostsOf(first(hosts+7, less)[:len(before)]))
	})
}
