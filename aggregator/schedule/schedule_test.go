package schedule

import (
	"reflect"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

var noon = time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC) // a Saturday

func TestTheNextVisitIsTheLongestOfIntervalWishesAndBackoff(t *testing.T) {
	for name, c := range map[string]struct {
		every  time.Duration
		state  news.FeedState
		input  Input
		chance float64
		want   time.Duration
	}{
		"the interval":                {every: 15 * time.Minute, want: 15 * time.Minute},
		"chance only lengthens":       {every: time.Hour, chance: 1, want: 66 * time.Minute},
		"by half an hour at most":     {every: 24 * time.Hour, chance: 1, want: 24*time.Hour + 30*time.Minute},
		"a public host once a minute": {every: time.Second, want: time.Minute},
		"a local one as written":      {every: time.Second, input: Input{Local: true}, want: time.Second},
		"fresh for longer":            {every: 15 * time.Minute, state: fresh(time.Hour), want: time.Hour},
		"fresh for shorter":           {every: 15 * time.Minute, state: fresh(time.Minute), want: 15 * time.Minute},
		"fresh for a year": {
			every: 15 * time.Minute, state: fresh(365 * 24 * time.Hour), want: 24 * time.Hour,
		},
		"one failure": {
			every: 15 * time.Minute, state: failed(1), input: Input{Failed: true}, want: 30 * time.Minute,
		},
		"three failures": {
			every: 15 * time.Minute, state: failed(3), input: Input{Failed: true}, want: 2 * time.Hour,
		},
		"many failures": {
			every: 15 * time.Minute, state: failed(100), input: Input{Failed: true}, want: 24 * time.Hour,
		},
		"a failure of a weekly feed": {
			every: 168 * time.Hour, state: failed(1), input: Input{Failed: true}, want: 168 * time.Hour,
		},
		"429 waits twice as long": {
			every: 15 * time.Minute, state: failed(1), input: Input{Failed: true, Status: 429}, want: time.Hour,
		},
		"410 rests a month": {
			every: 15 * time.Minute, state: failed(1), input: Input{Failed: true, Status: 410},
			want: 30 * 24 * time.Hour,
		},
		"Retry-After is kept": {
			every: 15 * time.Minute, state: failed(1),
			input: Input{Failed: true, RetryAfter: 5 * time.Hour}, want: 5 * time.Hour,
		},
		"but for two weeks at most": {
			every: 15 * time.Minute, state: failed(1), input: Input{Failed: true, RetryAfter: 1000 * time.Hour},
			want: 14 * 24 * time.Hour,
		},
		"a short Retry-After does not hasten": {
			every: 15 * time.Minute, state: failed(1), input: Input{Failed: true, RetryAfter: time.Second},
			want: 30 * time.Minute,
		},
		"a local failure doubles as well": {
			every: time.Second, state: failed(2), input: Input{Failed: true, Local: true}, want: 4 * time.Second,
		},
	} {
		c.input.At = noon
		due, _ := NextVisit(c.state, news.Feed{Every: c.every}, c.input, c.chance)
		if have := due.Sub(noon); have != c.want {
			t.Errorf("%s: %v, want %v", name, have, c.want)
		}
	}
}

func fresh(d time.Duration) news.FeedState { return news.FeedState{Wishes: news.Wishes{Fresh: d}} }

func failed(times int) news.FeedState { return news.FeedState{Failures: times} }

func TestTheReasonOfALongerWaitNamesWhoAskedForIt(t *testing.T) {
	f := news.Feed{URL: "https://ajo.example/rss", Every: 15 * time.Minute}
	for want, c := range map[string]struct {
		state  news.FeedState
		input  Input
		agreed bool
	}{
		"":                            {},
		"the server asked for 2 h":    {state: fresh(2 * time.Hour)},
		"the server asked for 90 min": {state: failed(1), input: Input{Failed: true, RetryAfter: 90 * time.Minute}},
		"the document (ttl) asked for 3 h": {
			state: news.FeedState{Wishes: news.Wishes{Fresh: 2 * time.Hour, TTL: 3 * time.Hour}},
		},
		"the document (sy:updatePeriod) asked for 365 d, visited every 24 h": {
			state: news.FeedState{Wishes: news.Wishes{Update: 365 * 24 * time.Hour}},
		},
		"the document asks not to be visited at that time": {
			state: news.FeedState{Wishes: news.Wishes{SkipHours: []int{12}}},
		},
		"the server asked for 1 h": {
			state:  news.FeedState{Wishes: news.Wishes{Fresh: time.Hour, TTL: 3 * time.Hour, SkipHours: []int{13}}},
			agreed: true, // then the document decides nothing
		},
	} {
		c.input.At, f.Agreed = noon, c.agreed
		if _, have := NextVisit(c.state, f, c.input, 0); have != want {
			t.Errorf("%q, want %q", have, want)
		}
	}
}

func TestFeedsOnPublicHostsAreVisitedOnceAMinuteAtMost(t *testing.T) {
	f := news.Feed{URL: "https://ajo.example/rss", Every: time.Second}
	for local, want := range map[bool]time.Duration{true: time.Second, false: time.Minute} {
		if due, _ := NextVisit(news.FeedState{}, f, Input{At: noon, Local: local}, 0); due.Sub(noon) != want {
			t.Errorf("local %t: visited after %s, want %s", local, due.Sub(noon), want)
		}
	}
}

func TestSkipHoursAndDaysMoveTheVisitToTheFirstAllowedMinute(t *testing.T) {
	due := noon.Add(30 * time.Minute)
	all := make([]int, 24)
	for h := range all {
		all[h] = h
	}
	for name, c := range map[string]struct {
		wishes news.Wishes
		want   time.Time
	}{
		"an allowed hour": {news.Wishes{SkipHours: []int{11, 13}}, due},
		"the end of two hours": {
			news.Wishes{SkipHours: []int{12, 13}}, time.Date(2025, 10, 11, 14, 0, 0, 0, time.UTC),
		},
		"the end of the day": {
			news.Wishes{SkipDays: []time.Weekday{time.Saturday, time.Sunday}},
			time.Date(2025, 10, 13, 0, 0, 0, 0, time.UTC),
		},
		"both": {
			news.Wishes{SkipDays: []time.Weekday{time.Saturday}, SkipHours: []int{0, 1}},
			time.Date(2025, 10, 12, 2, 0, 0, 0, time.UTC),
		},
		"no hour at all": {news.Wishes{SkipHours: all}, due},
	} {
		if have := skipUnwantedHours(due, c.wishes); !have.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, have, c.want)
		}
	}
}

func TestAFailureIsCountedAndASuccessForgetsIt(t *testing.T) {
	f := news.Feed{URL: "https://ajo.example/rss", Every: 10 * time.Minute}
	v := RecordFailure(
		news.FeedState{ETag: `"a"`}, f, Input{At: noon, Failed: true, Status: 503}, "status 503", "busy", 0,
	)
	later := noon.Add(20 * time.Minute)
	v = RecordFailure(
		v, f, Input{At: later, Failed: true, Status: 503, RetryAfter: time.Hour}, "status 503", "busy", 0,
	)
	want := news.FeedState{
		ETag: `"a"`, Failures: 2, Failing: noon, Visited: later, Status: 503, Kind: "status 503", Error: "busy",
		Due: later.Add(
			time.Hour,
		), Wait: time.Hour, Paused: later.Add(time.Hour), DelayReason: "the server asked for 1 h",
	}
	if !reflect.DeepEqual(v, want) {
		t.Errorf("after two failures: %+v", v)
	}
	now := noon.Add(2 * time.Hour)
	v = RecordSuccess(v, f, Input{At: now}, 0)
	want = news.FeedState{
		ETag:    `"a"`,
		Visited: now,
		Success: now,
		Due:     now.Add(10 * time.Minute),
		Wait:    10 * time.Minute,
	}
	if !reflect.DeepEqual(v, want) {
		t.Errorf("after a success: %+v", v)
	}
}

func TestTooManyRequestsPauseAFeedWithoutRetryAfterToo(t *testing.T) {
	f := news.Feed{URL: "https://ajo.example/rss", Every: 10 * time.Minute}
	v := RecordFailure(news.FeedState{}, f, Input{At: noon, Failed: true, Status: 429}, "status 429", "too many", 0)
	if want := noon.Add(40 * time.Minute); !v.Paused.Equal(want) || !v.Due.Equal(want) {
		t.Errorf("paused until %v, due %v, want %v", v.Paused, v.Due, want)
	}
}

func TestAVisitThatCouldNotBeSavedIsMadeAgainAtTheUsualTime(t *testing.T) {
	f := news.Feed{URL: "https://ajo.example/rss", Every: 10 * time.Minute}
	before := news.FeedState{ETag: `"a"`, Success: noon.Add(-time.Hour), Visited: noon.Add(-time.Hour)}
	v := RecordUnsaved(before, f, Input{At: noon}, "store is full", "no room", 0)
	want := news.FeedState{
		ETag: `"a"`, Success: before.Success, Visited: noon, Failures: 1, Failing: noon,
		Kind: "store is full", Error: "no room",
		Due: noon.Add(10 * time.Minute), Wait: 10 * time.Minute,
	}
	if !reflect.DeepEqual(v, want) {
		t.Errorf("%+v", v)
	}
	if v = RecordUnsaved(v, f, Input{At: noon.Add(time.Hour)}, "store is full", "no room", 0); v.Failures != 1 ||
		!v.Failing.Equal(noon) {
		t.Errorf("the second time: %+v", v)
	}
}
