package grouping

import (
	"fmt"
	"slices"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// Plan cuts every version's hosts into waves and puts the versions in release order. The inventory must have been through
// [inventory.Inventory.Reconcile]. The error is [inventory.Errors] with everything that is wrong between the policy and
// the inventory, each at its place in the policy: targets that match no host, canary hosts outside their target or against
// max_per or by, hosts without a variable that the policy names, names that are taken, a priority without a version.
//
// underWay are the stems of the versions whose releases are under way, the waves of which are to be replaced by
// [Version.Resumed]. What the policy says of their first waves is not asked for any more: a canary that is released may leave
// the inventory, and so may all hosts of a ring.
func (p *Policy) Plan(inv *inventory.Inventory, underWay ...string) (*Plan, error) {
	drafts, faults := p.drafts(inv)
	if len(faults) > 0 {
		return nil, faults
	}
	for i := range drafts {
		drafts[i].underWay = slices.Contains(underWay, stem(drafts[i].stem, drafts[i].name))
	}
	faults = p.checkNames(drafts)
	names := takenFaults(inv, draftsOf(drafts))
	lookups := newLookups(inv)
	versions := make([]*Version, 0, len(drafts))
	for i, draft := range drafts {
		version, wrong := newVersion(lookups, draft.draft)
		for _, fault := range slices.Concat(names[i], wrong) {
			faults = append(faults, p.versionFault(draft, fault))
		}
		versions = append(versions, version)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return &Plan{Versions: inReleaseOrder(versions, p.priority)}, nil
}

// placed is a version to be cut and the places of its keys.
type placed struct {
	draft
	at     place // of the version
	places map[string]place
	rings  []map[string]place // by ring: the places of its keys
	own    bool               // the version is written in the policy, not found in the inventory
}

func draftsOf(versions []placed) []draft {
	drafts := make([]draft, len(versions))
	for i, version := range versions {
		drafts[i] = version.draft
	}
	return drafts
}

// drafts returns the versions in the order written, or found.
func (p *Policy) drafts(inv *inventory.Inventory) ([]placed, inventory.Errors) {
	if p.from != nil {
		return p.draftsFrom(inv)
	}
	return p.writtenDrafts(), nil
}

func (p *Policy) writtenDrafts() []placed {
	drafts := make([]placed, 0, len(p.versions))
	for _, version := range p.versions {
		merged := version.settings.over(p.defaults)
		made := placed{
			draft:  draft{name: version.name, stem: version.stem, target: version.target, rules: merged.rules},
			at:     version.at,
			places: merged.at,
			own:    true,
		}
		for _, ring := range version.rings {
			settings := ring.settings.over(merged)
			settings.rules.Done, settings.rules.Split = nil, nil
			made.rules.Rings = append(made.rules.Rings, Ring{Name: ring.name, Target: ring.target, Rules: settings.rules})
			made.rings = append(made.rings, settings.at)
		}
		drafts = append(drafts, made)
	}
	return drafts
}

// draftsFrom makes a version for each value of the variable that versions_from names.
func (p *Policy) draftsFrom(inv *inventory.Inventory) ([]placed, inventory.Errors) {
	var faults inventory.Errors
	wrong := func(key, message string, err error) {
		faults = append(faults, p.fault(p.from.places[key], message, err))
	}
	hosts, err := inv.Select(p.from.target...)
	for _, one := range inventory.Faults(err) {
		wrong("hosts", one.Message, one.Err)
	}
	if err == nil && len(hosts) == 0 {
		wrong("hosts", noHost, nil)
	}
	values := inv.Variable(p.from.variable)
	var drafts []placed
	index := map[string]int{}
	unusable := map[valueState][]*inventory.Host{}
	for _, host := range hosts {
		text, state := exactText(values(host))
		if state == missing {
			continue
		}
		if state != usable {
			unusable[state] = append(unusable[state], host)
			continue
		}
		at, seen := index[text]
		if !seen {
			at = len(drafts)
			index[text] = at
			drafts = append(drafts, placed{
				draft: draft{name: text, target: p.from.target, from: p.from.variable, rules: p.defaults.rules},
				at:    p.from.at, places: p.defaults.at,
			})
		}
		drafts[at].hosts = append(drafts[at].hosts, host)
	}
	for state := compound; state < states; state++ {
		if len(unusable[state]) > 0 {
			wrong("var", state.describe(p.from.variable, unusable[state], values), nil)
		}
	}
	if len(hosts) > 0 && len(drafts) == 0 && len(unusable) == 0 {
		wrong("var", fmt.Sprintf("no host of the target has a variable %s", show(p.from.variable)), nil)
	}
	return drafts, faults
}

// versionFault puts a version's fault at the place of its key, or at the version if the key is not given. Where
// several versions share a place, the message names the version.
func (p *Policy) versionFault(version placed, wrong fault) *inventory.Error {
	places := version.places
	if wrong.ring > 0 {
		places = version.rings[wrong.ring-1]
	}
	at, given := places[wrong.key]
	if !given {
		at = version.at
	}
	message := wrong.message
	if wrong.ring > 0 && at == version.places[wrong.key] {
		message = "ring " + show(version.rules.Rings[wrong.ring-1].Name) + ": " + message
	}
	if _, shared := p.defaults.at[wrong.key]; !version.own || shared && at == p.defaults.at[wrong.key] {
		message = "version " + show(version.name) + ": " + message
	}
	return p.fault(at, message, wrong.err)
}

// checkNames finds versions whose groups would have one name, and priorities without a version.
func (p *Policy) checkNames(versions []placed) inventory.Errors {
	var faults inventory.Errors
	names := make([]string, len(versions))
	for i, wrong := range clashes(draftsOf(versions)) {
		names[i] = versions[i].name
		for _, one := range wrong {
			faults = append(faults, p.versionFault(versions[i], one))
		}
	}
	_, missing := releaseOrder(names, p.priority)
	for _, at := range missing {
		faults = append(faults, p.fault(p.priorityAt[at], noVersion(p.priority[at], names), nil))
	}
	return faults
}
