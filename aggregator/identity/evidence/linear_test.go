package evidence

import (
	"fmt"
	"strings"
	"testing"

	"fronteras/aggregator/lineartest"
	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

// Whatever an item's text holds, what is compared of it is read in time in proportion to its length.
func TestReadingEvidenceIsLinear(t *testing.T) {
	d := desk.Directory(t)
	link := `<a href="https://kmsa.example/2031/02/rain-in-ajo">%d</a>`
	for _, pattern := range []string{
		"a", "a ", "<p>a</p>", "<br>", "(", ")", "© 2031 ", "© 2031 a.", "Copyright ", "Photo ", "1,", "12 ", "May ", "é", "\u0301",
		"&amp;", "KMSA ", "KMSA’s ", "<p>By A. Carried by KMSA.</p>", "<p>Originally published by KMSA.</p>",
		"<p>This story is from the Fronteras Desk, a collaboration of public radio stations.</p>", "Fronteras Desk ",
		"<p>Originally published by " + link + ".</p>", "published" + link, strings.Replace(link, "ajo", "ajo-%d", 1), "published.” A" + link, "<p>published.</p>",
		"<p>Correction: a</p>", "<ul><li>a</li></ul>", "<p>PHOENIX (AP) — a</p>", "<p>a", "</p>", "<", "newsletter", "publish ",
		"\u202f", "This story ", "Originally ",
	} {
		lineartest.Check(t, fmt.Sprintf("%q", pattern), 8<<10, func(size int) string {
			var b strings.Builder
			for n := 0; b.Len() < size; n++ {
				b.WriteString(strings.ReplaceAll(pattern, "%d", fmt.Sprint(n)))
			}
			return b.String()
		}, func(content string) {
			for _, content := range []string{content, "<p>Originally published by " + content + "</p>"} {
				e := desk.Entry("ajo", "rain", "Rain in Ajo", 0)
				e.Content = content
				i := desk.Item("ajo", 1, e)
				r := NewReader(d)
				evidence := r.EvidenceOf(i, Feed{})
				evidence.Shingles()
				TemporaryKeys(evidence, nil)
				ListClaims(d, i, r.TextFeatures(&i.Entry))
			}
		})
	}
}

// The same for the lines of an entry, each as long as a reader of feeds lets it be.
func TestReadingLinesIsLinear(t *testing.T) {
	d := desk.Directory(t)
	for _, pattern := range []string{"a", "a ", "(", ")", "()", " and ", " y ", "|", ",", "é", "\u0301", " - ", " | ", "KMSA "} {
		lineartest.Check(t, fmt.Sprintf("%q", pattern), 4<<10, func(size int) string {
			return strings.Repeat(pattern, size/len(pattern))
		}, func(line string) {
			e := desk.Entry("ajo", "rain", line, 0)
			e.Byline, e.Authors = line, []news.Person{{Name: line}}
			NewReader(d).EvidenceOf(desk.Item("ajo", 1, e), Feed{})
		})
	}
}

// A document may bring millions of paragraphs, and those of all its texts are held until it is saved.
func TestTheParagraphsOfATextAreHeldOnce(t *testing.T) {
	p := Read(desk.Directory(t), strings.Repeat("<p>w</p>", 3))
	if len(p.own) != 3 || &p.own[0] != &p.Blocks[0] {
		t.Error("the paragraphs without the desk's are held beside all, though none is the desk's")
	}
}
