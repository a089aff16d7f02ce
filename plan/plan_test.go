package plan

import (
	"fmt"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// hosts returns count hosts named by the format and the numbers from first on.
func hosts(format string, first, count int) []*inventory.Host {
	made := make([]*inventory.Host, count)
	for i := range made {
		made[i] = &inventory.Host{Name: fmt.Sprintf(format, first+i)}
	}
	return made
}

func named(names ...string) []*inventory.Host {
	made := make([]*inventory.Host, len(names))
	for i, name := range names {
		made[i] = &inventory.Host{Name: name}
	}
	return made
}

// version returns a version with the hosts as its waves.
func version(name, group string, waves ...[]*inventory.Host) *grouping.Version {
	made := &grouping.Version{Name: name, Group: group}
	for i, members := range waves {
		wave := "canary"
		if i > 0 {
			wave = fmt.Sprintf("b%d", i)
		}
		made.Waves = append(made.Waves, grouping.Wave{Name: wave, Group: group + "_" + wave, Size: len(members), Hosts: members})
	}
	return made
}

// small is the plan of most tests: two versions, one of them with a Chinese name and Chinese hosts.
func small() *grouping.Plan {
	return &grouping.Plan{Versions: []*grouping.Version{
		version("app-v2", "app_v2", hosts("web%02d.example.com", 1, 1), hosts("web%02d.example.com", 2, 4),
			append(hosts("web%02d.example.com", 6, 6), named("db1")...)),
		version("应用-v1", "v1", named("主机1"), named("主机2", "主机3")),
	}}
}
