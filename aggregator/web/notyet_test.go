package web

import (
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestWhatADeskWaitsForThatHasPublishedNothing(t *testing.T) {
	now := time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	waits := func(station string, seconds int) news.FeedState {
		asked := now.Add(-time.Duration(seconds) * time.Second)
		return news.FeedState{Station: station, Asked: asked, Leased: asked.Add(5 * time.Minute)}
	}
	due := func(station string) news.FeedState { return news.FeedState{Station: station} }
	failed := func(station string) news.FeedState {
		return news.FeedState{Station: station, Visited: now, Failures: 1}
	}
	read := func(station string) news.FeedState {
		return news.FeedState{Station: station, Visited: now, Success: now}
	}
	for want, states := range map[string][]news.FeedState{
		"no feed has been read yet":                                               nil,
		"no feed has been read yet: waiting for 2 of 2 feeds: ajo, kjzz":          {due("ajo"), due("kjzz")},
		"no feed has been read yet: waiting for 1 of 2 feeds: kjzz, since 12 s":   {failed("ajo"), waits("kjzz", 12)},
		"no feed has been read yet: 1 of 1 feeds failed: ajo; see /status.json":   {failed("ajo")},
		"the first stories are not published yet: waiting for 1 of 3 feeds: kjzz": {read("ajo"), failed("kawc"), waits("kjzz", 0)},
		"the first stories are not published yet":                                 {read("ajo"), failed("kawc")},
		"no feed has been read yet: waiting for 6 of 6 feeds: kjzz, kawc, ajo, …, since 12 s": {due("ajo"), due("ajo"),
			due("bisbee"), waits("kawc", 3), waits("kjzz", 12), due("azpm")},
	} {
		if got := describeFirstVisits(states, now); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestARequestBeforeTheFirstStoriesHearsWhenToComeAgain(t *testing.T) {
	s := testSite(t)
	for want, settles := range map[string]func() (time.Duration, bool){
		"10": func() (time.Duration, bool) { return 0, false },
		"4":  func() (time.Duration, bool) { return 2500 * time.Millisecond, true },
		"1":  func() (time.Duration, bool) { return 0, true },
		"60": func() (time.Duration, bool) { return time.Hour, true },
	} {
		s.Settles = settles
		w := ask(s.Handler(), "GET", "/feed.rss")
		if got := w.Header().Get("Retry-After"); got != want || w.Code != 503 ||
			!strings.HasPrefix(w.Body.String(), "no feed has been read yet") {
			t.Errorf("%d, %q after %s s, want %s s", w.Code, w.Body, got, want)
		}
	}
}
