// Package yaml reads YAML as Ansible does: the text of an inventory ([Read], ansible/plugins/inventory/yaml.py), and that of
// a file of variables ([Vars]) or of settings ([Parse]), by Ansible's loader. yaml.go has the grammar of inventories;
// document.go gets nodes from yaml.v3, which reads some texts otherwise than libyaml; construct.go makes objects of nodes as
// PyYAML does, with merge keys in merge.go and scalars (yes, 017, 1:30) in scalar.go; object.go makes values of objects.
//
// It knows nothing of files. A text that is JSON is read by package json, as Ansible's loader has it.
package yaml

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/address"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
	"github.com/regal-inventory/regal-inventory/inventory/internal/reading"
	"github.com/regal-inventory/regal-inventory/inventory/json"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// parseData reads a file's text as Ansible's loader does: as JSON, and if it is not that, as YAML
// (ansible/parsing/utils/yaml.py, from_yaml).
func parseData(text string, use dataUse) (object, error) {
	// Only a JSON text that is a map makes a difference: anything else is refused either way.
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		switch value, isJSON, err := json.Try(text); {
		case err == nil:
			return objectOf(value), nil
		case isJSON:
			return object{}, err
		}
	}
	return parseText(text, use)
}

// reader reads a YAML inventory.
type reader struct {
	*reading.Reading
	path    []string // the keys that lead to what is being read
	isLossy bool     // there is something in the file that JSON cannot carry

	keys []string       // of the variables of the host before
	vars inventory.Vars // these
}

// Parse reads a file's text as data that is not printed.
func Parse(text string) (inventory.Value, error) {
	data, err := parseData(text, dataUse{})
	if err != nil {
		return inventory.Value{}, err
	}
	return data.value(), nil
}

// Read reads the text of a YAML or JSON inventory (ansible/plugins/inventory/yaml.py). What it has read stays in the
// inventory when it fails, as with Ansible.
func Read(into *reading.Reading, text string) error {
	r := &reader{Reading: into}
	data, err := parseData(text, dataUse{ansible: r.Ansible, warn: r.WarnAt, lose: r.lose, print: true})
	if err != nil {
		return err
	}
	switch {
	case !data.isTrue():
		return &inventory.Error{Message: "the file is empty"}
	case data.kind() != inventory.Map:
		return &inventory.Error{Message: "a YAML inventory is a map of groups"}
	}
	for i, key := range data.content.keys {
		if key == "plugin" && data.content.items[i].isTrue() {
			return ErrPluginConfiguration
		}
	}
	room := r.Room
	if err := r.checkRoom(data, &room); err != nil {
		return locateKey(err, text, r.path)
	}
	for i := range data.content.keys {
		if _, err := r.readGroup(data, i); err != nil {
			return locateKey(err, text, r.path)
		}
	}
	return nil
}

// lose notes what JSON cannot carry.
func (r *reader) lose(line int, change string) {
	r.isLossy = true
	r.Lose(line, change)
}

// checkRoom counts what the ranges of all hosts in a map of groups stand for, before any host is made: five million take a
// gigabyte. What is wrong otherwise is left to the reading.
func (r *reader) checkRoom(groups object, room *int) error {
	for i, name := range groups.content.keys {
		group := groups.content.items[i]
		if group.kind() != inventory.Map {
			continue
		}
		r.path = append(r.path, name)
		for j, section := range group.content.keys {
			content := group.content.items[j]
			if content.kind() != inventory.Map || section != "hosts" && section != "children" {
				continue
			}
			r.path = append(r.path, section)
			check := r.checkHosts
			if section == "children" {
				check = r.checkRoom
			}
			if err := check(content, room); err != nil {
				return err
			}
			r.leave()
		}
		r.leave()
	}
	return nil
}

// checkHosts does for a map of hosts what checkRoom does for one of groups.
func (r *reader) checkHosts(hosts object, room *int) error {
	for _, pattern := range hosts.content.keys {
		if strings.IndexByte(pattern, '[') < 0 {
			continue
		}
		name := pattern
		if host, _, ok := address.Parse(pattern, true, r.Ansible.IsSince); ok {
			name = host
		}
		total, err := address.Count(name)
		if err != nil {
			continue
		}
		if total > *room {
			r.path = append(r.path, pattern)
			return &inventory.Error{Message: address.TooMany(name)}
		}
		*room -= total
	}
	return nil
}

// locateKey gives an error the place of the key that the path leads to. Values do not know where they stand, so the text
// is parsed once more: errors are rare, and places for every value would cost every run.
func locateKey(err error, text string, path []string) error {
	fault := *inventory.Faults(err)[0]
	node, _, parseErr := parseDocument(text)
	if parseErr != nil || node == nil {
		return &fault
	}
	for _, name := range path {
		key, below := findKey(node, name)
		if key == nil {
			break
		}
		fault.Line, fault.Column = key.Line, key.Column
		node = resolveAlias(below)
	}
	return &fault
}

// findKey returns the nodes of the last key of that name in a map, and of what it holds; nil if there is none.
func findKey(node *yaml.Node, name string) (key, below *yaml.Node) {
	if node.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			key, below = node.Content[i], node.Content[i+1]
		}
	}
	return key, below
}

// ErrPluginConfiguration is Read's answer to a file that configures an inventory plugin.
var ErrPluginConfiguration = &inventory.Error{Message: "the file configures an inventory plugin and is no inventory itself"}

// readGroup reads the group at place at of a map of groups and returns its name (yaml.py, _parse_group). The keys that
// lead to what is being read are in r.path; on an error they stay there.
func (r *reader) readGroup(groups object, at int) (string, error) {
	name, data := groups.content.keys[at], groups.content.items[at]
	r.path = append(r.path, name)
	if data.kind() != inventory.Map && data.kind() != inventory.Null {
		r.Warn(fmt.Sprintf("%s is skipped: it is no group", shown.Name(name)))
		r.leave()
		return name, nil
	}
	if groups.content.odd[at] || name == "" {
		return "", &inventory.Error{Message: fmt.Sprintf("group name %s is no text; write it in quotes", shown.Name(name))}
	}
	if len(r.path) > 2*inventory.MaxDepth {
		return "", &inventory.Error{Message: fmt.Sprintf("group %s stands more than %d groups deep", shown.Name(name), inventory.MaxDepth)}
	}
	group, err := r.Inventory.AddGroup(name)
	if err != nil {
		return "", err
	}
	name = group.Name
	if data.kind() == inventory.Null {
		r.leave()
		return name, nil
	}
	for i, section := range data.content.keys {
		if !isSection(section) || data.content.odd[i] {
			continue
		}
		if content := data.content.items[i]; content.kind() != inventory.Map && content.kind() != inventory.Null && !content.isText() {
			r.path = append(r.path, section)
			return "", &inventory.Error{Message: fmt.Sprintf("%s of group %s must be a map", section, shown.Name(name))}
		}
	}
	for i, section := range data.content.keys {
		content := data.content.items[i]
		if content.isText() && isSection(section) {
			// A single name stands for a map of it alone.
			content = objectOfKey(content.scalar.Text())
		}
		switch {
		case content.kind() == inventory.Null:
		case content.kind() != inventory.Map:
			r.Warn(fmt.Sprintf("key %s of group %s is skipped: it is no map", shown.Name(section), shown.Name(name)))
		case !isSection(section) || data.content.odd[i]:
			r.Warn(fmt.Sprintf("key %s of group %s is skipped: only vars, children and hosts are known", shown.Name(section), shown.Name(name)))
		default:
			r.path = append(r.path, section)
			if err := r.readSection(group, section, content); err != nil {
				return "", err
			}
			r.leave()
		}
	}
	r.leave()
	return name, nil
}

// leave takes the innermost key off the path.
func (r *reader) leave() { r.path = r.path[:len(r.path)-1] }

func isSection(key string) bool { return key == "vars" || key == "children" || key == "hosts" }

func (r *reader) readSection(group *inventory.Group, section string, content object) error {
	for i, key := range content.content.keys {
		switch section {
		case "vars":
			r.path = append(r.path, key)
			r.OddKeys = r.OddKeys || content.content.odd[i]
			value := content.content.items[i]
			if err := r.Inventory.SetVariable(group.Name, key, value.value()); err != nil {
				return err
			}
			if r.isLossy && value.isLossy() {
				r.NoteLossy(key, group.Name)
			}
			r.leave()
		case "children":
			child, err := r.readGroup(content, i)
			if err != nil {
				return err
			}
			if err := r.Inventory.AddChild(group, child); err != nil {
				r.path = append(r.path, child)
				return err
			}
		case "hosts":
			r.path = append(r.path, key)
			if content.content.odd[i] {
				return &inventory.Error{Message: fmt.Sprintf("host name %s is no text; write it in quotes", shown.Name(key))}
			}
			if err := r.readHost(group, key, content.content.items[i]); err != nil {
				return err
			}
			r.leave()
		}
	}
	return nil
}

func (r *reader) readHost(group *inventory.Group, pattern string, data object) error {
	names, port, err := r.ExpandPattern(pattern)
	if err != nil {
		return err
	}
	var vars inventory.Vars
	switch {
	case !data.isTrue():
	case data.kind() != inventory.Map:
		return &inventory.Error{Message: fmt.Sprintf("host %s must hold a map of variables", shown.Name(pattern))}
	default:
		r.OddKeys = r.OddKeys || data.content.odd != nil
		vars = r.hostVars(data.content)
	}
	if fault := r.AddHosts(names, group, port, &vars); fault != nil {
		return fault
	}
	if r.isLossy && vars.Len() > 0 {
		for i, item := range data.content.items {
			if item.isLossy() {
				r.NoteLossy(data.content.keys[i], names...)
			}
		}
	}
	return nil
}

// hostVars returns the variables of a host. Hosts one after another mostly have the same names: then they share these.
func (r *reader) hostVars(from *content) inventory.Vars {
	if !slices.Equal(r.keys, from.keys) {
		r.keys, r.vars = from.keys, varsOf(from)
		return r.vars.Clone()
	}
	return r.vars.WithValues(from.values())
}

// varsOf returns the variables that a map holds.
func varsOf(from *content) inventory.Vars {
	var vars inventory.Vars
	for i, key := range from.keys {
		vars.Set(key, from.items[i].value())
	}
	return vars
}

// Vars returns the variables that the text of a group_vars or host_vars file holds.
func Vars(path string, text []byte, ansible *ansible.InUse) (inventory.Vars, error) {
	data, err := parseData(python.Decode(text), dataUse{ansible: ansible})
	if err != nil {
		fault := *inventory.Faults(err)[0]
		fault.File = path
		return inventory.Vars{}, &fault
	}
	if data.kind() != inventory.Map {
		if data.isTrue() {
			return inventory.Vars{}, &inventory.Error{File: path, Message: "must hold a map of variables"}
		}
		return inventory.Vars{}, nil
	}
	return varsOf(data.content), nil
}
