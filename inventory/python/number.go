package python

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
)

// MaxDigits is how many digits Python converts to an integer (sys.set_int_max_str_digits).
const MaxDigits = 4300

// FloatText is Python's repr(f): the shortest digits that read back as f, with ".0" where they would look like an
// integer, and an exponent below 1e-4 and from 1e16 on.
func FloatText(f float64) string {
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

// ParseInt is Python's int(text): white space around it, one sign, and single underscores between digits are allowed.
func ParseInt(text string) (*big.Int, bool) {
	digits := Strip(text)
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
		value, isDigit := DecimalDigit(r)
		switch {
		case isDigit:
			plain = append(plain, '0'+value)
		case r != '_' || !lastDigit:
			return nil, false
		}
		lastDigit = isDigit
	}
	if !lastDigit || len(plain) > MaxDigits+1 {
		return nil, false
	}
	return new(big.Int).SetString(string(plain), 10)
}

// DecimalDigit returns the value of a decimal digit of any script; Unicode keeps the ten digits of a script together.
func DecimalDigit(r rune) (byte, bool) {
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

// ParseBase is Python's int(text, base) for a text without underscores: white space around it, one sign, and then the
// base's own prefix are allowed.
func ParseBase(text string, base int) (*big.Int, bool) {
	text = Strip(text)
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

// ParseFinite returns the float nearest to a number in decimal, infinite where it is too large.
func ParseFinite(text string) float64 {
	f, _ := strconv.ParseFloat(text, 64)
	return f
}

// ParseFloat is Python's float(text) for a text without underscores.
func ParseFloat(text string) (float64, bool) {
	text = Strip(text)
	if strings.ContainsAny(text, "xXpP_") {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	if numError, isNumError := err.(*strconv.NumError); isNumError && numError.Err == strconv.ErrRange {
		return f, true
	}
	return f, err == nil
}

// DigitCount returns how many decimal digits text begins with.
func DigitCount(text string) int {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return n
}

// IsDigits tells whether text is decimal digits and nothing else.
func IsDigits(text string) bool {
	return text != "" && DigitCount(text) == len(text)
}

// IsDigit tells whether c is a decimal digit of ASCII.
func IsDigit(c byte) bool { return c >= '0' && c <= '9' }
