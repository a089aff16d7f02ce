package inventory

import (
	"fmt"
	"math"
	"strings"
)

// iniReader reads Ansible's INI grammar into an inventory (ansible/plugins/inventory/ini.py). What it has read stays in
// the inventory when it fails, as with Ansible, whose next plugin then goes on with it.
type iniReader struct {
	*reader
	group    *Group // of the section that is open
	kind     string // of that section: hosts, children or vars
	pending  map[string]*declaration
	declared []*declaration // pending ones in order; a settled one has its name emptied
	words    []word         // of the line, kept to spare allocations
	freeVars []Var          // what makeVars takes from, for the same reason
	line     int
}

// declaration is a group that a section names before it exists: [web:vars], or web below [prod:children].
type declaration struct {
	name    string
	line    int
	kind    string
	parents []*Group
}

// readINI reads the text of an INI inventory.
func (r *reader) readINI(text string) error {
	ini := &iniReader{
		reader:  r,
		group:   r.inv.groupByName[groupUngrouped],
		kind:    "hosts",
		pending: map[string]*declaration{},
	}
	r.inv.expect(min(strings.Count(text, "\n"), maxHosts))
	next := nextLine
	if plainLines(text) {
		next = nextPlainLine
	}
	if err := ini.checkRoom(text, next); err != nil {
		return err
	}
	for text != "" {
		var full string
		full, text = next(text)
		ini.line++
		line := strip(full)
		if line == "" || line[0] == ';' || line[0] == '#' {
			continue
		}
		if err := ini.readLine(line); err != nil {
			return r.locate(err, ini.line, full, line)
		}
	}
	return ini.checkPending()
}

// checkRoom counts what the ranges of all lines stand for, before any host is made: five million take a gigabyte. Lines
// that take more than a look are left to the reading.
func (r *iniReader) checkRoom(text string, next func(string) (line, rest string)) error {
	room, kind := r.room, ""
	for number := 1; text != ""; number++ {
		var full string
		if full, text = next(text); strings.IndexByte(full, '[') < 0 {
			continue
		}
		line := strip(full)
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
		if name, _, ok := parseAddress(pattern, true); ok {
			pattern = name
		}
		_, _, total, err := parseRanges(pattern, math.MaxInt)
		if err != nil {
			return nil // this line will be refused, if none before it is
		}
		if total > room {
			return r.locate(&Error{Column: 1, Message: tooManyHosts(pattern)}, number, full, line)
		}
		room -= total
	}
	return nil
}

// readLine reads one line that is neither empty nor a comment. A column in its errors counts bytes of line, from 1.
func (r *iniReader) readLine(line string) *Error {
	if line[0] == '[' {
		if name, kind, ok := parseSection(line); ok {
			return r.openSection(name, kind)
		}
		if line[len(line)-1] == ']' {
			return &Error{Column: 1, Message: "invalid section: write [group], [group:children] or [group:vars], without spaces in the brackets"}
		}
	}
	switch r.kind {
	case "hosts":
		return r.readHost(line)
	case "vars":
		return r.readVariable(line)
	default:
		return r.readChild(line)
	}
}

// parseSection takes a section's name and kind out of its line; the kind is empty if none is given.
func parseSection(line string) (name, kind string, ok bool) {
	name, rest := cutGroupName(line[1:])
	if name == "" || rest == "" {
		return "", "", false
	}
	if rest[0] == ':' {
		end := strings.IndexFunc(rest[1:], func(c rune) bool { return !isWord(c) })
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
		if c == ':' || c == ']' || isSpace(c) {
			return text[:i], text[i:]
		}
	}
	return text, ""
}

// isCommentOrEmpty tells whether only white space and perhaps a # comment is left of a line.
func isCommentOrEmpty(text string) bool {
	text = strings.TrimLeftFunc(text, isSpace)
	return text == "" || text[0] == '#'
}

func (r *iniReader) openSection(name, kind string) *Error {
	switch kind {
	case "":
		kind = "hosts"
	case "hosts", "children", "vars":
	default:
		return &Error{Column: len(name) + 3, Message: fmt.Sprintf(
			"section [%s:%s] has an unknown type: only children, vars and hosts are known", bare(name), kind)}
	}
	group, known := r.inv.groupByName[name]
	waiting := r.pending[name]
	if !known {
		if kind == "vars" && waiting == nil {
			waiting = r.declare(name, kind)
		}
		group = r.inv.addGroup(name)
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

func (r *iniReader) declare(name, kind string) *declaration {
	d := &declaration{name: name, line: r.line, kind: kind}
	r.pending[name] = d
	r.declared = append(r.declared, d)
	return d
}

func (r *iniReader) settle(d *declaration) {
	delete(r.pending, d.name)
	d.name = ""
}

// adopt puts a group that now exists below the parents that named it, and these below theirs
// (ini.py, _add_pending_children).
func (r *iniReader) adopt(d *declaration) *Error {
	for _, parent := range d.parents {
		if err := r.inv.AddChild(parent, d.name); err != nil {
			return asError(err)
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

func (r *iniReader) checkPending() error {
	for _, d := range r.declared {
		switch {
		case d.name == "":
		case d.kind == "vars":
			return &Error{File: r.file, Line: d.line, Column: 1,
				Message: fmt.Sprintf("section [%s:vars] gives variables to a group that is nowhere defined", bare(d.name))}
		default:
			parent := d.parents[len(d.parents)-1]
			return &Error{File: r.file, Line: d.line, Column: 1,
				Message: fmt.Sprintf("section [%s:children] names group %s, which is nowhere defined", bare(parent.Name), quote(d.name))}
		}
	}
	return nil
}

// readHost reads a line such as `web[01:20] ansible_port=2222 role=api`.
func (r *iniReader) readHost(line string) *Error {
	words, err := splitWords(line, r.words[:0])
	if err != nil {
		err.Column = 1
		return err
	}
	r.words = words
	// A line of hosts starts with something else than white space or a comment, so there is a first word.
	names, port, err := r.hostNames(words[0].text)
	if err != nil {
		err.Column = words[0].at + 1
		return err
	}
	vars := r.makeVars(len(words) - 1)
	for _, w := range words[1:] {
		name, text, found := strings.Cut(w.text, "=")
		if !found {
			return &Error{Column: w.at + 1, Message: "expected a variable as key=value; a value with spaces needs quotes"}
		}
		value, fault := parseLiteral(text)
		if fault != nil {
			return &Error{Column: w.at + 1, Message: fmt.Sprintf("the value of %s: %s", quote(name), fault.Error())}
		}
		vars.Set(name, value)
	}
	if fault := r.addHosts(names, r.group, port, &vars); fault != nil {
		fault.Column = words[0].at + 1
		return fault
	}
	return nil
}

// makeVars returns an empty Vars with room for so many.
func (r *iniReader) makeVars(room int) Vars {
	if room == 0 {
		return Vars{}
	}
	if room > len(r.freeVars) {
		r.freeVars = make([]Var, max(room, 4*slab))
	}
	vars := Vars{list: r.freeVars[:0:room]}
	r.freeVars = r.freeVars[room:]
	return vars
}

// hostNames is INI's own check upon what every reader does (ini.py, _expand_hostpattern).
func (r *iniReader) hostNames(pattern string) ([]string, Value, *Error) {
	names, port, err := r.expandPattern(pattern)
	if err != nil {
		return nil, port, err
	}
	if port.kind == Null && strings.HasSuffix(strip(pattern), ":") {
		return nil, port, &Error{Message: fmt.Sprintf("host %s ends in a colon but names no port; in an INI inventory a colon only comes before a port", quote(pattern))}
	}
	for _, name := range names {
		if strip(name) == "---" {
			return nil, port, &Error{Message: "--- is no host: it begins a YAML document; name the file .yml"}
		}
	}
	return names, port, nil
}

// readVariable reads a line of a vars section.
func (r *iniReader) readVariable(line string) *Error {
	name, text, found := strings.Cut(line, "=")
	if !found {
		return &Error{Column: 1, Message: "expected a variable as key=value"}
	}
	name = strip(name)
	value, err := parseLiteral(strip(text))
	if err != nil {
		return &Error{Column: 1, Message: fmt.Sprintf("the value of %s: %s", quote(name), err.Error())}
	}
	if err := r.group.setVariable(name, value); err != nil {
		return asError(err)
	}
	return nil
}

// readChild reads a line of a children section.
func (r *iniReader) readChild(line string) *Error {
	name, rest := cutGroupName(line)
	if name == "" || !isCommentOrEmpty(rest) {
		return &Error{Column: 1, Message: "expected the name of a group, alone on its line"}
	}
	if r.inv.groupByName[name] != nil {
		if err := r.inv.AddChild(r.group, name); err != nil {
			return asError(err)
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
