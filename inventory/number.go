package inventory

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// newFloat returns a float, as Python prints it.
func newFloat(f float64) Value { return Value{kind: Float, text: floatText(f)} }

// floatText is Python's repr(f): the shortest digits that read back as f, with ".0" where they would look like an
// integer, and an exponent below 1e-4 and from 1e16 on.
func floatText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	if size := math.Abs(f); size != 0 && (size < 1e-4 || size >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if strings.IndexByte(text, '.') < 0 {
		text += ".0"
	}
	return text
}

// intFromBase returns the decimal text of a whole number written as digits of base, 2 to 36, without sign, prefix or
// underscores.
func intFromBase(digits string, base int) string {
	if n, err := strconv.ParseUint(digits, base, 64); err == nil {
		return strconv.FormatUint(n, 10)
	}
	n, ok := new(big.Int).SetString(digits, base)
	if !ok {
		return ""
	}
	return n.String()
}
