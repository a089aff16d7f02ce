package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/regal-inventory/regal-inventory/internal/quoted"
)

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
