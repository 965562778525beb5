package publish

import (
	"strings"
	"testing"
	"unicode/utf8"

	"fronteras/aggregator/news"
)

func TestADeckIsWholeSentencesOfTheFirstParagraph(t *testing.T) {
	const second = "<p>Another paragraph stands here. It has two sentences.</p>"
	sentence := strings.Repeat("rain and sand and ", 5) + "wind. "
	for name, c := range map[string]struct{ summary, content, want string }{
		"the first paragraph alone":     {"", "<p>Rain fell in Ajo.</p>" + second, "Rain fell in Ajo."},
		"no heading, no list":           {"", "<p>Rain fell in Ajo.</p><h3>What next</h3><ul><li>Roads</li><li>Wells</li></ul>", "Rain fell in Ajo."},
		"a heading first":               {"", "<h2>The day</h2><p>Rain fell in Ajo.</p>", "Rain fell in Ajo."},
		"a list first":                  {"", "<ul><li>Rain fell.</li></ul><p>It was in Ajo.</p>", "It was in Ajo."},
		"a picture first":               {"", `<figure><img src="https://ajo.example/a.jpg" alt=""/><figcaption>The dam.</figcaption></figure><p>Rain fell in Ajo.</p>`, "Rain fell in Ajo."},
		"a caption as a paragraph":      {"", "<p>A dam near Ajo. (Luz Vega)</p><p>Rain fell in Ajo.</p>", "Rain fell in Ajo."},
		"a table first":                 {"", "<table><tr><td>Ajo. Wet.</td></tr></table><p>Rain fell in Ajo.</p>", "Rain fell in Ajo."},
		"a byline first":                {"", "<p>By Ana Ruiz</p><p>Rain fell in Ajo.</p>", "Rain fell in Ajo."},
		"a date first":                  {"", "<p>Updated February 4 at 9:00.</p><p>Rain fell in Ajo.</p>", "Rain fell in Ajo."},
		"a photographer first":          {"", "<p>Photo by Luz Vega, KMSA.</p><p>Rain fell in Ajo.</p>", "Rain fell in Ajo."},
		"a title in bold":               {"", "<p><strong>Why does it rain?</strong></p><p>Rain fell in Ajo.</p>", "Rain fell in Ajo."},
		"a quotation first":             {"", "<blockquote><p>It rains.</p></blockquote><p>Rain fell in Ajo.</p>", "Rain fell in Ajo."},
		"a quotation alone":             {"", "<blockquote><p>It rains.</p></blockquote>", "It rains."},
		"lines, the first a byline":     {"", "<p>By Ana Ruiz<br/>Rain fell in Ajo.</p>", "Rain fell in Ajo."},
		"a line that goes on":           {"", "<p>Rain fell<br/>in Ajo.</p>", "Rain fell in Ajo."},
		"text that is no element":       {"", "Rain fell in Ajo.<ul><li>Roads</li></ul>", "Rain fell in Ajo."},
		"a list alone":                  {"", "<ul><li>Roads</li><li>Wells</li></ul>", ""},
		"a heading alone":               {"", "<h2>The day</h2>", ""},
		"no sentence":                   {"", "<p>Rain in Ajo</p><p>Sand in Bisbee</p>", "Rain in Ajo"},
		"as many sentences as fit":      {"", "<p>" + strings.ToUpper(sentence[:1]) + sentence[1:] + "R" + sentence[1:] + "R" + sentence[1:] + "</p>", "R" + sentence[1:] + "R" + strings.TrimSpace(sentence[1:])},
		"an entity is one character":    {"", "<p>Sun &amp; rain fell.</p>", "Sun & rain fell."},
		"a text that is cut":            {"", "<p>Rain fell in Ajo. The river has […]</p>", "Rain fell in Ajo."},
		"a text that is cut at once":    {"", "<p>The river has risen in […]</p>", "The river has risen in…"},
		"a text that is cut at its end": {"", "<p>Rain fell in Ajo. […]</p>", "Rain fell in Ajo."},
		"the summary is the text":       {"<p>Rain fell in Ajo. It was short.</p>" + second, "", "Rain fell in Ajo. It was short."},
		"the same, cut":                 {"<p>Rain fell in Ajo. The river&hellip; <a href=\"https://ajo.example/1\">Read more</a></p>", "", "Rain fell in Ajo."},
		"four dots":                     {"<p>The river has risen....</p>", "", "The river has risen…"},
		"a stop before a cut":           {"<p>The river has risen.…</p>", "", "The river has risen."},
		"nothing":                       {"", "", ""},

		"a deck of the station's":                  {"<p>Three towns are cut off</p>", second, "Three towns are cut off"},
		"a long one":                               {"<p>" + sentence + sentence + sentence + sentence + "</p>", second, strings.TrimSpace(sentence + sentence + sentence + sentence)},
		"one that ends in a question":              {"<p>Who pays?</p>", second, "Who pays?"},
		"one that speaks of more":                  {"<p>Three towns want to read more</p>", second, "Three towns want to read more"},
		"one with a link to the rest":              {"<p>Three towns are cut off. Read more</p>", second, "Three towns are cut off."},
		"one with a link that a CMS adds":          {"<p>Three towns are cut off Continue reading Rain in Ajo →</p>", second, "Three towns are cut off…"},
		"one that is cut":                          {"<p>Three towns are cut off. The river […]</p>", second, "Three towns are cut off."},
		"one with a heading":                       {"<h2>News</h2><p>Three towns are cut off</p>", second, "Three towns are cut off"},
		"it is the first sentence":                 {"<p>Rain fell in Ajo.</p>", "<p>Rain fell in Ajo. It was short.</p>", "Rain fell in Ajo."},
		"it is the first paragraph without a stop": {"<p>Rain fell in Ajo</p>", "<p>Rain fell in Ajo</p>" + second, "Rain fell in Ajo"},
		"it is the text, cut":                      {"<p>Rain fell in Ajo. It was sh […]</p>", "<p>Rain fell in Ajo. It was short.</p>" + second, "Rain fell in Ajo. It was short."},
		"it is the text, cut without a mark":       {"<p>Rain fell in Ajo. It was</p>", "<p>Rain fell in Ajo. It was short.</p>", "Rain fell in Ajo. It was short."},
		"it is the text with its list, on a line":  {"<p>Rain fell in Ajo. What next Roads Wells […]</p>", "<p>Rain fell in Ajo.</p><h3>What next</h3><ul><li>Roads</li><li>Wells, too</li></ul>", "Rain fell in Ajo."},
		"the same, to its end":                     {"<p>Rain fell in Ajo. What next Roads Wells</p>", "<p>Rain fell in Ajo.</p><h3>What next</h3><ul><li>Roads</li><li>Wells</li></ul>", "Rain fell in Ajo."},
		"it is two paragraphs of the text":         {"<p>Rain fell in Ajo.</p>" + second, "<p>Rain fell in Ajo.</p>" + second, "Rain fell in Ajo."},
		"an invitation alone":                      {"<p>[…]</p>", "<p>Rain fell in Ajo.</p>", "Rain fell in Ajo."},
		"Spanish":                                  {"<p>Llovió en Ajo. ¿Quién pagará […] Leer más</p>", "<p>Llovió en Ajo. ¿Quién pagará el puente? Nadie lo sabe.</p>", "Llovió en Ajo. ¿Quién pagará el puente? Nadie lo sabe."},
	} {
		have := deckOf(c.summary, c.content, []news.Image{{Caption: "A dam near Ajo.", Credit: "Luz Vega"}})
		if have != c.want {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
	long := "<p>" + strings.Repeat("rain and sand and ", 40) + "wind.</p>"
	if have := deckOf("", long, nil); utf8.RuneCountInString(have) > deckLength || !strings.HasSuffix(have, "and…") &&
		!strings.HasSuffix(have, "rain…") && !strings.HasSuffix(have, "sand…") {
		t.Errorf("a sentence that is too long: %q", have)
	}
}

// Every format has the same deck, and none says it twice.
func TestEveryFormatHasTheDeck(t *testing.T) {
	s := withSound(plainStory("aaaaaaaaaaaaa", "kjzz", "Rain", noon), "https://kjzz.example/rain.mp3", 60)
	s.Items[0].Entry.Content = "<p>By Ana Ruiz</p><p>Rain fell in Ajo. It was short.</p><h3>What next</h3><ul><li>Roads</li></ul>"
	e := testEdition(t, s)
	for path, want := range map[string]string{
		"/feed.rss":  "<description>Rain fell in Ajo. It was short.</description>",
		"/feed.atom": `<summary type="text">Rain fell in Ajo. It was short.</summary>`,
		"/feed.json": `"summary": "Rain fell in Ajo. It was short."`,
	} {
		d, err := rendered(e, path, Selection{})
		if body := must(t, d, err); !strings.Contains(body, want) {
			t.Errorf("%s: no %s in %s", path, want, body)
		}
	}
	d, err := rendered(e, "/podcast.rss", Selection{})
	body := must(t, d, err)
	_, description, _ := strings.Cut(body[strings.Index(body, "<item>"):], "<description>")
	description, _, _ = strings.Cut(description, "</description>")
	if strings.Count(description, "It was short.") != 1 {
		t.Errorf("the podcast says: %q", description)
	}
}

// FuzzDeck: a deck is one line, and never dots after dots.
func FuzzDeck(f *testing.F) {
	f.Add("Rain fell. […] Read more", "<p>Rain fell.</p><ul><li>a</li></ul><p>b<br/>c</p>")
	f.Fuzz(func(t *testing.T, summary, content string) {
		deck := deckOf(dropForbidden(summary), dropForbidden(content), nil)
		if strings.Contains(deck, "\n") || deck != strings.TrimSpace(deck) || strings.HasSuffix(deck, ".…") {
			t.Errorf("%q", deck)
		}
	})
}
