package inventory

import (
	"errors"
	"strconv"
	"strings"

	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// isNumber tells whether a value that should be a number is one; any other is what it should be.
func (v Value) isNumber() bool {
	switch v.kind {
	case Int:
		return python.IsDigits(strings.TrimPrefix(v.text, "-"))
	case Float:
		_, err := strconv.ParseFloat(v.text, 64)
		return err == nil || errors.Is(err, strconv.ErrRange)
	default:
		return true
	}
}

// unprintable says why the value cannot be printed; "" if it can.
func (v Value) unprintable() string {
	if !wire.IsPrintable(v.text) {
		return wire.NotUTF8
	}
	if !v.isNumber() {
		return "it is no number: " + strconv.Quote(v.text)
	}
	if v.body == nil {
		return ""
	}
	for i, value := range v.body.values {
		if v.kind == Map {
			if why := wire.UnprintableKey(v.KeyAt(i)); why != "" {
				return why
			}
		}
		if why := value.unprintable(); why != "" {
			return why
		}
	}
	return ""
}
