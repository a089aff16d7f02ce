package source

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
	"github.com/regal-inventory/regal-inventory/inventory/python"
	"github.com/regal-inventory/regal-inventory/inventory/yaml"
)

// loadBeside reads the variables of some names from group_vars and host_vars in the folders, which are those of the
// sources in their order, the stronger later. From then on [Inventory.Variable] knows them; they are in no Vars of a group
// or host, and so never printed. It is called once, after [Inventory.Reconcile].
//
// Which files belong to a group or host, and in what order, is Ansible's to say (ansible/plugins/vars/host_group_vars.py
// and DataLoader.find_vars_files). A file in which none of the names stands is not looked at any further. Of a file
// encrypted with ansible-vault nothing is known: each of the variables may stand in it, and is an [EncryptedFile] where
// nothing stronger says what it is. Files that cannot be read are errors, all of them together.
func loadBeside(inv *inventory.Inventory, folders []string, search besideSearch) error {
	var beside []inventory.Beside
	for i, folder := range folders {
		// Of a folder named twice the last reading decides, which holds all that the first one held.
		if slices.Contains(folders[i+1:], folder) {
			continue
		}
		beside = append(beside, inventory.Beside{
			Groups: loadEntities(&search, filepath.Join(folder, "group_vars"), inv.Groups(), func(g *inventory.Group) string { return g.Name }),
			Hosts:  loadEntities(&search, filepath.Join(folder, "host_vars"), inv.Hosts(), func(h *inventory.Host) string { return h.Name }),
		})
	}
	inv.SetBeside(beside)
	if len(search.faults) > 0 {
		return search.faults
	}
	return nil
}

// besideSearch reads files of variables, and remembers what was wrong with them.
type besideSearch struct {
	names   []string
	ansible *ansible.InUse
	decrypt func(path string) ([]byte, error) // with the errors of a file that stays closed; nil if nothing can
	faults  inventory.Errors
}

func (s *besideSearch) fail(path, message string, cause error) {
	s.faults = append(s.faults, &inventory.Error{File: path, Message: message, Err: cause})
}

// loadEntities reads what the folder group_vars or host_vars says of the groups or hosts.
func loadEntities[E comparable](
	search *besideSearch, folder string, entities []E, nameOf func(E) string,
) map[E]inventory.Vars {
	names, ok := search.list(folder)
	if !ok {
		return nil
	}
	listed := make(map[string]bool, len(names))
	for _, name := range names {
		listed[name] = true
	}
	found := map[E]inventory.Vars{}
	for _, entity := range entities {
		if own := search.load(search.filesOf(folder, nameOf(entity), listed)); own.Len() > 0 {
			found[entity] = own
		}
	}
	return found
}

// list returns the names in a folder in their order, or false if it is none or cannot be read.
func (s *besideSearch) list(folder string) ([]string, bool) {
	info, err := os.Stat(folder)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return nil, false
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		s.fail(folder, "cannot be read", bounded.WithoutPath(err))
		return nil, false
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return names, true
}

// extensions are what a file's name may end in, in the order in which Ansible looks (YAML_FILENAME_EXTENSIONS).
var extensions = []string{"", ".yml", ".yaml", ".json"}

// filesOf returns the files of the group or host of that name, the stronger later: one with the first of the extensions
// that there is one for, or all of a folder of its name. listed holds what stands in the folder itself; what has a slash
// in its name stands elsewhere.
func (s *besideSearch) filesOf(folder, name string, listed map[string]bool) []string {
	if strings.HasPrefix(name, "/") {
		return nil
	}
	isListed := !strings.Contains(name, "/") && name != "." && name != ".."
	for _, extension := range extensions {
		if isListed && !listed[name+extension] {
			continue
		}
		path := filepath.Clean(folder + "/" + name + extension)
		info, err := os.Stat(path)
		switch {
		case err != nil && isAbsent(err):
			continue
		case err != nil:
			s.fail(path, "cannot be read", bounded.WithoutPath(err))
			return nil
		case info.IsDir():
			return s.filesIn(path, nil)
		case !info.Mode().IsRegular():
			s.fail(path, "is not a regular file", nil)
			return nil
		}
		return []string{path}
	}
	return nil
}

// isAbsent tells whether there is no such file, as one below a file, or of too long a name.
func isAbsent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ENAMETOOLONG)
}

// filesIn returns the files of a folder and of those in it, in the order of their names: none that is hidden or a backup,
// or that has another extension (DataLoader._get_dir_vars_files). above are the folders it stands in.
func (s *besideSearch) filesIn(folder string, above []os.FileInfo) []string {
	info, err := os.Stat(folder)
	if err != nil {
		s.fail(folder, "cannot be read", bounded.WithoutPath(err))
		return nil
	}
	if slices.ContainsFunc(above, func(other os.FileInfo) bool { return os.SameFile(info, other) }) {
		s.fail(folder, "leads back to a folder that it stands in", nil)
		return nil
	}
	above = append(above, info)
	names, _ := s.list(folder)
	var files []string
	for _, name := range names {
		if strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") {
			continue
		}
		path, extension := filepath.Join(folder, name), filepath.Ext(name)
		info, err := os.Stat(path)
		switch {
		case err != nil && isAbsent(err):
		case err != nil:
			s.fail(path, "cannot be read", bounded.WithoutPath(err))
		case info.IsDir() && extension == "":
			files = append(files, s.filesIn(path, above)...)
		case info.Mode().IsRegular() && slices.Contains(extensions, extension):
			files = append(files, path)
		}
	}
	return files
}

// load reads the files of one group or host, the stronger later.
func (s *besideSearch) load(files []string) inventory.Vars {
	var own inventory.Vars
	for _, path := range files {
		data, err := loadFile(path)
		if err != nil {
			s.faults = append(s.faults, inventory.Faults(err)[0])
			continue
		}
		if bytes.HasPrefix(data, []byte(vaultHeader)) {
			if data, err = s.open(path); err != nil {
				for _, name := range s.names {
					own.Set(name, inventory.NewEncryptedFile(path, err))
				}
				continue
			}
		}
		if s.mayName(data) {
			s.loadText(path, data, &own)
		}
	}
	return own
}

// open returns what stands in an encrypted file.
func (s *besideSearch) open(path string) ([]byte, error) {
	if s.decrypt == nil {
		return nil, errEncrypted
	}
	return s.decrypt(path)
}

// mayName tells whether one of the names may stand in the file: as it is, or with escapes or line ends in it.
func (s *besideSearch) mayName(data []byte) bool {
	return bytes.IndexByte(data, '\\') >= 0 || slices.ContainsFunc(s.names, func(name string) bool {
		return strings.ContainsFunc(name, func(r rune) bool { return !python.IsWord(r) }) || bytes.Contains(data, []byte(name))
	})
}

// loadText adds the variables asked for that the file's text holds.
func (s *besideSearch) loadText(path string, data []byte, vars *inventory.Vars) {
	loaded, err := yaml.Vars(path, data, s.ansible)
	if err != nil {
		s.faults = append(s.faults, inventory.Faults(err)...)
		return
	}
	for _, name := range s.names {
		if value, ok := loaded.Get(name); ok {
			vars.Set(name, value)
		}
	}
}
