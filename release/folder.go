package release

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// maxRecord is how many bytes a record may have: that of a million hosts has 30 MB.
const maxRecord = 256 << 20

// The names in a record folder, besides those of records, which are STEM.json.
const (
	historyName = "history"
	lockName    = ".lock"
	ending      = ".json"
	unfinished  = ".tmp" // after the name of what was being written
)

// Folder keeps the records of releases under way, and below history those of releases that have ended. Readers need no lock:
// a record is there whole or not at all. Writers take turns.
type Folder struct {
	path string
	// step, if it is set, is called with its name before each step that changes the disk. Tests end the call there, as kill -9
	// would.
	step func(name string)
}

// NewFolder returns the folder of that path, which need not exist until a release begins.
func NewFolder(path string) *Folder { return &Folder{path: path} }

// Stored is a record and the file that it stands in.
type Stored struct {
	*Record
	File string
}

// UnderWay returns the records of all releases under way, by stem. The error is [inventory.Errors], one for each record that
// cannot be used; the others are returned all the same.
func (f *Folder) UnderWay() ([]*Stored, error) {
	entries, err := os.ReadDir(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, inventory.Errors{{Kind: inventory.RecordError, File: f.path, Message: "the record folder cannot be read", Err: bounded.WithoutPath(err)}}
	}
	var found []*Stored
	var faults inventory.Errors
	for _, entry := range entries {
		stem, isRecord := strings.CutSuffix(entry.Name(), ending)
		if !isRecord || strings.HasPrefix(stem, ".") {
			continue
		}
		record, err := f.Read(stem)
		switch {
		case err != nil:
			faults = append(faults, inventory.Faults(err)...)
		case record != nil && record.Ended.At.IsZero():
			found = append(found, record)
		}
	}
	if len(faults) > 0 {
		return found, faults
	}
	return found, nil
}

// Read returns the record of the release whose groups have that stem; nil if there is none.
func (f *Folder) Read(stem string) (*Stored, error) {
	path := f.file(stem)
	record, err := readRecord(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if record.Stem != stem {
		return nil, &inventory.Error{Kind: inventory.RecordError, File: path, Message: fmt.Sprintf("this is the record of %s, whose groups are %s_*: give it its name "+
			"%s back, or take it away", show(record.Version), show(record.Stem), show(record.Stem+ending))}
	}
	return &Stored{record, path}, nil
}

func readRecord(path string) (*Record, error) {
	data, err := bounded.ReadFile(path, maxRecord)
	if err != nil {
		return nil, &inventory.Error{Kind: inventory.RecordError, File: path, Message: "the record cannot be read", Err: err}
	}
	return decode(path, data)
}

func (f *Folder) file(stem string) string { return filepath.Join(f.path, stem+ending) }

// Begin keeps the record of a release that begins. One that is under way already gives the error of [Record.UnderWay].
func (f *Folder) Begin(ctx context.Context, record *Record) error {
	return f.locked(ctx, func() error {
		old, err := f.Read(record.Stem)
		if err != nil {
			return err
		}
		if old != nil && !old.Ended.At.IsZero() { // killed between ending it and moving it
			if _, err := f.moveToHistory(record.Stem, old.Ended.At); err != nil {
				return err
			}
		} else if old != nil {
			return old.UnderWay()
		}
		return f.write(record.Stem, record.encode(), false)
	})
}

// Change reads the record of that stem, has it changed, and keeps it if it became another.
func (f *Folder) Change(ctx context.Context, stem string, change func(*Record) error) error {
	return f.locked(ctx, func() error {
		record, err := f.Read(stem)
		if err != nil {
			return err
		}
		if record == nil || !record.Ended.At.IsZero() {
			return NoRelease(stem)
		}
		before := record.encode()
		if err := change(record.Record); err != nil {
			return err
		}
		after := record.encode()
		if bytes.Equal(before, after) {
			return nil
		}
		return f.write(stem, after, true)
	})
}

// End ends the release whose groups have that stem, and returns its record with the file in history. A record that is not as it
// was written is moved there as it is, and comes back without its record.
func (f *Folder) End(ctx context.Context, stem string, now Moment) (ended *Stored, err error) {
	err = f.locked(ctx, func() error {
		record, wrong := f.Read(stem)
		at := now.rounded().At
		switch {
		case errors.Is(wrong, errBroken):
			record = &Stored{}
		case wrong != nil:
			return wrong
		case record == nil:
			return NoRelease(stem)
		case record.Ended.At.IsZero():
			record.Ended = now.rounded()
			if err := f.write(stem, record.encode(), true); err != nil {
				return err
			}
		default: // killed between ending it and moving it
			at = record.Ended.At
		}
		path, err := f.moveToHistory(stem, at)
		if err != nil {
			return err
		}
		ended = &Stored{record.Record, path}
		return nil
	})
	return ended, err
}

// History returns the releases that have ended, the oldest first. A record that cannot be read is there without its record.
func (f *Folder) History() ([]*Stored, error) {
	folder := filepath.Join(f.path, historyName)
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &inventory.Error{Kind: inventory.RecordError, File: folder, Message: "the history cannot be read", Err: bounded.WithoutPath(err)}
	}
	var found []*Stored
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ending) || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		path := filepath.Join(folder, entry.Name())
		record, _ := readRecord(path) // nil if it cannot be read
		found = append(found, &Stored{record, path})
	}
	slices.SortStableFunc(found, func(a, b *Stored) int { return a.endedAt().Compare(b.endedAt()) })
	return found, nil
}

// historyTime is how the name of a file in history says when the release ended.
const historyTime = "20060102T150405Z"

// endedAt returns when the release ended, as its file's name says if the record does not.
func (s *Stored) endedAt() time.Time {
	if s.Record != nil {
		return s.Ended.At
	}
	parts := strings.Split(strings.TrimSuffix(filepath.Base(s.File), ending), "-")
	for _, part := range parts[1:] {
		if at, err := time.Parse(historyTime, part); err == nil {
			return at
		}
	}
	return time.Time{}
}
