package cli

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestTimeout(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 0, "1": time.Second, "600": 10 * time.Minute} {
		got, err := (&program{getenv: func(string) string { return text }}).timeout()
		assert.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"0", "-1", "1.5", "2m", "x", " 1", "99999999999999999999"} {
		_, err := (&program{getenv: func(string) string { return text }}).timeout()
		assert.ErrorContains(t, err, "REGAL_TIMEOUT is ", text)
		assert.ErrorContains(t, err, "write whole seconds, such as 120", text)
	}
}
