package ansibletest

import "runtime"

// Processors hands out processors to the Ansibles that tests start, one to each.
//
// Ansible forks a process for every task of every host. Each page that parent and child share is copied when one of them writes into it,
// and if they run on two processors, the other processor is interrupted for each page. A play of ten hosts and five tasks that was bound
// to one processor took 5.4 seconds of processor time, in 5.4 seconds; unbound it took 10, in 5.9 seconds. So with two processors nearly
// twice as many plays end in the same time.
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
