package release

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// write puts the text of a record into its file: all of it, or on any failure nothing. With replace it takes the place of the one that
// is there, without there must be none. The lock is held.
func (f *Folder) write(stem string, text []byte, replace bool) error {
	path := f.file(stem)
	temporary := filepath.Join(f.path, "."+stem+ending+unfinished)
	err := f.writeSynced(temporary, text)
	if err == nil && replace {
		err = f.do("rename", func() error { return os.Rename(temporary, path) })
	} else if err == nil {
		err = f.putNew(temporary, path)
	}
	if err == nil {
		err = f.do("sync the folder", func() error { return syncFolder(f.path) })
	}
	if err != nil {
		return fault(path, "the record cannot be written", err)
	}
	return nil
}

// writeSynced writes a file that is on the disk when it returns. What a call that was killed has left there is overwritten.
func (f *Folder) writeSynced(path string, data []byte) error {
	err := f.do("tidy", func() error { return os.Remove(path) })
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	err = f.do("write", func() error {
		_, err := file.Write(data)
		return err
	})
	if err == nil {
		err = f.do("sync", file.Sync)
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		_ = os.Remove(path) // half of a record is of no use; that of a full disk is in the way
	}
	return err
}

// putNew gives a file its name, and fails if there is one of that name. Where files cannot have two names, the lock alone
// keeps two calls apart.
func (f *Folder) putNew(temporary, path string) error {
	err := f.do("link", func() error { return os.Link(temporary, path) })
	switch {
	case err == nil:
		return f.do("unlink", func() error { return os.Remove(temporary) })
	case errors.Is(err, fs.ErrExist):
		return err
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fs.ErrExist
	}
	return f.do("rename", func() error { return os.Rename(temporary, path) })
}

// moveToHistory moves the record of that stem to history and returns its path there.
func (f *Folder) moveToHistory(stem string, ended time.Time) (string, error) {
	folder := filepath.Join(f.path, historyName)
	if err := f.do("make history", func() error { return os.MkdirAll(folder, 0o755) }); err != nil {
		return "", fault(folder, "the folder cannot be made", err)
	}
	name := stem + "-" + ended.UTC().Format(historyTime)
	path := filepath.Join(folder, name+ending)
	for again := 2; ; again++ {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			break
		}
		path = filepath.Join(folder, fmt.Sprintf("%s-%d%s", name, again, ending))
	}
	err := f.do("move", func() error { return os.Rename(f.file(stem), path) })
	for _, changed := range []string{folder, f.path} {
		if err == nil {
			err = f.do("sync "+filepath.Base(changed), func() error { return syncFolder(changed) })
		}
	}
	if err != nil {
		return "", fault(path, "the record cannot be moved to history", err)
	}
	return path, nil
}

// do takes one step.
func (f *Folder) do(name string, action func() error) error {
	if f.step != nil {
		f.step(name)
	}
	return action()
}

func fault(path, message string, err error) error {
	return &inventory.Error{Kind: inventory.RecordError, File: path, Message: message, Err: bounded.WithoutPath(err)}
}
