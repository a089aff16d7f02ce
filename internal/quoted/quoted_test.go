package quoted_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/regal-inventory/regal-inventory/internal/quoted"
)

// TestTextOfAppend checks that every name comes back, lone surrogates and pairs of them too.
func TestTextOfAppend(t *testing.T) {
	lone := func(r rune) string {
		return string([]byte{0xE0 | byte(r>>12), 0x80 | byte(r>>6)&0x3F, 0x80 | byte(r)&0x3F})
	}
	for text, want := range map[string]string{
		"":                    `""`,
		"web1":                `"web1"`,
		"a\"b\\\n":            `"a\"b\\\n"`,
		"发布":                  `"发布"`,
		lone(0xDC80):          `"\udc80"`,
		"x" + lone(0xDCFF):    `"x\udcff"`,
		lone(0xD800) + "\\ud": `"\ud800\\ud"`,
	} {
		assert.Equal(t, want, string(quoted.Append(nil, text)))
		assert.Equal(t, text, quoted.Text([]byte(want)))
	}
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, part := range rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.Just(lone(0xDC80)), rapid.Just(`\`))).Draw(t, "parts") {
			text += part
		}
		assert.Equal(t, text, quoted.Text(quoted.Append(nil, text)))
	})
}
