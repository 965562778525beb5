package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Maker {
		path := filepath.Join(t.TempDir(), "store.db")
		return func(t testing.TB, rules *identity.Desk) storetest.Store { return open(t, path, rules) }
	}, ErrUnknown)
}

func open(t testing.TB, path string, rules *identity.Desk) *Store {
	t.Helper()
	s, err := Open(path, rules, Options{Wait: time.Second, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSecondOpenerIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, storetest.Rules(t))
	if _, err := Open(path, storetest.Rules(t), Options{Wait: time.Millisecond}); !errors.Is(err, ErrBusy) {
		t.Errorf("a second opener got %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// A damaged file is refused with a sentence, and left as it is.
func TestDamagedFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, storetest.Rules(t))
	if err := s.Learn(t.Context(), storetest.Feeds, storetest.Begin); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"empty": {}, "a page": whole[:4096], "a few pages": whole[:5*4096], "zeros": make([]byte, 1<<16), "text": []byte("desk:\n" + string(make([]byte, 1<<15))),
	} {
		t.Run(name, func(t *testing.T) {
			bad := filepath.Join(t.TempDir(), "bad.db")
			if err := os.WriteFile(bad, text, 0o600); err != nil {
				t.Fatal(err)
			}
			if s, err := Open(bad, storetest.Rules(t), Options{Wait: time.Second}); !errors.Is(err, ErrDamaged) {
				t.Errorf("opened as %v, %v", s, err)
			}
			if after, err := os.ReadFile(bad); err != nil || string(after) != string(text) {
				t.Errorf("the file was changed: %v", err)
			}
		})
	}
}

func TestLaterFormatIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, storetest.Rules(t))
	err := s.db.Update(func(tx *bolt.Tx) error { return putAbout(tx, about{Format: Format + 1, Version: "9.9"}) })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, storetest.Rules(t), Options{Wait: time.Second}); !errors.Is(err, ErrNewer) {
		t.Errorf("opened with %v", err)
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
			entry := func() news.Entry {
				next++
				return storetest.Entry("ajo", fmt.Sprint("story-", next), fmt.Sprint("Story ", next), storetest.Begin.Add(time.Duration(next)*time.Second))
			}
			save := func(entries []news.Entry) {
				v := news.Visit{Feed: feed.URL, Station: feed.Station}
				if _, err := s.Save(b.Context(), v, &identity.Arrival{Feed: feed, At: storetest.Begin, Whole: true, Entries: entries}, nil); err != nil {
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
