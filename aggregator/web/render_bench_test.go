package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// BenchmarkPublish renders 500 stories of 6 kB in every format and coding, as a
// change does.
func BenchmarkPublish(b *testing.B) {
	var stories []*news.Story
	for n := range 500 {
		s := story(fmt.Sprintf("story%08d", n), fmt.Sprintf("Story %d of the border", n), news.Live)
		var text strings.Builder
		for p := range 12 {
			fmt.Fprintf(&text, "<p>%s</p>\n", strings.Repeat(fmt.Sprintf("Word%d of %d and some more, ", n*31%997, p*n%83), 18))
		}
		s.Items[0].Entry.Content = text.String()
		s.Items[0].Entry.Summary = "<p>What happened.</p>"
		s.Items[0].Entry.Enclosures = []news.Enclosure{{URL: fmt.Sprintf("https://ajo.example/%d.mp3", n), Type: "audio/mpeg", Length: 1}}
		s.Published = changed.Add(-time.Duration(n) * time.Hour)
		stories = append(stories, s)
	}
	b.ReportAllocs()
	for b.Loop() {
		site := testSite(b)
		e, known := edition(b, stories...)
		if leftOut, err := site.Publish(e, known); err != nil || len(leftOut) > 0 {
			b.Fatal(leftOut, err)
		}
		total := 0
		for _, f := range site.now.Load().main {
			total += len(f.forms[len(f.forms)-1].body)
		}
		b.ReportMetric(float64(total)/1e6, "MB")
	}
}
