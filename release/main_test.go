package release

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// TestMain has every property tried two thousand times, unless -rapid.checks asks for another number. Called as a child of a
// test, the binary does what that test asks for.
func TestMain(m *testing.M) {
	const checks = "rapid.checks"
	if folder := os.Getenv(releaseForever); folder != "" {
		beginAndEndForever(folder)
	}
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
