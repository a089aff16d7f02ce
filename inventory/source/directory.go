package source

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/python"
	"github.com/regal-inventory/regal-inventory/inventory/yaml"
)

// maxEntries is how many entries all folders that are sources may have together. Links from folder to folder can multiply
// few files without end.
const maxEntries = 100_000

// readFolder reads the entries of a folder and of those in it as sources, in the order of their names' bytes
// (ansible/inventory/manager.py, parse_source). above are the folders that it stands in.
func (r *reader) readFolder(folder string, above []fs.FileInfo) error {
	r.File = folder
	info, err := os.Stat(folder)
	if err != nil {
		return r.fail("the folder cannot be read", bounded.WithoutPath(err))
	}
	if slices.ContainsFunc(above, func(other fs.FileInfo) bool { return os.SameFile(info, other) }) {
		return r.fail("the folder leads back to one that it stands in", nil)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return r.fail("the folder cannot be read", bounded.WithoutPath(err))
	}
	above = append(above, info)
	found := false
	for _, entry := range entries {
		switch ignored, err := r.isIgnored(entry.Name()); {
		case err != nil:
			return err
		case ignored:
			continue
		}
		if r.entries--; r.entries < 0 {
			r.File = folder
			return r.fail(fmt.Sprintf("more than %d files are sources, perhaps through links", maxEntries), nil)
		}
		isSource, err := r.readEntry(filepath.Join(folder, entry.Name()), above)
		if err != nil {
			return err
		}
		// A folder in a folder may hold nothing but policies.
		found = found || isSource || len(above) > 1
	}
	if !found {
		r.File = folder
		return r.fail("the folder holds no inventory; Ansible passes over names that begin with a dot, group_vars, host_vars, "+
			"and names that its settings inventory_ignore_extensions and inventory_ignore_patterns tell", nil)
	}
	return nil
}

// readEntry reads an entry of a folder, unless it is no source but the policy or regal-inventory itself.
func (r *reader) readEntry(path string, above []fs.FileInfo) (isSource bool, err error) {
	r.File = path
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return false, r.fail("this entry of the folder cannot be read", bounded.WithoutPath(err))
	case info.IsDir():
		return true, r.readFolder(path, above)
	case r.isPolicy(info) || r.isItself(path, info):
		return false, nil
	default:
		return true, r.readFile(path, info)
	}
}

// isItself tells whether a file is the running program, a link to it or a copy of it: called on a folder that it stands
// in, it would call itself without end.
func (r *reader) isItself(path string, info fs.FileInfo) bool {
	if r.itself == nil || !info.Mode().IsRegular() || info.Size() != r.itself.Size() {
		return false
	}
	if os.SameFile(info, r.itself) {
		return true
	}
	executable, err := os.Executable()
	if err != nil {
		return false
	}
	own, err := os.ReadFile(executable)
	if err != nil {
		return false
	}
	other, err := os.ReadFile(path)
	return err == nil && bytes.Equal(own, other)
}

// refuseSecondPolicy returns an error if the file is a policy, be it one that can be executed or not. This call's own is
// not looked at here.
func (r *reader) refuseSecondPolicy(path string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() || info.Size() > bounded.Policy {
		return nil
	}
	data, err := loadFile(path)
	if err != nil || !bytes.Contains(data, []byte(policyPlugin)) || !isPolicyPlugin(pluginOf(python.Decode(data))) {
		return nil
	}
	return r.fail("this is a policy too, and two policies in one run would mix their waves: move it away, "+
		"or let inventory name the files to read one by one", nil)
}

// policyPlugin is what a policy of regal-inventory has for its key plugin. The collection's inventory plugin, which is
// called by its full name, reads the same files.
const policyPlugin = "regal"

func isPolicyPlugin(name string) bool { return name == policyPlugin || name == "regal.release.regal" }

// pluginOf returns the value of the key plugin of a YAML text, "" if it has none.
func pluginOf(text string) string {
	if !strings.Contains(text, "plugin") {
		return ""
	}
	return configuration(text)["plugin"].Text()
}

// configuration returns what a YAML text of a map holds.
func configuration(text string) map[string]inventory.Value {
	values := map[string]inventory.Value{"plugin": inventory.NewString("")}
	data, err := yaml.Parse(text)
	if err != nil || data.Kind() != inventory.Map {
		return values
	}
	for i := range data.Len() {
		values[data.KeyAt(i)] = data.At(i)
	}
	return values
}
