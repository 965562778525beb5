package command

import (
	"crypto/sha256"
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
	"time"
)

// The benchmark's desk: the number of stations, and of items of 2 kB in the feed of each.
const (
	benchFeeds = 1000
	benchItems = 50
)

// Editions of the corpus, one after another.
const (
	editionFirst = iota
	editionNew   // each feed has one new item, and its last one less
	editionMoved // each date is a minute later, and nothing else differs
	editions
)

// benchStory is one story as its station tells it.
type benchStory struct {
	station, number         int
	title, summary, content string
	reporter                string
	date                    time.Time
}

// benchTold is a story as a station carries it: its own, or another's.
type benchTold struct {
	benchStory
	guid, url string
}

// benchStoryOf invents a story, always the same.
func benchStoryOf(station, number int) benchStory {
	r := rand.New(rand.NewPCG(uint64(station), uint64(number)+100))
	s := benchStory{
		station: station, number: number, title: benchWords(r, 8), summary: benchWords(r, 20),
		reporter: benchWords(r, 2),
		date:     time.Date(2025, 10, 1, 12, 0, 0, 0, time.UTC).Add(-time.Duration(number*97+station) * time.Minute),
	}
	var text strings.Builder
	for range 6 {
		fmt.Fprintf(&text, "<p>%s <a href=\"https://s%d.example/%s\">%s</a> %s.</p>\n", benchWords(r, 18), station,
			benchWords(r, 1), benchWords(r, 2), benchWords(r, 15))
	}
	s.content = text.String()
	return s
}

func (s benchStory) home() string {
	return fmt.Sprintf("https://s%d.example/2025/10/story-%d", s.station, s.number)
}

// benchToldBy is what is at a place of a station's feed. A fifth is carried from elsewhere: a third
// of that as it is, a third under another guid and address with a credit, a third with tracking
// parameters.
func benchToldBy(station, number int) benchTold {
	r := rand.New(rand.NewPCG(uint64(station), uint64(number)+900))
	if r.IntN(5) > 0 {
		s := benchStoryOf(station, number)
		return benchTold{s, fmt.Sprintf("https://s%d.example/?p=%d", station, number), s.home() + "?utm_source=rss"}
	}
	s := benchStoryOf((station+1+r.IntN(5))%benchFeeds, number)
	t := benchTold{s, fmt.Sprintf("https://s%d.example/?p=%d", s.station, number), s.home()}
	switch r.IntN(3) {
	case 1:
		t.guid, t.url = fmt.Sprintf("https://s%d.example/?p=%d", station, number),
			fmt.Sprintf("https://s%d.example/carried/story-%d", station, number)
		t.content += fmt.Sprintf(`<p>This story was originally published by <a href="%s">Station %d</a>.</p>`,
			s.home(), s.station)
	case 2:
		t.guid, t.url = s.home(), s.home()+"?utm_source=partner&utm_medium=rss&fbclid=abc"
	}
	return t
}

// benchDocument writes a station's feed: every third as RSS with CDATA, RSS with escaped texts, and
// Atom.
func benchDocument(station, edition int) string {
	var told []benchTold
	newest := 1
	if edition >= editionNew {
		newest = 0
	}
	for n := range benchItems {
		told = append(told, benchToldBy(station, newest+n))
	}
	if edition == editionMoved {
		for n := range told {
			told[n].date = told[n].date.Add(time.Minute)
		}
	}
	if station%3 == 2 {
		return benchAtom(station, told)
	}
	return benchRSS(station, told, station%3 == 0)
}

func benchRSS(station int, told []benchTold, cdata bool) string {
	text := html.EscapeString
	if cdata {
		text = func(s string) string { return "<![CDATA[" + s + "]]>" }
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>`+
		`<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" `+
		`xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Station %d</title>`+
		`<link>https://s%[1]d.example/</link><description>News</description><language>en</language>`, station)
	for _, t := range told {
		fmt.Fprintf(&b, `<item><title>%s</title><link>%s</link><guid isPermaLink="false">%s</guid>`+
			`<pubDate>%s</pubDate><dc:creator>%s</dc:creator><category>News</category><description>%s</description>`+
			`<content:encoded>%s</content:encoded></item>`,
			t.title, html.EscapeString(t.url), t.guid, t.date.Format(time.RFC1123Z), t.reporter, t.summary,
			text(t.content))
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

func benchAtom(station int, told []benchTold) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">`+
		`<title>Station %d</title><id>https://s%[1]d.example/</id><link href="https://s%[1]d.example/"/>`+
		`<updated>%s</updated>`, station, told[0].date.Format(time.RFC3339))
	for _, t := range told {
		fmt.Fprintf(&b, `<entry><title>%s</title><id>%s</id><link href="%s"/><published>%s</published>`+
			`<updated>%[4]s</updated><author><name>%s</name></author><category term="News"/><summary>%s</summary>`+
			`<content type="html">%s</content></entry>`,
			t.title, t.guid, html.EscapeString(t.url), t.date.Format(time.RFC3339), t.reporter, t.summary,
			html.EscapeString(t.content))
	}
	b.WriteString("</feed>")
	return b.String()
}

// benchWords returns words, of four thousand invented ones.
func benchWords(r *rand.Rand, n int) string {
	words := make([]string, n)
	for i := range words {
		sum := sha256.Sum256([]byte{byte(r.IntN(256)), byte(r.IntN(16))})
		length := 2 + int(sum[0])%9
		for j := range length {
			words[i] += string(rune('a' + sum[j+1]%26))
		}
	}
	return strings.Join(words, " ")
}
