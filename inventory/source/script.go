package source

import (
	"fmt"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// scriptReader reads what a dynamic inventory prints (ansible/plugins/inventory/script.py). What it has read stays in the
// inventory when it fails, as with Ansible.
type scriptReader struct {
	*reader
	hosts  []string // that its groups list, each once; Ansible goes through them in the order of a set, by chance
	listed map[string]bool
}

// readStdin reads standard input as what a dynamic inventory prints for --list.
func (r *reader) readStdin() error {
	r.File = "standard input"
	switch {
	case r.stdinRead:
		return r.fail("it is named as a source twice and can be read only once", nil)
	case r.options.Stdin == nil:
		return r.fail("there is none to read", nil)
	}
	r.stdinRead = true
	r.options.progress("waiting for standard input")
	output, err := readBounded(r.options.Stdin)
	if err != nil {
		return r.fail("cannot be read", err)
	}
	data, err := r.parseOutput(output, "the inventory program")
	if err != nil {
		return err
	}
	warned := false
	return r.readScript(data, func(string) (inventory.Value, error) {
		if !warned {
			r.Warn("there is no _meta with hostvars, so that no host has variables of its own")
			warned = true
		}
		return inventory.NewMap(inventory.Vars{}), nil
	})
}

// readScript reads the groups, and the variables of the hosts from _meta. If there are none in it, askHost is called for
// each host.
func (r *reader) readScript(data inventory.Value, askHost func(host string) (inventory.Value, error)) error {
	script := scriptReader{reader: r, listed: map[string]bool{}}
	var hostVariables inventory.Value
	for i := range data.Len() {
		name, content := data.KeyAt(i), data.At(i)
		var err error
		if name == wire.MetaKey {
			hostVariables, err = r.metaHostVariables(content)
		} else {
			err = script.readGroup(name, content)
		}
		if err != nil {
			return r.inOutput(err)
		}
	}
	of := lookup(hostVariables, askHost)
	for _, host := range script.hosts {
		vars, err := of(host)
		if err == nil {
			err = script.setVariables(host, vars)
		}
		if err != nil {
			return r.inOutput(err)
		}
	}
	return nil
}

// inOutput completes an error about what a program has printed.
func (r *reader) inOutput(err error) error {
	fault := *inventory.Faults(err)[0]
	if fault.File == "" {
		fault.File = r.File
		fault.Message = lead("what was printed is no inventory", fault.Message)
	}
	return &fault
}

// metaHostVariables returns hostvars of _meta, null if there is none, which is an error since Ansible 2.19. Before, to
// Python a list or text may well lack it; only what has no members at all is wrong. That hostvars is null is an error here
// in any case, and so is what no Ansible takes.
func (r *reader) metaHostVariables(meta inventory.Value) (inventory.Value, error) {
	found, ok := meta.Get("hostvars")
	isOld := false
	switch meta.Kind() {
	case inventory.Map:
		isOld = !ok
		if !ok || found.Kind() == inventory.Map {
			break
		}
		return inventory.Value{}, &inventory.Error{Message: "hostvars of _meta must be a map"}
	case inventory.List:
		isOld = true
		for i := range meta.Len() {
			isOld = isOld && !(meta.At(i).IsText() && meta.At(i).Text() == "hostvars")
		}
	case inventory.String, inventory.Unsafe:
		isOld = !strings.Contains(meta.Text(), "hostvars")
	}
	// The one profile of Ansible's JSON that an inventory may name.
	if profile, ok := meta.Get("profile"); ok && (profile.Kind() != inventory.String || profile.Text() != "inventory_legacy") {
		isOld = true
	}
	switch {
	case isOld:
		isNew, err := r.Ansible.Since(2, 19)
		if err != nil {
			return inventory.Value{}, err
		}
		if isNew {
			return inventory.Value{}, &inventory.Error{Message: "_meta must be a map with hostvars, and with no profile but inventory_legacy: so Ansible has it since 2.19"}
		}
	case meta.Kind() != inventory.Map:
		return inventory.Value{}, &inventory.Error{Message: "_meta must be a map"}
	}
	return found, nil
}

// lookup returns a function that finds a host's variables in hostvars, or asks for them if that is null.
func lookup(hostVariables inventory.Value, askHost func(host string) (inventory.Value, error)) func(host string) (inventory.Value, error) {
	if hostVariables.Kind() == inventory.Null {
		return askHost
	}
	return func(host string) (inventory.Value, error) {
		if vars, ok := hostVariables.Get(host); ok {
			return vars, nil
		}
		return inventory.NewMap(inventory.Vars{}), nil
	}
}

// readGroup reads a group: a list of hosts, a map of hosts, vars and children, or the simplified form, a map of variables
// that belong to a host of the group's name (script.py, _parse_group).
func (r *scriptReader) readGroup(name string, data inventory.Value) error {
	group, err := r.Inventory.AddGroup(name)
	if err != nil {
		return err
	}
	hosts, hasHosts := data.Get("hosts")
	vars, hasVars := data.Get("vars")
	children, hasChildren := data.Get("children")
	switch {
	case data.Kind() != inventory.Map:
		hosts, hasHosts = data, true
	case !hasHosts && !hasVars && !hasChildren:
		hosts, hasHosts = inventory.NewList([]inventory.Value{inventory.NewString(group.Name)}), true
		vars, hasVars = data, true
		if data.HasTemplate() {
			// Since Ansible 2.19 only what stands where variables belong is trusted.
			isNew, err := r.Ansible.Since(2, 19)
			if err != nil {
				return err
			}
			if isNew {
				vars = data.WithoutTemplates()
			}
		}
	}
	if hasHosts {
		if err := r.readHosts(group, hosts); err != nil {
			return err
		}
	}
	if hasVars {
		if vars.Kind() != inventory.Map {
			return &inventory.Error{Message: fmt.Sprintf("vars of group %s must be a map", shown.Name(name))}
		}
		for i := range vars.Len() {
			if err := r.Inventory.SetGroupVariable(group, vars.KeyAt(i), vars.At(i)); err != nil {
				return err
			}
		}
	}
	if hasChildren {
		return r.readChildren(group, children)
	}
	return nil
}

func (r *scriptReader) readHosts(group *inventory.Group, hosts inventory.Value) error {
	if hosts.Kind() != inventory.List {
		return &inventory.Error{Message: fmt.Sprintf("hosts of group %s must be a list", shown.Name(group.Name))}
	}
	for i := range hosts.Len() {
		host := hosts.At(i)
		if !host.IsText() {
			return &inventory.Error{Message: fmt.Sprintf("group %s lists a host whose name is no text", shown.Name(group.Name))}
		}
		if _, err := r.Inventory.AddHost(host.Text(), group, inventory.Value{}); err != nil {
			return err
		}
		if !r.listed[host.Text()] {
			r.listed[host.Text()] = true
			r.hosts = append(r.hosts, host.Text())
		}
	}
	return nil
}

// readChildren reads the children of a group: a list of names, or what else Python can go through as one: the keys of a
// map, the characters of a text.
func (r *scriptReader) readChildren(group *inventory.Group, children inventory.Value) error {
	var names []inventory.Value
	switch children.Kind() {
	case inventory.List:
		for i := range children.Len() {
			names = append(names, children.At(i))
		}
	case inventory.Map:
		for i := range children.Len() {
			names = append(names, inventory.NewString(children.KeyAt(i)))
		}
	case inventory.String, inventory.Unsafe:
		for at := 0; at < len(children.Text()); {
			_, size := python.DecodeRune(children.Text()[at:])
			names = append(names, inventory.NewString(children.Text()[at:at+size]))
			at += size
		}
	default:
		return &inventory.Error{Message: fmt.Sprintf("children of group %s must be a list", shown.Name(group.Name))}
	}
	for _, name := range names {
		if !name.IsText() {
			return &inventory.Error{Message: fmt.Sprintf("group %s lists a child whose name is no text", shown.Name(group.Name))}
		}
		child, err := r.Inventory.AddGroup(name.Text())
		if err != nil {
			return err
		}
		if err := r.Inventory.AddChild(group, child.Name); err != nil {
			return err
		}
	}
	return nil
}

// setVariables gives the host its variables; Ansible takes any other kind of value for an error, null too.
func (r *scriptReader) setVariables(host string, vars inventory.Value) error {
	if vars.Kind() != inventory.Map {
		return &inventory.Error{Message: fmt.Sprintf("the variables of host %s must be a map", shown.Name(host))}
	}
	for i := range vars.Len() {
		if err := r.Inventory.SetVariable(host, vars.KeyAt(i), vars.At(i)); err != nil {
			return err
		}
	}
	return nil
}
