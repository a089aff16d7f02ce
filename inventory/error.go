package inventory

import (
	"errors"
	"fmt"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"
)

// Error is a fault of a source, a policy, a target or a record, at a place the user can go to. It is the one error type of
// this module: all packages return it, alone or several as [Errors].
//
// Kind says what is at fault. File is the source as the user named it. Line and Column count from 1, the column in
// characters; 0 where the fault has no place in a file. Err is what the operating system or a library said, if anything did.
type Error struct {
	Kind    ErrorKind
	File    string
	Line    int
	Column  int
	Message string
	Err     error
}

// ErrorKind says what is at fault, so that a program can tell errors apart without reading their messages:
//
//	var fault *inventory.Error
//	if errors.As(err, &fault) && fault.Kind == inventory.SourceError {
type ErrorKind uint8

// The kinds of errors.
const (
	UsageError  ErrorKind = iota // what was asked for cannot be, such as a group without a name
	SourceError                  // a source cannot be read, or is no inventory
	TargetError                  // a host pattern names what the inventory does not have, or is none
	PolicyError                  // a policy, or rules without a file, are wrong, or do not go with the inventory
	OutputError                  // the inventory holds what the output cannot carry
	RecordError                  // the record of a release is wrong, or does not go with what is to be done
)

// Error returns "file:line:column: message", leaving out what is not known.
func (e *Error) Error() string {
	var text strings.Builder
	if e.File != "" {
		text.WriteString(shown.File(e.File))
		text.WriteByte(':')
		if e.Line > 0 {
			fmt.Fprintf(&text, "%d:", e.Line)
			if e.Column > 0 {
				fmt.Fprintf(&text, "%d:", e.Column)
			}
		}
		text.WriteByte(' ')
	}
	text.WriteString(e.Message)
	if e.Err != nil {
		if e.Message != "" {
			text.WriteString(": ")
		}
		text.WriteString(e.Err.Error())
	}
	return text.String()
}

// Unwrap returns the cause, for [errors.Is] and [errors.As].
func (e *Error) Unwrap() error { return e.Err }

// Errors are several faults found in one go, in the order in which the user meets them. It is never empty.
type Errors []*Error

// Error returns the faults a line each.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, fault := range e {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the faults, for [errors.Is] and [errors.As].
func (e Errors) Unwrap() []error {
	faults := make([]error, len(e))
	for i, fault := range e {
		faults[i] = fault
	}
	return faults
}

// Faults returns the single faults of err, which may be an *Error, Errors, or anything else (then one Error that wraps
// it). It returns nil for nil.
func Faults(err error) Errors {
	if err == nil {
		return nil
	}
	var many Errors
	if errors.As(err, &many) {
		return many
	}
	var one *Error
	if errors.As(err, &one) {
		return Errors{one}
	}
	return Errors{{Err: err}}
}
