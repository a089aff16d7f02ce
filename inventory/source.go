package inventory

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// vaultHeader begins every file that ansible-vault has encrypted (ansible/parsing/vault, b_HEADER).
const vaultHeader = "$ANSIBLE_VAULT;"

// errEncrypted is what reading an encrypted file answers.
var errEncrypted = &Error{Message: "the file is encrypted with ansible-vault"}

// Options say how sources are read.
type Options struct {
	// Dir is the folder that relative sources stand in; empty for the working directory.
	Dir string
	// Policy is the file that is no source although it may stand in a folder that is one.
	Policy string
	// Variables are the host variables that the caller will ask for; they are looked for in group_vars and host_vars too.
	Variables []string
	// Stdin is what the source - reads.
	Stdin io.Reader
	// Warn gets what Ansible would warn of, a line without its end each; nil for no warnings.
	Warn func(message string)
}

// Read reads the sources one after another into one inventory, as Ansible reads its -i options, and reconciles it. A
// source is a file or a list of hosts with commas. Errors name the source as it was given, with line and column where the
// fault has a place.
func Read(sources []string, options Options) (*Inventory, error) {
	inv := New()
	for _, source := range sources {
		r := &reader{inv: inv, file: source, room: maxHosts, tell: options.Warn}
		if err := r.read(source, options); err != nil {
			return nil, err
		}
	}
	if err := inv.Reconcile(); err != nil {
		fault := *asError(err)
		if fault.File == "" && len(sources) > 0 {
			fault.File = sources[0]
		}
		return nil, &fault
	}
	return inv, nil
}

// reader reads one source into an inventory.
type reader struct {
	inv  *Inventory
	file string // the source as the user named it
	room int    // how many hosts ranges may still stand for
	tell func(message string)
}

func (r *reader) warn(message string) {
	if r.tell != nil {
		r.tell(r.file + ": " + message)
	}
}

func (r *reader) warnAt(line int, message string) {
	if r.tell != nil {
		r.tell(fmt.Sprintf("%s:%d: %s", r.file, line, message))
	}
}

func (r *reader) read(source string, options Options) error {
	path := source
	if options.Dir != "" && !filepath.IsAbs(path) {
		path = filepath.Join(options.Dir, path)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && strings.Contains(source, ",") {
		return r.readHostList(source)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return &Error{File: source, Message: "the source cannot be read", Err: pathCause(err)}
	}
	if bytes.HasPrefix(data, []byte(vaultHeader)) {
		return &Error{File: source, Message: errEncrypted.Message}
	}
	return r.readText(decodeText(data), filepath.Ext(path))
}

// pathCause takes the path out of an error of the file system; the message has the source's name already.
func pathCause(err error) error {
	var fault *fs.PathError
	if errors.As(err, &fault) {
		return fault.Err
	}
	return err
}

// readText reads a file's text with the readers that Ansible's plugins would try for its extension, in their order: YAML
// for .yml, .yaml, .json and none, then INI.
func (r *reader) readText(text, extension string) error {
	var yamlFault error
	switch extension {
	case "", ".yml", ".yaml", ".json":
		if yamlFault = r.readYAML(text); yamlFault == nil {
			return nil
		}
	}
	iniFault := r.readINI(text)
	if iniFault == nil {
		return nil
	}
	if yamlFault == nil {
		return r.inFile(iniFault)
	}
	return r.bothRefuse(yamlFault, iniFault, extension)
}

// bothRefuse says what is wrong with a file that neither reader takes. Which fault helps depends on what the file was
// meant to be, and its name and its first character tell.
func (r *reader) bothRefuse(yamlFault, iniFault error, extension string) error {
	if extension != "" {
		return r.inFile(yamlFault)
	}
	as := func(language string, err error) *Error {
		fault := *asError(r.inFile(err))
		fault.Message = "read as " + language + ": " + fault.Message
		return &fault
	}
	return Errors{as("YAML", yamlFault), as("INI", iniFault)}
}

// inFile gives an error that has none the name of the source.
func (r *reader) inFile(err error) error {
	fault := *asError(err)
	if fault.File == "" {
		fault.File = r.file
	}
	return &fault
}

// locate completes an error of a line: its column counts bytes of the stripped line so far.
func (r *reader) locate(fault *Error, line int, full, stripped string) error {
	located := *fault
	located.File, located.Line = r.file, line
	if located.Column > 0 {
		before := full[:strings.Index(full, stripped)] + stripped[:located.Column-1]
		located.Column = 1 + runeCount(before)
	}
	return &located
}

// readHostList reads a list such as "web1,web2:2222," (ansible/plugins/inventory/host_list.py).
func (r *reader) readHostList(list string) error {
	ungrouped := r.inv.groupByName[groupUngrouped]
	for item := range strings.SplitSeq(list, ",") {
		item = strip(item)
		if item == "" {
			continue
		}
		name, port, ok := parseAddress(item, false)
		if !ok {
			name, port = item, Value{}
		}
		if r.inv.hostByName[name] != nil {
			continue
		}
		if _, err := r.inv.AddHost(name, ungrouped, port); err != nil {
			return r.inFile(err)
		}
	}
	return nil
}

// expandPattern returns the hosts that a host pattern of an inventory names and the port it gives, if any
// (ansible/plugins/inventory/__init__.py, BaseInventoryPlugin._expand_hostpattern).
func (r *reader) expandPattern(pattern string) ([]string, Value, *Error) {
	var port Value
	if strings.IndexByte(pattern, ':') >= 0 {
		if name, given, ok := parseAddress(pattern, true); ok {
			pattern, port = name, given
		}
	}
	if strings.IndexByte(pattern, '[') < 0 {
		return []string{pattern}, port, nil
	}
	names, err := expandRanges(pattern, r.room)
	if err != nil {
		return nil, port, asError(err)
	}
	r.room -= len(names)
	return names, port, nil
}

// addHosts adds the hosts to the group and gives each the variables (BaseInventoryPlugin._populate_host_vars).
func (r *reader) addHosts(names []string, group *Group, port Value, vars *Vars) *Error {
	for i, name := range names {
		host, err := r.inv.AddHost(name, group, port)
		if err != nil {
			return asError(err)
		}
		if r.inv.groupByName[name] != nil {
			for _, one := range vars.list {
				if err := r.inv.setVariable(name, one.Name, one.Value); err != nil {
					return asError(err)
				}
			}
			continue
		}
		if host.Vars.Len() == 0 && i == len(names)-1 {
			host.Vars = *vars
			continue
		}
		for _, one := range vars.list {
			host.Vars.Set(one.Name, one.Value)
		}
	}
	return nil
}
