package inventory

import (
	"fmt"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"
)

// iniReader reads Ansible's INI grammar into an inventory (ansible/plugins/inventory/ini.py). What it has read stays in
// the inventory when it fails, as with Ansible, whose next plugin then goes on with it.
type iniReader struct {
	*reading
	group    *Group // of the section that is open
	kind     string // of that section: hosts, children or vars
	pending  map[string]*declaration
	declared []*declaration // pending ones in order; a settled one has its name emptied
	line     int
}

// declaration is a group that a section names before it exists: [web:vars], or web below [prod:children].
type declaration struct {
	name    string
	line    int
	kind    string
	parents []*Group
}

// readINI reads the text of an INI inventory. Its errors have line and column, but no file.
func readINI(r *reading, text string) error { return readINIInBlocks(r, text, iniBlockSize) }

// readINIInBlocks does so in blocks of that size.
func readINIInBlocks(r *reading, text string, size int) error {
	ini := &iniReader{
		reading: r,
		group:   r.inv.Group("ungrouped"),
		kind:    "hosts",
		pending: map[string]*declaration{},
	}
	blocks := lookAhead(text, size)
	defer blocks.wait()
	r.inv.expect(min(strings.Count(text, "\n"), maxHosts))
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
func locate(fault *Error, line int, full, stripped string) error {
	located := *fault
	located.Line = line
	if located.Column > 0 {
		before := full[:strings.Index(full, stripped)] + stripped[:located.Column-1]
		located.Column = 1 + runeCount(before)
	}
	return &located
}

// checkRoom counts what the ranges of all lines stand for, before any host is made: five million take a gigabyte. Lines
// that take more than a look are left to the reading.
func (r *iniReader) checkRoom(text string) error {
	room, kind := r.room, ""
	for rest := text; ; {
		at := strings.IndexByte(rest, '[')
		if at < 0 {
			return nil
		}
		// Whatever else ends lines, a line feed does.
		start := 1 + strings.LastIndexByte(rest[:at], '\n')
		full, behind := nextLine(rest[start:])
		for len(rest)-len(behind) <= at {
			start = len(rest) - len(behind)
			full, behind = nextLine(behind)
		}
		before := text[:len(text)-len(rest)+start]
		rest = behind
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
		if name, _, ok := parseAddress(pattern, true, r.ansible.isSince); ok {
			pattern = name
		}
		total, err := countNames(pattern)
		if err != nil {
			return nil // this line will be refused, if none before it is
		}
		if total > room {
			return locate(&Error{Column: 1, Message: tooManyHosts(pattern)}, 1+countLines(before), full, line)
		}
		room -= total
	}
}

// readLine reads one line. A column in its errors counts bytes of the line's text, from 1.
func (r *iniReader) readLine(line *iniLine) *Error {
	if line.text[0] == '[' {
		if name, kind, ok := parseSection(line.text); ok {
			return r.openSection(name, kind)
		}
		if line.text[len(line.text)-1] == ']' {
			return &Error{Column: 1, Message: "invalid section: write [group], [group:children] or [group:vars], without spaces in the brackets"}
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
	if !isPrintable(name) {
		return &Error{Column: 1, Message: notUTF8}
	}
	switch kind {
	case "":
		kind = "hosts"
	case "hosts", "children", "vars":
	default:
		return &Error{Column: len(name) + 3, Message: fmt.Sprintf(
			"section [%s:%s] has an unknown type: only children, vars and hosts are known", shown.Bare(name), kind)}
	}
	name = r.inv.safeGroupName(name)
	group := r.inv.Group(name)
	waiting := r.pending[name]
	if group == nil {
		if kind == "vars" && waiting == nil {
			waiting = r.declare(name, kind)
		}
		var err error
		if group, err = r.inv.AddGroup(name); err != nil {
			return asError(err)
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
			return &Error{Line: d.line, Column: 1,
				Message: fmt.Sprintf("section [%s:vars] gives variables to a group that is nowhere defined", shown.Bare(d.name))}
		default:
			parent := d.parents[len(d.parents)-1]
			return &Error{Line: d.line, Column: 1,
				Message: fmt.Sprintf("section [%s:children] names group %s, which is nowhere defined", shown.Bare(parent.Name), shown.Name(d.name))}
		}
	}
	return nil
}

// readHost adds the hosts of a line such as `web[01:20] ansible_port=2222 role=api`.
func (r *iniReader) readHost(line *hostLine) *Error {
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
	for name, value := range line.vars.All() {
		if value.Content() == nil && value.Origin() == asIs {
			continue
		}
		if value, err = r.settleLiteral(value); err != nil {
			return err
		}
		line.vars.Set(name, value)
	}
	if fault := r.addHosts(names, r.group, port, &line.vars); fault != nil {
		fault.Column = line.at + 1
		return fault
	}
	return nil
}

// hostNames is INI's own check upon what every reader does (ini.py, _expand_hostpattern).
func (r *iniReader) hostNames(pattern string) ([]string, Value, *Error) {
	names, port, err := r.expandPattern(pattern)
	if err != nil {
		return nil, port, err
	}
	if port.Kind() == Null && strings.HasSuffix(strip(pattern), ":") {
		return nil, port, &Error{Message: fmt.Sprintf("host %s ends in a colon but names no port; in an INI inventory a colon only comes before a port", shown.Name(pattern))}
	}
	if !isPrintable(pattern) {
		return nil, port, &Error{Message: notUTF8}
	}
	for _, name := range names {
		if strip(name) == "---" {
			return nil, port, &Error{Message: "--- is no host: it begins a YAML document; name the file .yml"}
		}
	}
	return names, port, nil
}

// iniValue returns what stands behind name= in an INI file, or what is wrong with it; the error has no place yet.
func iniValue(name, text string) (Value, *Error) {
	value, err := parseLiteral(text)
	why := ""
	switch {
	case err != nil:
		why = err.Error()
	case !isPrintable(name):
		why = notUTF8
	default:
		why = value.unprintable()
	}
	if why != "" {
		return Value{}, &Error{Message: fmt.Sprintf("the value of %s: %s", shown.Name(name), why)}
	}
	return value, nil
}

// readVariable reads a line of a vars section.
func (r *iniReader) readVariable(line string) *Error {
	name, text, found := strings.Cut(line, "=")
	if !found {
		return &Error{Column: 1, Message: "expected a variable as key=value"}
	}
	name = strip(name)
	value, fault := iniValue(name, strip(text))
	if fault != nil {
		fault.Column = 1
		return fault
	}
	if value, fault = r.settleLiteral(value); fault != nil {
		return fault
	}
	if err := r.inv.setGroupVariable(r.group, name, value); err != nil {
		return asError(err)
	}
	return nil
}

// readChild reads a line of a children section.
func (r *iniReader) readChild(line string) *Error {
	name, rest := cutGroupName(line)
	switch {
	case name == "" || !isCommentOrEmpty(rest):
		return &Error{Column: 1, Message: "expected the name of a group, alone on its line"}
	case !isPrintable(name):
		return &Error{Column: 1, Message: notUTF8}
	}
	if r.inv.Group(name) != nil {
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
