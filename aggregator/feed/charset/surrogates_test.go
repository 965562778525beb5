package charset

import "testing"

// Programs that count in UTF-16 units write each half of a character as if it was one.
func TestHalvesOfACharacterInBytes(t *testing.T) {
	for written, want := range map[string]string{
		"Fair \xed\xa0\xbc opens":                       "Fair  opens",
		"Fair \xed\xbe\xa1 opens":                       "Fair  opens",
		"Fair \xed\xa0\xbc\xed\xbe\xa1 opens":           "Fair 🎡 opens",
		"Fair \xed\xa0\xbc\xed\xa0\xbc\xed\xbe\xa1":     "Fair 🎡",
		"Fair \xed\xbe\xa1\xed\xa0\xbc opens":           "Fair  opens",
		"Año \xed\xa0\xbc":                              "Año ",
		"\xed\x9f\xbf is a letter, \xee\x80\x80 is one": "\xed\x9f\xbf is a letter, \xee\x80\x80 is one",
		"Caf\xe9 opens":                                 "Café opens",
	} {
		have := string(decodeMixedUTF8([]byte(written)))
		if have != want {
			t.Errorf("%q: %q, want %q", written, have, want)
		}
	}
	text, _ := Decode([]byte("<rss><title>Fair \xed\xa0\xbc opens</title></rss>"), "")
	if string(text) != "<rss><title>Fair  opens</title></rss>" {
		t.Errorf("a document with one half: %q", text)
	}
}
