package ansibletest

import (
	"os/exec"
	"strconv"

	"golang.org/x/sys/unix"
)

// oneEach returns for each processor what stands before a command that is bound to it; nothing where taskset is missing.
func oneEach() [][]string {
	taskset, err := exec.LookPath("taskset")
	if err != nil {
		return nil
	}
	var allowed unix.CPUSet
	if err := unix.SchedGetaffinity(0, &allowed); err != nil {
		return nil
	}
	var prefixes [][]string
	for number := 0; len(prefixes) < allowed.Count(); number++ {
		if allowed.IsSet(number) {
			prefixes = append(prefixes, []string{taskset, "--cpu-list", strconv.Itoa(number)})
		}
	}
	return prefixes
}
