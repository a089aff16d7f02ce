// Package address reads what inventories and targets name hosts by: an address with perhaps a port, and ranges of names
// (ansible/parsing/utils/addresses.py; ansible/plugins/inventory/__init__.py, expand_hostname_range). It knows texts only,
// no hosts.
package address

import (
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/lazy"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// Since tells whether the Ansible whose rules count is that version or a later one. A nil Since is the newest Ansible.
type Since = func(major, minor int) bool

// IsAddress tells whether the text is an address of IPv4 or IPv6.
func IsAddress(text string, isSince Since) bool { return isIPv4(text) || isIPv6(text, isSince) }

// Parse splits a text into a host and a port, as Ansible does (ansible/parsing/utils/addresses.py, parse_address).
// port is decimal digits, or "" if the text has none. ok is false if the text is no address, or if it has a range and
// allowRanges is false: where Ansible raises an error.
//
// It is exact in what looks like an accident too. The two ways to write a port are tried one after the other on what the
// first one left, so that [web:1]:2 is web with port 1; whatever begins with a compressed IPv6 address counts as one before
// Ansible 2.19, so that dead::anything does; and a newline at the end does no harm.
func Parse(text string, allowRanges bool, isSince Since) (host, port string, ok bool) {
	host = text
	for _, cut := range []func(string) (string, string, bool){cutBracketedPort, cutPort} {
		rest, digits, found := cut(host)
		if !found {
			continue
		}
		if len(digits) > python.MaxDigits {
			return "", "", false
		}
		host, port = rest, plainDigits(digits)
	}
	if !isHostname(host) && !isIPv4(host) && !isIPv6(host, isSince) {
		return "", "", false
	}
	if !allowRanges && strings.Contains(host, "[") {
		return "", "", false
	}
	return host, port, true
}

// plainDigits returns decimal digits without needless zeros before them.
func plainDigits(digits string) string {
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		return "0"
	}
	return digits
}

// cutBracketedPort cuts [host]:port (patterns['bracketed_hostport']).
func cutBracketedPort(text string) (host, port string, ok bool) {
	line := strings.TrimSuffix(text, "\n")
	host = strings.TrimRight(line, "0123456789")
	port = line[len(host):]
	host, closed := strings.CutSuffix(host, "]:")
	host, opened := strings.CutPrefix(host, "[")
	if !closed || !opened || port == "" || host == "" || strings.Contains(host, "\n") {
		return "", "", false
	}
	return host, port, true
}

// cutPort cuts host:port, where colons within brackets belong to the host (patterns['hostport']).
func cutPort(text string) (host, port string, ok bool) {
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '[':
			end := strings.IndexByte(text[at:], ']')
			if end < 0 {
				return "", "", false
			}
			at += end
		case ']':
			return "", "", false
		case ':':
			port = strings.TrimSuffix(text[at+1:], "\n")
			return text[:at], port, python.IsDigits(port)
		}
	}
	return "", "", false
}

// isHostname tells whether text is labels with dots between them (patterns['hostname']). A label is word characters,
// hyphens and ranges; it starts with no hyphen and ends with neither a hyphen nor an underscore.
func isHostname(text string) bool {
	text = strings.TrimSuffix(text, "\n")
	last := rune('.')
	for text != "" {
		r, size := python.DecodeRune(text)
		switch {
		case r == '.':
			if last == '.' || last == '-' || last == '_' {
				return false
			}
		case r == '-':
			if last == '.' {
				return false
			}
		case r == '[':
			size = alphanumericRange(text)
			if size == 0 {
				return false
			}
		case !python.IsWord(r):
			return false
		}
		last = r
		text = text[size:]
	}
	return last != '.' && last != '-' && last != '_'
}

// alphanumericRange returns the length of the range that text begins with, such as [a:f] or [01:20:2], or 0.
func alphanumericRange(text string) int {
	end := strings.IndexByte(text, ']')
	if end < 0 {
		return 0
	}
	bounds := strings.Split(text[1:end], ":")
	if len(bounds) != 2 && len(bounds) != 3 || len(bounds) == 3 && !python.IsDigits(bounds[2]) {
		return 0
	}
	first, last := bounds[0], bounds[1]
	if python.IsDigits(first) && python.IsDigits(last) || isRangeLetter(first) && isRangeLetter(last) {
		return end + 1
	}
	return 0
}

// isRangeLetter tells whether [a-z] of Python's re matches the text without regard to case. Four letters beyond ASCII
// come along, because folding their case gives an i, a k or an s.
func isRangeLetter(text string) bool {
	if len(text) == 1 {
		return text[0]|0x20 >= 'a' && text[0]|0x20 <= 'z'
	}
	return text == "İ" || text == "ı" || text == "ſ" || text == "\u212A"
}

// isIPv4 tells whether text is four bytes or ranges with dots between them (patterns['ipv4']).
func isIPv4(text string) bool { return ipv4().MatchString(text) }

// isIPv6 tells whether text is an IPv6 address (patterns['ipv6']). Before Ansible 2.19 only the last of the alternatives there
// is bound to the end of the text, so that what begins with a compressed address is one.
func isIPv6(text string, isSince Since) bool {
	if !strings.Contains(text, ":") || !ipv6().MatchString(text) {
		return false
	}
	return wholeIPv6().MatchString(text) || isSince != nil && !isSince(2, 19)
}

var (
	ipv4 = lazy.Regexp(strings.ReplaceAll(`^(?:BYTE\.){3}BYTE\n?\z`, "BYTE",
		`(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|\[[0-9]+:[0-9]+(?::[0-9]+)?\])`))

	ipv6      = lazy.Regexp(`(?i)^(?:` + ipv6Address + `\n?\z)`)
	wholeIPv6 = lazy.Regexp(`(?i)^(?:` + ipv6Address + `)\n?\z`)
)

// ipv6Address is the alternatives of an IPv6 address.
var ipv6Address = strings.ReplaceAll(
	strings.Join([]string{
		`(?:WORD:){7}WORD`,
		`(?:WORD:){1,6}:`,
		`(?:WORD:)(?::WORD){1,6}`,
		`(?:WORD:){2}(?::WORD){1,5}`,
		`(?:WORD:){3}(?::WORD){1,4}`,
		`(?:WORD:){4}(?::WORD){1,3}`,
		`(?:WORD:){5}(?::WORD){1,2}`,
		`(?:WORD:){6}(?::WORD)`,
		`:(?::WORD){1,6}`,
		`WORD?::`,
		`(?:0:){6}(?:WORD\.){3}WORD`,
		`::(?:ffff:)?(?:WORD\.){3}WORD`,
		`(?:0:){5}ffff:(?:WORD\.){3}WORD`,
	}, "|"), "WORD", `(?:[0-9a-f]{1,4}|\[[0-9a-f]+:[0-9a-f]+(?::[0-9]+)?\])`)
