package identity

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

// BenchmarkFoldNew folds a document of fifty new items of 300 words, a fifth of them
// told by another station already.
func BenchmarkFoldNew(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	body := func() string {
		var text strings.Builder
		for range 6 {
			text.WriteString("<p>")
			for range 50 {
				fmt.Fprintf(&text, "word%d ", r.IntN(4000))
			}
			text.WriteString(`<a href="https://ajo.example/more">more</a>.</p>`)
		}
		return text.String()
	}
	en := func(e *news.Entry) { e.Language = "en" }
	m := newStore(b)
	var theirs, ours []news.Entry
	for n := range 50 {
		words := body()
		e := entry("kmsa", fmt.Sprint("story-", n), fmt.Sprint("Of piece ", n, " this is the headline"), n, text(words), byline("Ana Paz", "Ana Paz"), en)
		if n%5 == 0 {
			theirs = append(theirs, entry("ajo", fmt.Sprint("copy-", n), e.Title, n, text(words), byline("Ana Paz", "Ana Paz"), en))
		}
		ours = append(ours, e)
	}
	m.visit("ajo", theirs...)
	for i := range ours {
		ours[i].Digest = digest(b, ours[i])
	}
	a := Arrival{
		Feed: news.Feed{Station: "kmsa", URL: "https://kmsa.example/rss.xml"}, Link: "https://kmsa.example/", Language: "en", At: m.now, Whole: true,
	}
	b.ReportAllocs()
	for b.Loop() {
		a.Entries = slices.Clone(ours)
		if o := m.desk.Resolve(m, a); o.New != len(ours) || len(o.Stories) != len(ours) {
			b.Fatalf("%d items in %d stories", o.New, len(o.Stories))
		}
	}
}
