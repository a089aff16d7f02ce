package inventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"
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
	r.file = "standard input"
	switch {
	case r.stdinRead:
		return r.fail("it is named as a source twice and can be read only once", nil)
	case r.options.Stdin == nil:
		return r.fail("there is none to read", nil)
	}
	r.stdinRead = true
	output, err := readBounded(r.options.Stdin)
	if err != nil {
		return r.fail("cannot be read", err)
	}
	data, err := r.parseOutput(output, "the inventory program")
	if err != nil {
		return err
	}
	warned := false
	return r.readScript(data, func(string) (Value, error) {
		if !warned {
			r.warn("there is no _meta with hostvars, so that no host has variables of its own")
			warned = true
		}
		return newMap(nil, nil), nil
	})
}

// readScript reads the groups, and the variables of the hosts from _meta. If there are none in it, askHost is called for
// each host.
func (r *reader) readScript(data Value, askHost func(host string) (Value, error)) error {
	script := scriptReader{reader: r, listed: map[string]bool{}}
	var hostVariables Value
	for i, name := range data.body.keys {
		content := data.body.values[i]
		var err error
		if name == metaKey {
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
	fault := *asError(err)
	if fault.File == "" {
		fault.File = r.file
		fault.Message = "what was printed is no inventory: " + fault.Message
	}
	return &fault
}

// metaHostVariables returns hostvars of _meta, null if there is none, which is an error since Ansible 2.19. Before, to
// Python a list or text may well lack it; only what has no members at all is wrong. That hostvars is null is an error here
// in any case, and so is what no Ansible takes.
func (r *reader) metaHostVariables(meta Value) (Value, error) {
	found, isOld := section(meta, "hostvars"), false
	switch meta.kind {
	case Map:
		isOld = found == nil
		if found == nil || found.kind == Map {
			break
		}
		return Value{}, &Error{Message: "hostvars of _meta must be a map"}
	case List:
		isOld = !slices.ContainsFunc(meta.body.values, func(member Value) bool { return member.isText() && member.text == "hostvars" })
	case String, Unsafe:
		isOld = !strings.Contains(meta.text, "hostvars")
	}
	// The one profile of Ansible's JSON that an inventory may name.
	if profile := section(meta, "profile"); profile != nil && (profile.kind != String || profile.text != "inventory_legacy") {
		isOld = true
	}
	switch {
	case isOld:
		isNew, err := r.ansible.since(2, 19)
		if err != nil {
			return Value{}, err
		}
		if isNew {
			return Value{}, &Error{Message: "_meta must be a map with hostvars, and with no profile but inventory_legacy: so Ansible has it since 2.19"}
		}
	case meta.kind != Map:
		return Value{}, &Error{Message: "_meta must be a map"}
	}
	if found == nil {
		return Value{}, nil
	}
	return *found, nil
}

// lookup returns a function that finds a host's variables in hostvars, or asks for them if that is null.
func lookup(hostVariables Value, askHost func(host string) (Value, error)) func(host string) (Value, error) {
	if hostVariables.kind == Null {
		return askHost
	}
	byHost := make(map[string]Value, hostVariables.Len())
	for i, host := range hostVariables.body.keys {
		byHost[host] = hostVariables.body.values[i]
	}
	none := newMap(nil, nil)
	return func(host string) (Value, error) {
		if vars, ok := byHost[host]; ok {
			return vars, nil
		}
		return none, nil
	}
}

// readGroup reads a group: a list of hosts, a map of hosts, vars and children, or the simplified form, a map of variables
// that belong to a host of the group's name (script.py, _parse_group).
func (r *scriptReader) readGroup(name string, data Value) error {
	group, err := r.inv.AddGroup(name)
	if err != nil {
		return err
	}
	hosts, vars, children := section(data, "hosts"), section(data, "vars"), section(data, "children")
	switch {
	case data.kind != Map:
		hosts = &data
	case hosts == nil && vars == nil && children == nil:
		itself := newList([]Value{NewString(group.Name)})
		hosts, vars = &itself, &data
		if data.hasTemplate() {
			// Since Ansible 2.19 only what stands where variables belong is trusted.
			isNew, err := r.ansible.since(2, 19)
			if err != nil {
				return err
			}
			if isNew {
				data = data.withoutTemplates()
			}
		}
	}
	if hosts != nil {
		if err := r.readHosts(group, *hosts); err != nil {
			return err
		}
	}
	if vars != nil {
		if vars.kind != Map {
			return &Error{Message: fmt.Sprintf("vars of group %s must be a map", shown.Name(name))}
		}
		for i, key := range vars.body.keys {
			if err := r.inv.setGroupVariable(group, key, vars.body.values[i]); err != nil {
				return err
			}
		}
	}
	if children != nil {
		return r.readChildren(group, *children)
	}
	return nil
}

// section returns what a map has for a key, nil if there is nothing.
func section(data Value, name string) *Value {
	if data.kind != Map {
		return nil
	}
	for i, key := range data.body.keys {
		if key == name {
			return &data.body.values[i]
		}
	}
	return nil
}

func (r *scriptReader) readHosts(group *Group, hosts Value) error {
	if hosts.kind != List {
		return &Error{Message: fmt.Sprintf("hosts of group %s must be a list", shown.Name(group.Name))}
	}
	for _, host := range hosts.body.values {
		if !host.isText() {
			return &Error{Message: fmt.Sprintf("group %s lists a host whose name is no text", shown.Name(group.Name))}
		}
		if _, err := r.inv.AddHost(host.text, group, Value{}); err != nil {
			return err
		}
		if !r.listed[host.text] {
			r.listed[host.text] = true
			r.hosts = append(r.hosts, host.text)
		}
	}
	return nil
}

// readChildren reads the children of a group: a list of names, or what else Python can go through as one: the keys of a
// map, the characters of a text.
func (r *scriptReader) readChildren(group *Group, children Value) error {
	var names []Value
	switch children.kind {
	case List:
		names = children.body.values
	case Map:
		for _, key := range children.body.keys {
			names = append(names, NewString(key))
		}
	case String, Unsafe:
		for at := 0; at < len(children.text); {
			_, size := decodeRune(children.text[at:])
			names = append(names, NewString(children.text[at:at+size]))
			at += size
		}
	default:
		return &Error{Message: fmt.Sprintf("children of group %s must be a list", shown.Name(group.Name))}
	}
	for _, name := range names {
		if !name.isText() {
			return &Error{Message: fmt.Sprintf("group %s lists a child whose name is no text", shown.Name(group.Name))}
		}
		child, err := r.inv.AddGroup(name.text)
		if err != nil {
			return err
		}
		if err := r.inv.AddChild(group, child.Name); err != nil {
			return err
		}
	}
	return nil
}

// setVariables gives the host its variables; Ansible takes any other kind of value for an error, null too.
func (r *scriptReader) setVariables(host string, vars Value) error {
	if vars.kind != Map {
		return &Error{Message: fmt.Sprintf("the variables of host %s must be a map", shown.Name(host))}
	}
	for i, key := range vars.body.keys {
		if err := r.inv.setVariable(host, key, vars.body.values[i]); err != nil {
			return err
		}
	}
	return nil
}
