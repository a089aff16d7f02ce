package cli

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/internal/nearest"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/plan"
	releases "github.com/regal-inventory/regal-inventory/release"
)

// maxPlan is how many bytes a plan to compare with may have: that of a million hosts has 30 MB.
const maxPlan = 256 << 20

// printer writes an action's output. Whatever can be wrong is found before there is one; its errors are of the writing.
type printer func(io.Writer) error

// output returns what prints the action's output.
func (p *program) output() (printer, error) {
	alone := map[string]func() ([]byte, error){
		"begin": p.begin, "resume": p.goOn, "done": p.done, "end": p.end,
	}
	if act := alone[p.action]; act != nil {
		text, err := act()
		return printText(text), err
	}
	switch p.action {
	case "schema":
		return p.schema(), nil
	case "history":
		return p.history()
	}
	read, err := p.read()
	if err != nil {
		return nil, err
	}
	inv, release := read.inv, read.plan
	groups := release.Groups()
	if err := inv.CheckPrintable(groups); err != nil {
		return nil, p.inSource(err)
	}
	if p.action == "list" {
		return func(to io.Writer) error { return inv.WriteJSON(to, groups, p.pretty) }, nil
	}
	if p.action == "host" || p.action == "explain" {
		host := inv.Host(p.value)
		left := func(version *grouping.Version) bool {
			return version.Progress != nil && slices.Contains(version.Progress.Left, p.value)
		}
		if host == nil && (p.action == "host" || !slices.ContainsFunc(release.Versions, left)) {
			return nil, p.inSource(unknownHost(inv, p.value))
		}
		if p.action == "host" {
			return func(to io.Writer) error { return host.WriteJSON(to, p.pretty) }, nil
		}
	}
	switch p.action {
	case "hosts":
		names, err := hostsOf(read, groups, p.value)
		return printText(names), err
	case "graph":
		tree, err := graphOf(read, groups, p.value)
		return printText(tree), err
	case "export":
		text, err := p.export(inv, release)
		return printText(text), err
	}
	text, err := p.text(release)
	return printText(text), err
}

func unknownHost(inv *inventory.Inventory, name string) error {
	message := fmt.Sprintf("host %s is not in the inventory", shown.Name(name))
	if near := nearest.To(name, slices.Values(inventory.HostNames(inv.Hosts()))); near != "" {
		message += fmt.Sprintf("; did you mean %s?", shown.Name(near))
	}
	return &inventory.Error{Message: message}
}

// schema returns what prints the schema that the action names.
func (p *program) schema() printer {
	if p.value == "record" {
		return releases.WriteSchema
	}
	return grouping.WriteSchema
}

func printText(text []byte) printer {
	return func(to io.Writer) error {
		_, err := to.Write(text)
		return err
	}
}

// text returns what an action prints that is about the plan alone.
func (p *program) text(release *grouping.Plan) ([]byte, error) {
	switch p.action {
	case "check":
		if p.terminal {
			return line("sound: " + plan.Summary(release)), nil
		}
		return nil, nil
	case "waves":
		version := p.value
		if version == every {
			version = ""
		}
		if p.remaining {
			return plan.Remaining(release, version)
		}
		return plan.Waves(release, version)
	case "explain":
		return plan.Explain(release, p.value), nil
	case "diff":
		return p.diff(release)
	default:
		return p.picture(release)
	}
}

// picture returns the plan in the format that --plan names.
func (p *program) picture(release *grouping.Plan) ([]byte, error) {
	switch p.value {
	case "json":
		return plan.JSON(release), nil
	case "mermaid":
		return plan.Mermaid(release), nil
	case "html":
		origin, err := p.origin()
		return plan.HTML(release, origin), err
	default:
		const paper = 100 // columns, where there is no terminal
		width := p.width
		if width == 0 {
			width = paper
		}
		return plan.Table(release, plan.TableOptions{Width: width, Color: p.color}), nil
	}
}

// export returns the plan for the executor that --export names.
func (p *program) export(inv *inventory.Inventory, release *grouping.Plan) ([]byte, error) {
	var text []byte
	var err error
	switch p.value {
	case "salt":
		text, err = plan.Salt(release)
	case "clustershell":
		text, err = plan.ClusterShell(release)
	default:
		text, err = plan.Nginx(release, plan.NginxOptions{Port: p.port, Address: inv.Variable(plan.AddressVariable)})
	}
	faults := inventory.Faults(err)
	if len(faults) == 0 {
		return text, nil
	}
	for i, fault := range faults {
		inFile := *fault
		inFile.File = p.policy
		faults[i] = &inFile
	}
	return nil, faults
}

// origin says where the plan comes from. SOURCE_DATE_EPOCH stands for the time that it is, so that the same page can be made again
// (https://reproducible-builds.org/specs/source-date-epoch/).
func (p *program) origin() (plan.Origin, error) {
	at := time.Now()
	if text := p.getenv("SOURCE_DATE_EPOCH"); text != "" {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return plan.Origin{}, &inventory.Error{Message: fmt.Sprintf("SOURCE_DATE_EPOCH is %q: write whole seconds since 1970", text)}
		}
		at = time.Unix(seconds, 0)
	}
	return plan.Origin{At: at, Policy: p.policy, Sources: p.sourcesRead, Program: p.ownVersion()}, nil
}

func (p *program) diff(release *grouping.Plan) ([]byte, error) {
	data, err := bounded.ReadFile(p.value, maxPlan)
	if err != nil {
		return nil, &inventory.Error{File: p.value, Message: "the old plan cannot be read", Err: err}
	}
	old, err := plan.ReadJSON(p.value, data)
	if err != nil {
		return nil, err
	}
	different := plan.Diff(old, release)
	if len(different) > 0 {
		p.status = exitOther
	}
	return different, nil
}
