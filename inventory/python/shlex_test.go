package python

import "testing"

func FuzzWords(f *testing.F) {
	f.Add(`h1 a="x y" b='#' c=\ d # e`)
	f.Fuzz(func(t *testing.T, line string) {
		words, err := Split(line, nil)
		if err != nil {
			return
		}
		last := -1
		for _, word := range words {
			if word.At <= last || word.At >= len(line) || isBlank(line[word.At]) {
				t.Fatalf("a word of %q begins at %d", line, word.At)
			}
			last = word.At
		}
	})
}
