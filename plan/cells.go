package plan

import (
	"fmt"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// grid is how the cells of a version are drawn, one for each host; lengths are in pixels.
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

// A version with more hosts than mostNamed is drawn without their names, one with more waves than mostTexts without a text for each.
const (
	mostNamed = 120
	mostTexts = 400
)

// nameWidth returns the pixels that the version's widest label takes.
func nameWidth(version *grouping.Version) int {
	widest := 0
	for _, label := range newLabels(version) {
		widest = max(widest, widthOf(label))
	}
	return int(nameAdvance * float64(widest))
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

// newBlocks returns the version's waves in release order, each as large as its cells and its texts need.
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

// released returns how many of the version's hosts are released, as in 5/12 · 41%. Large counts leave the second number out.
func released(total, count int) string {
	if count < 1000 {
		return fmt.Sprintf("%d/%d · %s", total, count, percent(total, count))
	}
	return fmt.Sprintf("%d · %s", total, percent(total, count))
}

// cellText returns all that a cell shows of its host, for those who do not see it: web07: b2, host 3 of 5, rack 7.
func cellText(b block, index int, colors legend) string {
	host := b.wave.Hosts[index]
	text := fmt.Sprintf("%s: %s, host %d of %d", escape(host.Name), nameWave(b.wave), index+1, len(b.wave.Hosts))
	if len(colors.variables) > 0 {
		text += fmt.Sprintf(", %s %s", escape(colors.name()), escape(colors.valueOf[host]))
	}
	return text
}

// cellClass returns the CSS class that gives a cell its colour: the legend's, or else that of a canary or of a batch.
func cellClass(b block, host *inventory.Host, colors legend) string {
	if color, ok := colors.color(host); ok {
		return fmt.Sprintf("c%d", color)
	}
	if b.index == 0 {
		return "canary"
	}
	return "batch"
}

// textWidth estimates the pixels that a text of 12 pixels' height takes.
func textWidth(text string) int { return int(smallAdvance*float64(widthOf(text))) + 1 }

// ceil returns count divided by by, rounded up.
func ceil(count, by int) int { return (count + by - 1) / by }
