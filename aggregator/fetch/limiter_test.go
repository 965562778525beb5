package fetch

import (
	"net/http"
	"testing"
	"time"

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
		if have := HostName(news.Feed{URL: url}); have != want {
			t.Errorf("%s is asked at %s, want %s", url, have, want)
		}
	}
	if have := HostName(news.Feed{URL: "file:a.xml", Path: "/a.xml"}); have != "file:a.xml" {
		t.Errorf("a file is asked at %s", have)
	}
}

func TestAHostRestsAfterAnErrorAsLongAsItAsks(t *testing.T) {
	now := time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	after := http.Header{"Retry-After": {"60"}}
	for _, c := range []struct {
		status int
		header http.Header
		want   time.Duration
	}{
		{200, after, 0}, {302, after, 0}, {404, nil, 0}, {503, nil, 0}, {500, nil, 0}, {503, after, time.Minute},
		{404, after, time.Minute},
		{429, after, time.Minute}, {429, nil, 24 * time.Hour}, {0, nil, 0},
	} {
		if have := restFor(c.status, c.header, now); have != c.want {
			t.Errorf("%d %v: %s, want %s", c.status, c.header, have, c.want)
		}
	}
}
