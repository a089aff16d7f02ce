// Package shown returns names, names of files and counts as messages may show them. It does not know what they name.
package shown

import (
	"fmt"
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

// Word returns a name as it is if it has at most that many characters and none that could be misread; and else what Start returns.
func Word(name string, most int) string {
	for _, r := range name {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("_-.:@/+", r) {
			continue
		}
		return Start(name, most)
	}
	if name == "" || len(name) > most {
		return Start(name, most)
	}
	return name
}

// Start returns a text as Name does, and of a longer one that many characters, with ... behind the quotes.
func Start(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return Name(text)
	}
	return Name(string(runes[:most])) + "..."
}

// Count returns a count with the word for what is counted: 1 host, 2 hosts.
func Count(count int, word string) string {
	if count == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", count, word)
}

// Has returns the verb that goes with a count: has or have.
func Has(count int) string {
	if count == 1 {
		return "has"
	}
	return "have"
}
