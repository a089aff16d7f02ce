package inventory

import "testing"

func FuzzWords(f *testing.F) {
	f.Add(`h1 a="x y" b='#' c=\ d # e`)
	f.Fuzz(func(t *testing.T, line string) {
		words, err := splitWords(line, nil)
		if err != nil {
			return
		}
		last := -1
		for _, word := range words {
			if word.at <= last || word.at >= len(line) || isBlank(line[word.at]) {
				t.Fatalf("a word of %q begins at %d", line, word.at)
			}
			last = word.at
		}
	})
}
