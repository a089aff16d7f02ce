package grouping

import (
	"fmt"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// column holds a variable's value for each of a version's hosts: ids[i] is the index of host i's value in values, which
// are in order of first appearance.
type column struct {
	variable string
	ids      []int32
	values   []string
}

// lookups find variables of hosts for all versions of a plan; the function that finds a variable is made once.
type lookups struct {
	inv   *inventory.Inventory
	known map[string]lookup
	texts map[string]map[string]bool // by variable: the values that hosts of the inventory have
}

// lookup gives a host's value of a variable, and whether it has one.
type lookup func(*inventory.Host) (inventory.Value, bool)

func newLookups(inv *inventory.Inventory) *lookups {
	return &lookups{inv, map[string]lookup{}, map[string]map[string]bool{}}
}

// of returns the function that finds the variable.
func (l *lookups) of(variable string) lookup {
	found, known := l.known[variable]
	if !known {
		found = l.inv.Variable(variable)
		l.known[variable] = found
	}
	return found
}

// has tells whether a host of the inventory has that text for a value of the variable, alone or in a list.
func (l *lookups) has(variable, text string) bool {
	texts, known := l.texts[variable]
	if !known {
		texts = map[string]bool{}
		l.texts[variable] = texts
		values := l.of(variable)
		for _, host := range l.inv.Hosts() {
			value, set := values(host)
			if own, state := plainText(value, set); state == usable {
				texts[own] = true
			}
			if value.Kind() != inventory.List {
				continue
			}
			for i := range value.Len() {
				if own, state := plainText(value.At(i), true); state == usable {
					texts[own] = true
				}
			}
		}
	}
	return texts[text]
}

// text returns the function that gives the text of the variable of a host that has a usable one.
func (l *lookups) text(variable string) func(*inventory.Host) string {
	value := l.of(variable)
	return func(host *inventory.Host) string {
		text, _ := plainText(value(host))
		return text
	}
}

// readColumn reads the variable of all hosts. Values count as equal when their text is. A host that has no value, or one
// that is no plain text, is a fault: nothing may be released by a value that Ansible would not use. With exact, a number
// must be what was written.
func readColumn(variable string, hosts []*inventory.Host, values lookup, exact bool) (column, []string) {
	textOf := plainText
	if exact {
		textOf = exactText
	}
	made := column{variable: variable, ids: make([]int32, len(hosts))}
	known := map[string]int32{}
	unusable := map[valueState][]*inventory.Host{}
	for i, host := range hosts {
		text, state := textOf(values(host))
		if state != usable {
			unusable[state] = append(unusable[state], host)
			continue
		}
		id, seen := known[text]
		if !seen {
			id = int32(len(made.values))
			known[text] = id
			made.values = append(made.values, text)
		}
		made.ids[i] = id
	}
	return made, describeAll(variable, unusable, values)
}

// describeAll returns a message for each reason for which values cannot be used.
func describeAll(variable string, unusable map[valueState][]*inventory.Host, values lookup) []string {
	var faults []string
	for state := missing; state < states; state++ {
		if len(unusable[state]) > 0 {
			faults = append(faults, state.describe(variable, unusable[state], values))
		}
	}
	return faults
}

// valueState says whether a host's value of a variable can sort the host into a wave.
type valueState int

const (
	usable valueState = iota
	missing
	compound
	nested // only in max_per, which takes a list of plain values
	encrypted
	inEncryptedFile
	template
	rewritten // only where the text names a version
	states    // their number
)

// plainText returns the text by which a value is compared. A variable set to null counts as not set. A truth value has one
// text, True or False, also where the source leaves it a text, as INI does with true.
func plainText(value inventory.Value, set bool) (string, valueState) {
	if !set {
		return "", missing
	}
	switch value.Kind() {
	case inventory.Null:
		return "", missing
	case inventory.List, inventory.Map:
		return "", compound
	case inventory.Vault:
		return "", encrypted
	case inventory.EncryptedFile:
		return "", inEncryptedFile
	case inventory.String:
		if value.HasTemplate() {
			return "", template
		}
	}
	return oneText(value.Text()), usable
}

// exactText is plainText where the text is looked up among names: a number has to be what was written.
func exactText(value inventory.Value, set bool) (string, valueState) {
	text, state := plainText(value, set)
	if state == usable && value.Rewritten() {
		return "", rewritten
	}
	return text, state
}

// oneText returns the text that stands for all spellings of a truth value; any other text as it is.
func oneText(text string) string {
	switch text {
	case "true", "TRUE":
		return "True"
	case "false", "FALSE":
		return "False"
	default:
		return text
	}
}

// describe says what is wrong with the variable of these hosts.
func (s valueState) describe(
	variable string, hosts []*inventory.Host, values func(*inventory.Host) (inventory.Value, bool),
) string {
	who, name := nameHosts(hosts), show(variable)
	switch s {
	case missing:
		return fmt.Sprintf("no variable %s for %s: set it for every host of the version", name, who)
	case compound:
		return fmt.Sprintf("the variable %s is a list or a mapping for %s: it must be a text, a number or a boolean", name, who)
	case nested:
		return fmt.Sprintf("the variable %s is a mapping for %s, or a list that has more than plain values: "+
			"it must be a text, a number, a boolean, or a list of these", name, who)
	case encrypted:
		return fmt.Sprintf("the variable %s is encrypted for %s: it must be readable", name, who)
	case inEncryptedFile:
		value, _ := values(hosts[0])
		return fmt.Sprintf("the variable %s of %s may stand in a file that cannot be read: %s", name, who, value.Text())
	case rewritten:
		return fmt.Sprintf("the variable %s is a number for %s, which Ansible reads otherwise than it is written, as 1.10 "+
			"becomes 1.1: write it in quotes", name, who)
	default:
		return fmt.Sprintf("the variable %s is a template for %s, which only Ansible can evaluate: "+
			"write the value itself", name, who)
	}
}

// combined makes one column of several: its ids stand for their combinations. It has no values of its own.
func combined(columns []column) column {
	if len(columns) == 1 {
		return columns[0]
	}
	made := column{ids: make([]int32, len(columns[0].ids))}
	for _, next := range columns {
		type pair struct{ left, right int32 }
		known := map[pair]int32{}
		for i, right := range next.ids {
			both := pair{made.ids[i], right}
			id, seen := known[both]
			if !seen {
				id = int32(len(known))
				known[both] = id
			}
			made.ids[i] = id
		}
	}
	return made
}
