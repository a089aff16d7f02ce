package inventory

import (
	"fmt"
	"strings"
)

// writeTyped writes a value as typed.py does.
func writeTyped(out *strings.Builder, v Value) {
	switch v.Kind() {
	case Null:
		out.WriteString("null")
	case Bool:
		out.WriteString(`{"bool":` + strings.ToLower(v.Text()) + "}")
	case Int:
		out.WriteString(`{"int":"` + v.Text() + `"}`)
	case Float:
		out.WriteString(`{"float":"` + v.Text() + `"}`)
	case List:
		out.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				out.WriteByte(',')
			}
			writeTyped(out, v.At(i))
		}
		out.WriteByte(']')
	case Map:
		out.WriteString(`{"dict":{`)
		for i := range v.Len() {
			if i > 0 {
				out.WriteByte(',')
			}
			writeQuoted(out, v.KeyAt(i))
			out.WriteByte(':')
			writeTyped(out, v.At(i))
		}
		out.WriteString("}}")
	case Vault:
		out.WriteString(`{"vault":`)
		writeQuoted(out, v.Text())
		out.WriteByte('}')
	case Unsafe:
		out.WriteString(`{"unsafe":`)
		writeQuoted(out, v.Text())
		out.WriteByte('}')
	default:
		writeQuoted(out, v.Text())
	}
}

func writeQuoted(out *strings.Builder, text string) {
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

// sameAnswer tells whether we and Python agree; an error of ours may have any name. Where Python fails beside what is
// beyond literals, parseLiteral is known to leave the text.
func sameAnswer(ours, pythons string) bool {
	if beyond, ok := strings.CutPrefix(pythons, `{"beyond":`); ok {
		return ours+"}" == beyond
	}
	return ours == pythons || ours == `{"error"` && strings.HasPrefix(pythons, ours)
}
