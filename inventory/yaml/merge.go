package yaml

import "gopkg.in/yaml.v3"

// maxMerged is how many keys merge keys may bring into one map, each counted as often as it is brought.
const maxMerged = 1_000_000

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
