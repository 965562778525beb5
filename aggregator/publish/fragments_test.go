package publish

import (
	"bytes"
	"net/url"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// A document made of fragments that others were made of is the same, byte for byte, as one written
// in one go, and is made of them where it can be.
func TestFragmentsMakeTheSameDocument(t *testing.T) {
	odd := plainStory("bbbbbbbbbbbbb", "krwg", `Two & "more" <of> them`, noon.Add(-time.Hour))
	odd.Items[0].Entry.Content = "<p>A text\twith \u2028 and &lt;b&gt; &amp;amp; \"quotes\" in it.</p>" +
		"\n<content:encoded>\n    <item>"
	odd.Items[0].Entry.Language = "es-MX"
	outside := plainStory("ccccccccccccc", "azpm", "Three", noon.Add(-2*time.Hour))
	outside.Origin = &news.Origin{Maker: news.Maker{Outside: "npr", Name: "NPR & partners"}}
	stories := func() []*news.Story { return []*news.Story{shelters(), odd, outside} }
	e := testEdition(t, stories()...)
	e.Stations[2].Brand = `K"R" & <W>`
	r := NewRenderer(*e)
	for name, path := range mergedPaths {
		f, _, _ := FormatAt(path)
		if d, err := r.Render(f, Selection{}, Locale{}); err != nil || len(d.LeftOut) > 0 {
			t.Fatal(name, d.LeftOut, err)
		}
	}
	known := Known{
		Stations:  map[string]bool{"kjzz": true, "azpm": true, "krwg": true},
		Languages: map[string]bool{"es": true}, Topics: map[string]bool{"border": true},
	}
	for _, query := range []string{
		"for=azpm", "for=krwg", "for=kjzz", "station=azpm", "lang=es", "topic=border", "for=krwg&station=kjzz", "",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		s, err := ParseSelection(values, known)
		if err != nil {
			t.Fatal(err)
		}
		for name, path := range mergedPaths {
			whole := testEdition(t, stories()...) // its renderer has no fragments
			whole.Stations[2].Brand = e.Stations[2].Brand
			want, err := rendered(whole, path, s)
			must(t, want, err)
			f, _, _ := FormatAt(path)
			have, err := r.Render(f, s, Locale{})
			must(t, have, err)
			if !bytes.Equal(have.Body, want.Body) {
				t.Errorf("%s?%s: other bytes:\n%s\nin one go:\n%s", name, query, have.Body, want.Body)
			}
			c := newestContents(e, f, s)
			c.articles = r.articlesOf(c.stories, s)
			if assembleFragments(r, c) == nil {
				t.Errorf("%s?%s: %d articles are not made of fragments", name, query, len(c.articles))
			}
		}
	}
}

func TestFragmentsHaveNoFaultyStory(t *testing.T) {
	bad := plainStory("bbbbbbbbbbbbb", "krwg", "Two", noon.Add(-time.Hour))
	bad.Items[0].Entry.Enclosures = []news.Enclosure{{URL: "nowhere", Type: "audio/mpeg"}}
	r := NewRenderer(*testEdition(t, shelters(), bad))
	rss, _, _ := FormatAt("/feed.rss")
	for _, s := range []Selection{{}, {For: []string{"azpm"}}, {Stations: []string{"krwg"}}} {
		d, err := r.Render(rss, s, Locale{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(d.LeftOut, func(f Fault) bool { return f.Story == bad.ID }) {
			t.Errorf("%+v: left out are %v", s, d.LeftOut)
		}
	}
}

func TestSplitItemsMakeTheDocument(t *testing.T) {
	two := plainStory("bbbbbbbbbbbbb", "krwg", "Two", noon.Add(-time.Hour))
	two.Items[0].Entry.Content = "<p>A text with\n    <item>\n  <entry>\n    {\n    }\nin it.</p>"
	three := withSound(plainStory("ccccccccccccc", "krwg", "Three", noon.Add(-2*time.Hour)),
		"https://krwg.example/c.mp3", 0)
	e := testEdition(t, shelters(), two, three)
	for name, path := range feedPaths {
		d, err := rendered(e, path, Selection{})
		body := []byte(must(t, d, err))
		want := 3
		if name == "podcast" {
			want = 2
		}
		f, _, _ := FormatAt(path)
		p := f.SplitItems(body)
		if have := p.With(p.Items); len(p.Items) != want || !bytes.Equal(have, body) {
			t.Errorf("%s: %d items, the same document: %t", name, len(p.Items), bytes.Equal(have, body))
		}
	}
	empty := testEdition(t)
	d, err := rendered(empty, "/feed.json", Selection{})
	f, _, _ := FormatAt("/feed.json")
	if p := f.SplitItems([]byte(must(t, d, err))); len(p.Items) != 0 || !bytes.Equal(p.With(nil), d.Body) {
		t.Errorf("without items: %d", len(p.Items))
	}
}
