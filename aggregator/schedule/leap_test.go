package schedule

import (
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// While the clock is put forward or back, one feed is due in an hour and another is being visited.
// In the four hours after that each is visited once an hour, as always.
func TestNoLeapOfTheClockStopsOrHurriesVisits(t *testing.T) {
	const day = 24 * time.Hour
	feeds := []news.Feed{{URL: "https://ajo.example/rss.xml", Every: time.Hour},
		{URL: "https://kmsa.example/rss.xml", Every: time.Hour}}
	for _, shift := range []time.Duration{-day, day, 366 * day, -366 * day, time.Minute} {
		waiting := news.FeedState{Due: noon.Add(time.Hour), Wait: time.Hour}
		leased := news.FeedState{Asked: noon, Due: noon, Leased: noon.Add(LeaseTime)}
		now := noon.Add(shift)
		waiting, leased = Reschedule(waiting, feeds[0], now, shift), Reschedule(leased, feeds[1], now, shift)
		leased.Leased, leased.Due, leased.Wait = time.Time{}, now.Add(time.Hour), time.Hour // it ends
		for n, v := range []news.FeedState{waiting, leased} {
			var visits []time.Duration
			for after := time.Duration(0); after < 4*time.Hour; after += time.Minute {
				if at := now.Add(after); !v.Due.After(at) {
					visits = append(visits, after)
					v.Asked, v.Due = at, at.Add(time.Hour)
				}
			}
			if len(visits) < 3 || len(visits) > 5 || visits[0] > time.Hour+time.Minute {
				t.Errorf("the clock leapt by %v: %s is visited after %v", shift, feeds[n].URL, visits)
			}
		}
	}
}
