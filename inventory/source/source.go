// Package source reads inventories from where they are: files, folders, programs, lists of hosts, standard input, and what
// only Ansible can read. [Read] is the door.
//
// It chooses among the languages as Ansible's inventory manager does, by ansible.cfg and the settings in the environment;
// it runs programs, within bounds of time and size; and it finds group_vars and host_vars beside the sources. What a file
// says is not known here: packages ini, yaml and json read texts, and package inventory holds what comes of them.
package source

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/internal/lazy"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/address"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
	"github.com/regal-inventory/regal-inventory/inventory/internal/reading"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// vaultHeader begins every file that ansible-vault has encrypted (ansible/parsing/vault, b_HEADER).
const vaultHeader = "$ANSIBLE_VAULT;"

// maxSourceSize is how many bytes a file, a program's output or standard input may have. A million hosts with a few
// variables each are 100 MB.
const maxSourceSize = 256 << 20

// errEncrypted is what reading an encrypted file answers.
var errEncrypted = &inventory.Error{Message: "the file is encrypted with ansible-vault"}

// Options say how sources are read. The zero Options are good for files and programs of the working directory.
type Options struct {
	// Dir is the folder that relative sources stand in; empty for the working directory.
	Dir string
	// Policy is the file that is no source although it may stand in a folder that is one. Ansible takes group_vars and
	// host_vars from its folder.
	Policy string
	// Variables are the host variables that the caller will ask for; they are looked for in group_vars and host_vars too.
	Variables []string
	// VarsElsewhere says that group_vars and host_vars beside a source are no loss when the policy stands in another folder,
	// where Ansible does not find them. Otherwise they are an error.
	VarsElsewhere bool
	// Stdin is what the source - reads.
	Stdin io.Reader
	// Warn gets what Ansible would warn of and what programs write to standard error, a line without its end each; nil for
	// no warnings. It is called by one goroutine at a time, which need not be Read's own.
	Warn func(message string)
	// Progress gets what Read is busy with from now on, for a line that tells people what they wait for: "reading hosts.ini",
	// "waiting for ec2.py --list"; nil for nobody. It is called by Read's own goroutine.
	Progress func(what string)
	// Timeout is how long one run of a program may take; 0 for two minutes. TimeoutHint, if there is one, ends the message about
	// a program that took longer: how its user can give it more time.
	Timeout     time.Duration
	TimeoutHint string
	// Mark is the name of a variable that every program gets in its environment, with another value for each run. By it a
	// program knows who runs it, and processes that have left its session are found and ended with it; without a Mark only
	// those of its session are.
	Mark string

	ansible *ansible.InUse // nil for the first in PATH; tests know it without asking each time
}

// warning passes a warning on that belongs to no file that is being read.
func (o *Options) warning(message string) {
	if o.Warn != nil {
		o.Warn(message)
	}
}

// progress tells what Read is busy with from now on.
func (o *Options) progress(what string) {
	if o.Progress != nil {
		o.Progress(what)
	}
}

// Read reads the sources one after another into one inventory, as Ansible reads its -i options
// (ansible/inventory/manager.py, parse_sources), and reconciles it. Errors name the file as it is found from the working
// directory, with line and column where the fault has a place.
//
// A source is, with the inventory plugins that Ansible tries by default and in their order:
//
//   - a list of hosts with commas, if no file has that name;
//   - a folder: every entry in the order of the names' bytes, but for those that Ansible passes over, the policy, and
//     regal-inventory itself;
//   - a program: a file that may be executed or begins with #!. Where it fails, Ansible takes the file's text for an
//     inventory; that is an error here, since the lines of a program are no hosts;
//   - a file: YAML (.yml, .yaml, .json, no extension), else INI;
//   - what only Ansible can read, through ansible-inventory: the configuration of an inventory plugin (.yml, .yaml), a
//     file encrypted with ansible-vault, TOML (.toml);
//   - "-": standard input, with the JSON that a program or ansible-inventory --list prints.
//
// Ansible goes on when it cannot read an entry of a folder, or one of several sources, unless any_unparsed_is_failed is
// set. Here that is always an error: hosts that are not there would be missing from the waves without a word.
//
// When ctx is done, Read ends with an error that wraps its cause, and so does every program that Read has started.
func Read(ctx context.Context, sources []string, options Options) (*inventory.Inventory, error) {
	return read(ctx, options, func(r *reader) error {
		if len(sources) == 1 {
			r.only = r.locateSource(sources[0])
		}
		for _, source := range sources {
			if err := r.readSource(source); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReadText reads one source, a text that need not be in a file, as [Read] would read a file of that name: its end says which
// language it is, and messages name it. What only Ansible could read, and what begins with #! as a program does, is an error.
// Of group_vars and host_vars those beside the policy count.
func ReadText(ctx context.Context, name string, text io.Reader, options Options) (*inventory.Inventory, error) {
	return read(ctx, options, func(r *reader) error {
		r.File, r.only = name, name
		content, err := readBounded(text)
		switch {
		case err != nil:
			return r.fail("cannot be read", err)
		case strings.HasPrefix(content, "#!"):
			return r.fail("it begins with #!, as a program does: to be run it has to be a file", nil)
		}
		return r.tryPlugins(&fileReading{reader: r, path: name, extension: extensionOf(name), isText: true, loaded: true,
			text: python.Decode([]byte(content))})
	})
}

// ofSource returns the error with its kind; the faults in it may stand in other errors too, and stay as they are.
func ofSource(err error) error {
	faults := slices.Clone(inventory.Faults(err))
	for i, fault := range faults {
		marked := *fault
		marked.Kind = inventory.SourceError
		faults[i] = &marked
	}
	if len(faults) == 1 {
		return faults[0]
	}
	return faults
}

// read has an inventory filled from sources, and completes it.
func read(ctx context.Context, options Options, fill func(*reader) error) (*inventory.Inventory, error) {
	r, err := newReader(ctx, options)
	if err != nil {
		return nil, ofSource(err)
	}
	if err := fill(r); err != nil {
		return nil, ofSource(err)
	}
	if err := r.complete(); err != nil {
		return nil, ofSource(err)
	}
	return r.Inventory, nil
}

// complete does what is left when all sources are read.
func (r *reader) complete() error {
	if err := r.Inventory.Reconcile(); err != nil {
		fault := *inventory.Faults(err)[0]
		fault.File = r.only
		return &fault
	}
	if err := r.readBeside(); err != nil {
		return err
	}
	if r.ctx.Err() != nil {
		return &inventory.Error{Message: "reading was stopped", Err: context.Cause(r.ctx)}
	}
	r.WarnOfLoss()
	return nil
}

// reader reads sources into an inventory, one file after another.
type reader struct {
	*reading.Reading
	ctx      context.Context // of the call of Read
	settings settings
	options  Options
	only     string // the source, if there is only one: several are at fault together

	entries   int         // how many entries folders may still have
	policy    fs.FileInfo // nil if there is none
	itself    fs.FileInfo // the running program; nil if that is not known
	stdinRead bool
	folders   []string // where group_vars and host_vars of the sources are looked for, in order
}

func newReader(ctx context.Context, options Options) (*reader, error) {
	settings, err := loadSettings(options.warning)
	if err != nil {
		return nil, err
	}
	r := &reader{ctx: ctx, settings: settings, options: options, entries: maxEntries}
	inUse := options.ansible
	if inUse == nil {
		inUse = ansible.New(r.askVersion, func(message string) { r.Warn(message) })
	}
	r.Reading = reading.New(inventory.NewWith(inventory.Rules{
		MergeMaps:      settings.mergesMaps,
		SafeGroupNames: settings.replacesBad,
		Precedence:     settings.precedence,
		IsSince:        inUse.IsSince,
		Warn:           options.Warn,
	}), inUse, options.Warn)
	r.Reading.MergesMaps = settings.mergesMaps
	if r.options.Timeout == 0 {
		r.options.Timeout = defaultTimeout
	}
	if options.Policy != "" {
		r.policy, _ = os.Stat(options.Policy) // one that is not there is no entry of a folder either
	}
	if executable, err := os.Executable(); err == nil {
		r.itself, _ = os.Stat(executable)
	}
	return r, nil
}

// fail returns an error of the file that is being read.
func (r *reader) fail(message string, cause error) *inventory.Error {
	return &inventory.Error{File: r.File, Message: message, Err: cause}
}

// readSource reads one source and notes where its group_vars and host_vars would stand.
func (r *reader) readSource(source string) error {
	switch source {
	case "":
		return &inventory.Error{Message: "a source has no name"}
	case "-":
		return r.readStdin()
	}
	path := r.locateSource(source)
	r.File = path
	info, err := os.Stat(path)
	switch {
	case err != nil && strings.Contains(source, ","):
		r.File = source
		return r.readHostListWithPlugins(source)
	case err != nil:
		return r.fail("the source cannot be read", bounded.WithoutPath(err))
	case r.isPolicy(info):
		return r.fail("the policy names itself as its source", nil)
	case info.IsDir():
		r.folders = append(r.folders, path)
		return r.readFolder(path, nil)
	default:
		r.folders = append(r.folders, filepath.Dir(path))
		return r.readFile(path, info)
	}
}

var shellVariable = lazy.Regexp(`\$(?:\w+|\{[^}]*\})`)

// unfrack returns a path with variables of the environment and ~ written out, as Ansible does (ansible/utils/path.py,
// unfrackpath).
func unfrack(path string) string {
	path = shellVariable().ReplaceAllStringFunc(path, func(name string) string {
		if value, ok := os.LookupEnv(strings.Trim(name, "${}")); ok {
			return value
		}
		return name
	})
	if rest, ok := strings.CutPrefix(path, "~"); ok && (rest == "" || rest[0] == '/') {
		if home, err := os.UserHomeDir(); err == nil {
			path = home + rest
		}
	}
	return path
}

// locateSource returns the path of a source, written out but for what may be a list of hosts, and relative to the folder of
// the options.
func (r *reader) locateSource(source string) string {
	path := source
	if !strings.Contains(source, ",") {
		path = unfrack(path)
	}
	if r.options.Dir == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(r.options.Dir, path)
}

// isPolicy tells whether a file is the policy, by whichever name or link.
func (r *reader) isPolicy(info fs.FileInfo) bool {
	return r.policy != nil && os.SameFile(info, r.policy)
}

// readFile reads a file, be it a program or a text.
func (r *reader) readFile(path string, info fs.FileInfo) error {
	if ctx := r.ctx; ctx.Err() != nil {
		return r.fail("reading was stopped", context.Cause(ctx))
	}
	r.options.progress("reading " + shown.File(path))
	if !info.Mode().IsRegular() {
		return r.fail("only files and folders can be sources, not pipes or devices; for standard input write -", nil)
	}
	if err := r.refuseSecondPolicy(path, info); err != nil {
		return err
	}
	return r.readWithPlugins(path)
}

// load returns the bytes of the file that is being read.
func (r *reader) load(path string) ([]byte, error) {
	data, err := loadFile(path)
	if err != nil {
		fault := *inventory.Faults(err)[0]
		fault.File = r.File
		return nil, &fault
	}
	return data, nil
}

// loadFile returns the bytes of a file.
func loadFile(path string) ([]byte, error) {
	data, err := bounded.ReadFile(path, maxSourceSize)
	if err != nil {
		return nil, &inventory.Error{File: path, Message: "the file cannot be read", Err: err}
	}
	return data, nil
}

// extensionOf is Python's os.path.splitext: dots at the beginning of a name make it hidden and begin no extension.
func extensionOf(path string) string { return filepath.Ext(strings.TrimLeft(filepath.Base(path), ".")) }

// inFile gives an error that has none the name of the source.
func (r *reader) inFile(err error) error {
	fault := *inventory.Faults(err)[0]
	if fault.File == "" {
		fault.File = r.File
	}
	return &fault
}

// lead puts words in front of an error's message, which may have none but a cause.
func lead(words, message string) string {
	if message == "" {
		return words
	}
	return words + ": " + message
}

// readBeside reads group_vars and host_vars beside the sources for the variables that the caller will ask for. What
// stands beside the policy counts as well, and most: to Ansible the policy is the source.
func (r *reader) readBeside() error {
	if err := r.checkVarsPlugins(); err != nil || !slices.Contains(r.settings.varsPlugins, hostGroupVars) {
		return err
	}
	folders := r.folders
	if r.options.Policy != "" {
		own := filepath.Dir(r.options.Policy)
		if !r.options.VarsElsewhere {
			if faults := r.leftBehind(own); len(faults) > 0 {
				return faults
			}
		}
		folders = append(folders, own)
	}
	if len(r.options.Variables) == 0 {
		return nil
	}
	return loadBeside(r.Inventory, folders, besideSearch{names: r.options.Variables, ansible: r.Ansible, decrypt: r.decrypt})
}

// leftBehind finds group_vars and host_vars beside sources that do not stand in the policy's folder. Ansible, which knows
// nothing of the sources, does not load them: hosts would lose variables.
func (r *reader) leftBehind(own string) inventory.Errors {
	ownInfo, err := os.Stat(own)
	if err != nil {
		return nil
	}
	var faults inventory.Errors
	for i, folder := range r.folders {
		info, err := os.Stat(folder)
		if err != nil || os.SameFile(info, ownInfo) || slices.Contains(r.folders[:i], folder) {
			continue
		}
		for _, name := range []string{"group_vars", "host_vars"} {
			path := filepath.Join(folder, name)
			if entries, err := os.ReadDir(path); err == nil && len(entries) > 0 {
				faults = append(faults, &inventory.Error{File: path, Message: fmt.Sprintf("Ansible does not load these variables, since it "+
					"looks for them beside the policy, in %s: move the policy here, or write vars: elsewhere in it if the "+
					"hosts get them in another way", shown.File(own))})
			}
		}
	}
	return faults
}

// readHostList reads a list such as "web1,web2:2222," (ansible/plugins/inventory/host_list.py).
func (r *reader) readHostList(list string) error {
	ungrouped := r.Inventory.Group("ungrouped")
	for item := range strings.SplitSeq(list, ",") {
		item = python.Strip(item)
		if item == "" {
			continue
		}
		name, port, ok := address.Parse(item, false, r.Ansible.IsSince)
		if !ok {
			name, port = item, ""
		}
		if r.Inventory.Host(name) != nil {
			continue
		}
		if _, err := r.Inventory.AddHost(name, ungrouped, reading.Port(port)); err != nil {
			return r.inFile(err)
		}
	}
	return nil
}
