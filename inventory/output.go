package inventory

import (
	"fmt"
	"io"
	"slices"

	"github.com/regal-inventory/regal-inventory/internal/quoted"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
)

// ExtraGroup is a group that is printed with an inventory but is no part of it: a wave, or a set of waves.
type ExtraGroup struct {
	Name     string
	Hosts    []*Host
	Children []string // names, in order
}

// WriteJSON writes the inventory, and the extra groups behind it, as the JSON that a dynamic inventory prints for --list.
// Ansible's script plugin (ansible/plugins/inventory/script.py) reads from it the
// same groups, hosts, orders, variables and types that the sources gave. With indent each item has a line of its own.
//
// The inventory must be reconciled. What the format cannot carry is an error that names the group or host, and then
// nothing is written: a group called _meta, variables of a host that shares its name with a group (Ansible would set them
// on the group), a map with a key that marks texts or objects, and a text that is not UTF-8. Any other error is one of to.
func (inv *Inventory) WriteJSON(to io.Writer, extra []ExtraGroup, indent bool) error {
	if err := inv.checkSettled(OutputError); err != nil {
		return err
	}
	if err := inv.CheckPrintable(extra); err != nil {
		return err
	}
	order := inv.printOrder()
	w := jsonWriter{to: to, indent: indent}
	w.open('{')
	w.key(wire.MetaKey)
	w.open('{')
	w.key("hostvars")
	w.open('{')
	for _, host := range inv.hosts {
		if host.Vars.Len() > 0 {
			w.key(host.Name)
			w.vars(&host.Vars)
		}
	}
	w.close('}')
	w.close('}')
	ungrouped := inv.ungroupedToPrint(order)
	for _, group := range order {
		hosts := group.hosts
		if group.Name == groupUngrouped {
			hosts = ungrouped
		}
		w.key(group.Name)
		w.group(group, hosts)
	}
	for _, group := range extra {
		w.extraGroup(group)
	}
	w.close('}')
	return w.end()
}

// WriteJSON writes the host's own variables as the JSON that a dynamic inventory prints for --host. What the format cannot
// carry is an error, and then nothing is written; any other error is one of to.
func (h *Host) WriteJSON(to io.Writer, indent bool) error {
	if err := checkVars("host", h.Name, &h.Vars); err != nil {
		return err
	}
	w := jsonWriter{to: to, indent: indent}
	w.vars(&h.Vars)
	return w.end()
}

// WriteJSON writes the group as it stands in what a dynamic inventory prints for --list: the hosts that it lists itself, its
// variables and priority, its children. What the format cannot carry is an error, and then nothing is written; any other error
// is one of to.
func (g *Group) WriteJSON(to io.Writer, indent bool) error {
	if err := checkVars("group", g.Name, &g.Vars); err != nil {
		return err
	}
	w := jsonWriter{to: to, indent: indent}
	w.group(g, g.hosts)
	return w.end()
}

// CheckPrintable returns the error that WriteJSON would, before anything is written.
func (inv *Inventory) CheckPrintable(extra []ExtraGroup) error {
	for _, group := range inv.groups {
		if group.Name == wire.MetaKey {
			return &Error{Kind: OutputError, Message: "a group named _meta cannot be printed: dynamic inventories use that name for host variables; rename it"}
		}
		if err := checkVars("group", group.Name, &group.Vars); err != nil {
			return err
		}
	}
	namesakes := inv.namesakes(extra)
	for _, host := range inv.hosts {
		if namesakes[host] {
			return &Error{Kind: OutputError, Message: fmt.Sprintf(
				"host %s has variables and shares its name with a group: from a dynamic inventory Ansible would set them on the group; rename one of the two",
				shown.Name(host.Name))}
		}
		if err := checkVars("host", host.Name, &host.Vars); err != nil {
			return err
		}
	}
	return nil
}

// namesakes returns the hosts with variables that share their name with a group.
func (inv *Inventory) namesakes(extra []ExtraGroup) map[*Host]bool {
	found := map[*Host]bool{}
	look := func(name string) {
		if host := inv.Host(name); host != nil && host.Vars.Len() > 0 {
			found[host] = true
		}
	}
	for _, group := range inv.groups {
		look(group.Name)
	}
	for _, group := range extra {
		look(group.Name)
	}
	return found
}

// checkVars finds what Ansible's JSON decoders would not take for what it is. The readers of sources have found it already,
// with its place; this is for inventories that came otherwise.
func checkVars(what, owner string, vars *Vars) error {
	for i := range vars.values {
		if why := vars.values[i].unprintable(); why != "" {
			return &Error{Kind: OutputError, Message: fmt.Sprintf("variable %s of %s %s: %s", shown.Name(vars.names.list[i]), what, shown.Name(owner), why)}
		}
	}
	return nil
}

// printOrder returns the groups in an order that makes Ansible meet them in the inventory's own order, as far as the
// format allows. Reading a group makes the group and then those of its children that are not there yet, all at once and
// in order; so a parent is printed only when its missing children are just the groups that come next, or at the end.
// Where no order does it (parents three deep that list several parents), the group that is due goes first.
func (inv *Inventory) printOrder() []*Group {
	order := make([]*Group, 0, len(inv.groups))
	made := make(map[*Group]bool, len(inv.groups))
	printed := make(map[*Group]bool, len(inv.groups))
	print := func(group *Group) {
		printed[group] = true
		order = append(order, group)
		made[group] = true
		for _, child := range group.children {
			made[child] = true
		}
	}
	all, ungrouped := inv.groupByName[groupAll], inv.groupByName[groupUngrouped]
	made[all], made[ungrouped] = true, true
	fits := func(group *Group, next []*Group) bool {
		for _, child := range group.children {
			if made[child] {
				continue
			}
			for len(next) > 0 && made[next[0]] {
				next = next[1:]
			}
			if len(next) == 0 || next[0] != child {
				return false
			}
			next = next[1:]
		}
		return true
	}
	print(ungrouped) // first, because ungroupedToPrint needs it there
	for i, due := range inv.groups {
		for !made[due] {
			chosen := due
			if !fits(due, inv.groups[i+1:]) {
				for _, parent := range due.parents {
					if made[parent] && !printed[parent] && fits(parent, inv.groups[i:]) {
						chosen = parent
						break
					}
				}
			}
			print(chosen)
		}
	}
	for _, group := range inv.groups {
		if !printed[group] {
			print(group)
		}
	}
	return order
}

// ungroupedToPrint returns the hosts to print for ungrouped: its own, and before them those that Ansible must meet here
// first to know the hosts in the inventory's order, or to know them at all. Ansible takes every host that is in another
// group out of ungrouped again (InventoryData.reconcile_inventory), so these show nowhere but in the order.
func (inv *Inventory) ungroupedToPrint(order []*Group) []*Host {
	own := inv.groupByName[groupUngrouped].hosts
	var met hostSet
	place, last := 0, 0
	for _, group := range order {
		for _, host := range group.hosts {
			if !met.add(host) {
				continue
			}
			if place < len(inv.hosts) && inv.hosts[place] != host {
				last = place + 1
			}
			place++
		}
	}
	if place < len(inv.hosts) {
		last = len(inv.hosts)
	}
	if last == 0 {
		return own
	}
	early := slices.Clone(inv.hosts[:last])
	listed := setOf(early)
	for _, host := range own {
		if !listed.contains(host) {
			early = append(early, host)
		}
	}
	return early
}

// jsonWriter writes JSON as Ansible reads it. It is not jsontext's encoder because Ansible's values go beyond JSON's:
// NaN, lone surrogates, integers without bound.
type jsonWriter struct {
	to     io.Writer
	buf    []byte
	err    error // of to; from then on nothing more is written
	indent bool
	depth  int
	filled bool // the innermost object or array has an item already
}

// blockSize is how much is written at a time.
const blockSize = 1 << 16

// end ends the output's line and writes what is left.
func (w *jsonWriter) end() error {
	w.buf = append(w.buf, '\n')
	w.flush()
	return w.err
}

func (w *jsonWriter) flush() {
	if w.err == nil {
		_, w.err = w.to.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

func (w *jsonWriter) open(bracket byte) {
	w.buf = append(w.buf, bracket)
	w.depth++
	w.filled = false
}

func (w *jsonWriter) close(bracket byte) {
	w.depth--
	if w.filled {
		w.newLine()
	}
	w.buf = append(w.buf, bracket)
	w.filled = true
}

func (w *jsonWriter) newLine() {
	if !w.indent {
		return
	}
	w.buf = append(w.buf, '\n')
	for range w.depth {
		w.buf = append(w.buf, "    "...)
	}
}

// item starts the next item of an object or array.
func (w *jsonWriter) item() {
	if len(w.buf) >= blockSize {
		w.flush()
	}
	if w.filled {
		w.buf = append(w.buf, ',')
	}
	w.newLine()
	w.filled = true
}

func (w *jsonWriter) key(name string) {
	w.item()
	w.buf = quoted.Append(w.buf, name)
	w.buf = append(w.buf, ':')
	if w.indent {
		w.buf = append(w.buf, ' ')
	}
}

func (w *jsonWriter) group(group *Group, hosts []*Host) {
	w.open('{')
	hasVars := group.Vars.Len() > 0 || !group.hasUsualPriority()
	if len(hosts) > 0 || !hasVars && len(group.children) == 0 {
		w.hosts(hosts)
	}
	if hasVars {
		w.key("vars")
		w.open('{')
		w.varItems(&group.Vars)
		if !group.hasUsualPriority() {
			w.key("ansible_group_priority")
			w.buf = group.bigPriority().Append(w.buf, 10)
		}
		w.close('}')
	}
	if len(group.children) > 0 {
		w.key("children")
		w.open('[')
		for _, child := range group.children {
			w.item()
			w.buf = quoted.Append(w.buf, child.Name)
		}
		w.close(']')
	}
	w.close('}')
}

func (w *jsonWriter) extraGroup(group ExtraGroup) {
	w.key(group.Name)
	w.open('{')
	if len(group.Hosts) > 0 || len(group.Children) == 0 {
		w.hosts(group.Hosts)
	}
	if len(group.Children) > 0 {
		w.key("children")
		w.open('[')
		for _, child := range group.Children {
			w.item()
			w.buf = quoted.Append(w.buf, child)
		}
		w.close(']')
	}
	w.close('}')
}

func (w *jsonWriter) hosts(hosts []*Host) {
	w.key("hosts")
	w.open('[')
	for _, host := range hosts {
		w.item()
		w.buf = quoted.Append(w.buf, host.Name)
	}
	w.close(']')
}

func (w *jsonWriter) vars(vars *Vars) {
	w.open('{')
	w.varItems(vars)
	w.close('}')
}

func (w *jsonWriter) varItems(vars *Vars) {
	for i := range vars.values {
		w.key(vars.names.list[i])
		w.value(vars.values[i])
	}
}

func (w *jsonWriter) value(v Value) {
	switch v.kind {
	case Null:
		w.buf = append(w.buf, "null"...)
	case Bool:
		if v.text == "True" {
			w.buf = append(w.buf, "true"...)
		} else {
			w.buf = append(w.buf, "false"...)
		}
	case Int:
		w.buf = append(w.buf, v.text...)
	case Float:
		w.buf = append(w.buf, floatJSON(v.text)...)
	case String:
		w.buf = quoted.Append(w.buf, v.text)
	case Vault:
		w.marked(wire.VaultKey, v.text)
	case Unsafe:
		w.marked(wire.UnsafeKey, v.text)
	case List:
		w.open('[')
		for _, element := range v.body.values {
			w.item()
			w.value(element)
		}
		w.close(']')
	case Map:
		w.open('{')
		for i, element := range v.body.values {
			w.key(v.KeyAt(i))
			w.value(element)
		}
		w.close('}')
	}
	w.filled = true
}

func (w *jsonWriter) marked(key, text string) {
	w.open('{')
	w.key(key)
	w.buf = quoted.Append(w.buf, text)
	w.close('}')
}

// floatJSON returns the JSON for a float that Python shows as text. JSON has no infinity, but Python reads a number too
// large for a float as one; for NaN there is only Python's own word.
func floatJSON(text string) string {
	switch text {
	case "inf":
		return "1e999"
	case "-inf":
		return "-1e999"
	case "nan":
		return "NaN"
	default:
		return text
	}
}
