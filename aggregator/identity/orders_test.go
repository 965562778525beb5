package identity

import (
	"testing"

	"fronteras/aggregator/news"
)

func TestWhatIsSoAlreadyIsNotRuled(t *testing.T) {
	story := func(status news.Status) *news.Story {
		return &news.Story{ID: "k7", Status: status}
	}
	for _, c := range []struct {
		verb  news.Verb
		story *news.Story
		last  news.Verb // of an editor's; "" for none
		want  string    // "" where it can be ruled
	}{
		{news.Release, story(news.Held), "", ""},
		{news.Release, story(news.Live), "", "story k7 is not held: it is live"},
		{news.Restore, story(news.Retracted), "", ""},
		{news.Restore, story(news.Live), "", "story k7 is not retracted: it is live"},
		{news.Retract, story(news.Live), "", ""},
		{news.Retract, story(news.Held), "", ""},
		{news.Retract, story(news.Retracted), news.Retract, "story k7 is retracted already"},
		{news.Hold, story(news.Live), "", ""},
		{news.Hold, story(news.Live), news.Release, ""},
		{news.Hold, story(news.Held), "", ""}, // by a kill or a flood: an editor keeps it so
		{news.Hold, story(news.Held), news.Hold, "story k7 is held by an editor already"},
		{news.Hold, story(news.Retracted), news.Retract, "story k7 is not live: it is retracted"},
	} {
		var last *news.Ruling
		if c.last != "" {
			last = &news.Ruling{Verb: c.last}
		}
		have := ""
		if err := refuseNoChange(c.verb, c.story, last); err != nil {
			have = err.Error()
		}
		if have != c.want {
			t.Errorf("%s of a story that is %s: %q, want %q", c.verb, c.story.Status, have, c.want)
		}
	}
}
