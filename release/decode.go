package release

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/regal-inventory/regal-inventory/inventory"
)

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
	if read.Format != format {
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
