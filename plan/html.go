package plan

import (
	_ "embed"
	"slices"
	"strings"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Origin says where a plan comes from, for those who see it later and elsewhere. What is empty is left out.
type Origin struct {
	// At is the moment at which the plan was made.
	At time.Time
	// Policy and Sources are the files that it was made from, as their user named them.
	Policy  string
	Sources []string
	// Program is the version of the program that made it.
	Program string
}

// HTML returns the plan as one page that needs nothing else, neither network nor script. It has for each version its waves, in
// each a cell for every host, coloured as [SVG] does, with the host's name as long as there are few; and below them a table with
// all that they show and every name. It fits telephones, wide screens and paper.
func HTML(plan *grouping.Plan, from Origin) []byte {
	var c canvas
	c.add("%s<style>%s%s</style>\n</head>\n<body>\n<main>\n", pageHead, colorStyle, pageStyle)
	c.add("<header><h1>Rollout plan</h1><p>%s</p>", htmlText(Summary(plan)))
	if made := from.text(); made != "" {
		c.add(`<p class="made">%s</p>`, htmlText(made))
	}
	c.add("</header>\n")
	for _, version := range plan.Versions {
		c.add("<section>\n")
		c.versionHead(version)
		if len(version.Waves) > 0 {
			c.waveCells(version)
			c.versionTable(version)
		}
		c.add("</section>\n")
	}
	if slices.ContainsFunc(plan.Versions, func(version *grouping.Version) bool { return canaryUnseen(version) != "" }) {
		c.add("<p class=\"unseen\">Unseen: %s.</p>\n", assumption)
	}
	c.add("</main>\n</body>\n</html>\n")
	return c.dst
}

// pageHead forbids the page to load or run anything, should a name ever get through unescaped.
const pageHead = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rollout plan</title>
`

//go:embed page.css
var pageStyle string

// text returns what the page says of its origin: made 2026-11-28 15:34 UTC from regal.yml, hosts.ini by regal-inventory v1.2.0.
func (o Origin) text() string {
	var parts []string
	if !o.At.IsZero() {
		parts = append(parts, o.At.UTC().Format("2006-01-02 15:04 UTC"))
	}
	var files []string
	for _, file := range append([]string{o.Policy}, o.Sources...) {
		if file != "" {
			files = append(files, escape(file))
		}
	}
	if len(files) > 0 {
		parts = append(parts, "from "+strings.Join(files, ", "))
	}
	if o.Program != "" {
		parts = append(parts, "by regal-inventory "+escape(o.Program))
	}
	if len(parts) == 0 {
		return ""
	}
	return "made " + strings.Join(parts, " ")
}

// versionHead writes the version's name and what is to say about all of it.
func (c *canvas) versionHead(version *grouping.Version) {
	c.add("<h2>%s</h2>\n<p>%s</p>\n", markup(version.Name), htmlText(versionSummary(version)))
	for _, line := range progressLines(version) {
		c.add("<p>%s</p>\n", htmlText(line))
	}
	for _, note := range notes(version) {
		c.add("<p>%s: <code>%s</code></p>\n", htmlText(note.text), htmlText(strings.Join(fold(inventory.HostNames(note.hosts)), ", ")))
	}
	if text := canaryUnseen(version); text != "" {
		c.add("<p>%s</p>\n", htmlText(text))
	}
}

// versionTable writes a row for each wave. Its cells name their columns for narrow screens, where there is no room for heads.
func (c *canvas) versionTable(version *grouping.Version) {
	colors, ringed, domain := newLegend(version), hasRings(version), commonDomain(version)
	c.add(`<table><thead><tr><th scope="col">Wave</th>`)
	if ringed {
		c.add(`<th scope="col">Ring</th>`)
	}
	c.add(`<th scope="col">Group</th><th scope="col" class="count">Hosts</th>` +
		`<th scope="col" class="count">Released</th><th scope="col" class="count">Unseen</th><th scope="col">Names`)
	if domain != "" {
		c.add(` in <code>*%s</code>`, markup(domain))
	}
	c.add("</th>")
	if len(colors.variables) > 0 {
		c.add(`<th scope="col">%s</th>`, markup(colors.name()))
	}
	c.add("</tr></thead>\n<tbody>\n")
	count, total := countHosts(version), 0
	for i, wave := range version.Waves {
		before := total
		total += len(wave.Hosts)
		c.add(`<tr><th scope="row">%s</th>`, htmlText(waveTitle(version, i)))
		if ringed {
			c.add(`<td class="ring" data-is="Ring">%s</td>`, markup(wave.Ring))
		}
		c.add(`<td class="group"><code>%s</code></td><td class="count" data-is="Hosts">%d</td>`, markup(wave.Group), len(wave.Hosts))
		c.add(`<td class="count" data-is="Released">%d · %s</td><td class="count" data-is="Unseen">%s</td>`,
			total, htmlText(percent(total, count)), unseen(before))
		c.namesCell(wave, domain)
		c.mixCell(colors, wave)
		c.add("</tr>\n")
	}
	c.add("</tbody></table>\n")
}

// namesCell writes the names without the domain that is in the column's head, and on narrow screens in the cell.
func (c *canvas) namesCell(wave grouping.Wave, domain string) {
	label := "Names"
	if domain != "" {
		label += " in *" + escape(domain)
	}
	c.add(`<td class="names" data-is="%s"><code>`, htmlText(label))
	folded := foldTrimmed(wave.Hosts, domain)
	for i, text := range folded {
		if i+1 < len(folded) {
			text += ","
		}
		c.add("<span>%s</span> ", htmlText(text))
	}
	c.add("</code></td>")
}

// mixCell writes how many of the wave's hosts have each value of the legend.
func (c *canvas) mixCell(colors legend, wave grouping.Wave) {
	if len(colors.variables) == 0 {
		return
	}
	c.add(`<td class="mix" data-is="%s">`, markup(colors.name()))
	for i, part := range colors.mix(wave.Hosts) {
		if i > 0 {
			c.add(", ")
		}
		c.add(`<span>%s</span>`, htmlText(part))
	}
	c.add("</td>")
}
