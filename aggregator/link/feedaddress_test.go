package link

import (
	"maps"
	"testing"

	"fronteras/aggregator/news"
)

func TestUnderWhichAddressDocumentsShowAFeed(t *testing.T) {
	const page, random = "https://kjzz.example", "0123456789abcdef0123456789abcdef"
	for _, c := range []struct{ name, url, public, self, want string }{
		{"its own, byte for byte", "https://kjzz.example/RSS?format=rss&b=%20#x", "", "https://kjzz.example/self",
			"https://kjzz.example/RSS?format=rss&b=%20#x"},
		{"the configured one", "https://kjzz.example/rss", "https://kjzz.example/public?key=shown",
			"https://kjzz.example/self", "https://kjzz.example/public?key=shown"},
		{"self, where its own holds a secret", "https://kjzz.example/rss?key=SESAME", "",
			"https://www.kjzz.example/rss?a=1", "https://www.kjzz.example/rss?a=1"},
		{"not self with the secret", "https://kjzz.example/rss?a=1&key=SESAME", "", "https://kjzz.example/rss?key=SESAME",
			"https://kjzz.example/rss?a=1"},
		{"not self with the secret in another place", "https://kjzz.example/rss?key=SESAME", "", "https://kjzz.example/SESAME",
			"https://kjzz.example/rss"},
		{"not self on another host", "https://kjzz.example/rss?key=SESAME", "", "https://else.example/rss",
			"https://kjzz.example/rss"},
		{"not a self that is no address", "https://kjzz.example/rss?key=SESAME", "", "/rss", "https://kjzz.example/rss"},
		{"the station's, where the path holds the secret", "https://kjzz.example/" + random + "/rss", "", "", page},
		{"without a user", "https://ana:SESAME@kjzz.example/rss", "", "", "https://kjzz.example/rss"},
		{"a file's: what it calls itself", "file:kjzz.xml", "", "https://else.example/rss", "https://else.example/rss"},
		{"a file's: not with a secret", "file:kjzz.xml", "", "https://else.example/rss?key=SESAME", ""},
		{"a file's: the configured one", "file:kjzz.xml", "https://kjzz.example/rss", "https://else.example/rss",
			"https://kjzz.example/rss"},
	} {
		if have := PublicAddress(news.Feed{URL: c.url, Public: c.public}, c.self, page); have != c.want {
			t.Errorf("%s: %q, want %q", c.name, have, c.want)
		}
	}
}

func TestEachFeedHasAName(t *testing.T) {
	const random = "0123456789abcdef0123456789abcdef"
	have := FeedNames([]news.Station{
		{Feeds: []news.Feed{{URL: "https://kjzz.example/rss?key=1"}, {URL: "https://kjzz.example/rss?key=2"},
			{URL: "https://kjzz.example/" + random + "/rss"}, {URL: "file:kjzz.xml"}}},
		{Feeds: []news.Feed{{URL: "https://kjzz.example/x", Public: "https://kjzz.example/rss?a=1"}}},
	})
	want := map[string]string{
		"https://kjzz.example/rss?key=1":          "https://kjzz.example/rss",
		"https://kjzz.example/rss?key=2":          "https://kjzz.example/rss #2",
		"https://kjzz.example/" + random + "/rss": "https://kjzz.example/…/rss", "file:kjzz.xml": "file:kjzz.xml",
		"https://kjzz.example/x": "https://kjzz.example/rss #3",
	}
	if !maps.Equal(have, want) {
		t.Errorf("%q", have)
	}
}

func TestWhatSharesAFeedsSecret(t *testing.T) {
	keyed := news.Feed{URL: "https://kjzz.example/rss?format=rss&key=SESAME"}
	hidden := news.Feed{URL: "https://kjzz.example/members-only/rss?u=SESAME", Public: "https://kjzz.example/rss"}
	for _, c := range []struct {
		feed news.Feed
		text string
		want bool
	}{
		{keyed, "https://kjzz.example/rss?key=SESAME", true},
		{keyed, "tag:kjzz.example,2026:SESAME", true},
		{keyed, "https://kjzz.example/rss?format=rss", false},
		{keyed, "", false},
		{hidden, "https://kjzz.example/1?u=SESAME", true},
		{hidden, "https://kjzz.example/members-only/1", true},
		{hidden, "https://kjzz.example/rss", false},
		{news.Feed{URL: "https://kjzz.example/rss?key=1"}, "https://kjzz.example/2026/1", false},
		{news.Feed{URL: "https://kjzz.example/rss?format=rss"}, "https://kjzz.example/rss?format=rss", false},
		{news.Feed{URL: "file:kjzz.xml"}, "file:kjzz.xml", false},
	} {
		if have := SharesSecret(c.feed, c.text); have != c.want {
			t.Errorf("%s in %s: %t", c.feed.URL, c.text, have)
		}
	}
}
