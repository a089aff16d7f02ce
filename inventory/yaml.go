package inventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"

	"gopkg.in/yaml.v3"
)

// parseData reads a file's text as Ansible's loader does: as JSON, and if it is not that, as YAML
// (ansible/parsing/utils/yaml.py, from_yaml).
func parseData(text string, use dataUse) (Value, error) {
	// Only a JSON text that is a map makes a difference: anything else is refused either way.
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		switch value, isJSON, err := tryJSON(text); {
		case err == nil:
			return value, nil
		case isJSON:
			return Value{}, err
		}
	}
	return parseYAML(text, use)
}

// yamlReader reads a YAML inventory.
type yamlReader struct {
	*reading
	path  []string  // the keys that lead to what is being read
	names *varNames // of the host before
}

// parseDataText reads a file's text as data that is not printed.
func parseDataText(text string) (Value, error) { return parseData(text, dataUse{}) }

// readYAML reads the text of a YAML or JSON inventory (ansible/plugins/inventory/yaml.py). What it has read stays in the
// inventory when it fails, as with Ansible.
func readYAML(into *reading, text string) error {
	r := &yamlReader{reading: into}
	data, err := parseData(text, dataUse{ansible: r.ansible, warn: r.warnAt, lose: r.lose, print: true})
	if err != nil {
		return err
	}
	switch {
	case !data.isTrue():
		return &Error{Message: "the file is empty"}
	case data.kind != Map:
		return &Error{Message: "a YAML inventory is a map of groups"}
	}
	for i, key := range data.body.keys {
		if key == "plugin" && data.body.values[i].isTrue() {
			return errPluginConfiguration
		}
	}
	room := r.room
	if err := r.checkRoom(data, &room); err != nil {
		return locateKey(err, text, r.path)
	}
	for i := range data.body.keys {
		if _, err := r.readGroup(data, i); err != nil {
			return locateKey(err, text, r.path)
		}
	}
	return nil
}

// checkRoom counts what the ranges of all hosts in a map of groups stand for, before any host is made: five million take a
// gigabyte. What is wrong otherwise is left to the reading.
func (r *yamlReader) checkRoom(groups Value, room *int) error {
	for i, name := range groups.body.keys {
		group := groups.body.values[i]
		if group.kind != Map {
			continue
		}
		r.path = append(r.path, name)
		for j, section := range group.body.keys {
			content := group.body.values[j]
			if content.kind != Map || section != "hosts" && section != "children" {
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
func (r *yamlReader) checkHosts(hosts Value, room *int) error {
	for _, pattern := range hosts.body.keys {
		if strings.IndexByte(pattern, '[') < 0 {
			continue
		}
		name := pattern
		if host, _, ok := parseAddress(pattern, true, r.ansible.isSince); ok {
			name = host
		}
		total, err := countNames(name)
		if err != nil {
			continue
		}
		if total > *room {
			r.path = append(r.path, pattern)
			return &Error{Message: tooManyHosts(name)}
		}
		*room -= total
	}
	return nil
}

// locateKey gives an error the place of the key that the path leads to. Values do not know where they stand, so the text
// is parsed once more: errors are rare, and places for every value would cost every run.
func locateKey(err error, text string, path []string) error {
	fault := *asError(err)
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

// errPluginConfiguration is readYAML's answer to a file that configures an inventory plugin.
var errPluginConfiguration = &Error{Message: "the file configures an inventory plugin and is no inventory itself"}

// readGroup reads the group at place at of a map of groups and returns its name (yaml.py, _parse_group). The keys that
// lead to what is being read are in r.path; on an error they stay there.
func (r *yamlReader) readGroup(groups Value, at int) (string, error) {
	name, data := groups.body.keys[at], groups.body.values[at]
	r.path = append(r.path, name)
	if data.kind != Map && data.kind != Null {
		r.warn(fmt.Sprintf("%s is skipped: it is no group", shown.Name(name)))
		r.leave()
		return name, nil
	}
	if groups.body.oddKeys[at] || name == "" {
		return "", &Error{Message: fmt.Sprintf("group name %s is no text; write it in quotes", shown.Name(name))}
	}
	if len(r.path) > 2*maxDepth {
		return "", &Error{Message: fmt.Sprintf("group %s stands more than %d groups deep", shown.Name(name), maxDepth)}
	}
	group, err := r.inv.AddGroup(name)
	if err != nil {
		return "", err
	}
	name = group.Name
	if data.kind == Null {
		r.leave()
		return name, nil
	}
	for i, section := range data.body.keys {
		if !isSection(section) || data.body.oddKeys[i] {
			continue
		}
		if content := data.body.values[i]; content.kind != Map && content.kind != Null && !content.isText() {
			r.path = append(r.path, section)
			return "", &Error{Message: fmt.Sprintf("%s of group %s must be a map", section, shown.Name(name))}
		}
	}
	for i, section := range data.body.keys {
		content := data.body.values[i]
		if content.isText() && isSection(section) {
			// A single name stands for a map of it alone.
			content = newMap([]string{content.text}, []Value{{}})
		}
		switch {
		case content.kind == Null:
		case content.kind != Map:
			r.warn(fmt.Sprintf("key %s of group %s is skipped: it is no map", shown.Name(section), shown.Name(name)))
		case !isSection(section) || data.body.oddKeys[i]:
			r.warn(fmt.Sprintf("key %s of group %s is skipped: only vars, children and hosts are known", shown.Name(section), shown.Name(name)))
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
func (r *yamlReader) leave() { r.path = r.path[:len(r.path)-1] }

func isSection(key string) bool { return key == "vars" || key == "children" || key == "hosts" }

func (r *yamlReader) readSection(group *Group, section string, content Value) error {
	for i, key := range content.body.keys {
		switch section {
		case "vars":
			r.path = append(r.path, key)
			r.oddKeys = r.oddKeys || content.body.oddKeys[i]
			if err := r.inv.setVariable(group.Name, key, content.body.values[i]); err != nil {
				return err
			}
			r.leave()
		case "children":
			child, err := r.readGroup(content, i)
			if err != nil {
				return err
			}
			if err := r.inv.AddChild(group, child); err != nil {
				r.path = append(r.path, child)
				return err
			}
		case "hosts":
			r.path = append(r.path, key)
			if content.body.oddKeys[i] {
				return &Error{Message: fmt.Sprintf("host name %s is no text; write it in quotes", shown.Name(key))}
			}
			if err := r.readHost(group, key, content.body.values[i]); err != nil {
				return err
			}
			r.leave()
		}
	}
	return nil
}

func (r *yamlReader) readHost(group *Group, pattern string, data Value) error {
	names, port, err := r.expandPattern(pattern)
	if err != nil {
		return err
	}
	var vars Vars
	switch {
	case !data.isTrue():
	case data.kind != Map:
		return &Error{Message: fmt.Sprintf("host %s must hold a map of variables", shown.Name(pattern))}
	case data.body.oddKeys == nil && !data.body.named:
		vars = newVars(r.namesOf(data.body.keys), data.body.values)
	default:
		r.oddKeys = r.oddKeys || data.body.oddKeys != nil
		for i, key := range data.body.keys {
			vars.Set(key, data.body.values[i])
		}
	}
	if err := r.addHosts(names, group, port, &vars); err != nil {
		return err
	}
	return nil
}

// namesOf returns the names for variables in that order, the same ones as last time if they are alike.
func (r *yamlReader) namesOf(keys []string) *varNames {
	if r.names == nil || !slices.Equal(r.names.List(), keys) {
		r.names = sharedNames(keys)
	}
	return r.names
}

// parseVars returns the variables that the text of a group_vars or host_vars file holds.
func parseVars(path string, data []byte, ansible *ansibleInUse) (Vars, error) {
	value, err := parseData(decodeText(data), dataUse{ansible: ansible})
	if err != nil {
		fault := *asError(err)
		fault.File = path
		return Vars{}, &fault
	}
	var vars Vars
	if value.kind != Map {
		if value.isTrue() {
			return vars, &Error{File: path, Message: "must hold a map of variables"}
		}
		return vars, nil
	}
	for i, key := range value.body.keys {
		vars.Set(key, value.body.values[i])
	}
	return vars, nil
}
