package plan

import (
	"fmt"
	"strings"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// SVG returns a picture of the plan that stands for itself: a lane for each version in release order, in it the waves
// from left to right, in each wave a cell for every host, coloured by the values of the version's `spread` or else `by`.
// Cells show the host names as long as there are few. It follows the reader's choice of light or dark, loads nothing, and
// tells each cell's host, wave and place on hover and focus.
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
	lineGap      = 26 // between two rows of waves; the readout of a cell in focus stands there
	waveHead     = 26 // from a wave's rule to its cells
	waveFoot     = 20 // from a wave's cells to the base of the text below
	smallAdvance = 6.6
	nameAdvance  = 6.7 // of a character of the font for host names
	laneLeft     = pageMargin + lanePadding
	laneRight    = pictureWidth - laneLeft
)

// colorStyle are the colours, light and dark, for pictures and pages. That of canaries is none of a legend's. Paper is always light.
const colorStyle = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--line:#e1e5ea;--ink:#1b2330;--soft:#5b6675;--cell:#f4f6f9;
--canary:#d97706;--batch:#4b7bd1;--c0:#3b76c4;--c1:#3d9a6a;--c2:#8467bd;--c3:#2ba5b9;--c4:#c7639c;--c5:#7a8f2c;--c6:#b3413f;
--c7:#7b5a4a;--c8:#23486f;--c9:#9db7e8;--c10:#98a1ad}
@media screen and (prefers-color-scheme:dark){:root{--page:#0f1319;--card:#171d26;--line:#2a323e;--ink:#e7ebf1;--soft:#98a4b5;
--cell:#202834;--canary:#f2a93b;--batch:#6f9eea;--c0:#6ba3ec;--c1:#5fc08d;--c2:#ab90e3;--c3:#55c5d8;--c4:#e68bc0;--c5:#a8bf52;
--c6:#ee7b78;--c7:#bb9582;--c8:#4a6fa5;--c9:#c9dcff;--c10:#7d8897}}
`

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

// canvas takes what is drawn, from top to bottom; y is where the next thing goes.
type canvas struct {
	dst []byte
	y   int
}

// add writes markup. Names among the arguments have been through the function markup.
func (c *canvas) add(format string, args ...any) { c.dst = fmt.Appendf(c.dst, format, args...) }

// grid is how the cells of a version are drawn.
type grid struct {
	width, height, gap, radius int
	// rows is how many cells stand one below the other before the next column starts.
	rows int
	// named cells show the host's name; focusable ones can be reached by keyboard and tell about themselves then.
	named, focusable bool
	// compact leaves out the texts of each wave and says for a whole line of waves which they are.
	compact bool
}

// gapBetween is the room between two waves, side by side.
func (g grid) gapBetween() int {
	if g.compact {
		return 2 * g.gap
	}
	return waveGap
}

// chooseGrid makes cells smaller the more hosts the version has.
func chooseGrid(version *grouping.Version) grid {
	hosts := countHosts(version)
	chosen := grid{width: 7, height: 7, gap: 1, radius: 1, rows: 16}
	switch {
	case hosts <= mostNamed:
		return grid{width: max(22+nameWidth(version), 72), height: 22, gap: 5, radius: 5, rows: 6, named: true, focusable: true}
	case hosts <= 600:
		chosen = grid{width: 16, height: 16, gap: 3, radius: 3, rows: 8, focusable: true}
	case hosts <= 2500:
		chosen = grid{width: 11, height: 11, gap: 2, radius: 2, rows: 10}
	}
	chosen.compact = len(version.Waves) > mostTexts
	return chosen
}

// How many hosts a version may have for its pictures to show their names, and how many waves to show a text with each.
const (
	mostNamed = 120
	mostTexts = 400
)

// nameWidth returns the pixels that the version's widest label takes.
func nameWidth(version *grouping.Version) int {
	widest := 0
	for _, label := range newLabels(version) {
		widest = max(widest, cells(label))
	}
	return int(nameAdvance * float64(widest))
}

// draw returns the lanes; y is the height of the whole.
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

// drawLane draws a version from y on and leaves the lane's end in y.
func drawLane(version *grouping.Version, cell grid, y int) canvas {
	c := canvas{y: y + lanePadding + 12}
	about := summary(version)
	room := float64(laneRight-laneLeft) - smallAdvance*float64(cells(about)) - waveGap
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

// block is a wave as it is placed: its size in cells and in pixels.
type block struct {
	wave          grouping.Wave
	title         string
	index, total  int
	foot          string
	rows, columns int
	width, height int
}

func newBlocks(version *grouping.Version, cell grid) []block {
	count, total := countHosts(version), 0
	blocks := make([]block, len(version.Waves))
	widest := (laneRight - laneLeft + cell.gap) / (cell.width + cell.gap)
	for i, wave := range version.Waves {
		size := len(wave.Hosts)
		total += size
		one := block{wave: wave, title: nameWave(wave) + waveState(version, i), index: i, total: total, foot: released(total, count)}
		if version.RulesOf(i).Risk > 0 {
			one.foot += " · ≤" + unseen(total-size) + " unseen"
		}
		one.rows = max(min(size, max(cell.rows, ceil(size, max(widest, 1)))), 1)
		one.columns = max(ceil(size, one.rows), 1)
		one.width = one.columns*(cell.width+cell.gap) - cell.gap
		if !cell.compact {
			one.width = max(one.width, textWidth(one.title)+4, textWidth(one.foot))
		}
		one.height = waveHead + one.rows*(cell.height+cell.gap) - cell.gap + waveFoot
		blocks[i] = one
	}
	return blocks
}

// released says how many hosts of the version are released: 5/12 · 41%; large counts leave the second number out.
func released(total, count int) string {
	if count < 1000 {
		return fmt.Sprintf("%d/%d · %s", total, count, percent(total, count))
	}
	return fmt.Sprintf("%d · %s", total, percent(total, count))
}

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

// lineDrawing is what the waves of a line have in common.
type lineDrawing struct {
	cell   grid
	colors legend
	labels map[*inventory.Host]string
	tipY   int
}

// line draws the blocks side by side from y on, and leaves y where the next line goes.
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

func (c *canvas) waveTexts(b block, l lineDrawing, x int) {
	if !l.cell.focusable {
		text := b.title + ": " + shortenList(fold(inventory.HostNames(b.wave.Hosts)), 130)
		c.add(`<title>%s</title>`, htmlText(text))
		c.tip(text, l, x)
	}
	c.add(`<text class="wave" y="18">%s</text>`, htmlText(b.title))
	c.add(`<text class="foot" y="%d">%s</text>`+"\n", b.height-4, htmlText(b.foot))
}

// cellText says all about a cell: web07: b2, host 3 of 5, rack 7.
func cellText(b block, index int, colors legend) string {
	host := b.wave.Hosts[index]
	text := fmt.Sprintf("%s: %s, host %d of %d", escape(host.Name), nameWave(b.wave), index+1, len(b.wave.Hosts))
	if len(colors.variables) > 0 {
		text += fmt.Sprintf(", %s %s", escape(colors.name()), escape(colors.valueOf[host]))
	}
	return text
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

func cellClass(b block, host *inventory.Host, colors legend) string {
	if color, ok := colors.color(host); ok {
		return fmt.Sprintf("c%d", color)
	}
	if b.index == 0 {
		return "canary"
	}
	return "batch"
}

// tip writes what stands below the line of waves while a cell is hovered or in focus; x is where its wave starts.
func (c *canvas) tip(text string, l lineDrawing, x int) {
	const widest = (laneRight - laneLeft) * 10 / 67
	c.add(`<text class="tip" x="%d" y="%d">%s</text>`, laneLeft-x, l.tipY, htmlText(shorten(text, widest)))
}

// newLabels returns what the cells of the version's hosts show: the names without the domain that all have in common,
// cut to a length that a cell can hold.
func newLabels(version *grouping.Version) map[*inventory.Host]string {
	const widest = 22
	labels := map[*inventory.Host]string{}
	domain := commonDomain(version)
	for _, wave := range version.Waves {
		for _, host := range wave.Hosts {
			labels[host] = shorten(escape(strings.TrimSuffix(host.Name, domain)), widest)
		}
	}
	return labels
}

// commonDomain returns the longest end of all the version's host names that starts with a dot and a letter.
func commonDomain(version *grouping.Version) string {
	common, first := "", true
	for _, wave := range version.Waves {
		for _, host := range wave.Hosts {
			if first {
				first = false
				_, common, _ = strings.Cut(host.Name, ".")
				common = "." + common
			}
			for !strings.HasSuffix(host.Name, common) || host.Name == common || !startsDomain(common) {
				next := strings.IndexByte(common[min(1, len(common)):], '.')
				if next < 0 {
					return ""
				}
				common = common[next+1:]
			}
		}
	}
	return common
}

func startsDomain(text string) bool {
	return len(text) > 1 && text[0] == '.' && (text[1] >= 'a' && text[1] <= 'z' || text[1] >= 'A' && text[1] <= 'Z')
}

// textWidth estimates the pixels that a text of 12 pixels' height takes.
func textWidth(text string) int { return int(smallAdvance*float64(cells(text))) + 1 }

func ceil(count, by int) int { return (count + by - 1) / by }
