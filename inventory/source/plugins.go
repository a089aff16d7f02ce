package source

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/ini"
	"github.com/regal-inventory/regal-inventory/inventory/python"
	"github.com/regal-inventory/regal-inventory/inventory/yaml"
)

// fileReading is a file that is being read with one inventory plugin after another.
type fileReading struct {
	*reader
	path      string
	extension string
	kind      programKind
	text      string // unless it is a program that is run
	isText    bool   // there is no file, only the text
	loaded    bool
	yamlFault error // what the plugins had to complain of; nil for one that was not tried
	iniFault  error
}

// readWithPlugins reads a file with the inventory plugins that are enabled, in their order, until one takes it
// (inventory/manager.py, parse_source). Those that are not done here are left to Ansible, with all that come after: it alone
// knows which files they want.
func (r *reader) readWithPlugins(path string) error {
	kind, err := r.programKind(path)
	if err != nil {
		return err
	}
	return r.tryPlugins(&fileReading{reader: r, path: path, extension: extensionOf(path), kind: kind})
}

// tryPlugins reads what readWithPlugins does.
func (r *reader) tryPlugins(f *fileReading) error {
	for _, plugin := range r.settings.plugins {
		isDone, err := f.try(plugin)
		if isDone || err != nil {
			return err
		}
	}
	return f.refused()
}

// try reads the file with a plugin. It is done when the plugin has taken the file, and also when there is no point in trying
// others.
func (f *fileReading) try(plugin string) (isDone bool, err error) {
	switch plugin {
	case pluginHostList:
		return false, nil
	case pluginScript:
		if f.kind == notProgram {
			return false, nil
		}
		return true, f.runProgram()
	case pluginAuto, pluginYAML, pluginINI, pluginTOML:
		if err := f.load(); err != nil {
			return false, err
		}
		if bytes.HasPrefix([]byte(f.text), []byte(vaultHeader)) {
			return true, f.leaveToAnsible(errEncrypted.Message)
		}
	}
	switch plugin {
	case pluginAuto:
		return f.tryAuto()
	case pluginYAML:
		return f.tryYAML()
	case pluginINI:
		return f.tryINI()
	case pluginTOML:
		if f.extension != ".toml" {
			return false, nil
		}
		return true, f.leaveToAnsible("the file is TOML")
	default:
		if !mayWant(plugin, f.extension) {
			return false, nil
		}
		return true, f.leaveToAnsible(fmt.Sprintf("the file may be meant for the inventory plugin %s, which is enabled", shown.Name(plugin)))
	}
}

// leaveToAnsible reads the file through Ansible; reason says why.
func (f *fileReading) leaveToAnsible(reason string) error {
	if f.isText {
		return f.fail(reason+", which only Ansible can read, and only as a file", nil)
	}
	return f.readThroughAnsible(f.path, reason)
}

// mayWant tells whether a plugin that is not done here may want a file. Of Ansible's own it is known what they look at;
// others may look at anything.
func mayWant(plugin, extension string) bool {
	switch plugin {
	case "advanced_host_list":
		return false
	case "constructed", "generator":
		return extension == "" || extension == ".config" || isYAMLName(extension)
	default:
		return true
	}
}

// isYAMLName tells whether the YAML plugin takes files of that extension.
func isYAMLName(extension string) bool {
	return extension == ".yml" || extension == ".yaml" || extension == ".json"
}

// load gets the file's text, once.
func (f *fileReading) load() error {
	if f.loaded {
		return nil
	}
	data, err := f.reader.load(f.path)
	if err != nil {
		return err
	}
	f.text, f.loaded = python.Decode(data), true
	return nil
}

// runProgram runs the file. Where that fails Ansible goes on with the other plugins, which take the program's text for an
// inventory; here that is an error.
func (f *fileReading) runProgram() error {
	failure := f.readProgram(f.path)
	var start *notStarted
	if errors.As(failure, &start) {
		fault := inventory.Faults(failure)[0]
		fault.Err = fmt.Errorf("%w; %s", start.cause, f.kind.hint(start.cause))
	}
	return failure
}

// tryAuto reads the configuration of an inventory plugin, through Ansible. Where the YAML plugin comes too, it tells whether
// the file is one, since it has to look at all of it.
func (f *fileReading) tryAuto() (isDone bool, err error) {
	if f.hasAutoName() && !slices.Contains(f.settings.plugins, pluginYAML) && pluginOf(f.text) != "" {
		return true, f.readPluginConfiguration()
	}
	return false, nil
}

// hasAutoName tells whether the plugin auto looks at the file.
func (f *fileReading) hasAutoName() bool { return f.extension == ".yml" || f.extension == ".yaml" }

func (f *fileReading) tryYAML() (isDone bool, err error) {
	if f.extension != "" && !isYAMLName(f.extension) {
		return false, nil
	}
	before := f.Lost
	if f.yamlFault = yaml.Read(f.Reading, f.text); f.yamlFault == nil {
		return true, nil
	}
	f.Lost = before
	if errors.Is(f.yamlFault, yaml.ErrPluginConfiguration) && f.hasAutoName() && slices.Contains(f.settings.plugins, pluginAuto) {
		return true, f.readPluginConfiguration()
	}
	return false, nil
}

func (f *fileReading) tryINI() (isDone bool, err error) {
	if f.extension == ".toml" {
		passesOver, err := f.Ansible.Since(2, 19)
		if passesOver || err != nil {
			return false, err
		}
	}
	before := f.Lost
	if f.iniFault = ini.Read(f.Reading, f.text); f.iniFault == nil {
		return true, nil
	}
	f.Lost = before
	return false, nil
}

// refused says what is wrong with a file that no plugin takes. A file named as YAML was meant to be that, so only that fault
// helps; of one without an extension both are told.
func (f *fileReading) refused() error {
	switch {
	case f.yamlFault == nil && f.iniFault == nil:
		return f.fail("none of the inventory plugins that "+f.settings.whereNamed()+" enables takes the file", nil)
	case f.yamlFault == nil:
		return f.inFile(f.iniFault)
	case f.iniFault == nil || f.extension != "":
		return f.inFile(f.yamlFault)
	}
	as := func(language string, err error) *inventory.Error {
		fault := *inventory.Faults(f.inFile(err))[0]
		fault.Message = lead("read as "+language, fault.Message)
		return &fault
	}
	return inventory.Errors{as("YAML", f.yamlFault), as("INI", f.iniFault)}
}

// readHostListWithPlugins reads a list of hosts with the plugin that comes first of those that want it.
func (r *reader) readHostListWithPlugins(list string) error {
	for _, plugin := range r.settings.plugins {
		switch plugin {
		case pluginHostList:
			return r.readHostList(list)
		case pluginScript, pluginAuto, pluginYAML, pluginINI, pluginTOML, "constructed", "generator":
		default:
			return r.readThroughAnsible(list, fmt.Sprintf("the list may be meant for the inventory plugin %s, which is enabled", shown.Name(plugin)))
		}
	}
	return r.fail("none of the inventory plugins that "+r.settings.whereNamed()+" enables takes a list of hosts", nil)
}
