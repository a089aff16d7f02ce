package inventory

import (
	"fmt"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"
)

// reading is what all sources of one call share, whichever grammar they are in.
type reading struct {
	inv     *Inventory // to which everything goes
	ansible *ansibleInUse
	file    string // what is being read, as the user can find it
	lost    loss
	oddKeys bool                 // a variable has a name that is no text
	tell    func(message string) // gets the warnings; nil for nobody

	room   int       // how many hosts ranges may still stand for
	copied int       // how many bytes of variables the hosts of ranges have been given beyond what was written
	single [1]string // what expandPattern returns for a single host
}

// maxCopied is how many bytes the variables of ranges may come to when each host of a range is printed with its own.
const maxCopied = 1 << 30

// newReading begins to read into the inventory.
func newReading(inv *Inventory, ansible *ansibleInUse, tell func(message string)) *reading {
	return &reading{inv: inv, ansible: ansible, tell: tell, room: maxHosts}
}

// warn tells of something in the file that is being read.
func (r *reading) warn(message string) {
	if r.tell != nil {
		r.tell(shown.File(r.file) + ": " + message)
	}
}

// warnAt is warn with a line.
func (r *reading) warnAt(line int, message string) {
	if r.tell != nil {
		r.tell(fmt.Sprintf("%s:%d: %s", shown.File(r.file), line, message))
	}
}

// loss is the first place of the sources with something that JSON cannot carry, and what becomes of it.
type loss struct {
	file   string
	line   int
	change string // "" if there is no such place
}

// lose notes what JSON cannot carry, if it is the first of its kind.
func (r *reading) lose(line int, change string) {
	if r.lost.change == "" {
		r.lost = loss{r.file, line, change}
	}
}

// warnOfLoss tells what JSON cannot carry, once for all sources, unless something else has taken its place since.
func (r *reading) warnOfLoss() {
	if r.lost.change == "" || !r.oddKeys && !r.inv.isOdd() {
		return
	}
	r.file = r.lost.file
	r.warnAt(r.lost.line, "JSON, in which Ansible takes inventories from programs, cannot carry all that stands here: "+r.lost.change+
		"; there may be more of the kind, see docs/ansible.md")
}

// expandPattern returns the hosts that a host pattern of an inventory names, good until it is called again, and the port it
// gives, if any
// (ansible/plugins/inventory/__init__.py, BaseInventoryPlugin._expand_hostpattern).
func (r *reading) expandPattern(pattern string) ([]string, Value, *Error) {
	var port Value
	if strings.IndexByte(pattern, ':') >= 0 {
		if name, given, ok := parseAddress(pattern, true, r.ansible.isSince); ok {
			pattern, port = name, portValue(given)
		}
	}
	if strings.IndexByte(pattern, '[') < 0 {
		r.single[0] = pattern
		return r.single[:], port, nil
	}
	names, err := expandRanges(pattern, r.room)
	if err != nil {
		return nil, port, &Error{Message: err.Error()}
	}
	r.room -= len(names)
	return names, port, nil
}

// addHosts adds the hosts to the group and gives each the variables (BaseInventoryPlugin._populate_host_vars).
func (r *reading) addHosts(names []string, group *Group, port Value, vars *Vars) *Error {
	if copies := len(names) - 1; copies > 0 {
		if r.copied += copies * vars.textSize(); r.copied > maxCopied {
			return &Error{Message: fmt.Sprintf("the variables, printed for each of the %d hosts of the range, would take more than "+
				"%d MiB in all: give them to a group that has these hosts", len(names), maxCopied>>20)}
		}
	}
	for i, name := range names {
		host, err := r.inv.AddHost(name, group, port)
		if err != nil {
			return asError(err)
		}
		if r.inv.Group(name) != nil {
			for variable, value := range vars.All() {
				if err := r.inv.setVariable(name, variable, value); err != nil {
					return asError(err)
				}
			}
			continue
		}
		switch {
		case host.Vars.Len() > 0:
			for variable, value := range vars.All() {
				r.inv.setHostVariable(host, variable, value)
			}
		case i < len(names)-1:
			host.Vars = vars.clone()
		default:
			host.Vars = *vars
		}
	}
	return nil
}

// portValue returns the digits of a port as a value, null if there are none.
func portValue(digits string) Value {
	if digits == "" {
		return Value{}
	}
	return newInt(digits)
}
