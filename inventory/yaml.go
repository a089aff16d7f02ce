package inventory

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxExpanded is how many values a YAML document may hold once its aliases are written out.
const maxExpanded = 10_000_000

// maxMerged is how many keys merge keys may bring into one map, each counted as often as it is brought.
const maxMerged = 1_000_000

// parseYAML reads the one document of a YAML text as Ansible's loader does (ansible/parsing/yaml/constructor.py on PyYAML
// with libyaml). Errors have line and column where they are known. warn gets what Ansible warns of, keys given twice.
func parseYAML(text string, warn func(line int, message string)) (value Value, err error) {
	root, parsed, err := parseDocument(text)
	if err != nil || root == nil {
		return Value{}, err
	}
	c := constructor{text: parsed, warn: warn, made: map[*yaml.Node]Value{}, open: map[*yaml.Node]bool{}, merging: map[*yaml.Node]bool{}}
	if err := c.check(root, 0); err != nil {
		return Value{}, err
	}
	value, err = c.construct(root)
	if err != nil {
		return Value{}, err
	}
	// PyYAML makes a list or map first and fills it later, level by level; !unsafe can tell the difference.
	for len(c.unfilled) > 0 {
		level := c.unfilled
		c.unfilled = nil
		for _, fill := range level {
			if err := c.fill(fill); err != nil {
				return Value{}, err
			}
		}
	}
	if c.aliased {
		if _, err := expandedSize(value.body, map[*body]int{}); err != nil {
			fault := *asError(err)
			if _, alias := expandingAlias(root, map[*yaml.Node]int{}); alias != nil {
				fault.Line, fault.Column = alias.Line, alias.Column
			}
			return Value{}, &fault
		}
	}
	return value, nil
}

// parseNodes returns the root node of the text's one document, nil if it has none.
func parseNodes(text string) (root *yaml.Node, err error) {
	// yaml.v3 means to return every fault as an error; should it panic on a text after all, the text is at fault, not us.
	defer func() {
		if fault := recover(); fault != nil {
			root, err = nil, &Error{Message: fmt.Sprintf("the YAML reader gives up: %v", fault)}
		}
	}()
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var document, second yaml.Node
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, YAMLError(err, text)
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, &Error{Line: second.Line, Column: second.Column, Message: "a second YAML document begins here; an inventory is a single one"}
	case !errors.Is(err, io.EOF):
		return nil, YAMLError(err, text)
	}
	return document.Content[0], nil
}

// disguise writes in another way what yaml.v3 reads otherwise than libyaml, so that it comes through, and puts it back in
// the nodes. Each way of writing is one that the text does not use.
type disguise struct {
	slash string // the escape \/ of JSON, which yaml.v3 does not know
	mark  string // a question mark within a plain scalar, which yaml.v3 does not allow in flow collections
	bang  string // the tag !, which makes a quoted scalar resolve like a plain one; yaml.v3 drops it
	gap   string // white space between a tag and a comma, which yaml.v3 would take for a part of the tag
}

var (
	// bareBang finds the tag ! on its own.
	bareBang = regexp.MustCompile(`(^|[\s\x{85}\x{2028}\x{2029},\[{])!([\s\x{85}\x{2028}\x{2029},\]}]|$)`)
	// innerBOM finds byte order marks at the start of a line, which libyaml passes over.
	innerBOM = regexp.MustCompile("([\n\u0085\u2028\u2029])\ufeff")
	// tagComma finds tags with a comma right behind them.
	tagComma = regexp.MustCompile(`((?:^|[\s,\[{])![^\s,\[\]{}<>]*),`)
)

func newDisguise(text string) disguise {
	return disguise{
		slash: unused(text, `\x2f`, `\u002f`, `\U0000002f`),
		mark:  unused(text, "\uE03F", "\uE13F", "\uE23F"),
		bang:  unused(text, "!bang", "!barebang", "!nonspecific"),
		gap:   unused(text, " \t ", " \t\t ", " \t\t\t "),
	}
}

// unused returns the first of the candidates that text does not contain, or else something that stands in no text.
func unused(text string, candidates ...string) string {
	for _, candidate := range candidates {
		if !strings.Contains(text, candidate) {
			return candidate
		}
	}
	return "\x00"
}

// parseDocument returns the root node of the text's one document, nil if it has none, and the text that was parsed in the
// end. Only a text that yaml.v3 refuses, or that has what it reads otherwise than libyaml, needs the disguise.
func parseDocument(text string) (root *yaml.Node, parsed string, err error) {
	odd := strings.Contains(text, "!") && (bareBang.MatchString(text) || tagComma.MatchString(text)) ||
		strings.Contains(text, "\ufeff") && innerBOM.MatchString(text)
	if !odd {
		if root, err = parseNodes(text); err == nil || isTooDeep(err) {
			return root, text, err
		}
	}
	d := newDisguise(text)
	disguised := d.apply(text)
	root, again := parseNodes(disguised)
	switch {
	case again == nil && root != nil:
		d.remove(root)
		return root, disguised, nil
	case again == nil || err == nil:
		return root, disguised, again
	default:
		return nil, text, err
	}
}

func (d disguise) apply(text string) string {
	text = innerBOM.ReplaceAllString(text, "${1}")
	if !strings.Contains(text, "%TAG") {
		text = bareBang.ReplaceAllString(text, "${1}"+d.bang+"${2}")
	}
	text = strings.ReplaceAll(text, `\/`, d.slash)
	text = tagComma.ReplaceAllString(text, "${1}"+d.gap+",")
	return d.markQuestions(text)
}

// markQuestions replaces the question marks within plain scalars: those with something before them on their line that a
// plain scalar can have. One that begins a further line of a plain scalar is not found.
func (d disguise) markQuestions(text string) string {
	var marked strings.Builder
	for i := strings.IndexByte(text, '?'); i >= 0; i = strings.IndexByte(text, '?') {
		marked.WriteString(text[:i])
		if isWithinScalar(lastLine(marked.String())) {
			marked.WriteString(d.mark)
		} else {
			marked.WriteByte('?')
		}
		text = text[i+1:]
	}
	marked.WriteString(text)
	return marked.String()
}

func lastLine(text string) string { return text[strings.LastIndexAny(text, "\r\n")+1:] }

// isWithinScalar tells whether what comes behind this beginning of a line continues a plain scalar.
func isWithinScalar(before string) bool {
	scalar := strings.TrimRight(before, " \t")
	switch {
	case scalar == "" || strings.HasSuffix(scalar, "?"):
		return false
	case len(scalar) == len(before):
		return strings.IndexByte(",[]{}:", scalar[len(scalar)-1]) < 0
	case strings.IndexByte(",[]{}:-'\"", scalar[len(scalar)-1]) >= 0:
		return false
	default:
		word := scalar[strings.LastIndexAny(scalar, " \t,[{")+1:]
		return strings.IndexByte("&!*", word[0]) < 0
	}
}

// remove puts back what the disguise changed in the node and all below it.
func (d disguise) remove(node *yaml.Node) {
	if node.Style&yaml.DoubleQuotedStyle == 0 {
		node.Value = strings.ReplaceAll(node.Value, d.slash, `\/`)
	}
	node.Value = strings.ReplaceAll(node.Value, d.mark, "?")
	node.Value = strings.ReplaceAll(node.Value, d.gap, "")
	node.Value = strings.ReplaceAll(node.Value, d.bang, "!")
	if node.Tag == d.bang {
		node.Tag, node.Style = "!", node.Style|yaml.TaggedStyle
	}
	for _, child := range node.Content {
		d.remove(child)
	}
}

// tooDeep is the message about nesting beyond maxNesting.
var tooDeep = fmt.Sprintf("lists and maps are nested more than %d deep", maxNesting)

func isTooDeep(err error) bool { return asError(err).Message == tooDeep }

var (
	// yamlLine is how yaml.v3 leads a message with a line.
	yamlLine = regexp.MustCompile(`^line (\d+): `)
	// yamlParser are the messages of yaml.v3's parser, which counts lines from 0, where its scanner counts from 1.
	yamlParser = regexp.MustCompile(`^did not find expected (<document start>|node content|key|'-' indicator|',' or)`)
	yamlAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced`)
)

// YAMLError returns what yaml.v3 complains of in the text, with line and column as far as they can be known; the line is 1
// where yaml.v3 names none.
func YAMLError(err error, text string) *Error {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	fault := &Error{Line: 1}
	if lead := yamlLine.FindStringSubmatch(message); lead != nil {
		fault.Line, _ = strconv.Atoi(lead[1])
		message = message[len(lead[0]):]
		if yamlParser.MatchString(message) {
			fault.Line++
		}
	}
	if anchor := yamlAnchor.FindStringSubmatch(message); anchor != nil {
		message = "unknown anchor " + quote(anchor[1])
		if before, _, found := strings.Cut(text, "*"+anchor[1]); found {
			fault.Line = 1 + strings.Count(before, "\n")
			fault.Column = 1 + runeCount(before[strings.LastIndexByte(before, '\n')+1:])
		}
	}
	if strings.HasPrefix(message, "exceeded max depth") { // far beyond our own bound
		fault.Message = tooDeep
		return fault
	}
	fault.Message = "not valid YAML: " + message
	return fault
}

// constructor makes values of nodes as PyYAML's SafeConstructor does, with Ansible's additions.
type constructor struct {
	text     string // that the nodes stand in
	warn     func(line int, message string)
	made     map[*yaml.Node]Value // of the nodes that aliases may name
	open     map[*yaml.Node]bool  // of these, the ones that are being made
	merging  map[*yaml.Node]bool  // maps whose merge keys are being followed
	unfilled []filling
	aliased  bool
	merged   int // keys that merge keys have brought into maps, in all
	anchors  map[string]bool
}

// filling is a list or map that has been made and is still empty.
type filling struct {
	node *yaml.Node
	body *body
}

func failAt(node *yaml.Node, format string, args ...any) error {
	return &Error{Line: node.Line, Column: node.Column, Message: fmt.Sprintf(format, args...)}
}

// check finds what PyYAML refuses while it composes the nodes, and nesting beyond all reason.
func (c *constructor) check(node *yaml.Node, depth int) error {
	if depth > maxNesting {
		return failAt(node, "%s", tooDeep)
	}
	if node.Anchor != "" && node.Kind != yaml.AliasNode {
		if c.anchors[node.Anchor] {
			return failAt(node, "the anchor &%s is given twice", node.Anchor)
		}
		if c.anchors == nil {
			c.anchors = map[string]bool{}
		}
		c.anchors[node.Anchor] = true
	}
	for _, child := range node.Content {
		if node.Style&yaml.FlowStyle != 0 && c.endsInColon(child) {
			return failAt(child, "a colon stands right before a comma or bracket; put the text in quotes")
		}
		if child.Kind == yaml.ScalarNode && child.Anchor == "" {
			continue
		}
		if err := c.check(child, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// endsInColon tells whether a plain scalar of a flow collection has a colon right before a comma or bracket, which libyaml
// refuses and yaml.v3 takes.
func (c *constructor) endsInColon(node *yaml.Node) bool {
	if node.Kind != yaml.ScalarNode || node.Style != 0 || !strings.HasSuffix(node.Value, ":") {
		return false
	}
	rest := c.text
	for range node.Line - 1 {
		_, rest = nextYAMLLine(rest)
	}
	for range node.Column - 1 + runeCount(node.Value) {
		_, size := decodeRune(rest)
		rest = rest[size:]
	}
	return rest != "" && strings.IndexByte(",?[]{}", rest[0]) >= 0
}

// nextYAMLLine cuts the first line off text, at the ends that YAML 1.1 knows.
func nextYAMLLine(text string) (line, rest string) {
	at := strings.IndexAny(text, "\r\n\u0085\u2028\u2029")
	if at < 0 {
		return text, ""
	}
	if strings.HasPrefix(text[at:], "\r\n") {
		return text[:at], text[at+2:]
	}
	_, size := decodeRune(text[at:])
	return text[:at], text[at+size:]
}

func tagOf(node *yaml.Node) string {
	switch {
	case node.Style&yaml.TaggedStyle != 0 && node.Tag != "!":
		return node.Tag
	case node.Kind == yaml.MappingNode:
		return tagMap
	case node.Kind == yaml.SequenceNode:
		return tagSeq
	case node.Tag == "!" && node.Value == "" && node.Style&^yaml.TaggedStyle == 0:
		return tagString
	case node.Tag == "!":
		return resolveScalar(node.Value)
	case node.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return tagString
	default:
		return resolveScalar(node.Value)
	}
}

// construct returns the value of a node; a list or map comes back empty, to be filled later.
func (c *constructor) construct(node *yaml.Node) (Value, error) {
	if node.Kind == yaml.AliasNode {
		c.aliased = true
		node = node.Alias
	}
	if node.Anchor == "" {
		return c.constructNew(node)
	}
	if value, ok := c.made[node]; ok {
		return value, nil
	}
	if c.open[node] {
		return Value{}, failAt(node, "an alias stands within what it names")
	}
	c.open[node] = true
	value, err := c.constructNew(node)
	c.made[node] = value
	return value, err
}

func (c *constructor) constructNew(node *yaml.Node) (Value, error) {
	switch tag := tagOf(node); tag {
	case "!unsafe":
		return c.constructUnsafe(node)
	case "!vault", "!vault-encrypted":
		if node.Kind != yaml.ScalarNode {
			return Value{}, failAt(node, "!vault needs a text")
		}
		return Value{kind: Vault, text: node.Value}, nil
	case tagMap, "!!python/dict", "!!set":
		kind := Map
		if tag == "!!set" {
			kind = List
		}
		return c.later(node, yaml.MappingNode, kind)
	case tagSeq, "!!omap", "!!pairs":
		return c.later(node, yaml.SequenceNode, List)
	default:
		return c.constructScalar(node, tag)
	}
}

// later makes an empty list or map, and a note to fill it.
func (c *constructor) later(node *yaml.Node, want yaml.Kind, kind Kind) (Value, error) {
	if node.Kind != want {
		return Value{}, failAt(node, "the tag %s does not fit what follows it", bare(tagOf(node)))
	}
	made := &body{}
	if len(node.Content) > 0 {
		c.unfilled = append(c.unfilled, filling{node, made})
	}
	return Value{kind: kind, body: made}, nil
}

func (c *constructor) constructScalar(node *yaml.Node, tag string) (Value, error) {
	if node.Kind == yaml.MappingNode {
		// A map with the key = stands for that key's value where a scalar is wanted (SafeConstructor.construct_scalar).
		for i := 0; i < len(node.Content); i += 2 {
			if key := node.Content[i]; key.Kind == yaml.ScalarNode && tagOf(key) == tagValue {
				return c.constructScalar(resolveAlias(node.Content[i+1]), tag)
			}
		}
	}
	if node.Kind != yaml.ScalarNode {
		return Value{}, failAt(node, "the tag %s does not fit what follows it", bare(tag))
	}
	value, ok := constructScalar(tag, node.Value)
	if !ok {
		return Value{}, failAt(node, "not a valid value for the tag %s", bare(tag))
	}
	return value, nil
}

func resolveAlias(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// constructUnsafe does what construct_yaml_unsafe does: the node's own level is filled at once and copied, so that lists
// and maps below it, which are still to be filled, come out empty.
func (c *constructor) constructUnsafe(node *yaml.Node) (Value, error) {
	switch node.Kind {
	case yaml.ScalarNode:
		return Value{kind: Unsafe, text: node.Value}, nil
	case yaml.MappingNode:
		value := Value{kind: Map, body: &body{}}
		err := c.fillMap(node, value.body)
		return value.asUnsafe(), err
	default:
		value := Value{kind: List, body: &body{}}
		err := c.fillList(node, value.body)
		return value.asUnsafe(), err
	}
}

func (c *constructor) fill(f filling) error {
	switch tagOf(f.node) {
	case "!!set":
		return c.fillSet(f.node, f.body)
	case "!!omap", "!!pairs":
		return c.fillPairs(f.node, f.body)
	case tagMap, "!!python/dict":
		return c.fillMap(f.node, f.body)
	default:
		return c.fillList(f.node, f.body)
	}
}

func (c *constructor) fillList(node *yaml.Node, into *body) error {
	into.values = make([]Value, 0, len(node.Content))
	for _, item := range node.Content {
		value, err := c.construct(item)
		if err != nil {
			return err
		}
		into.values = append(into.values, value)
	}
	return nil
}

func (c *constructor) fillPairs(node *yaml.Node, into *body) error {
	for _, item := range node.Content {
		pair := resolveAlias(item)
		if pair.Kind != yaml.MappingNode || len(pair.Content) != 2 {
			return failAt(item, "the tag %s needs a list of maps with one key each", bare(tagOf(node)))
		}
		key, err := c.construct(pair.Content[0])
		if err != nil {
			return err
		}
		value, err := c.construct(pair.Content[1])
		if err != nil {
			return err
		}
		into.values = append(into.values, newList([]Value{key, value}))
	}
	return nil
}

// fillMap is AnsibleConstructor.construct_mapping: merge keys first, then the keys in order, the last of equal ones wins
// in the place of the first.
func (c *constructor) fillMap(node *yaml.Node, into *body) error {
	pairs, own, err := c.flatten(node)
	if err != nil {
		return err
	}
	keys := keyIndex{into: into}
	into.keys = make([]string, 0, len(pairs)/2)
	into.values = make([]Value, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		key, err := c.constructKey(pairs[i])
		if err != nil {
			return err
		}
		at, fresh := keys.place(key)
		if !fresh && i >= own {
			c.warn(pairs[i].Line, fmt.Sprintf("the key %s is given twice in one map; the last one counts", quote(key.text)))
		}
		value, err := c.construct(pairs[i+1])
		if err != nil {
			return err
		}
		into.values[at] = value
	}
	return nil
}

// fillSet makes the list that stands for a set: each key once, sorted by its text.
func (c *constructor) fillSet(node *yaml.Node, into *body) error {
	made := &body{}
	if err := c.fillMap(node, made); err != nil {
		return err
	}
	pairs, _, err := c.flatten(node)
	if err != nil {
		return err
	}
	var elements []Value
	keys := keyIndex{into: &body{}}
	for i := 0; i < len(pairs); i += 2 {
		key, err := c.constructKey(pairs[i])
		if err != nil {
			return err
		}
		if _, fresh := keys.place(key); fresh {
			elements = append(elements, key.value)
		}
	}
	slices.SortStableFunc(elements, func(a, b Value) int { return strings.Compare(a.Text(), b.Text()) })
	into.values = elements
	return nil
}

// flatten returns a map's keys and values with those of its merge keys in front (SafeConstructor.flatten_mapping), and
// where its own begin.
func (c *constructor) flatten(node *yaml.Node) (pairs []*yaml.Node, own int, err error) {
	at := -1
	for i := 0; i < len(node.Content); i += 2 {
		if key := node.Content[i]; key.Kind == yaml.ScalarNode && tagOf(key) == tagMerge {
			at = i
			break
		}
	}
	if at < 0 {
		return node.Content, 0, nil
	}
	if c.merging[node] {
		return nil, 0, failAt(node, "a merge key names the map that it stands in")
	}
	c.merging[node] = true
	defer delete(c.merging, node)
	var merged, rest []*yaml.Node
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if key.Kind != yaml.ScalarNode || tagOf(key) != tagMerge {
			rest = append(rest, key, value)
			continue
		}
		more, err := c.mergePairs(node, value)
		if err != nil {
			return nil, 0, err
		}
		if merged, err = c.merge(node, merged, more); err != nil {
			return nil, 0, err
		}
	}
	return append(merged, rest...), len(merged), nil
}

// merge appends what a merge key brings into the map of that node, within bounds.
func (c *constructor) merge(node *yaml.Node, merged, more []*yaml.Node) ([]*yaml.Node, error) {
	c.merged += len(more) / 2
	switch {
	case len(merged)+len(more) > 2*maxMerged:
		return nil, failAt(node, "merge keys bring more than %d keys into this map", maxMerged)
	case c.merged > maxExpanded:
		return nil, failAt(node, "merge keys bring more than %d keys into the maps up to this one", maxExpanded)
	}
	return append(merged, more...), nil
}

// mergePairs returns what a merge key with that value brings in: of a list, the last map's keys first.
func (c *constructor) mergePairs(node, value *yaml.Node) ([]*yaml.Node, error) {
	value = resolveAlias(value)
	switch value.Kind {
	case yaml.MappingNode:
		pairs, _, err := c.flatten(value)
		return pairs, err
	case yaml.SequenceNode:
		var merged []*yaml.Node
		for i := len(value.Content) - 1; i >= 0; i-- {
			item := resolveAlias(value.Content[i])
			if item.Kind != yaml.MappingNode {
				return nil, failAt(item, "a merge key takes maps only")
			}
			pairs, _, err := c.flatten(item)
			if err != nil {
				return nil, err
			}
			if merged, err = c.merge(node, merged, pairs); err != nil {
				return nil, err
			}
		}
		return merged, nil
	default:
		return nil, failAt(node, "a merge key takes a map or a list of maps")
	}
}

// mapKey is the key of a map: its text as JSON will have it, and what tells equal keys from others in Python.
type mapKey struct {
	text     string
	identity string // of numbers and truth values, which equal one another across types; "" otherwise
	value    Value
}

func (c *constructor) constructKey(node *yaml.Node) (mapKey, error) {
	if node.Kind == yaml.ScalarNode && tagOf(node) == tagValue {
		return mapKey{text: node.Value, value: NewString(node.Value)}, nil
	}
	value, err := c.construct(node)
	if err != nil {
		return mapKey{}, err
	}
	key := mapKey{text: value.text, value: value}
	switch value.kind {
	case List, Map:
		return mapKey{}, failAt(node, "a list or a map cannot be a key")
	case Vault:
		return mapKey{}, failAt(node, "an encrypted text cannot be a key")
	case Null:
		key.text = "null"
	case Bool:
		key.text = strings.ToLower(value.text)
		key.identity = map[string]string{"true": "1", "false": "0"}[key.text]
	case Int:
		key.identity = value.text
	case Float:
		key.identity = strings.TrimSuffix(value.text, ".0")
	case String:
		if resolved := resolveAlias(node); tagOf(resolved) == tagTimestamp {
			key.text = strings.Replace(value.text, "T", " ", 1)
			key.value.kind = Null // whatever it is, it is no text
		}
	}
	return key, nil
}

// keyIndex finds the places of keys in a map that is being filled.
type keyIndex struct {
	into    *body
	places  map[string]int // by text, from indexFrom keys on
	numbers map[string]int // by identity
}

// place returns the key's place in the map, and makes one at the end if it has none.
func (k *keyIndex) place(key mapKey) (at int, fresh bool) {
	if at := k.find(key); at >= 0 {
		return at, false
	}
	at = len(k.into.keys)
	k.into.keys = append(k.into.keys, key.text)
	k.into.values = append(k.into.values, Value{})
	if !key.value.isText() {
		if k.into.oddKeys == nil {
			k.into.oddKeys = map[int]bool{}
		}
		k.into.oddKeys[at] = true
	}
	if key.identity != "" {
		if k.numbers == nil {
			k.numbers = map[string]int{}
		}
		k.numbers[key.identity] = at
	}
	switch {
	case k.places != nil:
		k.places[key.text] = at
	case at == indexFrom:
		k.places = make(map[string]int, 4*indexFrom)
		for i, text := range k.into.keys {
			k.places[text] = i
		}
	}
	return at, true
}

func (k *keyIndex) find(key mapKey) int {
	if key.identity != "" {
		if at, ok := k.numbers[key.identity]; ok {
			return at
		}
	}
	if k.places != nil {
		if at, ok := k.places[key.text]; ok {
			return at
		}
		return -1
	}
	for i, text := range k.into.keys {
		if text == key.text {
			return i
		}
	}
	return -1
}

// expandedSize returns how many values there are below b when every alias is written out. A value within itself, and more
// values than maxExpanded, are errors.
func expandedSize(b *body, known map[*body]int) (int, error) {
	if b == nil {
		return 1, nil
	}
	const unfinished = -1
	switch size := known[b]; size {
	case 0:
	case unfinished:
		return 0, &Error{Message: "an alias makes a value contain itself"}
	default:
		return size, nil
	}
	known[b] = unfinished
	size := 1
	for _, value := range b.values {
		below, err := expandedSize(value.body, known)
		if err != nil {
			return 0, err
		}
		if size += below; size > maxExpanded {
			return 0, &Error{Message: fmt.Sprintf("aliases make the document hold more than %d values", maxExpanded)}
		}
	}
	known[b] = size
	return size, nil
}

// expandingAlias finds the place of what expandedSize refuses: the alias that stands within what it names, or with which
// the values come to more than maxExpanded; nil if there is none. known holds the sizes of what has an anchor.
func expandingAlias(node *yaml.Node, known map[*yaml.Node]int) (size int, alias *yaml.Node) {
	const unfinished = -1
	if node.Kind == yaml.AliasNode {
		if known[node.Alias] == unfinished {
			return 0, node
		}
		size, alias = expandingAlias(node.Alias, known)
		return size, alias
	}
	if size := known[node]; size > 0 {
		return size, nil
	}
	if node.Anchor != "" {
		known[node] = unfinished
	}
	size = 1
	for _, child := range node.Content {
		below, alias := expandingAlias(child, known)
		if alias != nil {
			return 0, alias
		}
		if size += below; size > maxExpanded {
			return 0, child
		}
	}
	if node.Anchor != "" {
		known[node] = size
	}
	return size, nil
}

// parseData reads a file's text as Ansible's loader does: as JSON, and if it is not that, as YAML
// (ansible/parsing/utils/yaml.py, from_yaml).
func parseData(text string, warn func(line int, message string)) (Value, error) {
	// Only a JSON text that is a map makes a difference: anything else is refused either way.
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		if value, err := parseJSON(text); err == nil {
			return value, nil
		}
	}
	return parseYAML(text, warn)
}

// readYAML reads the text of a YAML or JSON inventory (ansible/plugins/inventory/yaml.py). What it has read stays in the
// inventory when it fails, as with Ansible.
func (r *reader) readYAML(text string) error {
	data, err := parseData(text, r.warnAt)
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
	r.path = nil
	for i := range data.body.keys {
		if _, err := r.readGroup(data, i); err != nil {
			return locateKey(err, text, r.path)
		}
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
func (r *reader) readGroup(groups Value, at int) (string, error) {
	name, data := groups.body.keys[at], groups.body.values[at]
	r.path = append(r.path, name)
	if data.kind != Map && data.kind != Null {
		r.warn(fmt.Sprintf("%s is skipped: it is no group", quote(name)))
		r.leave()
		return name, nil
	}
	if groups.body.oddKeys[at] || name == "" {
		return "", &Error{Message: fmt.Sprintf("group name %s is no text; write it in quotes", quote(name))}
	}
	if len(r.path) > 2*maxDepth {
		return "", &Error{Message: fmt.Sprintf("group %s stands more than %d groups deep", quote(name), maxDepth)}
	}
	group := r.inv.addGroup(name)
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
			return "", &Error{Message: fmt.Sprintf("%s of group %s must be a map", section, quote(name))}
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
			r.warn(fmt.Sprintf("key %s of group %s is skipped: it is no map", quote(section), quote(name)))
		case !isSection(section) || data.body.oddKeys[i]:
			r.warn(fmt.Sprintf("key %s of group %s is skipped: only vars, children and hosts are known", quote(section), quote(name)))
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

func (r *reader) readSection(group *Group, section string, content Value) error {
	for i, key := range content.body.keys {
		switch section {
		case "vars":
			r.path = append(r.path, key)
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
				return &Error{Message: fmt.Sprintf("host name %s is no text; write it in quotes", quote(key))}
			}
			if err := r.readHost(group, key, content.body.values[i]); err != nil {
				return err
			}
			r.leave()
		}
	}
	return nil
}

func (r *reader) readHost(group *Group, pattern string, data Value) error {
	names, port, err := r.expandPattern(pattern)
	if err != nil {
		return err
	}
	var vars Vars
	switch {
	case !data.isTrue():
	case data.kind != Map:
		return &Error{Message: fmt.Sprintf("host %s must hold a map of variables", quote(pattern))}
	default:
		vars.list = make([]Var, 0, len(data.body.keys))
		for i, key := range data.body.keys {
			vars.Set(key, data.body.values[i])
		}
	}
	if err := r.addHosts(names, group, port, &vars); err != nil {
		return err
	}
	return nil
}

// loadVarsFile reads the variables of a group_vars or host_vars file.
func loadVarsFile(path string) (Vars, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Vars{}, &Error{File: path, Message: "cannot be read", Err: pathCause(err)}
	}
	if bytes.HasPrefix(data, []byte(vaultHeader)) {
		return Vars{}, errEncrypted
	}
	value, err := parseData(decodeText(data), func(int, string) {})
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
