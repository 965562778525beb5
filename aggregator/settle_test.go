package aggregator

import (
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestWhenNewStoriesAreSettled(t *testing.T) {
	now := time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	ago := func(seconds int) time.Time { return now.Add(time.Duration(-seconds) * time.Second) }
	pace := func(seconds ...int) (ended [importPace]time.Time) {
		for n, s := range seconds {
			ended[n] = ago(s)
		}
		return ended
	}
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

		"an import goes on while visits end": {
			pendingNews{first: ago(60), last: ago(1), importing: true, ended: pace(0, 0, 0, 1, 1)}, true, time.Second,
		},
		"an import that is quiet": {
			pendingNews{first: ago(60), last: ago(2), importing: true, ended: pace(0, 0, 0, 1, 1)}, false, 0,
		},
		"an import that stations hold up": {
			pendingNews{first: ago(60), last: ago(1), importing: true, ended: pace(0, 0, 1, 1, 2)}, true, 0,
		},
		"a small import that a station holds up": {
			pendingNews{first: ago(14), last: ago(9), importing: true, ended: pace(9, 10, 14)}, true, time.Second,
		},
		"an import that lasts too long": {
			pendingNews{first: ago(299), last: ago(0), importing: true, ended: pace(0, 0, 0, 0, 0)}, true, time.Second,
		},
		"an import that has ended": {
			pendingNews{first: ago(60), last: ago(1), ended: pace(0, 0, 0, 1, 1)}, true, 0,
		},
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
	s.recordFirstVisit(feeds[0].URL, now)
	if s.recordFirstVisit(feeds[0].URL, now.Add(time.Minute)); !s.pending.importing {
		t.Error("it has ended before the second feed was visited")
	}
	if want := [importPace]time.Time{now}; s.pending.ended != want {
		t.Errorf("first visits ended at %v, want one", s.pending.ended)
	}
	if s.recordFirstVisit(feeds[1].URL, now); s.pending.importing {
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
