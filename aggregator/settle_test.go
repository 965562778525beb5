package aggregator

import (
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestWhenNewStoriesAreSettled(t *testing.T) {
	now := time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	ago := func(seconds int) time.Time { return now.Add(time.Duration(-seconds) * time.Second) }
	for name, c := range map[string]struct {
		pending  pendingNews
		visiting bool
		want     time.Duration
	}{
		"nothing is new":                 {pendingNews{}, false, -1},
		"a story is released in a while": {pendingNews{release: now.Add(time.Hour)}, false, time.Hour},
		"a story is to be released":      {pendingNews{release: ago(0), first: ago(1), last: ago(1)}, true, 0},
		"quiet for a second":             {pendingNews{first: ago(9), last: ago(1)}, false, time.Second},
		"quiet for two":                  {pendingNews{first: ago(9), last: ago(2)}, false, 0},
		"quiet, but a visit is made":     {pendingNews{first: ago(9), last: ago(2)}, true, 6 * time.Second},
		"never quiet":                    {pendingNews{first: ago(14), last: ago(0)}, false, time.Second},
		"never quiet for long":           {pendingNews{first: ago(15), last: ago(0)}, true, 0},

		"an import goes on while news come": {
			pendingNews{first: ago(60), last: ago(1), importing: true, batch: 115 * time.Second}, true,
			14 * time.Second,
		},
		"an import that is quiet": {
			pendingNews{first: ago(60), last: ago(2), importing: true, batch: 115 * time.Second}, false, 0,
		},
		"an import that a station holds up": {
			pendingNews{first: ago(60), last: ago(15), importing: true, batch: 115 * time.Second}, true, 0,
		},
		"an import that lasts too long": {
			pendingNews{first: ago(114), last: ago(0), importing: true, batch: 115 * time.Second}, true, time.Second,
		},
		"an import that has ended": {pendingNews{first: ago(60), last: ago(1), batch: 115 * time.Second}, true, 0},
	} {
		if have := c.pending.timeUntilSettle(now, c.visiting); have != c.want {
			t.Errorf("%s: settles in %v, want %v", name, have, c.want)
		}
	}
}

func TestAFirstImportLastsUntilEachFeedWasVisited(t *testing.T) {
	feeds := []news.Feed{{URL: "http://ajo.example/rss"}, {URL: "http://kmsa.example/rss"}}
	now := time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	s := newSettler()
	s.beginImport(feeds)
	s.recordNews(true, now)
	if want := 15200 * time.Millisecond; !s.pending.importing || s.pending.batch != want {
		t.Errorf("importing: %t, for %v, want %v", s.pending.importing, s.pending.batch, want)
	}
	s.recordFirstVisit(feeds[0].URL)
	if s.recordFirstVisit(feeds[0].URL); !s.pending.importing {
		t.Error("it has ended before the second feed was visited")
	}
	if s.recordFirstVisit(feeds[1].URL); s.pending.importing {
		t.Error("it goes on when both were visited")
	}

	s.beginImport(feeds)
	if s.beginImport(nil); s.pending.importing {
		t.Error("it goes on after a reload")
	}
	s.revision.Store(1)
	if s.beginImport(feeds); s.pending.importing {
		t.Error("a store in which something was published has a first import")
	}
}

func TestTheBatchOfAFirstImportHasABound(t *testing.T) {
	s := newSettler()
	feeds := make([]news.Feed, 20000)
	for n := range feeds {
		feeds[n].URL = string(rune('a' + n))
	}
	s.beginImport(feeds)
	if s.recordNews(true, time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)); s.pending.batch != 5*time.Minute {
		t.Errorf("it may last %v", s.pending.batch)
	}
}
