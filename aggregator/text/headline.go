package text

import "strings"

// Headline is a headline as it is compared.
type Headline struct {
	Text  string   // its words, in lower case and without diacritics
	Count int      // of them
	Words []string // without stop-words
}

// HeadlineOf prepares a headline for comparison.
func HeadlineOf(title string) Headline {
	words := Words(WithoutDiacritics(title))
	return Headline{strings.Join(words, " "), len(words), withoutStopWords(words)}
}

// Similar is the similarity of two headlines: 1 is equal, 0 nothing in common.
func (h Headline) Similar(o Headline) float64 { return Similarity(h.Words, o.Words) }
