package inventory

import (
	"io"
	"runtime"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

// Most of the time that a YAML inventory takes goes into the parser, which knows one core. A large text is parsed in two
// halves at once: the second one below the keys that are open where it begins, in maps of its own. The halves are put
// together if the first one ends in just these maps, which is known only when it has been parsed; else the text is parsed
// as a whole. YAML is read from left to right, so that a first half that is sound by itself leaves nothing open but maps
// and lists, and a line that is indented like the keys of an open map can only be the next key of that map.

// halvesFrom is the size in bytes of the smallest text that is parsed in halves: a few milliseconds' worth.
const halvesFrom = 1 << 15

// yamlCut is a place to cut a text in two.
type yamlCut struct {
	at      int   // in bytes; a line begins there
	columns []int // of the maps that are open there, counted from 0, the outermost first; the line belongs to the last one
}

// parseHalves returns the root node of the text's one document, or nil if it has to be parsed as a whole.
func parseHalves(text string) *yaml.Node {
	if len(text) < halvesFrom || runtime.GOMAXPROCS(0) == 1 {
		return nil
	}
	const window = 1 << 16
	from := 1 + strings.LastIndexByte(text[:len(text)/2], '\n')
	cut, ok := findCut(text, from, min(from+window, len(text)))
	if !ok {
		return nil
	}
	return cut.parse(text)
}

// findCut looks for a place to cut the text between from, where a line begins, and to: of the lines that may be the next
// key of an open map the least indented, as that is the least likely to stand within a text of several lines.
func findCut(text string, from, to int) (cut yamlCut, ok bool) {
	const none = -1
	column, before := none, none
	for at := from; at < to; {
		line, _, _ := strings.Cut(text[at:to], "\n")
		if indent := indentOf(line); indent >= 0 {
			// A line that is indented more than the one before belongs to a map that is not open yet.
			if indent <= before && (column == none || indent < column) && isKey(line[indent:]) {
				column, cut.at = indent, at
			}
			before = indent
		}
		at += len(line) + 1
	}
	if column == none {
		return cut, false
	}
	cut.columns, ok = openColumns(text[:cut.at], column)
	return cut, ok
}

// indentOf returns how many spaces a line begins with, and -1 if it is empty or a comment.
func indentOf(line string) int {
	text := strings.TrimLeft(line, " ")
	if text == "" || text[0] == '#' {
		return -1
	}
	return len(line) - len(text)
}

// isKey tells whether a line, without its indentation, is surely the key of a map if it begins anything at all. Many other
// lines may be that too, but a colon at the beginning, say, would belong to a key before it.
func isKey(line string) bool {
	c := rune(line[0])
	return c < 0x80 && isWord(c) && strings.IndexByte(line, ':') > 0
}

// openColumns returns the columns of the maps that are open at the end of the text, up to the one with that column.
func openColumns(text string, column int) (columns []int, ok bool) {
	columns = []int{column}
	for outermost := column; outermost > 0 && text != ""; {
		start := 1 + strings.LastIndexByte(text[:len(text)-1], '\n')
		line := text[start : len(text)-1]
		text = text[:start]
		indent := indentOf(line)
		if indent < 0 || indent >= outermost {
			continue
		}
		if line[indent] == '-' {
			return nil, false
		}
		outermost = indent
		columns = append([]int{indent}, columns...)
	}
	return columns, true
}

// parse returns the root node, or nil if the halves do not fit.
func (c yamlCut) parse(text string) *yaml.Node {
	before, behind := text[:c.at], text[c.at:]
	switch {
	case !onlyLineFeeds(before) || beginsLine(before, "...") || beginsLine(before, "%"):
		return nil
	case strings.Contains(before, "&") && strings.Contains(behind, "*"):
		return nil // an alias behind would not know its anchor, and the work would be in vain
	}
	open := c.columns[:len(c.columns)-1]
	var head strings.Builder
	// Empty lines, so that every node gets its right line; each open key has had a line of its own before.
	head.WriteString(strings.Repeat("\n", strings.Count(before, "\n")-len(open)))
	for _, column := range open {
		head.WriteString(strings.Repeat(" ", column) + "open:\n")
	}
	var first, second *yaml.Node
	var firstErr, secondErr error
	var parsing sync.WaitGroup
	parsing.Go(func() {
		second, secondErr = parseStream(io.MultiReader(strings.NewReader(head.String()), strings.NewReader(behind)))
	})
	first, firstErr = parseStream(strings.NewReader(before))
	parsing.Wait()
	if firstErr != nil || secondErr != nil || !c.join(first, second) {
		return nil
	}
	return first
}

// onlyLineFeeds tells whether all lines of a YAML text end in a line feed and nothing else.
func onlyLineFeeds(text string) bool {
	for _, end := range []string{"\r", "\u0085", "\u2028", "\u2029"} {
		if strings.Contains(text, end) {
			return false
		}
	}
	return true
}

// beginsLine tells whether a line of the text begins so: with the end of a document, or a directive.
func beginsLine(text, mark string) bool {
	return strings.HasPrefix(text, mark) || strings.Contains(text, "\n"+mark)
}

// join puts the content of the second half's maps into the open ones of the first half. It tells whether the halves fit;
// otherwise the first one is spoilt.
func (c yamlCut) join(first, second *yaml.Node) bool {
	for depth, column := range c.columns {
		if !isBlockMap(first, column) || !isBlockMap(second, column) {
			return false
		}
		if depth == len(c.columns)-1 {
			break
		}
		last := first.Content[len(first.Content)-1]
		first.Content = append(first.Content, second.Content[2:]...)
		first, second = last, second.Content[1]
	}
	first.Content = append(first.Content, second.Content...)
	return true
}

// isBlockMap tells whether a node is a map with a key on each line, all in that column, without tag and anchor. Such a map
// has keys. A tag or anchor stands before the first key; yaml.v3 forgets the tag ! but for the column.
func isBlockMap(node *yaml.Node, column int) bool {
	return node != nil && node.Kind == yaml.MappingNode && node.Style == 0 && node.Anchor == "" &&
		node.Column == column+1 && node.Content[0].Column == column+1
}
