package source

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/ansible"
)

// TestReadText reads texts as files of their names would be read.
func TestReadText(t *testing.T) {
	for _, test := range []struct{ name, text, hosts string }{
		{"hosts.ini", "[web]\nweb[1:3] rack=017\n", "web1 web2 web3"},
		{"hosts.yml", "web: {hosts: {web1: {rack: 017}}}\n", "web1"},
		{"hosts", "web: {hosts: {web1: }}\n", "web1"},
		{"hosts", "web1\n", "web1"},
		{"hosts.json", `{"web": {"hosts": {"web2": {}, "web1": {}}}}`, "web2 web1"},
		{"empty.ini", "", ""},
	} {
		inv, err := ReadText(t.Context(), test.name, strings.NewReader(test.text), Options{Dir: "elsewhere"})
		require.NoError(t, err, test.name)
		assert.Equal(t, test.hosts, strings.Join(inventory.HostNames(inv.Hosts()), " "), test.name)
	}
	for _, test := range []struct{ name, text, want string }{
		{"hosts.ini", "[web\n", "hosts.ini:1:1: "},
		{"hosts.yml", "web: [1\n", "hosts.yml:"},
		{"loop.ini", "[a:children]\na\n", "loop.ini:"},
		{"all.ini", "[a:children]\nall\n", "all.ini: group \"a\" as a child of \"all\" closes a loop"},
		{"run.sh", "#!/bin/sh\necho '{}'\n", "run.sh: it begins with #!, as a program does: to be run it has to be a file"},
		{"aws_ec2.yml", "plugin: aws_ec2\n", "aws_ec2.yml: the file configures an inventory plugin and is no inventory itself, which only Ansible can read, and only as a file"},
		{"hosts.toml", "[web]\n", "hosts.toml: the file is TOML, which only Ansible can read, and only as a file"},
		{"secret.yml", "$ANSIBLE_VAULT;1.1;AES256\n33\n", "secret.yml: the file is encrypted with ansible-vault, which only Ansible can read, and only as a file"},
	} {
		_, err := ReadText(t.Context(), test.name, strings.NewReader(test.text),
			Options{Dir: "elsewhere", ansible: ansible.Of(ansible.Version{Major: 2, Minor: 22})})
		var fault *inventory.Error
		require.ErrorAs(t, err, &fault, test.name)
		assert.True(t, strings.HasPrefix(err.Error(), test.want), "%s: %v", test.name, err)
		assert.Equal(t, inventory.SourceError, fault.Kind)
	}
	broken := errors.New("the wire is cut")
	_, err := ReadText(t.Context(), "hosts", iotest.ErrReader(broken), Options{})
	require.ErrorIs(t, err, broken)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = ReadText(over, "hosts", strings.NewReader("web1\n"), Options{})
	require.ErrorIs(t, err, context.Canceled)
}

// TestKindOfFaults has every fault of a source named as one, also several at once, and a fault that is the same for all.
func TestKindOfFaults(t *testing.T) {
	for range 2 {
		_, err := ReadText(t.Context(), "hosts", strings.NewReader("a: b: c\n[\n"), Options{})
		faults := inventory.Faults(err)
		require.Len(t, faults, 2)
		for _, fault := range faults {
			assert.Equal(t, inventory.SourceError, fault.Kind)
		}
	}
	_, err := Read(t.Context(), []string{"nowhere"}, Options{})
	assert.Equal(t, inventory.SourceError, inventory.Faults(err)[0].Kind)
	assert.Equal(t, inventory.UsageError, errEncrypted.Kind, "what several errors share stays as it is")
}
