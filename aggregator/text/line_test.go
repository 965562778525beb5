package text

import (
	"strings"
	"testing"
	"unicode"
)

func TestFoldLeavesSingleBlanks(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " ": "", "one": "one", "one two": "one two", " one": "one", "one ": "one", "one  two": "one two",
		"one\ttwo\n":     "one two",
		"año\u00a0nuevo": "año nuevo", "\u3000uno\u3000dos": "uno dos", "\u1680a\u0085b\u2028c": "a b c",
		"año\u3000": "año",
	} {
		if have := Fold(text); have != want {
			t.Errorf("%q is %q, want %q", text, have, want)
		}
	}
}

func TestFoldIsWhatTheStandardLibraryMakesOfFields(t *testing.T) {
	for r := range rune(unicode.MaxRune + 1) {
		for _, text := range []string{string(r), "a" + string(r) + "b"} {
			if have, want := Fold(text), strings.Join(strings.Fields(text), " "); have != want {
				t.Fatalf("%q is %q, want %q", text, have, want)
			}
		}
	}
}
