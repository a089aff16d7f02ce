package plan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/quoted"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// JSON returns the plan for programs, in one line: versions and waves in release order, for each version how many hosts
// it has, for each wave its ring if it has one, its hosts, how many hosts are released when it is done, and how large a
// share of all may be faulty unseen before it (see [grouping.Unseen]). A version says besides below which number of waves no
// plan can go if that is less than it has, which hosts it leaves out as they have it already, and the parts of its split.
// A version whose release is under way has the key release besides, and may have waves without hosts. [ReadJSON] reads all of
// it back but that key.
func JSON(plan *grouping.Plan) []byte {
	dst := []byte(`{"versions":[`)
	for i, version := range plan.Versions {
		dst = appendVersion(appendComma(dst, i), version)
	}
	return append(dst, "]}\n"...)
}

func appendVersion(dst []byte, version *grouping.Version) []byte {
	dst = appendString(append(dst, `{"name":`...), version.Name)
	dst = appendString(append(dst, `,"group":`...), version.Group)
	dst = strconv.AppendInt(append(dst, `,"hosts":`...), int64(countHosts(version)), 10)
	if version.Fewest > 0 && version.Fewest < len(version.Waves) {
		dst = strconv.AppendInt(append(dst, `,"fewest":`...), int64(version.Fewest), 10)
	}
	if version.Progress != nil {
		dst = appendRelease(append(dst, `,"release":`...), version)
	}
	dst = append(dst, `,"waves":[`...)
	total := 0
	for i, wave := range version.Waves {
		before := total
		total += len(wave.Hosts)
		dst = appendWave(appendComma(dst, i), wave, before, total)
	}
	dst = append(dst, ']')
	if len(version.LeftOut) > 0 {
		dst = appendHosts(append(dst, `,"left_out":`...), version.LeftOut)
	}
	if len(version.Parts) > 0 {
		dst = appendParts(append(dst, `,"split":`...), version.Parts)
	}
	return append(dst, '}')
}

// appendRelease says how far the release under way is: when it began and who began it, the waves that are done and the one that
// is next, null behind the last, how many hosts have been released and how many are still to be, the hosts that left and
// that joined since it began, and whether the policy's rules have changed.
func appendRelease(dst []byte, version *grouping.Version) []byte {
	progress := version.Progress
	dst = appendString(append(dst, `{"begun":`...), progress.Begun.Format(time.RFC3339))
	dst = appendString(append(dst, `,"by":`...), progress.By)
	dst = append(dst, `,"done":[`...)
	for i, wave := range version.Waves[:len(progress.Done)] {
		dst = appendString(appendComma(dst, i), wave.Name)
	}
	dst = append(dst, `],"next":`...)
	if next := version.Next(); next < len(version.Waves) {
		dst = appendString(dst, version.Waves[next].Name)
	} else {
		dst = append(dst, "null"...)
	}
	dst = strconv.AppendInt(append(dst, `,"released":`...), int64(progress.Released), 10)
	dst = strconv.AppendInt(append(dst, `,"remaining":`...), int64(version.CountRemaining()), 10)
	dst = appendStrings(append(dst, `,"left":`...), progress.Left)
	dst = appendStrings(append(dst, `,"joined":`...), version.Joined())
	dst = strconv.AppendBool(append(dst, `,"rules_changed":`...), progress.RulesChanged)
	return append(dst, '}')
}

func appendStrings(dst []byte, list []string) []byte {
	dst = append(dst, '[')
	for i, text := range list {
		dst = appendString(appendComma(dst, i), text)
	}
	return append(dst, ']')
}

func appendParts(dst []byte, parts []grouping.Part) []byte {
	dst = append(dst, '[')
	for i, part := range parts {
		dst = appendString(append(appendComma(dst, i), `{"name":`...), part.Name)
		dst = appendString(append(dst, `,"group":`...), part.Group)
		dst = strconv.AppendInt(append(dst, `,"percent":`...), int64(part.Percent), 10)
		dst = append(appendHosts(append(dst, `,"hosts":`...), part.Hosts), '}')
	}
	return append(dst, ']')
}

func appendHosts(dst []byte, hosts []*inventory.Host) []byte {
	dst = append(dst, '[')
	for i, host := range hosts {
		dst = appendString(appendComma(dst, i), host.Name)
	}
	return append(dst, ']')
}

func appendWave(dst []byte, wave grouping.Wave, before, total int) []byte {
	dst = appendString(append(dst, `{"name":`...), wave.Name)
	dst = appendString(append(dst, `,"group":`...), wave.Group)
	if wave.Ring != "" {
		dst = appendString(append(dst, `,"ring":`...), wave.Ring)
	}
	dst = appendHosts(append(dst, `,"hosts":`...), wave.Hosts)
	dst = strconv.AppendInt(append(dst, `,"total":`...), int64(total), 10)
	return append(append(append(dst, `,"unseen":`...), shareUnseen(before)...), '}')
}

func appendString(dst []byte, text string) []byte {
	return append(appendEscaped(append(dst, '"'), text, true), '"')
}

func appendComma(dst []byte, index int) []byte {
	if index == 0 {
		return dst
	}
	return append(dst, ',')
}

// Printed is a plan as [JSON] wrote it. It has names and order, and nothing of the rules and what they did, so that all there is
// to do with it is [Diff].
type Printed struct{ plan *grouping.Plan }

// ReadJSON reads a plan that [JSON] wrote, also one from before it knew what is unseen; file is its name for errors. Whatever JSON would not have written, down to a total that
// does not add up, is an *[inventory.Error] with line and column.
func ReadJSON(file string, data []byte) (*Printed, error) {
	r := reader{file: file, data: data}
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

// reader reads one plan, token by token.
type reader struct {
	file    string
	data    []byte
	decoder *jsontext.Decoder
	// underWay is set where the version has the key release, which stands before its waves; they may be empty then.
	underWay bool
}

// member is a key that an object must have, unless it is optional, and what reads its value.
type member struct {
	key      string
	read     func() error
	optional bool
}

func (r *reader) versions(into *grouping.Plan) error {
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

func (r *reader) version() (*grouping.Version, error) {
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

func (r *reader) parts(version *grouping.Version) error {
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

func (r *reader) waves(version *grouping.Version) error {
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

func (r *reader) wave(seen map[string]bool, before int) (wave grouping.Wave, total int, err error) {
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

func (r *reader) unseen(before int) error {
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

func (r *reader) hosts(what string, into *[]*inventory.Host, seen map[string]bool) error {
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
func (r *reader) object(what string, members []member) error {
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

func (r *reader) array(what string, element func() error) error {
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

func (r *reader) open(kind jsontext.Kind, what, wanted string) error {
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

func (r *reader) close() error {
	if _, err := r.decoder.ReadToken(); err != nil {
		return r.syntax(err)
	}
	return nil
}

// skip reads a value of any kind.
func (r *reader) skip() error {
	if err := r.decoder.SkipValue(); err != nil {
		return r.syntax(err)
	}
	return nil
}

func (r *reader) text(what string, into *string) error {
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

func (r *reader) count(what string, into *int) error {
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

// next returns where the next token starts.
func (r *reader) next() int {
	at := int(r.decoder.InputOffset())
	for at < len(r.data) && strings.IndexByte(" \t\r\n,:", r.data[at]) >= 0 {
		at++
	}
	return at
}

func (r *reader) syntax(err error) error {
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

func (r *reader) fault(at int, message string) error {
	before := r.data[:min(at, len(r.data))]
	line := bytes.LastIndexByte(before, '\n') + 1
	return &inventory.Error{
		File:    r.file,
		Line:    1 + bytes.Count(before, []byte("\n")),
		Column:  1 + utf8.RuneCount(before[line:]),
		Message: message,
	}
}
