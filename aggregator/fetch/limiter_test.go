package fetch

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"fronteras/aggregator/news"
)

// ajo is a station with one feed, at ajo.example.
var ajo = []news.Station{{ID: "ajo", Feeds: []news.Feed{{Station: "ajo", URL: "https://ajo.example/rss",
	Every: time.Hour}}}}

// newAjoLimiter knows ajo's feed, and has a gap of a second.
func newAjoLimiter() *HostLimiter {
	l := NewHostLimiter(Limits{})
	l.UseStations(ajo, time.Second, 4)
	return l
}

// waitForTurn takes a turn at an address, and says how long that took.
func waitForTurn(t *testing.T, l *HostLimiter, address string, page bool) (*turn, time.Duration) {
	t.Helper()
	begun := time.Now()
	got, err := l.acquireTurn(t.Context(), address, page)
	if err != nil {
		t.Fatal(err)
	}
	return got, time.Since(begun)
}

func TestPagesOfAPublicHostAreTwoSecondsApart(t *testing.T) {
	for private, want := range map[bool]time.Duration{false: 2 * time.Second, true: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			l := newAjoLimiter()
			first, _ := waitForTurn(t, l, "https://ajo.example/1", true)
			first.endTurn(200, nil, private)
			if _, took := waitForTurn(t, l, "https://www.ajo.example/2", true); took != want {
				t.Errorf("private %t: the next page waited %v, want %v", private, took, want)
			}
		})
	}
}

func TestOtherRequestsWaitForTheGapAloneAfterAPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newAjoLimiter()
		page, _ := waitForTurn(t, l, "https://ajo.example/1", true)
		page.endTurn(200, nil, false)
		if _, took := waitForTurn(t, l, "https://media.ajo.example/a.mp3", false); took != time.Second {
			t.Errorf("a length waited %v", took)
		}
	})
}

func TestASideRequestWaitsForAVisitAndLetsADueFeedGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newAjoLimiter()
		var visit, next Hold
		if wait := l.TryAcquire(&visit, "https://ajo.example/rss", time.Now()); wait != 0 {
			t.Fatalf("the feed must wait %v", wait)
		}
		if wait := l.TryAcquire(&next, "https://ajo.example/rss", time.Now()); wait >= 0 {
			t.Fatalf("two visits have one host: %v", wait)
		}
		time.AfterFunc(5*time.Second, func() { l.Release(&visit) })
		// The visit's five seconds, the gap, and a second for the feed that is due.
		if _, took := waitForTurn(t, l, "https://ajo.example/1", true); took != 7*time.Second {
			t.Errorf("the page waited %v", took)
		}
	})
}

func TestARestingServerIsNotAskedAndOthersOfItsHostAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newAjoLimiter()
		first, _ := waitForTurn(t, l, "https://ajo.example/1", false)
		first.endTurn(503, http.Header{"Retry-After": {"60"}}, false)
		if _, err := l.acquireTurn(t.Context(), "https://ajo.example/2", false); err == nil {
			t.Error("a server that asked for rest was asked")
		}
		other, _ := waitForTurn(t, l, "https://media.ajo.example/2", false)
		other.endTurn(200, nil, false)
		time.Sleep(time.Minute)
		waitForTurn(t, l, "https://ajo.example/2", false)
	})
}

func TestALimiterOfSeveralGivesSoManyTurnsAndIgnoresRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewHostLimiter(Limits{AtOnce: 4, NoRests: true})
		var turns []*turn
		for range 4 {
			got, took := waitForTurn(t, l, "https://reader.example/in", false)
			if turns = append(turns, got); took != 0 {
				t.Errorf("turn %d waited %v", len(turns), took)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if _, err := l.acquireTurn(ctx, "https://reader.example/in", false); err != context.DeadlineExceeded {
			t.Errorf("a fifth turn: %v", err)
		}
		turns[0].endTurn(503, http.Header{"Retry-After": {"60"}}, false)
		if _, took := waitForTurn(t, l, "https://reader.example/in", false); took != 0 {
			t.Errorf("after one had ended, a turn waited %v", took)
		}
	})
}

func TestFailingFeedsUseThreeQuartersOfTheWorkers(t *testing.T) {
	stations := []news.Station{{ID: "ajo", Feeds: []news.Feed{
		{URL: "https://a.example/rss"}, {URL: "https://b.example/rss"}, {URL: "https://c.example/rss"},
		{URL: "https://d.example/rss"}, {URL: "https://well.example/rss"},
	}}}
	l := NewHostLimiter(Limits{})
	l.UseStations(stations, 0, 4)
	holds := make([]Hold, 5)
	now := time.Now()
	for n, f := range stations[0].Feeds {
		failing := f.URL != "https://well.example/rss"
		l.RecordOutcome(f.URL, failing)
		wait := l.TryAcquire(&holds[n], f.URL, now)
		if given := wait == 0; given != (n != 3) {
			t.Errorf("%s: wait %v", f.URL, wait)
		}
	}
	l.ReleaseHold(&holds[0])
	if wait := l.TryAcquire(&holds[3], "https://d.example/rss", now); wait != 0 {
		t.Errorf("after one had ended, another must wait %v", wait)
	}
}

func TestFeedsThatNobodyHasVisitedLeaveRoomForThoseThatAnswer(t *testing.T) {
	stations := []news.Station{{ID: "ajo", Feeds: []news.Feed{
		{URL: "https://a.example/rss"}, {URL: "https://b.example/rss"}, {URL: "https://c.example/rss"},
		{URL: "https://d.example/rss"}, {URL: "https://well.example/rss"},
	}}}
	now := time.Now()
	for answered, want := range map[bool]int{false: 4, true: 3} {
		l := NewHostLimiter(Limits{})
		l.UseStations(stations, 0, 4)
		if answered {
			l.RecordOutcome("https://well.example/rss", false)
		}
		holds, given := make([]Hold, 5), 0
		for n, f := range stations[0].Feeds[:4] {
			if l.TryAcquire(&holds[n], f.URL, now) == 0 {
				given++
			}
		}
		if given != want {
			t.Errorf("another has answered: %v; %d new feeds are visited at once, want %d", answered, given, want)
		}
		if wait := l.TryAcquire(&holds[4], "https://well.example/rss", now); answered && wait != 0 {
			t.Errorf("the feed that answers waits %v", wait)
		}
	}
}

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
		if have := restAfterAnswer(c.status, c.header, now); have != c.want {
			t.Errorf("%d %v: %s, want %s", c.status, c.header, have, c.want)
		}
	}
}
