package aggregator

import (
	"fmt"
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// Bounds of the schedule.
const (
	longest   = 24 * time.Hour   // that a failing feed waits, and that a wish counts
	jitter    = 10               // percent of a wait that chance adds at most
	mostAdded = 30 * time.Minute // by chance
	floor     = time.Minute      // between visits of a public host, whatever is written
	longRest  = 14 * 24 * time.Hour
	afterGone = 30 * 24 * time.Hour // after 410: asked again only in case it was a mistake
)

// Answer is what a visit met with, as far as it decides when to come again.
type Answer struct {
	At         time.Time     // when the answer's header arrived, or the visit failed
	Failed     bool          // nothing usable came
	Status     int           // of HTTP, 0 if none
	RetryAfter time.Duration // the server's own word; 0 if none
	Local      bool          // a file, or a host at a loopback or private address
	Wishes     news.Wishes   // of server and document
}

// Due is when a feed is to be visited again, and the wish that decided it, in
// words; empty where that is the interval. It is a function of its values alone.
// Chance is a random number from 0 to 1; it only lengthens the wait.
//
// Every wish is a promise not to ask earlier, so the longest holds, but none for
// more than a day. What the document says counts only where the operator has
// not agreed an interval with the station: it is mostly a CMS's default that
// nobody chose.
func Due(f news.Feed, failures int, a Answer, chance float64) (due time.Time, because string) {
	wait := f.Every
	if !a.Local {
		wait = max(wait, floor)
	}
	if a.Failed {
		wait = backoff(wait, failures, a.Status)
		if rest := min(a.RetryAfter, longRest); rest > wait {
			wait, because = rest, "the server asked for "+words(a.RetryAfter)
		}
		return a.At.Add(jittered(wait, chance)), because
	}
	wait, because = lengthened(wait, f, a.Wishes)
	due = a.At.Add(jittered(wait, chance))
	if f.Agreed {
		return due, because
	}
	if moved := skip(due, a.Wishes); !moved.Equal(due) {
		return moved, "the document asks not to be visited at that time"
	}
	return due, because
}

// jittered is a wait with what chance adds.
func jittered(wait time.Duration, chance float64) time.Duration {
	return wait + min(time.Duration(chance*float64(wait)*jitter/100), mostAdded)
}

// lengthened is the longest of a wait and the wishes.
func lengthened(wait time.Duration, f news.Feed, w news.Wishes) (time.Duration, string) {
	because := ""
	wish := func(asked time.Duration, who string) {
		if counted := min(asked, max(longest, f.Every)); counted > wait {
			wait, because = counted, who+" asked for "+words(asked)
			if counted < asked {
				because += ", visited every " + words(counted)
			}
		}
	}
	wish(w.Fresh, "the server")
	if !f.Agreed {
		wish(w.TTL, "the document (ttl)")
		wish(w.Update, "the document (sy:updatePeriod)")
	}
	return wait, because
}

// words writes a duration as people say it.
func words(d time.Duration) string {
	switch {
	case d >= 48*time.Hour && d%(24*time.Hour) == 0:
		return fmt.Sprintf("%d d", d/(24*time.Hour))
	case d >= time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	case d >= time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return d.Round(time.Second).String()
}

// skip moves a time out of the hours and days, in GMT, in which a document does
// not want to be visited: to the first minute that is allowed. Where nothing is
// allowed, nothing is skipped.
func skip(due time.Time, w news.Wishes) time.Time {
	moved := due.UTC()
	for range 24 * 8 {
		if !slices.Contains(w.SkipHours, moved.Hour()) && !slices.Contains(w.SkipDays, moved.Weekday()) {
			return moved
		}
		moved = moved.Truncate(time.Hour).Add(time.Hour)
	}
	return due
}

// backoff doubles a wait with each failure in a row.
func backoff(wait time.Duration, failures, status int) time.Duration {
	switch {
	case status == 410:
		return afterGone
	case status == 429:
		failures++
	}
	most := max(longest, wait)
	for range failures {
		if wait *= 2; wait >= most {
			return most
		}
	}
	return wait
}

// schedule sets when a feed is visited next.
func schedule(v news.FeedState, f news.Feed, a Answer) news.FeedState {
	v.Due, v.DelayReason = Due(f, v.Failures, a, chance())
	v.Wait = v.Due.Sub(a.At)
	v.Paused = time.Time{}
	if a.Failed && (a.RetryAfter > 0 || a.Status == 429) {
		v.Paused = v.Due
	}
	return v
}

// fail notes a failure in a visit's memory.
func fail(v news.FeedState, kind, text string, status int, now time.Time) news.FeedState {
	v.Visited = now
	if v.Failures == 0 {
		v.Failing = now
	}
	v.Failures++
	v.Status, v.Kind, v.Error = status, kind, text
	return v
}

// succeed notes a success in a visit's memory.
func succeed(v news.FeedState, now time.Time) news.FeedState {
	v.Visited, v.Success = now, now
	v.Failures, v.Failing, v.Status, v.Kind, v.Error = 0, time.Time{}, 0, "", ""
	return v
}
