// Package ini reads the text of an INI inventory, as Ansible's plugin ini does (ansible/plugins/inventory/ini.py). [Read] is
// the door; lines are prefetched in prefetch.go, values are made in value.go.
//
// It knows sections, lines of hosts and how a value becomes one of an inventory; what Python makes of words and literals is
// in package python. It knows nothing of files.
package ini

import (
	"fmt"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/address"
	"github.com/regal-inventory/regal-inventory/inventory/internal/reading"
	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// reader reads Ansible's INI grammar into an inventory (ansible/plugins/inventory/ini.py). What it has read stays in
// the inventory when it fails, as with Ansible, whose next plugin then goes on with it.
type reader struct {
	*reading.Reading
	group    *inventory.Group // of the section that is open
	kind     string           // of that section: hosts, children or vars
	pending  map[string]*declaration
	declared []*declaration // pending ones in order; a settled one has its name emptied
	line     int
}

// declaration is a group that a section names before it exists: [web:vars], or web below [prod:children].
type declaration struct {
	name    string
	line    int
	kind    string
	parents []*inventory.Group
}

// Read reads the text of an INI inventory. Its errors have line and column, but no file.
func Read(r *reading.Reading, text string) error { return readInBlocks(r, text, blockSize) }

// readInBlocks does so in blocks of that size.
func readInBlocks(r *reading.Reading, text string, size int) error {
	ini := &reader{
		Reading: r,
		group:   r.Inventory.Group("ungrouped"),
		kind:    "hosts",
		pending: map[string]*declaration{},
	}
	blocks := prefetch(text, size)
	defer blocks.wait()
	if err := ini.checkRoom(text); err != nil {
		return err
	}
	for before, lines := range blocks.all() {
		for i := range lines {
			line := &lines[i]
			ini.line = before + line.number
			if err := ini.readLine(line); err != nil {
				return locate(err, ini.line, line.full, line.text)
			}
		}
	}
	return ini.checkPending()
}

// locate completes an error of a line: its column counts bytes of the stripped line so far.
func locate(fault *inventory.Error, line int, full, stripped string) error {
	located := *fault
	located.Line = line
	if located.Column > 0 {
		before := full[:strings.Index(full, stripped)] + stripped[:located.Column-1]
		located.Column = 1 + python.Len(before)
	}
	return &located
}

// checkRoom counts what the ranges of all lines stand for, before any host is made: five million take a gigabyte. Lines
// that take more than a look are left to the reading.
func (r *reader) checkRoom(text string) error {
	room, kind := r.Room, ""
	for rest := text; ; {
		at := strings.IndexByte(rest, '[')
		if at < 0 {
			return nil
		}
		// Whatever else ends lines, a line feed does.
		start := 1 + strings.LastIndexByte(rest[:at], '\n')
		full, behind := python.NextLine(rest[start:])
		for len(rest)-len(behind) <= at {
			start = len(rest) - len(behind)
			full, behind = python.NextLine(behind)
		}
		before := text[:len(text)-len(rest)+start]
		rest = behind
		line := python.Strip(full)
		if line[0] == '[' {
			if _, opened, ok := parseSection(line); ok {
				kind = opened
			}
			continue
		}
		pattern, _, _ := strings.Cut(line, " ")
		if kind != "" && kind != "hosts" || strings.IndexByte(pattern, '[') < 0 || strings.ContainsAny(pattern, "\"'\\#;\t") {
			continue
		}
		if name, _, ok := address.Parse(pattern, true, r.Ansible.IsSince); ok {
			pattern = name
		}
		total, err := address.Count(pattern)
		if err != nil {
			return nil // this line will be refused, if none before it is
		}
		if total > room {
			return locate(&inventory.Error{Column: 1, Message: address.TooMany(pattern)}, 1+python.CountLines(before), full, line)
		}
		room -= total
	}
}

// readLine reads one line. A column in its errors counts bytes of the line's text, from 1.
func (r *reader) readLine(line *textLine) *inventory.Error {
	if line.text[0] == '[' {
		if name, kind, ok := parseSection(line.text); ok {
			return r.openSection(name, kind)
		}
		if line.text[len(line.text)-1] == ']' {
			return &inventory.Error{Column: 1, Message: "invalid section: write [group], [group:children] or [group:vars], without spaces in the brackets"}
		}
	}
	switch r.kind {
	case "hosts":
		return r.readHost(&line.host)
	case "vars":
		return r.readVariable(line.text)
	default:
		return r.readChild(line.text)
	}
}

// parseSection takes a section's name and kind out of its line; the kind is empty if none is given.
func parseSection(line string) (name, kind string, ok bool) {
	name, rest := cutGroupName(line[1:])
	if name == "" || rest == "" {
		return "", "", false
	}
	if rest[0] == ':' {
		end := strings.IndexFunc(rest[1:], func(c rune) bool { return !python.IsWord(c) })
		if end <= 0 {
			return "", "", false
		}
		kind, rest = rest[1:1+end], rest[1+end:]
	}
	if rest[0] != ']' || !isCommentOrEmpty(rest[1:]) {
		return "", "", false
	}
	return name, kind, true
}

// cutGroupName cuts off what may be a group's name: everything up to a colon, a closing bracket or white space.
func cutGroupName(text string) (name, rest string) {
	for i, c := range text {
		if c == ':' || c == ']' || python.IsSpace(c) {
			return text[:i], text[i:]
		}
	}
	return text, ""
}

// isCommentOrEmpty tells whether only white space and perhaps a # comment is left of a line.
func isCommentOrEmpty(text string) bool {
	text = strings.TrimLeftFunc(text, python.IsSpace)
	return text == "" || text[0] == '#'
}

func (r *reader) openSection(name, kind string) *inventory.Error {
	if !wire.IsPrintable(name) {
		return &inventory.Error{Column: 1, Message: wire.NotUTF8}
	}
	switch kind {
	case "":
		kind = "hosts"
	case "hosts", "children", "vars":
	default:
		return &inventory.Error{Column: len(name) + 3, Message: fmt.Sprintf(
			"section [%s:%s] has an unknown type: only children, vars and hosts are known", shown.Bare(name), kind)}
	}
	name = r.Inventory.SafeGroupName(name)
	group := r.Inventory.Group(name)
	waiting := r.pending[name]
	if group == nil {
		if kind == "vars" && waiting == nil {
			waiting = r.declare(name, kind)
		}
		var err error
		if group, err = r.Inventory.AddGroup(name); err != nil {
			return inventory.Faults(err)[0]
		}
	}
	r.group, r.kind = group, kind
	if waiting == nil || kind == "vars" {
		return nil
	}
	if waiting.kind == "vars" {
		r.settle(waiting)
		return nil
	}
	return r.adopt(waiting)
}

func (r *reader) declare(name, kind string) *declaration {
	d := &declaration{name: name, line: r.line, kind: kind}
	r.pending[name] = d
	r.declared = append(r.declared, d)
	return d
}

func (r *reader) settle(d *declaration) {
	delete(r.pending, d.name)
	d.name = ""
}

// adopt puts a group that now exists below the parents that named it, and these below theirs
// (ini.py, _add_pending_children).
func (r *reader) adopt(d *declaration) *inventory.Error {
	for _, parent := range d.parents {
		if err := r.Inventory.AddChild(parent, d.name); err != nil {
			return inventory.Faults(err)[0]
		}
		if above := r.pending[parent.Name]; above != nil && above.kind == "children" {
			if err := r.adopt(above); err != nil {
				return err
			}
		}
	}
	r.settle(d)
	return nil
}

func (r *reader) checkPending() error {
	for _, d := range r.declared {
		switch {
		case d.name == "":
		case d.kind == "vars":
			return &inventory.Error{Line: d.line, Column: 1,
				Message: fmt.Sprintf("section [%s:vars] gives variables to a group that is nowhere defined", shown.Bare(d.name))}
		default:
			parent := d.parents[len(d.parents)-1]
			return &inventory.Error{Line: d.line, Column: 1,
				Message: fmt.Sprintf("section [%s:children] names group %s, which is nowhere defined", shown.Bare(parent.Name), shown.Name(d.name))}
		}
	}
	return nil
}

// readHost adds the hosts of a line such as `web[01:20] ansible_port=2222 role=api`.
func (r *reader) readHost(line *hostLine) *inventory.Error {
	if line.unsplit != nil {
		return line.unsplit
	}
	names, port, err := r.hostNames(line.pattern)
	if err != nil {
		err.Column = line.at + 1
		return err
	}
	if line.fault != nil {
		return line.fault
	}
	lossy, err := r.settleVars(line)
	if err != nil {
		return err
	}
	if fault := r.AddHosts(names, r.group, port, &line.vars); fault != nil {
		fault.Column = line.at + 1
		return fault
	}
	for _, name := range lossy {
		r.NoteLossy(name, names...)
	}
	return nil
}

// settleVars gives the variables that JSON cannot carry the values that the Ansible in use makes of them, and returns the names
// of those that it cannot carry then either.
func (r *reader) settleVars(line *hostLine) (lossy []string, fault *inventory.Error) {
	if len(line.lossy) == 0 {
		return nil, nil
	}
	for name := range line.vars.All() {
		object := line.lossy[name]
		if object == nil {
			continue
		}
		value, isLossy, fault := r.settleObject(object)
		if fault != nil {
			return nil, fault
		}
		line.vars.Set(name, value)
		if isLossy {
			lossy = append(lossy, name)
		}
	}
	return lossy, nil
}

// hostNames is INI's own check upon what every reader does (ini.py, _expand_hostpattern).
func (r *reader) hostNames(pattern string) ([]string, inventory.Value, *inventory.Error) {
	names, port, err := r.ExpandPattern(pattern)
	if err != nil {
		return nil, port, err
	}
	if port.Kind() == inventory.Null && strings.HasSuffix(python.Strip(pattern), ":") {
		return nil, port, &inventory.Error{Message: fmt.Sprintf("host %s ends in a colon but names no port; in an INI inventory a colon only comes before a port", shown.Name(pattern))}
	}
	if !wire.IsPrintable(pattern) {
		return nil, port, &inventory.Error{Message: wire.NotUTF8}
	}
	for _, name := range names {
		if python.Strip(name) == "---" {
			return nil, port, &inventory.Error{Message: "--- is no host: it begins a YAML document; name the file .yml"}
		}
	}
	return names, port, nil
}

// variableValue returns what stands behind name= in an INI file, or what is wrong with it; the error has no place yet.
func variableValue(name, text string) (literal, *inventory.Error) {
	made, err := parseLiteral(text)
	why := ""
	switch {
	case err != nil:
		why = err.Error()
	case !wire.IsPrintable(name):
		why = wire.NotUTF8
	case made.odd != nil:
		why = made.odd.unprintable
	}
	if why != "" {
		return literal{}, &inventory.Error{Message: fmt.Sprintf("the value of %s: %s", shown.Name(name), why)}
	}
	return made, nil
}

// readVariable reads a line of a vars section.
func (r *reader) readVariable(line string) *inventory.Error {
	name, text, found := strings.Cut(line, "=")
	if !found {
		return &inventory.Error{Column: 1, Message: "expected a variable as key=value"}
	}
	name = python.Strip(name)
	made, fault := variableValue(name, python.Strip(text))
	if fault != nil {
		fault.Column = 1
		return fault
	}
	value, isLossy := made.value, false
	if object := made.lossy(); object != nil {
		if value, isLossy, fault = r.settleObject(object); fault != nil {
			return fault
		}
	}
	if err := r.Inventory.SetGroupVariable(r.group, name, value); err != nil {
		return inventory.Faults(err)[0]
	}
	if isLossy {
		r.NoteLossy(name, r.group.Name)
	}
	return nil
}

// readChild reads a line of a children section.
func (r *reader) readChild(line string) *inventory.Error {
	name, rest := cutGroupName(line)
	switch {
	case name == "" || !isCommentOrEmpty(rest):
		return &inventory.Error{Column: 1, Message: "expected the name of a group, alone on its line"}
	case !wire.IsPrintable(name):
		return &inventory.Error{Column: 1, Message: wire.NotUTF8}
	}
	if r.Inventory.Group(name) != nil {
		if err := r.Inventory.AddChild(r.group, name); err != nil {
			return inventory.Faults(err)[0]
		}
		return nil
	}
	waiting := r.pending[name]
	if waiting == nil {
		waiting = r.declare(name, "children")
	}
	waiting.parents = append(waiting.parents, r.group)
	return nil
}
