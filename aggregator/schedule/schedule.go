// Package schedule decides when and how a feed is visited next: from the state that its visits left
// behind and from what the last answer said. Its functions are pure: the time and the random number
// are arguments, a state comes in and the next one is returned, and nothing else is read or
// written.
//
// schedule.go has the interval, the backoff after failures and Retry-After; freshness.go what
// servers and documents ask for; validators.go conditional requests; redirects.go which address is
// asked; restart.go what a start, a crash, a pause or a jump of the clock does to due times. Only
// crash.go keeps something: which feeds are suspected of killing the process.
package schedule

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// Limits of every wait.
const (
	// PublicInterval is the shortest time between two visits of a feed on a public host, whatever
	// interval is configured.
	PublicInterval = time.Minute

	maxBackoff    = 24 * time.Hour      // of a failing feed; and the most that a wish counts
	maxRetryAfter = 14 * 24 * time.Hour // the most that a Retry-After counts
	goneInterval  = 30 * 24 * time.Hour // after a 410: asked again only in case it was a mistake
	jitterPercent = 10                  // of a wait, the most that chance adds
	maxJitter     = 30 * time.Minute    // the most that chance adds
)

// Input is what a visit met with, as far as it decides when the feed is visited next.
type Input struct {
	At         time.Time     // when the answer's header arrived, or the visit failed
	Local      bool          // a file, or a host at a loopback or private address
	Failed     bool          // nothing usable came
	Status     int           // of a failure's answer; 0 if there was none
	RetryAfter time.Duration // a failure's Retry-After; 0 if it had none
}

// NextVisit is when a feed in state v is due again, and the reason in words where that is not the
// configured interval. Of v it reads Failures and Wishes. Chance is a random number from 0 to 1: it
// adds up to a tenth of the wait, and never shortens it.
//
// Every wish is a promise not to ask earlier, so the longest counts, but none for more than a day.
// What the document asks for counts only where the operator has not agreed an interval with the
// station: it is mostly a CMS's default that nobody chose. After a failure the wait doubles with
// each failure in a row, or is the server's Retry-After if that is longer.
func NextVisit(v news.FeedState, f news.Feed, in Input, chance float64) (due time.Time, reason string) {
	wait := f.Every
	if !in.Local {
		wait = max(wait, PublicInterval)
	}
	jittered := func() time.Time {
		return in.At.Add(wait + min(time.Duration(chance*float64(wait)*jitterPercent/100), maxJitter))
	}
	if in.Failed {
		wait = backoffAfter(wait, v.Failures, in.Status)
		if rest := min(in.RetryAfter, maxRetryAfter); rest > wait {
			wait, reason = rest, "the server asked for "+DurationWords(in.RetryAfter)
		}
		return jittered(), reason
	}
	lengthen := func(asked time.Duration, who string) {
		if counted := min(asked, max(maxBackoff, f.Every)); counted > wait {
			wait, reason = counted, who+" asked for "+DurationWords(asked)
			if counted < asked {
				reason += ", visited every " + DurationWords(counted)
			}
		}
	}
	lengthen(v.Wishes.Fresh, "the server")
	if f.Agreed {
		return jittered(), reason
	}
	lengthen(v.Wishes.TTL, "the document (ttl)")
	lengthen(v.Wishes.Update, "the document (sy:updatePeriod)")
	due = jittered()
	if moved := skipUnwantedHours(due, v.Wishes); !moved.Equal(due) {
		return moved, "the document asks not to be visited at that time"
	}
	return due, reason
}

// backoffAfter doubles a wait with each failure in a row, up to a day. After a 429 it starts at
// four times the wait; a 410 waits a month.
func backoffAfter(wait time.Duration, failures, status int) time.Duration {
	switch status {
	case http.StatusGone:
		return goneInterval
	case http.StatusTooManyRequests:
		failures++
	}
	return doubleWait(wait, failures, max(maxBackoff, wait))
}

// doubleWait doubles a wait a number of times, up to limit.
func doubleWait(wait time.Duration, times int, limit time.Duration) time.Duration {
	for range times {
		if wait *= 2; wait >= limit {
			return limit
		}
	}
	return wait
}

// skipUnwantedHours moves a time out of the hours and days, in GMT, in which a document asks not to
// be visited: to the first minute that is allowed. A document that allows no time at all is
// ignored.
func skipUnwantedHours(due time.Time, w news.Wishes) time.Time {
	moved := due.UTC()
	for range 24 * 8 {
		if !slices.Contains(w.SkipHours, moved.Hour()) && !slices.Contains(w.SkipDays, moved.Weekday()) {
			return moved
		}
		moved = moved.Truncate(time.Hour).Add(time.Hour)
	}
	return due
}

// RecordSuccess is the state after a visit that brought a document, or a 304: due again as
// [NextVisit] says, and with no failures.
func RecordSuccess(v news.FeedState, f news.Feed, in Input, chance float64) news.FeedState {
	v.Visited, v.Success, v.Paused = in.At, in.At, time.Time{}
	v.Failures, v.Failing, v.Status, v.Kind, v.Error = 0, time.Time{}, 0, "", ""
	return setNextVisit(v, f, in, chance)
}

// RecordFailure is the state after a visit that brought nothing usable: due again after the
// backoff, or after Retry-After. Kind is a word of a fixed list, text one line. A server that sent
// Retry-After or a 429 is not asked at all before that, and Paused says until when. Failures at an
// address that the feed had moved to are counted there, too (see [FollowRedirect]).
func RecordFailure(v news.FeedState, f news.Feed, in Input, kind, text string, chance float64) news.FeedState {
	if v.Failures == 0 {
		v.Failing = in.At
	}
	v.Failures++
	v.Visited, v.Status, v.Kind, v.Error = in.At, in.Status, kind, text
	v = recordMoveFailure(v)
	v = setNextVisit(v, f, in, chance)
	v.Paused = time.Time{}
	if in.RetryAfter > 0 || in.Status == http.StatusTooManyRequests {
		v.Paused = v.Due
	}
	return v
}

// RecordUnsaved is the state after a visit that the store could not take, as it is to be kept when
// the store can: with a failure, but due at the usual time, since it is not the feed's fault, and
// with its validators as they were, so that the next visit asks for the same document.
func RecordUnsaved(v news.FeedState, f news.Feed, in Input, kind, text string, chance float64) news.FeedState {
	v = setNextVisit(v, f, in, chance)
	if v.Failures == 0 {
		v.Failures, v.Failing = 1, in.At
	}
	v.Paused = time.Time{}
	v.Visited, v.Status, v.Kind, v.Error = in.At, 0, kind, text
	return v
}

// setNextVisit sets when a feed is due, how far ahead that is, and why.
func setNextVisit(v news.FeedState, f news.Feed, in Input, chance float64) news.FeedState {
	v.Due, v.DelayReason = NextVisit(v, f, in, chance)
	v.Wait = v.Due.Sub(in.At)
	return v
}

// DurationWords writes a duration as people say it: 2 d, 6 h, 15 min.
func DurationWords(d time.Duration) string {
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
