package grouping

import (
	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Policy is what a policy file says.
type Policy struct {
	// File is the file as the user named it.
	File string
	// Sources are the inventories as written, relative to the policy's folder; empty when the policy names none, see
	// [Policy.RequireSources].
	Sources []string
	// VarsElsewhere is set by vars: elsewhere, see [inventory.Options].
	VarsElsewhere bool

	versions   []written
	from       *versionsFrom
	defaults   settings
	priority   []string
	priorityAt []place
}

// place is where something stands in the policy: line and column from 1, and the path of its key.
type place struct {
	line, column int
	path         string
}

// written is a version as the policy writes it.
type written struct {
	name     string
	at       place // of the name
	stem     string
	target   []string
	settings settings
}

// versionsFrom is the key of that name.
type versionsFrom struct {
	at       place
	variable string
	target   []string
	places   map[string]place // of var and hosts
}

// settings are rules together with the places of the keys that were given.
type settings struct {
	rules Rules
	at    map[string]place
}

// over returns the settings with those of defaults in place of the ones not given.
func (s settings) over(defaults settings) settings {
	merged := settings{rules: s.rules, at: map[string]place{}}
	for key, at := range defaults.at {
		merged.at[key] = at
	}
	// max_per's variables have places of their own, which must not come from the defaults' max_per.
	if _, given := s.at["max_per"]; given {
		for _, limit := range defaults.rules.MaxPer {
			delete(merged.at, "max_per."+limit.Variable)
		}
	}
	for key, at := range s.at {
		merged.at[key] = at
	}
	inherits := func(key string) bool {
		_, own := s.at[key]
		_, given := defaults.at[key]
		return given && !own
	}
	if inherits("schedule") {
		merged.rules.Schedule = defaults.rules.Schedule
	}
	if inherits("combine") {
		merged.rules.Combine = defaults.rules.Combine
	}
	if inherits("order") {
		merged.rules.Order = defaults.rules.Order
	}
	if inherits("seed") {
		merged.rules.Seed = defaults.rules.Seed
	}
	if inherits("spread") {
		merged.rules.Spread = defaults.rules.Spread
	}
	if inherits("max_per") {
		merged.rules.MaxPer = defaults.rules.MaxPer
	}
	if inherits("by") {
		merged.rules.By = defaults.rules.By
	}
	return merged
}

// ReadPolicy reads a policy file. The error is one [inventory.Error] when the file cannot be read or is no YAML, else
// [inventory.Errors] with everything that is wrong in it.
func ReadPolicy(path string) (*Policy, error) {
	data, err := bounded.ReadFile(path, bounded.Policy)
	if err != nil {
		return nil, &inventory.Error{File: path, Message: "cannot read the policy", Err: err}
	}
	return ParsePolicy(path, data)
}

// RequireSources returns an error if the policy names no inventory, for callers that were given none either.
func (p *Policy) RequireSources() error {
	if len(p.Sources) > 0 {
		return nil
	}
	return p.fault(place{1, 1, "inventory"}, "the key is missing: name the inventory to read, such as hosts.ini, "+
		"or give it with --inventory", nil)
}

// Variables returns the names of the host variables that the policy names in by, spread, max_per and versions_from, each
// once: the defaults' first, then those of the versions as written.
func (p *Policy) Variables() []string {
	names := p.defaults.rules.variables()
	if p.from != nil {
		names = append(names, p.from.variable)
	}
	for _, version := range p.versions {
		names = append(names, version.settings.rules.variables()...)
	}
	var once []string
	seen := map[string]bool{}
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			once = append(once, name)
		}
	}
	return once
}

// fault returns an error at a place of the policy; the message is led by the path of the key.
func (p *Policy) fault(at place, message string, err error) *inventory.Error {
	if at.path != "" {
		message = at.path + ": " + message
	}
	return &inventory.Error{File: p.File, Line: at.line, Column: at.column, Message: message, Err: err}
}
