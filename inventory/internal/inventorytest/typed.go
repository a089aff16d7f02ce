package inventorytest

import (
	"fmt"
	"strings"

	"github.com/regal-inventory/regal-inventory/inventory"
)

// WriteTyped writes a value as typed.py does.
func WriteTyped(out *strings.Builder, v inventory.Value) {
	switch v.Kind() {
	case inventory.Null:
		out.WriteString("null")
	case inventory.Bool:
		out.WriteString(`{"bool":` + strings.ToLower(v.Text()) + "}")
	case inventory.Int:
		out.WriteString(`{"int":"` + v.Text() + `"}`)
	case inventory.Float:
		out.WriteString(`{"float":"` + v.Text() + `"}`)
	case inventory.List:
		out.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				out.WriteByte(',')
			}
			WriteTyped(out, v.At(i))
		}
		out.WriteByte(']')
	case inventory.Map:
		out.WriteString(`{"dict":{`)
		for i := range v.Len() {
			if i > 0 {
				out.WriteByte(',')
			}
			WriteQuoted(out, v.KeyAt(i))
			out.WriteByte(':')
			WriteTyped(out, v.At(i))
		}
		out.WriteString("}}")
	case inventory.Vault:
		out.WriteString(`{"vault":`)
		WriteQuoted(out, v.Text())
		out.WriteByte('}')
	case inventory.Unsafe:
		out.WriteString(`{"unsafe":`)
		WriteQuoted(out, v.Text())
		out.WriteByte('}')
	default:
		WriteQuoted(out, v.Text())
	}
}

// WriteQuoted writes a text in JSON.
func WriteQuoted(out *strings.Builder, text string) {
	out.WriteByte('"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteByte(c)
		case strings.IndexByte("\b\f\n\r\t", c) >= 0:
			out.WriteByte('\\')
			out.WriteByte("bfnrt"[strings.IndexByte("\b\f\n\r\t", c)])
		case c < ' ':
			fmt.Fprintf(out, `\u%04x`, c)
		default:
			out.WriteByte(c)
		}
	}
	out.WriteByte('"')
}

// SameAnswer tells whether we and Python agree; an error of ours may have any name. Where Python fails beside what is
// beyond literals, parseLiteral is known to leave the text.
func SameAnswer(ours, pythons string) bool {
	if beyond, ok := strings.CutPrefix(pythons, `{"beyond":`); ok {
		return ours+"}" == beyond
	}
	return ours == pythons || ours == `{"error"` && strings.HasPrefix(pythons, ours)
}
