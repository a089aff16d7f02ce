package grouping

import (
	"fmt"
	"math"
	"slices"
)

// check returns what is wrong with rules whose defaults are filled in. Rules of a policy file and rules made by hand both come
// through here, so that neither may say what the other may not.
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
		if ring.Rules.Rings != nil || ring.Rules.Split != nil || ring.Rules.Done != nil || ring.Rules.Group != "" {
			wrong("rules", "rings, split, done and a group are for the whole version")
		}
		if i == 0 && r.Canary != nil && !slices.Equal(ring.Rules.Canary, r.Canary) {
			wrong("canary", "the version's canary is that of its first ring: keep one of that and this")
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
	for _, sizes := range []struct {
		key  string
		list []Size
	}{{"schedule", []Size{r.Schedule}}, {"combine", r.Combine}} {
		for _, size := range sizes.list {
			if message := size.check(); message != "" {
				wrong(sizes.key, "%s", message)
			}
		}
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
	if r.ByOrder != nil && len(r.ByOrder) == 0 {
		wrong("by", "there is no value in the order of values: name one at least")
	}
	for i, value := range r.ByOrder {
		switch {
		case value == "":
			wrong("by", "there is an empty text in the order of values")
		case slices.ContainsFunc(r.ByOrder[:i], func(other string) bool { return oneText(other) == oneText(value) }):
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
	switch {
	case r.Done == nil:
	case r.Done.Variable == "" || r.Done.MaxAge < 0:
		wrong("done", "it needs a variable, and an age of 0 or more")
	case r.Done.MaxAge > 0 && r.Done.Facts == "":
		wrong("done", "only facts have an age: name their folder")
	}
	if r.Split != nil {
		for _, one := range checkShares(r.Split) {
			wrong("split", "%s", one.message)
		}
	}
	return faults
}

// checkUnused returns the rules of a version with rings that would cut no wave, because the rules of the rings do. A policy file may
// have them: they are the defaults of its rings, and stand in the rings' own rules by then.
func (r Rules) checkUnused() []fault {
	if r.Rings == nil {
		return nil
	}
	var faults []fault
	for _, rule := range []struct {
		key     string
		isGiven bool
	}{
		{"schedule", r.Schedule != Size{}}, {"combine", len(r.Combine) > 0 || r.Risk != 0}, {"order", r.Order != ""},
		{"spread", len(r.Spread) > 0}, {"max_per", len(r.MaxPer) > 0}, {"by", r.By != "" || r.ByOrder != nil},
		{"cover", len(r.Cover) > 0},
	} {
		if rule.isGiven {
			faults = append(faults, fault{key: rule.key, message: "the rules of the rings cut their waves: give it to each ring"})
		}
	}
	return faults
}

// check returns what is wrong with a limit, a message each; none if nothing is.
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
		switch {
		case one.Value == "":
			faults = append(faults, "there is a limit of an empty text")
		case slices.ContainsFunc(l.Values[:i], func(other ValueLimit) bool { return oneText(other.Value) == oneText(one.Value) }):
			faults = append(faults, fmt.Sprintf("%s has a limit already: keep one", show(one.Value)))
		}
	}
	if l.Values != nil && len(l.Values) == 0 {
		faults = append(faults, "there is no value: name one at least")
	}
	return faults
}
