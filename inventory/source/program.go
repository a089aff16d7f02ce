package source

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/json"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

const (
	// defaultTimeout is how long a run of a program may take when Options do not say.
	defaultTimeout = 2 * time.Minute
	// grace is the time that a program has to end after it was told to.
	grace = 2 * time.Second
	// maxComplaint is how many bytes of a program's standard error are passed on.
	maxComplaint = 1 << 20
)

// programKind tells whether, and by which sign, Ansible takes a file for a program (script.py, verify_file).
func (r *reader) programKind(path string) (programKind, error) {
	file, err := os.Open(path)
	if err != nil {
		return notProgram, r.fail("the source cannot be read", bounded.WithoutPath(err))
	}
	defer file.Close()
	var start [2]byte
	if _, err := io.ReadFull(file, start[:]); err == nil && string(start[:]) == "#!" {
		return scriptFile, nil
	}
	if mayExecute(path) {
		return executableFile, nil
	}
	return notProgram, nil
}

type programKind uint8

const (
	notProgram     programKind = iota
	executableFile             // without #!
	scriptFile                 // with #!
)

// hint says what to do about a file of this kind that cannot be run.
func (k programKind) hint(cause error) string {
	switch {
	case k == scriptFile && errors.Is(cause, fs.ErrPermission):
		return "it begins with #!, so it is taken for a program: make it one with chmod +x, or take that line away"
	case k == scriptFile:
		return "its first line names the program that is to read it, without a carriage return at its end, as Windows writes it"
	}
	return "a file that may be executed is taken for a program; if it is a text, take that permission away with chmod -x"
}

// stopped is the cause of an error about a program that was stopped before its end.
type stopped struct {
	reason string
	cause  error
}

// Error returns the reason.
func (s *stopped) Error() string { return s.reason }

// Unwrap returns the cause: that of the context, or [context.DeadlineExceeded] where the time was over.
func (s *stopped) Unwrap() error { return s.cause }

// notStarted is the cause of an error about a program that could not be started.
type notStarted struct{ cause error }

// Error returns what the operating system said.
func (n *notStarted) Error() string { return n.cause.Error() }

// Unwrap returns the cause.
func (n *notStarted) Unwrap() error { return n.cause }

// readProgram reads the inventory that the program at path prints (ansible/plugins/inventory/script.py, parse).
func (r *reader) readProgram(path string) error {
	// As Ansible does, so that programs in the working directory are found, and know themselves by the same name.
	absolute, err := filepath.Abs(path)
	if err != nil {
		return r.fail("the program cannot be run", err)
	}
	output, status, err := r.run(nil, absolute, "--list")
	if err != nil {
		return err
	}
	if status != nil {
		return r.fail("the program failed", status)
	}
	data, err := r.parseOutput(output, "the program")
	if err != nil {
		return err
	}
	return r.readScript(data, func(host string) (inventory.Value, error) { return r.askHost(absolute, host) })
}

// parseOutput reads the JSON map that a program has printed, or that has come on standard input.
func (r *reader) parseOutput(output, origin string) (inventory.Value, error) {
	if !utf8.ValidString(output) {
		return inventory.Value{}, r.fail("the output of "+origin+" is not UTF-8", nil)
	}
	data, err := json.Parse(output)
	if err != nil {
		return inventory.Value{}, r.fail(fmt.Sprintf("the output of %s is not valid JSON: line %d, column %d: %s",
			origin, err.Line, err.Column, err.Message), nil)
	}
	if data.Kind() != inventory.Map {
		return inventory.Value{}, r.fail("the output of "+origin+" must be a JSON map of groups", nil)
	}
	return data, nil
}

// askHost runs the program with --host (script.py, get_host_variables). What comes must be JSON, though Ansible before 2.19
// takes YAML too. Nothing at all means no variables since 2.19, and is an error before; a failure is an error since 2.19,
// and before it does not count: here there is a warning.
func (r *reader) askHost(program, host string) (inventory.Value, error) {
	output, status, err := r.run(nil, program, "--host", host)
	if err != nil {
		return inventory.Value{}, err
	}
	isNew, err := true, error(nil)
	if status != nil || python.Strip(output) == "" {
		if isNew, err = r.Ansible.Since(2, 19); err != nil {
			return inventory.Value{}, err
		}
	}
	switch {
	case status != nil && isNew:
		return inventory.Value{}, r.fail(fmt.Sprintf("the program failed for --host %s", shown.Name(host)), status)
	case python.Strip(output) == "" && isNew:
		return inventory.NewMap(inventory.Vars{}), nil
	case status != nil:
		r.Warn(fmt.Sprintf("the program failed for --host %s: %s; what it printed counts all the same, as it does for Ansible",
			shown.Name(host), status))
	}
	if !utf8.ValidString(output) {
		return inventory.Value{}, r.fail(fmt.Sprintf("what the program prints for --host %s is not UTF-8", shown.Name(host)), nil)
	}
	data, fault := json.Parse(output)
	if fault != nil {
		return inventory.Value{}, r.fail(fmt.Sprintf("what the program prints for --host %s is not valid JSON: line %d, column %d: %s",
			shown.Name(host), fault.Line, fault.Column, fault.Message), nil)
	}
	return data, nil
}

// run runs a program and returns what it prints, and as status its exit status if that is not 0. It runs in the working
// directory, with the environment and what environment adds to it, with nothing to read, and as the leader of a session,
// and so of a process group. Its standard error is passed on as warnings.
//
// err is not nil if the program could not be started, or had to be stopped: after the time limit, when it prints too much,
// or when the context is done. Then no process of its group is left, nor, where there is a /proc, one that has left the
// group but kept the environment.
func (r *reader) run(environment []string, program string, arguments ...string) (output string, status, err error) {
	return r.runPassing(r.passOn, environment, program, arguments...)
}

// runQuietly is run for a program whose standard error may tell what nobody shall read.
func (r *reader) runQuietly(program string, arguments ...string) (output string, status, err error) {
	drop := func(stderr io.Reader) { _, _ = io.Copy(io.Discard, stderr) }
	return r.runPassing(drop, nil, program, arguments...)
}

func (r *reader) runPassing(
	stderrTo func(io.Reader), environment []string, program string, arguments ...string,
) (output string, status, err error) {
	ctx, stop := context.WithCancelCause(r.ctx)
	defer stop(nil)
	r.options.progress("waiting for " + shown.File(filepath.Base(program)) + " " + shown.File(strings.Join(arguments, " ")))
	command := exec.Command(program, arguments...)
	command.Env = append(os.Environ(), environment...)
	mark := ""
	if r.options.Mark != "" {
		mark = fmt.Sprintf("%s=%d-%d", r.options.Mark, os.Getpid(), time.Now().UnixNano())
		command.Env = append(command.Env, mark)
	}
	// Without a terminal, what wants to ask for a password fails at once; otherwise it would stop, and we wait.
	startSession(command)
	stdout, err := command.StdoutPipe()
	if err != nil {
		return "", nil, r.fail("the program cannot be run", err)
	}
	stderr, err := command.StderrPipe()
	if err != nil {
		return "", nil, r.fail("the program cannot be run", err)
	}
	if ctx.Err() != nil {
		return "", nil, r.interrupted(ctx)
	}
	if err := command.Start(); err != nil {
		return "", nil, r.fail("the program cannot be run", &notStarted{bounded.WithoutPath(err)})
	}
	limit := time.AfterFunc(r.options.Timeout, func() {
		reason := fmt.Sprintf("it took more than %v", r.options.Timeout)
		if hint := r.options.TimeoutHint; hint != "" {
			reason += "; " + hint
		}
		stop(&stopped{reason, context.DeadlineExceeded})
	})
	defer limit.Stop()

	var pipes sync.WaitGroup
	pipes.Go(func() { stderrTo(stderr) })
	pipes.Go(func() {
		var err error
		if output, err = readBounded(stdout); err != nil {
			stop(&stopped{err.Error(), err})
		}
	})
	ended := make(chan error, 1)
	go func() {
		pipes.Wait()
		ended <- command.Wait()
	}()
	select {
	case status = <-ended:
	case <-ctx.Done():
		endProgram(command.Process.Pid, ended, stdout, stderr)
		if mark != "" {
			killMarked(mark)
		}
	}
	if ctx.Err() != nil {
		return "", nil, r.interrupted(ctx)
	}
	if status != nil {
		killSession(command.Process.Pid)
	}
	return output, status, nil
}

// interrupted returns the error of a program that was stopped, or not started any more.
func (r *reader) interrupted(ctx context.Context) error {
	cause := context.Cause(ctx)
	var stop *stopped
	if !errors.As(cause, &stop) {
		stop = &stopped{cause.Error(), cause}
	}
	return r.fail("the program was stopped", stop)
}

// endProgram tells the processes of a session to end, so that they can end theirs, and kills them if they do not. It returns
// when the program has ended and its output is no longer read.
func endProgram(leader int, ended <-chan error, pipes ...io.Closer) {
	endSession(leader)
	hasEnded := false
	select {
	case <-ended:
		hasEnded = true
	case <-time.After(grace):
	}
	killSession(leader)
	// A process that has left the session may hold the pipes open.
	for _, pipe := range pipes {
		_ = pipe.Close()
	}
	if !hasEnded {
		<-ended
	}
}

// readBounded reads to the end of a program's output, or of standard input.
func readBounded(from io.Reader) (string, error) {
	const piece = 1 << 20 // to join pieces takes less memory than to let one buffer grow
	var pieces [][]byte
	size := 0
	for {
		buffer := make([]byte, piece)
		n, err := io.ReadFull(from, buffer)
		pieces = append(pieces, buffer[:n])
		switch size += n; {
		case size > maxSourceSize:
			return "", fmt.Errorf("it printed more than %d MiB", maxSourceSize>>20)
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return join(pieces, size), nil
		case err != nil:
			return "", err
		}
	}
}

// join returns the pieces as one text and lets go of each on the way.
func join(pieces [][]byte, size int) string {
	var text strings.Builder
	text.Grow(size)
	for i, piece := range pieces {
		text.Write(piece)
		pieces[i] = nil
	}
	return text.String()
}

// passOn warns of each line that comes, up to a bound, and reads on to the end.
func (r *reader) passOn(stderr io.Reader) {
	lines := bufio.NewScanner(io.LimitReader(stderr, maxComplaint))
	lines.Buffer(nil, maxComplaint+1)
	for lines.Scan() {
		if line := bytes.TrimRight(lines.Bytes(), "\r"); len(line) > 0 {
			r.Warn(strings.Map(visible, string(line)))
		}
	}
	if rest, _ := io.Copy(io.Discard, stderr); rest > 0 {
		r.Warn("the program writes more to standard error; the rest is left out")
	}
}

// visible replaces what a terminal could take for a command.
func visible(c rune) rune {
	if c == '\t' || unicode.IsPrint(c) {
		return c
	}
	return utf8.RuneError
}

// askVersion runs a program of Ansible's with --version. That it fails is no error here: it may be a broken one that
// nothing else needs.
func (r *reader) askVersion(program string) (string, error) {
	answer, status, err := r.run(nil, program, "--version")
	if err != nil {
		return "", err
	}
	if status != nil {
		return "", nil
	}
	return answer, nil
}
