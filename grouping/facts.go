package grouping

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// facts reads single facts from the files of Ansible's cache plugin jsonfile, one for each host.
type facts struct {
	done  Done
	root  *os.Root
	path  []string
	now   time.Time
	wrong map[string][]*inventory.Host // what is wrong, and with whose facts
	order []string                     // the keys of wrong in order of first appearance
}

// Bounds of what is read, and the age that Ansible itself takes facts to be good for (fact_caching_timeout).
const (
	maxFacts      = 64 << 20
	defaultMaxAge = 24 * time.Hour
)

// openFacts opens the folder of the facts.
func openFacts(done Done) (*facts, error) {
	if done.MaxAge == 0 {
		done.MaxAge = defaultMaxAge
	}
	root, err := os.OpenRoot(done.Facts)
	if err != nil {
		return nil, bounded.WithoutPath(err)
	}
	return &facts{
		done: done, root: root, path: strings.Split(done.Variable, "."), now: time.Now(),
		wrong: map[string][]*inventory.Host{},
	}, nil
}

func (f *facts) close() { f.root.Close() }

// value returns the fact of a host. A host whose fact is missing, stale or unreadable is noted, and comes out as one whose
// value is not set.
func (f *facts) value(host *inventory.Host) (inventory.Value, bool) {
	data, message := f.read(host.Name)
	if message == "" {
		var value inventory.Value
		if value, message = f.find(data); message == "" {
			return value, true
		}
	}
	if f.wrong[message] == nil {
		f.order = append(f.order, message)
	}
	f.wrong[message] = append(f.wrong[message], host)
	return inventory.Value{}, false
}

func (f *facts) faults() []fault {
	var faults []fault
	for _, message := range f.order {
		faults = append(faults, fault{key: "done", message: nameHosts(f.wrong[message]) + ": " + message})
	}
	return faults
}

// fileNames returns what the host's file may be called: up to ansible-core 2.18 its name, since then s1_ and its name
// (ansible/_internal/_plugins/_cache.py, PluginInterposer), in which a name that is no file name is hashed
// (ansible/plugins/cache/__init__.py, BaseFileCacheModule._sanitize_key).
func fileNames(host string) []string {
	var names []string
	for _, name := range []string{"s1_" + host, host} {
		isIn := func(odd string) bool { return strings.Contains(name, odd) }
		if slices.ContainsFunc([]string{"/", "..", "<", ">", "|"}, isIn) {
			digest := sha256.Sum256([]byte(name))
			text := hex.EncodeToString(digest[:])
			name = text[:min(max(len(name), 12), len(text))]
		}
		names = append(names, name)
	}
	return names
}

// read returns the newest file of a host's facts, or says what is wrong.
func (f *facts) read(host string) ([]byte, string) {
	newest, found := fs.FileInfo(nil), ""
	for _, name := range fileNames(host) {
		info, err := f.root.Stat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return nil, "the facts cannot be read: " + bounded.WithoutPath(err).Error()
		case newest == nil || info.ModTime().After(newest.ModTime()):
			newest, found = info, name
		}
	}
	switch {
	case newest == nil:
		return nil, fmt.Sprintf("there are no facts in %s: gather them first", show(f.done.Facts))
	case !newest.Mode().IsRegular():
		return nil, fmt.Sprintf("the facts in %s are no file", show(f.done.Facts))
	case f.now.Sub(newest.ModTime()) > f.done.MaxAge:
		return nil, fmt.Sprintf("the facts in %s are older than %s: gather them again", show(f.done.Facts), f.done.MaxAge)
	case newest.Size() > maxFacts:
		return nil, fmt.Sprintf("the facts in %s have more than %d MiB", show(f.done.Facts), maxFacts>>20)
	}
	file, err := f.root.Open(found)
	if err != nil {
		return nil, "the facts cannot be read: " + bounded.WithoutPath(err).Error()
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFacts))
	if err != nil {
		return nil, "the facts cannot be read: " + bounded.WithoutPath(err).Error()
	}
	return data, ""
}

// find returns the fact at the path, or says what is wrong.
func (f *facts) find(data []byte) (inventory.Value, string) {
	const broken = "the facts are not JSON as Ansible writes it: gather them again"
	value, ok := decodeFacts(data)
	if !ok {
		return inventory.Value{}, broken
	}
	if top, isMap := value.(map[string]any); isMap {
		if payload, wrapped := top["__payload__"].(string); wrapped {
			if value, ok = decodeFacts([]byte(payload)); !ok {
				return inventory.Value{}, broken
			}
		}
	}
	for _, key := range f.path {
		inner, isMap := untagged(value).(map[string]any)
		if !isMap {
			return inventory.Value{}, f.missing()
		}
		if value, ok = inner[key]; !ok {
			return inventory.Value{}, f.missing()
		}
	}
	switch value := untagged(value).(type) {
	case string:
		return inventory.NewString(value), ""
	case bool:
		return inventory.NewBool(value), ""
	case json.Number:
		if strings.ContainsAny(value.String(), ".eE") {
			return inventory.Value{}, fmt.Sprintf("the fact %s is the number %s, whose digits may not be those that were written: "+
				"let it be a text", show(f.done.Variable), show(value.String()))
		}
		return inventory.NewString(value.String()), ""
	case nil:
		return inventory.Value{}, f.missing()
	default:
		return inventory.Value{}, fmt.Sprintf("the fact %s is a list or a mapping: it must be a text", show(f.done.Variable))
	}
}

func (f *facts) missing() string {
	return fmt.Sprintf("there is no fact %s in %s: gather it first", show(f.done.Variable), show(f.done.Facts))
}

func decodeFacts(data []byte) (any, bool) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	err := decoder.Decode(&value)
	return value, err == nil
}

// untagged returns what Ansible since 2.19 wraps to remember where a value came from.
func untagged(value any) any {
	if wrapped, isMap := value.(map[string]any); isMap {
		if kind, _ := wrapped["__ansible_type"].(string); strings.HasPrefix(kind, "_AnsibleTagged") {
			return wrapped["value"]
		}
	}
	return value
}
