package plan

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// AddressVariable is the variable that says where a host is reached, if not by its name.
const AddressVariable = "ansible_host"

// NginxOptions say how nginx reaches the hosts.
type NginxOptions struct {
	// Port is where the hosts serve; empty for 80.
	Port string
	// Address gives a host's value of [AddressVariable], and false if it has none; nil if no host has one.
	Address func(*inventory.Host) (inventory.Value, bool)
}

// Nginx returns a configuration for nginx, to be included in its http block: for each version an upstream for every wave, and a
// variable $regal_wave_STEM with the upstream that a client belongs to. Clients are split among the waves by their address, in
// the waves' shares of the hosts, so that a client meets one wave, and so one version at a time; a request with the header
// Regal-Wave goes to the wave that it names. Waves without hosts are left out.
//
// The error is [inventory.Errors]: every host whose address nginx could not take, and versions with more waves than nginx can
// split clients into.
func Nginx(plan *grouping.Plan, options NginxOptions) ([]byte, error) {
	n := nginx{options: options}
	for _, version := range plan.Versions {
		n.version(version)
	}
	if len(n.faults) > 0 {
		return nil, n.faults
	}
	return n.dst, nil
}

// nginx is a configuration in the making.
type nginx struct {
	options NginxOptions
	dst     []byte
	faults  inventory.Errors
}

func (n *nginx) add(format string, args ...any) { n.dst = fmt.Appendf(n.dst, format, args...) }

func (n *nginx) version(version *grouping.Version) {
	if len(n.dst) > 0 {
		n.add("\n")
	}
	n.add("# %s: %s\n", escape(version.Name), hostsInWaves(version))
	var waves []grouping.Wave
	for _, wave := range version.Waves {
		if len(wave.Hosts) > 0 {
			waves = append(waves, wave)
		}
	}
	if len(waves) == 0 {
		return
	}
	for _, wave := range waves {
		n.upstream(wave)
	}
	shares := n.shares(version, waves)
	if shares == nil {
		return
	}
	n.add("split_clients $remote_addr $regal_split_%s {\n", version.Group)
	for i, share := range shares {
		n.add("    %-6s  %s;\n", share, waves[i].Group)
	}
	n.add("}\nmap $http_regal_wave $regal_wave_%s {\n    default  $regal_split_%[1]s;\n", version.Group)
	for _, wave := range waves {
		n.add("    %-7s  %s;\n", wave.Name, wave.Group)
	}
	n.add("}\n")
}

func (n *nginx) upstream(wave grouping.Wave) {
	n.add("upstream %s {\n", wave.Group)
	for _, host := range wave.Hosts {
		address, ok := n.address(host)
		if !ok {
			n.faults = append(n.faults, &inventory.Error{Message: fmt.Sprintf("host %s has no address that nginx could take: set its %s "+
				"to an IP address or to a name in DNS", quote(host.Name), AddressVariable)})
			continue
		}
		port := n.options.Port
		if port == "" {
			port = "80"
		}
		n.add("    server %s:%s;  # %s\n", address, port, escape(host.Name))
	}
	n.add("}\n")
}

// address returns where nginx reaches a host, and false if what the inventory says is neither an IP address nor a name in DNS.
func (n *nginx) address(host *inventory.Host) (string, bool) {
	text := host.Name
	if n.options.Address != nil {
		if value, given := n.options.Address(host); given {
			if value.Kind() != inventory.String && value.Kind() != inventory.Unsafe {
				return "", false
			}
			text = value.Text()
		}
	}
	if ip, err := netip.ParseAddr(text); err == nil {
		if ip.Zone() != "" {
			return "", false
		}
		if ip.Is6() {
			return "[" + text + "]", true
		}
		return text, true
	}
	isOfName := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("-._", r)
	}
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return !isOfName(r) }) || strings.Contains("-.", text[:1]) {
		return "", false
	}
	return text, true
}

// shares returns how large a part of the clients each wave gets, as nginx writes it: in hundredths of a percent, at least one,
// and the last wave all that is left.
func (n *nginx) shares(version *grouping.Version, waves []grouping.Wave) []string {
	const all = 10_000 // hundredths of a percent
	if len(waves) > all {
		n.faults = append(n.faults, &inventory.Error{Message: fmt.Sprintf("version %s has %s, and nginx splits clients into no more "+
			"than %d parts", quote(version.Name), shown.Count(len(waves), "wave"), all)})
		return nil
	}
	shares := make([]string, len(waves))
	count, total, given := countHosts(version), 0, 0
	for i, wave := range waves {
		total += len(wave.Hosts)
		// The waves after this one need their hundredth, too.
		upTo := min(max(total*all/count, given+1), all-(len(waves)-1-i))
		shares[i] = fmt.Sprintf("%d.%02d%%", (upTo-given)/100, (upTo-given)%100)
		given = upTo
	}
	shares[len(waves)-1] = "*"
	return shares
}
