package identity

import (
	"slices"
	"testing"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/news"
)

// asked is a document of KMSA's whose pages are asked for: with what Ask found its entries
// to be.
func asked(t *testing.T, m *memoryStore, entries ...news.Entry) Arrival {
	t.Helper()
	for i := range entries {
		entries[i].Digest = digest(t, entries[i])
	}
	a := Arrival{
		Feed: news.Feed{Station: "kmsa", URL: "https://kmsa.example/rss.xml"}, Link: "https://kmsa.example/", Language: "en", At: m.now, Whole: true, Entries: entries,
	}
	if _, _, a.Match = m.desk.Ask(m, a); a.Match == nil {
		t.Fatal("nothing was matched")
	}
	return a
}

func deskWithPages(t *testing.T) *memoryStore {
	m := newStore(t)
	c := m.desk.Config
	c.Pages = true
	m.desk = &Rules{directory.New(c)}
	return m
}

// While pages are read, the match that Ask made is kept: saving looks for nothing again.
func TestEntriesAreMatchedOnceAVisit(t *testing.T) {
	m := deskWithPages(t)
	m.visit("kmsa", entry("kmsa", "wells", "Wells run dry", 30), entry("kmsa", "fence", "Fence gap closed", 20))
	m.settle()
	a := asked(t, m, entry("kmsa", "wells", "Wells run dry again", 30), entry("kmsa", "fence", "Fence gap closed", 20), entry("kmsa", "storm", "A storm", 5))
	reads := func(a Arrival) int {
		before := m.reads
		if o := m.desk.Resolve(m, a); o.New != 1 || o.Changed != 1 {
			t.Fatalf("%d items are new and %d changed, want 1 and 1", o.New, o.Changed)
		}
		return m.reads - before
	}
	with := reads(a)
	a.Match = nil
	if without := reads(a); with >= without {
		t.Errorf("saving reads %d with the match and %d without it", with, without)
	}
}

// Where something else was saved of the feed meanwhile, a hub's push say, the entries are
// matched again: what that brought is known.
func TestAnOutdatedMatchIsMadeAgain(t *testing.T) {
	m := deskWithPages(t)
	m.visit("kmsa", entry("kmsa", "wells", "Wells run dry", 30))
	m.settle()
	a := asked(t, m, entry("kmsa", "storm", "A storm", 5), entry("kmsa", "wells", "Wells run dry", 30))
	m.arrive("kmsa", false, entry("kmsa", "storm", "A storm", 5))
	o := m.desk.Resolve(m, a)
	m.keep(a.Feed.URL, o)
	if o.New != 0 || len(m.items) != 2 {
		t.Errorf("%d items are new and %d in all: the pushed one came twice", o.New, len(m.items))
	}
	if marks := m.Marks(a.Feed.URL); slices.ContainsFunc(marks, func(k Mark) bool { return k.Item == 0 }) {
		t.Errorf("entries without items: %+v", marks)
	}
}
