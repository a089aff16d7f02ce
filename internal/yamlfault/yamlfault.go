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

// TooDeep is the message about nesting beyond inventory.MaxNesting.
var TooDeep = fmt.Sprintf("lists and maps are nested more than %d deep", inventory.MaxNesting)

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
	if strings.HasPrefix(message, "exceeded max depth") { // far beyond our own bound
		fault.Message = TooDeep
		return fault
	}
	fault.Message = "not valid YAML: " + message
	return fault
}
