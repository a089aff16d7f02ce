package inventory_test

import (
	"fmt"
	"log"
	"os"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// Hosts made by hand, with variables of several kinds, and the inventory that Ansible reads back.
func ExampleNew() {
	inv := inventory.New()
	web, err := inv.AddGroup("web")
	if err != nil {
		log.Fatal(err)
	}
	web.Vars.Set("tls", inventory.NewBool(true))
	host, err := inv.AddHost("web1", web, inventory.NewInt(22))
	if err != nil {
		log.Fatal(err)
	}
	host.Vars.Set("weight", inventory.NewFloat(0.5))
	host.Vars.Set("pools", inventory.NewList([]inventory.Value{inventory.NewString("blue")}))
	var limits inventory.Vars
	limits.Set("cpu", inventory.NewInt(4))
	host.Vars.Set("limits", inventory.NewMap(limits))
	if err := inv.Reconcile(); err != nil {
		log.Fatal(err)
	}
	if err := inv.WriteJSON(os.Stdout, nil, true); err != nil {
		log.Fatal(err)
	}
	// Output:
	// {
	//     "_meta": {
	//         "hostvars": {
	//             "web1": {
	//                 "ansible_port": 22,
	//                 "weight": 0.5,
	//                 "pools": [
	//                     "blue"
	//                 ],
	//                 "limits": {
	//                     "cpu": 4
	//                 }
	//             }
	//         }
	//     },
	//     "ungrouped": {
	//         "hosts": []
	//     },
	//     "web": {
	//         "hosts": [
	//             "web1"
	//         ],
	//         "vars": {
	//             "tls": true
	//         }
	//     },
	//     "all": {
	//         "children": [
	//             "ungrouped",
	//             "web"
	//         ]
	//     }
	// }
}

// A target, and a variable as Ansible would use it: the group's, where the host has none of its own.
func ExampleInventory_Select() {
	inv := inventory.New()
	web, err := inv.AddGroup("web")
	if err != nil {
		log.Fatal(err)
	}
	web.Vars.Set("rack", inventory.NewString("a"))
	for _, name := range []string{"web1", "web2", "web3"} {
		if _, err := inv.AddHost(name, web, inventory.Value{}); err != nil {
			log.Fatal(err)
		}
	}
	inv.Host("web3").Vars.Set("rack", inventory.NewString("b"))
	if err := inv.Reconcile(); err != nil {
		log.Fatal(err)
	}
	hosts, err := inv.Select("web:!web2")
	if err != nil {
		log.Fatal(err)
	}
	rack := inv.Variable("rack")
	for _, host := range hosts {
		value, _ := rack(host)
		fmt.Println(host.Name, value.Text())
	}
	// Output:
	// web1 a
	// web3 b
}
