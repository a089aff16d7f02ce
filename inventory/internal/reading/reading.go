// Package reading holds what all sources of one call share, whichever language they are in: the inventory that they go to,
// the Ansible in use, warnings, and bounds on what they may come to. It does what Ansible's inventory plugins have from their
// base class (ansible/plugins/inventory/__init__.py). It knows neither a language nor where a text comes from.
package reading

import (
	"fmt"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/address"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
)

// Reading is what all sources of one call share, whichever grammar they are in.
type Reading struct {
	Inventory *inventory.Inventory // to which everything goes
	Ansible   *ansible.InUse
	File      string               // what is being read, as the user can find it
	tell      func(message string) // gets the warnings; nil for nobody

	Lost       Loss
	OddKeys    bool         // a variable has a name that is no text
	MergesMaps bool         // a map that a variable gets goes into the map that it has, so that what JSON cannot carry may stay
	lossy      []lossyValue // all that came

	Room   int       // how many hosts ranges may still stand for
	copied int       // how many bytes of variables the hosts of ranges have been given beyond what was written
	single [1]string // what ExpandPattern returns for a single host
}

// MaxCopied is how many bytes the variables of ranges may come to when each host of a range is printed with its own.
const MaxCopied = 1 << 30

// New begins to read into the inventory.
func New(inv *inventory.Inventory, ansible *ansible.InUse, tell func(message string)) *Reading {
	return &Reading{Inventory: inv, Ansible: ansible, tell: tell, Room: address.MaxHosts}
}

// Warn tells of something in the file that is being read.
func (r *Reading) Warn(message string) {
	if r.tell != nil {
		r.tell(shown.File(r.File) + ": " + message)
	}
}

// WarnAt is [Reading.Warn] with a line.
func (r *Reading) WarnAt(line int, message string) {
	if r.tell != nil {
		r.tell(fmt.Sprintf("%s:%d: %s", shown.File(r.File), line, message))
	}
}

// Loss is the first place of the sources with something that JSON cannot carry, and what becomes of it.
type Loss struct {
	file   string
	line   int
	change string // "" if there is no such place
}

// Lose notes what JSON cannot carry, if it is the first of its kind.
func (r *Reading) Lose(line int, change string) {
	if r.Lost.change == "" {
		r.Lost = Loss{r.File, line, change}
	}
}

// WarnOfLoss tells what JSON cannot carry, once for all sources, unless something else has taken its place since.
func (r *Reading) WarnOfLoss() {
	if r.Lost.change == "" || !r.OddKeys && !slices.ContainsFunc(r.lossy, r.isThere) {
		return
	}
	r.File = r.Lost.file
	r.WarnAt(r.Lost.line, "JSON, in which Ansible takes inventories from programs, cannot carry all that stands here: "+r.Lost.change+
		"; there may be more of the kind, see docs/ansible.md")
}

// lossyValue is a value that variables have got and that JSON cannot carry.
type lossyValue struct {
	owners []string // names of groups and hosts
	name   string   // of their variable
	value  inventory.Value
}

// NoteLossy notes that the variable which those groups or hosts have of that name holds something that JSON cannot carry. Where a
// group and a host have one name it is the group's, as in [inventory.Inventory.SetVariable].
func (r *Reading) NoteLossy(name string, owners ...string) {
	if len(owners) == 0 {
		return // a range may stand for no host
	}
	if vars := r.varsOf(owners[0]); vars != nil {
		value, _ := vars.Get(name)
		r.lossy = append(r.lossy, lossyValue{slices.Clone(owners), name, value})
	}
}

// isThere tells whether one of the owners still has the value.
func (r *Reading) isThere(noted lossyValue) bool {
	return slices.ContainsFunc(noted.owners, func(owner string) bool {
		vars := r.varsOf(owner)
		if vars == nil {
			return false
		}
		value, ok := vars.Get(noted.name)
		return ok && (value.Equals(noted.value) || r.MergesMaps && value.Kind() == inventory.Map && noted.value.Kind() == inventory.Map)
	})
}

// varsOf returns the variables of the group or host of that name.
func (r *Reading) varsOf(owner string) *inventory.Vars {
	if group := r.Inventory.Group(owner); group != nil {
		return &group.Vars
	}
	if host := r.Inventory.Host(owner); host != nil {
		return &host.Vars
	}
	return nil
}

// ExpandPattern returns the hosts that a host pattern of an inventory names, good until it is called again, and the port it
// gives, if any
// (ansible/plugins/inventory/__init__.py, BaseInventoryPlugin._expand_hostpattern).
func (r *Reading) ExpandPattern(pattern string) ([]string, inventory.Value, *inventory.Error) {
	var port inventory.Value
	if strings.IndexByte(pattern, ':') >= 0 {
		if name, given, ok := address.Parse(pattern, true, r.Ansible.IsSince); ok {
			pattern, port = name, Port(given)
		}
	}
	if strings.IndexByte(pattern, '[') < 0 {
		r.single[0] = pattern
		return r.single[:], port, nil
	}
	names, err := address.Expand(pattern, r.Room)
	if err != nil {
		return nil, port, &inventory.Error{Message: err.Error()}
	}
	r.Room -= len(names)
	return names, port, nil
}

// AddHosts adds the hosts to the group and gives each the variables (BaseInventoryPlugin._populate_host_vars).
func (r *Reading) AddHosts(names []string, group *inventory.Group, port inventory.Value, vars *inventory.Vars) *inventory.Error {
	if copies := len(names) - 1; copies > 0 {
		if r.copied += copies * textSize(vars); r.copied > MaxCopied {
			return &inventory.Error{Message: fmt.Sprintf("the variables, printed for each of the %d hosts of the range, would take more than "+
				"%d MiB in all: give them to a group that has these hosts", len(names), MaxCopied>>20)}
		}
	}
	for i, name := range names {
		host, err := r.Inventory.AddHost(name, group, port)
		if err != nil {
			return inventory.Faults(err)[0]
		}
		if r.Inventory.Group(name) != nil {
			for variable, value := range vars.All() {
				if err := r.Inventory.SetVariable(name, variable, value); err != nil {
					return inventory.Faults(err)[0]
				}
			}
			continue
		}
		switch {
		case host.Vars.Len() > 0:
			for variable, value := range vars.All() {
				r.Inventory.SetHostVariable(host, variable, value)
			}
		case i < len(names)-1:
			host.Vars = vars.Clone()
		default:
			host.Vars = *vars
		}
	}
	return nil
}

// Port returns the digits of a port as a value, null if there are none.
func Port(digits string) inventory.Value {
	if digits == "" {
		return inventory.Value{}
	}
	return inventory.NewIntText(digits)
}

// textSize returns about how many bytes it takes to print the variables.
func textSize(vars *inventory.Vars) int {
	size := 0
	for name, value := range vars.All() {
		size += len(name) + valueSize(value)
	}
	return size
}

func valueSize(value inventory.Value) int {
	size := len(value.Text()) + 2
	for i := range value.Len() {
		if size += valueSize(value.At(i)); value.Kind() == inventory.Map {
			size += len(value.KeyAt(i))
		}
	}
	return size
}
