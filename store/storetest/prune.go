package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// prunedAge is how long after its publication the contract's old story is pruned.
const prunedAge = 3 * 365 * 24 * time.Hour

// entryWithText is an entry with a text, a picture and something for podcasts.
func entryWithText(station, slug, title string, published time.Time) news.Entry {
	e := Entry(station, slug, title, published)
	e.Summary, e.Content = "<p>In short.</p>", "<p>At length, of "+slug+".</p>"
	e.Images = []news.Image{{URL: "https://" + station + ".example/" + slug + ".jpg"}}
	e.Podcast = &news.Podcast{Episode: 3}
	return e
}

// pruneOldStories publishes three old stories, one of them withdrawn, and one years later,
// and prunes.
func (tr *trial) pruneOldStories() {
	tr.saveDocument(Feeds[0], Begin, entryWithText("ajo", "rain", "Rain falls at last", Begin),
		entryWithText("ajo", "wells", "Wells run dry", Begin.Add(time.Minute)),
		entryWithText("ajo", "error", "Told in error", Begin.Add(2*time.Minute)))
	tr.settleStories(Begin)
	tr.mustSucceed(tr.CloseArchives(tr.t.Context(), 2, time.Hour))
	tr.ruleAndSettle(identity.Order{Verb: news.Retract, Stories: []string{tr.storyWithGUID(guidOf("ajo", "error")).ID},
		Reason: "wrong"}, Begin.Add(time.Hour))
	tr.saveDocument(Feeds[0], Begin.Add(prunedAge), entryWithText("ajo", "new", "Years later", Begin.Add(prunedAge)))
	tr.settleStories(Begin.Add(prunedAge))
	tr.mustSucceed(tr.CloseArchives(tr.t.Context(), 2, time.Hour))
	done, err := tr.Prune(tr.t.Context(), time.Hour, Begin.Add(prunedAge))
	tr.mustSucceed(err)
	if done != 3 {
		tr.t.Fatalf("%d stories are pruned, want 3", done)
	}
}

// pruningKeepsWhatIsKnown prunes, and looks for what is to be gone and what is to stay.
func pruningKeepsWhatIsKnown(t *testing.T, tr *trial) {
	tr.pruneOldStories()
	for _, slug := range []string{"rain", "wells", "error"} {
		s := tr.storyWithGUID(guidOf("ajo", slug))
		if e := s.Items[0].Entry; e.Content+e.Summary != "" || e.Images != nil || e.Podcast != nil || e.Title == "" ||
			e.URL == "" || s.Pruned.IsZero() {
			t.Errorf("%s is still there, or too much of it has gone: %+v", slug, e)
		}
		for _, what := range []string{s.ID, s.PublicID, s.Items[0].Entry.URL} {
			if found, err := tr.Lookup(what); err != nil || len(found) != 1 || found[0].Number != s.Number {
				t.Errorf("%s leads to %d stories, %v", what, len(found), err)
			}
		}
	}
	if s := tr.storyWithGUID(guidOf("ajo", "new")); s.Items[0].Entry.Content == "" || !s.Pruned.IsZero() {
		t.Error("a new story is pruned")
	}
	if s := tr.storyWithGUID(guidOf("ajo", "error")); s.Status != news.Retracted || s.Withdrawn.IsZero() {
		t.Errorf("a withdrawn story is %s", s.Status)
	}
	var archived []string
	w, err := tr.Window(100, time.Hour)
	tr.mustSucceed(err)
	for n := 1; n <= w.Closed; n++ {
		a, err := tr.Archive(n)
		tr.mustSucceed(err)
		for _, s := range a.Stories {
			archived = append(archived, leadTitle(s))
		}
	}
	slices.Sort(archived)
	if got := archived; !slices.Equal(got, []string{"Rain falls at last", "Wells run dry", "Years later"}) {
		t.Errorf("the archive holds %q", got)
	}
	if done, err := tr.Prune(t.Context(), time.Hour, Begin.Add(prunedAge)); err != nil || done != 0 {
		t.Errorf("%d stories are pruned twice, %v", done, err)
	}
}

// prunedItemReturns has a pruned item come back, as it was and then rewritten: it is
// neither new nor a correction, and its text is not kept again.
func prunedItemReturns(t *testing.T, tr *trial) {
	tr.pruneOldStories()
	before := tr.storyWithGUID(guidOf("ajo", "rain"))
	rewritten := entryWithText("ajo", "rain", "Rain falls at last", Begin)
	rewritten.Content, rewritten.Digest = "<p>Other words, five of them and more, 17 litres.</p>", news.Digest{9}
	for n, e := range []news.Entry{entryWithText("ajo", "rain", "Rain falls at last", Begin), rewritten} {
		at := Begin.Add(prunedAge + time.Duration(n+1)*time.Hour)
		if saved := tr.saveDocument(Feeds[0], at, e); saved.New != 0 {
			t.Errorf("return %d: %d new items", n+1, saved.New)
		}
		if _, published, err := tr.Settle(t.Context(), at); err != nil || len(published) != 0 {
			t.Errorf("return %d: %d stories are announced, %v", n+1, len(published), err)
		}
		s := tr.storyWithGUID(guidOf("ajo", "rain"))
		if s.ID != before.ID || s.PublicID != before.PublicID || !s.Published.Equal(before.Published) ||
			!s.Modified.Equal(before.Modified) || s.Items[0].Entry.Content != "" {
			t.Errorf("return %d: the story was %+v and is %+v", n+1, before, s)
		}
	}
}

// prunedStoryIsSplit joins two stories, prunes them, and splits them again.
func prunedStoryIsSplit(t *testing.T, tr *trial) {
	tr.saveDocument(Feeds[0], Begin, entryWithText("ajo", "rain", "Rain falls at last", Begin.Add(-time.Hour)))
	tr.saveDocument(Feeds[1], Begin, entryWithText("kmsa", "wet", "A wet day", Begin))
	tr.settleStories(Begin)
	one, other := tr.storyWithGUID(guidOf("ajo", "rain")), tr.storyWithGUID(guidOf("kmsa", "wet"))
	tr.ruleAndSettle(identity.Order{Verb: news.Join, Stories: []string{one.ID, other.ID}}, Begin.Add(time.Hour))
	joined := tr.storyWithGUID(guidOf("ajo", "rain"))
	tr.saveDocument(Feeds[0], Begin.Add(prunedAge), entryWithText("ajo", "new", "Years later", Begin.Add(prunedAge)))
	tr.settleStories(Begin.Add(prunedAge))
	_, err := tr.Prune(t.Context(), time.Hour, Begin.Add(prunedAge))
	tr.mustSucceed(err)
	if s := tr.storyWithGUID(guidOf("ajo", "rain")); len(s.Items) != 2 || s.Items[1].Entry.Content != "" ||
		s.Origin.Name != joined.Origin.Name {
		t.Fatalf("the joined story is %+v", s)
	}
	tr.ruleAndSettle(identity.Order{Verb: news.Split, Stories: []string{joined.ID}, Item: guidOf("kmsa", "wet")},
		Begin.Add(prunedAge+time.Hour))
	if a, b := tr.storyWithGUID(guidOf("ajo", "rain")), tr.storyWithGUID(guidOf("kmsa", "wet")); a.ID != one.ID ||
		b.ID != other.ID || b.PublicID != other.PublicID {
		t.Errorf("split, they are %s and %s %s; they were %s and %s %s", a.ID, b.ID, b.PublicID, one.ID, other.ID,
			other.PublicID)
	}
}

// pruningTakesTurns has more to prune than one call takes, and a quiet desk nothing.
func pruningTakesTurns(t *testing.T, tr *trial) {
	var entries []news.Entry
	for n := range 250 {
		entries = append(entries, entryWithText("ajo", fmt.Sprint("s", n), fmt.Sprint("Story ", n),
			Begin.Add(-time.Duration(n)*time.Minute)))
	}
	tr.saveDocument(Feeds[0], Begin, entries...)
	tr.settleStories(Begin)
	if done, err := tr.Prune(t.Context(), time.Hour, Begin.Add(10*prunedAge)); err != nil || done != 0 {
		t.Errorf("of a desk that is quiet %d stories are pruned, %v", done, err)
	}
	tr.saveDocument(Feeds[0], Begin.Add(prunedAge), entryWithText("ajo", "new", "Years later", Begin.Add(prunedAge)))
	tr.settleStories(Begin.Add(prunedAge))
	if done, err := tr.Prune(t.Context(), 2*prunedAge, Begin.Add(prunedAge)); err != nil || done != 0 {
		t.Errorf("%d stories are pruned that are still in the feed, %v", done, err)
	}
	total := 0
	for {
		done, err := tr.Prune(t.Context(), time.Hour, Begin.Add(prunedAge))
		tr.mustSucceed(err)
		if total += done; done == 0 {
			break
		}
		if done == 250 {
			t.Error("one transaction prunes all")
		}
		tr.close()
		tr.open()
	}
	if total != 250 {
		t.Errorf("%d stories are pruned, want 250", total)
	}
}

// guidOf is the guid of an entry; see [Entry].
func guidOf(station, slug string) string { return "https://" + station + ".example/?p=" + slug }
