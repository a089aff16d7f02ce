// Command yamlnodes is a peer to measure against: it reads a YAML file into yaml.v3's nodes and does nothing with them.
package main

import (
	"log"
	"os"

	"gopkg.in/yaml.v3"
)

func main() {
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		log.Fatal(err)
	}
}
