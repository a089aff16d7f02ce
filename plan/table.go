package plan

import (
	"slices"
	"strconv"
	"strings"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// TableOptions say what the table of a plan is shown on.
type TableOptions struct {
	// Width is the number of columns of the terminal. A terminal of fewer than 40 gets lines of 40.
	Width int
	// Color says whether the table has colours, by ANSI escape sequences.
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
	w := tableWriter{color: options.Color}
	for i, one := range tables {
		if i > 0 {
			w.dst = append(w.dst, '\n')
		}
		w.table(one, layout, width)
	}
	if slices.ContainsFunc(tables, func(t table) bool { return t.unseen != "" }) {
		w.dst = append(w.dst, '\n')
		w.wrapped(heads.unseen+": "+assumption, width)
	}
	return w.dst
}

// table is a version as texts: what stands above its rows, the rows, and what stands below.
type table struct {
	title, summary string
	// groups stands after the summary when there is no room for the column of groups.
	groups string
	rows   []row
	// unseen is what canaryUnseen says.
	unseen string
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
	made := table{title: escape(version.Name), summary: versionSummary(version), unseen: canaryUnseen(version),
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
	full := layout{wave: widthOf(heads.wave), group: widthOf(heads.group), hosts: widthOf(heads.hosts), percent: len("100%"),
		unseen: widthOf(heads.unseen)}
	widestNames := widthOf(heads.names[0])
	for _, one := range tables {
		for _, row := range one.rows {
			full.wave = max(full.wave, widthOf(row.wave))
			if row.ring != "" {
				full.ring = max(full.ring, widthOf(row.ring), widthOf(heads.ring))
			}
			full.group = max(full.group, widthOf(row.group))
			full.hosts = max(full.hosts, widthOf(row.hosts))
			full.total = max(full.total, widthOf(row.total))
			widestNames = max(widestNames, widthOf(strings.Join(row.names, ", ")))
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
	if least := full.fill(width); least.names >= widthOf(heads.names[0]) {
		return least
	}
	full.ring = 0
	return full.fill(width)
}

// fill returns the layout with the room that its columns leave to the names, which is negative where they do not fit.
func (l layout) fill(width int) layout {
	// The head RELEASED stands over total, percent and bar.
	if released := l.total + gap + l.percent; l.bar == 0 && released < widthOf(heads.total) {
		l.total += widthOf(heads.total) - released
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

// tableWriter writes tables, in colours or without.
type tableWriter struct {
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

func (w *tableWriter) table(t table, l layout, width int) {
	w.text(bold, shorten(t.title, width))
	summary := t.summary
	if l.group == 0 {
		summary += t.groups
	}
	if room := width - widthOf(t.title) - gap; room > 1 {
		w.spaces(gap)
		w.text(dim, shorten(summary, room))
	}
	w.dst = append(w.dst, '\n')
	for _, note := range t.progress {
		w.text(plain, shorten(note, width))
		w.dst = append(w.dst, '\n')
	}
	if len(t.rows) > 0 {
		w.heads(l)
	}
	for _, row := range t.rows {
		w.row(row, l)
	}
	for _, note := range t.notes {
		room := max(width-widthOf(note.text)-len(": "), width/2)
		w.text(dim, shorten(note.text, width-len(": ")-room))
		w.text(plain, ": "+shortenList(note.names, room)+"\n")
	}
	if t.unseen != "" {
		w.wrapped(t.unseen, width)
	}
}

// wrapped writes a sentence in as many lines as it takes.
func (w *tableWriter) wrapped(text string, width int) {
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case widthOf(line)+1+widthOf(word) <= width:
			line += " " + word
		default:
			w.text(dim, shorten(line, width))
			w.dst = append(w.dst, '\n')
			line = word
		}
	}
	w.text(dim, shorten(line, width))
	w.dst = append(w.dst, '\n')
}

func (w *tableWriter) heads(l layout) {
	w.left(dim, heads.wave, l.wave)
	if l.ring > 0 {
		w.left(dim, heads.ring, l.ring)
	}
	if l.group > 0 {
		w.left(dim, heads.group, l.group)
	}
	w.right(dim, heads.hosts, l.hosts)
	released := l.total + gap + l.percent
	if l.bar > 0 {
		released += gap + l.bar
	}
	w.left(dim, heads.total, released)
	if l.unseen > 0 {
		w.right(dim, heads.unseen, l.unseen)
	}
	w.text(dim, heads.names[0])
	w.dst = append(w.dst, '\n')
}

func (w *tableWriter) row(r row, l layout) {
	nameStyle := plain
	if r.canary {
		nameStyle = yellow
	}
	w.left(nameStyle, r.wave, l.wave)
	if l.ring > 0 {
		w.left(plain, r.ring, l.ring)
	}
	if l.group > 0 {
		w.left(plain, r.group, l.group)
	}
	w.right(plain, r.hosts, l.hosts)
	w.right(plain, r.total, l.total)
	w.right(plain, r.percent, l.percent)
	if l.bar > 0 {
		w.bar(r.share, l.bar)
	}
	if l.unseen > 0 {
		w.right(plain, r.unseen, l.unseen)
	}
	w.text(plain, shortenList(r.names, l.names))
	w.dst = append(w.dst, '\n')
}

// bar draws how much is released. Its two characters are equally wide in every terminal, so that the names after it line up also where
// East Asian fonts draw both of them two columns wide.
func (w *tableWriter) bar(share float64, width int) {
	filled := int(share * float64(width))
	if share > 0 {
		filled = max(filled, 1)
	}
	w.text(green, strings.Repeat("━", filled))
	w.text(dim, strings.Repeat("─", width-filled))
	w.spaces(gap)
}

func (w *tableWriter) left(s style, text string, width int) {
	text = shorten(text, width)
	w.text(s, text)
	w.spaces(width - widthOf(text) + gap)
}

func (w *tableWriter) right(s style, text string, width int) {
	w.spaces(width - widthOf(text))
	w.text(s, text)
	w.spaces(gap)
}

func (w *tableWriter) spaces(count int) {
	for range count {
		w.dst = append(w.dst, ' ')
	}
}

func (w *tableWriter) text(s style, text string) {
	if !w.color || s == plain || text == "" {
		w.dst = append(w.dst, text...)
		return
	}
	w.dst = append(w.dst, "\x1b["+string(s)+"m"+text+"\x1b[0m"...)
}
