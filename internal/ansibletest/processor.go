package ansibletest

import "runtime"

// Processors hands out processors to the Ansibles that tests start, one to each.
//
// Ansible starts a process for every task of every host, each a copy of itself. While both write, a page in turn is taken from
// the other, and when the copy may run on another processor, that one is interrupted for every page. Bound to one processor,
// a play of ten hosts and five tasks took 5.4 seconds of processors in place of 10, in 5.4 seconds in place of 5.9; so with
// two processors nearly twice as many plays end in the same time.
type Processors struct {
	free chan []string
}

// NewProcessors returns as many processors as this process may use.
func NewProcessors() *Processors {
	prefixes := oneEach()
	if prefixes == nil {
		prefixes = make([][]string, runtime.NumCPU())
	}
	p := &Processors{free: make(chan []string, len(prefixes))}
	for _, prefix := range prefixes {
		p.free <- prefix
	}
	return p
}

// Take waits for a processor that is free. It returns the command line that runs there, and what gives the processor back.
func (p *Processors) Take(command ...string) (there []string, giveBack func()) {
	prefix := <-p.free
	return append(prefix[:len(prefix):len(prefix)], command...), func() { p.free <- prefix }
}
