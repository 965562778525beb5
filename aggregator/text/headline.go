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

// Similar is the similarity of two headlines, whose words count with their multiplicity: twice what
// is common by what there is. 1 is equal, 0 nothing in common.
func (h Headline) Similar(o Headline) float64 {
	if len(h.Words)+len(o.Words) == 0 {
		return 0
	}
	count := make(map[string]int, len(h.Words))
	for _, w := range h.Words {
		count[w]++
	}
	common := 0
	for _, w := range o.Words {
		if count[w] > 0 {
			count[w]--
			common++
		}
	}
	return 2 * float64(common) / float64(len(h.Words)+len(o.Words))
}
