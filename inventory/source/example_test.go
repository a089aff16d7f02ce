package source_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/source"
)

// A policy file and the inventory that it names, as the command reads them.
func ExampleRead() {
	const file = "testdata/example/regal.yml"
	policy, err := grouping.ReadPolicy(file)
	if err != nil {
		log.Fatal(err)
	}
	inv, err := source.Read(context.Background(), policy.Sources, source.Options{
		Dir:       "testdata/example",
		Policy:    file,
		Variables: policy.Variables(),
		Warn:      func(message string) { log.Print(message) },
	})
	if err != nil {
		log.Fatal(err)
	}
	plan, err := policy.Plan(inv)
	if err != nil {
		log.Fatal(err)
	}
	for _, group := range plan.Groups() {
		fmt.Println(group.Name, inventory.HostNames(group.Hosts), group.Children)
	}
	if err := inv.WriteJSON(io.Discard, plan.Groups(), false); err != nil { // what Ansible reads; to os.Stdout, say
		log.Fatal(err)
	}
	// Output:
	// app_v1_canary [web1] []
	// app_v1_b1 [web2 web3] []
	// app_v1_b2 [web4] []
	// app_v1_b [] [app_v1_b1 app_v1_b2]
	// app_v1_rollout [] [app_v1_canary app_v1_b1 app_v1_b2]
	// app_v1_remaining [] [app_v1_canary app_v1_b1 app_v1_b2]
}

// An inventory that is in no file, and a policy that is in none either.
func ExampleReadText() {
	hosts := strings.NewReader("[web]\nweb[1:3]\n")
	inv, err := source.ReadText(context.Background(), "hosts.ini", hosts, source.Options{})
	if err != nil {
		log.Fatal(err)
	}
	policy, err := grouping.ParsePolicy("regal.yml", strings.NewReader("plugin: regal\nversions: {app-v1: web}\n"))
	if err != nil {
		log.Fatal(err)
	}
	plan, err := policy.Plan(inv)
	if err != nil {
		log.Fatal(err)
	}
	for _, wave := range plan.Versions[0].Waves {
		fmt.Println(wave.Name, inventory.HostNames(wave.Hosts))
	}
	// Output:
	// canary [web1]
	// b1 [web2]
	// b2 [web3]
}

// What is wrong, where, and with what: a program tells errors apart by their kind.
func ExampleRead_error() {
	_, err := source.ReadText(context.Background(), "hosts.ini", strings.NewReader("[web\n"), source.Options{})
	var fault *inventory.Error
	if errors.As(err, &fault) && fault.Kind == inventory.SourceError {
		fmt.Println("the inventory is wrong in line", fault.Line)
	}
	_, err = grouping.ParsePolicy("regal.yml", strings.NewReader("plugin: regal\nshedule: 1\n"))
	for _, fault := range inventory.Faults(err) {
		fmt.Println(fault.Kind == inventory.PolicyError, fault)
	}
	// Output:
	// the inventory is wrong in line 1
	// true regal.yml:1:1: versions: the key is missing: name a version and its target, such as app-v1: web, or give versions_from
	// true regal.yml:2:1: shedule: there is no such key: did you mean schedule?
}
