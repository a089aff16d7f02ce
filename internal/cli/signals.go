package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// endWithin is the time that a call has to end by itself after a signal. Two seconds of it are for the inventory program that it runs.
const endWithin = 3 * time.Second

// withSignals returns a context that the first signal ends: inventory programs are stopped then, and the call ends with a message. A
// second signal ends the process at once, and so does a call that takes too long to end. After stop, signals do what they did before.
func withSignals(stderr io.Writer) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	done := make(chan struct{})
	go func() {
		var late <-chan time.Time
		for {
			select {
			case <-done:
				return
			case <-late:
			case received := <-signals:
				if late == nil {
					cancel(fmt.Errorf("%v", received))
					late = time.After(endWithin)
					continue
				}
			}
			fmt.Fprintln(stderr, "regal-inventory: ended by a signal")
			os.Exit(exitWrong)
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}

// writer writes until its context is done; then it returns what ended the context as its error.
type writer struct {
	ctx context.Context
	to  io.Writer
}

func (w writer) Write(data []byte) (int, error) {
	if w.ctx.Err() != nil {
		return 0, context.Cause(w.ctx)
	}
	return w.to.Write(data)
}
