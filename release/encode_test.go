package release

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// closedPipe takes nothing, as a pipe whose reader has gone.
type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWhatCannotBeWritten(t *testing.T) {
	t.Parallel()
	assert.ErrorIs(t, WriteSchema(closedPipe{}), io.ErrClosedPipe)
	assert.ErrorIs(t, WriteHistory(closedPipe{}, nil), io.ErrClosedPipe)
}

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	var text bytes.Buffer
	require.NoError(t, WriteSchema(&text))
	document, err := jsonschema.UnmarshalJSON(&text)
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("record.json", document))
	schema, err := compiler.Compile("record.json")
	require.NoError(t, err)
	return schema
}

// drawRecord draws a record with all that one can have.
func drawRecord(t *rapid.T) *Record {
	word := rapid.StringMatching(`[a-zé主<&"\\ .-]{1,8}`)
	moment := func(label string) time.Time {
		return time.Unix(rapid.Int64Range(0, 4e9).Draw(t, label), 0).UTC()
	}
	record := &Record{
		Version: word.Draw(t, "version"), Stem: rapid.StringMatching(`[a-z_][a-z0-9_]{0,5}`).Draw(t, "stem"), Policy: "regal.yml",
		Rules: "sha256:" + strings.Repeat("0a", 32), Begun: Moment{moment("begun"), word.Draw(t, "user"), "host"},
	}
	if rapid.Bool().Draw(t, "ended") {
		record.Ended = Moment{moment("end"), "bob", word.Draw(t, "host")}
	}
	count := rapid.IntRange(1, 5).Draw(t, "waves")
	done := rapid.IntRange(0, count).Draw(t, "done")
	hosts := rapid.SliceOfNDistinct(word, 0, 12, rapid.ID[string]).Draw(t, "hosts")
	for i := range count {
		wave := Wave{Name: waveName(i), Joined: i == 4}
		if i < done {
			wave.Done = moment("done")
		}
		if rapid.Bool().Draw(t, "ring") {
			wave.Ring = word.Draw(t, "name")
		}
		if take := rapid.IntRange(0, len(hosts)).Draw(t, "take"); take > 0 {
			wave.Hosts, hosts = hosts[:take:take], hosts[take:]
		}
		if rapid.IntRange(0, 3).Draw(t, "left") == 0 {
			wave.Left = []string{word.Draw(t, "name")}
		}
		record.Waves = append(record.Waves, wave)
	}
	return record
}

// TestRecordsReadBack holds what is written against the schema, and reads it back.
func TestRecordsReadBack(t *testing.T) {
	schema := compiledSchema(t)
	rapid.Check(t, func(t *rapid.T) {
		record := drawRecord(t)
		data := record.encode()
		back, err := decode("r.json", data)
		require.NoError(t, err)
		require.Equal(t, record, back)
		require.Equal(t, string(data), string(back.encode()))
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		require.NoError(t, err)
		require.NoError(t, schema.Validate(document))
	})
}

// TestLoneSurrogate keeps a name that is no UTF-8, as the inventory does.
func TestLoneSurrogate(t *testing.T) {
	record := begun(t, seven)
	record.Waves[0].Hosts = []string{"web\xed\xb3\xa9"}
	assert.Contains(t, string(record.encode()), `"web\udce9"`)
	back, err := decode("r.json", record.encode())
	require.NoError(t, err)
	assert.Equal(t, record.Waves[0].Hosts, back.Waves[0].Hosts)
}

// TestNamesAsTheyAre writes what HTML would escape as it is: a record is read by people.
func TestNamesAsTheyAre(t *testing.T) {
	record := begun(t, seven)
	record.Begun.User = "<alice> & bob"
	assert.Contains(t, string(record.encode()), `"user": "<alice> & bob"`)
}

// TestTornRecords reads every beginning of a record, and it with every byte changed: none is taken for a record.
func TestTornRecords(t *testing.T) {
	t.Parallel()
	record := begun(t, seven)
	require.NoError(t, record.MarkDone(applied(t, record, seven), 0, nil, at(1).At))
	data := record.encode()
	for end := range len(data) - 1 { // without the line's end it is whole
		_, err := decode("r.json", data[:end])
		require.ErrorIs(t, err, errBroken, "the first %d bytes", end)
		require.ErrorContains(t, err, "put back the file as it was written", "the first %d bytes", end)
	}
	for i := range data {
		changed := bytes.Clone(data)
		changed[i] ^= 1
		back, err := decode("r.json", changed)
		if err == nil {
			require.Equal(t, record, back, "byte %d", i) // white space, or capitals of a key
		} else if !errors.Is(err, errNewer) {
			require.ErrorIs(t, err, errBroken, "byte %d", i)
		}
	}
}

// TestRecordsThatAreNone names what is wrong, and where.
func TestRecordsThatAreNone(t *testing.T) {
	t.Parallel()
	good := string(begun(t, seven).encode())
	resigned := func(change func(*Record)) string {
		record := begun(t, seven)
		change(record)
		return string(record.encode())
	}
	older := begun(t, seven).file()
	older.Format = 0
	older.Checksum = older.checksum()
	for name, test := range map[string]struct{ text, want string }{
		"a format before the first": {string(older.json()), "the record was changed by another hand"},
		"empty":                     {"", "r.json:1:1: the record ends too early: put back"},
		"null":                      {"null", "the record was changed by another hand"},
		"a list":                    {"[]", "r.json:1:2: this is no record"},
		"no JSON":                   {"regal: yes", "r.json:1:1: the record is no JSON"},
		"a slip":                    {strings.Replace(good, `"format": 1,`, `"format": 1;`, 1), "r.json:2:14: the record is no JSON"},
		"an edit":                   {strings.Replace(good, `"web2"`, `"web9"`, 1), "r.json: the record was changed by another hand: its checksum"},
		"a key":                     {strings.Replace(good, `"format"`, `"notes": "", "format"`, 1), `this is no record (json: unknown field "notes")`},
		"a type":                    {strings.Replace(good, `"web2"`, `2`, 1), "this is no record"},
		"a character more":          {good + "}", "r.json:42:2: there is more text after the record's end"},
		"more text":                 {good + "{}", "r.json:42:2: there is more text after the record's end"},
		"newer": {strings.Replace(good, `"format": 1`, `"format": 2`, 1),
			"r.json: this record has format 2, and this regal-inventory knows format 1: go on with the newer regal-inventory that wrote it"},
		"no version":   {resigned(func(r *Record) { r.Version = "" }), "the record has no version, no stem or no waves"},
		"no stem":      {resigned(func(r *Record) { r.Stem = "" }), "the record has no version, no stem or no waves"},
		"no waves":     {resigned(func(r *Record) { r.Waves = nil }), "the record has no version, no stem or no waves"},
		"a lost wave":  {resigned(func(r *Record) { r.Waves = append(r.Waves[:1], r.Waves[2:]...) }), "wave b2 stands where b1 should"},
		"out of order": {resigned(func(r *Record) { r.Waves[1].Done = at(1).At }), "wave b1 is done, and one before it is not"},
		"twice":        {resigned(func(r *Record) { r.Waves[1].Hosts[0] = "web1" }), "host web1 is in two waves"},
	} {
		_, err := decode("r.json", []byte(test.text))
		require.ErrorContains(t, err, test.want, name)
		require.Equal(t, name == "newer", errors.Is(err, errNewer), name)
		require.Len(t, inventory.Faults(err), 1, name)
	}
}

// FuzzDecode reads anything without a panic; what it takes for a record is written and read back as the same.
func FuzzDecode(f *testing.F) {
	record := begun(f, seven)
	record.Waves[0].Done = at(1).At
	f.Add(record.encode())
	f.Add([]byte("{}"))
	f.Add([]byte(`{"format": 2}`))
	var compact bytes.Buffer
	require.NoError(f, json.Compact(&compact, record.encode()))
	f.Add(compact.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		// A checksum is nothing that a fuzzer guesses.
		var read file
		if json.Unmarshal(data, &read) == nil && read.Format == format {
			read.Checksum = read.checksum()
			data = read.json()
		}
		record, err := decode("r.json", data)
		if err != nil {
			require.Nil(t, record)
			return
		}
		back, err := decode("r.json", record.encode())
		require.NoError(t, err)
		require.Equal(t, record, back)
	})
}
