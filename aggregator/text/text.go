// Package text makes foreign text fit to be shown, on one line and without controls, splits bylines
// into names, and measures how alike texts and headlines are. It is pure: strings and numbers in,
// strings and numbers out; a hash is the same in every process.
package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Words returns the runs of letters and digits of a text, in lower case.
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// withoutStopWords returns those that are not stop-words, or all if there are no others.
func withoutStopWords(all []string) []string {
	kept := slices.DeleteFunc(slices.Clone(all), func(w string) bool {
		return stopWords[Tokens(nil, w)[0]] != languages{}
	})
	if len(kept) == 0 {
		return all
	}
	return kept
}

// WithoutDiacritics takes the diacritics off letters.
func WithoutDiacritics(text string) string {
	if IsASCII(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
}

// IsASCII reports whether a text has no character beyond ASCII.
func IsASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}

// Tokens returns the words of a text as 64-bit hashes, which stay the same in every process: runs
// of letters and digits, in lower case.
func Tokens(list []uint64, text string) []uint64 {
	const none = uint64(fnvOffset)
	h := none
	for at := 0; at < len(text); {
		c := text[at]
		if c < utf8.RuneSelf {
			at++
			if low := lowered[c]; low != 0 {
				h = (h ^ uint64(low)) * fnvPrime
				continue
			}
		} else {
			r, size := utf8.DecodeRuneInString(text[at:])
			at += size
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				h = (h ^ uint64(unicode.ToLower(r))) * fnvPrime
				continue
			}
		}
		if h != none {
			list, h = append(list, h), none
		}
	}
	if h != none {
		list = append(list, h)
	}
	return list
}

// lowered lists the letters and digits of ASCII in lower case, and 0 for the rest.
var lowered = func() (table [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		switch {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z':
			table[c] = c
		case 'A' <= c && c <= 'Z':
			table[c] = c + 'a' - 'A'
		}
	}
	return table
}()

// Shingles returns the hashes of a text's runs of five words, in the order in which they first
// occur there, unless two hashes by chance. There are none for texts too short to be compared. They
// are appended to a list.
func Shingles(list, tokens []uint64) []uint64 {
	tokens = tokens[:min(len(tokens), maxWords)]
	if len(tokens) < MinCompared {
		return list
	}
	return appendRuns(list, tokens)
}

// Opening returns the hashes of the runs of five words with which a text begins: of its first
// OpeningWords words. There are none for texts of fewer than MinOpening words. They are appended to a
// list.
func Opening(list, tokens []uint64) []uint64 {
	if len(tokens) < MinOpening {
		return list
	}
	return appendRuns(list, tokens[:min(len(tokens), OpeningWords)])
}

func appendRuns(list, tokens []uint64) []uint64 {
	list = slices.Grow(list, len(tokens)-shingle+1)
	var first uint64 = 1 // the weight of a run's first word
	for range shingle - 1 {
		first *= fnvPrime
	}
	var h uint64
	for n, word := range tokens {
		if n >= shingle {
			h -= first * tokens[n-shingle]
		}
		if h = h*fnvPrime + word; n >= shingle-1 {
			list = append(list, mixHashBits(h))
		}
	}
	return list
}

// Set sorts hashes and leaves each once.
func Set(list []uint64) []uint64 {
	slices.Sort(list)
	return slices.Compact(list)
}

// The parameters of 64-bit FNV-1a.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// mixHashBits is the finalizer of SplitMix64: it spreads a hash over all its bits.
func mixHashBits(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// Containment is C5: the part of the smaller of two sorted sets that the other holds too.
func Containment(a, b []uint64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	common, j := 0, 0
	for _, h := range a {
		for j < len(b) && b[j] < h {
			j++
		}
		if j < len(b) && b[j] == h {
			common++
		}
	}
	return float64(common) / float64(min(len(a), len(b)))
}

// Language guesses a text's language from its stop-words: "en", "es", or "" where the text is short
// or speaks neither clearly.
func Language(tokens []uint64) string {
	if len(tokens) < minLanguageWords {
		return ""
	}
	var en, es int
	for _, w := range tokens {
		in := stopWords[w]
		en, es = en+in.english, es+in.spanish
	}
	switch {
	case en > 2*es && 10*en > len(tokens):
		return "en"
	case es > 2*en && 10*es > len(tokens):
		return "es"
	}
	return ""
}

// languages holds those that a word is a stop-word of: 1 for each.
type languages struct{ english, spanish int }

var stopWords = func() map[uint64]languages {
	words := map[uint64]languages{}
	for _, w := range Tokens(nil, "a an and are as at be been but by for from had has have he her his how in "+
		"into is "+
		"it its more new not of on or our out over says she so than that the their them they this to up was we were "+
		"what when where which who why will with would you") {
		words[w] = languages{english: 1}
	}
	for _, w := range Tokens(nil, "a al ante como con contra cual cuando de del desde donde e el ella ellas "+
		"ellos en "+
		"entre era es esa ese esta este esto fue ha han hasta hay la las le les lo los mas me mi muy ni no nos o "+
		"para "+
		"pero por porque que quien se segun ser si sin sobre son su sus tambien te tras tu un una uno unos y ya") {
		words[w] = languages{words[w].english, 1}
	}
	return words
}()

// Hash is a 64-bit hash of a text that stays the same in every process: FNV-1a, eight bytes at a
// time.
func Hash(text string) uint64 {
	h := uint64(fnvOffset) ^ uint64(len(text))
	for ; len(text) >= 8; text = text[8:] {
		h = (h ^ (uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
			uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56)) * fnvPrime
		h ^= h >> 32
	}
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * fnvPrime
	}
	return mixHashBits(h)
}
