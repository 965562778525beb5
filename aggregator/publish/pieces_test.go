package publish

import (
	"bytes"
	"net/url"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// A document made of pieces that others were made of is the same, byte for byte, as
// one written in one go, and is made of them where it can be.
func TestPiecesMakeTheSameDocument(t *testing.T) {
	odd := plainStory("bbbbbbbbbbbbb", "krwg", `Two & "more" <of> them`, noon.Add(-time.Hour))
	odd.Items[0].Entry.Content = "<p>A text\twith \u2028 and &lt;b&gt; &amp;amp; \"quotes\" in it.</p>\n<content:encoded>\n    <item>"
	odd.Items[0].Entry.Language = "es-MX"
	outside := plainStory("ccccccccccccc", "azpm", "Three", noon.Add(-2*time.Hour))
	outside.Origin = &news.Origin{Maker: news.Maker{Outside: "npr", Name: "NPR & partners"}}
	stories := func() []*news.Story { return []*news.Story{shelters(), odd, outside} }
	e := testEdition(t, stories()...)
	e.Stations[2].Brand = `K"R" & <W>`
	formats := map[string]func(*Edition, Selection) (Document, error){"rss": (*Edition).RSS, "atom": (*Edition).Atom, "json": (*Edition).JSON}
	for name, render := range formats {
		if d, err := render(e, Selection{}); err != nil || len(d.LeftOut) > 0 {
			t.Fatal(name, d.LeftOut, err)
		}
	}
	known := Known{
		Stations: map[string]bool{"kjzz": true, "azpm": true, "krwg": true}, Languages: map[string]bool{"es": true}, Topics: map[string]bool{"border": true},
	}
	for _, query := range []string{"for=azpm", "for=krwg", "for=kjzz", "station=azpm", "lang=es", "topic=border", "for=krwg&station=kjzz", ""} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Select(values, known)
		if err != nil {
			t.Fatal(err)
		}
		for name, render := range formats {
			whole := testEdition(t, stories()...) // it has no pieces
			whole.Stations[2].Brand = e.Stations[2].Brand
			want, err := render(whole, s)
			must(t, want, err)
			have, err := render(e, s)
			must(t, have, err)
			if !bytes.Equal(have.Body, want.Body) {
				t.Errorf("%s?%s: other bytes:\n%s\nin one go:\n%s", name, query, have.Body, want.Body)
			}
			f := map[string]format{"rss": formatRSS, "atom": formatAtom, "json": formatJSON}[name]
			sh := e.sheet("/feed."+name, s)
			if list := e.articles(sh); e.assemble(f, sh, list) == nil {
				t.Errorf("%s?%s: %d articles are not made of pieces", name, query, len(list))
			}
		}
	}
}

// A story that the gate has refused is none of the pieces.
func TestPiecesHaveNoFaultyStory(t *testing.T) {
	bad := plainStory("bbbbbbbbbbbbb", "krwg", "Two", noon.Add(-time.Hour))
	bad.Items[0].Entry.Enclosures = []news.Enclosure{{URL: "nowhere", Type: "audio/mpeg"}}
	e := testEdition(t, shelters(), bad)
	for _, s := range []Selection{{}, {For: []string{"azpm"}}, {Stations: []string{"krwg"}}} {
		d, err := e.RSS(s)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(d.LeftOut, func(f Fault) bool { return f.Story == bad.ID }) {
			t.Errorf("%+v: left out are %v", s, d.LeftOut)
		}
	}
}
