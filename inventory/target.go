package inventory

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dlclark/regexp2"

	"github.com/regal-inventory/regal-inventory/internal/nearest"
	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory/internal/address"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// Select returns the hosts that a target names, each once, in Ansible's order: first the terms that add hosts, as
// written, then the terms with & keep only theirs, then the terms with ! take theirs away. Several texts are one target,
// as a list under hosts: is in a play. A target of & and ! alone starts from all hosts. The inventory must have been
// through [Inventory.Reconcile]; that it has not is an error.
//
// The rules are those of ansible/inventory/manager.py (InventoryManager.get_hosts and what it calls), with two that are
// stricter. Where Ansible only warns that a plain name is neither a group nor a host, also below & and !, here it is an
// error, because a misspelt exclusion releases to hosts that were to be left alone. And a target without any term, for
// which Ansible takes all hosts, is an error, as an empty hosts: is in a play. A glob or regular expression that matches
// nothing contributes nothing, and neither do localhost, 127.0.0.1 and ::1 if the inventory has no such host: the implicit
// localhost that Ansible makes up is in no inventory. Faults of several terms come together as [Errors].
//
// A term such as web[1:3] looks like a range of names and is none. If the inventory has hosts of these names that it does
// not match, the Warn of its rules is told, once.
func (inv *Inventory) Select(target ...string) ([]*Host, error) {
	if err := inv.checkSettled(TargetError); err != nil {
		return nil, err
	}
	var terms []string
	for _, text := range target {
		terms = append(terms, inv.splitTarget(text)...)
	}
	if len(terms) == 0 {
		return nil, &Error{Kind: TargetError, Message: "the target is empty: name a group, a host, or all"}
	}
	var chosen selection
	var faults Errors
	for _, term := range orderTerms(terms) {
		sign, hosts, fault := inv.evaluate(term)
		switch {
		case fault != nil:
			faults = append(faults, fault)
		case sign == '&':
			chosen.keep(hosts)
		case sign == '!':
			chosen.remove(hosts)
		default:
			chosen.add(hosts)
		}
	}
	switch len(faults) {
	case 0:
		return chosen.hosts, nil
	case 1:
		return nil, faults[0]
	default:
		return nil, faults
	}
}

// selection is a list of hosts, each once.
type selection struct {
	hosts []*Host
	has   hostSet
}

func (s *selection) add(hosts []*Host) {
	if s.hosts == nil {
		s.hosts = make([]*Host, 0, len(hosts))
	}
	for _, host := range hosts {
		if s.has.add(host) {
			s.hosts = append(s.hosts, host)
		}
	}
}

func (s *selection) keep(hosts []*Host) {
	wanted := setOf(hosts)
	s.removeFunc(func(host *Host) bool { return !wanted.contains(host) })
}

func (s *selection) remove(hosts []*Host) {
	unwanted := setOf(hosts)
	s.removeFunc(unwanted.contains)
}

func (s *selection) removeFunc(unwanted func(*Host) bool) {
	s.hosts = slices.DeleteFunc(s.hosts, func(host *Host) bool {
		if !unwanted(host) {
			return false
		}
		s.has.remove(host)
		return true
	})
}

// splitTarget cuts a target into its terms (manager.py, split_host_pattern): at commas if it has any; else it is one term
// if it reads as an address, so that IPv6 addresses and ranges keep their colons; else at colons and white space outside
// of brackets.
func (inv *Inventory) splitTarget(text string) []string {
	var parts []string
	if strings.Contains(text, ",") {
		parts = strings.Split(text, ",")
	} else if _, _, ok := address.Parse(text, true, inv.rules.IsSince); ok {
		parts = []string{text}
	} else {
		parts = splitAtColons(text)
	}
	terms := parts[:0]
	for _, part := range parts {
		if term := python.Strip(part); term != "" {
			terms = append(terms, term)
		}
	}
	return terms
}

// splitAtColons returns the longest runs of characters other than white space, colons and brackets, and of complete
// bracketed expressions. A bracket without its partner is passed over, as Python's re.findall does.
func splitAtColons(text string) []string {
	var parts []string
	start := 0
	lastClosing := strings.LastIndexByte(text, ']')
	for at := 0; at < len(text); {
		r, size := python.DecodeRune(text[at:])
		switch {
		case r == '[' && at < lastClosing:
			at += strings.IndexByte(text[at:], ']') + 1
		case r == ':' || r == '[' || r == ']' || python.IsSpace(r):
			parts = append(parts, text[start:at])
			at += size
			start = at
		default:
			at += size
		}
	}
	return append(parts, text[start:])
}

// orderTerms puts the terms that add hosts first, then those with &, then those with ! (manager.py, order_patterns).
func orderTerms(terms []string) []string {
	var adding, keeping, removing []string
	for _, term := range terms {
		switch term[0] {
		case '!':
			removing = append(removing, term)
		case '&':
			keeping = append(keeping, term)
		default:
			adding = append(adding, term)
		}
	}
	if len(adding) == 0 {
		adding = []string{groupAll}
	}
	return slices.Concat(adding, keeping, removing)
}

// evaluate returns the hosts of one term, some of them perhaps twice, and its sign, 0 if it adds them
// (manager.py, _evaluate_patterns and _match_one_pattern). A host whose whole name is the term comes before all else, be
// it called !web.
func (inv *Inventory) evaluate(term string) (sign byte, hosts []*Host, fault *Error) {
	if host := inv.Host(term); host != nil {
		return 0, []*Host{host}, nil
	}
	if term[0] == '&' || term[0] == '!' {
		sign, term = term[0], term[1:]
	}
	if term == "" {
		return sign, nil, &Error{Kind: TargetError, Message: fmt.Sprintf("the target has a lone %q: it needs a group or a host after it", sign)}
	}
	expression, part := splitSubscript(term)
	hosts, fault = inv.enumerate(expression)
	if part != nil && part.last != 0 {
		if missed := inv.missedByRange(term, hosts, part); len(missed) > 0 {
			message := fmt.Sprintf("in a target %s means hosts of %s by their place, counted from 0, and no range of names: it does not match %s",
				shown.Name(term), shown.Name(expression), namesOf(missed))
			if fault != nil && sign != 0 {
				return sign, nil, &Error{Kind: TargetError, Message: fault.Message + "; " + message}
			}
			fault = nil
			inv.warnOnce(message)
		}
	}
	if hosts == nil && fault == nil && isLocalhost(expression) {
		hosts = make([]*Host, 1) // the implicit one, of which only the place counts
	}
	if fault != nil || part == nil || len(hosts) == 0 {
		return sign, listed(hosts), fault
	}
	hosts, ok := part.of(hosts)
	if !ok {
		return sign, nil, &Error{Kind: TargetError, Message: fmt.Sprintf("no hosts matched the subscripted pattern %s", shown.Name(term))}
	}
	return sign, listed(hosts), nil
}

// listed returns the hosts without the implicit localhost.
func listed(hosts []*Host) []*Host {
	if len(hosts) == 1 && hosts[0] == nil {
		return nil
	}
	return hosts
}

// subscript is what stands in the brackets of web[0], web[-1] and web[1:3]: the positions of hosts in a list, from 0.
type subscript struct {
	first int
	last  int // inclusive; toEnd for the end of the list; 0 if there is only first
}

const toEnd = -1

// splitSubscript cuts the subscript off a term, if it ends in one (manager.py, _split_subscript). A regular expression
// never does.
func splitSubscript(term string) (expression string, part *subscript) {
	open := strings.LastIndexByte(term, '[')
	if term[0] == '~' || open < 1 || !strings.HasSuffix(term, "]") || strings.Contains(term[:open], "\n") {
		return term, nil
	}
	inside := term[open+1 : len(term)-1]
	if digits := strings.TrimPrefix(inside, "-"); python.IsDigits(digits) {
		return term[:open], &subscript{first: clampInt(inside)}
	}
	separator := strings.IndexAny(inside, ":-")
	if separator < 0 {
		return term, nil
	}
	first, last := inside[:separator], inside[separator+1:]
	if !python.IsDigits(first) || last != "" && !python.IsDigits(last) {
		return term, nil
	}
	part = &subscript{first: clampInt(first), last: toEnd}
	if last != "" {
		part.last = clampInt(last)
	}
	return term[:open], part
}

// of returns the hosts at these positions, or false if there are none (manager.py, _apply_subscript). An end of 0 counts as
// no end at all, so that web[2:0] is web[2]: so it is in Ansible.
func (s *subscript) of(hosts []*Host) ([]*Host, bool) {
	if s.last != 0 {
		end := len(hosts)
		if s.last != toEnd {
			end = min(s.last, len(hosts)-1) + 1
		}
		return hosts[min(s.first, end):end], true
	}
	at := s.first
	if at < 0 {
		at += len(hosts)
	}
	if at < 0 || at >= len(hosts) {
		return nil, false
	}
	return hosts[at : at+1], true
}

// clampInt returns the value of decimal digits with perhaps a '-', or the nearest int to it: no list is that long.
func clampInt(digits string) int {
	value, _ := strconv.Atoi(digits)
	return max(value, -math.MaxInt)
}

// enumerate returns the hosts of the groups that match an expression, group by group, and after them, where Ansible
// looks for them, the hosts that match (manager.py, _enumerate_matches). A host is there as often as it is found.
func (inv *Inventory) enumerate(expression string) ([]*Host, *Error) {
	if expression[0] == '~' {
		return inv.enumerateRegex(expression[1:])
	}
	glob, ok := python.CompileGlob(expression)
	if !ok {
		return nil, invalidTarget(expression, nil)
	}
	if glob.IsPlain() {
		return inv.enumerateName(expression)
	}
	return inv.enumerateMatches(func(name string) (bool, *Error) { return glob.Match(name), nil })
}

func invalidTarget(expression string, cause error) *Error {
	return &Error{Kind: TargetError, Message: "Invalid host list pattern: " + shown.Name(expression), Err: cause}
}

// enumerateName is enumerate for a plain name.
func (inv *Inventory) enumerateName(name string) ([]*Host, *Error) {
	group, host := inv.groupByName[name], inv.Host(name)
	switch {
	case host == nil && isLocalhost(name) && (group == nil || len(group.AllHosts()) == 0):
		return inv.localhost(), nil
	case group == nil && host == nil:
		return nil, inv.unknownName(name)
	case group == nil:
		return []*Host{host}, nil
	case host == nil || !strings.ContainsAny(name, ".["):
		return group.AllHosts(), nil
	default:
		return append(slices.Clip(group.AllHosts()), host), nil
	}
}

// localhostNames are the names for the machine that Ansible runs on (constants.py, LOCALHOST).
var localhostNames = []string{"127.0.0.1", "localhost", "::1"}

func isLocalhost(name string) bool { return slices.Contains(localhostNames, name) }

// localhost returns the host of the inventory that any name for the machine itself stands for: the first that has one of
// these names (InventoryData.get_host). None is there if there is no such host, where Ansible makes one up.
func (inv *Inventory) localhost() []*Host {
	var first *Host
	for _, name := range localhostNames {
		if host := inv.Host(name); host != nil && (first == nil || host.index < first.index) {
			first = host
		}
	}
	if first == nil {
		return nil
	}
	return []*Host{first}
}

// maxRangeLooked is how many names a term that looks like a range of names is looked at for.
const maxRangeLooked = 10_000

// missedByRange returns the hosts that a term would match if it were a range of names as in an inventory, and does not match.
func (inv *Inventory) missedByRange(term string, base []*Host, part *subscript) []*Host {
	if !strings.Contains(term[strings.LastIndexByte(term, '['):], ":") {
		return nil
	}
	names, err := address.Expand(term, maxRangeLooked)
	if err != nil {
		return nil
	}
	matched := &hostSet{}
	if hosts, ok := part.of(base); ok {
		matched = setOf(hosts)
	}
	var missed []*Host
	for _, name := range names {
		if host := inv.Host(name); host != nil && !matched.contains(host) {
			missed = append(missed, host)
		}
	}
	return missed
}

// namesOf lists hosts for a message, the first of many.
func namesOf(hosts []*Host) string {
	const most = 5
	var names []string
	for _, host := range hosts[:min(most, len(hosts))] {
		names = append(names, shown.Name(host.Name))
	}
	text := strings.Join(names, ", ")
	if len(hosts) > most {
		text += fmt.Sprintf(" and %d more", len(hosts)-most)
	}
	return text
}

// warnOnce warns of something, unless that has been done.
func (inv *Inventory) warnOnce(message string) {
	if inv.rules.Warn == nil || inv.warned[message] {
		return
	}
	if inv.warned == nil {
		inv.warned = map[string]bool{}
	}
	inv.warned[message] = true
	inv.rules.Warn(message)
}

// unknownName says that there is no such group or host, and which one may be meant.
func (inv *Inventory) unknownName(name string) *Error {
	message := fmt.Sprintf("there is no group or host called %s", shown.Name(name))
	if near := nearest.To(name, inv.names()); near != "" {
		message += fmt.Sprintf("; did you mean %s?", shown.Name(near))
	}
	return &Error{Kind: TargetError, Message: message}
}

// names yields the names of all groups, then of all hosts.
func (inv *Inventory) names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, group := range inv.groups {
			if !yield(group.Name) {
				return
			}
		}
		for _, host := range inv.hosts {
			if !yield(host.Name) {
				return
			}
		}
	}
}

// enumerateMatches is enumerate for globs and regular expressions.
func (inv *Inventory) enumerateMatches(match func(name string) (bool, *Error)) ([]*Host, *Error) {
	var hosts []*Host
	for _, group := range inv.groups {
		matches, fault := match(group.Name)
		if fault != nil {
			return nil, fault
		}
		if matches {
			hosts = append(hosts, group.AllHosts()...)
		}
	}
	for _, host := range inv.hosts {
		matches, fault := match(host.Name)
		if fault != nil {
			return nil, fault
		}
		if matches {
			hosts = append(hosts, host)
		}
	}
	return hosts, nil
}

// regexTime and regexTimePerHost are how long one regular expression may take over all the names of an inventory.
const (
	regexTime        = time.Second
	regexTimePerHost = 10 * time.Microsecond
)

// enumerateRegex is enumerate for a regular expression of Python's re, which must match from the start of a name.
func (inv *Inventory) enumerateRegex(expression string) ([]*Host, *Error) {
	translated, err := python.TranslateRegex(expression)
	if err != nil {
		return nil, invalidTarget("~"+expression, err)
	}
	pattern, err := regexp2.Compile(translated, regexp2.None)
	if err != nil {
		return nil, invalidTarget("~"+expression, err)
	}
	limit := regexTime + time.Duration(len(inv.hosts))*regexTimePerHost
	deadline := time.Now().Add(limit)
	return inv.enumerateMatches(func(name string) (bool, *Error) {
		pattern.MatchTimeout = time.Until(deadline)
		if pattern.MatchTimeout > 0 {
			if matches, err := pattern.MatchRunes(python.Runes(name)); err == nil {
				return matches, nil
			}
		}
		return false, &Error{Kind: TargetError, Message: fmt.Sprintf("the regular expression %s takes more than %s: it must be written in a way "+
			"that needs less backtracking", shown.Name("~"+expression), limit.Round(time.Second))}
	})
}
