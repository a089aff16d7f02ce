package main

import (
	"fmt"
	"os"
)

// rule is what a policy says of its version besides the size of the batches.
type rule struct{ name, keys string }

// plainRule is no rule: batches of 10 % and nothing else.
var plainRule = rule{}

// rules returns the rules that take more work than counting hosts.
func rules() []rule {
	return []rule{
		{"shuffle", "order: shuffle"}, {"by", "by: rack"}, {"spread", "spread: rack"}, {"max_per", "max_per: {rack: 100}"},
	}
}

// policyOf returns the text of a policy that spreads and limits, with these versions.
func policyOf(versions string) string {
	return "plugin: regal\ninventory: hosts.ini\ncombine: 10%\nspread: rack\nmax_per: {rack: 100}\nversions:\n" + versions
}

// policyFile returns the path of the executable policy that has that rule, for the inventory of that name: NAME.RULE.regal.
func (b *bench) policyFile(name string, rule rule) string {
	return b.path(name + "." + rule.name + ".regal")
}

// writePolicy writes that policy.
func (b *bench) writePolicy(name string, rule rule) error {
	policy := fmt.Sprintf("#!%s\nplugin: regal\ninventory: %s\ncombine: 10%%\nversions:\n  app:\n    hosts: all\n    %s\n",
		b.path("regal-inventory"), name, rule.keys)
	return os.WriteFile(b.policyFile(name, rule), []byte(policy), 0o700)
}

// list returns the command that prints the inventory of that name, by a policy without a rule.
func (b *bench) list(name string) []string { return b.listBy(name, plainRule) }

// listBy is list by a policy with that rule.
func (b *bench) listBy(name string, rule rule) []string {
	return []string{b.path("regal-inventory"), b.policyFile(name, rule), "--list"}
}
