package aggregator

import (
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestRemarksSayWhatAServerCouldDoBetter(t *testing.T) {
	now := time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	f := news.Feed{URL: "https://kjzz.org/rss", Every: 15 * time.Minute}
	for want, v := range map[string]news.FeedState{
		"neither ETag nor Last-Modified, or one that cannot be true, so the whole document comes each time (19 MB a day)": {Bytes: 210_000},
		"ignores the validators":                     {ETag: `"a"`, NeverNotModified: true, Bytes: 5},
		"served as \"text/html\"":                    {ETag: `"a"`, Type: "text/html"},
		"2 redirects lead to it":                     {ETag: `"a"`, Hops: 2},
		"moved for good: write https://new.example/": {ETag: `"a"`, MovedTo: "https://new.example/"},
		"the server asked for 365 d, visited every 24 h": {
			ETag: `"a"`, DelayReason: "the server asked for 365 d, visited every 24 h",
		},
		"the document excludes every hour or every day": {
			ETag: `"a"`, Wishes: news.Wishes{SkipDays: make([]time.Weekday, 7)},
		},
	} {
		v.Success = now
		list := Remarks(v, f)
		if len(list) != 1 || !strings.Contains(list[0], want) {
			t.Errorf("%q, want %q", list, want)
		}
	}
	if list := Remarks(news.FeedState{Success: now, ETag: `"a"`, Type: "Application/RSS+XML; charset=utf-8"}, f); len(
		list,
	) != 0 {
		t.Errorf("a good server gets remarks: %q", list)
	}
}

func TestRemarksSayThatAPublicHostIsVisitedOnceAMinute(t *testing.T) {
	f := news.Feed{URL: "https://ajo.example/rss", Every: time.Second}
	list := Remarks(news.FeedState{Success: time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC), ETag: `"a"`}, f)
	if len(list) != 1 || list[0] != "it is visited once a minute, not every 1s: it is on a public host" {
		t.Errorf("remarks %q", list)
	}
}
