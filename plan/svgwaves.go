package plan

import "github.com/regal-inventory/regal-inventory/inventory"

// fittingBlocks returns how many of the blocks fit side by side, at least one.
func fittingBlocks(blocks []block, gap int) int {
	width := blocks[0].width
	for i, one := range blocks[1:] {
		if width += gap + one.width; width > laneRight-laneLeft {
			return i + 1
		}
	}
	return len(blocks)
}

// lineDrawing is what the waves of a line have in common; tipY is where their tips stand, from the line's top.
type lineDrawing struct {
	cell   grid
	colors legend
	labels map[*inventory.Host]string
	tipY   int
}

// line draws the blocks side by side, begins at y, and leaves y where the next line goes.
func (c *canvas) line(blocks []block, l lineDrawing) {
	height := 0
	for _, one := range blocks {
		height = max(height, one.height)
	}
	l.tipY = height + 18
	x := laneLeft
	for _, one := range blocks {
		c.block(one, l, x)
		x += one.width + l.cell.gapBetween()
	}
	if l.cell.compact {
		first, last := blocks[0], blocks[len(blocks)-1]
		c.add(`<text class="wave" x="%d" y="%d">%s – %s</text>`, laneLeft, c.y+18, markup(first.wave.Name),
			markup(last.wave.Name))
		c.add(`<text class="foot" x="%d" y="%d">%s</text>`+"\n", laneLeft, c.y+height-4, htmlText(last.foot))
		height -= lineGap / 2 // nothing is in focus, and needs no room below
	}
	c.y += height + lineGap
}

// block draws a wave in coordinates of its own: 0,0 is the upper left corner.
func (c *canvas) block(b block, l lineDrawing, x int) {
	kind := "rule"
	if b.index == 0 {
		kind = "canary"
	}
	c.add(`<g transform="translate(%d %d)"%s>`, x, c.y, waveFocus(l.cell))
	c.add(`<path class="%s" d="M0 0h%dv2h-%[2]dz"/>`, kind, b.width)
	if !l.cell.compact {
		c.waveTexts(b, l, x)
	}
	for i := range b.wave.Hosts {
		c.cell(b, i, l, x)
	}
	c.add("</g>\n")
}

// waveFocus lets the keyboard reach a wave where it cannot reach the cells.
func waveFocus(cell grid) string {
	if cell.focusable || cell.compact {
		return ""
	}
	return ` tabindex="0"`
}

// waveTexts writes the name of a wave above its cells and below them how far the release is after it. Where the keyboard cannot reach the
// cells it also writes a tip with the names of the hosts.
func (c *canvas) waveTexts(b block, l lineDrawing, x int) {
	if !l.cell.focusable {
		text := b.title + ": " + shortenList(fold(inventory.HostNames(b.wave.Hosts)), 130)
		c.add(`<title>%s</title>`, htmlText(text))
		c.tip(text, l, x)
	}
	c.add(`<text class="wave" y="18">%s</text>`, htmlText(b.title))
	c.add(`<text class="foot" y="%d">%s</text>`+"\n", b.height-4, htmlText(b.foot))
}

// cell draws the host of that index; x is where its wave starts.
func (c *canvas) cell(b block, index int, l lineDrawing, x int) {
	cell, host := l.cell, b.wave.Hosts[index]
	class, text := cellClass(b, host, l.colors), cellText(b, index, l.colors)
	left := index / b.rows * (cell.width + cell.gap)
	top := waveHead + index%b.rows*(cell.height+cell.gap)
	if !cell.focusable {
		c.add(`<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="%d"><title>%s</title></rect>`+"\n",
			class, left, top, cell.width, cell.height, cell.radius, htmlText(text))
		return
	}
	c.add(`<g tabindex="0" role="img"><title>%s</title>`, htmlText(text))
	if cell.named {
		c.add(`<rect class="pill" x="%d.5" y="%d.5" width="%d" height="%d" rx="%d"/>`, left, top, cell.width-1,
			cell.height-1, cell.radius)
		c.add(`<circle class="%s" cx="%d" cy="%d" r="3.5"/>`, class, left+10, top+cell.height/2)
		c.add(`<text class="name" x="%d" y="%d">%s</text>`, left+18, top+15, htmlText(l.labels[host]))
	} else {
		c.add(`<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="%d"/>`, class, left, top, cell.width,
			cell.height, cell.radius)
	}
	c.tip(text, l, x)
	c.add("</g>\n")
}

// tip writes the text that is shown below the line of waves while the pointer is over a cell or the cell is in focus; x is where its
// wave starts.
func (c *canvas) tip(text string, l lineDrawing, x int) {
	const widest = (laneRight - laneLeft) * 10 / 67
	c.add(`<text class="tip" x="%d" y="%d">%s</text>`, laneLeft-x, l.tipY, htmlText(shorten(text, widest)))
}
