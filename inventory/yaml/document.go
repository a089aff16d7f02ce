package yaml

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/internal/lazy"
	"github.com/regal-inventory/regal-inventory/internal/yamlfault"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// parseNodes returns the root node of the text's one document, nil if it has none.
func parseNodes(text string) (*yaml.Node, error) {
	root, err := parseStream(text)
	var fault *inventory.Error
	if err != nil && !errors.As(err, &fault) {
		return nil, yamlfault.Of(err, text)
	}
	return root, err
}

// parseStream does what parseNodes does. Its errors are yaml.v3's or of type *Error.
func parseStream(text string) (root *yaml.Node, err error) {
	// yaml.v3 means to return every fault as an error; should it panic on a text after all, the text is at fault, not us.
	defer func() {
		if fault := recover(); fault != nil {
			root, err = nil, &inventory.Error{Message: fmt.Sprintf("the YAML reader gives up: %v", fault)}
		}
	}()
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var document, second yaml.Node
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, &inventory.Error{Line: second.Line, Column: second.Column, Message: "a second YAML document begins here; an inventory is a single one"}
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	return document.Content[0], nil
}

// rewrite has the strings that stand in for what yaml.v3 reads otherwise than libyaml: apply puts them into the text, so that it
// parses, and remove takes them out of the nodes again. No string occurs in the text.
type rewrite struct {
	slash string // the escape \/ of JSON, which yaml.v3 does not know
	mark  string // a question mark within a plain scalar, which yaml.v3 does not allow in flow collections
	bang  string // the tag !, which makes a quoted scalar resolve like a plain one; yaml.v3 drops it
	gap   string // white space between a tag and a comma, which yaml.v3 would take for a part of the tag
}

var (
	// bareBang finds the tag ! on its own.
	bareBang = lazy.Regexp(`(^|[\s\x{85}\x{2028}\x{2029},\[{])!([\s\x{85}\x{2028}\x{2029},\]}]|$)`)
	// innerBOM finds byte order marks at the start of a line, which libyaml passes over.
	innerBOM = lazy.Regexp("([\n\u0085\u2028\u2029])\ufeff")
	// tagComma finds tags with a comma right behind them.
	tagComma = lazy.Regexp(`((?:^|[\s,\[{])![^\s,\[\]{}<>]*),`)
)

func newRewrite(text string) rewrite {
	return rewrite{
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
// end. Only a text that yaml.v3 refuses, or that has what it reads otherwise than libyaml, needs the rewrite.
func parseDocument(text string) (root *yaml.Node, parsed string, err error) {
	odd := strings.Contains(text, "!") && (bareBang().MatchString(text) || tagComma().MatchString(text)) ||
		strings.Contains(text, "\ufeff") && innerBOM().MatchString(text)
	if !odd {
		if root, err = parseNodes(text); err == nil || yamlfault.IsTooDeep(err) {
			return root, text, err
		}
	}
	d := newRewrite(text)
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

func (d rewrite) apply(text string) string {
	text = innerBOM().ReplaceAllString(text, "${1}")
	if !strings.Contains(text, "%TAG") {
		text = bareBang().ReplaceAllString(text, "${1}"+d.bang+"${2}")
	}
	text = strings.ReplaceAll(text, `\/`, d.slash)
	text = tagComma().ReplaceAllString(text, "${1}"+d.gap+",")
	return d.markQuestions(text)
}

// markQuestions replaces the question marks within plain scalars: those with something before them on their line that a
// plain scalar can have. One that begins a further line of a plain scalar is not found.
func (d rewrite) markQuestions(text string) string {
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

// remove puts back what the rewrite changed in the node and all below it.
func (d rewrite) remove(node *yaml.Node) {
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
