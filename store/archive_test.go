package store

import (
	"path/filepath"
	"testing"
	"time"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// A pruned store is sound, refolds to what it was, and is smaller by its texts.
func TestAPrunedStoreIsSound(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "store.db"), storetest.Rules(t))
	defer s.Close()
	feed, later := storetest.Feeds[0], storetest.Begin.Add(archive.Retention+time.Hour)
	if err := s.Learn(t.Context(), storetest.Feeds, storetest.Begin); err != nil {
		t.Fatal(err)
	}
	for n, slug := range []string{"old", "new"} {
		at := []time.Time{storetest.Begin, later}[n]
		e := storetest.Entry("ajo", slug, "A story that is "+slug, at)
		e.Content = "<p>By Ana Ruiz (KMSA), of " + slug + " times.</p>"
		if _, err := s.Save(t.Context(), news.FeedState{Feed: feed.URL, Due: at.Add(time.Hour)},
			&identity.Arrival{Feed: feed, At: at, Whole: true, Entries: []news.Entry{e}}, nil); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Settle(t.Context(), at); err != nil {
			t.Fatal(err)
		}
	}
	if done, err := s.Prune(t.Context(), time.Hour, later); err != nil || done != 1 {
		t.Fatalf("%d stories are pruned, %v", done, err)
	}
	if c, err := s.Verify(t.Context()); err != nil || len(c.Faults) > 0 || c.Stories != 2 {
		t.Errorf("%d stories, %q, %v", c.Stories, c.Faults, err)
	}
	if changes, err := s.Refold(t.Context(), later, false); err != nil || len(changes) > 0 {
		t.Errorf("a refold changes %+v, %v", changes, err)
	}
	if c, err := s.Backup(t.Context(), later); err != nil {
		t.Error(err)
	} else {
		c.Close()
	}
}
