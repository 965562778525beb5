package schedule

import (
	"time"

	"fronteras/aggregator/news"
)

const (
	// LeaseTime is how long a leased visit belongs to its worker. A visit that takes longer is
	// guarded by the limiter of hosts, as long as its process lives.
	LeaseTime = 5 * time.Minute

	maxSpread    = time.Minute      // over which the visits of feeds that are due at once are spread
	maxCrashes   = 3                // in a row, from which on a feed is visited more and more rarely
	clockJump    = 30 * time.Second // that wall clock and passing time may part without being noticed
	newGapWeight = 4                // one part in four of the usual gap is the newest gap between two news
)

// FirstVisit is when a feed is due that is new or overdue: spread by a hash of its address over the
// smaller of its interval and a minute, so always at the same place. A file is due now.
func FirstVisit(f news.Feed, now time.Time) time.Time {
	if f.Path != "" {
		return now
	}
	hash := uint64(14695981039346656037) // FNV-1a
	for i := range len(f.URL) {
		hash = (hash ^ uint64(f.URL[i])) * 1099511628211
	}
	return now.Add(time.Duration(hash % uint64(min(f.Every, maxSpread))))
}

// Reschedule sets a due time right at a start, after nobody could be asked for a while, or after
// the wall clock was changed by shift: a visit that is overdue is spread like a first one, and none
// waits longer than it was to wait when its time was set. A leased visit stays as it is.
func Reschedule(v news.FeedState, f news.Feed, now time.Time, shift time.Duration) news.FeedState {
	if !v.Leased.IsZero() {
		return v
	}
	if shift < 0 {
		if v.Due.Sub(now) > v.Wait {
			v.Due = v.Due.Add(shift)
		}
		if v.Paused.After(now) {
			v.Paused = v.Paused.Add(shift)
		}
	}
	if v.Wait > 0 && v.Due.Sub(now) > v.Wait {
		v.Due = now.Add(v.Wait)
	}
	if f.Path != "" || v.Due.Before(now) {
		v.Due = FirstVisit(f, now)
	}
	return v
}

// ClockShift is by how much the wall clock was put forward or back between two readings, or the
// machine slept: by how much more or less of its time has passed than of the process's. It is 0 if
// that is under half a minute, and if there was no earlier reading.
func ClockShift(last, now time.Time) time.Duration {
	if last.IsZero() {
		return 0
	}
	shift := now.Round(0).Sub(last.Round(0)) - now.Sub(last)
	if shift.Abs() < clockJump {
		return 0
	}
	return shift
}

// InterruptVisit ends a lease whose holder has gone. The request may have been made, so the visit
// is due its interval after that. If the process died in it (crashed), the feed may be what kills
// it: from the third time in a row on the wait doubles with each, up to a day.
func InterruptVisit(v news.FeedState, every time.Duration, crashed bool) news.FeedState {
	v.Leased, v.Wait = time.Time{}, every
	if crashed {
		if v.Crashes++; v.Crashes >= maxCrashes {
			v.Wait = doubleWait(every, v.Crashes, maxBackoff)
		}
	}
	v.Due = v.Asked.Add(v.Wait)
	return v
}

// PauseVisit postpones visits until a time: the feed's server asked for that, or cannot be reached.
func PauseVisit(v news.FeedState, until time.Time) news.FeedState {
	v.Paused = laterTime(v.Paused, until)
	if v.Due.Before(until) {
		v.Wait += until.Sub(v.Due)
		v.Due = until
	}
	return v
}

// HastenVisit makes a feed due as soon as a hint allows: not before the end of a pause, nor before
// rest has passed since it was asked. A visit that is leased, or due earlier, stays as it is, and a
// retired feed is not visited.
func HastenVisit(v news.FeedState, rest time.Duration, now time.Time) news.FeedState {
	soonest := laterTime(laterTime(now, v.Paused), v.Asked.Add(rest))
	if v.Leased.IsZero() && !v.Retired && soonest.Before(v.Due) {
		v.Due, v.Wait = soonest, soonest.Sub(now)
	}
	return v
}

// RecordNews notes that a visit brought something new, and how long that usually takes.
func RecordNews(v news.FeedState, at time.Time) news.FeedState {
	switch gap := at.Sub(v.Changed); {
	case v.Changed.IsZero() || gap <= 0:
	case v.Gap == 0:
		v.Gap = gap
	default:
		v.Gap = ((newGapWeight-1)*v.Gap + gap) / newGapWeight
	}
	v.Changed = at
	return v
}

func laterTime(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
