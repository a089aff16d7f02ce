package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/mattn/go-runewidth"
)

// waiting is a line on a terminal that says what reading is waiting for, when that takes so long that people wonder. It is written anew
// each second, and erased when something else is to be written.
type waiting struct {
	to    io.Writer
	every time.Duration

	mu    sync.Mutex
	what  string
	since time.Time
	shown bool
	stop  chan struct{}
}

// newWaiting returns a line that is first written when patience has passed. With no patience it returns nil, whose methods write no such
// line.
func newWaiting(to io.Writer, patience time.Duration) *waiting {
	if patience == 0 {
		return nil
	}
	w := &waiting{to: to, every: patience, since: time.Now(), stop: make(chan struct{})}
	go w.tick()
	return w
}

// tick writes the line each second until end is called.
func (w *waiting) tick() {
	ticker := time.NewTicker(w.every)
	defer ticker.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-ticker.C:
			w.show()
		}
	}
}

// eraseLine takes the cursor to the start of the line and clears it.
const eraseLine = "\r\x1b[K"

// show writes the line, if there is anything to say and end has not been called.
func (w *waiting) show() {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.stop:
		return
	default:
	}
	if w.what == "" {
		return
	}
	const widest = 70 // columns: of a longer line that the terminal wraps, only the last part would be erased
	text := runewidth.Truncate(w.what, widest, "…")
	fmt.Fprintf(w.to, "%s%s, %d s", eraseLine, text, int(time.Since(w.since).Seconds()))
	w.shown = true
}

// say notes what reading is waiting for from now on.
func (w *waiting) say(what string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.what, w.since = what, time.Now()
}

// aside erases the line and has something else written; the line comes back within a second.
func (w *waiting) aside(write func()) {
	if w != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.erase()
	}
	write()
}

// end erases the line for good.
func (w *waiting) end() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.stop)
	w.erase()
}

// erase takes the line away, if it is there.
func (w *waiting) erase() {
	if w.shown {
		_, _ = io.WriteString(w.to, eraseLine) // an error of the terminal could only be reported there
	}
	w.shown = false
}
