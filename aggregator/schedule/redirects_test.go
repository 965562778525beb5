package schedule

import (
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestAPermanentRedirectIsBelievedAfterFiveVisitsInAWeek(t *testing.T) {
	const to = "https://new.example/rss"
	f := news.Feed{URL: "https://ajo.example/rss"}
	follow := func(times int, apart time.Duration, taken bool) news.FeedState {
		v := news.FeedState{Feed: f.URL}
		for n := range times {
			v = FollowRedirect(v, to, taken, noon.Add(time.Duration(n)*apart))
		}
		return v
	}
	interrupted := FollowRedirect(follow(4, 42*time.Hour, false), "", false, noon)
	interrupted = FollowRedirect(interrupted, to, false, noon.Add(200*time.Hour))
	for name, c := range map[string]struct {
		state news.FeedState
		want  string
	}{
		"five over a week":       {follow(5, 42*time.Hour, false), to},
		"four over a week":       {follow(4, 84*time.Hour, false), f.URL},
		"many within six days":   {follow(145, time.Hour, false), f.URL},
		"another feed's address": {follow(9, 42*time.Hour, true), f.URL},
		"interrupted":            {interrupted, f.URL},
	} {
		if have := RequestAddress(c.state, f); have != c.want {
			t.Errorf("%s: asked at %s, want %s", name, have, c.want)
		}
	}
}

func TestThreeFailuresAtTheNewAddressReturnToTheConfiguredOne(t *testing.T) {
	f := news.Feed{URL: "https://ajo.example/rss", Every: time.Hour}
	v := news.FeedState{Feed: f.URL, MovedTo: "https://new.example/rss"}
	fail := func() { v = RecordFailure(v, f, Input{At: noon, Failed: true}, "status 404", "gone", 0) }
	fail()
	fail()
	v = FollowRedirect(v, "", false, noon) // a success between starts the count again
	fail()
	fail()
	if RequestAddress(v, f) != "https://new.example/rss" {
		t.Error("given up after two failures")
	}
	if fail(); RequestAddress(v, f) != f.URL {
		t.Error("still asked at the new address after three failures")
	}
}
