package aggregator

import (
	"testing"

	"fronteras/aggregator/news"
)

func TestAHostIsTheRegistrableDomainWithItsPort(t *testing.T) {
	for url, want := range map[string]string{
		"https://www.kjzz.org/rss":         "kjzz.org:443",
		"https://feeds.kjzz.org:443/rss":   "kjzz.org:443",
		"http://KJZZ.org/rss":              "kjzz.org:80",
		"https://a.b.co.uk/rss":            "b.co.uk:443",
		"http://127.0.0.1:8080/rss":        "127.0.0.1:8080",
		"http://[::1]:8080/rss":            "[::1]:8080",
		"https://station.blogspot.com/rss": "station.blogspot.com:443",
	} {
		if have := hostOf(news.Feed{URL: url}); have != want {
			t.Errorf("%s is asked at %s, want %s", url, have, want)
		}
	}
	if have := hostOf(news.Feed{URL: "file:a.xml", Path: "/a.xml"}); have != "file:a.xml" {
		t.Errorf("a file is asked at %s", have)
	}
}
