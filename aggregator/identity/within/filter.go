package within

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// Takes reports whether the desk takes an entry of a feed: it is among Only, where that says
// anything, and not among Skip.
func Takes(f news.Feed, e *news.Entry) bool {
	return (f.Only.Empty() || filterSelects(f.Only, e)) && !filterSelects(f.Skip, e)
}

// DependsOnPage reports whether the topics of an entry's article page can decide whether the desk
// takes it: the entry has none, and its feed is filtered by them.
func DependsOnPage(f news.Feed, e *news.Entry) bool {
	if !f.WholePages || len(e.Topics) > 0 || len(f.Only.Topics)+len(f.Skip.Topics) == 0 {
		return false
	}
	if filterSelects(f.Skip, e) {
		return false
	}
	return Takes(f, e) && len(f.Skip.Topics) > 0 || len(f.Only.Topics) > 0 && !filterSelects(f.Only, e)
}

// DecideByPages leaves out of a document the entries that the desk does not take, by the topics of their article
// pages. Of a page that was not read the entry waits for the next visit, once: waiting counts those.
// Entries of known items stay.
func DecideByPages(doc *Document, match *visit.Match) (waiting int) {
	doc.Taken = slices.DeleteFunc(doc.Taken, func(e *Entry) bool {
		place := e.Places[0]
		if !e.DependsOnPage || match.Items[place] != 0 {
			return false
		}
		for _, at := range e.Places {
			page := doc.PageOf(at)
			if page != nil && page.Article == nil && !e.Waited {
				continue // it may be there at the next visit
			}
			if page != nil {
				said := *e.Entry
				if page.Article != nil {
					said.Topics = page.Article.Entry.Topics
				}
				return !Takes(doc.Feed, &said)
			}
		}
		if match.Readable[place] && !e.Waited {
			for _, at := range e.Places {
				doc.Marks[at].Digest = news.Digest{} // it comes again as one that was not read
			}
			waiting++
			return true
		}
		return !Takes(doc.Feed, e.Entry)
	})
	return waiting
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
