package plan

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Limits that keep a diagram readable, and within what GitHub and GitLab draw: 500 links and, by Mermaid's own default
// (maxTextSize), 50 000 characters.
const (
	mermaidSize     = 49_000 // bytes
	mermaidWaves    = 120    // in all; versions share them
	mermaidVersions = 40
	mermaidLine     = 40 // columns of a line
	mermaidAcross   = 6  // waves side by side; more of them go from top to bottom
)

// Mermaid returns the plan as a diagram in Mermaid's language, for a merge request: a box for each version, from top to
// bottom in release order, in it a box for each wave with its hosts, ranges folded. Where there is more than can be
// read, one box stands for the waves or the versions in the middle and says how many they are. No name can break the
// diagram: all but letters and digits is written as entity codes (https://mermaid.js.org/syntax/flowchart.html).
func Mermaid(plan *grouping.Plan) []byte {
	var dst []byte
	for _, lines := range []int{6, 3, 1, 0} {
		if dst = mermaid(plan, lines); len(dst) <= mermaidSize {
			break
		}
	}
	return dst
}

// mermaid draws at most so many lines of host names for a wave.
func mermaid(plan *grouping.Plan, lines int) []byte {
	d := diagram{lines: lines, dst: []byte("flowchart TB\n" +
		"  classDef canary fill:#fdf0d5,stroke:#d97706,color:#1b2330\n" +
		"  classDef batch fill:#e8effb,stroke:#4b7bd1,color:#1b2330\n" +
		"  classDef more fill:#f1f3f6,stroke:#98a1ad,color:#1b2330,stroke-dasharray:4 3\n")}
	budget := max(mermaidWaves/max(len(plan.Versions), 1), 3)
	for _, one := range boxes(len(plan.Versions), mermaidVersions) {
		d.link("v", one)
		if one.skipped > 0 {
			d.box("v", one, "more", []string{shown.Count(one.skipped, "more version")})
			continue
		}
		d.version(one.index, plan.Versions[one.index], budget)
	}
	if len(plan.Versions) == 0 {
		d.dst = append(d.dst, "  none[\"no versions\"]\n"...)
	}
	return d.dst
}

// box stands for the version or the wave of that index, or, if any are skipped, for that many from there on.
type box struct{ index, skipped int }

// boxes returns the boxes of that many versions or waves. If there are more than limit, only the first and the last get boxes of their
// own, and one between stands for the others.
func boxes(count, limit int) []box {
	skipped := 0
	if count > limit {
		skipped = count - limit + 1
	}
	head := min(count, (limit+1)/2)
	var made []box
	for index := 0; index < count; index++ {
		if skipped > 0 && index == head {
			made = append(made, box{index, skipped})
			index += skipped - 1
			continue
		}
		made = append(made, box{index: index})
	}
	return made
}

// diagram is Mermaid text in the making.
type diagram struct {
	dst      []byte
	lines    int    // of host names in a wave
	previous string // the box that the next one follows; empty before the first
}

// link draws an arrow to a box from the one before it.
func (d *diagram) link(prefix string, at box) {
	id := fmt.Sprintf("%s%d", prefix, at.index+1)
	if at.index > 0 {
		d.dst = fmt.Appendf(d.dst, "  %s --> %s\n", d.previous, id)
	}
	d.previous = id
}

// box draws a box with these lines.
func (d *diagram) box(prefix string, at box, class string, lines []string) {
	for i, line := range lines {
		lines[i] = mermaidText(line)
	}
	d.dst = fmt.Appendf(d.dst, "  %s%d[\"%s\"]:::%s\n", prefix, at.index+1, strings.Join(lines, "<br/>"), class)
}

func (d *diagram) version(index int, version *grouping.Version, budget int) {
	title := mermaidText(shorten(escape(version.Name), mermaidLine)) + ": " + mermaidText(versionSummary(version))
	if len(version.Waves) == 0 {
		d.dst = fmt.Appendf(d.dst, "  v%d[\"%s\"]:::more\n", index+1, title)
		return
	}
	direction := "LR"
	if len(version.Waves) > mermaidAcross {
		direction = "TB"
	}
	for _, line := range progressLines(version) {
		title += "<br/>" + mermaidText(shorten(line, 2*mermaidLine))
	}
	d.dst = fmt.Appendf(d.dst, "  subgraph v%d[\"%s\"]\n  direction %s\n", index+1, title, direction)
	inner := diagram{dst: d.dst, lines: d.lines}
	inner.waves(fmt.Sprintf("v%dw", index+1), version, budget)
	d.dst = append(inner.dst, "  end\n"...)
}

func (d *diagram) waves(prefix string, version *grouping.Version, budget int) {
	count, total := countHosts(version), 0
	for _, one := range boxes(len(version.Waves), budget) {
		if one.skipped > 0 {
			hosts := 0
			for _, wave := range version.Waves[one.index : one.index+one.skipped] {
				hosts += len(wave.Hosts)
			}
			total += hosts
			d.box(prefix, one, "more", []string{shown.Count(one.skipped, "more wave"), hostsReleased(hosts, total, count)})
		} else {
			wave := version.Waves[one.index]
			before := total
			total += len(wave.Hosts)
			lines := []string{shorten(nameWave(wave)+waveState(version, one.index), mermaidLine), hostsReleased(len(wave.Hosts), total, count)}
			if version.RulesOf(one.index).Risk > 0 {
				lines = append(lines, "up to "+unseen(before)+" faulty unseen before")
			}
			d.box(prefix, one, waveClass(one.index), append(lines, nameLines(wave, d.lines)...))
		}
		d.link(prefix, one)
	}
}

// hostsReleased returns how many hosts a wave has and how many are released after it: 3 hosts, 5 of 12 released.
func hostsReleased(hosts, total, count int) string {
	return fmt.Sprintf("%s, %d of %d released", shown.Count(hosts, "host"), total, count)
}

// nameLines returns the first of the wave's hosts, a range a line, and then how many hosts are left out.
func nameLines(wave grouping.Wave, limit int) []string {
	names, lines := inventory.HostNames(wave.Hosts), []string(nil)
	for len(names) > 0 && len(lines) < limit {
		text, count := foldFirst(names)
		lines = append(lines, shorten(text, mermaidLine))
		names = names[count:]
	}
	if len(names) > 0 && limit > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", len(names)))
	}
	return lines
}

// mermaidText returns a text for a label. Mermaid reads labels as Markdown too, and makes links of what looks like one
// (and then refuses to draw them), so that even a full stop may be too much: www.example.com.
func mermaidText(text string) string {
	var safe strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsLetter(r), r >= '0' && r <= '9', r == ' ', r == ',':
			safe.WriteRune(r)
		default:
			fmt.Fprintf(&safe, "#%d;", r)
		}
	}
	return safe.String()
}
