package identity

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// A feed with other guids, addresses and headlines at each visit gets so many
// items a day through, has a bounded number held, and is flagged.
func TestAFeedThatIsNewAtEveryVisitIsBoundedAndFlagged(t *testing.T) {
	m := newStore(t)
	m.visit("kmsa", entry("kmsa", "usual", "The usual news", 10))
	m.settle()
	at := m.now
	out := func() (live, held int) {
		for _, s := range m.all() {
			if s.Status == news.Live {
				live++
			} else {
				held++
			}
		}
		return live, held
	}
	for day, want := range []struct{ visits, live, held int }{{7, 1 + 500, 5000}, {1, 1 + 1000, 5000}} {
		for visit := range want.visits {
			m.now = at.Add(time.Duration(day)*25*time.Hour + time.Duration(visit)*time.Hour)
			var entries []news.Entry
			for n := range 1000 {
				slug := fmt.Sprintf("d%d-v%d-n%d", day, visit, n)
				entries = append(entries, entry("kmsa", slug, "News of "+slug, 0, func(e *news.Entry) { e.Published = m.now.Add(-time.Duration(n) * time.Second) }))
			}
			m.visit("kmsa", entries...)
		}
		m.settle()
		if live, held := out(); live != want.live || held != want.held {
			t.Errorf("day %d: %d stories are live and %d held, want %d and %d", day+1, live, held, want.live, want.held)
		}
	}
	if flags := m.Memory("https://kmsa.example/rss.xml").Flags; !slices.ContainsFunc(flags, func(g news.Flag) bool { return g.Kind == "flood" }) {
		t.Errorf("the feed is flagged %+v", flags)
	}
}

// One guid 500 times in one document, no guid and blank ones make one item each
// at most, by what else they are known by.
func TestOneGUIDManyTimesInADocumentMakesOneItemEach(t *testing.T) {
	for name, id := range map[string]string{"one": "https://kmsa.example/?p=1", "empty": "", "blank": "   "} {
		t.Run(name, func(t *testing.T) {
			m := newStore(t)
			var entries []news.Entry
			for n := range 500 {
				e := entry("kmsa", fmt.Sprint("n", n), fmt.Sprint("News of number ", n), n)
				e.GUID = id
				entries = append(entries, e)
			}
			for range 2 {
				m.visit("kmsa", entries...)
				m.settle()
			}
			if n := len(m.all()); n != 500 {
				t.Errorf("500 entries make %d stories", n)
			}
		})
	}
	m := newStore(t)
	for range 3 {
		m.visit("kmsa", entry("kmsa", "one", "The same thing", 3), entry("kmsa", "one", "The same thing", 3), entry("kmsa", "one", "The same thing", 3))
		m.settle()
	}
	if n := len(m.all()); n != 1 {
		t.Errorf("one entry thrice makes %d stories", n)
	}
}
