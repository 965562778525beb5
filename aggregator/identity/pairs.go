package identity

// pairs are the pairs of neighbouring bytes of a text, letters in any case, as far
// as five bits tell them apart. They are found in one pass, and rule out most of
// the words that a text is searched for.
type pairs [16]uint64

func pairsOf(text string) (p pairs) {
	for i := 1; i < len(text); i++ {
		word, bit := pair(text[i-1], text[i])
		p[word] |= bit
	}
	return p
}

// pair is the place of a pair of bytes.
func pair(a, b byte) (word int, bit uint64) {
	n := uint(a&31)<<5 | uint(b&31)
	return int(n >> 6), 1 << (n & 63)
}

// may reports whether a text can hold a part, of two bytes at least. Where it is
// false, it does not.
func (p *pairs) may(part string) bool {
	for i := 1; i < len(part); i++ {
		if word, bit := pair(part[i-1], part[i]); p[word]&bit == 0 {
			return false
		}
	}
	return true
}

// mayAny reports whether a text can hold one of several parts.
func (p *pairs) mayAny(parts []string) bool {
	for _, part := range parts {
		if p.may(part) {
			return true
		}
	}
	return false
}
