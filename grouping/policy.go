package grouping

import (
	"bytes"
	"maps"

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
	// Record is the folder of the records of releases under way as written, relative to the policy's folder; empty when the
	// policy names none.
	Record string
	// VarsElsewhere is set by vars: elsewhere, see the Options of package source.
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
	rings    []writtenRing
	settings settings
}

// writtenRing is a ring as the policy writes it.
type writtenRing struct {
	name     string
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
	maps.Copy(merged.at, defaults.at)
	maps.Copy(merged.at, s.at)
	for _, key := range bothKeys {
		_, own := s.at[key]
		if _, given := defaults.at[key]; given && !own {
			inherit(key, &merged.rules, defaults.rules)
		}
	}
	return merged
}

// inherit copies what a key says.
func inherit(key string, into *Rules, from Rules) {
	switch key {
	case "schedule":
		into.Schedule = from.Schedule
	case "combine":
		into.Combine, into.Risk = from.Combine, from.Risk
	case "order":
		into.Order = from.Order
	case "seed":
		into.Seed = from.Seed
	case "spread":
		into.Spread = from.Spread
	case "max_per":
		into.MaxPer = from.MaxPer
	case "by":
		into.By, into.ByOrder = from.By, from.ByOrder
	case "cover":
		into.Cover = from.Cover
	case "done":
		into.Done = from.Done
	case "split":
		into.Split = from.Split
	}
}

// ReadPolicy reads a policy file. The error is one [inventory.Error] when the file cannot be read or is no YAML, else
// [inventory.Errors] with everything that is wrong in it.
func ReadPolicy(path string) (*Policy, error) {
	data, err := bounded.ReadFile(path, bounded.Policy)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return ParsePolicy(path, bytes.NewReader(data))
}

func unreadable(file string, cause error) error {
	return &inventory.Error{Kind: inventory.PolicyError, File: file, Message: "cannot read the policy", Err: cause}
}

// RequireSources returns an error if the policy names no inventory, for callers that were given none either.
func (p *Policy) RequireSources() error {
	if len(p.Sources) > 0 {
		return nil
	}
	return p.fault(place{1, 1, "inventory"}, "the key is missing: name the inventory to read, such as hosts.ini, "+
		"or give it with --inventory", nil)
}

// Variables returns the names of the host variables that the policy names in by, spread, max_per, cover, done and
// versions_from, each once: the defaults' first, then those of the versions as written.
func (p *Policy) Variables() []string {
	names := p.defaults.rules.variables()
	if p.from != nil {
		names = append(names, p.from.variable)
	}
	for _, version := range p.versions {
		names = append(names, version.settings.rules.variables()...)
		for _, ring := range version.rings {
			names = append(names, ring.settings.rules.variables()...)
		}
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
	return &inventory.Error{Kind: inventory.PolicyError, File: p.File, Line: at.line, Column: at.column, Message: message, Err: err}
}
