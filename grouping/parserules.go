package grouping

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/internal/shown"
)

// combine reads sizes, or the risk that stands in their place.
func (p *parser) combine(f field, rules *Rules) {
	if f.node.Kind == yaml.MappingNode {
		p.risk(f, rules)
		return
	}
	elements := p.elements(f, sizeForms)
	for _, element := range elements {
		rules.Combine = append(rules.Combine, p.size(element, sizeForms))
	}
}

var riskText = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// filled is mapping for one that must not be empty: nil if it is, or is wrong otherwise.
func (p *parser) filled(f field, should string) []field {
	fields, ok := p.mapping(f, should)
	if ok && len(f.node.Content) == 0 {
		p.fault(f.at, "this mapping is empty: write %s", should)
	}
	return fields
}

func (p *parser) risk(f field, rules *Rules) {
	const should = "sizes, or a risk such as {risk: 3}"
	fields := p.filled(f, should)
	for _, entry := range fields {
		if entry.key.Value != "risk" {
			p.unknown(entry, []string{"risk"})
			continue
		}
		const number = "how many hosts may be hurt, a number above 0 such as 3"
		text, ok := p.scalar(entry, number)
		if !ok {
			continue
		}
		if entry.kind() == "a text" && riskText.MatchString(text) {
			p.fault(entry.at, "this is a text: write the number without quotes, %s", shown.Start(text, 20))
			continue
		}
		if entry.kind() != "a number" || !riskText.MatchString(text) {
			p.fault(entry.at, "%s is no such number: write %s", shown.Start(text, 20), number)
			continue
		}
		risk, _ := strconv.ParseFloat(text, 64) // of too many digits it makes infinity
		switch {
		case risk > maxCount:
			p.fault(entry.at, "%s is too many: a risk is at most %d", shown.Start(text, 20), maxCount)
		case risk == 0:
			p.fault(entry.at, "the risk is 0: write %s", number)
		default:
			rules.Risk = risk
		}
	}
}

// by reads a variable, or one with the order of its values.
func (p *parser) by(f field, rules *Rules) {
	const should = "the name of a host variable"
	if f.node.Kind != yaml.MappingNode {
		rules.By, _ = p.text(f, should)
		return
	}
	const ordered = "a host variable and the order of its values, such as {region: [eu, us]}"
	fields, ok := p.mapping(f, ordered)
	if ok && len(f.node.Content) != 2 {
		p.fault(f.at, "this must be one variable: write %s", ordered)
	}
	for _, entry := range fields {
		if entry.key.Value == "" {
			p.fault(place{entry.key.Line, entry.key.Column, f.at.path}, "this is no host variable: write %s", ordered)
			continue
		}
		rules.By, rules.ByOrder = entry.key.Value, []string{}
		elements := p.elements(entry, "a value, or a list of values in their order")
		for _, element := range elements {
			value, ok := p.scalar(element, `a value of the variable, or "*" for all others`)
			if ok && slices.ContainsFunc(rules.ByOrder, func(other string) bool { return oneText(other) == oneText(value) }) {
				p.fault(element.at, "%s is in the list already: name it once", show(value))
			}
			rules.ByOrder = append(rules.ByOrder, value)
		}
	}
}

func (p *parser) limits(f field, into *settings) {
	const should = "a mapping of host variables to counts, such as {rack: 1}"
	fields := p.filled(f, should)
	for _, entry := range fields {
		if entry.key.Value == "" {
			p.fault(place{entry.key.Line, entry.key.Column, f.at.path}, "this is no host variable: write %s", should)
			continue
		}
		into.rules.MaxPer = append(into.rules.MaxPer, p.limit(entry))
		into.at["max_per."+entry.key.Value] = place{entry.key.Line, entry.key.Column, entry.at.path}
	}
}

// limit reads the limit of one variable.
func (p *parser) limit(f field) Limit {
	const one = "a count such as 1, or a percentage such as 25%"
	const form = "a count such as 1, a percentage such as 25%, or one for each value such as {web: 1}"
	made := Limit{Variable: f.key.Value}
	if f.node.Kind != yaml.MappingNode {
		made.Hosts, made.Percent = p.size(f, form).parts()
		return made
	}
	const should = "a limit for each value, such as {web: 1, app: 30%}"
	fields := p.filled(f, should)
	for _, entry := range fields {
		value := ValueLimit{Value: entry.key.Value}
		switch {
		case value.Value == "":
			p.fault(place{entry.key.Line, entry.key.Column, f.at.path}, "this is no value: write %s", should)
			continue
		case slices.ContainsFunc(made.Values, func(other ValueLimit) bool { return oneText(other.Value) == oneText(value.Value) }):
			p.fault(place{entry.key.Line, entry.key.Column, entry.at.path}, "the value has a limit already: keep one")
		}
		value.Hosts, value.Percent = p.size(entry, one).parts()
		made.Values = append(made.Values, value)
	}
	return made
}

var ageText = regexp.MustCompile(`^([1-9][0-9]{0,8}s|[1-9][0-9]{0,4}[mhd])$`)

// done reads where it is told which version a host has.
func (p *parser) done(f field, rules *Rules) {
	fields, ok := p.mapping(f, "a mapping with var, such as {var: app_version}")
	if !ok {
		return
	}
	made := &Done{}
	rules.Done = made
	given := map[string]field{}
	for _, entry := range fields {
		given[entry.key.Value] = entry
		switch entry.key.Value {
		case "var":
			made.Variable, _ = p.text(entry, "the name of a host variable")
		case "facts":
			folder, _ := p.text(entry, "the folder of Ansible's fact cache")
			if !filepath.IsAbs(folder) {
				folder = filepath.Join(filepath.Dir(p.policy.File), folder)
			}
			made.Facts = folder
		case "max_age":
			made.MaxAge = p.age(entry)
		default:
			p.unknown(entry, doneKeys)
		}
	}
	if _, named := given["var"]; !named {
		p.fault(place{f.at.line, f.at.column, join(f.at.path, "var")},
			"the key is missing: name the host variable that holds the version")
	}
	_, facts := given["facts"]
	if age, aged := given["max_age"]; aged && !facts {
		p.fault(place{age.key.Line, age.key.Column, age.at.path}, "only facts have an age: name their folder with facts")
	}
}

func (p *parser) age(f field) time.Duration {
	const should = "seconds such as 3600, or a time such as 30m, 12h or 7d"
	text, ok := p.scalar(f, should)
	if !ok {
		return 0
	}
	if f.kind() == "a number" {
		text += "s"
	}
	if !ageText.MatchString(text) {
		p.fault(f.at, "%s is no age: write %s", shown.Start(f.node.Value, 20), should)
		return 0
	}
	last := len(text) - 1
	number, _ := strconv.Atoi(text[:last]) // digits, nine at most
	unit := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}[text[last]]
	return time.Duration(number) * unit
}

var shareText = regexp.MustCompile(`^(0|[1-9][0-9]?|100)%$`)

// split reads the shares of an experiment.
func (p *parser) split(f field, rules *Rules) {
	const should = "names and percentages that make 100%, such as {new: 10%, old: 90%}"
	fields := p.filled(f, should)
	if fields == nil {
		return
	}
	before := len(p.faults)
	for _, entry := range fields {
		text, ok := p.scalar(entry, "a percentage such as 10%")
		if ok && !shareText.MatchString(text) {
			p.fault(entry.at, "%s is no percentage: write a whole one from 0%% to 100%%", shown.Start(text, 20))
		}
		percent, _ := strconv.Atoi(strings.TrimSuffix(text, "%"))
		rules.Split = append(rules.Split, Share{Name: entry.key.Value, Percent: percent})
	}
	if len(p.faults) > before || len(rules.Split) < len(f.node.Content)/2 {
		return
	}
	for _, wrong := range checkShares(rules.Split) {
		at := f.at
		if wrong.share != allShares {
			key := fields[wrong.share].key
			at = place{key.Line, key.Column, fields[wrong.share].at.path}
		}
		p.fault(at, "%s", wrong.message)
	}
}

// rings reads the list of rings of a version.
func (p *parser) rings(f field, made *written) {
	const should = "a list of rings, such as [staging: test, eu: web]"
	if f.node.Kind != yaml.SequenceNode {
		p.wrong(f, should)
		return
	}
	elements := p.elements(f, should)
	for _, element := range elements {
		const one = "a ring's name and its target, such as staging: test"
		fields, ok := p.mapping(element, one)
		if ok && len(element.node.Content) != 2 {
			p.fault(element.at, "a ring is one name: write %s", one)
			continue
		}
		for _, entry := range fields {
			made.rings = append(made.rings, p.ring(entry, made.rings))
		}
	}
}

func (p *parser) ring(f field, others []writtenRing) writtenRing {
	at := place{f.key.Line, f.key.Column, f.at.path}
	made := writtenRing{name: f.key.Value, settings: settings{at: map[string]place{"name": at}}}
	if made.name == "" {
		p.fault(at, "a ring needs a name")
	}
	for _, other := range others {
		switch {
		case made.name == "" || safe(other.name) != safe(made.name):
		case other.name == made.name:
			p.fault(at, "there is a ring of this name already: give this one another")
		default:
			p.fault(at, "the group would end in ring_%s, as that of ring %s does: give it another name", safe(made.name),
				show(other.name))
		}
	}
	if f.node.Kind != yaml.MappingNode {
		made.target = p.target(f)
		made.settings.at["hosts"] = f.at
		return made
	}
	fields, ok := p.mapping(f, "a target, or a mapping with hosts")
	if !ok {
		return made
	}
	for _, entry := range fields {
		switch key := entry.key.Value; {
		case key == "hosts":
			made.target = p.target(entry)
		case key == "canary":
			made.settings.rules.Canary = p.target(entry)
		case !slices.Contains(ringRules, key):
			p.unknown(entry, ringKeys)
		case !isNull(entry):
			p.setting(entry, &made.settings)
		}
		made.settings.at[entry.key.Value] = entry.at
	}
	_, merged := made.settings.at["<<"]
	if _, given := made.settings.at["hosts"]; !given && !merged {
		p.fault(place{at.line, at.column, join(at.path, "hosts")}, "the key is missing: name the hosts of the ring")
	}
	_, canary := made.settings.at["canary"]
	if canary && made.settings.rules.Schedule != (Size{}) {
		p.fault(made.settings.at["schedule"], "canary names the hosts of the ring's first wave already: keep one of canary and schedule")
	}
	return made
}
