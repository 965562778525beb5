package within

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// Takes reports whether the desk takes an entry of a feed: it is among Only, where that says
// anything, and not among Skip.
func Takes(f news.Feed, e *news.Entry) bool {
	return (f.Only.Empty() || filterSelects(f.Only, e)) && !filterSelects(f.Skip, e)
}

// filterSelects reports whether one of the entry's topics, or a word of its headline or texts, is
// the filter's. Case does not matter.
func filterSelects(f news.Filter, e *news.Entry) bool {
	for _, topic := range f.Topics {
		if slices.ContainsFunc(e.Topics, func(t string) bool { return strings.EqualFold(t, topic) }) {
			return true
		}
	}
	if len(f.Words) == 0 {
		return false
	}
	text := e.Title + "\n" + markup.Text(e.Summary) + "\n" + markup.Text(e.Content)
	return slices.ContainsFunc(f.Words, func(word string) bool { return containsWord(text, word) })
}

// containsWord reports whether a text holds a word or phrase, not as a part of another word.
func containsWord(text, word string) bool {
	text, word = strings.ToLower(text), strings.ToLower(word)
	for at := 0; word != ""; {
		n := strings.Index(text[at:], word)
		if n < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at+n])
		after, _ := utf8.DecodeRuneInString(text[at+n+len(word):])
		if !isWordRune(before) && !isWordRune(after) {
			return true
		}
		at += n + len(word)
	}
	return false
}

func isWordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
