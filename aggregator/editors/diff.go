package editors

import (
	"index/suffixarray"
	"strings"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/text"
)

// Bounds of texts that are compared, each.
const (
	maxCompared  = 32 << 10 // bytes of a fragment
	maxSentences = 600
	maxCutOff    = 8 // sentences without an end that are looked for in the other text
)

// A sentence of fewer words is in the other text where one there is equal to it; a longer one wherever
// its words stand in a row, for texts are not parted alike.
const wordsInARow = 4

// comparedText is a text beside another one.
type comparedText struct {
	Paragraphs [][]comparedSentence
	Sentences  int
	Shared     int  // of them
	Shortened  bool // the text goes on; no more of it is shown
}

// comparedSentence is a sentence, and whether the other text has it, too.
type comparedSentence struct {
	Text string
	Both bool
}

// compareTexts parts two cleaned fragments into sentences, and says of each whether it is in both. Letter
// case, accents, quotes and other marks do not count. A sentence of a teaser that breaks off with an
// ellipsis is in both where the other text goes on with it.
func compareTexts(a, b string) (first, second comparedText) {
	left, right := readSentences(a), readSentences(b)
	return left.beside(right), right.beside(left)
}

// sentencesOf is a text in sentences, as it is compared.
type sentencesOf struct {
	text    comparedText
	words   [][]string         // those of each sentence: its words as they are compared
	index   *suffixarray.Index // of all words, each between blanks
	whole   map[string]bool    // each sentence's words
	cutOffs []string           // the words of the first sentences that break off, without the last one
}

func readSentences(fragment string) *sentencesOf {
	s := &sentencesOf{whole: map[string]bool{}}
	if len(fragment) > maxCompared {
		fragment = strings.ToValidUTF8(fragment[:maxCompared], "")
		if open := strings.LastIndexByte(fragment, '<'); open > strings.LastIndexByte(fragment, '>') {
			fragment = fragment[:open] // half a tag
		}
		s.text.Shortened = true
	}
	all := strings.Builder{}
	all.WriteByte(' ')
	for _, block := range markup.Blocks(fragment) {
		var paragraph []comparedSentence
		for _, sentence := range text.Sentences(block.Text) {
			if s.text.Sentences == maxSentences {
				s.text.Shortened = true
				break
			}
			words := text.Words(text.WithoutDiacritics(withoutApostrophes.Replace(sentence)))
			paragraph = append(paragraph, comparedSentence{Text: sentence})
			s.text.Sentences++
			s.words = append(s.words, words)
			s.whole[strings.Join(words, " ")] = true
			for _, w := range words {
				all.WriteString(w)
				all.WriteByte(' ')
			}
			if breaksOff(sentence) && len(words) > wordsInARow && len(s.cutOffs) < maxCutOff {
				// The last word may be the half of one.
				s.cutOffs = append(s.cutOffs, strings.Join(words[:len(words)-1], " ")+" ")
			}
		}
		if paragraph != nil {
			s.text.Paragraphs = append(s.text.Paragraphs, paragraph)
		}
	}
	s.index = suffixarray.New([]byte(all.String()))
	return s
}

var withoutApostrophes = strings.NewReplacer("'", "", "’", "", "‘", "", "ʼ", "")

// breaksOff reports whether a sentence ends with an ellipsis.
func breaksOff(sentence string) bool {
	end := strings.TrimRight(sentence, "])} ")
	return strings.HasSuffix(end, "…") || strings.HasSuffix(end, "...")
}

// beside is the text with those sentences marked that the other one has, too.
func (s *sentencesOf) beside(other *sentencesOf) comparedText {
	marked, at := s.text, 0
	marked.Paragraphs = make([][]comparedSentence, len(s.text.Paragraphs))
	for n, paragraph := range s.text.Paragraphs {
		for _, sentence := range paragraph {
			if other.has(s.words[at], breaksOff(sentence.Text)) {
				sentence.Both = true
				marked.Shared++
			}
			marked.Paragraphs[n] = append(marked.Paragraphs[n], sentence)
			at++
		}
	}
	return marked
}

// has reports whether a text has the words of a sentence.
func (s *sentencesOf) has(words []string, breaksOff bool) bool {
	joined := strings.Join(words, " ")
	if joined == "" {
		return false // dashes or stars
	}
	if s.whole[joined] {
		return true
	}
	for _, beginning := range s.cutOffs {
		if strings.HasPrefix(joined+" ", beginning) {
			return true
		}
	}
	if breaksOff && len(words) > wordsInARow {
		joined = strings.Join(words[:len(words)-1], " ")
	}
	return len(words) >= wordsInARow && len(s.index.Lookup([]byte(" "+joined+" "), 1)) > 0
}
