package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

func TestTheStoreKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Maker {
		path := filepath.Join(t.TempDir(), "store.db")
		return func(t testing.TB, rules *identity.Rules) storetest.Store { return open(t, path, rules) }
	}, ErrUnknown)
}

func open(t testing.TB, path string, rules *identity.Rules) *Store {
	t.Helper()
	s, err := Open(path, rules, Options{Wait: time.Second, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASecondOpenerGetsErrBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, storetest.Rules(t))
	if _, err := Open(path, storetest.Rules(t), Options{Wait: time.Millisecond}); !errors.Is(err, ErrBusy) {
		t.Errorf("a second opener got %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// A visit costs the same in a small store and in a large one.
func BenchmarkSaveOneNewOfFifty(b *testing.B) {
	for _, stored := range []int{1_000, 20_000} {
		b.Run(fmt.Sprint(stored), func(b *testing.B) {
			s := open(b, filepath.Join(b.TempDir(), "store.db"), storetest.Rules(b))
			defer s.Close()
			feed := storetest.Feeds[0]
			if err := s.Learn(b.Context(), storetest.Feeds, storetest.Begin); err != nil {
				b.Fatal(err)
			}
			next := 0
			// fewer a day than a feed can bring
			at := func() time.Time { return storetest.Begin.Add(time.Duration(next) * 5 * time.Minute) }
			entry := func() news.Entry {
				next++
				return storetest.Entry("ajo", fmt.Sprint("story-", next), fmt.Sprint("Story ", next), at())
			}
			save := func(entries []news.Entry) {
				v := news.FeedState{Feed: feed.URL, Station: feed.Station}
				if _, err := s.Save(b.Context(), v,
					&identity.Arrival{Feed: feed, At: at(), Whole: true, Entries: entries}, nil); err != nil {
					b.Fatal(err)
				}
			}
			var page []news.Entry
			for next < stored {
				page = nil
				for range 50 {
					page = append(page, entry())
				}
				save(page)
			}
			if _, _, err := s.Settle(b.Context(), storetest.Begin); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				page = append([]news.Entry{entry()}, page[:49]...)
				save(page)
			}
		})
	}
}

// A feed in whose visit the process dies again and again is visited more and more rarely.
func TestAVisitThatKillsIsMadeRarely(t *testing.T) {
	path, now := filepath.Join(t.TempDir(), "store.db"), storetest.Begin
	first := func(feed string, _ bool) time.Duration {
		if feed == storetest.Feeds[0].URL {
			return 0
		}
		return -1
	}
	for n, want := range []time.Duration{time.Hour, time.Hour, 8 * time.Hour, 16 * time.Hour} {
		now = now.Add(48 * time.Hour)
		path = died(t, path, now, first, 1)
		s := learned(t, path, now)
		for _, v := range visits(t, s) {
			if v.Feed == storetest.Feeds[0].URL && (v.Crashes != n+1 || v.Due.Sub(now) != want) {
				t.Errorf("after %d deaths it is due after %v (counted %d), want %v", n+1, v.Due.Sub(now), v.Crashes,
					want)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A command that looks into a store between two daemons hides no death.
func TestADeathIsSeenThroughACommand(t *testing.T) {
	now := storetest.Begin.Add(time.Hour)
	path := died(t, filepath.Join(t.TempDir(), "store.db"), now, func(string, bool) time.Duration { return 0 }, 1)
	if err := open(t, path, storetest.Rules(t)).Close(); err != nil {
		t.Fatal(err)
	}
	s := learned(t, path, now)
	defer s.Close()
	if !slices.ContainsFunc(visits(t, s), func(v news.FeedState) bool { return v.Crashes == 1 }) {
		t.Error("the death is forgotten")
	}
}

// Of several feeds in whose visits the process died, one is visited at a time.
func TestVisitsThatMayKillAreMadeOneByOne(t *testing.T) {
	free := func(string, bool) time.Duration { return 0 }
	now := storetest.Begin.Add(time.Hour)
	s := learned(t, died(t, filepath.Join(t.TempDir(), "store.db"), now, free, 2), now)
	defer s.Close()
	now = now.Add(2 * time.Hour)
	v, _, ok, err := s.Claim(t.Context(), now, free)
	if !ok || err != nil {
		t.Fatalf("nothing is due: %v", err)
	}
	if other, _, ok, err := s.Claim(t.Context(), now, free); ok || err != nil {
		t.Errorf("%s is visited at the same time as %s, %v", other.Feed, v.Feed, err)
	}
	if _, err := s.Save(t.Context(), v, nil, nil); err != nil {
		t.Fatal(err)
	}
	if _, _, ok, err := s.Claim(t.Context(), now, free); !ok || err != nil {
		t.Errorf("the other is not visited after that, %v", err)
	}
}

// died leaves a store as a process does that dies in a number of visits.
func died(t *testing.T, path string, now time.Time, hold func(string, bool) time.Duration, visits int) string {
	t.Helper()
	s := learned(t, path, now.Add(-time.Hour))
	for range visits {
		if _, _, ok, err := s.Claim(t.Context(), now, hold); !ok || err != nil {
			t.Fatalf("nothing is due: %v", err)
		}
	}
	path = killed(t, path)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// learned opens a store with the feeds of the contract.
func learned(t *testing.T, path string, now time.Time) *Store {
	t.Helper()
	s := open(t, path, storetest.Rules(t))
	if err := s.Learn(t.Context(), storetest.Feeds, now); err != nil {
		t.Fatal(err)
	}
	return s
}

func visits(t *testing.T, s *Store) []news.FeedState {
	t.Helper()
	list, err := s.FeedStates()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// killed copies a store as a process leaves it that dies now.
func killed(t *testing.T, path string) string {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "store.db")
	if err := os.WriteFile(copied, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return copied
}
