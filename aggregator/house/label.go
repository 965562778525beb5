package house

import (
	"slices"
	"strings"
	"unicode"

	"fronteras/aggregator/text"
)

// IsHouse reports whether a text is nothing but names of stations, outside sources and the desk, with
// the words and numbers that go with them: "KMSA", "NPR News", "Radio Ajo 91.5 FM".
func (n Names) IsHouse(name string) bool {
	named := false
	for w := splitIntoNameWords(name); len(w) > 0; {
		if p, ok := n.longestPhraseAt(w); ok {
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

// houseMarks stand between a headline, or a name, and a house's name.
var houseMarks = []string{" | ", " - ", " – ", " — ", " ~ ", " / ", " : ", ": "}

// maxHouses is how many names of houses are looked for at either end of a headline.
const maxHouses = 3

// WithoutHouses is a headline without the names of houses that stand before it, as in "NPR News: …",
// and after it, as in "… | KJZZ" and "… : NPR". It is the headline itself where nothing else is in it.
func (n Names) WithoutHouses(headline string) string {
	start, end := 0, len(headline)
	for place, looked := end, 0; looked < maxHouses; looked++ {
		at, after := lastHouseMark(headline[:place])
		if at <= 0 {
			break
		}
		if n.IsHouse(headline[after:]) {
			end = at
		}
		place = at
	}
	for place, looked := 0, 0; looked < maxHouses; looked++ {
		at, after := firstHouseMark(headline[place:])
		if at < 0 || place+after > end {
			break
		}
		if n.IsHouse(headline[:place+at]) {
			start = place + after
		}
		place += after
	}
	if strings.TrimSpace(headline[start:end]) == "" || n.IsHouse(headline) {
		return headline
	}
	return headline[start:end]
}

// lastHouseMark is where the last mark of a headline begins and ends; at is -1 where there is none.
func lastHouseMark(headline string) (at, after int) {
	at = -1
	for _, mark := range houseMarks {
		if n := strings.LastIndex(headline, mark); n >= 0 && n+len(mark) > after {
			at, after = n, n+len(mark)
		}
	}
	return at, after
}

// firstHouseMark is where the first mark of a headline begins and ends; at is -1 where there is none.
func firstHouseMark(headline string) (at, after int) {
	at = -1
	for _, mark := range houseMarks {
		if n := strings.Index(headline, mark); n >= 0 && (at < 0 || n < at) {
			at, after = n, n+len(mark)
		}
	}
	return at, after
}
