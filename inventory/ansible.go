package inventory

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/regal-inventory/regal-inventory/internal/bounded"
)

// ansibleInventory is Ansible's program that shows an inventory.
const ansibleInventory = "ansible-inventory"

// ansibleVault is Ansible's program that opens encrypted files.
const ansibleVault = "ansible-vault"

// readPluginConfiguration reads through Ansible what the inventory plugin finds that the text configures
// (ansible/plugins/inventory/auto.py).
func (r *reader) readPluginConfiguration(text, path string) error {
	values := configuration(text)
	switch {
	case values["use_vars_plugins"].isTrue():
		return r.fail("use_vars_plugins makes groups from group_vars and host_vars, which are not part of an inventory and are "+
			"not read for this; move the variables that it needs into the inventory", nil)
	}
	return r.readThroughAnsible(path, errPluginConfiguration.Message)
}

// readThroughAnsible reads a file through ansible-inventory --list --export. reason says why only Ansible can. What has been
// read so far goes in front of it, since plugins such as constructed make groups of the hosts that are there already.
//
// The environment is the user's, so that Ansible finds its configuration and vault passwords, but for two settings: a
// file that Ansible cannot read is to be a failure, and group_vars and host_vars are not to be in the output, where
// ansible-inventory would put them among the inventory's own variables.
//
// The output equals what Ansible holds in groups, children, hosts of each group and their order, variables, types and
// priorities. It does not have: which hosts the file lists in the group all itself, if they are in no other group of it;
// the order in which the file first mentions hosts, groups and variables, and the keys of its maps, as all is sorted;
// variables of the names that Ansible reserves (ansible_facts, inventory_dir and such); types that JSON has not (a date is
// a text); and, of a group that has no other parent in the file, whether the file says that it is below all, which matters
// only when another source puts it below one more.
func (r *reader) readThroughAnsible(path, reason string) error {
	program, err := exec.LookPath(ansibleInventory)
	if err != nil {
		return r.fail(reason+", which only Ansible can read, and "+ansibleInventory+" is not installed", nil)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return r.fail("the source cannot be read", err)
	}
	folder, err := os.MkdirTemp("", "regal-inventory-")
	if err != nil {
		return r.fail("what was read so far cannot be handed to "+ansibleInventory, err)
	}
	defer os.RemoveAll(folder)
	soFar, err := r.writeSoFar(folder)
	if err != nil {
		return err
	}
	environment := []string{"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=true", "ANSIBLE_VARS_ENABLED="}
	// What it prints has its secrets masked since Ansible 2.22, hosts of a secret's name among them; what it writes has not.
	export := filepath.Join(folder, "export.json")
	_, status, err := r.run(environment, program, "-i", soFar, "-i", absolute, "--list", "--export", "--output", export)
	switch {
	case err != nil:
		return err
	case status != nil:
		return r.fail(reason+", and "+ansibleInventory+", which was to read it, failed", status)
	}
	output, err := bounded.ReadFile(export, maxSourceSize)
	if err != nil {
		return r.fail("the output of "+ansibleInventory+" cannot be read", err)
	}
	data, err := r.parseOutput(decodeText(output), ansibleInventory)
	if err != nil {
		return err
	}
	if err := r.readExport(data); err != nil {
		return err
	}
	if len(r.inv.hosts) == 0 {
		r.warn("no host came from it")
	}
	return nil
}

// decrypt returns what stands in a file of variables that ansible-vault has encrypted as a whole. The passwords are those
// that Ansible finds in the user's environment and configuration; a person is not asked.
func (r *reader) decrypt(path string) ([]byte, error) {
	const closed = "encrypted with ansible-vault, and "
	program, err := exec.LookPath(ansibleVault)
	if err != nil {
		return nil, errors.New(closed + ansibleVault + " is not installed")
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	output, status, err := r.runQuietly(program, "decrypt", "--output", "-", absolute)
	switch {
	case err != nil:
		return nil, err
	case status != nil:
		return nil, errors.New(closed + ansibleVault + " does not open it: set vault_password_file in ansible.cfg, or " +
			"ANSIBLE_VAULT_PASSWORD_FILE, to the file with its password")
	}
	return []byte(output), nil
}

// writeSoFar writes a program into the folder that prints what has been read so far, and returns its path. Groups stand
// in it as they are before Reconcile: a plugin shall meet them so.
func (r *reader) writeSoFar(folder string) (string, error) {
	if err := r.inv.CheckPrintable(nil); err != nil {
		return "", r.inFile(err)
	}
	var text bytes.Buffer
	w := jsonWriter{to: &text}
	w.open('{')
	w.key(metaKey)
	w.open('{')
	w.key("hostvars")
	w.open('{')
	for _, host := range r.inv.hosts {
		w.key(host.Name)
		w.vars(&host.Vars)
	}
	w.close('}')
	w.close('}')
	for _, group := range r.inv.groups {
		w.group(group, group.hosts)
	}
	w.close('}')
	err := w.end()
	path := filepath.Join(folder, "so-far")
	if err == nil {
		err = os.WriteFile(path+".json", text.Bytes(), 0o600)
	}
	if err == nil {
		err = os.WriteFile(path, []byte("#!/bin/sh\nexec cat \"$0.json\"\n"), 0o700)
	}
	if err != nil {
		return "", r.fail("what was read so far cannot be handed to "+ansibleInventory, PathCause(err))
	}
	return path, nil
}

// readExport reads the output of ansible-inventory --list --export on top of what is there. What is there already stays as
// it is, maps in their own order. Groups that have no parent but all are not put below it: Reconcile does that at the end,
// when other sources may have given them one.
func (r *reader) readExport(data Value) error {
	for i, name := range data.body.keys {
		content := data.body.values[i]
		if name == metaKey {
			r.dropKnownHostVariables(content)
		} else if group := r.inv.groupByName[name]; group != nil {
			dropKnown(section(content, "vars"), &group.Vars)
		}
	}
	if all := section(data, groupAll); all != nil {
		if err := r.orphan(data, section(*all, "children")); err != nil {
			return r.inOutput(err)
		}
	}
	return r.readScript(data, func(string) (Value, error) { return newMap(nil, nil), nil })
}

// orphan makes the groups that are children of all, and takes those out of the list of children that have no other parent.
func (r *reader) orphan(data Value, children *Value) error {
	if children == nil || children.kind != List {
		return nil
	}
	hasParent := map[string]bool{}
	for i, name := range data.body.keys {
		if below := section(data.body.values[i], "children"); name != groupAll && below != nil {
			for _, child := range below.elements() {
				hasParent[child.text] = true
			}
		}
	}
	for _, child := range children.body.values {
		if _, err := r.inv.AddGroup(child.text); err != nil {
			return err
		}
	}
	children.body.values = slices.DeleteFunc(children.body.values, func(child Value) bool { return !hasParent[child.text] })
	return nil
}

// elements returns the elements of a List, and nothing of any other kind.
func (v Value) elements() []Value {
	if v.kind != List {
		return nil
	}
	return v.body.values
}

func (r *reader) dropKnownHostVariables(meta Value) {
	hostVariables := section(meta, "hostvars")
	if hostVariables == nil || hostVariables.kind != Map {
		return
	}
	for i, name := range hostVariables.body.keys {
		if host := r.inv.Host(name); host != nil {
			dropKnown(&hostVariables.body.values[i], &host.Vars)
		}
	}
}

// dropKnown takes the variables out of a map that are known with the same value.
func dropKnown(vars *Value, known *Vars) {
	if vars == nil || vars.kind != Map {
		return
	}
	var keys []string
	var values []Value
	for i, key := range vars.body.keys {
		if value, ok := known.Get(key); !ok || !value.equals(vars.body.values[i]) {
			keys, values = append(keys, key), append(values, vars.body.values[i])
		}
	}
	*vars = newMap(keys, values)
}

// equals tells whether two values are the same to Ansible, whatever the order of their maps.
func (v Value) equals(other Value) bool {
	if v.kind != other.kind || v.Len() != other.Len() {
		return false
	}
	switch v.kind {
	case Vault:
		return strip(v.text) == strip(other.text)
	case List:
		return slices.EqualFunc(v.elements(), other.elements(), Value.equals)
	case Map:
		for i := range v.Len() {
			value := section(other, v.KeyAt(i))
			if value == nil || !v.At(i).equals(*value) {
				return false
			}
		}
		return true
	default:
		return v.text == other.text
	}
}
