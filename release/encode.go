package release

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/regal-inventory/regal-inventory/internal/quoted"
	"github.com/regal-inventory/regal-inventory/inventory"
)

//go:embed schema.json
var schema []byte

// WriteSchema writes the JSON Schema (2020-12) of a record; the errors are those of the writer. The schema cannot tell whether the
// checksum is that of the rest, whether names of waves go on by number, and whether a host is there once.
func WriteSchema(to io.Writer) error {
	_, err := to.Write(schema)
	return err
}

// format is the number of the form in which records are written. A program that writes another form counts on.
const format = 1

// text is a name in JSON.
type text string

// MarshalJSON writes lone surrogates as Python does.
func (t text) MarshalJSON() ([]byte, error) { return quoted.Append(nil, string(t)), nil }

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *text) UnmarshalJSON(data []byte) error {
	if data[0] != '"' {
		return fmt.Errorf("a text is expected, not %s", data)
	}
	*t = text(quoted.Text(data))
	return nil
}

// file is a record as JSON. The order of the fields is that in which they are written.
type file struct {
	Format   int         `json:"format"`
	Version  text        `json:"version"`
	Stem     text        `json:"stem"`
	Policy   text        `json:"policy"`
	Rules    string      `json:"rules"`
	Begun    fileMoment  `json:"begun"`
	Ended    *fileMoment `json:"ended,omitempty"`
	Waves    []fileWave  `json:"waves"`
	Checksum string      `json:"checksum"`
}

type fileMoment struct {
	At   time.Time `json:"at"`
	User text      `json:"user"`
	Host text      `json:"host"`
}

type fileWave struct {
	Name   string     `json:"name"`
	Ring   text       `json:"ring,omitempty"`
	Hosts  []text     `json:"hosts"`
	Left   []text     `json:"left,omitempty"`
	Joined bool       `json:"joined,omitempty"`
	Done   *time.Time `json:"done,omitempty"`
}

// encode returns the record as the text of its file, for people to read and programs to compare: the same record gives the same
// bytes. The checksum at its end is over the same text with an empty checksum, in one line.
func (r *Record) encode() []byte {
	made := r.file()
	made.Checksum = made.checksum()
	compact := made.json()
	var indented bytes.Buffer
	if err := json.Indent(&indented, compact, "", "  "); err != nil {
		panic(err) // it was made above
	}
	return append(indented.Bytes(), '\n')
}

func (f file) json() []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(f); err != nil {
		panic(err) // the types have nothing that JSON cannot carry, but years beyond 9999
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// checksum finds changes by hand and by accident; it is no protection against somebody who means it.
func (f file) checksum() string {
	f.Checksum = ""
	sum := sha256.Sum256(f.json())
	return "sha256:" + hex.EncodeToString(sum[:])
}

func (r *Record) file() file {
	made := file{
		Format: format, Version: text(r.Version), Stem: text(r.Stem), Policy: text(r.Policy), Rules: r.Rules,
		Begun: fileMoment{r.Begun.At, text(r.Begun.User), text(r.Begun.Host)}, Waves: []fileWave{},
	}
	if !r.Ended.At.IsZero() {
		made.Ended = &fileMoment{r.Ended.At, text(r.Ended.User), text(r.Ended.Host)}
	}
	for _, wave := range r.Waves {
		one := fileWave{Name: wave.Name, Ring: text(wave.Ring), Hosts: texts(wave.Hosts), Left: texts(wave.Left), Joined: wave.Joined}
		if !wave.Done.IsZero() {
			one.Done = &wave.Done
		}
		made.Waves = append(made.Waves, one)
	}
	return made
}

func (f file) record() *Record {
	made := &Record{
		Version: string(f.Version), Stem: string(f.Stem), Policy: string(f.Policy), Rules: f.Rules, Begun: f.Begun.moment(),
	}
	if f.Ended != nil {
		made.Ended = f.Ended.moment()
	}
	for _, wave := range f.Waves {
		one := Wave{Name: wave.Name, Ring: string(wave.Ring), Hosts: plainTexts(wave.Hosts), Left: plainTexts(wave.Left), Joined: wave.Joined}
		if wave.Done != nil {
			one.Done = *wave.Done
		}
		made.Waves = append(made.Waves, one)
	}
	return made
}

func (m fileMoment) moment() Moment { return Moment{m.At, string(m.User), string(m.Host)} }

func texts(names []string) []text {
	list := make([]text, len(names))
	for i, name := range names {
		list[i] = text(name)
	}
	return list
}

func plainTexts(list []text) []string {
	var names []string
	for _, name := range list {
		names = append(names, string(name))
	}
	return names
}

// What to do about a record that cannot be used.
var (
	errNewer  = errors.New("go on with the newer regal-inventory that wrote it")
	errBroken = errors.New("put back the file as it was written, from a copy; or look what was released, end the release with --end, " +
		"and begin again")
)

// decode reads what encode wrote. Whatever encode would not have written, apart from white space, is an *[inventory.Error]
// that says what to do.
func decode(name string, data []byte) (*Record, error) {
	broken := func(at int64, message string, args ...any) error {
		fault := &inventory.Error{Kind: inventory.RecordError, File: name, Message: fmt.Sprintf(message, args...), Err: errBroken}
		if at >= 0 {
			before := data[:min(int(at), len(data))]
			fault.Line = 1 + bytes.Count(before, []byte("\n"))
			fault.Column = 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
		}
		return fault
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var read file
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	err := decoder.Decode(&read)
	if err != nil || read.Format != format {
		var of struct {
			Format int `json:"format"`
		}
		if json.Unmarshal(data, &of) == nil && of.Format > format {
			return nil, &inventory.Error{Kind: inventory.RecordError, File: name, Message: fmt.Sprintf("this record has format %d, and this regal-inventory knows "+
				"format %d", of.Format, format), Err: errNewer}
		}
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, broken(int64(len(data)), "the record ends too early")
	case errors.As(err, &syntax):
		return nil, broken(max(syntax.Offset-1, 0), "the record is no JSON (%s)", syntax.Error())
	case errors.As(err, &kind):
		return nil, broken(kind.Offset, "this is no record (%s is no %s)", kind.Value, kind.Type)
	case err != nil:
		return nil, broken(-1, "this is no record (%s)", err)
	}
	if rest := data[decoder.InputOffset():]; len(bytes.TrimSpace(rest)) > 0 {
		return nil, broken(decoder.InputOffset(), "there is more text after the record's end")
	}
	if read.Format != format || read.Checksum != read.checksum() {
		return nil, broken(-1, "the record was changed by another hand: its checksum is not that of what it says")
	}
	record := read.record()
	if message := record.check(); message != "" {
		return nil, broken(-1, "%s", message)
	}
	return record, nil
}

// check finds what cannot be true of a record.
func (r *Record) check() string {
	if r.Version == "" || r.Stem == "" || len(r.Waves) == 0 {
		return "the record has no version, no stem or no waves"
	}
	seen := map[string]bool{}
	done := r.done()
	for i, wave := range r.Waves {
		if want := waveName(i); wave.Name != want {
			return fmt.Sprintf("wave %s stands where %s should", show(wave.Name), want)
		}
		if i >= done && !wave.Done.IsZero() {
			return fmt.Sprintf("wave %s is done, and one before it is not", wave.Name)
		}
		for _, host := range wave.Hosts {
			if seen[host] {
				return fmt.Sprintf("host %s is in two waves", show(host))
			}
			seen[host] = true
		}
	}
	return ""
}

func waveName(index int) string {
	if index == 0 {
		return "canary"
	}
	return "b" + strconv.Itoa(index)
}
