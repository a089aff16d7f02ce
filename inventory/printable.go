package inventory

import (
	"strconv"

	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
)

// unprintable says why the value cannot be printed; "" if it can.
func (v Value) unprintable() string {
	if !wire.IsPrintable(v.text) {
		return wire.NotUTF8
	}
	if v.misshapen {
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
