package directory

import (
	"slices"
	"strings"
	"unicode"

	"fronteras/aggregator/text"
)

// IsHouse reports whether a text is nothing but names of stations, outside sources and the desk, with
// the words and numbers that go with them: "KMSA", "NPR News", "Radio Ajo 91.5 FM".
func (d *Directory) IsHouse(name string) bool {
	named := false
	for w := splitIntoNameWords(name); len(w) > 0; {
		if p, ok := d.names.longestPhraseAt(w); ok {
			named, w = true, w[len(p.words):]
			continue
		}
		if word := strings.ToLower(w[0]); !text.IsHouseWord(word) && !slices.Contains(nearHouses, word) &&
			strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsDigit(r) }) {
			return false
		}
		w = w[1:]
	}
	return named
}

// nearHouses lists words that stand next to the names of houses, other than those of houses themselves.
var nearHouses = []string{"am", "and", "fm", "for", "noticias", "of", "para", "the", "tv", "y"}

// separators stand between a headline, or a name, and a house's name.
var separators = []string{" | ", " - ", " – ", " — ", " ~ ", " / ", " : ", ": "}

// WithoutHouse is a headline without the names of houses that stand before and after it, set off by
// a line, a dash or a colon. It is the headline itself where nothing else is in it.
func (d *Directory) WithoutHouse(title string) string {
	start, end := 0, len(title)
	for _, separator := range separators {
		for at := range len(title) {
			if !strings.HasPrefix(title[at:], separator) {
				continue
			}
			if after := at + len(separator); at > 0 && at < end && d.IsHouse(title[after:]) {
				end = at
			} else if after > start && after < len(title) && d.IsHouse(title[:at]) {
				start = after
			}
		}
	}
	if start >= end || strings.TrimSpace(title[start:end]) == "" || d.IsHouse(title) {
		return title
	}
	return title[start:end]
}
