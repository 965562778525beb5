package store

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

var update = flag.Bool("update", false, "write the store of the present format in testdata/store again")

const formats = "../testdata/store"

// A store of each format that was ever released still opens, is sound, and knows what it knew.
func TestEveryFormatOpens(t *testing.T) {
	if *update {
		writeFormat(t)
	}
	files, err := filepath.Glob(filepath.Join(formats, "*.db.gz"))
	if err != nil || len(files) != Format {
		t.Fatalf("%d stores of %d formats, %v", len(files), Format, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			unzip(t, file, path)
			s := open(t, path, storetest.Rules(t))
			defer s.Close()
			if c, err := s.Verify(t.Context()); err != nil || len(c.Faults) > 0 || c.Items != 4 || c.Rulings != 2 {
				t.Errorf("%+v, %v", c, err)
			}
			for what, want := range map[string]string{
				"https://ajo.example/2031/02/rain":  "Rain falls at last",
				"https://ajo.example/2031/02/wells": "Wells run dry",
				"https://kmsa.example/?p=wet":       "Rain falls at last",
			} {
				if found, err := s.Lookup(what); err != nil || len(found) != 1 ||
					found[0].Item(found[0].LeadItem).Entry.Title != want {
					t.Errorf("%s leads to %+v, %v", what, found, err)
				}
			}
			if found, err := s.Lookup("https://ajo.example/?p=error"); err != nil || len(found) != 1 ||
				found[0].Status != news.Retracted {
				t.Errorf("the withdrawn story is %+v, %v", found, err)
			}
			if err := bring(t, s, 0, 3); err != nil {
				t.Error(err)
			}
		})
	}
}

// A format number that no version wrote is refused in a line, and nothing is written.
func TestAFormatThatNeverWasIsRefused(t *testing.T) {
	for _, format := range []int{0, -1} {
		path := filled(t)
		db, err := bolt.Open(path, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = updateFile(db, func(tx *sealedTx) error {
			m, err := readAbout(tx)
			if err != nil {
				return err
			}
			m.Format = format
			return putAbout(tx, m)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		refused(t, path, ErrDamaged)
	}
}

// writeFormat makes the store of the present format: with a join, a withdrawal, and
// a visit that is due.
func writeFormat(t *testing.T) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	s := learned(t, path, storetest.Begin)
	save := func(feed news.Feed, entries ...news.Entry) {
		v := news.FeedState{Feed: feed.URL, Station: feed.Station, Due: storetest.Begin.Add(time.Hour), ETag: `"one"`,
			Visited: storetest.Begin, Success: storetest.Begin}
		if _, err := s.Save(t.Context(), v, &identity.Arrival{Feed: feed, At: storetest.Begin, Whole: true,
			Entries: entries}, &news.Facts{Title: feed.Station}); err != nil {
			t.Fatal(err)
		}
	}
	save(storetest.Feeds[0], storetest.Entry("ajo", "rain", "Rain falls at last", storetest.Begin),
		storetest.Entry("ajo", "wells", "Wells run dry", storetest.Begin),
		storetest.Entry("ajo", "error", "Told in error", storetest.Begin))
	save(storetest.Feeds[1], storetest.Entry("kmsa", "wet", "A wet day", storetest.Begin))
	if _, _, err := s.Settle(t.Context(), storetest.Begin); err != nil {
		t.Fatal(err)
	}
	id := func(what string) string {
		found, err := s.Lookup(what)
		if err != nil || len(found) != 1 {
			t.Fatalf("%s leads to %d stories, %v", what, len(found), err)
		}
		return found[0].ID
	}
	for _, o := range []identity.Order{
		{Verb: news.Join, Stories: []string{id("https://ajo.example/?p=rain"), id("https://kmsa.example/?p=wet")}},
		{Verb: news.Retract, Stories: []string{id("https://ajo.example/?p=error")}, Reason: "wrong"},
	} {
		if _, err := s.Rule(t.Context(), o, storetest.Begin.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write(body)
	w.Close()
	if err := os.MkdirAll(formats, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(formats, fmt.Sprintf("v%d.db.gz", Format)), packed.Bytes(),
		0o644); err != nil {
		t.Fatal(err)
	}
}

func unzip(t *testing.T, from, to string) {
	t.Helper()
	f, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, body, 0o600); err != nil {
		t.Fatal(err)
	}
}
