// Package bounded reads files that may turn out to be anything: endless, huge, a pipe that nobody writes into, or in the
// middle of being written. It knows nothing of what stands in them.
package bounded

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// The files that are refused, besides those that the operating system does not let us read.
var (
	ErrNotRegular = errors.New("it is no file but a pipe, a device or a folder")
	ErrChanged    = errors.New("it changed meanwhile; try again")
)

// Policy is how many bytes a policy file may have: room for tens of thousands of versions, and a bound for a device or a dump
// given by mistake.
const Policy = 4 << 20

// TooLargeError is the error of a file that has more than Most bytes.
type TooLargeError struct{ Most int64 }

// Error returns the bound in MiB, as all bounds of this program are counted.
func (e *TooLargeError) Error() string { return fmt.Sprintf("it has more than %d MiB", e.Most>>20) }

// ReadFile returns the bytes of a regular file that has at most so many. The error is [ErrNotRegular], [ErrChanged] (what
// was read may be half of what the file is to be), a [*TooLargeError], or what the operating system said, without the
// path.
func ReadFile(path string, most int64) ([]byte, error) {
	// Opened for waiting, a pipe would keep us until somebody writes into it.
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

// WithoutPath returns what the operating system said, without the path that an error of the file system names as well: the
// caller's message has it already. Any other error comes back as it is.
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
