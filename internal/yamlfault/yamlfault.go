// Package yamlfault turns yaml.v3's errors into errors with a place and with words that help. It knows how yaml.v3 words its errors, and
// not what the text is for.
package yamlfault

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/lazy"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// TooDeep is the message of an error of nesting beyond [python.MaxNesting].
var TooDeep = fmt.Sprintf("lists and maps are nested more than %d deep", python.MaxNesting)

// IsTooDeep tells whether an error, which holds an [inventory.Error], is that of nesting beyond the bound.
func IsTooDeep(err error) bool { return inventory.Faults(err)[0].Message == TooDeep }

var (
	// yamlLine is how yaml.v3 begins a message that has a line.
	yamlLine = lazy.Regexp(`^line (\d+): `)
	// yamlParser matches the messages of yaml.v3's parser. It counts lines from 0, while yaml.v3's scanner counts them from 1.
	yamlParser = lazy.Regexp(`^(found undefined tag handle|did not find expected (<document start>|node content|key|'-' indicator|',' or))`)
	// yamlAnchor matches the message about an alias whose anchor is missing.
	yamlAnchor = lazy.Regexp(`^unknown anchor '(.*)' referenced`)
)

// Of returns yaml.v3's error about a text as one of ours: with the line, which is 1 where yaml.v3 names none, and the column as far as it
// can be known, and without a file. Whatever of the text could be a password is left out of the message.
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

// specialStart matches a character that has a meaning of its own in YAML where a text could begin.
var specialStart = lazy.Regexp("(?:^|[:,\\[{-])[ \t]*([*&@`%])")

// explain returns for some of yaml.v3's messages one that says what to write instead, and the column; empty for the others. If a tab is at
// fault it sets the fault's line too, since yaml.v3 may name the line before.
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

// quotesNeeded returns the message about the first text of a line that needs quotes, and its column; empty if there is none.
func quotesNeeded(line string) (message string, column int) {
	at := specialStart().FindStringSubmatchIndex(line)
	if at == nil {
		return "", 0
	}
	return "a text that begins with " + line[at[2]:at[3]] + " needs quotes", 1 + python.Len(line[:at[2]])
}
