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

// printer writes an action's output. All else that can go wrong has been found before there is a printer, so that its errors are those of
// the writer.
type printer func(io.Writer) error

// output returns what prints the action's output.
func (p *program) output() (printer, error) {
	alone := map[string]func() ([]byte, error){
		"begin": p.begin, "resume": p.resume, "done": p.done, "end": p.end,
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
	inv, planned := read.inv, read.plan
	groups := planned.Groups()
	if err := inv.CheckPrintable(groups); err != nil {
		return nil, p.inPolicy(err)
	}
	if p.action == "list" {
		return func(to io.Writer) error { return inv.WriteJSON(to, groups, p.pretty) }, nil
	}
	if p.action == "host" || p.action == "explain" {
		host := inv.Host(p.value)
		left := func(version *grouping.Version) bool {
			return version.Progress != nil && slices.Contains(version.Progress.Left, p.value)
		}
		if host == nil && (p.action == "host" || !slices.ContainsFunc(planned.Versions, left)) {
			return nil, p.inPolicy(unknownHost(inv, p.value))
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
		text, err := p.export(inv, planned)
		return printText(text), err
	}
	text, err := p.text(planned)
	return printText(text), err
}

// unknownHost returns the error of a host that the inventory does not have; it names the host whose name is nearest.
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

// printText returns what prints a text.
func printText(text []byte) printer {
	return func(to io.Writer) error {
		_, err := to.Write(text)
		return err
	}
}

// text returns what an action prints that needs nothing but the plan.
func (p *program) text(planned *grouping.Plan) ([]byte, error) {
	switch p.action {
	case "check":
		if p.terminal {
			return line("sound: " + plan.Summary(planned)), nil
		}
		return nil, nil
	case "waves":
		version := p.value
		if version == every {
			version = ""
		}
		if p.remaining {
			return plan.Remaining(planned, version)
		}
		return plan.Waves(planned, version)
	case "explain":
		return plan.Explain(planned, p.value), nil
	case "diff":
		return p.diff(planned)
	default:
		return p.picture(planned)
	}
}

// picture returns the plan in the format that --plan names: table, json, mermaid or html.
func (p *program) picture(planned *grouping.Plan) ([]byte, error) {
	switch p.value {
	case "json":
		return plan.JSON(planned), nil
	case "mermaid":
		return plan.Mermaid(planned), nil
	case "html":
		origin, err := p.origin()
		return plan.HTML(planned, origin), err
	default:
		const paper = 100 // columns, where there is no terminal
		width := p.width
		if width == 0 {
			width = paper
		}
		return plan.Table(planned, plan.TableOptions{Width: width, Color: p.color}), nil
	}
}

// export returns the plan for the executor that --export names.
func (p *program) export(inv *inventory.Inventory, planned *grouping.Plan) ([]byte, error) {
	var text []byte
	var err error
	switch p.value {
	case "salt":
		text, err = plan.Salt(planned)
	case "clustershell":
		text, err = plan.ClusterShell(planned)
	default:
		text, err = plan.Nginx(planned, plan.NginxOptions{Port: p.port, Address: inv.Variable(plan.AddressVariable)})
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

// origin returns where the plan comes from. With SOURCE_DATE_EPOCH that is the time, in place of now, so that the same page can be made again
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

// diff returns what is different from the old plan that --diff names. If anything is, the program exits with status 3.
func (p *program) diff(planned *grouping.Plan) ([]byte, error) {
	data, err := bounded.ReadFile(p.value, maxPlan)
	if err != nil {
		return nil, &inventory.Error{File: p.value, Message: "the old plan cannot be read", Err: err}
	}
	old, err := plan.ReadJSON(p.value, data)
	if err != nil {
		return nil, err
	}
	different := plan.Diff(old, planned)
	if len(different) > 0 {
		p.status = exitOther
	}
	return different, nil
}
