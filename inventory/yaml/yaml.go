// Package yaml reads YAML as Ansible does: the text of an inventory ([Read], ansible/plugins/inventory/yaml.py), and that of
// a file of variables ([Vars]) or of settings ([Parse]), by Ansible's loader. yaml.go has the grammar of inventories,
// construct.go makes values of nodes, scalar.go those of plain scalars (yes, 017, 1:30), and document.go gets the nodes from
// yaml.v3 where that reads otherwise than libyaml.
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
func parseData(text string, use dataUse) (inventory.Value, error) {
	// Only a JSON text that is a map makes a difference: anything else is refused either way.
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		switch value, isJSON, err := json.Try(text); {
		case err == nil:
			return value, nil
		case isJSON:
			return inventory.Value{}, err
		}
	}
	return parseText(text, use)
}

// reader reads a YAML inventory.
type reader struct {
	*reading.Reading
	path  []string         // the keys that lead to what is being read
	names *inventory.Names // of the host before
}

// Parse reads a file's text as data that is not printed.
func Parse(text string) (inventory.Value, error) { return parseData(text, dataUse{}) }

// Read reads the text of a YAML or JSON inventory (ansible/plugins/inventory/yaml.py). What it has read stays in the
// inventory when it fails, as with Ansible.
func Read(into *reading.Reading, text string) error {
	r := &reader{Reading: into}
	data, err := parseData(text, dataUse{ansible: r.Ansible, warn: r.WarnAt, lose: r.Lose, print: true})
	if err != nil {
		return err
	}
	switch {
	case !data.IsTrue():
		return &inventory.Error{Message: "the file is empty"}
	case data.Kind() != inventory.Map:
		return &inventory.Error{Message: "a YAML inventory is a map of groups"}
	}
	for i, key := range data.Content().Keys {
		if key == "plugin" && data.Content().Values[i].IsTrue() {
			return ErrPluginConfiguration
		}
	}
	room := r.Room
	if err := r.checkRoom(data, &room); err != nil {
		return locateKey(err, text, r.path)
	}
	for i := range data.Content().Keys {
		if _, err := r.readGroup(data, i); err != nil {
			return locateKey(err, text, r.path)
		}
	}
	return nil
}

// checkRoom counts what the ranges of all hosts in a map of groups stand for, before any host is made: five million take a
// gigabyte. What is wrong otherwise is left to the reading.
func (r *reader) checkRoom(groups inventory.Value, room *int) error {
	for i, name := range groups.Content().Keys {
		group := groups.Content().Values[i]
		if group.Kind() != inventory.Map {
			continue
		}
		r.path = append(r.path, name)
		for j, section := range group.Content().Keys {
			content := group.Content().Values[j]
			if content.Kind() != inventory.Map || section != "hosts" && section != "children" {
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
func (r *reader) checkHosts(hosts inventory.Value, room *int) error {
	for _, pattern := range hosts.Content().Keys {
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
func (r *reader) readGroup(groups inventory.Value, at int) (string, error) {
	name, data := groups.Content().Keys[at], groups.Content().Values[at]
	r.path = append(r.path, name)
	if data.Kind() != inventory.Map && data.Kind() != inventory.Null {
		r.Warn(fmt.Sprintf("%s is skipped: it is no group", shown.Name(name)))
		r.leave()
		return name, nil
	}
	if groups.Content().OddKeys[at] || name == "" {
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
	if data.Kind() == inventory.Null {
		r.leave()
		return name, nil
	}
	for i, section := range data.Content().Keys {
		if !isSection(section) || data.Content().OddKeys[i] {
			continue
		}
		if content := data.Content().Values[i]; content.Kind() != inventory.Map && content.Kind() != inventory.Null && !content.IsText() {
			r.path = append(r.path, section)
			return "", &inventory.Error{Message: fmt.Sprintf("%s of group %s must be a map", section, shown.Name(name))}
		}
	}
	for i, section := range data.Content().Keys {
		content := data.Content().Values[i]
		if content.IsText() && isSection(section) {
			// A single name stands for a map of it alone.
			content = inventory.NewMap([]string{content.Text()}, []inventory.Value{{}})
		}
		switch {
		case content.Kind() == inventory.Null:
		case content.Kind() != inventory.Map:
			r.Warn(fmt.Sprintf("key %s of group %s is skipped: it is no map", shown.Name(section), shown.Name(name)))
		case !isSection(section) || data.Content().OddKeys[i]:
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

func (r *reader) readSection(group *inventory.Group, section string, content inventory.Value) error {
	for i, key := range content.Content().Keys {
		switch section {
		case "vars":
			r.path = append(r.path, key)
			r.OddKeys = r.OddKeys || content.Content().OddKeys[i]
			if err := r.Inventory.SetVariable(group.Name, key, content.Content().Values[i]); err != nil {
				return err
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
			if content.Content().OddKeys[i] {
				return &inventory.Error{Message: fmt.Sprintf("host name %s is no text; write it in quotes", shown.Name(key))}
			}
			if err := r.readHost(group, key, content.Content().Values[i]); err != nil {
				return err
			}
			r.leave()
		}
	}
	return nil
}

func (r *reader) readHost(group *inventory.Group, pattern string, data inventory.Value) error {
	names, port, err := r.ExpandPattern(pattern)
	if err != nil {
		return err
	}
	var vars inventory.Vars
	switch {
	case !data.IsTrue():
	case data.Kind() != inventory.Map:
		return &inventory.Error{Message: fmt.Sprintf("host %s must hold a map of variables", shown.Name(pattern))}
	case data.Content().OddKeys == nil && !data.Content().Named:
		vars = inventory.NewVars(r.namesOf(data.Content().Keys), data.Content().Values)
	default:
		r.OddKeys = r.OddKeys || data.Content().OddKeys != nil
		for i, key := range data.Content().Keys {
			vars.Set(key, data.Content().Values[i])
		}
	}
	if err := r.AddHosts(names, group, port, &vars); err != nil {
		return err
	}
	return nil
}

// namesOf returns the names for variables in that order, the same ones as last time if they are alike.
func (r *reader) namesOf(keys []string) *inventory.Names {
	if r.names == nil || !slices.Equal(r.names.List(), keys) {
		r.names = inventory.NewNames(keys)
	}
	return r.names
}

// Vars returns the variables that the text of a group_vars or host_vars file holds.
func Vars(path string, data []byte, ansible *ansible.InUse) (inventory.Vars, error) {
	value, err := parseData(python.Decode(data), dataUse{ansible: ansible})
	if err != nil {
		fault := *inventory.Faults(err)[0]
		fault.File = path
		return inventory.Vars{}, &fault
	}
	var vars inventory.Vars
	if value.Kind() != inventory.Map {
		if value.IsTrue() {
			return vars, &inventory.Error{File: path, Message: "must hold a map of variables"}
		}
		return vars, nil
	}
	for i, key := range value.Content().Keys {
		vars.Set(key, value.Content().Values[i])
	}
	return vars, nil
}
