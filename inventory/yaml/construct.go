package yaml

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
	"github.com/regal-inventory/regal-inventory/inventory/internal/reading"
	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
)

// dataUse says what the data of a file is read for.
type dataUse struct {
	ansible *ansible.InUse                 // whose rules count
	warn    func(line int, message string) // gets what Ansible warns of, keys given twice; nil for nobody
	lose    func(line int, change string)  // gets what JSON cannot carry, the first of it
	print   bool                           // whether it will be printed, so that what JSON cannot carry matters
}

// parseText reads the one document of a YAML text as Ansible's loader does (ansible/parsing/yaml/constructor.py on PyYAML
// with libyaml; since 2.19 ansible/_internal/_yaml/_constructor.py). Errors have line and column where they are known.
func parseText(text string, use dataUse) (made object, err error) {
	root, parsed, err := parseDocument(text)
	if err != nil || root == nil {
		return object{}, err
	}
	c := constructor{text: parsed, use: use, made: map[*yaml.Node]object{}, open: map[*yaml.Node]bool{}, merging: map[*yaml.Node]bool{}, above: map[*yaml.Node]bool{}}
	if err := c.check(root, 0); err != nil {
		return object{}, err
	}
	made, err = c.construct(root)
	if err != nil {
		return object{}, err
	}
	// PyYAML makes a list or map first and fills it later, level by level; !unsafe can tell the difference.
	for len(c.unfilled) > 0 {
		level := c.unfilled
		c.unfilled = nil
		for _, fill := range level {
			if err := c.fill(fill); err != nil {
				return object{}, err
			}
		}
	}
	if c.loss.line > 0 {
		use.lose(c.loss.line, c.loss.change)
	}
	if c.aliased {
		if _, err := expandedSize(made.content, map[*content]int{}); err != nil {
			fault := *inventory.Faults(err)[0]
			if _, alias := expandingAlias(root, map[*yaml.Node]int{}); alias != nil {
				fault.Line, fault.Column = alias.Line, alias.Column
			}
			return object{}, &fault
		}
	}
	return made, nil
}

// constructor makes objects of nodes as PyYAML's SafeConstructor does, with Ansible's additions.
type constructor struct {
	text     string // that the nodes stand in
	use      dataUse
	made     map[*yaml.Node]object // of the nodes that aliases may name
	open     map[*yaml.Node]bool   // of these, the ones that are being made
	merging  map[*yaml.Node]bool   // maps whose merge keys are being followed
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
	body *content
}

func failAt(node *yaml.Node, format string, args ...any) error {
	return &inventory.Error{Line: node.Line, Column: node.Column, Message: fmt.Sprintf(format, args...)}
}

// construct returns the value of a node; a list or map comes back empty, to be filled later.
func (c *constructor) construct(node *yaml.Node) (object, error) {
	if node.Kind == yaml.AliasNode {
		c.aliased = true
		node = node.Alias
	}
	if node.Anchor == "" {
		return c.constructNew(node)
	}
	if made, ok := c.made[node]; ok {
		return made, nil
	}
	if c.open[node] {
		return object{}, failAt(node, "an alias stands within what it names")
	}
	c.open[node] = true
	made, err := c.constructNew(node)
	if made.content != nil {
		made.content.named = true
	}
	c.made[node] = made
	return made, err
}

func (c *constructor) constructNew(node *yaml.Node) (object, error) {
	switch tag := tagOf(node); tag {
	case "!unsafe":
		return c.constructUnsafe(node)
	case "!vault", "!vault-encrypted":
		return c.constructVault(node)
	case tagMap, "!!python/dict", "!!set":
		if tag == "!!set" {
			c.lose(node, fromSet.change())
			set, err := c.later(node, yaml.MappingNode, inventory.List)
			set.was = fromSet
			return set, err
		}
		return c.later(node, yaml.MappingNode, inventory.Map)
	case tagSeq, "!!omap", "!!pairs":
		return c.later(node, yaml.SequenceNode, inventory.List)
	default:
		return c.constructScalar(node, tag)
	}
}

// later makes an empty list or map, and a note to fill it.
func (c *constructor) later(node *yaml.Node, want yaml.Kind, kind inventory.Kind) (object, error) {
	if node.Kind != want {
		return object{}, failTag(node, tagOf(node), "", " does not fit what follows it")
	}
	made := &content{kind: kind}
	switch {
	case len(node.Content) == 0:
	case c.unsafe > 0:
		if err := c.fill(filling{node, made}); err != nil {
			return object{}, err
		}
	default:
		c.unfilled = append(c.unfilled, filling{node, made})
	}
	return object{content: made}, nil
}

// constructVault takes the ciphertext. Since Ansible 2.19 it must be what YAML would make a text if it had no tag.
func (c *constructor) constructVault(node *yaml.Node) (object, error) {
	if node.Kind != yaml.ScalarNode {
		return object{}, failAt(node, "!vault needs a text")
	}
	if resolveScalar(node.Value) != tagString {
		isStrict, err := c.use.ansible.Since(2, 19)
		if err != nil {
			return object{}, err
		}
		if isStrict {
			return object{}, failAt(node, "!vault needs a text")
		}
	}
	return object{scalar: inventory.NewVault(node.Value)}, nil
}

func (c *constructor) constructScalar(node *yaml.Node, tag string) (object, error) {
	if node.Kind == yaml.MappingNode {
		// A map with the key = stands for that key's value where a scalar is wanted (SafeConstructor.construct_scalar).
		for i := 0; i < len(node.Content); i += 2 {
			if key := node.Content[i]; key.Kind == yaml.ScalarNode && tagOf(key) == tagValue {
				return c.constructScalar(resolveAlias(node.Content[i+1]), tag)
			}
		}
	}
	if node.Kind != yaml.ScalarNode {
		return object{}, failTag(node, tag, "", " does not fit what follows it")
	}
	if c.copied += len(node.Value); c.copied > reading.MaxCopied {
		return object{}, failAt(node, "merge keys bring more than %d MiB of text into the maps up to this one", reading.MaxCopied>>20)
	}
	made, ok := constructScalar(tag, node.Value)
	if !ok {
		return object{}, failTag(node, tag, "not a valid value for ", "")
	}
	if c.use.print && !wire.IsPrintable(made.scalar.Text()) {
		return object{}, failAt(node, "%s", wire.NotUTF8)
	}
	switch {
	case made.was != asIs:
		c.lose(node, made.was.change())
	case c.unsafe > 0:
		made = made.asUnsafe()
	}
	return made, nil
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
func (c *constructor) constructUnsafe(node *yaml.Node) (object, error) {
	if node.Kind == yaml.ScalarNode && resolveScalar(node.Value) == tagString {
		return object{scalar: inventory.NewUnsafe(node.Value)}, nil
	}
	keeps, err := c.use.ansible.Since(2, 19)
	if err != nil {
		return object{}, err
	}
	if keeps {
		c.unsafe++
		defer func() { c.unsafe-- }()
	}
	switch {
	case node.Kind == yaml.ScalarNode && keeps:
		return c.constructScalar(node, resolveScalar(node.Value))
	case node.Kind == yaml.ScalarNode:
		return object{scalar: inventory.NewUnsafe(node.Value)}, nil
	case !c.use.ansible.IsSince(2, 11):
		return object{}, failAt(node, "!unsafe needs a text: so Ansible 2.10 has it")
	}
	fill, made := c.fillList, object{content: &content{kind: inventory.List}}
	if node.Kind == yaml.MappingNode {
		fill, made.content.kind = c.fillMap, inventory.Map
	}
	err = fill(node, made.content)
	if !keeps {
		made = made.asUnsafe()
	}
	return made, err
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

func (c *constructor) fillList(node *yaml.Node, into *content) error {
	into.items = make([]object, 0, len(node.Content))
	for _, item := range node.Content {
		made, err := c.construct(item)
		if err != nil {
			return err
		}
		into.items = append(into.items, made)
	}
	return nil
}

func (c *constructor) fillPairs(node *yaml.Node, into *content) error {
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
		into.items = append(into.items, object{content: &content{kind: inventory.List, items: []object{key, value}}})
	}
	return nil
}

// fillMap is AnsibleConstructor.construct_mapping: merge keys first, then the keys in order, the last of equal ones wins
// in the place of the first.
func (c *constructor) fillMap(node *yaml.Node, into *content) error {
	pairs, own, err := c.flatten(node)
	if err != nil {
		return err
	}
	keys := keyIndex{into: into}
	into.keys = make([]string, 0, len(pairs)/2)
	into.items = make([]object, 0, len(pairs)/2)
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
		into.items[at] = value
	}
	return nil
}

// fillSet makes the list that stands for a set: each key once, sorted by its text. Ansible runs no template in a set.
func (c *constructor) fillSet(node *yaml.Node, into *content) error {
	pairs, _, err := c.flatten(node)
	if err != nil {
		return err
	}
	var elements []object
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
			elements = append(elements, object{scalar: key.object.scalar.WithoutTemplates(), was: key.object.was})
		}
		if _, err := c.construct(pairs[i+1]); err != nil { // it counts for nothing, but Ansible refuses a bad one
			return err
		}
	}
	slices.SortStableFunc(elements, func(a, b object) int { return strings.Compare(a.scalar.Text(), b.scalar.Text()) })
	into.items = elements
	return nil
}
