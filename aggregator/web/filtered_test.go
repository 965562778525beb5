package web

import (
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// A filtered document is compressed in the codings that readers ask for, of equal ones in that
// which is made quickest, and so are the versions of it that follow.
func TestFilteredDocumentsAreCompressedAsTheyAreAskedFor(t *testing.T) {
	site := testSite(t)
	publish := func(title string) {
		t.Helper()
		e, known := edition(t, story("rain", title, news.Live), story("snow", "Snow at last", news.Live))
		if _, err := site.Publish(t.Context(), e, known); err != nil {
			t.Fatal(err)
		}
	}
	made := func() []int {
		t.Helper()
		for _, h := range site.current.Load().cache.recentlyUsed() {
			if h.cacheKey == (cacheKey{path: "/feed.rss", query: "for=kmsa"}) {
				return h.codings
			}
		}
		t.Fatal("it is not kept")
		return nil
	}
	h := site.Handler()
	publish("Rain at last")
	const address = "/feed.rss?for=kmsa"
	first := ask(h, "GET", address, "Accept-Encoding", "br, zstd, gzip")
	if coding := first.Header().Get("Content-Encoding"); coding != "gzip" || !slices.Equal(made(), []int{2, identity}) {
		t.Errorf("it came in %q, and there is %v", coding, made())
	}
	tag := first.Header().Get("ETag")
	if w := ask(h, "GET", address, "Accept-Encoding", "gzip", "If-None-Match", tag); w.Code != 304 ||
		w.Header().Get("ETag") != tag {
		t.Errorf("asked again: %d, %v", w.Code, w.Header())
	}
	if w := ask(h, "GET", address, "Accept-Encoding", "gzip;q=0.5, br"); w.Header().Get("Content-Encoding") != "br" ||
		w.Header().Get("ETag") == tag {
		t.Errorf("who likes br better gets %v", w.Header())
	}
	publish("Rain again")
	if !slices.Equal(made(), []int{0, 2, identity}) {
		t.Errorf("of the next version there is %v", made())
	}
	w := ask(h, "GET", address, "If-None-Match", tag, "A-IM", "feed")
	if w.Code != 226 {
		t.Errorf("who has the version before gets %d", w.Code)
	}
	if w := ask(h, "GET", address, "Accept-Encoding", "gzip", "If-None-Match", tag); w.Code != 200 ||
		w.Header().Get("ETag") == tag {
		t.Errorf("after the change: %d, %v", w.Code, w.Header())
	}
	if main := ask(h, "GET", "/feed.rss", "Accept-Encoding",
		"br, zstd, gzip"); main.Header().Get("Content-Encoding") != "br" {
		t.Errorf("the feed itself came in %q", main.Header().Get("Content-Encoding"))
	}
}

// What documents take is counted in every form in which they are there.
func TestFormsAreCounted(t *testing.T) {
	site := testSite(t)
	e, known := edition(t, story("rain", "Rain at last", news.Live))
	if _, err := site.Publish(t.Context(), e, known); err != nil {
		t.Fatal(err)
	}
	h, cache, before := site.Handler(), site.current.Load().cache, 0
	for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
		ask(h, "GET", "/feed.rss?station=ajo", "Accept-Encoding", coding)
		f, err := cache.getOrRender(t.Context(), cacheKey{path: "/feed.rss", query: "station=ajo"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if cache.bytes != f.totalSize() || cache.bytes <= before {
			t.Errorf("in %s as well: %d bytes are counted, after %d; it takes %d", coding, cache.bytes, before,
				f.totalSize())
		}
		before = cache.bytes
	}
}

// Many may ask at once for a form that is not there.
func TestAFormIsMadeOnce(t *testing.T) {
	site := testSite(t)
	e, known := edition(t, story("rain", "Rain at last", news.Live))
	if _, err := site.Publish(t.Context(), e, known); err != nil {
		t.Fatal(err)
	}
	h, tags := site.Handler(), make(chan string)
	const readers = 20
	for range readers {
		go func() {
			tags <- ask(h, "GET", "/feed.rss?station=ajo", "Accept-Encoding", "zstd").Header().Get("ETag")
		}()
	}
	seen := map[string]bool{}
	for range readers {
		select {
		case tag := <-tags:
			seen[tag] = true
		case <-time.After(time.Minute):
			t.Fatal("nobody answers")
		}
	}
	if len(seen) != 1 || seen[""] {
		t.Errorf("tags: %v", seen)
	}
}
