package plan

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// TableOptions say where a table is shown.
type TableOptions struct {
	// Width is the number of columns of the terminal; below minWidth it counts as that.
	Width int
	// Color sets colours by ANSI escape sequences.
	Color bool
}

// Table returns, for each version in release order, its waves as a table: wave, ring if it has rings, group, how many
// hosts, how many of the version's hosts are released when it is done, how large a share of them may be faulty unseen
// before it, and as many of the host names, ranges folded, as the width allows. No line is wider. When the width is small,
// the bar and then the columns of groups, of what is unseen and of rings give way to the names.
func Table(plan *grouping.Plan, options TableOptions) []byte {
	if len(plan.Versions) == 0 {
		return []byte("no versions\n")
	}
	const minWidth = 40
	width := max(options.Width, minWidth)
	tables := make([]table, len(plan.Versions))
	for i, version := range plan.Versions {
		tables[i] = newTable(version)
	}
	layout := chooseLayout(tables, width)
	p := printer{color: options.Color}
	for i, one := range tables {
		if i > 0 {
			p.dst = append(p.dst, '\n')
		}
		p.table(one, layout, width)
	}
	if slices.ContainsFunc(tables, func(t table) bool { return t.risk != "" }) {
		p.dst = append(p.dst, '\n')
		p.wrapped(heads.unseen+": "+assumption, width)
	}
	return p.dst
}

// table is a version as texts.
type table struct {
	title, summary string
	// groups stands after the summary when there is no room for the column of groups.
	groups string
	rows   []row
	risk   string
	// progress is about the release under way.
	progress []string
	notes    []tableNote
}

// tableNote is a line below the rows.
type tableNote struct {
	text  string
	names []string
}

// row is a wave as texts; share is how much of the version is released when it is done.
type row struct {
	wave, ring, group, hosts, total, percent, unseen string
	share                                            float64
	canary                                           bool
	names                                            []string
}

func newTable(version *grouping.Version) table {
	made := table{title: escape(version.Name), summary: summary(version), risk: canaryRisk(version),
		progress: progressLines(version)}
	if len(version.Waves) > 0 {
		made.groups = ", groups " + escape(version.Group) + "_*"
	}
	count, total := countHosts(version), 0
	for _, one := range notes(version) {
		made.notes = append(made.notes, tableNote{one.text, fold(inventory.HostNames(one.hosts))})
	}
	for i, wave := range version.Waves {
		before := total
		total += len(wave.Hosts)
		made.rows = append(made.rows, row{
			wave:    waveTitle(version, i),
			ring:    escape(wave.Ring),
			group:   escape(wave.Group),
			hosts:   strconv.Itoa(len(wave.Hosts)),
			total:   strconv.Itoa(total),
			percent: percent(total, count),
			unseen:  unseen(before),
			share:   float64(total) / float64(max(count, 1)),
			canary:  i == 0,
			names:   fold(inventory.HostNames(wave.Hosts)),
		})
	}
	return made
}

// heads are the words above the columns.
var heads = row{wave: "WAVE", group: "GROUP", ring: "RING", hosts: "HOSTS", total: "RELEASED", unseen: "UNSEEN",
	names: []string{"NAMES"}}

// layout is the width of each column, the same for all versions; a column of width 0 is left out. names is what the
// others leave.
type layout struct {
	wave, ring, group, hosts, total, percent, bar, unseen, names int
}

// gap is the number of spaces between two columns.
const gap = 2

// chooseLayout returns the fullest layout that leaves enough room for the names.
func chooseLayout(tables []table, width int) layout {
	full := layout{wave: cells(heads.wave), group: cells(heads.group), hosts: cells(heads.hosts), percent: len("100%"),
		unseen: cells(heads.unseen)}
	widestNames := cells(heads.names[0])
	for _, one := range tables {
		for _, row := range one.rows {
			full.wave = max(full.wave, cells(row.wave))
			if row.ring != "" {
				full.ring = max(full.ring, cells(row.ring), cells(heads.ring))
			}
			full.group = max(full.group, cells(row.group))
			full.hosts = max(full.hosts, cells(row.hosts))
			full.total = max(full.total, cells(row.total))
			widestNames = max(widestNames, cells(strings.Join(row.names, ", ")))
		}
	}
	full.wave, full.ring = min(full.wave, width/4), min(full.ring, width/5)
	wanted := min(widestNames, width/3)
	for _, option := range []struct {
		bar   int
		group bool
	}{{20, true}, {10, true}, {0, true}, {10, false}, {0, false}} {
		one := full
		one.bar = option.bar
		if !option.group {
			one.group = 0
		}
		if one = one.fill(width); one.names >= wanted {
			return one
		}
	}
	full.group, full.unseen = 0, 0
	if least := full.fill(width); least.names >= cells(heads.names[0]) {
		return least
	}
	full.ring = 0
	return full.fill(width)
}

func (l layout) fill(width int) layout {
	// The head RELEASED stands over total, percent and bar.
	if released := l.total + gap + l.percent; l.bar == 0 && released < cells(heads.total) {
		l.total += cells(heads.total) - released
	}
	used := l.wave + gap + l.hosts + gap + l.total + gap + l.percent + gap
	for _, width := range []int{l.ring, l.group, l.bar, l.unseen} {
		if width > 0 {
			used += width + gap
		}
	}
	l.names = width - used
	return l
}

// printer writes tables.
type printer struct {
	dst   []byte
	color bool
}

// style is the number of an ANSI sequence: Select Graphic Rendition.
type style string

const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	green  style = "32"
	yellow style = "33"
)

func (p *printer) table(t table, l layout, width int) {
	p.text(bold, shorten(t.title, width))
	summary := t.summary
	if l.group == 0 {
		summary += t.groups
	}
	if room := width - cells(t.title) - gap; room > 1 {
		p.spaces(gap)
		p.text(dim, shorten(summary, room))
	}
	p.dst = append(p.dst, '\n')
	for _, note := range t.progress {
		p.text(plain, shorten(note, width))
		p.dst = append(p.dst, '\n')
	}
	if len(t.rows) > 0 {
		p.heads(l)
	}
	for _, row := range t.rows {
		p.row(row, l)
	}
	for _, note := range t.notes {
		room := max(width-cells(note.text)-len(": "), width/2)
		p.text(dim, shorten(note.text, width-len(": ")-room))
		p.text(plain, ": "+shortenList(note.names, room)+"\n")
	}
	if t.risk != "" {
		p.wrapped(t.risk, width)
	}
}

// wrapped writes a sentence in as many lines as it takes.
func (p *printer) wrapped(text string, width int) {
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) <= width:
			line += " " + word
		default:
			p.text(dim, shorten(line, width))
			p.dst = append(p.dst, '\n')
			line = word
		}
	}
	p.text(dim, shorten(line, width))
	p.dst = append(p.dst, '\n')
}

func (p *printer) heads(l layout) {
	p.left(dim, heads.wave, l.wave)
	if l.ring > 0 {
		p.left(dim, heads.ring, l.ring)
	}
	if l.group > 0 {
		p.left(dim, heads.group, l.group)
	}
	p.right(dim, heads.hosts, l.hosts)
	released := l.total + gap + l.percent
	if l.bar > 0 {
		released += gap + l.bar
	}
	p.left(dim, heads.total, released)
	if l.unseen > 0 {
		p.right(dim, heads.unseen, l.unseen)
	}
	p.text(dim, heads.names[0])
	p.dst = append(p.dst, '\n')
}

func (p *printer) row(r row, l layout) {
	nameStyle := plain
	if r.canary {
		nameStyle = yellow
	}
	p.left(nameStyle, r.wave, l.wave)
	if l.ring > 0 {
		p.left(plain, r.ring, l.ring)
	}
	if l.group > 0 {
		p.left(plain, r.group, l.group)
	}
	p.right(plain, r.hosts, l.hosts)
	p.right(plain, r.total, l.total)
	p.right(plain, r.percent, l.percent)
	if l.bar > 0 {
		p.bar(r.share, l.bar)
	}
	if l.unseen > 0 {
		p.right(plain, r.unseen, l.unseen)
	}
	p.text(plain, shortenList(r.names, l.names))
	p.dst = append(p.dst, '\n')
}

// bar draws how much is released. Its two characters are of one width in every terminal, so that the names after it line
// up where East Asian fonts draw them double.
func (p *printer) bar(share float64, width int) {
	filled := int(share * float64(width))
	if share > 0 {
		filled = max(filled, 1)
	}
	p.text(green, strings.Repeat("━", filled))
	p.text(dim, strings.Repeat("─", width-filled))
	p.spaces(gap)
}

func (p *printer) left(s style, text string, width int) {
	text = shorten(text, width)
	p.text(s, text)
	p.spaces(width - cells(text) + gap)
}

func (p *printer) right(s style, text string, width int) {
	p.spaces(width - cells(text))
	p.text(s, text)
	p.spaces(gap)
}

func (p *printer) spaces(count int) {
	for range count {
		p.dst = append(p.dst, ' ')
	}
}

func (p *printer) text(s style, text string) {
	if !p.color || s == plain || text == "" {
		p.dst = append(p.dst, text...)
		return
	}
	p.dst = append(p.dst, "\x1b["+string(s)+"m"+text+"\x1b[0m"...)
}

// terminal measures texts. It is told, not asked from the environment, that characters of ambiguous width take one
// column: the same plan must give the same table everywhere.
var terminal = runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}

// cells returns how many columns of a terminal the text takes.
func cells(text string) int { return terminal.StringWidth(text) }

// shorten cuts a text to the width, with … in place of what is missing.
func shorten(text string, width int) string { return terminal.Truncate(text, width, "…") }

// shortenList joins the names by commas, as many as the width holds; … stands for the others. The first is cut itself
// if it does not fit.
func shortenList(names []string, width int) string {
	all := strings.Join(names, ", ")
	if cells(all) <= width {
		return all
	}
	// No name with its comma takes less than three columns.
	for kept := min(len(names)-1, width/3); kept > 0; kept-- {
		if text := strings.Join(names[:kept], ", ") + ", …"; cells(text) <= width {
			return text
		}
	}
	return shorten(all, width)
}
