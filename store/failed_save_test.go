package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// fullStore is a store that cannot grow, and facts for which it would have to.
func fullStore(t *testing.T, s *Store) *news.Facts {
	t.Helper()
	size, _, err := s.fileSizes()
	if err != nil {
		t.Fatal(err)
	}
	s.db.MaxSize = int(size)
	return &news.Facts{Title: strings.Repeat("x", 8<<20)}
}

func TestAFailedSaveEndsNoSuspicionOfAFeed(t *testing.T) {
	free := func(string, bool) time.Duration { return 0 }
	now := storetest.Begin.Add(time.Hour)
	s := learned(t, died(t, filepath.Join(t.TempDir(), "store.db"), now, free, 2), now)
	defer s.Close()
	now = now.Add(2 * time.Hour)
	v, _, ok, err := s.Claim(t.Context(), now, free)
	if !ok || err != nil {
		t.Fatalf("nothing is due: %v", err)
	}
	feed := storetest.Feeds[0]
	for _, f := range storetest.Feeds {
		if f.URL == v.Feed {
			feed = f
		}
	}
	arrival := &identity.Arrival{Feed: feed, At: now, Whole: true}
	if _, err := s.Save(t.Context(), v, arrival, fullStore(t, s)); !errors.Is(err, ErrFull) {
		t.Fatalf("the visit was saved: %v", err)
	}
	if other, _, ok, err := s.Claim(t.Context(), now, free); ok || err != nil {
		t.Errorf("%s is visited at the same time as %s, %v", other.Feed, v.Feed, err)
	}
	s.db.MaxSize = 1 << 30
	if _, err := s.Save(t.Context(), v, nil, nil); err != nil {
		t.Fatal(err)
	}
	if _, _, ok, err := s.Claim(t.Context(), now, free); !ok || err != nil {
		t.Errorf("the other is not visited after that, %v", err)
	}
}

func TestAFailedClaimLetsAnotherSuspectBeVisited(t *testing.T) {
	free := func(string, bool) time.Duration { return 0 }
	now := storetest.Begin.Add(time.Hour)
	s := learned(t, died(t, filepath.Join(t.TempDir(), "store.db"), now, free, 2), now)
	defer s.Close()
	now = now.Add(2 * time.Hour)
	failure := errors.New("the disk is gone")
	err := s.update(t.Context(), func(tx txn) error { // as Claim, of a batch that fails
		feed, _ := s.nextDueVisit(now, func(string) time.Duration { return 0 })
		s.beginGuardedVisit(tx, feed, now)
		return failure
	})
	if !errors.Is(err, failure) {
		t.Fatal(err)
	}
	if s.guard.MustWait(1, now) || s.guard.MustWait(2, now) {
		t.Error("a feed waits for the visit of another, which was never begun")
	}
}

func TestAFailedSaveLeavesWhatAFeedWaitsFor(t *testing.T) {
	s := learned(t, filepath.Join(t.TempDir(), "store.db"), storetest.Begin)
	defer s.Close()
	feed := storetest.Feeds[0]
	save := func(facts *news.Facts, entries ...news.Entry) error {
		_, err := s.Save(t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station},
			&identity.Arrival{Feed: feed, At: storetest.Begin.Add(time.Hour), Whole: true, Entries: entries}, facts)
		return err
	}
	waits := func() bool { _, waits := s.waiting.Load(feed.URL); return waits }
	was := waits()
	entry := storetest.Entry("ajo", "story-1", "Story 1", storetest.Begin)
	facts := fullStore(t, s)
	if err := save(facts, entry); !errors.Is(err, ErrFull) {
		t.Fatalf("the visit was saved: %v", err)
	}
	if waits() != was {
		t.Errorf("the feed waits for something to be decided: %t, before the failure: %t", waits(), was)
	}
	s.db.MaxSize = 1 << 30
	if err := save(nil, entry); err != nil {
		t.Fatal(err)
	}
	if waits() == was {
		t.Errorf("the trial proves nothing: the feed waits: %t", was)
	}
}

func TestAFailedConfigurationChangesNothing(t *testing.T) {
	free := func(string, bool) time.Duration { return 0 }
	path := died(t, filepath.Join(t.TempDir(), "store.db"), storetest.Begin, free, 1)
	s := open(t, path, storetest.Rules(t))
	defer s.Close()
	fullStore(t, s)
	many := storetest.Feeds
	for n := range 100 {
		one := storetest.Feeds[0]
		one.URL = fmt.Sprintf("https://ajo.example/%d/%s", n, strings.Repeat("x", 30<<10))
		many = append(many, one)
	}
	was := s.rules.Load()
	wanted := Configuration{Rules: storetest.Rules(t), Mark: "other rules", Feeds: many}
	if err := s.Configure(t.Context(), wanted, storetest.Begin); !errors.Is(err, ErrFull) {
		t.Fatalf("there was room for it: %v", err)
	}
	if s.rules.Load() != was {
		t.Error("the store goes by its rules")
	}
	if known := len(*s.addresses.Load()); known != 0 {
		t.Errorf("%d feeds are known", known)
	}
	s.db.MaxSize = 1 << 30
	wanted.Feeds = storetest.Feeds
	if err := s.Configure(t.Context(), wanted, storetest.Begin); err != nil {
		t.Fatal(err)
	}
	if s.rules.Load() != wanted.Rules {
		t.Error("with room again the store does not go by the rules")
	}
	for _, v := range visits(t, s) {
		if !v.Leased.IsZero() {
			t.Errorf("%s has the lease of a process that died", v.Feed)
		}
	}
}
