package yaml

import (
	"fmt"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/yamlfault"

	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
	"github.com/regal-inventory/regal-inventory/inventory/internal/reading"
	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// maxExpanded is how many values a YAML document may hold once its aliases are written out. A text counts once more for
// each textUnit bytes.
const (
	maxExpanded = 10_000_000
	textUnit    = 100
)

// maxMerged is how many keys merge keys may bring into one map, each counted as often as it is brought.
const maxMerged = 1_000_000

// dataUse says what the data of a file is read for.
type dataUse struct {
	ansible *ansible.InUse                 // whose rules count
	warn    func(line int, message string) // gets what Ansible warns of, keys given twice; nil for nobody
	lose    func(line int, change string)  // gets what JSON cannot carry, the first of it
	print   bool                           // whether it will be printed, so that what JSON cannot carry matters
}

// parseText reads the one document of a YAML text as Ansible's loader does (ansible/parsing/yaml/constructor.py on PyYAML
// with libyaml; since 2.19 ansible/_internal/_yaml/_constructor.py). Errors have line and column where they are known.
func parseText(text string, use dataUse) (value inventory.Value, err error) {
	root, parsed, err := parseDocument(text)
	if err != nil || root == nil {
		return inventory.Value{}, err
	}
	c := constructor{text: parsed, use: use, made: map[*yaml.Node]inventory.Value{}, open: map[*yaml.Node]bool{}, merging: map[*yaml.Node]bool{}, above: map[*yaml.Node]bool{}}
	if err := c.check(root, 0); err != nil {
		return inventory.Value{}, err
	}
	value, err = c.construct(root)
	if err != nil {
		return inventory.Value{}, err
	}
	// PyYAML makes a list or map first and fills it later, level by level; !unsafe can tell the difference.
	for len(c.unfilled) > 0 {
		level := c.unfilled
		c.unfilled = nil
		for _, fill := range level {
			if err := c.fill(fill); err != nil {
				return inventory.Value{}, err
			}
		}
	}
	if c.loss.line > 0 {
		use.lose(c.loss.line, c.loss.change)
	}
	if c.aliased {
		if _, err := expandedSize(value.Content(), map[*inventory.Content]int{}); err != nil {
			fault := *inventory.Faults(err)[0]
			if _, alias := expandingAlias(root, map[*yaml.Node]int{}); alias != nil {
				fault.Line, fault.Column = alias.Line, alias.Column
			}
			return inventory.Value{}, &fault
		}
	}
	return value, nil
}

// constructor makes values of nodes as PyYAML's SafeConstructor does, with Ansible's additions.
type constructor struct {
	text     string // that the nodes stand in
	use      dataUse
	made     map[*yaml.Node]inventory.Value // of the nodes that aliases may name
	open     map[*yaml.Node]bool            // of these, the ones that are being made
	merging  map[*yaml.Node]bool            // maps whose merge keys are being followed
	unfilled []filling
	aliased  bool
	merged   int // keys that merge keys have brought into maps, in all
	copied   int // how many bytes of text the values made so far have, each time that a merge key brings one
	anchors  map[string]bool
	above    map[*yaml.Node]bool // while the nodes are checked, those with an anchor that the one at hand stands in
	loss     struct {            // of what JSON cannot carry, the first
		line   int
		change string
	}
	unsafe int // how many !unsafe of Ansible 2.19 stand around what is being made: what they hold is filled at once
}

// lose notes what JSON cannot carry.
func (c *constructor) lose(node *yaml.Node, change string) {
	if c.use.print && (c.loss.line == 0 || node.Line < c.loss.line) {
		c.loss.line, c.loss.change = node.Line, change
	}
}

// filling is a list or map that has been made and is still empty.
type filling struct {
	node *yaml.Node
	body *inventory.Content
}

func failAt(node *yaml.Node, format string, args ...any) error {
	return &inventory.Error{Line: node.Line, Column: node.Column, Message: fmt.Sprintf(format, args...)}
}

// check finds what PyYAML refuses while it composes the nodes, and nesting beyond all reason.
func (c *constructor) check(node *yaml.Node, depth int) error {
	if depth > inventory.MaxNesting {
		return failAt(node, "%s", yamlfault.TooDeep)
	}
	if node.Anchor != "" && node.Kind != yaml.AliasNode {
		if c.anchors[node.Anchor] {
			return failAt(node, "this anchor is given twice") // its name may be a password without quotes
		}
		if c.anchors == nil {
			c.anchors = map[string]bool{}
		}
		c.anchors[node.Anchor] = true
		c.above[node] = true
		defer delete(c.above, node)
	}
	if err := c.checkMerges(node); err != nil {
		return err
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

// checkMerges finds merge keys that bring a map into itself, at any depth: such a map has no end.
func (c *constructor) checkMerges(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode || len(c.above) == 0 {
		return nil
	}
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if key.Kind != yaml.ScalarNode || tagOf(key) != tagMerge {
			continue
		}
		for _, merged := range append([]*yaml.Node{value}, value.Content...) {
			if merged.Kind == yaml.AliasNode && c.above[merged.Alias] {
				return failAt(key, "a merge key names the map that it stands in")
			}
		}
	}
	return nil
}

// endsInColon tells whether a plain scalar of a flow collection has a colon right before a comma or bracket, which libyaml
// refuses and yaml.v3 takes.
func (c *constructor) endsInColon(node *yaml.Node) bool {
	if node.Kind != yaml.ScalarNode || node.Style&^yaml.TaggedStyle != 0 || !strings.HasSuffix(node.Value, ":") {
		return false
	}
	rest := c.text
	for range node.Line - 1 {
		_, rest = nextYAMLLine(rest)
	}
	for range node.Column - 1 {
		_, size := python.DecodeRune(rest)
		rest = rest[size:]
	}
	// Word by word: a tag or anchor may stand before the scalar, and the scalar may go over several lines.
	for word := range strings.FieldsSeq(node.Value) {
		_, rest, _ = strings.Cut(rest, word)
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
	_, size := python.DecodeRune(text[at:])
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
func (c *constructor) construct(node *yaml.Node) (inventory.Value, error) {
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
		return inventory.Value{}, failAt(node, "an alias stands within what it names")
	}
	c.open[node] = true
	value, err := c.constructNew(node)
	if value.Content() != nil {
		value.Content().Named = true
	}
	c.made[node] = value
	return value, err
}

func (c *constructor) constructNew(node *yaml.Node) (inventory.Value, error) {
	switch tag := tagOf(node); tag {
	case "!unsafe":
		return c.constructUnsafe(node)
	case "!vault", "!vault-encrypted":
		return c.constructVault(node)
	case tagMap, "!!python/dict", "!!set":
		if tag == "!!set" {
			c.lose(node, inventory.FromSet.Becomes())
			set, err := c.later(node, yaml.MappingNode, inventory.List)
			return set.WithOrigin(inventory.FromSet), err
		}
		return c.later(node, yaml.MappingNode, inventory.Map)
	case tagSeq, "!!omap", "!!pairs":
		return c.later(node, yaml.SequenceNode, inventory.List)
	default:
		return c.constructScalar(node, tag)
	}
}

// later makes an empty list or map, and a note to fill it.
func (c *constructor) later(node *yaml.Node, want yaml.Kind, kind inventory.Kind) (inventory.Value, error) {
	if node.Kind != want {
		return inventory.Value{}, failTag(node, tagOf(node), "", " does not fit what follows it")
	}
	made := &inventory.Content{}
	switch {
	case len(node.Content) == 0:
	case c.unsafe > 0:
		if err := c.fill(filling{node, made}); err != nil {
			return inventory.Value{}, err
		}
	default:
		c.unfilled = append(c.unfilled, filling{node, made})
	}
	return inventory.NewContaining(kind, made), nil
}

// constructVault takes the ciphertext. Since Ansible 2.19 it must be what YAML would make a text if it had no tag.
func (c *constructor) constructVault(node *yaml.Node) (inventory.Value, error) {
	if node.Kind != yaml.ScalarNode {
		return inventory.Value{}, failAt(node, "!vault needs a text")
	}
	if resolveScalar(node.Value) != tagString {
		isStrict, err := c.use.ansible.Since(2, 19)
		if err != nil {
			return inventory.Value{}, err
		}
		if isStrict {
			return inventory.Value{}, failAt(node, "!vault needs a text")
		}
	}
	return inventory.NewVault(node.Value), nil
}

func (c *constructor) constructScalar(node *yaml.Node, tag string) (inventory.Value, error) {
	if node.Kind == yaml.MappingNode {
		// A map with the key = stands for that key's value where a scalar is wanted (SafeConstructor.construct_scalar).
		for i := 0; i < len(node.Content); i += 2 {
			if key := node.Content[i]; key.Kind == yaml.ScalarNode && tagOf(key) == tagValue {
				return c.constructScalar(resolveAlias(node.Content[i+1]), tag)
			}
		}
	}
	if node.Kind != yaml.ScalarNode {
		return inventory.Value{}, failTag(node, tag, "", " does not fit what follows it")
	}
	if c.copied += len(node.Value); c.copied > reading.MaxCopied {
		return inventory.Value{}, failAt(node, "merge keys bring more than %d MiB of text into the maps up to this one", reading.MaxCopied>>20)
	}
	value, ok := constructScalar(tag, node.Value)
	if !ok {
		return inventory.Value{}, failTag(node, tag, "not a valid value for ", "")
	}
	if c.use.print && !wire.IsPrintable(value.Text()) {
		return inventory.Value{}, failAt(node, "%s", wire.NotUTF8)
	}
	if value.Origin() != inventory.AsIs {
		c.lose(node, value.Origin().Becomes())
	}
	if c.unsafe > 0 && value.Kind() == inventory.String && value.Origin() == inventory.AsIs {
		value = inventory.NewUnsafe(value.Text())
	}
	return value, nil
}

// failTag says what is wrong with what a tag stands before. A tag that has no meaning is not named: it may be a password
// that begins with ! and has no quotes.
func failTag(node *yaml.Node, tag, before, behind string) error {
	switch tag {
	case tagNull, tagBool, tagInt, tagFloat, tagTimestamp, tagBinary, tagString, tagMap, tagSeq, "!!set", "!!omap", "!!pairs",
		"!unsafe", "!vault", "!vault-encrypted":
		return failAt(node, "%sthe tag %s%s", before, tag, behind)
	default:
		return failAt(node, "Ansible knows no such tag; a text that begins with ! needs quotes")
	}
}

func resolveAlias(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// constructUnsafe does what construct_yaml_unsafe does. Since Ansible 2.19 the node is what it would be without the tag, and
// all that is made with it is unsafe. Before, a scalar is a text whatever it looks like, and of a list or map, which 2.10
// refuses, the own level is filled at once and copied, so that lists and maps below it, which are still to be filled, come
// out empty.
func (c *constructor) constructUnsafe(node *yaml.Node) (inventory.Value, error) {
	if node.Kind == yaml.ScalarNode && resolveScalar(node.Value) == tagString {
		return inventory.NewUnsafe(node.Value), nil
	}
	keeps, err := c.use.ansible.Since(2, 19)
	if err != nil {
		return inventory.Value{}, err
	}
	if keeps {
		c.unsafe++
		defer func() { c.unsafe-- }()
	}
	switch {
	case node.Kind == yaml.ScalarNode && keeps:
		return c.constructScalar(node, resolveScalar(node.Value))
	case node.Kind == yaml.ScalarNode:
		return inventory.NewUnsafe(node.Value), nil
	case !c.use.ansible.IsSince(2, 11):
		return inventory.Value{}, failAt(node, "!unsafe needs a text: so Ansible 2.10 has it")
	}
	kind, fill, made := inventory.List, c.fillList, &inventory.Content{}
	if node.Kind == yaml.MappingNode {
		kind, fill = inventory.Map, c.fillMap
	}
	err = fill(node, made)
	value := inventory.NewContaining(kind, made)
	if !keeps {
		value = value.AsUnsafe()
	}
	return value, err
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

func (c *constructor) fillList(node *yaml.Node, into *inventory.Content) error {
	into.Values = make([]inventory.Value, 0, len(node.Content))
	for _, item := range node.Content {
		value, err := c.construct(item)
		if err != nil {
			return err
		}
		into.Values = append(into.Values, value)
	}
	return nil
}

func (c *constructor) fillPairs(node *yaml.Node, into *inventory.Content) error {
	for _, item := range node.Content {
		pair := resolveAlias(item)
		if pair.Kind != yaml.MappingNode || len(pair.Content) != 2 {
			return failTag(item, tagOf(node), "", " needs a list of maps with one key each")
		}
		key, err := c.construct(pair.Content[0])
		if err != nil {
			return err
		}
		value, err := c.construct(pair.Content[1])
		if err != nil {
			return err
		}
		into.Values = append(into.Values, inventory.NewList([]inventory.Value{key, value}))
	}
	return nil
}

// fillMap is AnsibleConstructor.construct_mapping: merge keys first, then the keys in order, the last of equal ones wins
// in the place of the first.
func (c *constructor) fillMap(node *yaml.Node, into *inventory.Content) error {
	pairs, own, err := c.flatten(node)
	if err != nil {
		return err
	}
	keys := keyIndex{into: into}
	into.Keys = make([]string, 0, len(pairs)/2)
	into.Values = make([]inventory.Value, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		key, err := c.constructKey(pairs[i])
		if err != nil {
			return err
		}
		if c.use.print && wire.IsMarker(key.text) {
			return failAt(pairs[i], "this is %s", wire.MarkerKey)
		}
		at, fresh := keys.place(key)
		switch {
		case at < 0 && c.use.print:
			return failAt(pairs[i], "%s", wire.OneKey(key.text))
		case at < 0:
			continue
		case !key.isText:
			c.lose(pairs[i], wire.KeyChange(shown.Name(key.text)))
		}
		if !fresh && i >= own && c.use.warn != nil {
			c.use.warn(pairs[i].Line, fmt.Sprintf("the key %s is given twice in one map; the last one counts", shown.Name(key.text)))
		}
		value, err := c.construct(pairs[i+1])
		if err != nil {
			return err
		}
		into.Values[at] = value
	}
	return nil
}

// fillSet makes the list that stands for a set: each key once, sorted by its text. Ansible runs no template in a set.
func (c *constructor) fillSet(node *yaml.Node, into *inventory.Content) error {
	pairs, _, err := c.flatten(node)
	if err != nil {
		return err
	}
	var elements []inventory.Value
	seen := map[string]bool{}
	for i := 0; i < len(pairs); i += 2 {
		key, err := c.constructKey(pairs[i])
		if err != nil {
			return err
		}
		identity := "text " + key.text
		if !key.isText {
			identity = key.identity
		}
		if !seen[identity] {
			seen[identity] = true
			elements = append(elements, key.value.WithoutTemplates())
		}
		if _, err := c.construct(pairs[i+1]); err != nil { // it counts for nothing, but Ansible refuses a bad one
			return err
		}
	}
	slices.SortStableFunc(elements, func(a, b inventory.Value) int { return strings.Compare(a.Text(), b.Text()) })
	into.Values = elements
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
	identity string // of what is no text, the same for numbers and truth values that are equal; "" otherwise
	isText   bool   // to Python: dates and bytes have a text here, but are none
	value    inventory.Value
}

func (c *constructor) constructKey(node *yaml.Node) (mapKey, error) {
	if node.Kind == yaml.ScalarNode && tagOf(node) == tagValue {
		return mapKey{text: node.Value, isText: true, value: inventory.NewString(node.Value)}, nil
	}
	value, err := c.construct(node)
	if err != nil {
		return mapKey{}, err
	}
	key := mapKey{text: value.Text(), isText: value.IsText(), value: value}
	switch value.Kind() {
	case inventory.List, inventory.Map:
		return mapKey{}, failAt(node, "a list or a map cannot be a key")
	case inventory.Vault:
		return mapKey{}, failAt(node, "an encrypted text cannot be a key")
	case inventory.Null:
		key.text = "null"
	case inventory.Bool:
		key.text = strings.ToLower(value.Text())
		key.identity = map[string]string{"true": "1", "false": "0"}[key.text]
	case inventory.Int:
		key.identity = value.Text()
	case inventory.Float:
		key.identity = strings.TrimSuffix(value.Text(), ".0")
	default:
		switch value.Origin() {
		case inventory.FromDate:
			key.text, key.isText, key.identity = strings.Replace(value.Text(), "T", " ", 1), false, "date "+value.Text()
		case inventory.FromBytes:
			key.text, key.isText, key.identity = string(python.AppendBytesRepr(nil, value.Text())), false, "bytes "+value.Text()
		}
	}
	if value.Kind() == inventory.Null {
		key.identity = "null"
	}
	return key, nil
}

// indexedKeys is the number of keys from which on there is an index of them.
const indexedKeys = 16

// keyIndex finds the places of keys in a map that is being filled.
type keyIndex struct {
	into    *inventory.Content
	places  map[string]int // by text, from indexedKeys keys on
	numbers map[string]int // by identity, of what is no text
}

// oneKeyOnly is the place of a key that JSON would make one with another one: 80 and "80".
const oneKeyOnly = -2

// place returns the key's place in the map, and makes one at the end if it has none. It is negative if the map has another
// key of the same text.
func (k *keyIndex) place(key mapKey) (at int, fresh bool) {
	if at := k.find(key); at != notFound {
		return at, false
	}
	at = len(k.into.Keys)
	k.into.Keys = append(k.into.Keys, key.text)
	k.into.Values = append(k.into.Values, inventory.Value{})
	if !key.isText {
		k.into.MarkOdd(at)
		if k.numbers == nil {
			k.numbers = map[string]int{}
		}
		k.numbers[key.identity] = at
	}
	switch {
	case k.places != nil:
		k.places[key.text] = at
	case at == indexedKeys:
		k.places = make(map[string]int, 4*indexedKeys)
		for i, text := range k.into.Keys {
			k.places[text] = i
		}
	}
	return at, true
}

const notFound = -1

// find returns the key's place, notFound or oneKeyOnly.
func (k *keyIndex) find(key mapKey) int {
	if !key.isText {
		if at, ok := k.numbers[key.identity]; ok {
			return at
		}
	}
	at := k.findText(key.text)
	if at != notFound && (!key.isText || k.into.OddKeys[at]) {
		return oneKeyOnly
	}
	return at
}

func (k *keyIndex) findText(text string) int {
	if k.places == nil {
		return slices.Index(k.into.Keys, text)
	}
	if at, ok := k.places[text]; ok {
		return at
	}
	return notFound
}

// expandedSize returns how many values there are below b when every alias is written out. A value within itself, and more
// values than maxExpanded, are errors.
func expandedSize(b *inventory.Content, known map[*inventory.Content]int) (int, error) {
	if b == nil {
		return 1, nil
	}
	const unfinished = -1
	switch size := known[b]; size {
	case 0:
	case unfinished:
		return 0, &inventory.Error{Message: "an alias makes a value contain itself"}
	default:
		return size, nil
	}
	known[b] = unfinished
	size := 1
	for _, value := range b.Values {
		below, err := expandedSize(value.Content(), known)
		if err != nil {
			return 0, err
		}
		if size += below + len(value.Text())/textUnit; size > maxExpanded {
			return 0, &inventory.Error{Message: fmt.Sprintf("aliases make the document hold more than %d values", maxExpanded)}
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
	size = 1 + len(node.Value)/textUnit
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
