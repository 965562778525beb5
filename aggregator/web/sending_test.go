package web

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

func TestWhatReadersHoldIsCountedOnceForEachDocument(t *testing.T) {
	const size = maxSending / 4
	var s sending
	body := make([]byte, size)
	var ends []func()
	for n := range 4 {
		f := newDocumentFile(publish.Document{Body: body})
		for range 3 {
			release, ok := s.holdFile(f)
			if !ok {
				t.Fatalf("document %d has no room", n)
			}
			ends = append(ends, release)
		}
	}
	more := newDocumentFile(publish.Document{Body: body[:1]})
	if _, ok := s.holdFile(more); ok || !s.isFull() {
		t.Error("there is room for a fifth")
	}
	if _, ok := s.hold(1); ok {
		t.Error("there is room for a body of one reader")
	}
	for _, end := range ends[:3] {
		end()
	}
	release, ok := s.hold(size)
	if !ok {
		t.Fatal("what was read has left no room")
	}
	release()
	for _, end := range ends[3:] {
		end()
	}
	if s.bytes != 0 || len(s.files) != 0 {
		t.Errorf("%d bytes of %d documents are held at the end", s.bytes, len(s.files))
	}
}

// When readers hold as much as they may, documents with filters are refused for a while; those
// without, and what the daemon itself asks for, are not.
func TestWhileTooMuchIsReadDocumentsWithFiltersAreRefused(t *testing.T) {
	site := testSite(t)
	e, known := edition(t, story("rain", "Rain at last", news.Live))
	if _, err := site.Publish(t.Context(), e, known); err != nil {
		t.Fatal(err)
	}
	h := site.Handler()
	release, ok := site.sending.hold(maxSending)
	if !ok {
		t.Fatal("there is no room at all")
	}
	for path, want := range map[string]int{
		"/feed.rss?for=kmsa": 503, "/archive/1.rss": 503, "/stories/rain": 503, "/status.json": 503, "/status": 503,
		"/feed.rss": 200, "/": 200, "/livez": 200,
	} {
		w := ask(h, "GET", path)
		if w.Code != want || want == 503 && w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %d, %v", path, w.Code, w.Header())
		}
	}
	if w := ask(site.OwnHandler(), "GET", "/feed.rss?for=kmsa"); w.Code != http.StatusOK {
		t.Errorf("the daemon itself is answered %d", w.Code)
	}
	if n := len(site.current.Load().cache.entries); n != 0 {
		t.Errorf("%d documents are kept for readers whom nobody has asked for", n)
	}
	release()
	if w := ask(h, "GET", "/feed.rss?for=kmsa"); w.Code != http.StatusOK || site.sending.bytes != 0 {
		t.Errorf("afterwards: %d, %d bytes held", w.Code, site.sending.bytes)
	}
}

// A document is not rendered for a reader who has gone before its turn came, and others who wait for
// it have it.
func TestNothingIsRenderedForWhoHasGone(t *testing.T) {
	c := newCache()
	for range maxConcurrent {
		if err := c.acquireRoom(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	gone, leave := context.WithCancel(t.Context())
	rendered := make(chan string, 2)
	results := make(chan error, 2)
	get := func(ctx context.Context, who string) {
		_, err := c.getOrRender(ctx, cacheKey{path: "/a"}, func() (*file, error) {
			rendered <- who
			return newDocumentFile(publish.Document{}), nil
		})
		results <- err
	}
	go get(gone, "who has gone")
	leave()
	if err := <-results; !errors.Is(err, context.Canceled) {
		t.Errorf("who has gone gets %v", err)
	}
	go get(t.Context(), "who waits")
	c.releaseRoom()
	if err := <-results; err != nil || <-rendered != "who waits" || len(rendered) > 0 {
		t.Errorf("who waits gets %v", err)
	}
}

// datingShelf is a store that counts how often dates are kept.
type datingShelf struct {
	shelf
	kept *int
}

func (s datingShelf) DateDocuments(ctx context.Context, documents []news.Print) ([]time.Time, error) {
	*s.kept++
	return s.shelf.DateDocuments(ctx, documents)
}

// Documents that are rendered on demand are dated by their stories: the store writes nothing for
// them, and after a restart they have the same date.
func TestDocumentsOnDemandAreDatedByTheirStoriesAlone(t *testing.T) {
	const address = "/feed.rss?for=kmsa"
	dates := map[string]bool{}
	for range 2 {
		site, kept := testSite(t), 0
		site.Store = datingShelf{site.Store.(shelf), &kept}
		e, known := edition(t, story("rain", "Rain at last", news.Live))
		if _, err := site.Publish(t.Context(), e, known); err != nil {
			t.Fatal(err)
		}
		published, h := kept, site.Handler()
		for _, path := range []string{address, "/feed.atom?station=ajo", "/archive/1.rss", "/stories/rain"} {
			w := ask(h, "GET", path)
			dates[w.Header().Get("Last-Modified")] = true
			if again := ask(h, "GET", path, "If-Modified-Since", w.Header().Get("Last-Modified")); again.Code != 304 {
				t.Errorf("%s: %d by its date", path, again.Code)
			}
		}
		if kept != published {
			t.Errorf("dates were kept %d times for readers", kept-published)
		}
	}
	if len(dates) != 1 || !dates["Sat, 11 Oct 2025 12:00:00 GMT"] {
		t.Errorf("dates: %v", dates)
	}
}

// Other bytes have a later date, even where no story says that it has changed.
func TestOtherBytesHaveALaterDate(t *testing.T) {
	var d dates
	key, at := cacheKey{path: "/feed.rss", query: "for=kmsa"}, time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	for n, c := range []struct {
		body     string
		modified time.Time
		want     time.Time
	}{
		{"one", at, at},
		{"one", at, at},
		{"two", at, at.Add(time.Second)},
		{"two", at, at.Add(time.Second)},
		{"two", at.Add(time.Hour), at.Add(time.Hour)}, // as after a restart
		{"three", at.Add(2 * time.Hour), at.Add(2 * time.Hour)},
	} {
		f := newFilteredFile(publish.Document{Body: []byte(c.body), Modified: c.modified})
		d.setDate(key, f)
		if !f.modified.Equal(c.want) {
			t.Errorf("%d: %v, want %v", n, f.modified, c.want)
		}
	}
	for n := range 2 * maxDates {
		d.setDate(cacheKey{path: "/stories/" + string(rune(n))}, newFilteredFile(publish.Document{}))
	}
	if len(d.of) != maxDates {
		t.Errorf("%d dates are remembered", len(d.of))
	}
}
