package schedule

import (
	"reflect"
	"testing"
	"time"
	"unsafe"

	"fronteras/aggregator/news"
)

func TestFirstVisitsAreSpreadOverAMinuteAtMost(t *testing.T) {
	places := map[time.Duration]bool{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		f := news.Feed{URL: "https://" + name + ".example/rss", Every: time.Hour}
		wait := FirstVisit(f, noon).Sub(noon)
		if wait < 0 || wait >= time.Minute || !FirstVisit(f, noon.Add(time.Hour)).Equal(noon.Add(time.Hour+wait)) {
			t.Errorf("%s is due after %v", f.URL, wait)
		}
		places[wait] = true
		if f.Every = time.Second; FirstVisit(f, noon).Sub(noon) >= time.Second {
			t.Errorf("%s with an interval of a second is due after %v", f.URL, FirstVisit(f, noon).Sub(noon))
		}
	}
	if len(places) < 8 {
		t.Errorf("eight feeds are due at %d times", len(places))
	}
	if due := FirstVisit(news.Feed{URL: "file:/a.xml", Path: "/a.xml", Every: time.Hour}, noon); !due.Equal(noon) {
		t.Errorf("a file is due at %v", due)
	}
	// The place must stay the same in every version: a store keeps due times that were set by it.
	f := news.Feed{URL: "https://ajo.example/rss", Every: time.Hour}
	if wait := FirstVisit(f, noon).Sub(noon); wait != 45870548009 {
		t.Errorf("%s is due after %d ns", f.URL, wait)
	}
}

func TestRescheduleLetsNoVisitWaitLongerThanWasMeant(t *testing.T) {
	f := news.Feed{URL: "https://ajo.example/rss", Every: time.Hour}
	const day = 24 * time.Hour
	first := FirstVisit(f, noon)
	for name, c := range map[string]struct {
		state news.FeedState
		shift time.Duration
		want  time.Time
	}{
		"due later": {
			news.FeedState{Due: noon.Add(time.Minute), Wait: time.Hour}, 0, noon.Add(time.Minute),
		},
		"overdue": {news.FeedState{Due: noon.Add(-time.Minute), Wait: time.Hour}, 0, first},
		"the clock was put back": {
			news.FeedState{Due: noon.Add(day + time.Minute), Wait: time.Hour}, -day, noon.Add(time.Minute),
		},
		"put back, unseen": {
			news.FeedState{Due: noon.Add(day + time.Minute), Wait: time.Hour}, 0, noon.Add(time.Hour),
		},
		"leased": {
			news.FeedState{Due: noon.Add(-time.Minute), Leased: noon}, 0, noon.Add(-time.Minute),
		},
	} {
		if have := Reschedule(c.state, f, noon, c.shift); !have.Due.Equal(c.want) {
			t.Errorf("%s: due at %v, want %v", name, have.Due, c.want)
		}
	}
	v := Reschedule(
		news.FeedState{Due: noon.Add(26 * time.Hour), Wait: 2 * time.Hour, Paused: noon.Add(26 * time.Hour)}, f,
		noon, -day,
	)
	if want := noon.Add(2 * time.Hour); !v.Paused.Equal(want) || !v.Due.Equal(want) {
		t.Errorf("a pause ends at %v, due at %v, want %v", v.Paused, v.Due, want)
	}
}

func TestAnInterruptedVisitWaitsItsIntervalAndLongerAfterThreeCrashes(t *testing.T) {
	for name, c := range map[string]struct {
		crashes int
		crashed bool
		every   time.Duration
		want    time.Duration
	}{
		"a stop":               {0, false, 15 * time.Minute, 15 * time.Minute},
		"a stop after many":    {7, false, 15 * time.Minute, 15 * time.Minute},
		"the first crash":      {0, true, 15 * time.Minute, 15 * time.Minute},
		"the second":           {1, true, 15 * time.Minute, 15 * time.Minute},
		"the third":            {2, true, 15 * time.Minute, 2 * time.Hour},
		"the fourth":           {3, true, 15 * time.Minute, 4 * time.Hour},
		"the hundredth":        {99, true, 15 * time.Minute, 24 * time.Hour},
		"of a feed of an hour": {4, true, time.Hour, 24 * time.Hour},
	} {
		v := InterruptVisit(
			news.FeedState{Asked: noon, Leased: noon.Add(time.Minute), Crashes: c.crashes}, c.every, c.crashed,
		)
		if !v.Leased.IsZero() || v.Wait != c.want || !v.Due.Equal(noon.Add(c.want)) {
			t.Errorf("%s: %+v, want a wait of %v", name, v, c.want)
		}
	}
}

func TestAPauseOnlyLengthensTheWait(t *testing.T) {
	v := PauseVisit(news.FeedState{Due: noon.Add(time.Minute), Wait: 10 * time.Minute}, noon.Add(time.Hour))
	if !v.Paused.Equal(noon.Add(time.Hour)) || !v.Due.Equal(noon.Add(time.Hour)) || v.Wait != 69*time.Minute {
		t.Errorf("%+v", v)
	}
	if again := PauseVisit(v, noon.Add(time.Minute)); !reflect.DeepEqual(again, v) {
		t.Errorf("a shorter pause: %+v", again)
	}
}

func TestAHintHastensNoVisitBeforeThePauseAndTheRest(t *testing.T) {
	asked := noon.Add(-10 * time.Second)
	for name, c := range map[string]struct {
		state news.FeedState
		want  time.Time
	}{
		"after a rest": {news.FeedState{Due: noon.Add(time.Hour), Asked: asked}, noon.Add(50 * time.Second)},
		"long ago":     {news.FeedState{Due: noon.Add(time.Hour), Asked: noon.Add(-time.Hour)}, noon},
		"paused": {
			news.FeedState{Due: noon.Add(time.Hour), Asked: asked, Paused: noon.Add(30 * time.Minute)},
			noon.Add(30 * time.Minute),
		},
		"due sooner": {news.FeedState{Due: noon.Add(time.Second), Asked: asked}, noon.Add(time.Second)},
		"leased": {
			news.FeedState{Due: noon.Add(time.Hour), Asked: asked, Leased: noon}, noon.Add(time.Hour),
		},
		"no longer wanted": {news.FeedState{Due: noon.Add(time.Hour), Retired: true}, noon.Add(time.Hour)},
	} {
		if v := HastenVisit(c.state, time.Minute, noon); !v.Due.Equal(c.want) {
			t.Errorf("%s: due at %v, want %v", name, v.Due, c.want)
		}
	}
}

func TestTheUsualGapFollowsTheGapsBetweenNews(t *testing.T) {
	var v news.FeedState
	for n, c := range []struct {
		after, want time.Duration
	}{{0, 0}, {time.Hour, time.Hour}, {5 * time.Hour, 2 * time.Hour}} {
		at := v.Changed.Add(c.after)
		if n == 0 {
			at = noon
		}
		if v = RecordNews(v, at); v.Gap != c.want || !v.Changed.Equal(at) {
			t.Errorf("step %d: a gap of %v, want %v", n+1, v.Gap, c.want)
		}
	}
}

// leapt is a time whose wall clock has leapt by whole seconds while no time has passed: a time
// holds both, and only an operating system sets them apart.
func leapt(t time.Time, by time.Duration) time.Time {
	const wall, seconds, nanoseconds = 1 << 63, 1<<33 - 1, 1<<30 - 1 // see the source of time.Time
	words := (*struct {
		wall uint64
		ext  int64
	})(unsafe.Pointer(&t))
	if words.wall&wall == 0 {
		panic("no reading of the passing time")
	}
	s := (words.wall>>30&seconds + uint64(int64(by/time.Second))) & seconds
	words.wall = wall | s<<30 | words.wall&nanoseconds
	return t
}

func TestAClockThatWasPutForwardOrBackIsSeenToTheSecond(t *testing.T) {
	start := time.Now()
	const day = 24 * time.Hour
	for _, by := range []time.Duration{-day, day, 366 * day, -366 * day, time.Minute} {
		last := leapt(start.Add(time.Minute), by)
		if have := ClockShift(start, last); have != by {
			t.Errorf("a leap of %v is seen as %v", by, have)
		}
		if have := ClockShift(last, leapt(start.Add(time.Hour), by)); have != 0 {
			t.Errorf("after a leap of %v, an hour that passes is seen as a leap of %v", by, have)
		}
	}
	if have := ClockShift(start, leapt(start.Add(time.Hour), 20*time.Second)); have != 0 {
		t.Errorf("what a clock is slewed by is seen as a leap of %v", have)
	}
}

func TestTimeThatPassesIsNoJumpOfTheClock(t *testing.T) {
	start := time.Now()
	last := time.Time{}
	for n, now := range []time.Time{start, start.Add(time.Hour), start.Add(time.Hour + time.Minute).Round(0)} {
		if have := ClockShift(last, now); have != 0 {
			t.Errorf("step %d: %v", n+1, have)
		}
		last = now
	}
}
