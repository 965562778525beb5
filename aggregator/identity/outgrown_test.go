package identity

import (
	"fmt"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// outgrown is a store with one item of Radio Ajo's, number 1, that has had twenty other GUIDs and
// addresses since its first, and twenty claims.
func outgrown(t *testing.T, first ...func(*news.Entry)) (m *memoryStore, now news.Entry) {
	m = newStore(t)
	at := func(n int) news.Entry {
		return entry("ajo", fmt.Sprint("fence-", n), "A fence across the wash", 30,
			canonical(fmt.Sprintf("https://elsewhere.example/2031/02/the-fence-%d", n)))
	}
	now = at(0)
	for _, change := range first {
		change(&now)
	}
	m.visit("ajo", now)
	m.settle()
	for n := range 20 {
		now = at(n + 1)
		m.visit("ajo", now)
	}
	if i := m.Item(1); len(m.items) != 1 || len(i.GUIDs) != 16 || len(i.Links) != 16 || len(i.Claims) != 16 {
		t.Fatalf("%d items, of which the first has %d GUIDs, %d links and %d claims", len(m.items), len(i.GUIDs), len(i.Links), len(i.Claims))
	}
	return m, now
}

func TestAnItemIsFoundByWhatItsRecordHasOutgrown(t *testing.T) {
	t.Run("under its first GUID", func(t *testing.T) {
		m, _ := outgrown(t)
		m.visit("ajo", entry("ajo", "fence-0", "A fence no longer", 30, url("https://ajo.example/2031/02/quite-another")))
		if len(m.items) != 1 {
			t.Error("it is another item")
		}
	})
	t.Run("under its first address", func(t *testing.T) {
		m, _ := outgrown(t)
		m.visit("ajo", entry("ajo", "fence-0", "A fence across the wash", 30, guid("quite-another")))
		if len(m.items) != 1 {
			t.Error("it is another item")
		}
	})
	t.Run("without a GUID, under its first address", func(t *testing.T) {
		m, _ := outgrown(t)
		m.visit("ajo", entry("ajo", "fence-0", "A fence no longer", 1000, guid("")))
		if len(m.items) != 1 {
			t.Error("it is another item")
		}
	})
	t.Run("by a copy that claims its first address", func(t *testing.T) {
		m, _ := outgrown(t)
		m.visit("kmsa", entry("kmsa", "copy", "What the wash says", 20, canonical("https://ajo.example/2031/02/fence-0")))
		if len(m.stories) != 1 {
			t.Errorf("they are %d stories", len(m.stories))
		}
	})
	t.Run("by an item with its first GUID, which is unique in the world", func(t *testing.T) {
		const uuid = "urn:uuid:00000007-5a1e-48f5-a5fb-3c5c9a0d0000"
		m, _ := outgrown(t, guid(uuid))
		m.visit("kmsa", entry("kmsa", "copy", "A fence across the wash", 20, guid(uuid)))
		if len(m.stories) != 1 {
			t.Errorf("they are %d stories", len(m.stories))
		}
	})
	t.Run("by an item that claims what it first claimed", func(t *testing.T) {
		m, now := outgrown(t)
		canonical("https://elsewhere.example/2031/02/the-fence-0")(&now)
		m.visit("ajo", now)
		if i := m.Item(1); len(i.Claims) != 16 || i.Claims[1].Key != "elsewhere.example/2031/02/the-fence-0" || !i.Claims[1].Last.IsZero() {
			t.Errorf("claims are %+v", i.Claims)
		}
	})
	t.Run("by an editor who names its first GUID, or its first address", func(t *testing.T) {
		m, _ := outgrown(t)
		for _, what := range []string{"ajo-fence-0", "https://ajo.example/2031/02/fence-0"} {
			if items := m.desk.ItemsNamed(m, what); len(items) != 1 {
				t.Errorf("%d items are named by %s", len(items), what)
			}
		}
	})
	t.Run("by its feed, which takes its first GUID back", func(t *testing.T) {
		m, _ := outgrown(t)
		f := news.Feed{Station: "ajo", URL: "https://ajo.example/rss.xml"}
		m.keep(f.URL, m.desk.Resolve(m, Arrival{Feed: f, At: m.now, Whole: true, Deleted: []news.Deleted{{Ref: "ajo-fence-0"}}}))
		if i := m.Item(1); !i.Gone || len(i.GUIDs) != 16 {
			t.Errorf("it is gone: %t, with %d GUIDs", i.Gone, len(i.GUIDs))
		}
	})
}

// What a feed changes beyond what is taken in a day is neither missing nor lost: it is taken the
// next day.
func TestWhatIsPostponedIsTakenTheNextDay(t *testing.T) {
	m := newStore(t)
	at := func(version int) (list []news.Entry) {
		for n := range 400 {
			e := entry("ajo", fmt.Sprint("story-", n), fmt.Sprint("Version ", version, " of story ", n), n)
			for l := range 7 * version {
				e.Links = append(e.Links, news.Link{Rel: "via", URL: fmt.Sprintf("https://kmsa.example/2031/02/via-%d-%d-%d", version, n, l)})
			}
			list = append(list, e)
		}
		return list
	}
	m.visit("ajo", at(0)...)
	first, second := m.visit("ajo", at(1)...), m.visit("ajo", at(2)...)
	if first.Postponed != 0 || second.Postponed == 0 || second.Changed != 400-second.Postponed || len(second.Items) != second.Changed {
		t.Fatalf("%d and %d are postponed, %d changed", first.Postponed, second.Postponed, second.Changed)
	}
	again := m.visit("ajo", at(2)...)
	if again.Changed != 0 || again.Postponed != second.Postponed || !again.Memory.HasFlag(news.FlagFlood) {
		t.Errorf("on the same day %d change, %d are postponed, flags %+v", again.Changed, again.Postponed, again.Memory.Flags)
	}
	for n, i := range m.items {
		if i.Absence != nil || i.Gone {
			t.Fatalf("item %d is missing", n)
		}
	}
	m.now = m.now.Add(24 * time.Hour)
	next := m.visit("ajo", at(2)...)
	if next.Changed != second.Postponed || next.Postponed != 0 || next.Memory.HasFlag(news.FlagFlood) {
		t.Errorf("the next day %d change, %d are postponed", next.Changed, next.Postponed)
	}
}
