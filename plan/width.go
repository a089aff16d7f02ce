package plan

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// terminal measures texts. Characters of ambiguous width take one column, whatever the environment says: the same plan must give the
// same table everywhere.
var terminal = runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}

// widthOf returns how many columns of a terminal the text takes.
func widthOf(text string) int { return terminal.StringWidth(text) }

// shorten cuts a text to that many columns, with … in place of what is missing.
func shorten(text string, width int) string { return terminal.Truncate(text, width, "…") }

// shortenList joins the names by commas, as many as the width holds; … stands for the others. The first is cut itself
// if it does not fit.
func shortenList(names []string, width int) string {
	all := strings.Join(names, ", ")
	if widthOf(all) <= width {
		return all
	}
	// No name with its comma takes less than three columns.
	for kept := min(len(names)-1, width/3); kept > 0; kept-- {
		if text := strings.Join(names[:kept], ", ") + ", …"; widthOf(text) <= width {
			return text
		}
	}
	return shorten(all, width)
}
