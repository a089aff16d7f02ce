package plan

import (
	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/shown"
)

// SVG returns the plan as a picture that needs no other file: a lane for each version in release order, in it the waves
// from left to right, in each wave a cell for every host, coloured by the values of the version's `spread` or else `by`.
// Cells show the host names as long as there are few. It is light or dark as the browser is set, and
// shows each cell's host, wave and place when the pointer is over it or it is in focus.
func SVG(plan *grouping.Plan) []byte {
	drawn := draw(plan)
	var c canvas
	c.add(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="group" `+
		`aria-label="%[3]s">`, pictureWidth, drawn.y, pictureLabel)
	c.add("\n<style>%s%s</style>\n", colorStyle, pictureStyle)
	c.add(`<rect class="page" width="%d" height="%d" rx="12"/>`+"\n", pictureWidth, drawn.y)
	return append(append(c.dst, drawn.dst...), "</svg>\n"...)
}

const pictureLabel = "Rollout plan: a lane for each version, waves from left to right, a cell for each host"

// Lengths of the picture, in pixels.
const (
	pictureWidth = 1080
	pageMargin   = 16 // from the picture's edge to the lanes
	lanePadding  = 20 // from a lane's edge to what is in it
	laneGap      = 16
	waveGap      = 20
	lineGap      = 26  // between two lines of waves; the tip of a cell in focus stands there
	waveHead     = 26  // from a wave's rule to its cells
	waveFoot     = 20  // from a wave's cells to the base line of the text below
	smallAdvance = 6.6 // of a character of 12 pixels' height
	nameAdvance  = 6.7 // of a character of a host name
	laneLeft     = pageMargin + lanePadding
	laneRight    = pictureWidth - laneLeft
)

const pictureStyle = `
svg{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,"PingFang SC",
"Microsoft YaHei","Noto Sans CJK SC",sans-serif;font-size:12px;font-variant-numeric:tabular-nums}
svg text{fill:var(--ink)}
.page{fill:var(--page)}.lane{fill:var(--card);stroke:var(--line)}
svg .title{font-size:16px;font-weight:600}svg .soft{fill:var(--soft)}svg .end{text-anchor:end}
svg .wave{font-weight:600}svg .foot{font-size:11px;fill:var(--soft)}
svg .name,svg .tip{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Noto Sans Mono CJK SC",monospace;
font-size:11px}
.pill{fill:var(--cell);stroke:var(--line)}
.rule{fill:var(--line)}.canary{fill:var(--canary)}.batch{fill:var(--batch)}
.c0{fill:var(--c0)}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}.c4{fill:var(--c4)}.c5{fill:var(--c5)}
.c6{fill:var(--c6)}.c7{fill:var(--c7)}.c8{fill:var(--c8)}.c9{fill:var(--c9)}.c10{fill:var(--c10)}
svg .tip{display:none}svg g:hover>.tip,svg g:focus>.tip{display:inline}
svg g:focus{outline:none}svg g:focus>path{fill:var(--ink)}
svg g>rect:hover,svg g[role]:hover>rect,svg g[role]:focus>rect{stroke:var(--ink);stroke-width:1.5}
`

// draw returns the lanes of all versions; y is then the height of the picture.
func draw(plan *grouping.Plan) canvas {
	c := canvas{y: pageMargin}
	for _, version := range plan.Versions {
		lane := drawLane(version, chooseGrid(version), c.y)
		c.add(`<rect class="lane" x="%d.5" y="%d.5" width="%d" height="%d" rx="10"/>`+"\n", pageMargin, c.y,
			pictureWidth-2*pageMargin-1, lane.y-c.y)
		c.dst = append(c.dst, lane.dst...)
		c.y = lane.y + laneGap
	}
	if len(plan.Versions) == 0 {
		c.y += 2 * lanePadding
		c.add(`<text class="soft" x="%d" y="%d">no versions</text>`+"\n", laneLeft, pageMargin+lanePadding)
	}
	c.y += pageMargin - laneGap
	return c
}

// drawLane returns the lane of a version, whose top is at y; y of what it returns is the lane's end.
func drawLane(version *grouping.Version, cell grid, y int) canvas {
	c := canvas{y: y + lanePadding + 12}
	about := versionSummary(version)
	room := float64(laneRight-laneLeft) - smallAdvance*float64(widthOf(about)) - waveGap
	c.add(`<text class="title" x="%d" y="%d">%s</text>`, laneLeft, c.y, markupShort(version.Name, int(room/9.6)))
	c.add(`<text class="soft end" x="%d" y="%d">%s</text>`+"\n", laneRight, c.y, htmlText(about))
	colors := newLegend(version)
	c.legend(colors)
	c.y += 18
	labels := newLabels(version)
	for blocks := newBlocks(version, cell); len(blocks) > 0; {
		count := fittingBlocks(blocks, cell.gapBetween())
		c.line(blocks[:count], lineDrawing{cell: cell, colors: colors, labels: labels})
		blocks = blocks[count:]
	}
	c.y += lanePadding - 14
	return c
}

// legend draws a swatch and a text for each value that has a colour of its own.
func (c *canvas) legend(l legend) {
	if len(l.values) == 0 {
		return
	}
	c.y += 24
	x := laneLeft
	title := l.name()
	c.add(`<text class="soft" x="%d" y="%d">%s</text>`, x, c.y, markupShort(title, 40))
	x += 14 + textWidth(shorten(escape(title), 40))
	for i, value := range l.values {
		text := shorten(escape(value), 40)
		if value == "" {
			text = "(empty)"
		}
		if i == otherColor {
			text = shown.Count(len(l.values)-i, "other value")
		}
		width := 16 + textWidth(text)
		if x+width > laneRight {
			x, c.y = laneLeft, c.y+20
		}
		c.add(`<rect class="c%d" x="%d" y="%d" width="10" height="10" rx="3"/>`, i, x, c.y-9)
		c.add(`<text x="%d" y="%d">%s</text>`, x+15, c.y, htmlText(text))
		x += width + 16
		if i == otherColor {
			break
		}
	}
	c.dst = append(c.dst, '\n')
}
