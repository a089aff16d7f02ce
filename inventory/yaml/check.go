package yaml

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/internal/yamlfault"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// check finds what PyYAML refuses while it composes the nodes, and nesting beyond all reason.
func (c *constructor) check(node *yaml.Node, depth int) error {
	if depth > python.MaxNesting {
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
