package publish

import (
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

// What documents are dated by stays as it was before feeds' secrets were hidden, unless one is.
func TestAFeedWithASecretAloneChangesTheFingerprint(t *testing.T) {
	of := func(feeds ...news.Feed) string {
		return Fingerprint(&Edition{Stations: []news.Station{{ID: "kjzz", URL: "https://kjzz.example", Feeds: feeds}}}, "")
	}
	open := of(news.Feed{URL: "https://kjzz.example/rss?format=rss"}, news.Feed{URL: "file:kjzz.xml"})
	if open != "2c2a202db6330ab180e8f1a8ffc3047d" {
		t.Errorf("%s", open)
	}
	keyed := news.Feed{URL: "https://kjzz.example/rss?key=SESAME"}
	before := of(keyed)
	if keyed.Public = "https://kjzz.example/shown"; of(keyed) == before {
		t.Error("another public address changes nothing")
	}
}

// A station's health names each feed so that nobody takes it for another, and links to it where
// that name is its address.
func TestFeedsOnTheStatusPageHaveNamesOfTheirOwn(t *testing.T) {
	h := HealthOf([]news.Station{{ID: "kjzz", Feeds: []news.Feed{
		{URL: "https://kjzz.example/rss?key=SESAME"}, {URL: "https://kjzz.example/rss?format=rss"},
		{URL: "https://kjzz.example/atom"}, {URL: "file:kjzz.xml"},
		{URL: "https://kjzz.example/x?key=SESAME", Public: "https://kjzz.example/shown?a=1"},
		{URL: "https://kjzz.example/0123456789abcdef0123456789abcdef/rss"},
	}}}, []news.FeedState{{Feed: "https://kjzz.example/rss?format=rss", Items: 7}})
	var have []string
	for _, f := range h.Stations[0].Feeds {
		have = append(have, f.Feed+" "+f.Link)
	}
	want := []string{"https://kjzz.example/rss https://kjzz.example/rss", "https://kjzz.example/rss #2 ",
		"https://kjzz.example/atom https://kjzz.example/atom", "file:kjzz.xml ", "https://kjzz.example/shown ",
		"https://kjzz.example/…/rss "}
	if strings.Join(have, "\n") != strings.Join(want, "\n") || h.Stations[0].Feeds[1].Items != 7 {
		t.Errorf("%q", have)
	}
}

// A document that repeats its own address as its id or page does not show the secret in it.
func TestTheSourceOfAnItemHasNoSecret(t *testing.T) {
	const url = "https://kjzz.example/rss?a=1&key=SESAME"
	item := &news.Item{Station: "kjzz", Feed: url, Entry: news.Entry{Source: &news.Source{ID: url, URL: url, Title: "x"}}}
	e := &Edition{
		Desk:     news.Site{URL: "https://desk.example"},
		Stations: []news.Station{{ID: "kjzz", Name: "KJZZ", URL: "https://kjzz.example", Feeds: []news.Feed{{URL: url}}}},
		Facts:    map[string]news.Facts{url: {Title: "KJZZ news", Self: url, ID: url, Link: url}},
	}
	const shown = "https://kjzz.example/rss?a=1"
	if s := sourceOf(e, &news.Story{}, item); s.Feed != shown || s.ID != shown || s.Page != "https://kjzz.example" ||
		s.Title != "KJZZ news" {
		t.Errorf("%+v", s)
	}
	const self, id, page = "https://kjzz.example/public", "tag:kjzz.example,2026:news", "https://kjzz.example/news"
	e.Facts[url] = news.Facts{Self: self, ID: id, Link: page}
	if s := sourceOf(e, &news.Story{}, item); s.Feed != self || s.ID != id || s.Page != page {
		t.Errorf("%+v", s)
	}
}
