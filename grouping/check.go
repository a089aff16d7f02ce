package grouping

import (
	"fmt"
	"math"
	"slices"
)

// check finds in rules, the defaults of which are filled in, what a policy file could not say either: one door for all who
// come in. version is the name of the version.
func (r Rules) check() []fault {
	faults := r.checkOwn(0)
	if r.Rings == nil {
		return faults
	}
	if len(r.Rings) == 0 {
		faults = append(faults, fault{key: "rings", message: "there is no ring: name one at least"})
	}
	names := map[string]bool{}
	for i, ring := range r.Rings {
		wrong := func(key, message string) { faults = append(faults, fault{ring: i + 1, key: key, message: message}) }
		switch {
		case ring.Name == "":
			wrong("name", "a ring needs a name")
		case names[safe(ring.Name)]:
			wrong("name", fmt.Sprintf("there is another ring whose group ends in ring_%s: give it another name", safe(ring.Name)))
		}
		names[safe(ring.Name)] = true
		if ring.Rules.Rings != nil || ring.Rules.Split != nil || ring.Rules.Done != nil {
			wrong("rules", "rings, split and done are for the whole version")
		}
		faults = append(faults, ring.Rules.checkOwn(i+1)...)
	}
	return faults
}

// checkOwn checks all but the rings; ring is 0 for the version, else the number of the ring whose rules these are.
func (r Rules) checkOwn(ring int) []fault {
	var faults []fault
	wrong := func(key, format string, args ...any) {
		faults = append(faults, fault{ring: ring, key: key, message: fmt.Sprintf(format, args...)})
	}
	if !slices.Contains(orders(), string(r.Order)) {
		wrong("order", "%s is no order: %s", show(string(r.Order)), didYouMean(string(r.Order), orders()))
	}
	if math.IsNaN(r.Risk) || r.Risk < 0 || r.Risk > maxCount {
		wrong("combine", "the risk must be more than 0, and at most %d", maxCount)
	}
	if r.Risk != 0 && len(r.Combine) > 0 {
		wrong("combine", "risk stands in place of sizes: keep one of them")
	}
	for _, names := range []struct {
		key  string
		list []string
	}{{"spread", r.Spread}, {"cover", r.Cover}} {
		for i, name := range names.list {
			if name == "" {
				wrong(names.key, "a host variable needs a name")
			} else if slices.Contains(names.list[:i], name) {
				wrong(names.key, "%s is in the list already: name it once", show(name))
			}
		}
	}
	if r.ByOrder != nil && r.By == "" {
		wrong("by", "there is an order of values, but no variable")
	}
	for i, value := range r.ByOrder {
		if slices.Contains(r.ByOrder[:i], value) {
			wrong("by", "%s is in the list already: name it once", show(value))
		}
	}
	for i, limit := range r.MaxPer {
		key := "max_per." + limit.Variable
		switch {
		case limit.Variable == "":
			wrong("max_per", "a host variable needs a name")
		case slices.ContainsFunc(r.MaxPer[:i], func(other Limit) bool { return other.Variable == limit.Variable }):
			wrong(key, "there is a limit of it already: keep one")
		}
		for _, message := range limit.check() {
			wrong(key, "%s", message)
		}
	}
	if r.Done != nil && (r.Done.Variable == "" || r.Done.MaxAge < 0) {
		wrong("done", "it needs a variable, and an age of 0 or more")
	}
	if r.Split != nil {
		for _, message := range checkShares(r.Split) {
			wrong("split", "%s", message)
		}
	}
	return faults
}

// check says what is wrong with a limit.
func (l Limit) check() []string {
	given := 0
	for _, is := range []bool{l.Hosts != 0, l.Percent != 0, l.Values != nil} {
		if is {
			given++
		}
	}
	var faults []string
	if given != 1 {
		faults = append(faults, "a limit is a count, or a percentage, or one for each value")
	}
	if l.Hosts < 0 || l.Hosts > maxCount || l.Percent < 0 || l.Percent > 100 {
		faults = append(faults, fmt.Sprintf("a limit is from 1 to %d hosts, or from 1%% to 100%%", maxCount))
	}
	for i, one := range l.Values {
		if (one.Hosts == 0) == (one.Percent == 0) || one.Hosts < 0 || one.Hosts > maxCount || one.Percent < 0 || one.Percent > 100 {
			faults = append(faults, fmt.Sprintf("the limit of %s is from 1 to %d hosts, or from 1%% to 100%%", show(one.Value), maxCount))
		}
		if slices.ContainsFunc(l.Values[:i], func(other ValueLimit) bool { return other.Value == one.Value }) {
			faults = append(faults, fmt.Sprintf("%s has a limit already: keep one", show(one.Value)))
		}
	}
	if l.Values != nil && len(l.Values) == 0 {
		faults = append(faults, "there is no value: name one at least")
	}
	return faults
}
