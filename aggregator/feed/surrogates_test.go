package feed

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHalfACharacterIsDroppedAndTwoHalvesAreOne(t *testing.T) {
	for written, want := range map[string]string{
		`Fair opens \ud83c`:                   "Fair opens",
		`Fair \ud83c opens`:                   "Fair opens",
		`Fair \udfa1 opens`:                   "Fair opens",
		`Fair \ud83c\ud83c\udfa1 opens`:       "Fair 🎡 opens",
		`Fair \uD83C\uDFA1`:                   "Fair 🎡",
		`Fair \\ud83c opens`:                  "Fair \\ud83c opens",
		`Fair \u00e9\ud83`:                    "", // no JSON
		`Fair \ud83c\n\udfa1 \"opens\"`:       `Fair "opens"`,
		"Fair \ufffd opens":                   "Fair \ufffd opens",
		`Fair &#55356;&#57249; opens`:         "Fair 🎡 opens",
		`Fair &#xD83C;&#xDFA1; opens&#55356;`: "Fair 🎡 opens",
	} {
		document := `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"` + written + `"}]}`
		d, err := Parse(t.Context(), []byte(document), Context{})
		if err != nil || len(d.Entries) != 1 {
			if want != "" {
				t.Errorf("%s: %v", written, err)
			}
			continue
		}
		if got := d.Entries[0].Title; got != want {
			t.Errorf("%s gives %q, want %q", written, got, want)
		}
	}
	for written, want := range map[string]string{
		"Fair &#55356;&#57249; opens":          "Fair 🎡 opens",
		"Fair &#xd83c;&#xdfa1; opens":          "Fair 🎡 opens",
		"Fair &#55356; opens":                  "Fair opens",
		"Fair &amp;#55356;&amp;#57249; opens":  "Fair 🎡 opens",
		"Fair &amp;#55356; opens &amp;#55357;": "Fair opens",
		"Fair &#127905; opens":                 "Fair 🎡 opens",
	} {
		d, err := Parse(t.Context(), []byte(inItem("<description>"+written+"</description>")), Context{})
		if err != nil || len(d.Entries) != 1 {
			t.Fatal(err)
		}
		got := strings.Join(strings.Fields(d.Entries[0].Summary), " ")
		if got != want || !utf8.ValidString(got) || strings.ContainsRune(got, utf8.RuneError) {
			t.Errorf("%s gives %q, want %q", written, got, want)
		}
	}
}
