package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// ansibleConfig is what an ansible.cfg says: of each section the options, whose names have small letters.
type ansibleConfig struct {
	path     string // "" if there is no such file
	sections map[string]map[string]string
}

// maxConfig is how many bytes an ansible.cfg may have.
const maxConfig = 4 << 20

// loadAnsibleConfig reads the ansible.cfg that Ansible would choose. warn gets what Ansible passes over without a word, and
// what it warns of.
func loadAnsibleConfig(warn func(message string)) (ansibleConfig, error) {
	config := ansibleConfig{path: findAnsibleConfig(warn)}
	if config.path == "" {
		return config, nil
	}
	switch extension := extensionOf(config.path); extension {
	case ".cfg", ".ini":
	default:
		return config, &inventory.Error{File: config.path, Message: "Ansible takes a file as its configuration only if the name ends in .cfg or .ini"}
	}
	data, err := bounded.ReadFile(config.path, maxConfig)
	if err != nil {
		return config, &inventory.Error{File: config.path, Message: "Ansible's configuration cannot be read", Err: err}
	}
	text := python.Decode(data)
	if !wire.IsPrintable(text) {
		return config, &inventory.Error{File: config.path, Message: "Ansible's configuration is not UTF-8"}
	}
	if config.sections, err = parseConfig(text); err != nil {
		fault := *inventory.Faults(err)[0]
		fault.File = config.path
		return config, &fault
	}
	return config, nil
}

// findAnsibleConfig returns the path of the ansible.cfg that Ansible would choose, "" if there is none
// (ansible/config/manager.py, find_ini_config_file): of the environment's, the working directory's unless everybody may
// write into that, the user's and the system's the first that is there and may be read.
func findAnsibleConfig(warn func(message string)) string {
	var paths []string
	fromEnvironment, isSet := os.LookupEnv("ANSIBLE_CONFIG")
	if isSet {
		if path, err := filepath.Abs(unfrack(fromEnvironment)); err == nil {
			if info, err := os.Stat(path); err == nil && info.IsDir() {
				path = filepath.Join(path, "ansible.cfg")
			}
			fromEnvironment = path
			paths = append(paths, path)
		}
	}
	passedOver := ""
	if folder, err := os.Getwd(); err == nil {
		path := filepath.Join(folder, "ansible.cfg")
		const byEverybody = 0o002
		if info, err := os.Stat(folder); err == nil && info.Mode()&byEverybody == 0 {
			paths = append(paths, path)
		} else if _, err := os.Stat(path); err == nil {
			passedOver = path
		}
	}
	paths = append(paths, unfrack("~/.ansible.cfg"), "/etc/ansible/ansible.cfg")
	for _, path := range paths {
		_, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR):
			continue
		case err != nil || !mayRead(path):
			warn(shown.File(path) + ": this configuration of Ansible may not be read; Ansible passes over it without a word, and so does this")
			continue
		}
		if passedOver != "" && path != fromEnvironment {
			warn(shown.File(passedOver) + ": everybody may write into its folder, so Ansible passes over it")
		}
		return path
	}
	if passedOver != "" {
		warn(shown.File(passedOver) + ": everybody may write into its folder, so Ansible passes over it")
	}
	return ""
}

// parseConfig reads what Python's configparser reads with Ansible's settings (configparser.py, RawConfigParser._read): # and ;
// begin comments on lines of their own, ; also behind white space, and lines that are indented more than their option go on
// with its value.
func parseConfig(text string) (map[string]map[string]string, error) {
	p := configParser{sections: map[string]map[string]string{}, values: map[string][]string{}}
	for line := range strings.SplitSeq(text, "\n") {
		p.number++
		if err := p.readLine(line); err != nil {
			return nil, err
		}
	}
	p.close()
	if len(p.faults) > 0 {
		return nil, p.faults[0]
	}
	return p.sections, nil
}

// configParser reads an ansible.cfg line by line.
type configParser struct {
	sections map[string]map[string]string
	number   int // of the line
	faults   []*inventory.Error

	section string              // that is open; "" if none is
	values  map[string][]string // of that section, line by line
	option  string              // that further lines may go on with; "" if there is none
	indent  int                 // of that option, and of the section's line
}

func (p *configParser) fail(message string) *inventory.Error {
	return &inventory.Error{Line: p.number, Message: "not an ansible.cfg: " + message}
}

func (p *configParser) readLine(line string) error {
	value, hasComment := withoutComment(line)
	if value == "" {
		if !hasComment && p.option != "" {
			p.values[p.option] = append(p.values[p.option], "")
		}
		return nil
	}
	indent := len(line) - len(strings.TrimLeftFunc(line, python.IsSpace))
	if p.option != "" && indent > p.indent {
		p.values[p.option] = append(p.values[p.option], value)
		return nil
	}
	p.indent = indent
	if name, ok := strings.CutPrefix(value, "["); ok && strings.LastIndexByte(name, ']') > 0 {
		return p.open(name[:strings.LastIndexByte(name, ']')])
	}
	if p.section == "" {
		return p.fail("a line stands before the first section")
	}
	at := strings.IndexAny(value, "=:")
	if at < 0 {
		p.faults = append(p.faults, p.fail("expected [section] or option = value"))
		return nil
	}
	option := strings.ToLower(python.Strip(value[:at]))
	if option == "" {
		p.faults = append(p.faults, p.fail("an option has no name"))
	}
	if _, known := p.values[option]; known {
		return p.fail(fmt.Sprintf("the option %s is given twice in its section", shown.Name(option)))
	}
	p.option = option
	p.values[option] = []string{python.Strip(value[at+1:])}
	return nil
}

// withoutComment returns a line without its comment and the white space around it.
func withoutComment(line string) (value string, hasComment bool) {
	value = python.Strip(line)
	if value == "" || value[0] == '#' || value[0] == ';' {
		return "", value != ""
	}
	for at := 1; at < len(line); at++ {
		if before := []rune(line[:at]); line[at] == ';' && python.IsSpace(before[len(before)-1]) {
			return python.Strip(line[:at]), true
		}
	}
	return value, false
}

// defaultSection is the one whose options count in all others.
const defaultSection = "DEFAULT"

// open opens a section.
func (p *configParser) open(name string) error {
	p.close()
	if _, known := p.sections[name]; known && name != defaultSection {
		return p.fail(fmt.Sprintf("the section [%s] is there twice", shown.Bare(name)))
	}
	p.section, p.option = name, ""
	return nil
}

// close takes over the values of the section that was open.
func (p *configParser) close() {
	if p.section == "" {
		return
	}
	options := p.sections[p.section]
	if options == nil {
		options = map[string]string{}
		p.sections[p.section] = options
	}
	for option, lines := range p.values {
		options[option] = strings.TrimRightFunc(strings.Join(lines, "\n"), python.IsSpace)
	}
	p.values = map[string][]string{}
}

// get returns the value of an option.
func (c ansibleConfig) get(section, option string) (string, bool) {
	options, known := c.sections[section]
	if !known {
		return "", false
	}
	if value, ok := options[option]; ok {
		return value, true
	}
	value, ok := c.sections[defaultSection][option]
	return value, ok
}

// setting is a value that the user has given to one of Ansible's settings.
type setting struct {
	value  string
	isSet  bool
	name   string // as the user has written it
	origin string // the file, or "" for the environment
}

// option is the name of an option in a section of ansible.cfg.
type option struct{ section, name string }

// look finds a setting: in the environment, else in the options of ansible.cfg, the last of which counts
// (ConfigManager.get_config_value_and_origin).
func (c ansibleConfig) look(variable string, options ...option) setting {
	if value, ok := os.LookupEnv(variable); ok {
		return setting{value: value, isSet: true, name: variable}
	}
	var found setting
	for _, option := range options {
		if value, ok := c.get(option.section, option.name); ok {
			found = setting{value: value, isSet: true, name: option.name, origin: c.path}
		}
	}
	return found
}

// list returns the items of a list between commas.
func (s setting) list() []string {
	var items []string
	for item := range strings.SplitSeq(s.value, ",") {
		items = append(items, unquote(python.Strip(item)))
	}
	return items
}

// choice returns the value, which must be one of the choices.
func (s setting) choice(choices ...string) (string, error) {
	value := unquote(s.value)
	if !slices.Contains(choices, value) {
		return "", s.fail(fmt.Sprintf("must be one of %s, not %s", strings.Join(choices, ", "), shown.Name(value)))
	}
	return value, nil
}

// fail says what is wrong with the setting.
func (s setting) fail(message string) *inventory.Error {
	return &inventory.Error{File: s.origin, Message: "Ansible's setting " + s.name + " " + message}
}

// unquote takes a pair of quotes off (ansible/parsing/quoting.py).
func unquote(text string) string {
	if n := len(text); n > 1 && text[0] == text[n-1] && (text[0] == '"' || text[0] == '\'') && text[n-2] != '\\' {
		return text[1 : n-1]
	}
	return text
}
