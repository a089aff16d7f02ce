package yaml

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// The tags of YAML 1.1, in the short form that yaml.v3 gives.
const (
	tagNull      = "!!null"
	tagBool      = "!!bool"
	tagInt       = "!!int"
	tagFloat     = "!!float"
	tagTimestamp = "!!timestamp"
	tagBinary    = "!!binary"
	tagString    = "!!str"
	tagMerge     = "!!merge"
	tagValue     = "!!value"
	tagMap       = "!!map"
	tagSeq       = "!!seq"
)

// tagOf returns the tag of a node: the one that is written, or the one that its kind, quotes and text say.
func tagOf(node *yaml.Node) string {
	switch {
	case node.Style&yaml.TaggedStyle != 0 && node.Tag != "!":
		return node.Tag
	case node.Kind == yaml.MappingNode:
		return tagMap
	case node.Kind == yaml.SequenceNode:
		return tagSeq
	case node.Tag == "!" && node.Value == "" && node.Style&^yaml.TaggedStyle == 0:
		return tagString
	case node.Tag == "!":
		return resolveScalar(node.Value)
	case node.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return tagString
	default:
		return resolveScalar(node.Value)
	}
}

// resolveScalar returns the tag of a plain scalar by YAML 1.1, as PyYAML's Resolver has it (yaml/resolver.py). It differs
// from YAML 1.2, which yaml.v3 follows, in yes and no, octal and base-60 numbers, underscores and exponents.
func resolveScalar(text string) string {
	if text == "" {
		return tagNull
	}
	switch c := text[0]; {
	case c >= '0' && c <= '9':
		switch {
		case isYAMLFloat(text):
			return tagFloat
		case isYAMLInt(text):
			return tagInt
		case isTimestamp(text):
			return tagTimestamp
		}
	case c == '-' || c == '+' || c == '.':
		switch {
		case isYAMLFloat(text):
			return tagFloat
		case isYAMLInt(text):
			return tagInt
		}
	case len(text) <= 5:
		return resolveWord(text)
	}
	return tagString
}

func resolveWord(text string) string {
	switch text {
	case "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF",
		"true", "True", "TRUE", "false", "False", "FALSE":
		return tagBool
	case "~", "null", "Null", "NULL":
		return tagNull
	case "<<":
		return tagMerge
	case "=":
		return tagValue
	default:
		return tagString
	}
}

// span returns how many bytes at the start of text are in the class.
func span(text string, class func(byte) bool) int {
	n := 0
	for n < len(text) && class(text[n]) {
		n++
	}
	return n
}

func isDigitOrScore(c byte) bool  { return python.IsDigit(c) || c == '_' }
func isOctalOrScore(c byte) bool  { return c >= '0' && c <= '7' || c == '_' }
func isBinaryOrScore(c byte) bool { return c == '0' || c == '1' || c == '_' }
func isHexOrScore(c byte) bool {
	return isDigitOrScore(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
func isSign(c byte) bool            { return c == '-' || c == '+' }
func trimSign(text string) string   { return text[min(1, span(text[:min(1, len(text))], isSign)):] }
func whole(text string, n int) bool { return n > 0 && n == len(text) }

// isYAMLInt tells whether the resolver's pattern for integers matches.
func isYAMLInt(text string) bool {
	digits := trimSign(text)
	if digits == "" {
		return false
	}
	if digits[0] == '0' {
		switch rest := digits[1:]; {
		case rest == "":
			return true
		case rest[0] == 'b':
			return whole(rest[1:], span(rest[1:], isBinaryOrScore))
		case rest[0] == 'x':
			return whole(rest[1:], span(rest[1:], isHexOrScore))
		default:
			return whole(rest, span(rest, isOctalOrScore))
		}
	}
	if !python.IsDigit(digits[0]) {
		return false
	}
	n := span(digits, isDigitOrScore)
	return n == len(digits) || n+base60(digits[n:]) == len(digits)
}

// base60 returns how many bytes at the start of text are parts such as :30 or :5.
func base60(text string) int {
	n := 0
	for len(text) >= n+2 && text[n] == ':' && python.IsDigit(text[n+1]) {
		switch {
		case text[n+1] <= '5' && len(text) > n+2 && python.IsDigit(text[n+2]):
			n += 3
		default:
			n += 2
		}
	}
	return n
}

// isYAMLFloat tells whether the resolver's pattern for floats matches.
func isYAMLFloat(text string) bool {
	number := trimSign(text)
	signed := len(number) < len(text)
	switch number {
	case ".inf", ".Inf", ".INF":
		return true
	case ".nan", ".NaN", ".NAN":
		return !signed
	case "":
		return false
	}
	if number[0] == '.' {
		if signed || len(number) < 2 || !python.IsDigit(number[1]) {
			return false
		}
		return isExponentOrEmpty(number[1+span(number[1:], isDigitOrScore):])
	}
	if !python.IsDigit(number[0]) {
		return false
	}
	rest := number[span(number, isDigitOrScore):]
	if sixty := base60(rest); sixty > 0 {
		rest = rest[sixty:]
		return rest != "" && rest[0] == '.' && span(rest[1:], isDigitOrScore) == len(rest)-1
	}
	if rest == "" || rest[0] != '.' {
		return false
	}
	return isExponentOrEmpty(rest[1+span(rest[1:], isDigitOrScore):])
}

// isExponentOrEmpty tells whether nothing is left of a float but perhaps an exponent, which needs a sign.
func isExponentOrEmpty(text string) bool {
	if text == "" {
		return true
	}
	return len(text) >= 3 && (text[0] == 'e' || text[0] == 'E') && isSign(text[1]) && whole(text[2:], span(text[2:], python.IsDigit))
}

// constructScalar returns the object of a scalar with that tag (yaml/constructor.py, SafeConstructor). ok is false where
// Python raises an error, as for the 30th of February.
func constructScalar(tag, text string) (made object, ok bool) {
	switch tag {
	case tagString, "!!python/unicode":
		made.scalar = inventory.NewString(text)
		return made, true
	case tagNull:
		return made, true
	case tagBool:
		made.scalar, ok = constructBool(text)
	case tagInt:
		made.scalar, ok = constructInt(text)
		made.scalar = made.scalar.WrittenAs(text)
	case tagFloat:
		made.scalar, ok = constructFloat(text)
		made.scalar = made.scalar.WrittenAs(text)
	case tagTimestamp:
		made.was = fromDate
		text, ok = constructTimestamp(text)
		made.scalar = inventory.NewString(text)
	case tagBinary:
		made.was = fromBytes
		var data []byte
		data, ok = decodeBinary(text)
		made.scalar = inventory.NewString(python.Decode(data)).WithoutTemplates() // Ansible runs none in bytes
	}
	return made, ok
}

func constructBool(text string) (inventory.Value, bool) {
	switch strings.ToLower(text) {
	case "yes", "true", "on":
		return inventory.NewBool(true), true
	case "no", "false", "off":
		return inventory.NewBool(false), true
	default:
		return inventory.Value{}, false
	}
}

func constructInt(text string) (inventory.Value, bool) {
	if n := len(text); n < 18 && text != "" && text[0] != '0' && span(text, python.IsDigit) == n {
		return inventory.NewIntText(text), true
	}
	digits := strings.ReplaceAll(text, "_", "")
	if digits == "" {
		return inventory.Value{}, false
	}
	negative := digits[0] == '-'
	digits = trimSign(digits)
	number, ok := new(big.Int), false
	switch {
	case digits == "":
		return inventory.Value{}, false
	case digits == "0":
		ok = true
	case strings.HasPrefix(digits, "0b"):
		number, ok = python.ParseBase(digits[2:], 2)
	case strings.HasPrefix(digits, "0x"):
		number, ok = python.ParseBase(digits[2:], 16)
	case digits[0] == '0':
		number, ok = python.ParseBase(digits, 8)
	case strings.Contains(digits, ":"):
		number, ok = parseBase60(digits)
	default:
		number, ok = python.ParseInt(digits)
	}
	if !ok {
		return inventory.Value{}, false
	}
	if negative {
		number.Neg(number)
	}
	decimal := number.String()
	return inventory.NewIntText(decimal), len(decimal) <= python.MaxDigits
}

func parseBase60(text string) (*big.Int, bool) {
	sum := new(big.Int)
	for part := range strings.SplitSeq(text, ":") {
		digit, ok := python.ParseInt(part)
		if !ok {
			return nil, false
		}
		sum.Mul(sum, big.NewInt(60)).Add(sum, digit)
	}
	return sum, true
}

func constructFloat(text string) (inventory.Value, bool) {
	number := strings.ToLower(strings.ReplaceAll(text, "_", ""))
	if number == "" {
		return inventory.Value{}, false
	}
	sign := 1.0
	if number[0] == '-' {
		sign = -1
	}
	number = trimSign(number)
	switch {
	case number == ".inf":
		return inventory.NewFloat(sign * python.ParseFinite("1e999")), true
	case number == ".nan":
		return inventory.NewFloatText("nan"), true
	case strings.Contains(number, ":"):
		// The parts are added up from the last to the first, as Python does: another order could round otherwise.
		parts := strings.Split(number, ":")
		sum, base := 0.0, 1.0
		for i := len(parts) - 1; i >= 0; i-- {
			digit, ok := python.ParseFloat(parts[i])
			if !ok {
				return inventory.Value{}, false
			}
			sum += digit * base
			base *= 60
		}
		return inventory.NewFloat(sign * sum), true
	default:
		f, ok := python.ParseFloat(number)
		return inventory.NewFloat(sign * f), ok
	}
}

// decodeBinary decodes base64 as Python's binascii.a2b_base64 does: what is not of the alphabet is passed over, and
// nothing counts any more once the padding is complete.
func decodeBinary(text string) ([]byte, bool) {
	var data []byte
	bits, held, pads := 0, 0, 0 // held counts the characters of the group of four that is open
	for _, r := range text {
		if r >= 0x80 {
			return nil, false
		}
		if r == '=' {
			if pads++; held >= 2 && held+pads >= 4 {
				return data, true
			}
			continue
		}
		digit := strings.IndexByte(base64Alphabet, byte(r))
		if digit < 0 {
			continue
		}
		bits, pads = bits<<6|digit, 0
		if held = (held + 1) % 4; held != 1 {
			data = append(data, byte(bits>>((4-held)%4*2)))
		}
	}
	return data, held == 0
}

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// timestamp is the parts of a timestamp as texts; what is not given is empty.
type timestamp struct {
	year, month, day, hour, minute, second, fraction string
	zone                                             string // Z, or a sign
	zoneHour, zoneMinute                             string
}

// isTimestamp tells whether the resolver's pattern for timestamps matches. It is stricter than the constructor's: a date
// alone needs two digits for month and day.
func isTimestamp(text string) bool {
	stamp, ok := parseTimestamp(text)
	return ok && (stamp.hour != "" || len(text) == len("2001-01-31"))
}

func parseTimestamp(text string) (stamp timestamp, ok bool) {
	rest := text
	take := func(least, most int) string {
		n := span(rest[:min(most, len(rest))], python.IsDigit)
		if n < least {
			ok = false
			return ""
		}
		part := rest[:n]
		rest = rest[n:]
		return part
	}
	skip := func(c byte) {
		if rest == "" || rest[0] != c {
			ok = false
			return
		}
		rest = rest[1:]
	}
	ok = true
	stamp.year = take(4, 4)
	skip('-')
	stamp.month = take(1, 2)
	skip('-')
	stamp.day = take(1, 2)
	if !ok || rest == "" {
		return stamp, ok
	}
	if rest[0] == 'T' || rest[0] == 't' {
		rest = rest[1:]
	} else if blank := span(rest, python.IsTabOrSpace); blank > 0 {
		rest = rest[blank:]
	} else {
		return stamp, false
	}
	stamp.hour = take(1, 2)
	skip(':')
	stamp.minute = take(2, 2)
	skip(':')
	stamp.second = take(2, 2)
	if !ok {
		return stamp, false
	}
	if strings.HasPrefix(rest, ".") {
		rest = rest[1:]
		stamp.fraction = take(0, len(rest))
	}
	zone := rest[span(rest, python.IsTabOrSpace):]
	switch {
	case rest == "":
		return stamp, true
	case zone == "Z":
		stamp.zone = zone
		return stamp, true
	case zone == "" || !isSign(zone[0]):
		return stamp, false
	}
	stamp.zone, rest = zone[:1], zone[1:]
	stamp.zoneHour = take(1, 2)
	if rest != "" {
		skip(':')
		stamp.zoneMinute = take(2, 2)
	}
	return stamp, ok && rest == ""
}

// constructTimestamp returns the date or time as Python's isoformat() writes it, which is what Ansible prints.
func constructTimestamp(text string) (string, bool) {
	stamp, ok := parseTimestamp(text)
	if !ok {
		return "", false
	}
	number := func(digits string) int {
		n, _ := strconv.Atoi(digits) // only digits, four at the most
		return n
	}
	year, month, day := number(stamp.year), number(stamp.month), number(stamp.day)
	hour, minute, second := number(stamp.hour), number(stamp.minute), number(stamp.second)
	date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if year < 1 || int(date.Month()) != month || date.Day() != day || hour > 23 || minute > 59 || second > 59 {
		return "", false
	}
	iso := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	if stamp.hour == "" {
		return iso, true
	}
	iso += fmt.Sprintf("T%02d:%02d:%02d", hour, minute, second)
	if micro := number((stamp.fraction + "000000")[:6]); micro > 0 {
		iso += fmt.Sprintf(".%06d", micro)
	}
	if stamp.zone == "" {
		return iso, true
	}
	offset := number(stamp.zoneHour)*60 + number(stamp.zoneMinute)
	if offset >= 24*60 {
		return "", false
	}
	sign := "+"
	if stamp.zone == "-" && offset > 0 {
		sign = "-"
	}
	return iso + fmt.Sprintf("%s%02d:%02d", sign, offset/60, offset%60), true
}
