package grouping_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// TestMain has every property tried two thousand times, unless -rapid.checks asks for another number.
func TestMain(m *testing.M) {
	const checks = "rapid.checks"
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == checks })
	if !asked {
		if err := flag.Set(checks, "2000"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}
