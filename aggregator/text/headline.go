package text

import (
	"slices"
	"strings"
	"unicode"
)

// Headline is a headline as it is compared.
type Headline struct {
	Text  string   // its words without articles and prepositions: what is equal however it is set
	Count int      // of all its words
	Words []string // without stop-words
}

// HeadlineOf prepares a headline for comparison: letter case, diacritics, quotes, dashes and the
// points of abbreviations do not count.
func HeadlineOf(title string) Headline {
	words := Words(withoutInnerMarks(WithoutDiacritics(title)))
	return Headline{strings.Join(withoutFunctionWords(words), " "), len(words), withoutStopWords(words)}
}

// withoutInnerMarks takes out what parts no words: apostrophes behind a letter, and the points
// behind the single letters of abbreviations such as "U.S.".
func withoutInnerMarks(title string) string {
	if !strings.ContainsAny(title, "'.’‘ʼ") {
		return title
	}
	var b strings.Builder
	b.Grow(len(title))
	letters := 0 // that the last word ends with so far
	for _, r := range title {
		switch {
		case unicode.IsLetter(r):
			letters++
		case letters > 0 && strings.ContainsRune("'’‘ʼ", r):
			continue
		case letters == 1 && r == '.':
			letters = 0
			continue
		default:
			letters = 0
		}
		b.WriteRune(r)
	}
	return b.String()
}

// withoutFunctionWords leaves out the words that one CMS drops and another keeps. Others that are
// stop-words elsewhere stay: "not" and "no", "to" and "from", "over" and "after" tell two headlines
// apart.
func withoutFunctionWords(all []string) []string {
	kept := slices.DeleteFunc(slices.Clone(all), func(w string) bool { return slices.Contains(functionWords, w) })
	if len(kept) == 0 {
		return all
	}
	return kept
}

var functionWords = strings.Fields("a an the of in on at for and as is are el la los las un una de del en y al")

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
