package plan

import (
	"fmt"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/shown"
)

// waveCells writes the version's legend, and below it its waves side by side, as many in a line as the page is wide. Screen readers
// pass it over, since the table below says the same.
func (c *canvas) waveCells(version *grouping.Version) {
	colors := newLegend(version)
	c.legendList(colors)
	cell := chooseGrid(version)
	class := "waves dots"
	switch {
	case cell.named:
		class = "waves named"
	case cell.compact:
		class = "waves dots bare"
	}
	c.add(`<ol class="%s" style="--size:%dpx" aria-hidden="true">`+"\n", class, cell.height)
	labels := newLabels(version)
	for _, b := range newBlocks(version, cell) {
		c.add(`<li class="%s%s"><b>%s</b>`, waveClass(b.index), few(b), htmlText(b.title))
		c.add(`<div class="cells"%s>`, columnsOf(b, cell))
		for i, host := range b.wave.Hosts {
			text, color := htmlText(cellText(b, i, colors)), cellClass(b, host, colors)
			if cell.named {
				c.add(`<span title="%s"><i class="%s"></i>%s</span>`, text, color, htmlText(labels[host]))
			} else {
				c.add(`<i class="%s" title="%s"></i>`, color, text)
			}
		}
		c.add("</div><small>%s</small></li>\n", htmlText(b.foot))
	}
	c.add("</ol>\n")
	if cell.compact {
		last := len(version.Waves) - 1
		c.add("<p>a wave beside the other, from %s to %s; the table names them all</p>\n", htmlText(waveTitle(version, 0)), htmlText(waveTitle(version, last)))
	}
}

// few returns the CSS class of a wave that has so few hosts that their names may stand one below the other.
func few(b block) string {
	const most = 8
	if len(b.wave.Hosts) > most {
		return ""
	}
	return " few"
}

// columnsOf returns the attribute that says how many cells a wave has side by side, where the page is wide enough.
func columnsOf(b block, cell grid) string {
	if cell.named {
		return ""
	}
	return fmt.Sprintf(` style="--columns:%d"`, max(b.columns, 1))
}

// legendList writes a swatch and a text for each value that has a colour of its own.
func (c *canvas) legendList(l legend) {
	if len(l.values) == 0 {
		return
	}
	c.add(`<ul class="legend" aria-hidden="true"><li>%s</li>`, markup(l.name()))
	for i, value := range l.values {
		text := escape(value)
		if value == "" {
			text = "(empty)"
		}
		if i == otherColor {
			text = shown.Count(len(l.values)-i, "other value")
		}
		c.add(`<li><i class="c%d"></i>%s</li>`, i, htmlText(text))
		if i == otherColor {
			break
		}
	}
	c.add("</ul>\n")
}
