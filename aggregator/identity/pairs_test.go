package identity

import "testing"

func TestPairsHoldWhatTheTextHolds(t *testing.T) {
	for _, c := range []struct {
		text, part string
		want       bool
	}{
		{"Sign up for our NEWSLETTER", "newsletter", true},
		{"© 2026 Radio Ajo", "©", true},
		{"a news letter", "newsletter", false},
		{"reserved rights", "rights reserved", false},
		{"Boletín semanal", "bolet", true},
		{"", "ab", false},
		{"b", "ab", false},
		{"(C) Radio Ajo", "(c)", true},
	} {
		if have := pairsOf(c.text).hold([]string{c.part}); have != c.want {
			t.Errorf("%q holds %q: %v", c.text, c.part, have)
		}
	}
}

// FuzzPairs: what a text holds is never ruled out.
func FuzzPairs(f *testing.F) {
	f.Add("This story was originally PUBLISHED by Radio Ajo", 28, 5)
	f.Add("\u01d3\u04f8 is in capitals beyond ASCII", 0, 6)
	f.Fuzz(func(t *testing.T, text string, at, length int) {
		if at < 0 || length < 2 || length > len(text) || at > len(text)-length {
			return
		}
		part := []byte(text[at : at+length])
		for n, c := range part {
			if 'A' <= c && c <= 'Z' {
				part[n] += 'a' - 'A'
			}
		}
		if !pairsOf(text).hold([]string{string(part)}) {
			t.Errorf("%q does not hold %q", text, part)
		}
	})
}
