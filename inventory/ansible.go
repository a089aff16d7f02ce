package inventory

import (
	"os/exec"
	"path/filepath"
	"slices"
)

// ansibleInventory is Ansible's program that shows an inventory.
const ansibleInventory = "ansible-inventory"

// readPluginConfiguration reads through Ansible what the inventory plugin finds that the text configures
// (ansible/plugins/inventory/auto.py).
func (r *reader) readPluginConfiguration(text, path string) error {
	values := configuration(text)
	if values["plugin"].Text() == policyPlugin {
		return r.fail("a policy of regal-inventory is a source only when it can be executed: chmod +x, and #! in its first line", nil)
	}
	return r.readThroughAnsible(path, errPluginConfiguration.Message, values)
}

// readThroughAnsible reads a file through ansible-inventory --list --export. reason says why only Ansible can.
//
// The environment is the user's, so that Ansible finds its configuration and vault passwords, but for two settings: a
// file that Ansible cannot read is to be a failure, and group_vars and host_vars are not to be in the output, where
// ansible-inventory would put them among the inventory's own variables. Only for a plugin that makes its groups from them
// (use_vars_plugins of constructed) they have to be.
//
// The output equals what Ansible holds in groups, children, hosts of each group and their order, variables, types and
// priorities. It does not have: which hosts the group all lists itself; the order in which hosts, groups and variables were
// first mentioned, as all is sorted; variables of the names that Ansible reserves (ansible_facts, inventory_dir and such);
// and of a group that is below all and below others whether that was said or follows, which matters only when another
// source puts it below one more.
func (r *reader) readThroughAnsible(path, reason string, configuration map[string]Value) error {
	program, err := exec.LookPath(ansibleInventory)
	if err != nil {
		return r.fail(reason+", which only Ansible can read, and "+ansibleInventory+" is not installed", nil)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return r.fail("the source cannot be read", err)
	}
	environment := []string{"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=true"}
	if configuration["use_vars_plugins"].isTrue() {
		r.warn("use_vars_plugins is set, so that variables of group_vars and host_vars are printed with the inventory")
	} else {
		environment = append(environment, "ANSIBLE_VARS_ENABLED=")
	}
	output, status, err := r.run(environment, program, "-i", absolute, "--list", "--export")
	switch {
	case err != nil:
		return err
	case status != nil:
		return r.fail(reason+", and "+ansibleInventory+", which was to read it, failed", status)
	}
	data, err := r.parseOutput(output, ansibleInventory)
	if err != nil {
		return err
	}
	before := len(r.inv.hosts)
	if err := r.readExport(data); err != nil {
		return err
	}
	if len(r.inv.hosts) == before {
		r.warn("no host came from it that is not in other sources")
	}
	return nil
}

// readExport reads the output of ansible-inventory --list --export. It lists as children of all every group that has no
// other parent, which Reconcile does at the end, when other sources may have given it one.
func (r *reader) readExport(data Value) error {
	none := func(string) (Value, error) { return newMap(nil, nil), nil }
	all := section(data, groupAll)
	if all == nil {
		return r.readScript(data, none)
	}
	children := section(*all, "children")
	if children == nil || children.kind != List {
		return r.readScript(data, none)
	}
	hasParent := map[string]bool{}
	for i, name := range data.body.keys {
		if below := section(data.body.values[i], "children"); name != groupAll && below != nil && below.kind == List {
			for _, child := range below.body.values {
				hasParent[child.text] = true
			}
		}
	}
	for _, child := range children.body.values {
		if child.isText() {
			if _, err := r.inv.AddGroup(child.text); err != nil {
				return r.inOutput(err)
			}
		}
	}
	children.body.values = slices.DeleteFunc(children.body.values, func(child Value) bool {
		return child.isText() && !hasParent[child.text]
	})
	return r.readScript(data, none)
}
