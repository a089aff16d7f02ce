package grouping

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/internal/yamlfault"
	"github.com/regal-inventory/regal-inventory/inventory"
	"gopkg.in/yaml.v3"
)

// The keys of a policy and of a version, in the order in which messages list them.
var (
	ringRules   = []string{"schedule", "combine", "order", "seed", "spread", "max_per", "by", "cover"}
	bothKeys    = append(slices.Clone(ringRules), "done", "split")
	topKeys     = append([]string{"plugin", "inventory", "vars", "versions", "versions_from", "priority", "record", "binary"}, bothKeys...)
	versionKeys = append([]string{"hosts", "rings", "canary", "group"}, bothKeys...)
	ringKeys    = append([]string{"hosts", "canary"}, ringRules...)
	fromKeys    = []string{"var", "hosts"}
	doneKeys    = []string{"var", "facts", "max_age"}
)

// ParsePolicy reads a policy from a text of at most 4 MiB; file is the name for messages, and its folder that to which a policy's
// facts are relative. The error is one [inventory.Error] when the text cannot be read or is no YAML, else [inventory.Errors]
// with everything that is wrong in it, in the order of the file.
//
// Texts are taken as written: a version 1.10 is named 1.10, and a seed or a group may look like a number. Targets,
// variables and sources have to be texts, counts whole numbers in plain decimal digits: what YAML 1.1 reads otherwise than
// it looks (010, 1_000, 1:30) is refused. Aliases stand for what they name; merge keys (<<) are refused, since the keys at
// the top are defaults for all versions.
func ParsePolicy(file string, from io.Reader) (*Policy, error) {
	data, fault := io.ReadAll(io.LimitReader(from, bounded.Policy+1))
	if len(data) > bounded.Policy {
		fault = &bounded.TooLargeError{Most: bounded.Policy}
	}
	if fault != nil {
		return nil, unreadable(file, fault)
	}
	root, err := readDocument(data)
	if err != nil {
		err.File, err.Kind = file, inventory.PolicyError
		return nil, err
	}
	p := &parser{policy: &Policy{File: file, defaults: settings{at: map[string]place{}}}}
	p.parse(root)
	if len(p.faults) > 0 {
		slices.SortStableFunc(p.faults, func(a, b *inventory.Error) int {
			if a.Line != b.Line {
				return a.Line - b.Line
			}
			return a.Column - b.Column
		})
		return nil, p.faults
	}
	return p.policy, nil
}

// readDocument returns the one document that the text holds.
func readDocument(data []byte) (*yaml.Node, *inventory.Error) {
	if fault := checkCharacters(data); fault != nil {
		return nil, fault
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, next yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, &inventory.Error{Line: 1, Column: 1, Message: "the policy is empty: it needs plugin: regal and versions"}
	case err != nil:
		return nil, yamlfault.Of(err, string(data))
	}
	switch err := decoder.Decode(&next); {
	case err == nil:
		return nil, &inventory.Error{Line: next.Line, Column: next.Column,
			Message: "a second YAML document begins here: a policy is one document"}
	case !errors.Is(err, io.EOF):
		return nil, yamlfault.Of(err, string(data))
	}
	return document.Content[0], nil
}

// checkCharacters finds what YAML does not allow in a file, for which yaml.v3 names no line.
func checkCharacters(data []byte) *inventory.Error {
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		message := ""
		switch {
		case r == utf8.RuneError && size == 1:
			message = "this byte is not UTF-8: save the policy as UTF-8"
		case r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7F && r < 0xA0 && r != 0x85:
			message = fmt.Sprintf("YAML does not allow the control character %U: take it out", r)
		}
		if message != "" {
			line, column := lineAndColumn(data, at)
			return &inventory.Error{Line: line, Column: column, Message: message}
		}
		at += size
	}
	return nil
}

// lineAndColumn returns where the byte at that index stands.
func lineAndColumn(data []byte, at int) (line, column int) {
	start := bytes.LastIndexByte(data[:at], '\n') + 1
	return 1 + bytes.Count(data[:at], []byte{'\n'}), 1 + utf8.RuneCount(data[start:at])
}

// parser reads a policy and collects what is wrong with it.
type parser struct {
	policy *Policy
	faults inventory.Errors
}

// field is a value in the policy with its place. Behind an alias the place is the alias's.
type field struct {
	node *yaml.Node
	at   place
	key  *yaml.Node // nil for a list's element and for the whole
}

func (p *parser) fault(at place, format string, args ...any) {
	p.faults = append(p.faults, p.policy.fault(at, fmt.Sprintf(format, args...), nil))
}

func newField(node *yaml.Node, path string) field {
	at := place{node.Line, node.Column, path}
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return field{node: node, at: at}
}

// kind names the type of a field for messages.
func (f field) kind() string {
	switch f.node.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch f.node.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!bool":
		return "a boolean"
	case "!!int", "!!float":
		return "a number"
	default:
		return "a text"
	}
}

// hasOddTag tells whether the field has a tag that is none of YAML's own for such a value.
func (f field) hasOddTag() bool {
	switch tag := f.node.ShortTag(); f.node.Kind {
	case yaml.MappingNode:
		return tag != "!!map"
	case yaml.SequenceNode:
		return tag != "!!seq"
	default:
		return !slices.Contains([]string{"!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!merge"}, tag)
	}
}

// parse reads the whole policy.
func (p *parser) parse(root *yaml.Node) {
	top := newField(root, "")
	fields, ok := p.mapping(top, "a mapping with plugin, inventory and versions")
	if !ok {
		return
	}
	if root.Style&yaml.FlowStyle != 0 {
		p.fault(top.at, "a policy within { and } is taken for a list of hosts by Ansible's INI plugin when the program fails: "+
			"write each key in a line of its own")
	}
	given := map[string]field{}
	for _, f := range fields {
		given[f.key.Value] = f
		p.topKey(f)
	}
	p.checkTop(top.at, given)
}

// collectionPlugin is what a policy that the collection's inventory plugin reads has for its key plugin.
const collectionPlugin = "regal.release.regal"

func (p *parser) topKey(f field) {
	switch key := f.key.Value; key {
	case "plugin":
		if text, ok := p.text(f, "regal"); ok && text != "regal" && text != collectionPlugin {
			p.fault(f.at, "this must be regal, not %s", show(text))
		}
	case "inventory":
		p.policy.Sources = p.texts(f, "a source such as hosts.ini, or a list of sources")
	case "vars":
		const should = "elsewhere, if the hosts get the variables beside the inventory in another way"
		if text, ok := p.text(f, should); ok && text != "elsewhere" {
			p.fault(f.at, "this must be elsewhere, not %s", show(text))
		}
		p.policy.VarsElsewhere = true
	case "versions":
		p.versions(f)
	case "versions_from":
		p.versionsFrom(f)
	case "priority":
		p.priority(f)
	case "record":
		p.policy.Record, _ = p.text(f, "a folder, such as .regal")
	case "binary":
		p.text(f, "the path of regal-inventory") // the plugin's business
	default:
		if !p.setting(f, &p.policy.defaults) {
			p.unknown(f, topKeys)
		}
	}
}

// checkTop finds what is missing, and what only shows when all keys are known.
func (p *parser) checkTop(at place, given map[string]field) {
	if _, ok := given["plugin"]; !ok {
		p.fault(place{at.line, at.column, "plugin"}, "the key is missing: write plugin: regal, "+
			"which keeps Ansible from reading the policy as an inventory without hosts")
	}
	plugin, known := given["plugin"]
	if binary, found := given["binary"]; found && known && plugin.node.Value != collectionPlugin {
		p.fault(place{binary.key.Line, binary.key.Column, binary.at.path}, "only the inventory plugin reads this key: write plugin: %s, or "+
			"leave the key out", collectionPlugin)
	}
	_, versions := given["versions"]
	from, hasFrom := given["versions_from"]
	switch {
	case versions && hasFrom:
		p.fault(place{from.key.Line, from.key.Column, from.at.path},
			"versions is given too: keep one of versions and versions_from")
	case !versions && !hasFrom:
		p.fault(place{at.line, at.column, "versions"}, "the key is missing: name a version and its target, "+
			"such as app-v1: web, or give versions_from")
	case len(p.policy.versions) > 0 && len(p.faults) == 0:
		p.faults = append(p.faults, p.policy.checkNames(p.policy.writtenDrafts())...)
	}
}

// unknown reports a key that is not among those that are right here.
func (p *parser) unknown(f field, right []string) {
	at := place{f.key.Line, f.key.Column, f.at.path}
	key := f.key.Value
	switch {
	case slices.Contains(versionKeys, key):
		p.fault(at, "this is a key of a version: write it under versions, in the version's mapping")
	case slices.Contains(topKeys, key):
		p.fault(at, "this is a key of the policy: write it at the top, not in a version")
	case key == "<<":
		p.fault(at, "merge keys are not supported: the keys at the top of the policy are the defaults of all versions")
	default:
		p.fault(at, "there is no such key: %s", didYouMean(key, right))
	}
}

// mapping returns the fields of a mapping, each key once, or reports that it is none; should is what it should be.
func (p *parser) mapping(f field, should string) ([]field, bool) {
	if f.node.Kind != yaml.MappingNode || f.hasOddTag() {
		p.wrong(f, should)
		return nil, false
	}
	first := map[string]int{}
	var fields []field
	for pair := range slices.Chunk(f.node.Content, 2) {
		name := newField(pair[0], f.at.path)
		if name.node.Kind != yaml.ScalarNode || name.hasOddTag() || name.node.ShortTag() == "!!null" {
			p.wrong(name, "the key as a text")
			continue
		}
		key := *name.node
		key.Line, key.Column = name.at.line, name.at.column
		path := join(f.at.path, key.Value)
		if line, twice := first[key.Value]; twice {
			p.fault(place{key.Line, key.Column, path}, "the key is there already, in line %d: keep one", line)
			continue
		}
		first[key.Value] = key.Line
		value := newField(pair[1], path)
		value.key = &key
		if value.node.Kind == yaml.ScalarNode && value.node.Value == "" && value.node.Style == 0 {
			// yaml.v3 puts a value that is not there at the next token, which may be lines away.
			value.at.line, value.at.column = key.Line, key.Column
		}
		fields = append(fields, value)
	}
	return fields, true
}

// join returns the path of a key below another.
func join(path, key string) string {
	if path == "" {
		return show(key)
	}
	return path + "." + show(key)
}

// wrong reports a value of the wrong type.
func (p *parser) wrong(f field, should string) {
	if f.hasOddTag() {
		p.fault(f.at, "the tag %s has no meaning in a policy: write %s", show(f.node.ShortTag()), should)
		return
	}
	p.fault(f.at, "this is %s: write %s", f.kind(), should)
}

// scalar returns the text of a value as written, or reports that it is no scalar, or an empty one.
func (p *parser) scalar(f field, should string) (string, bool) {
	if f.node.Kind != yaml.ScalarNode || f.hasOddTag() || f.node.ShortTag() == "!!null" {
		p.wrong(f, should)
		return "", false
	}
	if f.node.Value == "" {
		p.fault(f.at, "this is an empty text: write %s", should)
		return "", false
	}
	return f.node.Value, true
}

// text is scalar for what may not look like a number or a boolean.
func (p *parser) text(f field, should string) (string, bool) {
	text, ok := p.scalar(f, should)
	if !ok {
		return "", false
	}
	switch f.node.ShortTag() {
	case "!!int", "!!float", "!!bool":
		p.fault(f.at, "this is %s: write %s, in quotes if it looks like %s", f.kind(), should, f.kind())
		return "", false
	}
	return text, true
}

// elements returns the elements of a list, or what is no list as the only one. A list without elements is reported.
func (p *parser) elements(f field, should string) []field {
	if f.node.Kind != yaml.SequenceNode {
		return []field{f}
	}
	if f.hasOddTag() {
		p.wrong(f, should)
		return nil
	}
	if len(f.node.Content) == 0 {
		p.fault(f.at, "this list is empty: write %s", should)
	}
	elements := make([]field, len(f.node.Content))
	for i, node := range f.node.Content {
		elements[i] = newField(node, f.at.path)
	}
	return elements
}

// texts reads a text or a list of them; in place of one that is wrong stands an empty one.
func (p *parser) texts(f field, should string) []string {
	elements := p.elements(f, should)
	var texts []string
	for _, element := range elements {
		text, _ := p.text(element, should)
		texts = append(texts, text)
	}
	return texts
}

func (p *parser) priority(f field) {
	const should = "a version's name, a glob such as app-*, or a list of them"
	elements := p.elements(f, should)
	for _, element := range elements {
		if text, ok := p.scalar(element, should); ok {
			p.policy.priority = append(p.policy.priority, text)
			p.policy.priorityAt = append(p.policy.priorityAt, element.at)
		}
	}
}

func (p *parser) versionsFrom(f field) {
	fields, ok := p.mapping(f, "a mapping with var and hosts, such as {var: app_version, hosts: web}")
	if !ok {
		return
	}
	from := &versionsFrom{at: f.at, target: []string{"all"}, places: map[string]place{"hosts": f.at}}
	p.policy.from = from
	for _, entry := range fields {
		from.places[entry.key.Value] = entry.at
		switch entry.key.Value {
		case "var":
			from.variable, _ = p.text(entry, "the name of a host variable")
		case "hosts":
			from.target = p.target(entry)
		default:
			p.unknown(entry, fromKeys)
		}
	}
	if _, given := from.places["var"]; !given {
		p.fault(place{f.at.line, f.at.column, join(f.at.path, "var")},
			"the key is missing: name the host variable that holds the version")
	}
}

func (p *parser) versions(f field) {
	const should = "a mapping of version names to targets, such as app-v1: web"
	fields, ok := p.mapping(f, should)
	if ok && len(f.node.Content) == 0 {
		p.fault(f.at, "there is no version: write %s", should)
	}
	empty := "" // the version without a value that the keys at hand stand behind
	for i, version := range fields {
		key := version.key.Value
		switch {
		case isNull(version) && i+1 < len(fields) && slices.Contains(versionKeys, fields[i+1].key.Value):
			empty = key
		case empty != "" && slices.Contains(versionKeys, key):
			p.fault(place{version.key.Line, version.key.Column, version.at.path},
				"this key stands beside version %s, and so is taken for a version: indent it by two spaces more", show(empty))
		default:
			empty = ""
			p.version(version)
		}
	}
}

func (p *parser) version(f field) {
	made := written{
		name:     f.key.Value,
		at:       place{f.key.Line, f.key.Column, f.at.path},
		settings: settings{at: map[string]place{}},
	}
	switch {
	case made.name == "":
		p.fault(made.at, "a version needs a name")
	case f.node.Kind == yaml.MappingNode:
		p.versionMapping(f, &made)
	default:
		made.target = p.target(f)
		made.settings.at["hosts"] = f.at
	}
	p.policy.versions = append(p.policy.versions, made)
}

func (p *parser) versionMapping(f field, made *written) {
	fields, ok := p.mapping(f, "a target, or a mapping with hosts")
	if !ok {
		return
	}
	at := made.settings.at
	for _, entry := range fields {
		switch key := entry.key.Value; key {
		case "hosts":
			made.target = p.target(entry)
		case "rings":
			p.rings(entry, made)
		case "canary":
			made.settings.rules.Canary = p.target(entry)
		case "group":
			made.stem, _ = p.scalar(entry, "the start of the group names")
		default:
			if isNull(entry) && slices.Contains(bothKeys, key) {
				break // switches the key at the top off
			}
			if !p.setting(entry, &made.settings) {
				p.unknown(entry, versionKeys)
			}
		}
		at[entry.key.Value] = entry.at
	}
	_, merged := at["<<"]
	rings, ringed := at["rings"]
	_, given := at["hosts"]
	if given && ringed {
		p.fault(rings, "hosts is given too: keep one of hosts and rings")
	}
	if !given && !ringed && !merged {
		p.fault(place{made.at.line, made.at.column, join(made.at.path, "hosts")},
			"the key is missing: name the hosts that the version goes to")
	}
	_, canary := at["canary"]
	if canary && made.settings.rules.Schedule != (Size{}) {
		p.fault(at["schedule"], "canary names the canary's hosts already: keep one of canary and schedule")
	}
	if len(made.rings) == 0 || !canary {
		return
	}
	for _, key := range []string{"schedule", "canary"} {
		if at, both := made.rings[0].settings.at[key]; both {
			p.fault(at, "the version's canary is that of its first ring: keep one of that and this")
		}
	}
}

func isNull(f field) bool { return f.node.Kind == yaml.ScalarNode && f.node.ShortTag() == "!!null" }

func (p *parser) target(f field) []string {
	return p.texts(f, "an Ansible host pattern such as web:!db01, or a list of them")
}

// setting reads one of the keys that stand at the top and in versions, and tells whether it is one.
func (p *parser) setting(f field, into *settings) bool {
	const variables = "a host variable, or a list of them"
	rules := &into.rules
	switch f.key.Value {
	case "schedule":
		rules.Schedule = p.size(f, sizeForms)
	case "combine":
		p.combine(f, rules)
	case "order":
		p.order(f, rules)
	case "seed":
		rules.Seed, _ = p.scalar(f, "a text")
	case "spread":
		rules.Spread = p.texts(f, variables)
		p.refuseTwice(f, rules.Spread)
	case "max_per":
		p.limits(f, into)
	case "by":
		p.by(f, rules)
	case "cover":
		rules.Cover = p.texts(f, variables)
		p.refuseTwice(f, rules.Cover)
	case "done":
		p.done(f, rules)
	case "split":
		p.split(f, rules)
	default:
		return false
	}
	into.at[f.key.Value] = f.at
	return true
}

func (p *parser) order(f field, rules *Rules) {
	should := "one of " + strings.Join(orders(), ", ")
	word, ok := p.text(f, should)
	if ok && !slices.Contains(orders(), word) {
		p.fault(f.at, "%s is no order: %s", show(word), didYouMean(word, orders()))
	}
	rules.Order = Order(word)
}

// refuseTwice reports a variable that the list names twice.
func (p *parser) refuseTwice(f field, variables []string) {
	for i, variable := range variables {
		if variable != "" && slices.Contains(variables[:i], variable) {
			element := newField(f.node.Content[i], f.at.path)
			p.fault(element.at, "%s is in the list already: name it once", show(variable))
		}
	}
}

const sizeForms = "a count such as 2, or a percentage such as 10%"

var (
	countText   = regexp.MustCompile(`^[1-9][0-9]*$`)
	percentText = regexp.MustCompile(`^[1-9][0-9]*%$`)
	digitsText  = regexp.MustCompile(`^0[0-9]+$`)
	fractional  = regexp.MustCompile(`^[0-9]*\.[0-9]+%$`)
)

// size reads a count or a percentage; forms is what is right here. A percentage is whole, as in Ansible's serial, which fails
// at 12.5%.
func (p *parser) size(f field, forms string) Size {
	text, ok := p.scalar(f, forms)
	if !ok {
		return Size{}
	}
	isNumber := f.kind() == "a number"
	switch {
	case isNumber && countText.MatchString(text):
		number, _ := strconv.Atoi(text) // of too many digits it makes the largest int
		if number <= maxCount {
			return Count(number)
		}
		p.fault(f.at, "%s is too many: a count is at most %d", shown.Start(text, 20), maxCount)
	case !isNumber && percentText.MatchString(text):
		number, _ := strconv.Atoi(strings.TrimSuffix(text, "%"))
		if number <= 100 {
			return Percent(number)
		}
		p.fault(f.at, "%s is too much: a percentage is at most 100%%", shown.Start(text, 20))
	case countText.MatchString(text):
		p.fault(f.at, "this is a text: write a count without quotes, %s", shown.Start(text, 20))
	case digitsText.MatchString(text):
		p.fault(f.at, "%s could be octal: write the count without a leading 0", shown.Start(text, 20))
	case fractional.MatchString(text):
		p.fault(f.at, "%s is no whole percentage, which Ansible's serial needs too: write such as 12%%", shown.Start(text, 20))
	default:
		p.fault(f.at, "%s is no size: write %s", shown.Start(text, 20), forms)
	}
	return Size{}
}
