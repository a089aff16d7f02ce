package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/mattn/go-runewidth"
)

// waiting is a line on a terminal that tells what reading is busy with, when that takes long enough for people to wonder. It is
// written anew each second, and gone when something else is to be written.
type waiting struct {
	to    io.Writer
	every time.Duration

	mu    sync.Mutex
	what  string
	since time.Time
	shown bool
	stop  chan struct{}
}

// newWaiting returns a line that first shows after patience has passed. Without patience there is never one, and it is nil, which
// is good for all methods.
func newWaiting(to io.Writer, patience time.Duration) *waiting {
	if patience == 0 {
		return nil
	}
	w := &waiting{to: to, every: patience, since: time.Now(), stop: make(chan struct{})}
	go w.tick()
	return w
}

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
	const widest = 70 // columns, lest it takes more than one line, of which only one would be erased
	text := runewidth.Truncate(w.what, widest, "…")
	fmt.Fprintf(w.to, "%s%s, %d s", eraseLine, text, int(time.Since(w.since).Seconds()))
	w.shown = true
}

// say notes what reading is busy with from now on.
func (w *waiting) say(what string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.what, w.since = what, time.Now()
}

// aside takes the line away while something else is written; the next second writes it anew.
func (w *waiting) aside(write func()) {
	if w != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.erase()
	}
	write()
}

// end takes the line away for good.
func (w *waiting) end() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.stop)
	w.erase()
}

func (w *waiting) erase() {
	if w.shown {
		_, _ = io.WriteString(w.to, eraseLine) // what cannot be written on a terminal cannot be told there either
	}
	w.shown = false
}
