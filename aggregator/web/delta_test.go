package web

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"fronteras/aggregator/news"
)

// RFC 3229.
func TestReadersWhoSendAIMGetTheItemsThatTheirVersionLacks(t *testing.T) {
	site := testSite(t)
	publish := func(stories ...*news.Story) {
		t.Helper()
		e, known := edition(t, stories...)
		if _, err := site.Publish(t.Context(), e, known); err != nil {
			t.Fatal(err)
		}
	}
	var stories []*news.Story
	for n, id := range []string{"one", "two", "three", "four"} {
		s := story(id, "Story "+id, news.Live)
		s.Published = changed.Add(-time.Duration(n) * time.Hour)
		stories = append(stories, s)
	}
	h := site.Handler()
	publish(stories[2], stories[3])
	before := map[string]string{}
	for _, path := range []string{"/feed.rss", "/feed.atom", "/feed.json", "/feed.rss?station=ajo"} {
		before[path] = ask(h, "GET", path, "Accept-Encoding", "gzip").Header().Get("ETag")
	}
	corrected := *stories[3]
	corrected.Modified = changed
	publish(stories[0], stories[2], &corrected)
	publish(stories[0], stories[1], stories[2], &corrected)
	for path, tag := range before {
		full := ask(h, "GET", path)
		w := ask(h, "GET", path, "A-IM", "feed, gzip;q=0.3", "If-None-Match", "W/"+tag)
		head := w.Header()
		if w.Code != 226 || head.Get("IM") != "feed" || head.Get("ETag") != full.Header().Get("ETag") ||
			head.Get("Vary") != "Accept-Encoding, A-IM, If-None-Match" {
			t.Errorf("%s: %d %v", path, w.Code, head)
			continue
		}
		if h := ask(h, "HEAD", path, "A-IM", "feed", "If-None-Match", tag); h.Code != 226 || h.Body.Len() > 0 ||
			h.Header().Get("Content-Length") != head.Get("Content-Length") {
			t.Errorf("HEAD %s: %d, %d bytes, %v", path, h.Code, h.Body.Len(), h.Header())
		}
		f, err := gofeed.NewParser().ParseString(w.Body.String())
		if err != nil {
			t.Fatalf("%s: %v\n%s", path, err, w.Body)
		}
		var titles []string
		for _, i := range f.Items {
			titles = append(titles, i.Title)
		}
		if want := []string{"Story one", "Story two", "Story four"}; !slices.Equal(titles, want) {
			t.Errorf("%s: %q, want %q", path, titles, want)
		}
		if strings.HasSuffix(path, ".json") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: %s", path, w.Body)
		}
		for name, headers := range map[string][]string{
			"no A-IM": {"If-None-Match", tag}, "no feed": {"If-None-Match", tag, "A-IM", "vcdiff"},
			"feed ruled out": {"If-None-Match", tag, "A-IM", "feed;q=0"},
			"no version":     {"A-IM", "feed"}, "a version of nobody's": {"A-IM", "feed", "If-None-Match", `"other"`},
		} {
			if w := ask(h, "GET", path, headers...); w.Code != 200 || w.Body.String() != full.Body.String() {
				t.Errorf("%s, %s: %d", path, name, w.Code)
			}
		}
		if w := ask(h, "GET", path, "A-IM", "feed", "If-None-Match", full.Header().Get("ETag")); w.Code != 304 {
			t.Errorf("%s, nothing new: %d", path, w.Code)
		}
	}
	if w := ask(h, "GET", "/", "A-IM", "feed", "If-None-Match", `"x"`); w.Code != 200 {
		t.Errorf("a page: %d", w.Code)
	}
}
