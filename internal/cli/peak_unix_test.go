//go:build unix

package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"
)

// peakMemory returns the most memory that a process which has ended took, in MB. It returns 0 where the system counts otherwise than
// Linux, and under the race detector, which takes several times as much as the program itself.
func peakMemory(ended *os.ProcessState) int64 {
	usage, ok := ended.SysUsage().(*syscall.Rusage)
	if !ok || runtime.GOOS != "linux" || watchedForRaces() {
		return 0
	}
	return int64(usage.Maxrss) >> 10
}

// watchedForRaces tells whether this binary, which is also the program under test, was built with -race.
func watchedForRaces() bool {
	built, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(built.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
