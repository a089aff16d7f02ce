package inventory

import (
	"github.com/dlclark/regexp2"
)

// enumerateRegex is enumerate for a regular expression.
func (inv *Inventory) enumerateRegex(expression string) ([]*Host, *Error) {
	pattern, err := regexp2.Compile(`\A(?:`+expression+`)`, regexp2.None)
	if err != nil {
		return nil, invalidTarget("~"+expression, err)
	}
	return inv.enumerateMatches(func(name string) (bool, *Error) {
		matches, err := pattern.MatchString(name)
		if err != nil {
			return false, invalidTarget("~"+expression, err)
		}
		return matches, nil
	})
}
