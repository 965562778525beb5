package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// What a page shows of a list, and its next pages, is the list: each story once, the newest first.
func TestStoriesAreListedInParts(t *testing.T) {
	c := newCouncil(t)
	day := time.Date(2031, 2, 1, 0, 0, 0, 0, time.UTC)
	for n := range 23 {
		at := day.Add(time.Duration(n) * 3 * time.Hour)
		c.visit(n%2, storetest.Entry([]string{"ajo", "kmsa"}[n%2], fmt.Sprintf("n%02d", n), fmt.Sprintf("Story %c of many", 'A'+n), at))
	}
	var all []*news.Story
	c.must(c.EachStory(func(s *news.Story) bool { all = append(all, s); return true }))
	held := all[3:9]
	for _, s := range held {
		c.decide(news.Order{Verb: news.Hold, Stories: []string{s.ID}})
	}
	c.decide(news.Order{Verb: news.Retract, Stories: []string{all[0].ID}, Reason: "wrong"})
	isHeld := func(s *news.Story) bool { return slices.Contains(held, s) }
	second := day.AddDate(0, 0, 1)
	byAjo := func(s *news.Story) bool { return s.Items[0].Station == "ajo" }
	for name, q := range map[string]struct {
		ask  StoryQuery
		want func(*news.Story) bool
	}{
		"all":       {StoryQuery{}, func(*news.Story) bool { return true }},
		"held":      {StoryQuery{Status: news.Held}, isHeld},
		"withdrawn": {StoryQuery{Status: news.Retracted}, func(s *news.Story) bool { return s == all[0] }},
		"live":      {StoryQuery{Status: news.Live}, func(s *news.Story) bool { return s != all[0] && !isHeld(s) }},
		"a day": {StoryQuery{From: second, Before: second.AddDate(0, 0, 1)}, func(s *news.Story) bool {
			return !s.Published.Before(second) && s.Published.Before(second.AddDate(0, 0, 1))
		}},
		"held of a day": {StoryQuery{Status: news.Held, From: second, Before: second.AddDate(0, 0, 1)}, func(s *news.Story) bool {
			return isHeld(s) && !s.Published.Before(second) && s.Published.Before(second.AddDate(0, 0, 1))
		}},
		"a station": {StoryQuery{Takes: byAjo}, byAjo},
	} {
		var want, have []string
		for _, s := range all {
			if q.want(s) {
				want = append(want, s.ID)
			}
		}
		ask, parts := q.ask, 0
		for ask.Limit = 4; parts == 0 || ask.After != ""; parts++ {
			part, err := c.ListStories(t.Context(), ask)
			c.must(err)
			if len(part.Stories) > ask.Limit || part.Next != "" && len(part.Stories) < ask.Limit {
				t.Errorf("%s: a part has %d, and goes on: %v", name, len(part.Stories), part.Next != "")
			}
			for _, s := range part.Stories {
				have = append(have, s.ID)
			}
			ask.After = part.Next
		}
		if !slices.Equal(have, want) {
			t.Errorf("%s: %d stories, want %d:\n%v\n%v", name, len(have), len(want), have, want)
		}
	}
	if part, err := c.ListStories(t.Context(), StoryQuery{After: "made up", Limit: 3}); err != nil || len(part.Stories) != 3 {
		t.Errorf("a made up place: %d, %v", len(part.Stories), err)
	}
}
