package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

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
		"schema": p.schema, "begin": p.begin, "resume": p.goOn, "done": p.done, "end": p.end, "history": p.history,
	}
	if act := alone[p.action]; act != nil {
		text, err := act()
		return printText(text), err
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
	if p.action == "hosts" {
		names, err := hostsOf(inv, groups, p.value)
		return printText(names), err
	}
	text, err := p.text(release)
	return printText(text), err
}

// hostsOf returns the hosts of a group of the plan or of the inventory, a line each.
func hostsOf(inv *inventory.Inventory, groups []inventory.ExtraGroup, name string) ([]byte, error) {
	extra := map[string]inventory.ExtraGroup{}
	for _, group := range groups {
		extra[group.Name] = group
	}
	var hosts []*inventory.Host
	if group, found := extra[name]; found {
		hosts = slices.Clone(group.Hosts)
		for _, child := range group.Children {
			hosts = append(hosts, extra[child].Hosts...)
		}
	} else if inv.Group(name) != nil || name == "all" {
		selected, err := inv.Select(name)
		if err != nil {
			return nil, err
		}
		hosts = selected
	} else {
		return nil, unknownGroup(inv, groups, name)
	}
	var text []byte
	for _, host := range hosts {
		if strings.ContainsAny(host.Name, "\r\n") {
			return nil, &inventory.Error{Message: fmt.Sprintf("host %q has the end of a line in its name", host.Name)}
		}
		text = append(text, host.Name+"\n"...)
	}
	return text, nil
}

func unknownHost(inv *inventory.Inventory, name string) error {
	message := fmt.Sprintf("host %s is not in the inventory", shown.Name(name))
	if near := nearest.To(name, slices.Values(inventory.HostNames(inv.Hosts()))); near != "" {
		message += fmt.Sprintf("; did you mean %s?", shown.Name(near))
	}
	return &inventory.Error{Message: message}
}

func unknownGroup(inv *inventory.Inventory, groups []inventory.ExtraGroup, name string) error {
	message := fmt.Sprintf("there is no group %q", name)
	near := nearest.To(name, func(yield func(string) bool) {
		for _, group := range groups {
			if !yield(group.Name) {
				return
			}
		}
		for _, group := range inv.Groups() {
			if !yield(group.Name) {
				return
			}
		}
	})
	if near != "" {
		message += fmt.Sprintf("; did you mean %q?", near)
	}
	return &inventory.Error{Message: message}
}

// schema returns the schema that the action names.
func (p *program) schema() ([]byte, error) {
	if p.value == "record" {
		return releases.Schema(), nil
	}
	return grouping.Schema(), nil
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
		return nil, nil
	case "waves":
		version := p.value
		if version == everyVersion {
			version = ""
		}
		if p.remaining {
			return plan.Remaining(release, version)
		}
		return plan.Waves(release, version)
	case "graph":
		return plan.Graph(release), nil
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
		return plan.HTML(release), nil
	default:
		const paper = 100 // columns, where there is no terminal
		width := p.width
		if width == 0 {
			width = paper
		}
		return plan.Table(release, plan.TableOptions{Width: width, Color: p.color}), nil
	}
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
