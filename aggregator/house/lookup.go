package house

import (
	"slices"
	"strings"

	"fronteras/aggregator/news"
)

// Lookup is the maker whose name is all of a text, with "The" in front of it or without. Names that
// stand for nobody, the desk's title and brands, are known too, and give no maker.
func (n Names) Lookup(text string) (m news.Maker, known bool) {
	words := splitIntoNameWords(text)
	forms := [][]string{words}
	if len(words) > 2 && strings.EqualFold(words[0], "the") {
		forms = append(forms, words[1:])
	} else if len(words) > 1 {
		forms = append(forms, append([]string{"The"}, words...))
	}
	for _, form := range forms {
		if p, ok := n.longestPhraseAt(form); ok && len(p.words) == len(form) {
			return p.maker, true
		}
	}
	return news.Maker{}, false
}

// NamedIn lists the makers that a text names, each once, in the order of the text. What a maker is a
// part of, or made of, is not named: "Arizona Mirror, part of States Newsroom" is Arizona Mirror.
func (n Names) NamedIn(text string) []news.Maker {
	if at := membership.FindStringIndex(text); at != nil {
		if found := n.namedIn(text[:at[0]]); len(found) > 0 {
			return found
		}
	}
	return n.namedIn(text)
}

func (n Names) namedIn(text string) []news.Maker {
	var found []news.Maker
	for w := splitIntoNameWords(text); len(w) > 0; {
		p, ok := n.longestPhraseOf(w, inSentence)
		if !ok {
			w = w[1:]
			continue
		}
		if p.maker != (news.Maker{}) && !slices.Contains(found, p.maker) {
			found = append(found, p.maker)
		}
		w = w[len(p.words):]
	}
	return found
}

// BeginsWithName reports whether a text begins with a name that the configuration knows, be it a
// brand or another that names no maker.
func (n Names) BeginsWithName(text string) bool {
	_, known := n.longestPhraseOf(splitIntoNameWords(text), inSentence)
	return known
}

// Named is the maker whose name is all of a text.
func (n Names) Named(text string) (news.Maker, bool) {
	w := splitIntoNameWords(text)
	p, ok := n.longestPhraseAt(w)
	return p.maker, ok && len(p.words) == len(w) && p.maker != news.Maker{}
}
