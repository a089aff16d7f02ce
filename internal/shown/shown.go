// Package shown writes names, and names of files, as a message may show them. It knows nothing of what they name.
package shown

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Name returns a name in double quotes, with everything that a terminal could take for a command escaped.
func Name(name string) string { return strconv.QuoteToGraphic(name) }

// Bare is Name without the quotes, for a name between brackets of its own.
func Bare(name string) string {
	quoted := Name(name)
	return quoted[1 : len(quoted)-1]
}

// File returns a file's name as it is, unless a terminal could take a part of it for a command.
func File(name string) string {
	if utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsGraphic(r) }) {
		return name
	}
	return Name(name)
}
