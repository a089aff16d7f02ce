package cli

import "os"

// peakMemory is not known on Windows.
func peakMemory(*os.ProcessState) int64 { return 0 }
