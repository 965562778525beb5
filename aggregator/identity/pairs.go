package identity

import "strings"

// pairs are the pairs of neighbouring bytes of a text, letters in any case, as far
// as five bits tell them apart. They are found in one pass, and rule out most of
// the words that a text is searched for.
type pairs struct {
	text string
	seen [16]uint64
}

func pairsOf(text string) *pairs {
	p := &pairs{text: text}
	for i := 1; i < len(text); i++ {
		word, bit := pair(text[i-1], text[i])
		p.seen[word] |= bit
	}
	return p
}

// pair is the place of a pair of bytes.
func pair(a, b byte) (word int, bit uint64) {
	n := uint(a&31)<<5 | uint(b&31)
	return int(n >> 6), 1 << (n & 63)
}

// hold reports whether the text holds one of several parts, of two bytes at least,
// in lower case; in the text, their letters may be in either, if they are ASCII's.
func (p *pairs) hold(parts []string) bool {
	for _, part := range parts {
		if p.may(part) && containsFold(p.text, part) {
			return true
		}
	}
	return false
}

// may is false where the text does not hold a part.
func (p *pairs) may(part string) bool {
	for i := 1; i < len(part); i++ {
		if word, bit := pair(part[i-1], part[i]); p.seen[word]&bit == 0 {
			return false
		}
	}
	return true
}

// containsFold reports whether a text holds a part in lower case, its letters in
// any case.
func containsFold(text, part string) bool {
	for i := 0; i+len(part) <= len(text); i++ {
		if text[i]&31 == part[0]&31 && strings.EqualFold(text[i:i+len(part)], part) {
			return true
		}
	}
	return false
}
