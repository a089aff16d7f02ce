package plan

import (
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// HTML returns the plan as one page that needs nothing else, neither network nor script: the picture that [SVG] draws,
// and below it for each version a table with all that the picture shows, for those who do not see it.
func HTML(plan *grouping.Plan) []byte {
	var c canvas
	c.add("%s<style>%s%s%s</style>\n</head>\n<body>\n<main>\n", pageHead, colorStyle, pictureStyle, pageStyle)
	c.add("<header><h1>Rollout plan</h1><p>%s</p></header>\n", htmlText(Summary(plan)))
	c.dst = append(append(append(c.dst, "<figure>\n"...), inlineSVG(plan)...), "</figure>\n"...)
	for _, version := range plan.Versions {
		c.versionTable(version)
	}
	if slices.ContainsFunc(plan.Versions, func(version *grouping.Version) bool { return canaryRisk(version) != "" }) {
		c.add("<section><p>Unseen: %s.</p></section>\n", assumption)
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

const pageStyle = `
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",
"Helvetica Neue",Arial,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1080px;margin:0 auto;padding:32px 0 56px}
header,section{padding:0 16px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}header p{margin:0;color:var(--soft)}
figure{margin:8px 0;overflow-x:auto}figure svg{display:block}
section{margin-top:28px;overflow-x:auto;content-visibility:auto;contain-intrinsic-size:auto 300px}
h2{font-size:17px;line-height:1.3;margin:0;overflow-wrap:anywhere}section p{margin:2px 0 10px;color:var(--soft)}
table{border-collapse:separate;border-spacing:0;width:100%;background:var(--card);border:1px solid var(--line);border-radius:10px}
th,td{padding:7px 14px;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
thead th{border-top:0;font-size:12px;font-weight:600;color:var(--soft);white-space:nowrap}
tbody th{font-weight:600}tbody tr:first-child th{color:var(--canary)}
.count{text-align:right}.count,.group,td span{white-space:nowrap}
code{font:12px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
@media print{body{background:none}section{break-inside:avoid}}
`

func (c *canvas) versionTable(version *grouping.Version) {
	c.add("<section>\n<h2>%s</h2>\n<p>%s</p>\n", markup(version.Name), htmlText(summary(version)))
	for _, line := range progressLines(version) {
		c.add("<p>%s</p>\n", htmlText(line))
	}
	for _, note := range notes(version) {
		c.add("<p>%s: <code>%s</code></p>\n", htmlText(note.text), htmlText(strings.Join(fold(inventory.HostNames(note.hosts)), ", ")))
	}
	if len(version.Waves) == 0 {
		c.add("</section>\n")
		return
	}
	if risk := canaryRisk(version); risk != "" {
		c.add("<p>%s</p>\n", htmlText(risk))
	}
	colors, ringed := newLegend(version), hasRings(version)
	c.add(`<table><thead><tr><th scope="col">Wave</th>`)
	if ringed {
		c.add(`<th scope="col">Ring</th>`)
	}
	c.add(`<th scope="col">Group</th><th scope="col" class="count">Hosts</th>` +
		`<th scope="col" class="count">Released</th><th scope="col" class="count">Unseen</th><th scope="col">Names</th>`)
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
			c.add(`<td>%s</td>`, markup(wave.Ring))
		}
		c.add(`<td class="group"><code>%s</code></td><td class="count">%d</td><td class="count">%d · %s</td><td class="count">%s</td>`,
			markup(wave.Group), len(wave.Hosts), total, htmlText(percent(total, count)), unseen(before))
		c.add(`<td><code>%s</code></td>`, htmlText(strings.Join(fold(inventory.HostNames(wave.Hosts)), ", ")))
		c.mixCell(colors, wave)
		c.add("</tr>\n")
	}
	c.add("</tbody></table>\n</section>\n")
}

func (c *canvas) mixCell(colors legend, wave grouping.Wave) {
	if len(colors.variables) == 0 {
		return
	}
	c.add("<td>")
	for i, part := range colors.mix(wave.Hosts) {
		if i > 0 {
			c.add(", ")
		}
		c.add(`<span>%s</span>`, htmlText(part))
	}
	c.add("</td>")
}
