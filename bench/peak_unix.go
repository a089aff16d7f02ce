//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakOf returns the most memory that a process had at a time, in bytes.
func peakOf(process *os.ProcessState) int64 {
	resources, ok := process.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin": // the others count in KiB
		return resources.Maxrss
	default:
		return resources.Maxrss * 1024
	}
}
