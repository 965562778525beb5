package aggregator

import (
	"net/http"
	"testing"
	"time"

	"fronteras/aggregator/feed"
	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

func TestP3PublicHostsAreVisitedOnceAMinute(t *testing.T) {
	at := time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	f := news.Feed{URL: "https://ajo.example/rss", Every: time.Second}
	for local, want := range map[bool]time.Duration{true: time.Second, false: time.Minute} {
		if due, _ := Due(f, 0, Answer{At: at, Local: local}, 0); due.Sub(at) != want {
			t.Errorf("local %t: visited after %s, want %s", local, due.Sub(at), want)
		}
	}
	if list := Remarks(news.FeedState{Success: at, ETag: `"a"`}, f); len(list) != 1 || list[0] != "it is visited once a minute, not every 1s: it is on a public host" {
		t.Errorf("remarks %q", list)
	}
}

// P21: what another reader read is asked for anew, once.
func TestP21AnotherReaderAsksAnew(t *testing.T) {
	f := news.Feed{URL: "https://ajo.example/rss"}
	v := news.FeedState{Feed: f.URL, ETag: `"a"`, LastModified: "yesterday", From: f.URL, Reader: feed.ReaderVersion}
	if r := question(v, f, time.Now()); r.ETag != `"a"` || r.LastModified != "yesterday" {
		t.Errorf("by the same reader: %+v", r)
	}
	v.Reader--
	if r := question(v, f, time.Now()); r.ETag != "" || r.LastModified != "" {
		t.Errorf("by another reader: %+v", r)
	}
	if v = arrived(v, &fetch.Response{ETag: `"b"`, Address: f.URL}, fetch.Request{}, true); v.Reader != feed.ReaderVersion || v.ETag != `"b"` {
		t.Errorf("after that: %+v", v)
	}
}

func TestP56HowLongHostsRest(t *testing.T) {
	now := time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	after := http.Header{"Retry-After": {"60"}}
	for _, c := range []struct {
		status int
		header http.Header
		want   time.Duration
	}{
		{200, after, 0}, {302, after, 0}, {404, nil, 0}, {503, nil, 0}, {500, nil, 0}, {503, after, time.Minute}, {404, after, time.Minute},
		{429, after, time.Minute}, {429, nil, 24 * time.Hour}, {0, nil, 0},
	} {
		if have := restFor(c.status, c.header, now); have != c.want {
			t.Errorf("%d %v: %s, want %s", c.status, c.header, have, c.want)
		}
	}
}
