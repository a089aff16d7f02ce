// Package yamlfault turns what yaml.v3 complains of into errors with a place. It knows how yaml.v3 words its complaints, and
// nothing of what the text is for.
package yamlfault

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/lazy"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// TooDeep is the message about nesting beyond python.MaxNesting.
var TooDeep = fmt.Sprintf("lists and maps are nested more than %d deep", python.MaxNesting)

func IsTooDeep(err error) bool { return inventory.Faults(err)[0].Message == TooDeep }

var (
	// yamlLine is how yaml.v3 leads a message with a line.
	yamlLine = lazy.Regexp(`^line (\d+): `)
	// yamlParser are the messages of yaml.v3's parser, which counts lines from 0, where its scanner counts from 1.
	yamlParser = lazy.Regexp(`^(found undefined tag handle|did not find expected (<document start>|node content|key|'-' indicator|',' or))`)
	yamlAnchor = lazy.Regexp(`^unknown anchor '(.*)' referenced`)
)

// Of returns what yaml.v3 complains of in the text, with line and column as far as they can be known; the line is 1
// where yaml.v3 names none.
func Of(err error, text string) *inventory.Error {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	fault := &inventory.Error{Line: 1}
	if lead := yamlLine().FindStringSubmatch(message); lead != nil {
		fault.Line, _ = strconv.Atoi(lead[1])
		message = message[len(lead[0]):]
		if yamlParser().MatchString(message) {
			fault.Line++
		}
	}
	if anchor := yamlAnchor().FindStringSubmatch(message); anchor != nil {
		// The name may be a password without quotes.
		message = "there is no anchor of this name; a text that begins with * needs quotes"
		if before, _, found := strings.Cut(text, "*"+anchor[1]); found {
			fault.Line = 1 + strings.Count(before, "\n")
			fault.Column = 1 + python.Len(before[strings.LastIndexByte(before, '\n')+1:])
		}
	}
	if better, column := explain(message, fault, text); better != "" {
		message, fault.Column = better, column
	}
	if strings.HasPrefix(message, "exceeded max depth") { // far beyond our own bound
		fault.Message = TooDeep
		return fault
	}
	fault.Message = "not valid YAML: " + message
	return fault
}

// specialStart finds a character that means something else to YAML where a text begins.
var specialStart = lazy.Regexp("(?:^|[:,\\[{-])[ \t]*([*&@`%])")

// explain says of some complaints what they mean to those who write YAML by hand, and where; it moves the fault to a tab's line,
// which yaml.v3 may place a line too early. It returns nothing where it knows no better.
func explain(message string, fault *inventory.Error, text string) (better string, column int) {
	lines := strings.Split(text, "\n")
	if fault.Line > len(lines) {
		return "", 0
	}
	line := lines[fault.Line-1]
	switch {
	case strings.Contains(message, "found character that cannot start any token"), strings.Contains(message, "tab character"):
		for at := fault.Line; at <= min(fault.Line+1, len(lines)); at++ {
			indent := lines[at-1][:len(lines[at-1])-len(strings.TrimLeft(lines[at-1], " \t"))]
			if tab := strings.IndexByte(indent, '\t'); tab >= 0 {
				fault.Line = at
				return "a tab stands here, and YAML indents by spaces alone: write spaces", tab + 1
			}
		}
		return quotesNeeded(line)
	case strings.Contains(message, "did not find expected alphabetic or numeric character"):
		return quotesNeeded(line)
	case message == "mapping values are not allowed in this context":
		return "a key is not expected here: indent it as the keys above it, or quote a text that has a colon and a space in it", fault.Column
	case message == "found unexpected end of stream":
		return "a quote that was opened is not closed", fault.Column
	default:
		return "", 0
	}
}

func quotesNeeded(line string) (message string, column int) {
	at := specialStart().FindStringSubmatchIndex(line)
	if at == nil {
		return "", 0
	}
	return "a text that begins with " + line[at[2]:at[3]] + " needs quotes", 1 + python.Len(line[:at[2]])
}
