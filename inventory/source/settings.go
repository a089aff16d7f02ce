package source

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dlclark/regexp2"

	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// settings are those of Ansible's settings that decide what an inventory is (ansible/config/base.yml). docs/ansible.md lists
// them, and those that are not heeded.
type settings struct {
	ignoredEnds  []string // of names in folders; nil for Ansible's own
	ignored      []*regexp2.Regexp
	plugins      []string // of inventories, in the order in which they are tried
	varsPlugins  []string
	precedence   []string // of variables of groups, the strongest last
	mergesMaps   bool
	replacesBad  bool   // characters in names of groups
	pluginsNamed string // where the plugins are named, "" for Ansible's own
}

// The inventory plugins that are done here, by the names that they have without a collection.
const (
	pluginHostList = "host_list"
	pluginScript   = "script"
	pluginAuto     = "auto"
	pluginYAML     = "yaml"
	pluginINI      = "ini"
	pluginTOML     = "toml"
)

// defaultPlugins are tried where nothing else is set (INVENTORY_ENABLED).
var defaultPlugins = []string{pluginHostList, pluginScript, pluginAuto, pluginYAML, pluginINI, pluginTOML}

// hostGroupVars is the vars plugin that reads group_vars and host_vars.
const hostGroupVars = "host_group_vars"

// loadSettings reads the settings from the environment and from the ansible.cfg that Ansible would choose.
func loadSettings(warn func(message string)) (settings, error) {
	s := settings{plugins: defaultPlugins, varsPlugins: []string{hostGroupVars}}
	config, err := loadAnsibleConfig(warn)
	if err != nil {
		return s, err
	}
	if given := config.look("ANSIBLE_INVENTORY_IGNORE", option{"defaults", "inventory_ignore_extensions"},
		option{"inventory", "ignore_extensions"}); given.isSet {
		s.ignoredEnds = given.list()
	}
	if given := config.look("ANSIBLE_INVENTORY_IGNORE_REGEX", option{"defaults", "inventory_ignore_patterns"},
		option{"inventory", "ignore_patterns"}); given.isSet {
		if s.ignored, err = given.patterns(); err != nil {
			return s, err
		}
	}
	if given := config.look("ANSIBLE_INVENTORY_ENABLED", option{"inventory", "enable_plugins"}); given.isSet {
		s.plugins, s.pluginsNamed = builtin(given.list()), given.name
	}
	if given := config.look("ANSIBLE_VARS_ENABLED", option{"defaults", "vars_plugins_enabled"}); given.isSet {
		s.varsPlugins = builtin(given.list())
	}
	if given := config.look("ANSIBLE_PRECEDENCE", option{"defaults", "precedence"}); given.isSet {
		s.precedence = given.list()
	}
	if given := config.look("ANSIBLE_HASH_BEHAVIOUR", option{"defaults", "hash_behaviour"}); given.isSet {
		behaviour, err := given.choice("replace", "merge")
		if err != nil {
			return s, err
		}
		s.mergesMaps = behaviour == "merge"
	}
	if given := config.look("ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS", option{"defaults", "force_valid_group_names"}); given.isSet {
		choice, err := given.choice("always", "never", "ignore", "silently")
		if err != nil {
			return s, err
		}
		s.replacesBad = choice == "always" || choice == "silently"
	}
	return s, nil
}

// builtin returns names of plugins without the collection that Ansible's own are in, each once.
func builtin(names []string) []string {
	var plain []string
	for _, name := range names {
		for _, collection := range []string{"ansible.builtin.", "ansible.legacy."} {
			name = strings.TrimPrefix(name, collection)
		}
		if name != "" {
			plain = append(plain, name)
		}
	}
	return plain
}

// patternTime is how long the search for one pattern in one name may take.
const patternTime = time.Second

// patterns returns the regular expressions of a list. Ansible searches for them anywhere in a name.
func (s setting) patterns() ([]*regexp2.Regexp, error) {
	var patterns []*regexp2.Regexp
	for _, text := range s.list() {
		translated, err := python.TranslateRegex(text)
		if err != nil {
			return nil, s.fail("has an invalid regular expression, " + shown.Name(text) + ": " + err.Error())
		}
		pattern, err := regexp2.Compile(strings.TrimPrefix(translated, `\A`), regexp2.None)
		if err != nil {
			return nil, s.fail("has an invalid regular expression, " + shown.Name(text) + ": " + err.Error())
		}
		pattern.MatchTimeout = patternTime
		patterns = append(patterns, pattern)
	}
	return patterns, nil
}

// whereNamed tells where the inventory plugins are named.
func (s *settings) whereNamed() string {
	if s.pluginsNamed == "" {
		return "Ansible"
	}
	return "Ansible's setting " + s.pluginsNamed
}

// checkVarsPlugins returns an error if a variable that the caller will ask for may come from a plugin that only Ansible has.
func (r *reader) checkVarsPlugins() error {
	if len(r.options.Variables) == 0 {
		return nil
	}
	for _, plugin := range r.settings.varsPlugins {
		if plugin != hostGroupVars {
			return &inventory.Error{Message: fmt.Sprintf("Ansible's setting vars_plugins_enabled names the plugin %s, which may give hosts the variable %s, "+
				"and only Ansible can ask it: write the variables that the policy names into the inventory or group_vars, and "+
				"leave that plugin out where regal-inventory runs", shown.Name(plugin), shown.Name(r.options.Variables[0]))}
		}
	}
	return nil
}

// ignoredByDefault are what the names of files end in that Ansible passes over in folders (constants.py, REJECT_EXTS, and
// config/base.yml, INVENTORY_IGNORE_EXTS); before 2.19 also ignoredBefore219.
var ignoredByDefault = []string{".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst", ".orig", ".cfg", ".retry"}

const ignoredBefore219 = ".ini"

// isIgnored tells whether Ansible passes over what has that name in a folder (inventory/manager.py, IGNORED).
func (r *reader) isIgnored(name string) (bool, error) {
	if strings.HasPrefix(name, ".") {
		return true, nil
	}
	for _, pattern := range r.settings.ignored {
		found, err := pattern.MatchRunes(python.Runes(name))
		if err != nil {
			return false, r.fail("a pattern of inventory_ignore_patterns takes more than "+patternTime.Round(time.Second).String()+
				" to look at this name: it must be written in a way that needs less backtracking", nil)
		}
		if found {
			return true, nil
		}
	}
	name = strings.TrimSuffix(name, "\n") // before which Python's $ matches too
	switch name {
	case "host_vars", "group_vars", "vars_plugins":
		return true, nil
	}
	ends := r.settings.ignoredEnds
	if ends == nil {
		if strings.HasSuffix(name, ignoredBefore219) {
			reads, err := r.Ansible.Since(2, 19)
			return !reads, err
		}
		ends = ignoredByDefault
	}
	return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(name, end) }), nil
}
