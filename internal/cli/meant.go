package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/bounded"
	"github.com/regal-inventory/regal-inventory/internal/nearest"
)

// unknownFlag adds to cobra's error about a flag that there is not the one whose name is nearest: --plan for --plna, and for -plan too.
func unknownFlag(command *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	name := unknown.GetSpecifiedName()
	if letters := unknown.GetSpecifiedShortnames(); letters != "" {
		name = letters
	}
	near := nearest.To(name, func(yield func(string) bool) {
		going := true
		command.Flags().VisitAll(func(flag *pflag.Flag) { going = going && yield(flag.Name) })
	})
	if near == "" {
		return err
	}
	return fmt.Errorf("%w; did you mean --%s?", err, near)
}

// meantValue returns the flag that was probably meant by a word that stands where the policy does; it is empty if the word may well be
// the policy. There are two such mistakes. A flag whose value may be left out takes a value only behind =, so that in --waves app-v1 the
// version stands where the policy does. And people write check for --check, as many other programs have it.
func meantValue(command *cobra.Command, word string) string {
	if _, err := os.Stat(word); err == nil {
		return ""
	}
	values := map[string][]string{"plan": formats(), "schema": {"policy", "record"}}
	for _, name := range []string{"plan", "schema", "waves", "graph"} {
		flag := command.Flags().Lookup(name)
		if !flag.Changed || flag.Value.String() != flag.NoOptDefVal {
			continue
		}
		if known := values[name]; known == nil || slices.Contains(known, word) {
			return "--" + name + "=" + word
		}
	}
	if slices.Contains(actions(), word) {
		return "--" + word
	}
	return ""
}

// isPolicy tells whether a file can be read and is a policy without faults.
func isPolicy(path string) bool {
	data, err := bounded.ReadFile(path, bounded.Policy)
	if err != nil || !bytes.Contains(data, []byte("plugin")) || !bytes.Contains(data, []byte("versions")) {
		return false
	}
	_, err = grouping.ParsePolicy(path, bytes.NewReader(data))
	return err == nil
}
