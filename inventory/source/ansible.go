package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/internal/quoted"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
	"github.com/regal-inventory/regal-inventory/inventory/python"
	"github.com/regal-inventory/regal-inventory/inventory/yaml"
)

// ansibleVault is Ansible's program that opens encrypted files.
const ansibleVault = "ansible-vault"

// readPluginConfiguration reads through Ansible what the inventory plugin finds that the file configures
// (ansible/plugins/inventory/auto.py).
func (f *fileReading) readPluginConfiguration() error {
	if configuration(f.text)["use_vars_plugins"].IsTrue() {
		return f.fail("use_vars_plugins makes groups from group_vars and host_vars, which are not part of an inventory and are "+
			"not read for this; move the variables that it needs into the inventory", nil)
	}
	return f.leaveToAnsible(yaml.ErrPluginConfiguration.Message)
}

// readThroughAnsible reads a source through ansible-inventory --list --export. reason says why only Ansible can. What has
// been read so far goes in front of it, since plugins such as constructed make groups of the hosts that are there already.
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
func (r *reader) readThroughAnsible(source, reason string) error {
	program, err := exec.LookPath(ansible.InventoryProgram)
	if err != nil {
		return r.fail(reason+", which only Ansible can read, and "+ansible.InventoryProgram+" is not installed", nil)
	}
	if _, err := r.Ansible.Since(ansible.Oldest.Major, ansible.Oldest.Minor); err != nil {
		return err
	}
	if _, err := os.Stat(source); err == nil {
		if source, err = filepath.Abs(source); err != nil {
			return r.fail("the source cannot be read", err)
		}
	}
	folder, err := os.MkdirTemp("", "regal-inventory-")
	if err != nil {
		return r.fail("there is no folder for what "+ansible.InventoryProgram+" writes", err)
	}
	defer os.RemoveAll(folder)
	output, err := r.export(folder, program, source, reason)
	if err != nil {
		return err
	}
	data, err := r.parseOutput(output, ansible.InventoryProgram)
	if err != nil {
		return err
	}
	if err := r.readExport(data); err != nil {
		return err
	}
	if len(r.Inventory.Hosts()) == 0 {
		r.Warn("no host came from it")
	}
	return nil
}

// export runs ansible-inventory and returns what it has written into a file of the folder. What it prints has its secrets
// masked since Ansible 2.22, hosts of a secret's name among them; what it writes has not.
func (r *reader) export(folder, program, source, reason string) (string, error) {
	file := filepath.Join(folder, "export.json")
	if err := os.WriteFile(file, nil, 0o600); err != nil { // before ansible-inventory makes one that others may read
		return "", r.fail("there is no file for what "+ansible.InventoryProgram+" writes", bounded.WithoutPath(err))
	}
	environment := []string{"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=true", "ANSIBLE_VARS_ENABLED="}
	var arguments []string
	if !r.isEmpty() {
		soFar, err := r.writeSoFar(folder)
		if err != nil {
			return "", err
		}
		defer os.RemoveAll(filepath.Dir(soFar))
		arguments = []string{"-i", soFar}
		if !slices.Contains(r.settings.plugins, pluginScript) {
			if kind, _ := r.programKind(source); kind != notProgram {
				return "", r.fail("the inventory plugin script is not enabled, and with what was read before this file Ansible would run it", nil)
			}
			environment = append(environment, "ANSIBLE_INVENTORY_ENABLED="+strings.Join(append([]string{pluginScript}, r.settings.plugins...), ","))
		}
	}
	arguments = append(arguments, "-i", source, "--list", "--export", "--output", file)
	_, status, err := r.runWriting(file, environment, program, arguments...)
	switch {
	case err != nil:
		return "", err
	case status != nil:
		return "", r.fail(reason+", and "+ansible.InventoryProgram+", which was to read it, failed", status)
	}
	output, err := bounded.ReadFile(file, maxSourceSize)
	if err != nil {
		return "", r.fail("the output of "+ansible.InventoryProgram+" cannot be read", err)
	}
	return python.Decode(output), nil
}

// runWriting is run for a program that writes into a file, which must not become too large meanwhile.
func (r *reader) runWriting(file string, environment []string, program string, arguments ...string) (string, error, error) {
	const often = 50 * time.Millisecond
	outer := r.ctx
	ctx, stop := context.WithCancelCause(outer)
	defer stop(nil)
	r.ctx = ctx
	defer func() { r.ctx = outer }()
	var watching sync.WaitGroup
	defer watching.Wait()
	ended := make(chan struct{})
	defer close(ended)
	watching.Go(func() {
		for {
			select {
			case <-ended:
				return
			case <-time.After(often):
				if info, err := os.Stat(file); err == nil && info.Size() > maxSourceSize {
					stop(&stopped{reason: fmt.Sprintf("it wrote more than %d MiB", maxSourceSize>>20)})
				}
			}
		}
	})
	return r.run(environment, program, arguments...)
}

// isEmpty tells whether nothing has been read so far.
func (r *reader) isEmpty() bool {
	if len(r.Inventory.Hosts()) > 0 || len(r.Inventory.Groups()) > 2 {
		return false
	}
	return !slices.ContainsFunc(r.Inventory.Groups(), func(group *inventory.Group) bool { return group.Vars.Len() > 0 || group.Priority != 1 })
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

// writeSoFar writes a program that prints what has been read so far, and returns its path: in a folder of its own where the
// given one is on a file system that nothing can be run from. Groups stand in it as they are before Reconcile: a plugin shall
// meet them so.
func (r *reader) writeSoFar(folder string) (string, error) {
	if err := r.Inventory.CheckPrintable(nil); err != nil {
		return "", r.inFile(err)
	}
	text, err := r.printSoFar()
	if err == nil {
		folder, err = runnableFolder(folder)
	}
	path := filepath.Join(folder, "so-far")
	if err == nil {
		err = os.WriteFile(path+".json", text, 0o600)
	}
	if err == nil {
		err = os.WriteFile(path, []byte("#!/bin/sh\nexec cat \"$0.json\"\n"), 0o700)
	}
	if err != nil {
		return "", r.fail("what was read so far cannot be handed to "+ansible.InventoryProgram, bounded.WithoutPath(err))
	}
	return path, nil
}

// printSoFar returns what has been read so far as a dynamic inventory prints it.
func (r *reader) printSoFar() ([]byte, error) {
	var text bytes.Buffer
	text.WriteString(`{"` + wire.MetaKey + `":{"hostvars":{`)
	for i, host := range r.Inventory.Hosts() {
		if i > 0 {
			text.WriteByte(',')
		}
		writeKey(&text, host.Name)
		if err := host.WriteJSON(&text, false); err != nil {
			return nil, err
		}
	}
	text.WriteString("}}")
	for _, group := range r.Inventory.Groups() {
		text.WriteByte(',')
		writeKey(&text, group.Name)
		if err := group.WriteJSON(&text, false); err != nil {
			return nil, err
		}
	}
	text.WriteByte('}')
	return text.Bytes(), nil
}

func writeKey(to *bytes.Buffer, name string) {
	to.Write(quoted.Append(to.AvailableBuffer(), name))
	to.WriteByte(':')
}

// runnableFolder returns a new folder from which programs can be run: below the given one, or where the user's caches are,
// or in the working directory.
func runnableFolder(folder string) (string, error) {
	candidates := []string{folder, "/var/tmp", "."}
	if cache, err := os.UserCacheDir(); err == nil {
		candidates = slices.Insert(candidates, 1, cache)
	}
	for _, parent := range candidates {
		made, err := os.MkdirTemp(parent, "regal-inventory-")
		if err != nil {
			continue
		}
		if made, err = filepath.Abs(made); err == nil && canRun(made) {
			return made, nil
		}
		_ = os.RemoveAll(made)
	}
	return "", errors.New("no folder was found that programs can be run from: set TMPDIR to one")
}

// canRun tells whether a program in the folder can be run: not on a file system that is mounted with noexec.
func canRun(folder string) bool {
	probe := filepath.Join(folder, "probe")
	if err := os.WriteFile(probe, []byte("#!/bin/sh\n"), 0o700); err != nil {
		return false
	}
	defer os.Remove(probe)
	return mayExecute(probe)
}

// readExport reads the output of ansible-inventory --list --export on top of what is there. What is there already stays as
// it is, maps in their own order. Groups that have no parent but all are not put below it: Reconcile does that at the end,
// when other sources may have given them one.
func (r *reader) readExport(data inventory.Value) error {
	var unknown inventory.Vars
	for i := range data.Len() {
		name, content := data.KeyAt(i), data.At(i)
		group := r.Inventory.Group(name)
		switch {
		case name == wire.MetaKey:
			content = r.withoutKnownHostVariables(content)
		case group != nil:
			if vars, ok := content.Get("vars"); ok {
				content = withEntry(content, "vars", withoutKnown(vars, &group.Vars))
			}
		}
		if children, ok := content.Get("children"); ok && name == "all" && children.Kind() == inventory.List {
			adopted, err := r.makeOrphans(data, children)
			if err != nil {
				return r.inOutput(err)
			}
			content = withEntry(content, "children", adopted)
		}
		unknown.Set(name, content)
	}
	return r.readScript(inventory.NewMap(unknown), func(string) (inventory.Value, error) { return inventory.NewMap(inventory.Vars{}), nil })
}

// makeOrphans makes the groups that are children of all, and returns those of the children that have another parent.
func (r *reader) makeOrphans(data, children inventory.Value) (inventory.Value, error) {
	hasParent := map[string]bool{}
	for i := range data.Len() {
		if below, ok := data.At(i).Get("children"); ok && data.KeyAt(i) != "all" && below.Kind() == inventory.List {
			for j := range below.Len() {
				hasParent[nameOf(below.At(j))] = true
			}
		}
	}
	var adopted []inventory.Value
	for i := range children.Len() {
		child := children.At(i)
		if _, err := r.Inventory.AddGroup(nameOf(child)); err != nil {
			return inventory.Value{}, err
		}
		if hasParent[nameOf(child)] {
			adopted = append(adopted, child)
		}
	}
	return inventory.NewList(adopted), nil
}

// withoutKnownHostVariables returns what stands in _meta without the variables that hosts have already.
func (r *reader) withoutKnownHostVariables(meta inventory.Value) inventory.Value {
	hostVariables, ok := meta.Get("hostvars")
	if !ok || hostVariables.Kind() != inventory.Map {
		return meta
	}
	var unknown inventory.Vars
	for i := range hostVariables.Len() {
		name, vars := hostVariables.KeyAt(i), hostVariables.At(i)
		if host := r.Inventory.Host(name); host != nil {
			vars = withoutKnown(vars, &host.Vars)
		}
		unknown.Set(name, vars)
	}
	return withEntry(meta, "hostvars", inventory.NewMap(unknown))
}

// withoutKnown returns a map of variables without those that are known with the same value; anything else stays as it is.
func withoutKnown(vars inventory.Value, known *inventory.Vars) inventory.Value {
	if vars.Kind() != inventory.Map {
		return vars
	}
	var unknown inventory.Vars
	for i := range vars.Len() {
		if value, ok := known.Get(vars.KeyAt(i)); !ok || !value.Equals(vars.At(i)) {
			unknown.Set(vars.KeyAt(i), vars.At(i))
		}
	}
	return inventory.NewMap(unknown)
}

// withEntry returns a map with another value for the key.
func withEntry(data inventory.Value, key string, value inventory.Value) inventory.Value {
	var entries inventory.Vars
	for i := range data.Len() {
		entries.Set(data.KeyAt(i), data.At(i))
	}
	entries.Set(key, value)
	return inventory.NewMap(entries)
}

// nameOf returns the name of a child, "" for what is no text.
func nameOf(child inventory.Value) string {
	if child.Kind() == inventory.Null {
		return ""
	}
	return child.Text()
}
