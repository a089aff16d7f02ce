// Package bounded reads files of which nothing is known: they may be huge, endless, a pipe that nobody writes into, or just being
// written. It does not look at what stands in them.
package bounded

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// The errors of [ReadFile] besides those of the operating system and [TooLargeError].
var (
	ErrNotRegular = errors.New("it is no file but a pipe, a device or a folder")
	ErrChanged    = errors.New("it changed meanwhile; try again")
)

// Policy is how many bytes a policy file may have: enough for tens of thousands of versions, and too few for what is given by mistake,
// such as the dump of a database.
const Policy = 4 << 20

// TooLargeError is the error of a file that has more than Most bytes.
type TooLargeError struct{ Most int64 }

// Error returns a message with the bound in MiB, of which all bounds of this program are multiples.
func (e *TooLargeError) Error() string { return fmt.Sprintf("it has more than %d MiB", e.Most>>20) }

// ReadFile returns the bytes of a regular file that has at most that many, and never waits. The error is [ErrNotRegular]; [ErrChanged], if
// the file was written meanwhile, so that what was read may be a part of it; a [*TooLargeError]; or that of the operating system, see
// [WithoutPath].
func ReadFile(path string, most int64) ([]byte, error) {
	// Without O_NONBLOCK, opening a pipe waits until somebody writes into it.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, WithoutPath(err)
	}
	defer file.Close()
	before, err := file.Stat()
	switch {
	case err != nil:
		return nil, WithoutPath(err)
	case !before.Mode().IsRegular():
		return nil, ErrNotRegular
	case before.Size() > most:
		return nil, &TooLargeError{most}
	}
	data := make([]byte, before.Size())
	_, err = io.ReadFull(file, data)
	isShort := errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
	if err != nil && !isShort {
		return nil, WithoutPath(err)
	}
	after, err := file.Stat()
	if isShort || err != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return nil, ErrChanged
	}
	return data, nil
}

// WithoutPath returns what the operating system said of a file, without the path that Go puts before it: the caller's message has the path
// already. Any other error comes back as it is.
func WithoutPath(err error) error {
	var fault *fs.PathError
	if errors.As(err, &fault) {
		return fault.Err
	}
	var link *os.LinkError // of a link, or of a new name
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}
