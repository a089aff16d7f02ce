package asked

import "math/rand/v2"

// An InventoryQuestion describes an inventory to Ansible, and what to ask about it.
type InventoryQuestion struct {
	Groups   []VarsQuestion `json:"groups"`
	Hosts    []VarsQuestion `json:"hosts"`
	Members  [][2]string    `json:"members"`  // group, or nothing, and host
	Children [][2]string    `json:"children"` // parent and child

	Targets []any `json:"targets,omitempty"` // texts, and lists of texts

	Sources []string `json:"sources,omitempty"`
	Ask     []string `json:"ask,omitempty"`   // hosts
	Names   []string `json:"names,omitempty"` // variables
}

// VarsQuestion is a group or a host with its variables.
type VarsQuestion struct {
	Name string         `json:"name"`
	Vars map[string]any `json:"vars"`
}

// The names that random inventories are made of.
var (
	GroupNames = []string{
		"web", "db", "prod", "web1", "a.b", "Web", "!odd", "we[b", "x-y", "webs", "10.0.0.1", "中文", "all2", "_g", "fe80::1",
	}
	HostNames = []string{
		"web1", "web2", "web3", "web10", "db1", "db2", "a.b", "db1.example.com", "!odd", "&web", "web[0]", "fe80::1", "dead::x",
		"10.0.0.1", "中文1", "été", "WEB1", "h\u00a0x", "all1", "x-y-1",
		"we[b", "localhost", "127.0.0.1", "::1",
	}
)

// RandomInventory returns the question for an inventory of some of these groups and hosts.
func RandomInventory(random *rand.Rand) *InventoryQuestion {
	question := &InventoryQuestion{}
	groups := SomeNames(random, GroupNames, 6)
	for _, name := range groups {
		question.Groups = append(question.Groups, VarsQuestion{Name: name})
	}
	for _, name := range SomeNames(random, HostNames, 12) {
		for range 1 + random.IntN(2) {
			group := ""
			if random.IntN(6) > 0 && len(groups) > 0 {
				group = groups[random.IntN(len(groups))]
			}
			question.Members = append(question.Members, [2]string{group, name})
		}
	}
	for child := range groups {
		for parent := range child {
			if random.IntN(6) == 0 {
				question.Children = append(question.Children, [2]string{groups[parent], groups[child]})
			}
		}
	}
	return question
}

// SomeNames returns up to most of the names, in random order.
func SomeNames(random *rand.Rand, names []string, most int) []string {
	var some []string
	for _, at := range random.Perm(len(names))[:random.IntN(min(most, len(names))+1)] {
		some = append(some, names[at])
	}
	return some
}

// Variables are the variables that the tests give values to and ask for.
var Variables = []string{"colour", "rack", "inventory_hostname", "inventory_hostname_short"}

// RandomVariables gives groups and hosts of the question variables, each value another, and groups priorities.
func RandomVariables(random *rand.Rand, question *InventoryQuestion) {
	question.Names = Variables
	question.Groups = append(question.Groups, VarsQuestion{Name: "all"}, VarsQuestion{Name: "ungrouped"})
	for i := range question.Groups {
		group := &question.Groups[i]
		group.Vars = randomValues(random, "group "+group.Name)
		if random.IntN(4) == 0 {
			group.Vars["ansible_group_priority"] = random.IntN(3) - 1
		}
	}
	known := map[string]bool{}
	for _, member := range question.Members {
		if host := member[1]; !known[host] {
			known[host] = true
			question.Ask = append(question.Ask, host)
			question.Hosts = append(question.Hosts, VarsQuestion{Name: host, Vars: randomValues(random, "host "+host)})
		}
	}
}

func randomValues(random *rand.Rand, owner string) map[string]any {
	values := map[string]any{}
	for _, name := range Variables[:2] {
		if random.IntN(3) == 0 {
			values[name] = owner
		}
	}
	if random.IntN(20) == 0 {
		values["inventory_hostname"] = owner
	}
	return values
}

// VariablesAnswer is what Ansible says of the variables of one host.
type VariablesAnswer struct {
	Vars  map[string]string
	Error string
}
