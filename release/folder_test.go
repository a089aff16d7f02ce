package release

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// named returns the record of a release of another version, as if begun over the seven hosts.
func named(t testing.TB, stem string) *Record {
	record := begun(t, seven)
	record.Version, record.Stem = stem, stem
	return record
}

// markDone notes a wave in the folder.
func markDone(t testing.TB, folder *Folder, wave int) error {
	return folder.Change(context.Background(), "app_v1", func(record *Record) error {
		return record.MarkDone(applied(t, record, seven), wave, nil, at(wave+1).At)
	})
}

// listed returns what is written of releases that have ended.
func listed(t *testing.T, ended []*Stored) string {
	t.Helper()
	var text strings.Builder
	require.NoError(t, WriteHistory(&text, ended))
	return text.String()
}

func TestFolder(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "deep", ".regal")
	folder := NewFolder(path)
	underWay, err := folder.UnderWay()
	require.NoError(t, err)
	assert.Empty(t, underWay)
	assert.NoDirExists(t, path, "reading makes nothing")
	history, err := folder.History()
	require.NoError(t, err)
	assert.Empty(t, history)

	require.NoError(t, folder.Begin(ctx, begun(t, seven)))
	require.EqualError(t, folder.Begin(ctx, begun(t, seven)), begun(t, seven).UnderWay().Error())
	require.NoError(t, markDone(t, folder, 0))
	require.ErrorContains(t, markDone(t, folder, 2), "app_v1_b2 is not the next wave")
	underWay, err = folder.UnderWay()
	require.NoError(t, err)
	require.Len(t, underWay, 1)
	assert.Equal(t, "canary of 4 waves is done", underWay[0].Done())
	assert.Equal(t, filepath.Join(path, "app_v1.json"), underWay[0].File)

	before, err := os.Stat(underWay[0].File)
	require.NoError(t, err)
	require.NoError(t, markDone(t, folder, 0))
	after, err := os.Stat(underWay[0].File)
	require.NoError(t, err)
	assert.True(t, os.SameFile(before, after), "what changes nothing writes nothing")

	ended, err := folder.End(ctx, "app_v1", at(9))
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(path, "history", "app_v1-20261125T120900Z.json"), ended.File)
	_, err = folder.End(ctx, "app_v1", at(9))
	require.EqualError(t, err, "no release of app_v1 is under way: begin one with --begin")
	require.EqualError(t, markDone(t, folder, 1), "no release of app_v1 is under way: begin one with --begin")

	// A second release that ends in the same second takes no place away.
	require.NoError(t, folder.Begin(ctx, begun(t, seven)))
	for wave := range 4 {
		require.NoError(t, markDone(t, folder, wave))
	}
	ended, err = folder.End(ctx, "app_v1", at(9))
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(path, "history", "app_v1-20261125T120900Z-2.json"), ended.File)
	history, err = folder.History()
	require.NoError(t, err)
	require.Len(t, history, 2)
	assert.Equal(t, "2026-11-25T12:09:00Z  app-v1  released: all 4 waves are done, 7 hosts; begun 2026-11-25T12:00:00Z by "+
		"alice@ctl, ended by alice@ctl\n", listed(t, history[:1]))
	assert.Equal(t, "2026-11-25T12:09:00Z  app-v1  given up: canary of 4 waves is done, 1 host; begun 2026-11-25T12:00:00Z by "+
		"alice@ctl, ended by alice@ctl\n", listed(t, history[1:]))
}

// TestFolderThatIsNone has a file where a folder should be, and a folder where a file should be: nothing is lost, and the message says
// what could not be done.
func TestFolderThatIsNone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	_, err := NewFolder(file).UnderWay()
	require.EqualError(t, err, file+": the record folder cannot be read: not a directory")
	_, err = NewFolder(filepath.Join(file, "below")).UnderWay()
	require.EqualError(t, err, file+"/below: the record folder cannot be read: not a directory")
	require.EqualError(t, NewFolder(file).Begin(ctx, begun(t, seven)), file+": the record folder cannot be made: not a directory")

	folder := NewFolder(t.TempDir())
	require.NoError(t, folder.Begin(ctx, begun(t, seven)))
	require.NoError(t, folder.Begin(ctx, named(t, "other")))
	path := folder.file("app_v1")
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	blocked := filepath.Join(folder.path, ".app_v1.json.tmp")
	require.NoError(t, os.MkdirAll(filepath.Join(blocked, "in the way"), 0o755))
	_, err = folder.End(ctx, "app_v1", at(1))
	require.EqualError(t, err, path+": the record cannot be written: directory not empty")
	require.EqualError(t, markDone(t, folder, 0), path+": the record cannot be written: directory not empty")
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, before, after)

	history := filepath.Join(folder.path, historyName)
	require.NoError(t, os.WriteFile(history, nil, 0o644))
	_, err = folder.End(ctx, "other", at(1))
	require.EqualError(t, err, history+": the folder cannot be made: not a directory")
	again := folder.Begin(ctx, named(t, "other")) // which has ended, and could not be moved
	require.EqualError(t, again, history+": the folder cannot be made: not a directory")
	_, err = folder.History()
	require.EqualError(t, err, history+": the history cannot be read: not a directory")
	underWay, err := folder.UnderWay()
	require.NoError(t, err)
	require.Len(t, underWay, 1, "the other has ended, though it is not in history")
	require.ErrorIs(t, folder.Change(ctx, "other", func(*Record) error { return nil }), ErrNone)
	require.NoError(t, os.Remove(history))
	ended, err := folder.End(ctx, "other", at(5))
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(history, "other-20261125T120100Z.json"), ended.File, "when it ended, not when it was moved")

	require.NoError(t, os.Remove(filepath.Join(folder.path, lockName)))
	require.NoError(t, os.Mkdir(filepath.Join(folder.path, lockName), 0o755))
	require.EqualError(t, markDone(t, folder, 0), filepath.Join(folder.path, lockName)+": the record folder cannot be locked: is a directory")
}

// TestPutNew gives a file its name once, and never that of another.
func TestPutNew(t *testing.T) {
	t.Parallel()
	folder := NewFolder(t.TempDir())
	one, other := filepath.Join(folder.path, "one"), filepath.Join(folder.path, "other")
	require.ErrorIs(t, folder.putNew(one, other), fs.ErrNotExist)
	require.NoError(t, os.WriteFile(one, []byte("1"), 0o644))
	require.NoError(t, os.WriteFile(other, []byte("2"), 0o644))
	require.ErrorIs(t, folder.putNew(one, other), fs.ErrExist)
	text, err := os.ReadFile(other)
	require.NoError(t, err)
	assert.Equal(t, "2", string(text))
	require.NoError(t, os.Remove(other))
	require.NoError(t, folder.putNew(one, other))
	require.NoFileExists(t, one)
	require.FileExists(t, other)

	// A folder cannot have two names: that is how a file system without hard links answers for every file.
	require.NoError(t, os.Mkdir(one, 0o755))
	require.ErrorIs(t, folder.putNew(one, other), fs.ErrExist)
	require.DirExists(t, one)
	require.NoError(t, os.Remove(other))
	require.NoError(t, folder.putNew(one, other))
	require.DirExists(t, other)
}

// TestFolderThatGoes is taken away by somebody while a record is written.
func TestFolderThatGoes(t *testing.T) {
	t.Parallel()
	folder := NewFolder(filepath.Join(t.TempDir(), "records"))
	folder.step = func(name string) {
		if name == "tidy" {
			require.NoError(t, os.RemoveAll(folder.path))
		}
	}
	require.EqualError(t, folder.Begin(context.Background(), begun(t, seven)),
		folder.file("app_v1")+": the record cannot be written: no such file or directory")
}

// TestHistoryWithABrokenRecord says of it when it ended, as its name has it, and lists the others too.
func TestHistoryWithABrokenRecord(t *testing.T) {
	t.Parallel()
	good := begun(t, seven)
	good.Ended = at(9)
	assert.Equal(t, "2026-11-25T12:03:00Z  history/my-app-20261125T120300Z-2.json cannot be read\n"+
		"2026-11-25T12:09:00Z  app-v1  given up: none of 4 waves is done, 0 hosts; begun 2026-11-25T12:00:00Z by alice@ctl, ended by alice@ctl\n"+
		"0001-01-01T00:00:00Z  history/odd.json cannot be read\n",
		listed(t, []*Stored{{nil, "history/my-app-20261125T120300Z-2.json"}, {good, "good.json"}, {nil, "history/odd.json"}}))
}

// TestRecordThatGoes is taken away by somebody while it is moved to history.
func TestRecordThatGoes(t *testing.T) {
	t.Parallel()
	folder := NewFolder(t.TempDir())
	require.NoError(t, folder.Begin(context.Background(), begun(t, seven)))
	folder.step = func(name string) {
		if name == "move" {
			require.NoError(t, os.Remove(folder.file("app_v1")))
		}
	}
	ended, err := folder.End(context.Background(), "app_v1", at(9))
	require.ErrorContains(t, err, "app_v1-20261125T120900Z.json: the record cannot be moved to history: no such file or directory")
	assert.Nil(t, ended)
}

// TestUnfinishedRecord is overwritten: a call that was killed has left it.
func TestUnfinishedRecord(t *testing.T) {
	t.Parallel()
	folder := NewFolder(t.TempDir())
	require.NoError(t, os.WriteFile(filepath.Join(folder.path, ".app_v1.json.tmp"), []byte("half of a rec"), 0o644))
	require.NoError(t, folder.Begin(context.Background(), begun(t, seven)))
	record, err := folder.Read("app_v1")
	require.NoError(t, err)
	assert.Equal(t, begun(t, seven), record.Record)
	assert.Empty(t, glob(t, filepath.Join(folder.path, ".*.tmp")))
}

// TestHistoryInOrder lists releases as they ended, whatever they are called, and passes over what is no record.
func TestHistoryInOrder(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	folder := NewFolder(t.TempDir())
	for minute, stem := range []string{"c", "a", "b"} {
		require.NoError(t, folder.Begin(ctx, named(t, stem)))
		_, err := folder.End(ctx, stem, at(minute))
		require.NoError(t, err)
	}
	require.NoError(t, folder.Begin(ctx, named(t, "d")))
	for _, path := range []string{folder.path, filepath.Join(folder.path, historyName)} {
		for _, name := range []string{".hidden.json", "notes.txt"} {
			require.NoError(t, os.WriteFile(filepath.Join(path, name), []byte("no record"), 0o644))
		}
	}
	ended, err := folder.History()
	require.NoError(t, err)
	var stems []string
	for _, one := range ended {
		stems = append(stems, one.Stem)
	}
	assert.Equal(t, []string{"c", "a", "b"}, stems)
	require.NoError(t, os.Symlink("nowhere", filepath.Join(folder.path, "gone.json"))) // as one that goes while the folder is read
	underWay, err := folder.UnderWay()
	require.NoError(t, err)
	require.Len(t, underWay, 1)
	assert.Equal(t, "d", underWay[0].Stem)
}

// TestLockOfAClosedFile says that there is no lock, in place of waiting for it.
func TestLockOfAClosedFile(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), lockName))
	require.NoError(t, err)
	require.NoError(t, file.Close())
	err = lock(context.Background(), file)
	require.Error(t, err)
	require.NotErrorIs(t, err, errLocked)
}

// TestBrokenRecords are errors, of which --end is the way out; a newer one and one with another's name are left alone.
func TestBrokenRecords(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	folder := NewFolder(t.TempDir())
	require.NoError(t, folder.Begin(ctx, begun(t, seven)))
	require.NoError(t, folder.Begin(ctx, named(t, "good")))
	path := folder.file("app_v1")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	write := func(path string, data []byte) { require.NoError(t, os.WriteFile(path, data, 0o644)) }

	write(path, data[:100])
	readable, err := folder.UnderWay()
	require.ErrorContains(t, err, path+":6:")
	require.ErrorContains(t, err, "the record ends too early")
	require.Len(t, readable, 1)
	require.ErrorContains(t, folder.Begin(ctx, begun(t, seven)), "the record ends too early")
	require.ErrorContains(t, markDone(t, folder, 0), "the record ends too early")
	ended, err := folder.End(ctx, "app_v1", at(3))
	require.NoError(t, err)
	assert.Nil(t, ended.Record)
	moved, err := os.ReadFile(ended.File)
	require.NoError(t, err)
	assert.Equal(t, data[:100], moved, "as it was")
	history, err := folder.History()
	require.NoError(t, err)
	assert.Equal(t, "2026-11-25T12:03:00Z  "+ended.File+" cannot be read\n", listed(t, history))

	newer := []byte(strings.Replace(string(data), `"format": 1`, `"format": 3`, 1))
	write(path, newer)
	_, err = folder.End(ctx, "app_v1", at(4))
	require.ErrorContains(t, err, "this record has format 3")
	require.ErrorContains(t, folder.Begin(ctx, begun(t, seven)), "this record has format 3")
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, newer, kept)
	require.NoError(t, os.Remove(path))

	write(folder.file("other"), data)
	_, err = folder.UnderWay()
	require.ErrorContains(t, err, "this is the record of app-v1, whose groups are app_v1_*: give it its name app_v1.json back")
	require.NoError(t, os.Remove(folder.file("other")))

	require.NoError(t, os.Mkdir(folder.file("folder"), 0o755))
	_, err = folder.UnderWay()
	require.ErrorContains(t, err, "the record cannot be read: it is no file but a pipe, a device or a folder")
}

// TestFiftyAtOnce has fifty callers write, and others read all the while: one begins a release that all want to begin, no record
// is lost, and nobody sees half of one.
func TestFiftyAtOnce(t *testing.T) {
	t.Parallel()
	const callers = 50
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), ".regal")
	var reading sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		reading.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					_, err := NewFolder(path).UnderWay()
					assert.NoError(t, err)
				}
			}
		})
	}
	at50 := func(call func(i int)) {
		var all sync.WaitGroup
		for i := range callers {
			all.Go(func() { call(i) })
		}
		all.Wait()
	}
	var begins, refused atomic.Int32
	at50(func(int) {
		switch err := NewFolder(path).Begin(ctx, begun(t, seven)); {
		case err == nil:
			begins.Add(1)
		case strings.Contains(err.Error(), "is under way since"):
			refused.Add(1)
		default:
			assert.NoError(t, err)
		}
	})
	assert.EqualValues(t, 1, begins.Load())
	assert.EqualValues(t, callers-1, refused.Load())
	at50(func(i int) { assert.NoError(t, NewFolder(path).Begin(ctx, named(t, fmt.Sprintf("v%d", i)))) })
	// Every caller takes one host out of the canary of one record, so that a change that is lost would show.
	at50(func(i int) {
		assert.NoError(t, NewFolder(path).Change(ctx, "app_v1", func(record *Record) error {
			record.Waves[0].Left = append(record.Waves[0].Left, fmt.Sprintf("gone%d", i))
			return nil
		}))
	})
	record, err := NewFolder(path).Read("app_v1")
	require.NoError(t, err)
	assert.Len(t, record.Waves[0].Left, callers)
	underWay, err := NewFolder(path).UnderWay()
	require.NoError(t, err)
	assert.Len(t, underWay, callers+1)
	at50(func(i int) {
		_, err := NewFolder(path).End(ctx, fmt.Sprintf("v%d", i), at(1))
		assert.NoError(t, err)
	})
	close(stop)
	reading.Wait()
	history, err := NewFolder(path).History()
	require.NoError(t, err)
	assert.Len(t, history, callers)
}

// killed is what ends a call as kill -9 does: nothing is tidied up, and what the process had open is closed.
type killed struct{}

// upTo calls act with a folder that is killed before its step of that number, and tells whether it got there, and its name.
func upTo(t *testing.T, path string, step int, torn bool, act func(*Folder) error) (name string, reached bool) {
	t.Helper()
	folder := NewFolder(path)
	count := 0
	folder.step = func(at string) {
		if count == step {
			name, reached = at, true
			if torn && at == "write" {
				for _, unfinished := range glob(t, filepath.Join(path, ".*.tmp")) {
					require.NoError(t, os.WriteFile(unfinished, []byte(`{"format": 1, "ver`), 0o644))
				}
			}
			panic(killed{})
		}
		count++
	}
	defer func() {
		if recovered := recover(); recovered != nil && recovered != (killed{}) {
			panic(recovered)
		}
	}()
	require.NoError(t, act(folder))
	return "", false
}

func glob(t *testing.T, pattern string) []string {
	found, err := filepath.Glob(pattern)
	require.NoError(t, err)
	return found
}

// TestKilledBetweenAnyTwoSteps kills each call before each of its steps, and in the middle of writing, and calls again: the
// record is always one that can be read, either as it was before the call or as after it, and in the end the release is what it
// would have been.
func TestKilledBetweenAnyTwoSteps(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	isUnderWay := func(err error) bool { return err != nil && strings.Contains(err.Error(), "is under way since") }
	isNone := func(err error) bool {
		return err != nil && strings.Contains(err.Error(), "no release of app_v1 is under way")
	}
	never := func(error) bool { return false }
	calls := []struct {
		name string
		act  func(*Folder) error
		done func(error) bool // the error that says that the killed call had come to its end
	}{
		{"begin", func(f *Folder) error { return f.Begin(ctx, begun(t, seven)) }, isUnderWay},
		{"done canary", func(f *Folder) error { return markDone(t, f, 0) }, never},
		{"resume", func(f *Folder) error {
			return f.Change(ctx, "app_v1", func(record *Record) error {
				record.Resume(applied(t, record, seven+" new1"), at(2).At)
				return nil
			})
		}, never},
		{"done b1", func(f *Folder) error { return markDone(t, f, 1) }, never},
		{"end", func(f *Folder) error { _, err := f.End(ctx, "app_v1", at(9)); return err }, isNone},
		{"begin again", func(f *Folder) error { return f.Begin(ctx, begun(t, seven)) }, isUnderWay},
	}
	state := func(path string) string {
		underWay, err := NewFolder(path).UnderWay()
		require.NoError(t, err)
		history, err := NewFolder(path).History()
		require.NoError(t, err)
		text := ""
		for _, record := range underWay {
			text += string(record.encode())
		}
		for _, record := range history {
			require.NotNil(t, record.Record)
			text += "history " + string(record.encode())
		}
		return text
	}
	kills := 0
	for i, call := range calls {
		for _, torn := range []bool{false, true} {
			for step := 0; ; step++ {
				path := filepath.Join(t.TempDir(), ".regal")
				for _, before := range calls[:i] {
					require.NoError(t, before.act(NewFolder(path)))
				}
				was := state(path)
				name, reached := upTo(t, path, step, torn, call.act)
				if !reached {
					require.Positive(t, step)
					break
				}
				kills++
				is := state(path)
				if err := call.act(NewFolder(path)); err != nil {
					require.True(t, call.done(err), "%s, killed before %s: %v", call.name, name, err)
				}
				will := state(path)
				ended := call.name == "end" && strings.Count(is, "history") == 0 && is == ""
				require.True(t, is == was || is == will || ended, "%s, killed before %s: %s", call.name, name, is)
				if call.name == "end" {
					require.Equal(t, 1, strings.Count(will, "history"), "killed before %s", name)
				}
				for _, after := range calls[i+1:] {
					require.NoError(t, after.act(NewFolder(path)), "%s, killed before %s, then %s", call.name, name, after.name)
				}
				whole := filepath.Join(t.TempDir(), ".regal")
				for _, each := range calls {
					require.NoError(t, each.act(NewFolder(whole)))
				}
				require.Equal(t, state(whole), state(path), "%s, killed before %s", call.name, name)
				if i < len(calls)-1 {
					require.Empty(t, glob(t, filepath.Join(path, ".*.tmp")), "the next who writes tidies up")
				}
			}
		}
	}
	assert.GreaterOrEqual(t, kills, 60)
}

// TestEndThatWasKilled is finished by the next release that begins, too.
func TestEndThatWasKilled(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for step := 0; ; step++ {
		path := t.TempDir()
		require.NoError(t, NewFolder(path).Begin(ctx, begun(t, seven)))
		_, reached := upTo(t, path, step, false, func(f *Folder) error { _, err := f.End(ctx, "app_v1", at(9)); return err })
		if !reached {
			break
		}
		err := NewFolder(path).Begin(ctx, begun(t, seven))
		history, wrong := NewFolder(path).History()
		require.NoError(t, wrong)
		if err != nil { // it had not ended yet
			require.ErrorContains(t, err, "is under way")
			require.Empty(t, history)
			continue
		}
		require.Len(t, history, 1)
		require.Equal(t, at(9), history[0].Ended)
		underWay, err := NewFolder(path).UnderWay()
		require.NoError(t, err)
		require.Len(t, underWay, 1, "the new release is recorded")
		require.Equal(t, begun(t, seven), underWay[0].Record)
	}
}

// TestWrittenInOrder keeps the order of the steps on which all that rests when the power fails: a record has its name only
// after it is on the disk.
func TestWrittenInOrder(t *testing.T) {
	t.Parallel()
	folder := NewFolder(t.TempDir())
	var steps []string
	folder.step = func(name string) { steps = append(steps, name) }
	require.NoError(t, folder.Begin(context.Background(), begun(t, seven)))
	assert.Equal(t, []string{"make the folder", "tidy", "write", "sync", "link", "unlink", "sync the folder"}, steps)
	steps = nil
	require.NoError(t, markDone(t, folder, 0))
	assert.Equal(t, []string{"make the folder", "tidy", "write", "sync", "rename", "sync the folder"}, steps)
	for wave := 1; wave < 4; wave++ {
		require.NoError(t, markDone(t, folder, wave))
	}
	steps = nil
	_, err := folder.End(context.Background(), "app_v1", at(9))
	require.NoError(t, err)
	assert.Equal(t, []string{"make history", "move", "sync history", "sync " + filepath.Base(folder.path)}, steps[len(steps)-4:])
	// What else lies in history is none.
	require.NoError(t, os.WriteFile(filepath.Join(folder.path, historyName, "README.txt"), []byte("kept for the audit"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder.path, historyName, ".app.json"), []byte("{"), 0o600))
	history, err := folder.History()
	require.NoError(t, err)
	assert.Len(t, history, 1)
}

// TestFullDisk leaves the record as it was, and nothing beside it.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	require.NoError(t, NewFolder(path).Begin(context.Background(), begun(t, seven)))
	folder := NewFolder(path)
	folder.step = func(name string) {
		if name == "rename" { // what is to be renamed is gone
			require.NoError(t, os.Remove(filepath.Join(path, ".app_v1.json.tmp")))
		}
	}
	err := markDone(t, folder, 0)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, "app_v1.json: the record cannot be written: no such file or directory")
	record, err := NewFolder(path).Read("app_v1")
	require.NoError(t, err)
	assert.Equal(t, "none of 4 waves is done", record.Done())
}

// TestLockThatIsHeld waits for it, and gives up when the call is to end.
func TestLockThatIsHeld(t *testing.T) {
	t.Parallel()
	folder := NewFolder(t.TempDir())
	holding, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		assert.NoError(t, folder.locked(context.Background(), func() error {
			close(holding)
			<-release
			return nil
		}))
	})
	<-holding
	stopped := errors.New("stopped")
	ctx, stop := context.WithCancelCause(context.Background())
	time.AfterFunc(20*time.Millisecond, func() { stop(stopped) })
	require.ErrorIs(t, NewFolder(folder.path).Begin(ctx, begun(t, seven)), stopped)
	close(release)
	all.Wait()
	require.NoError(t, NewFolder(folder.path).Begin(context.Background(), begun(t, seven)))
}

// releaseForever names, in the environment of a child of the tests, a folder in which it begins and ends releases for ever.
const releaseForever = "REGAL_TEST_RELEASE_FOREVER"

func beginAndEndForever(path string) {
	t := &testing.T{}
	ctx := context.Background()
	for {
		folder := NewFolder(path)
		_ = folder.Begin(ctx, begun(t, seven))
		for wave := range 4 {
			_ = markDone(t, folder, wave)
		}
		_, _ = folder.End(ctx, "app_v1", at(9))
	}
}

// TestKilledProcesses kills whole processes at any moment: what they leave can always be read, and the next goes on from it.
func TestKilledProcesses(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	self, err := os.Executable()
	require.NoError(t, err)
	for round := range 25 {
		child := exec.Command(self)
		child.Env = append(os.Environ(), releaseForever+"="+path)
		require.NoError(t, child.Start())
		if round == 0 {
			assert.Eventually(t, func() bool { return len(glob(t, filepath.Join(path, historyName, "*"))) > 0 }, time.Minute,
				time.Millisecond, "the child does nothing")
		}
		time.Sleep(time.Duration(rand.IntN(150)) * time.Millisecond)
		require.NoError(t, child.Process.Kill())
		_ = child.Wait()
		_, err := NewFolder(path).UnderWay()
		require.NoError(t, err)
		history, err := NewFolder(path).History()
		require.NoError(t, err)
		for _, one := range history {
			require.NotNil(t, one.Record, one.File)
			require.Equal(t, "all 4 waves are done", one.Done())
		}
	}
}
