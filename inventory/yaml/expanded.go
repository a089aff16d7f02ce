package yaml

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// maxExpanded is how many values a YAML document may hold once its aliases are written out. A text counts once more for
// each textUnit bytes.
const (
	maxExpanded = 10_000_000
	textUnit    = 100
)

// expandedSize returns how many values there are below b when every alias is written out. A value within itself, and more
// values than maxExpanded, are errors.
func expandedSize(b *content, known map[*content]int) (int, error) {
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
	for _, item := range b.items {
		below, err := expandedSize(item.content, known)
		if err != nil {
			return 0, err
		}
		if size += below + len(item.scalar.Text())/textUnit; size > maxExpanded {
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
