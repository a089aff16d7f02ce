// Package inventory holds, selects from and prints Ansible inventories, exactly as Ansible does.
//
// An [Inventory] is groups and hosts with their variables, in the order of their first mention. [Inventory.Select] evaluates
// a host pattern; [Inventory.Variable] finds the value that a host has of a variable; [Inventory.WriteJSON] prints the
// dynamic inventory that Ansible's script plugin reads back. The references are ansible-core 2.10, 2.14, 2.19 and 2.22, the
// versions of Debian; where they differ, [Rules] say which one counts. Comments name the file and function that a rule comes
// from.
//
// This package knows nothing of files, programs and settings, nor how inventories are written: package source reads them,
// with packages ini, yaml and json for the languages, and package aini takes them from a Go program. What Python does and
// Ansible relies on is in package python.
package inventory

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/regal-inventory/regal-inventory/internal/shown"
)

// The names of the two groups that every inventory has.
const (
	groupAll       = "all"
	groupUngrouped = "ungrouped"
)

// MaxDepth is how many levels of groups may stand one in another. Ansible has no such bound; nobody writes a thousand
// levels by hand, and a file that has them is an accident or an attack.
const MaxDepth = 1000

// Inventory is the set of groups and hosts that sources declare, in the order of their first mention
// (ansible/inventory/data.py, InventoryData).
type Inventory struct {
	groups      []*Group
	hosts       []*Host
	groupByName map[string]*Group
	hostByName  hostIndex

	rules     Rules
	settled   bool            // nothing has been added since Reconcile
	warned    map[string]bool // what Select has warned of
	freeHosts []Host          // what newHost takes from
	beside    []Beside        // the stronger later
}

// Group is a named set of hosts and of other groups.
type Group struct {
	Name string
	// Vars are the group's own variables, in the order of their first mention.
	Vars Vars
	// Priority decides between groups of one depth which one's variables win: the higher (ansible_group_priority). A number
	// beyond its bounds is the nearest one here, and compared and printed as it was written.
	Priority int64
	beyond   *big.Int // such a number

	hosts    []*Host
	children []*Group
	parents  []*Group
	depth    int
}

// Host is a machine that Ansible can reach.
type Host struct {
	Name string
	// Vars are the host's own variables, in the order of their first mention.
	Vars Vars

	groups []*Group  // those that list it directly
	first  [1]*Group // what groups is made of as long as it is one, as it is for most hosts
	index  int       // in the inventory's hosts
}

// hostSet is a set of hosts of one inventory. The zero hostSet is empty and ready for use. It is a bit for each host: with
// a hundred thousand of them a map would take most of the time.
type hostSet struct{ words []uint64 }

func setOf(hosts []*Host) *hostSet {
	set := &hostSet{}
	for _, host := range hosts {
		set.add(host)
	}
	return set
}

// add puts the host into the set and tells whether it was not there before.
func (s *hostSet) add(host *Host) bool {
	word, bit := host.index/64, uint64(1)<<(host.index%64)
	if word >= len(s.words) {
		s.words = append(s.words, make([]uint64, word+1-len(s.words))...)
	}
	if s.words[word]&bit != 0 {
		return false
	}
	s.words[word] |= bit
	return true
}

func (s *hostSet) contains(host *Host) bool {
	word := host.index / 64
	return word < len(s.words) && s.words[word]&(1<<(host.index%64)) != 0
}

// remove takes the host, which is in the set, out of it.
func (s *hostSet) remove(host *Host) { s.words[host.index/64] &^= 1 << (host.index % 64) }

// New returns an inventory with the groups all and ungrouped, as every one has, that follows Ansible's own rules.
func New() *Inventory { return NewWith(Rules{}) }

// NewWith returns an inventory like [New] that follows the given rules.
func NewWith(rules Rules) *Inventory {
	inv := &Inventory{groupByName: map[string]*Group{}, rules: rules}
	all, ungrouped := inv.addGroup(groupAll), inv.addGroup(groupUngrouped)
	link(all, ungrouped)
	return inv
}

// Groups returns all groups, all and ungrouped among them, in the order of their first mention.
func (inv *Inventory) Groups() []*Group { return inv.groups }

// Hosts returns all hosts in the order of their first mention.
func (inv *Inventory) Hosts() []*Host { return inv.hosts }

// Group returns the group of that name, or nil.
func (inv *Inventory) Group(name string) *Group { return inv.groupByName[name] }

// Host returns the host of that name, or nil.
func (inv *Inventory) Host(name string) *Host { return inv.hostByName.find(inv.hosts, name) }

// HostNames returns the names of hosts, in their order.
func HostNames(hosts []*Host) []string {
	names := make([]string, len(hosts))
	for i, host := range hosts {
		names[i] = host.Name
	}
	return names
}

// Hosts returns the hosts that the group itself lists, in that order.
func (g *Group) Hosts() []*Host { return g.hosts }

// Children returns the group's child groups in the order in which they were added.
func (g *Group) Children() []*Group { return g.children }

// Groups returns the groups that list the host themselves, in the order in which they took it in.
func (h *Host) Groups() []*Group { return h.groups }

// AllHosts returns the hosts of the group and of all below it, each once: its own before its children's, level by level
// (ansible/inventory/group.py, Group._get_hosts). Ansible walks the levels below the first through a set, so that their
// order differs between two runs; here it is always the order of the children.
func (g *Group) AllHosts() []*Host {
	if len(g.children) == 0 {
		return g.hosts
	}
	groups := []*Group{g}
	seenGroups := map[*Group]bool{g: true}
	room := 0
	for at := 0; at < len(groups); at++ {
		room += len(groups[at].hosts)
		for _, child := range groups[at].children {
			if !seenGroups[child] {
				seenGroups[child] = true
				groups = append(groups, child)
			}
		}
	}
	var seen hostSet
	hosts := make([]*Host, 0, room)
	for _, group := range groups {
		for _, host := range group.hosts {
			if seen.add(host) {
				hosts = append(hosts, host)
			}
		}
	}
	return hosts
}

// AddGroup returns the group of that name and makes it if it is not there yet (InventoryData.add_group). An empty name is
// an error.
func (inv *Inventory) AddGroup(name string) (*Group, error) {
	if name == "" {
		return nil, &Error{Message: "a group needs a name"}
	}
	return inv.addGroup(name), nil
}

func (inv *Inventory) addGroup(name string) *Group {
	group := inv.groupByName[name]
	if group == nil && inv.rules.SafeGroupNames {
		name = inv.SafeGroupName(name)
		group = inv.groupByName[name]
	}
	if group == nil {
		group = &Group{Name: name, Priority: 1}
		inv.groupByName[name] = group
		inv.groups = append(inv.groups, group)
		inv.settled = false
	}
	return group
}

// AddHost returns the host of that name, makes it if it is not there yet, and lists it in the group, if one is given
// (InventoryData.add_host). port, unless it is nothing, becomes the variable ansible_port, but only of a host that is new:
// so does Ansible. An empty name is an error.
func (inv *Inventory) AddHost(name string, group *Group, port Value) (*Host, error) {
	if name == "" {
		return nil, &Error{Message: "a host needs a name"}
	}
	inv.settled = false
	host := inv.Host(name)
	if host == nil {
		host = inv.newHost(name)
		inv.hosts = append(inv.hosts, host)
		inv.hostByName.add(inv.hosts)
		if port.kind == Int && port.text != "0" {
			host.Vars.Set("ansible_port", port)
		}
	}
	if group != nil {
		group.addHost(host)
	}
	return host, nil
}

// slab is how many hosts are made at a time: one by one they would keep the memory manager busy.
const slab = 512

func (inv *Inventory) newHost(name string) *Host {
	if len(inv.freeHosts) == 0 {
		inv.freeHosts = make([]Host, slab)
	}
	host := &inv.freeHosts[0]
	inv.freeHosts = inv.freeHosts[1:]
	host.Name, host.index, host.groups = name, len(inv.hosts), host.first[:0]
	return host
}

func (g *Group) addHost(host *Host) {
	if !slices.Contains(host.groups, g) {
		g.hosts = append(g.hosts, host)
		host.groups = append(host.groups, g)
	}
}

// AddChild puts what is called child below the group parent: a group of that name or else a host (InventoryData.add_child).
// A name that is neither, a group in itself, and a loop are errors.
func (inv *Inventory) AddChild(parent *Group, child string) error {
	inv.settled = false
	if group := inv.groupByName[child]; group != nil {
		return inv.addChildGroup(parent, group)
	}
	if host := inv.Host(child); host != nil {
		parent.addHost(host)
		return nil
	}
	return &Error{Message: fmt.Sprintf("%s is not a known host nor group", shown.Name(child))}
}

func (inv *Inventory) addChildGroup(parent, child *Group) error {
	switch {
	case parent == child:
		return &Error{Message: fmt.Sprintf("group %s cannot be a child of itself", shown.Name(child.Name))}
	case slices.Contains(child.parents, parent):
		return nil
	case len(child.children) > 0 && parent.isBelow(child):
		return &Error{Message: fmt.Sprintf("group %s as a child of %s closes a loop", shown.Name(child.Name), shown.Name(parent.Name))}
	}
	link(parent, child)
	return nil
}

// link adds the edge; the caller knows that it is new and closes no loop.
func link(parent, child *Group) {
	parent.children = append(parent.children, child)
	child.parents = append(child.parents, parent)
}

// isBelow tells whether g is among the descendants of ancestor.
func (g *Group) isBelow(ancestor *Group) bool {
	seen := map[*Group]bool{}
	open := []*Group{g}
	for len(open) > 0 {
		group := open[len(open)-1]
		open = open[:len(open)-1]
		for _, parent := range group.parents {
			if parent == ancestor {
				return true
			}
			if !seen[parent] {
				seen[parent] = true
				open = append(open, parent)
			}
		}
	}
	return false
}

// SetVariable sets a variable of the group or host of that name, the group's where there are both
// (InventoryData.set_variable).
func (inv *Inventory) SetVariable(entity, name string, value Value) error {
	if group := inv.groupByName[entity]; group != nil {
		return inv.SetGroupVariable(group, name, value)
	}
	if host := inv.Host(entity); host != nil {
		inv.SetHostVariable(host, name, value)
		return nil
	}
	return &Error{Message: fmt.Sprintf("%s is not a known host nor group", shown.Name(entity))}
}

// SetGroupVariable sets a group's variable; ansible_group_priority is no variable but the group's priority
// (ansible/inventory/group.py, Group.set_variable).
func (inv *Inventory) SetGroupVariable(g *Group, name string, value Value) error {
	if name != "ansible_group_priority" {
		inv.set(&g.Vars, name, value)
		return nil
	}
	priority, ok := value.pythonInt()
	if !ok {
		return &Error{Message: fmt.Sprintf("ansible_group_priority of group %s is not a whole number", shown.Name(g.Name))}
	}
	g.Priority, g.beyond = priority.Int64(), nil
	if !priority.IsInt64() {
		g.Priority, g.beyond = math.MaxInt64, priority
		if priority.Sign() < 0 {
			g.Priority = math.MinInt64
		}
	}
	return nil
}

func (g *Group) hasUsualPriority() bool { return g.Priority == 1 }

// bigPriority returns the priority as it was written.
func (g *Group) bigPriority() *big.Int {
	if g.beyond != nil && (g.Priority == math.MaxInt64 || g.Priority == math.MinInt64) {
		return g.beyond
	}
	return big.NewInt(g.Priority)
}

// comparePriority compares the priorities of two groups.
func (g *Group) comparePriority(other *Group) int {
	if order := cmp.Compare(g.Priority, other.Priority); order != 0 {
		return order
	}
	return g.bigPriority().Cmp(other.bigPriority())
}

// Reconcile brings the groups into the state that Ansible demands after all sources are read
// (InventoryData.reconcile_inventory): every group is below all; a host of any other group leaves ungrouped; a host of
// none joins it. A loop through all, and groups nested deeper than a thousand levels, are errors.
func (inv *Inventory) Reconcile() error {
	all, ungrouped := inv.groupByName[groupAll], inv.groupByName[groupUngrouped]
	for _, group := range inv.groups {
		if group != all && len(group.parents) == 0 {
			if err := inv.addChildGroup(all, group); err != nil {
				return err
			}
		}
	}
	if err := inv.settleUngrouped(all, ungrouped); err != nil {
		return err
	}
	if err := inv.measureDepth(); err != nil {
		return err
	}
	inv.settled = true
	return nil
}

// checkSettled returns an error if Reconcile has still to be called: the group all may lack hosts until then.
func (inv *Inventory) checkSettled(kind ErrorKind) error {
	if inv.settled {
		return nil
	}
	return &Error{Kind: kind, Message: "the inventory has to be reconciled after what was added last"}
}

// settleUngrouped does for ungrouped what Reconcile says. Ansible adds a lone host by its name, so that a group of the
// same name goes in its place.
func (inv *Inventory) settleUngrouped(all, ungrouped *Group) error {
	// A group above ungrouped makes every host of ungrouped a host of that group too.
	ungroupedIsGroup := slices.ContainsFunc(ungrouped.parents, func(parent *Group) bool { return parent != all })
	var grouped hostSet
	for _, host := range inv.hosts {
		member := false
		for _, group := range host.groups {
			switch group {
			case all:
			case ungrouped:
				member = true
				if ungroupedIsGroup {
					grouped.add(host)
				}
			default:
				grouped.add(host)
			}
		}
		switch {
		case member && grouped.contains(host):
			host.groups = slices.DeleteFunc(host.groups, func(group *Group) bool { return group == ungrouped })
		case !member && !grouped.contains(host):
			if err := inv.AddChild(ungrouped, host.Name); err != nil {
				return err
			}
		}
	}
	ungrouped.hosts = slices.DeleteFunc(ungrouped.hosts, grouped.contains)
	return nil
}

// measureDepth sets every group's depth: the longest way down to it from all, which Ansible keeps up to date with every
// edge (Group._check_children_depth).
func (inv *Inventory) measureDepth() error {
	waiting := make(map[*Group]int, len(inv.groups))
	var ready []*Group
	for _, group := range inv.groups {
		group.depth = 0
		waiting[group] = len(group.parents)
		if len(group.parents) == 0 {
			ready = append(ready, group)
		}
	}
	for len(ready) > 0 {
		group := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		if group.depth > MaxDepth {
			return &Error{Message: fmt.Sprintf("group %s stands more than %d groups deep", shown.Name(group.Name), MaxDepth)}
		}
		for _, child := range group.children {
			child.depth = max(child.depth, group.depth+1)
			waiting[child]--
			if waiting[child] == 0 {
				ready = append(ready, child)
			}
		}
	}
	return nil
}
