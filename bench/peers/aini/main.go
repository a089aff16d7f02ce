// Command aini is a peer to measure against: it parses an INI inventory with the library aini and prints it as JSON.
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/relex/aini"
)

func main() {
	data, err := aini.ParseFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	groups := map[string][]string{}
	hostvars := map[string]map[string]string{}
	for name, group := range data.Groups {
		for host := range group.Hosts {
			groups[name] = append(groups[name], host)
		}
	}
	for name, host := range data.Hosts {
		hostvars[name] = host.Vars
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"groups": groups, "hostvars": hostvars}); err != nil {
		log.Fatal(err)
	}
}
