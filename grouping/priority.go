package grouping

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// Prioritize returns the versions in release order: those that the first entry of priority names, in the order given,
// then those of the next, and then all others. An entry is a version's name, or else a shell-style glob as Python's
// fnmatch takes it. An entry that names no version is an error.
func Prioritize(versions []*Version, priority ...string) ([]*Version, error) {
	names := make([]string, len(versions))
	for i, version := range versions {
		names[i] = version.Name
	}
	order, missing := releaseOrder(names, priority)
	if len(missing) > 0 {
		errors := make(inventory.Errors, len(missing))
		for i, at := range missing {
			errors[i] = &inventory.Error{Message: "priority: " + noVersion(priority[at], names)}
		}
		return nil, errors
	}
	released := make([]*Version, len(versions))
	for i, at := range order {
		released[i] = versions[at]
	}
	return released, nil
}

// releaseOrder returns the indexes of names in release order, and those of the entries of priority that match none.
func releaseOrder(names, priority []string) (order, missing []int) {
	index := make(map[string]int, len(names))
	for i, name := range names {
		index[name] = i
	}
	placed := make([]bool, len(names))
	place := func(i int) {
		if !placed[i] {
			placed[i] = true
			order = append(order, i)
		}
	}
	for at, entry := range priority {
		if i, exact := index[entry]; exact {
			place(i)
			continue
		}
		matches, matched := glob(entry), false
		for i, name := range names {
			if matches != nil && matches.MatchString(name) {
				matched = true
				place(i)
			}
		}
		if !matched {
			missing = append(missing, at)
		}
	}
	for i := range names {
		place(i)
	}
	return order, missing
}

func noVersion(entry string, names []string) string {
	return fmt.Sprintf("no version matches %s: %s", show(entry), didYouMean(entry, names))
}

// glob returns what Python's fnmatch makes of a pattern (Lib/fnmatch.py, translate), or nil for a plain text and for a
// class with a range that ends before it starts, neither of which matches anything but its own text.
func glob(pattern string) *regexp.Regexp {
	if !strings.ContainsAny(pattern, "*?[") {
		return nil
	}
	var expression strings.Builder
	expression.WriteString(`(?s)\A`)
	for rest := pattern; rest != ""; {
		class, after := globClass(rest)
		switch {
		case class != "":
			expression.WriteString(class)
			rest = after
			continue
		case rest[0] == '*':
			expression.WriteString(`.*`)
		case rest[0] == '?':
			expression.WriteString(`.`)
		default:
			literal := rest[:1+strings.IndexFunc(rest[1:]+"*", func(r rune) bool { return strings.ContainsRune("*?[", r) })]
			expression.WriteString(regexp.QuoteMeta(literal))
			rest = rest[len(literal):]
			continue
		}
		rest = rest[1:]
	}
	expression.WriteString(`\z`)
	compiled, err := regexp.Compile(expression.String())
	if err != nil {
		return nil
	}
	return compiled
}

// globClass translates the class that pattern begins with, and returns what comes after it; "" if it begins with none. A
// ] right at the start of a class, or after a ! there, is a member.
func globClass(pattern string) (class, after string) {
	inside, isClass := strings.CutPrefix(pattern, "[")
	if !isClass {
		return "", ""
	}
	inside, negated := strings.CutPrefix(inside, "!")
	if inside == "" {
		return "", ""
	}
	end := strings.IndexByte(inside[1:], ']') + 1
	if end == 0 {
		return "", ""
	}
	members := strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `^`, `\^`, `&`, `\&`).Replace(inside[:end])
	if negated {
		return "[^" + members + "]", inside[end+1:]
	}
	return "[" + members + "]", inside[end+1:]
}
