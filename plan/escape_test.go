package plan

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEscape(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"web-01.example.com", "web-01.example.com"},
		{"主机 é 👩", "主机 é 👩"},
		{`a"b'c`, `a"b'c`},
		{`a\b`, `a\\b`},
		{"a\nb\tc\rd", `a\nb\tc\u000dd`},
		{"\x00\x1b\x7f", `\u0000\u001b\u007f`},
		{"\u0085\u009b", `\u0085\u009b`},
		{"\u00a0\u2003\u3000", `\u00a0\u2003\u3000`},                         // spaces that look like another
		{"\u200b\u200d\u2066\u202e\ufeff", `\u200b\u200d\u2066\u202e\ufeff`}, // joiners and turns of direction
		{"\u2028\u2029", `\u2028\u2029`},
		{"\u115f\u3164\uffa0", `\u115f\u3164\uffa0`}, // letters drawn as nothing
		{"a\ufe0f\U000e0100", `a\ufe0f\udb40\udd00`}, // variation selectors
		{"\U000e0041", `\udb40\udc41`},               // tags
		{"\ufffe\U0010ffff", `\ufffe\udbff\udfff`},   // no characters at all
		{"\ue000", `\ue000`},                         // for private use
		{"\xed\xb2\x80", `\udc80`},                   // a lone surrogate
		{"\xff\xed", `\ufffd\ufffd`},
	} {
		assert.Equal(t, test.want, escape(test.text), "%+q", test.text)
	}
	assert.Equal(t, `&lt;a href=&#34;x&#34;&gt;&amp;\u200b`, markup("<a href=\"x\">&\u200b"))
}
