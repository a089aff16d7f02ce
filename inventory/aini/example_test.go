package aini_test

import (
	"fmt"
	"log"
	"strings"

	parser "github.com/relex/aini"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/aini"
)

// A program that holds an inventory of aini's plans its release.
func ExampleConvert() {
	data, err := parser.Parse(strings.NewReader("[web]\nweb1 rack=a\nweb2 rack=a\nweb3 rack=b\n"))
	if err != nil {
		log.Fatal(err)
	}
	inv, err := aini.Convert(data)
	if err != nil {
		log.Fatal(err)
	}
	version, err := grouping.NewVersion(inv, "app-v1", []string{"web"}, grouping.Rules{
		Combine: []grouping.Size{grouping.Count(2)},
		MaxPer:  []grouping.Limit{{Variable: "rack", Hosts: 1}},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, wave := range version.Waves {
		fmt.Println(wave.Group, inventory.HostNames(wave.Hosts))
	}
	// Output:
	// app_v1_canary [web1]
	// app_v1_b1 [web2 web3]
}
