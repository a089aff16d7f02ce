package release

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"
)

// locked does something while no other call changes the folder, which it makes if it is not there.
func (f *Folder) locked(ctx context.Context, do func() error) (err error) {
	if err := f.do("make the folder", func() error { return os.MkdirAll(f.path, 0o755) }); err != nil {
		return fault(f.path, "the record folder cannot be made", err)
	}
	path := filepath.Join(f.path, lockName)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return fault(path, "the record folder cannot be locked", err)
	}
	defer file.Close() // which gives the lock back, as the end of the process does
	if err := lock(ctx, file); err != nil {
		return fault(path, "the record folder cannot be locked", err)
	}
	return do()
}

// The lock is held for milliseconds; whoever holds it for longer than this hangs.
const (
	lockPatience = 30 * time.Second
	lockPause    = 5 * time.Millisecond
)

var errLocked = errors.New("another call has held the lock for half a minute; end it, and try again")

// lock waits for the lock of a file.
func lock(ctx context.Context, file *os.File) error {
	deadline := time.Now().Add(lockPatience)
	for {
		taken, err := tryLock(file)
		switch {
		case err != nil:
			return err
		case taken:
			return nil
		case time.Now().After(deadline):
			return errLocked
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(lockPause):
		}
	}
}
