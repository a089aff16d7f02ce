package main

import (
	"bufio"
	"fmt"
	"io"
)

// groupSize is how many hosts one group of a generated inventory has.
const groupSize = 1000

// writeINI writes an ordinary inventory of that many hosts, with four variables each, in groups of a thousand, below one parent.
func writeINI(to io.Writer, hosts int) error {
	w := bufio.NewWriter(to)
	groups := (hosts + groupSize - 1) / groupSize
	for group := range groups {
		fmt.Fprintf(w, "[web%d]\n", group)
		for host := group * groupSize; host < min(hosts, (group+1)*groupSize); host++ {
			fmt.Fprintf(w, "web%06d.example.com ansible_host=10.%d.%d.%d ansible_port=22 rack=r%d weight=1.5\n",
				host, host>>16&255, host>>8&255, host&255, host%40)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, "[prod:children]")
	for group := range groups {
		fmt.Fprintf(w, "web%d\n", group)
	}
	fmt.Fprint(w, "\n[prod:vars]\nntp=ntp.example.com\n")
	return w.Flush()
}

// writeYAML writes the same inventory in YAML.
func writeYAML(to io.Writer, hosts int) error {
	w := bufio.NewWriter(to)
	fmt.Fprint(w, "prod:\n  vars:\n    ntp: ntp.example.com\n  children:\n")
	groups := (hosts + groupSize - 1) / groupSize
	for group := range groups {
		fmt.Fprintf(w, "    web%d:\n      hosts:\n", group)
		for host := group * groupSize; host < min(hosts, (group+1)*groupSize); host++ {
			fmt.Fprintf(w, "        web%06d.example.com:\n          ansible_host: 10.%d.%d.%d\n          ansible_port: 22\n          rack: r%d\n          weight: 1.5\n",
				host, host>>16&255, host>>8&255, host&255, host%40)
		}
	}
	return w.Flush()
}
