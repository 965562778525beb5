package storetest

import (
	"errors"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// ruleAndSettle has an editor rule, and settles.
func (tr *trial) ruleAndSettle(o identity.Order, at time.Time) {
	tr.t.Helper()
	_, err := tr.Rule(tr.t.Context(), o, at)
	tr.mustSucceed(err)
	tr.settleStories(at)
}

// storyWithGUID is the published story that has an item of that guid.
func (tr *trial) storyWithGUID(guid string) *news.Story {
	tr.t.Helper()
	stories, err := tr.Lookup(guid)
	tr.mustSucceed(err)
	if len(stories) != 1 {
		tr.t.Fatalf("%q leads to %d stories", guid, len(stories))
	}
	return stories[0]
}

func rulingBinds(t *testing.T, tr *trial) {
	wells := Entry("ajo", "wells", "Wells run dry", Begin.Add(-time.Hour))
	tr.saveDocument(Feeds[0], Begin, wells)
	before := tr.settleStories(Begin)
	s := tr.storyWithGUID(wells.GUID)
	tr.ruleAndSettle(identity.Order{Verb: news.Retract, Stories: []string{s.PublicID}, Reason: "wrong", User: "rosa",
		UID: 7}, Begin.Add(time.Minute))
	if after := tr.settleStories(Begin.Add(time.Minute)); after <= before {
		t.Errorf("the revision was %d and is %d", before, after)
	}
	tr.close()
	tr.open()
	s = tr.storyWithGUID(wells.GUID)
	if s.Status != news.Retracted || !s.Withdrawn.Equal(Begin.Add(time.Minute)) || s.WithdrawnBy == "" {
		t.Errorf("%s at %v by %q", s.Status, s.Withdrawn, s.WithdrawnBy)
	}
	rulings, err := tr.Rulings(s)
	tr.mustSucceed(err)
	if len(rulings) != 1 || rulings[0].Verb != news.Retract || rulings[0].Reason != "wrong" ||
		rulings[0].User != "rosa" || rulings[0].UID != 7 {
		t.Errorf("rulings %+v", rulings)
	}
	window, err := tr.Window(10, 1000*time.Hour)
	tr.mustSucceed(err)
	if len(window.Stories) != 0 {
		t.Errorf("a retracted story is in the window")
	}
}

func impossibleRulingFails(t *testing.T, tr *trial) {
	tr.saveDocument(Feeds[0], Begin, Entry("ajo", "wells", "Wells run dry", Begin))
	before := tr.settleStories(Begin)
	for _, o := range []identity.Order{
		{Verb: news.Retract, Stories: []string{"nothing"}},
		{Verb: news.Retract},
		{Verb: news.Join, Stories: []string{"nothing", "less"}},
		{Verb: news.Trust, Feed: "nowhere"},
		{Verb: "what", Stories: []string{"nothing"}},
	} {
		if _, err := tr.Rule(t.Context(), o, Begin); err == nil {
			t.Errorf("%+v was ruled", o)
		}
	}
	if _, err := tr.Rule(t.Context(), identity.Order{Verb: news.Hold, Stories: []string{"nothing"}},
		Begin); !errors.Is(err, identity.ErrNoStory) {
		t.Errorf("an unknown story fails with %v", err)
	}
	if after := tr.settleStories(Begin); after != before {
		t.Errorf("the revision was %d and is %d", before, after)
	}
}

func joinedStoriesAreSplit(t *testing.T, tr *trial) {
	wells, rain := Entry("ajo", "wells", "Wells run dry", Begin), Entry("kmsa", "rain", "Rain at last", Begin)
	tr.saveDocument(Feeds[0], Begin, wells)
	tr.saveDocument(Feeds[1], Begin, rain)
	tr.settleStories(Begin)
	a, b := tr.storyWithGUID(wells.GUID), tr.storyWithGUID(rain.GUID)
	tr.ruleAndSettle(identity.Order{Verb: news.Join, Stories: []string{a.ID, b.ID}}, Begin.Add(time.Minute))
	for _, id := range []string{a.ID, a.PublicID, b.ID, b.PublicID} {
		s, err := tr.Story(id)
		tr.mustSucceed(err)
		if len(s.Items) != 2 || len(s.Aliases) != 1 {
			t.Errorf("%s leads to %d items and %d aliases", id, len(s.Items), len(s.Aliases))
		}
	}
	tr.close()
	tr.open()
	joined := tr.storyWithGUID(rain.GUID)
	tr.ruleAndSettle(identity.Order{Verb: news.Split, Stories: []string{joined.ID},
		Item: joined.Item(joined.Aliases[0].LeadItem).Entry.GUID}, Begin.Add(2*time.Minute))
	for guid, want := range map[string]*news.Story{wells.GUID: a, rain.GUID: b} {
		s := tr.storyWithGUID(guid)
		if s.ID != want.ID || s.PublicID != want.PublicID || !s.Published.Equal(want.Published) ||
			s.Sequence != want.Sequence || len(s.Items) != 1 || len(s.Aliases) != 0 {
			t.Errorf("%s is %+v, and was %+v", guid, s, want)
		}
		if byID, err := tr.Story(want.PublicID); err != nil || byID.Number != s.Number {
			t.Errorf("%s leads elsewhere: %v", want.PublicID, err)
		}
	}
}

func heldStoryIsReleased(t *testing.T, tr *trial) {
	budget := Entry("ajo", "budget", "The budget is out", Begin.Add(3*time.Hour))
	tr.saveDocument(Feeds[0], Begin, budget)
	tr.settleStories(Begin)
	if s := tr.storyWithGUID(budget.GUID); s.Status != news.Held || s.ID == "" || s.PublicID != "" {
		t.Errorf("%s as %q, public %q", s.Status, s.ID, s.PublicID)
	}
	tr.close()
	tr.open()
	until, err := tr.NextRelease()
	tr.mustSucceed(err)
	if !until.Equal(Begin.Add(3 * time.Hour)) {
		t.Errorf("it waits until %v", until)
	}
	id := tr.storyWithGUID(budget.GUID).ID
	_, out, err := tr.Settle(t.Context(), until)
	tr.mustSucceed(err)
	s := tr.storyWithGUID(budget.GUID)
	if s.Status != news.Live || s.PublicID == "" || s.ID != id || len(out) != 1 || !s.Published.Equal(until) {
		t.Errorf("%s as %q, public %q, at %v; %d came out", s.Status, s.ID, s.PublicID, s.Published, len(out))
	}
	if until, err := tr.NextRelease(); err != nil || !until.IsZero() {
		t.Errorf("something waits until %v, %v", until, err)
	}
}

func askingChangesNothing(t *testing.T, tr *trial) {
	wells := Entry("ajo", "wells", "Wells run dry", Begin)
	questions, due, _, err := tr.Ask(t.Context(), identity.Arrival{Feed: Feeds[0], At: Begin, Whole: true,
		Entries: []news.Entry{wells}})
	tr.mustSucceed(err)
	if len(questions) != 1 || questions[0].URL != wells.URL || due {
		t.Errorf("questions %+v, due %t", questions, due)
	}
	if stories, err := tr.Lookup(wells.GUID); err != nil || len(stories) != 0 {
		t.Errorf("asking stored %d stories, %v", len(stories), err)
	}
}
