//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/programtest"
)

// TestEndlessFiles names what has no end, or is too large, wherever a file is read.
func TestEndlessFiles(t *testing.T) {
	folder := programtest.WriteFiles(t, map[string]string{
		"p.reg": soundPolicy, "zoned.reg": "plugin: regal\nby: zone\nversions: {app: all}\n", "h.ini": "h1\n", "v/h.ini": "h1\n",
	})
	require.NoError(t, syscall.Mkfifo(filepath.Join(folder, "pipe"), 0o600))
	huge := func(name string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), nil, 0o600))
		require.NoError(t, os.Truncate(filepath.Join(folder, name), 20<<30))
	}
	huge("huge")
	huge("group_vars/all.yml")
	const noFile = "it is no file but a pipe, a device or a folder"
	for _, test := range []struct {
		args    []string
		message string
	}{
		{[]string{"p.reg", "-i", "h.ini", "--diff", "/dev/zero"}, "/dev/zero: the old plan cannot be read: " + noFile},
		{[]string{"p.reg", "-i", "h.ini", "--diff", "pipe"}, "pipe: the old plan cannot be read: " + noFile},
		{[]string{"p.reg", "-i", "h.ini", "--diff", "huge"}, "huge: the old plan cannot be read: it has more than 256 MiB"},
		{[]string{"/dev/zero", "-i", "h.ini", "--list"}, "/dev/zero: cannot read the policy: " + noFile},
		{[]string{"pipe", "-i", "h.ini", "--list"}, "pipe: cannot read the policy: " + noFile},
		{[]string{"huge", "-i", "h.ini", "--list"}, "huge: cannot read the policy: it has more than 4 MiB"},
		{[]string{"p.reg", "-i", "pipe", "--list"}, "pipe: only files and folders can be sources"},
		{[]string{"p.reg", "-i", "huge", "--list"}, "huge: the file cannot be read: it has more than 256 MiB"},
		{[]string{"zoned.reg", "-i", "h.ini", "--list"}, "group_vars/all.yml: the file cannot be read: it has more than 256 MiB"},
	} {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			checkRefused(t, callIn(t, folder, test.args...), test.message, 0)
		})
	}
}
