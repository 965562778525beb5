package editors

import (
	"fmt"
	"strings"
	"testing"
)

// marks writes a compared text with its common sentences in brackets and its paragraphs on lines.
func marks(c comparedText) string {
	var lines []string
	for _, paragraph := range c.Paragraphs {
		var line []string
		for _, s := range paragraph {
			if s.Both {
				s.Text = "[" + s.Text + "]"
			}
			line = append(line, s.Text)
		}
		lines = append(lines, strings.Join(line, " "))
	}
	return strings.Join(lines, "\n")
}

func TestASentenceIsInBothTextsWhereItsWordsAre(t *testing.T) {
	for name, tt := range map[string]struct{ a, b, first, second string }{
		"nothing at all": {"", "", "", ""},
		"only one": {
			"<p>The pumps of Mesilla rest.</p>", "", "The pumps of Mesilla rest.", "",
		},
		"equal sentences in other paragraphs": {
			"<p>The pumps rest. Nobody knows why.</p>", "<p>The pumps rest.</p><p>The town waits.</p>",
			"[The pumps rest.] Nobody knows why.", "[The pumps rest.]\nThe town waits.",
		},
		"case, quotes, dashes and accents": {
			"<p>“It’s late — too late,” Peña said.</p>", `<p>"It's LATE, too late", Pena said.</p>`,
			"[“It’s late — too late,” Peña said.]", `["It's LATE, too late", Pena said.]`,
		},
		"markup and entities": {
			"<p>The <b>pumps</b> &amp; the wells rest.</p>", "<p>The pumps &amp; the <i>wells</i> rest.</p>",
			"[The pumps & the wells rest.]", "[The pumps & the wells rest.]",
		},
		"other numbers": {
			"<p>Rates rise by 8 percent in May.</p>", "<p>Rates rise by 9 percent in May.</p>",
			"Rates rise by 8 percent in May.", "Rates rise by 9 percent in May.",
		},
		"a teaser that breaks off, and what it is the beginning of": {
			"<p>The council of Bisbee votes on the ra…</p>",
			"<p>The council of Bisbee votes on the rates on Tuesday. It is open.</p>",
			"[The council of Bisbee votes on the ra…]",
			"[The council of Bisbee votes on the rates on Tuesday.] It is open.",
		},
		"a teaser that breaks off in brackets": {
			"<p>The council of Bisbee votes on the [...]</p>",
			"<p>The council of Bisbee votes on the rates on Tuesday.</p>",
			"[The council of Bisbee votes on the [...]]", "[The council of Bisbee votes on the rates on Tuesday.]",
		},
		"a few words that break off say nothing": {
			"<p>The council…</p>", "<p>The council votes on Tuesday.</p>",
			"The council…", "The council votes on Tuesday.",
		},
		"a few words inside a longer sentence say nothing": {
			"<p>He said no.</p>", "<p>Nobody knew when he said no to it.</p>",
			"He said no.", "Nobody knew when he said no to it.",
		},
		"a quotation that is parted otherwise": {
			"<p>“We have no water. We have no plan at all,” Paz said.</p>",
			"<p>“We have no water,” she began. We have no plan at all.</p>",
			"“We have no water. We have no plan at all,” Paz said.",
			"“We have no water,” she began. [We have no plan at all.]",
		},
		"half a word is no word": {
			"<p>The car was in the east.</p>", "<p>The cart was in the eastern field.</p>",
			"The car was in the east.", "The cart was in the eastern field.",
		},
		"marks without words": {"<p>* * *</p>", "<p>* * *</p>", "* * *", "* * *"},
		"Spanish": {
			"<p>Los pozos se secan. ¿Quién paga?</p>", "<p>¿Quien paga? Nadie lo sabe.</p>",
			"Los pozos se secan. [¿Quién paga?]", "[¿Quien paga?] Nadie lo sabe.",
		},
	} {
		first, second := compareTexts(tt.a, tt.b)
		if got := marks(first); got != tt.first {
			t.Errorf("%s: the first is\n%s\nwant\n%s", name, got, tt.first)
		}
		if got := marks(second); got != tt.second {
			t.Errorf("%s: the second is\n%s\nwant\n%s", name, got, tt.second)
		}
	}
}

func TestOfALongTextTheBeginningIsCompared(t *testing.T) {
	long := strings.Repeat("<p>The same again and again.</p>", 100_000)
	first, second := compareTexts(long, long)
	if !first.Shortened || first.Sentences != maxSentences || first.Shared != maxSentences || !second.Shortened {
		t.Errorf("%d sentences, %d shared, shortened %t", first.Sentences, first.Shared, first.Shortened)
	}
}

func FuzzCompareTexts(f *testing.F) {
	f.Add("<p>The pumps rest. Nobody knows why…</p>", "<p>The pumps rest.</p>")
	f.Add("<p>“a.b.c. d", "<")
	f.Add(strings.Repeat("a. ", 700), "\xff…")
	f.Fuzz(func(t *testing.T, a, b string) {
		first, second := compareTexts(a, b)
		back, forth := compareTexts(b, a)
		if fmt.Sprint(first, second) != fmt.Sprint(forth, back) {
			t.Error("it matters which text is the first")
		}
		for _, c := range []comparedText{first, second} {
			if c.Shared > c.Sentences || c.Sentences > maxSentences {
				t.Errorf("%d of %d sentences are shared", c.Shared, c.Sentences)
			}
		}
	})
}
