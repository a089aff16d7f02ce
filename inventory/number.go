package inventory

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
)

// maxDigits is how many digits Python converts to an integer (sys.set_int_max_str_digits).
const maxDigits = 4300

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

// parseInt is Python's int(text): white space around it, one sign, and single underscores between digits are allowed.
func parseInt(text string) (*big.Int, bool) {
	digits := strip(text)
	negative := strings.HasPrefix(digits, "-")
	if negative || strings.HasPrefix(digits, "+") {
		digits = digits[1:]
	}
	plain := make([]byte, 0, len(digits)+1)
	if negative {
		plain = append(plain, '-')
	}
	lastDigit := false
	for _, r := range digits {
		value, isDigit := decimalDigit(r)
		switch {
		case isDigit:
			plain = append(plain, '0'+value)
		case r != '_' || !lastDigit:
			return nil, false
		}
		lastDigit = isDigit
	}
	if !lastDigit || len(plain) > maxDigits+1 {
		return nil, false
	}
	return new(big.Int).SetString(string(plain), 10)
}

// decimalDigit returns the value of a decimal digit of any script; Unicode keeps the ten digits of a script together.
func decimalDigit(r rune) (byte, bool) {
	if r >= '0' && r <= '9' {
		return byte(r - '0'), true
	}
	if r < 0x80 {
		return 0, false
	}
	for _, digits := range unicode.Nd.R16 {
		if lo, hi := rune(digits.Lo), rune(digits.Hi); lo <= r && r <= hi {
			return byte((r - lo) % 10), true
		}
	}
	for _, digits := range unicode.Nd.R32 {
		if lo, hi := rune(digits.Lo), rune(digits.Hi); lo <= r && r <= hi {
			return byte((r - lo) % 10), true
		}
	}
	return 0, false
}

// parseBase is Python's int(text, base) for a text without underscores: white space around it, one sign, and then the
// base's own prefix are allowed.
func parseBase(text string, base int) (*big.Int, bool) {
	text = strip(text)
	digits := text
	if text != "" && (text[0] == '-' || text[0] == '+') {
		digits = text[1:]
	}
	prefix := map[int]string{2: "0b", 8: "0o", 16: "0x"}[base]
	if len(digits) > len(prefix) && strings.EqualFold(digits[:len(prefix)], prefix) {
		digits = digits[len(prefix):]
	}
	if digits == "" || digits[0] == '-' || digits[0] == '+' {
		return nil, false
	}
	number, ok := new(big.Int).SetString(digits, base)
	if ok && text[0] == '-' {
		number.Neg(number)
	}
	return number, ok
}

// parseFinite returns the float nearest to a number in decimal, infinite where it is too large.
func parseFinite(text string) float64 {
	f, _ := strconv.ParseFloat(text, 64)
	return f
}

// pythonFloat is Python's float(text) for a text without underscores.
func pythonFloat(text string) (float64, bool) {
	text = strip(text)
	if strings.ContainsAny(text, "xXpP_") {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	if numError, isNumError := err.(*strconv.NumError); isNumError && numError.Err == strconv.ErrRange {
		return f, true
	}
	return f, err == nil
}

// digitCount returns how many decimal digits text begins with.
func digitCount(text string) int {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return n
}

// isDigits tells whether text is decimal digits and nothing else.
func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// isDigit tells whether c is a decimal digit of ASCII.
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
