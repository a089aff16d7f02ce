package plan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/quoted"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// Printed is a plan as [JSON] printed it. It has names and their order, and nothing of the rules and of what they did, so that all that
// can be done with it is [Diff].
type Printed struct{ plan *grouping.Plan }

// ReadJSON reads a plan that [JSON] printed, also one of an earlier version of the program, which has no key unseen. file names it in
// errors. Whatever [JSON] would not have printed, down to a total that does not add up, is an *[inventory.Error] with line and column.
func ReadJSON(file string, data []byte) (*Printed, error) {
	r := planReader{file: file, data: data}
	if at := invalidUTF8(data); at >= 0 {
		return nil, r.fault(at, "this is not UTF-8")
	}
	// A lone surrogate is a fault of UTF-16 in the decoder's eyes; names may have them, see readText.
	r.decoder = jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowInvalidUTF8(true))
	read := &grouping.Plan{}
	err := r.object("a plan", []member{{key: "versions", read: func() error { return r.versions(read) }}})
	if err != nil {
		return nil, err
	}
	switch _, err := r.decoder.ReadToken(); {
	case err == nil:
		return nil, r.fault(int(r.decoder.InputOffset())-1, "more text after the plan's end")
	case !errors.Is(err, io.EOF):
		return nil, r.syntax(err)
	}
	return &Printed{read}, nil
}

// invalidUTF8 returns where the first byte stands that is not UTF-8, and -1 if all is.
func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	at := 0
	for {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
}

// planReader reads one plan, token by token. The error of each of its methods is what [ReadJSON] returns.
type planReader struct {
	file    string
	data    []byte
	decoder *jsontext.Decoder
	// underWay says that the version has the key release, which stands before its waves: these may be without hosts then.
	underWay bool
}

// member is a key that an object may have, and must have unless it is optional, with what reads its value.
type member struct {
	key      string
	read     func() error
	optional bool
}

func (r *planReader) versions(into *grouping.Plan) error {
	seen := map[string]bool{}
	return r.array("versions", func() error {
		at := r.next()
		version, err := r.version()
		if err != nil {
			return err
		}
		if seen[version.Name] {
			return r.fault(at, fmt.Sprintf("version %s is there twice", quote(version.Name)))
		}
		seen[version.Name] = true
		into.Versions = append(into.Versions, version)
		return nil
	})
}

func (r *planReader) version() (*grouping.Version, error) {
	at := r.next()
	version, count := &grouping.Version{}, 0
	r.underWay = false
	err := r.object("a version", []member{
		{key: "name", read: func() error { return r.text("a version's name", &version.Name) }},
		{key: "group", read: func() error { return r.text("a group", &version.Group) }},
		{key: "hosts", read: func() error { return r.count("a version's hosts", &count) }},
		{key: "fewest", read: func() error { return r.count("fewest", &version.Fewest) }, optional: true},
		{key: "release", read: func() error { r.underWay = true; return r.skip() }, optional: true},
		{key: "waves", read: func() error { return r.waves(version) }},
		{key: "left_out", read: func() error { return r.hosts("left_out", &version.LeftOut, map[string]bool{}) }, optional: true},
		{key: "split", read: func() error { return r.parts(version) }, optional: true},
	})
	if err != nil {
		return nil, err
	}
	if has := countHosts(version); has != count {
		return nil, r.fault(at, fmt.Sprintf("version %s says %d hosts, its waves have %d", quote(version.Name), count, has))
	}
	return version, nil
}

func (r *planReader) parts(version *grouping.Version) error {
	seen := map[string]bool{}
	return r.array("split", func() error {
		var part grouping.Part
		err := r.object("a part of a split", []member{
			{key: "name", read: func() error { return r.text("a part's name", &part.Name) }},
			{key: "group", read: func() error { return r.text("a group", &part.Group) }},
			{key: "percent", read: func() error { return r.count("percent", &part.Percent) }},
			{key: "hosts", read: func() error { return r.hosts("a part's hosts", &part.Hosts, seen) }},
		})
		version.Parts = append(version.Parts, part)
		return err
	})
}

func (r *planReader) waves(version *grouping.Version) error {
	released := 0
	seenWaves, seenHosts := map[string]bool{}, map[string]bool{}
	return r.array("waves", func() error {
		at := r.next()
		wave, total, err := r.wave(seenHosts, released)
		if err != nil {
			return err
		}
		released += len(wave.Hosts)
		switch {
		case seenWaves[wave.Name]:
			return r.fault(at, fmt.Sprintf("wave %s is there twice", quote(wave.Name)))
		case total != released:
			return r.fault(at, fmt.Sprintf("wave %s says that %d hosts are released by then, the waves so far have %d",
				quote(wave.Name), total, released))
		}
		seenWaves[wave.Name] = true
		version.Waves = append(version.Waves, wave)
		return nil
	})
}

// wave reads a wave before which so many hosts are released; seen has the hosts of the waves before. total is what the wave says of itself.
func (r *planReader) wave(seen map[string]bool, before int) (wave grouping.Wave, total int, err error) {
	at := r.next()
	err = r.object("a wave", []member{
		{key: "name", read: func() error { return r.text("a wave's name", &wave.Name) }},
		{key: "group", read: func() error { return r.text("a group", &wave.Group) }},
		{key: "ring", read: func() error { return r.text("a ring", &wave.Ring) }, optional: true},
		{key: "hosts", read: func() error { return r.hosts("a wave's hosts", &wave.Hosts, seen) }},
		{key: "total", read: func() error { return r.count("total", &total) }},
		{key: "unseen", read: func() error { return r.unseen(before) }, optional: true},
	})
	wave.Size = len(wave.Hosts)
	if err == nil && wave.Size == 0 && !r.underWay {
		err = r.fault(at, fmt.Sprintf("wave %s has no hosts", quote(wave.Name)))
	}
	return wave, total, err
}

// unseen reads the share that so many hosts before leave unseen, and compares it with what it has to be.
func (r *planReader) unseen(before int) error {
	at := r.next()
	value, err := r.decoder.ReadValue()
	if err != nil {
		return r.syntax(err)
	}
	if string(value) != shareUnseen(before) {
		return r.fault(at, fmt.Sprintf("unseen must be %s after %s", shareUnseen(before), shown.Count(before, "host")))
	}
	return nil
}

// hosts reads a list of names of hosts; seen has those that the version had before, and gets these.
func (r *planReader) hosts(what string, into *[]*inventory.Host, seen map[string]bool) error {
	return r.array(what, func() error {
		at, name := r.next(), ""
		if err := r.text("a host's name", &name); err != nil {
			return err
		}
		if seen[name] {
			return r.fault(at, fmt.Sprintf("host %s is in this version twice", quote(name)))
		}
		seen[name] = true
		*into = append(*into, &inventory.Host{Name: name})
		return nil
	})
}

// object reads an object that has these members, in any order, and no others.
func (r *planReader) object(what string, members []member) error {
	at := r.next()
	if err := r.open('{', what, "an object"); err != nil {
		return err
	}
	seen := make([]bool, len(members))
	for i, one := range members {
		seen[i] = one.optional
	}
	for r.decoder.PeekKind() != '}' {
		keyAt, key := r.next(), ""
		if err := r.text("a key", &key); err != nil {
			return err
		}
		i := slices.IndexFunc(members, func(m member) bool { return m.key == key })
		if i < 0 {
			return r.fault(keyAt, fmt.Sprintf("%s has no key %s; this is not a plan that --plan=json printed", what, quote(key)))
		}
		seen[i] = true
		if err := members[i].read(); err != nil {
			return err
		}
	}
	for i, member := range members {
		if !seen[i] && !member.optional {
			return r.fault(at, fmt.Sprintf("%s needs the key %s; this is not a plan that --plan=json printed", what,
				quote(member.key)))
		}
	}
	return r.close()
}

// array reads a list; element reads one of its values.
func (r *planReader) array(what string, element func() error) error {
	if err := r.open('[', what, "a list"); err != nil {
		return err
	}
	for r.decoder.PeekKind() != ']' {
		if err := element(); err != nil {
			return err
		}
	}
	return r.close()
}

// open reads the token that begins an object or a list; what says what is read, for the error.
func (r *planReader) open(kind jsontext.Kind, what, wanted string) error {
	at := r.next()
	token, err := r.decoder.ReadToken()
	switch {
	case err != nil:
		return r.syntax(err)
	case token.Kind() != kind:
		return r.fault(at, fmt.Sprintf("%s must be %s", what, wanted))
	}
	return nil
}

// close reads the token that ends an object or a list.
func (r *planReader) close() error {
	if _, err := r.decoder.ReadToken(); err != nil {
		return r.syntax(err)
	}
	return nil
}

// skip reads a value of any kind, and keeps nothing of it.
func (r *planReader) skip() error {
	if err := r.decoder.SkipValue(); err != nil {
		return r.syntax(err)
	}
	return nil
}

// text reads a text that is not empty.
func (r *planReader) text(what string, into *string) error {
	at := r.next()
	value, err := r.decoder.ReadValue()
	switch {
	case err != nil:
		return r.syntax(err)
	case value.Kind() != '"':
		return r.fault(at, what+" must be a text")
	}
	*into = quoted.Text(value)
	if *into == "" {
		return r.fault(at, what+" must not be empty")
	}
	return nil
}

// count reads a whole number that is not negative.
func (r *planReader) count(what string, into *int) error {
	at := r.next()
	value, err := r.decoder.ReadValue()
	if err != nil {
		return r.syntax(err)
	}
	*into, err = strconv.Atoi(string(value))
	if err != nil || *into < 0 {
		return r.fault(at, what+" must be a count")
	}
	return nil
}

// next returns the offset at which the next token starts.
func (r *planReader) next() int {
	at := int(r.decoder.InputOffset())
	for at < len(r.data) && strings.IndexByte(" \t\r\n,:", r.data[at]) >= 0 {
		at++
	}
	return at
}

// syntax returns the decoder's error as one of ours.
func (r *planReader) syntax(err error) error {
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return r.fault(len(r.data), "the plan ends too early")
	case errors.As(err, &syntactic):
		return r.fault(int(syntactic.ByteOffset), "this is not JSON: "+syntactic.Err.Error())
	default:
		return r.fault(r.next(), "this is not JSON: "+err.Error())
	}
}

// fault returns an error about what stands at an offset.
func (r *planReader) fault(at int, message string) error {
	before := r.data[:min(at, len(r.data))]
	line := bytes.LastIndexByte(before, '\n') + 1
	return &inventory.Error{
		File:    r.file,
		Line:    1 + bytes.Count(before, []byte("\n")),
		Column:  1 + utf8.RuneCount(before[line:]),
		Message: message,
	}
}
