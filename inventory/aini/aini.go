// Package aini makes an inventory of one that a Go program holds as github.com/relex/aini reads it. Nobody else here knows
// that module, so that only programs which import this package carry it.
package aini

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/relex/aini"

	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// ainiPort is the port that aini gives a host for which none is written.
const ainiPort = 22

// Convert returns the inventory that a Go program holds as one of github.com/relex/aini, so that package grouping can
// plan its release. It is reconciled. A loop of groups is an error.
//
// aini keeps less than Ansible reads: no order, so that groups and hosts come by name here, numbers in names by their
// value; every value as text, so that variables are texts; and every group as a direct child of all, so that only those
// without another parent are one here. To have what Ansible has, [Read] the file itself.
func Convert(data *aini.InventoryData) (*inventory.Inventory, error) {
	inv := inventory.New()
	groups := sortedNames(data.Groups)
	for _, name := range groups {
		group, err := inv.AddGroup(name)
		if err != nil {
			return nil, err
		}
		if err := setAiniVars(data.Groups[name].InventoryVars, func(name string, value inventory.Value) error { return inv.SetGroupVariable(group, name, value) }); err != nil {
			return nil, err
		}
	}
	for _, name := range groups {
		for _, parent := range sortedNames(data.Groups[name].DirectParents) {
			if parent == "all" {
				continue // Reconcile does this where it is right
			}
			above, err := inv.AddGroup(parent)
			if err != nil {
				return nil, err
			}
			if err := inv.AddChild(above, name); err != nil {
				return nil, err
			}
		}
	}
	for _, name := range sortedNames(data.Hosts) {
		if err := addAiniHost(inv, name, data.Hosts[name]); err != nil {
			return nil, err
		}
	}
	return inv, inv.Reconcile()
}

func addAiniHost(inv *inventory.Inventory, name string, from *aini.Host) error {
	var port inventory.Value
	if from.Port != ainiPort {
		port = inventory.NewIntText(strconv.Itoa(from.Port))
	}
	host, err := inv.AddHost(name, nil, port)
	if err != nil {
		return err
	}
	for _, group := range sortedNames(from.DirectGroups) {
		listing, err := inv.AddGroup(group)
		if err != nil {
			return err
		}
		if _, err := inv.AddHost(name, listing, inventory.Value{}); err != nil {
			return err
		}
	}
	return setAiniVars(from.InventoryVars, func(name string, value inventory.Value) error {
		host.Vars.Set(name, value)
		return nil
	})
}

func setAiniVars(vars map[string]string, set func(string, inventory.Value) error) error {
	for _, name := range sortedNames(vars) {
		if err := set(name, inventory.NewString(vars[name])); err != nil {
			return err
		}
	}
	return nil
}

// sortedNames returns the keys of a map, web2 before web10.
func sortedNames[V any](from map[string]V) []string {
	names := make([]string, 0, len(from))
	for name := range from {
		names = append(names, name)
	}
	slices.SortFunc(names, compareNames)
	return names
}

// compareNames compares names part by part: runs of digits by their value, the rest as text.
func compareNames(a, b string) int {
	one, other := a, b
	for one != "" && other != "" {
		n, m := python.DigitCount(one), python.DigitCount(other)
		if n == 0 || m == 0 {
			if one[0] != other[0] {
				return cmp.Compare(one[0], other[0])
			}
			one, other = one[1:], other[1:]
			continue
		}
		first, second := strings.TrimLeft(one[:n], "0"), strings.TrimLeft(other[:m], "0")
		if order := cmp.Or(cmp.Compare(len(first), len(second)), strings.Compare(first, second)); order != 0 {
			return order
		}
		one, other = one[n:], other[m:]
	}
	return cmp.Or(cmp.Compare(len(one), len(other)), strings.Compare(a, b))
}
