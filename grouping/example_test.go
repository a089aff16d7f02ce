package grouping_test

import (
	"fmt"
	"strings"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// printWaves writes each wave on a line.
func printWaves(version *grouping.Version) {
	for _, wave := range version.Waves {
		fmt.Printf("%s:", wave.Group)
		for _, host := range wave.Hosts {
			fmt.Printf(" %s", host.Name)
		}
		fmt.Println()
	}
}

// Five hosts in batches of two: one host is the canary, as nothing else is said.
func ExampleNewVersion() {
	inv := inventoryOf("web1", "web2", "web3", "web4", "web5")
	version, err := grouping.NewVersion(inv, "app-test-version1.0", []string{"all"}, grouping.Rules{
		Combine: []grouping.Size{grouping.Count(2)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	printWaves(version)
	// Output:
	// app_test_version1_0_canary: web1
	// app_test_version1_0_b1: web2 web3
	// app_test_version1_0_b2: web4 web5
}

// A canary of two hosts, then batches of three.
func ExampleNewVersion_schedule() {
	inv := inventoryOf("web1", "web2", "web3", "web4", "web5", "web6")
	version, err := grouping.NewVersion(inv, "app-v1", []string{"all"}, grouping.Rules{
		Schedule: grouping.Count(2),
		Combine:  []grouping.Size{grouping.Count(3)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	printWaves(version)
	// Output:
	// app_v1_canary: web1 web2
	// app_v1_b1: web3 web4 web5
	// app_v1_b2: web6
}

// Two versions, the second of which goes first.
func ExampleNewPlan() {
	inv := inventoryOf("web1", "web2", "web3", "api1", "api2")
	var versions []*grouping.Version
	for _, goal := range [][2]string{{"app-v1", "web*"}, {"app-v2", "api*"}} {
		version, err := grouping.NewVersion(inv, goal[0], []string{goal[1]}, grouping.Rules{})
		if err != nil {
			fmt.Println(err)
			return
		}
		versions = append(versions, version)
	}
	plan, err := grouping.NewPlan(inv, versions, "app-v2")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, version := range plan.Versions {
		printWaves(version)
	}
	// Output:
	// app_v2_canary: api1
	// app_v2_b1: api2
	// app_v1_canary: web1
	// app_v1_b1: web2
	// app_v1_b2: web3
}

// Rack by rack is by; one host of each rack at a time is max_per.
func ExampleNewVersion_maxPer() {
	inv := inventory.New()
	for i, rack := range []string{"b", "c", "a", "a", "a"} {
		host, err := inv.AddHost(fmt.Sprintf("web%d", i+1), nil, inventory.Value{})
		if err != nil {
			fmt.Println(err)
			return
		}
		host.Vars.Set("rack", inventory.NewString(rack))
	}
	if err := inv.Reconcile(); err != nil {
		fmt.Println(err)
		return
	}
	version, err := grouping.NewVersion(inv, "app", []string{"all"}, grouping.Rules{
		Schedule: grouping.Count(2),
		Combine:  []grouping.Size{grouping.Count(2)},
		MaxPer:   []grouping.Limit{{Variable: "rack", Hosts: 1}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	printWaves(version)
	// Output:
	// app_canary: web1 web3
	// app_b1: web2 web4
	// app_b2: web5
}

// A policy from a file, and the groups that Ansible gets.
func ExamplePolicy_Plan() {
	policy, err := grouping.ParsePolicy("regal.yml", strings.NewReader(`
plugin: regal
combine: 2
priority: api-*
versions:
  app-v1: web*
  api-v2: {hosts: "api*", schedule: 50%}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := policy.Plan(inventoryOf("web1", "web2", "api1", "api2"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, group := range plan.Groups() {
		fmt.Println(group.Name, len(group.Hosts), group.Children)
	}
	// Output:
	// api_v2_canary 1 []
	// api_v2_b1 1 []
	// api_v2_b 0 [api_v2_b1]
	// api_v2_rollout 0 [api_v2_canary api_v2_b1]
	// api_v2_remaining 0 [api_v2_canary api_v2_b1]
	// app_v1_canary 1 []
	// app_v1_b1 1 []
	// app_v1_b 0 [app_v1_b1]
	// app_v1_rollout 0 [app_v1_canary app_v1_b1]
	// app_v1_remaining 0 [app_v1_canary app_v1_b1]
}
