package identity

import (
	"strings"
	"testing"
)

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
	f.Fuzz(func(t *testing.T, text string, at, length int) {
		if at < 0 || length < 2 || length > len(text) || at > len(text)-length {
			return
		}
		part := strings.ToLower(text[at : at+length])
		if len(part) == length && strings.EqualFold(text[at:at+length], part) && !pairsOf(text).hold([]string{part}) {
			t.Errorf("%q does not hold %q", text, part)
		}
	})
}
