package fetch

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestTheClockIsWrongWhereMostServersDifferAlike(t *testing.T) {
	now := time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	const hour = time.Hour
	for _, c := range []struct {
		ahead []time.Duration
		want  bool
	}{
		{nil, false},
		{[]time.Duration{hour, hour}, false}, // two prove nothing
		{[]time.Duration{hour, hour, hour}, true},
		{[]time.Duration{-hour, -hour - 50*time.Second, -hour}, true},
		{[]time.Duration{hour, hour, 0, 0}, false},
		{[]time.Duration{hour, 2 * hour, 3 * hour}, false}, // they are wrong, each in its way
		{[]time.Duration{4 * time.Minute, 4 * time.Minute, 4 * time.Minute}, false},
	} {
		var check ClockCheck
		for n, by := range c.ahead {
			feed := fmt.Sprintf("https://%d.example/rss", n)
			for _, date := range []time.Time{now, now.Add(by)} { // the last one counts
				check.RecordDate(feed, http.Header{"Date": {date.Format(http.TimeFormat)}}, now)
			}
		}
		if have := check.IsUnclear(); have != c.want {
			t.Errorf("servers ahead by %v: unclear %t, want %t", c.ahead, have, c.want)
		}
	}
}
