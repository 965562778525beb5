package aggregator

import (
	"time"

	"fronteras/aggregator/news"
)

// Bounds of the schedule.
const (
	longest   = 24 * time.Hour   // that a failing feed waits
	jitter    = 10               // percent of a wait that chance adds at most
	mostAdded = 30 * time.Minute // by chance
	floor     = time.Minute      // between visits of a public host, whatever is written
	longRest  = 14 * 24 * time.Hour
)

// Answer is what a visit met with, as far as it decides when to come again.
type Answer struct {
	At         time.Time     // when the answer's header arrived, or the visit failed
	Failed     bool          // nothing usable came
	Status     int           // of HTTP, 0 if none
	RetryAfter time.Duration // the server's own word; 0 if none
	Fresh      time.Duration // how long the server calls its answer fresh; 0 if it does not say
	Local      bool          // a file, or a host at a loopback or private address
}

// Due is when a feed is to be visited again: a function of its values alone.
// Chance is a random number from 0 to 1; it only lengthens the wait.
func Due(every time.Duration, failures int, a Answer, chance float64) time.Time {
	wait := every
	if !a.Local {
		wait = max(wait, floor)
	}
	if a.Failed {
		wait = backoff(wait, failures, a.Status)
	}
	wait = max(wait, min(a.RetryAfter, longRest), min(a.Fresh, max(longest, every)))
	added := min(time.Duration(chance*float64(wait)*jitter/100), mostAdded)
	return a.At.Add(wait + added)
}

// backoff doubles a wait with each failure in a row.
func backoff(wait time.Duration, failures, status int) time.Duration {
	switch {
	case status == 410: // gone: asked again only in case it was a mistake
		return 30 * 24 * time.Hour
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

// fail notes a failure in a visit's memory.
func fail(v news.Visit, kind, text string, now time.Time) news.Visit {
	v.Visited = now
	if v.Failures == 0 {
		v.Failing = now
	}
	v.Failures++
	v.Kind, v.Error = kind, text
	return v
}

// succeed notes a success in a visit's memory.
func succeed(v news.Visit, now time.Time) news.Visit {
	v.Visited, v.Success = now, now
	v.Failures, v.Failing, v.Kind, v.Error, v.Told = 0, time.Time{}, "", "", 0
	return v
}
