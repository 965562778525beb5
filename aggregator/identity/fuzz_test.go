package identity

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// choices are made by bytes, one each; when there are none left they are 0.
type choices []byte

func (c *choices) of(n int) int {
	if len(*c) == 0 {
		return 0
	}
	b := int((*c)[0])
	*c = (*c)[1:]
	return b % n
}

// fuzzedDocument is what a feed shows, and what it takes back.
type fuzzedDocument struct {
	entries []news.Entry
	deleted []news.Deleted
}

// documents makes a document of each feed. What entries have in common comes from small alphabets.
func (c *choices) documents() map[string]fuzzedDocument {
	documents := map[string]fuzzedDocument{}
	for _, feed := range testFeeds {
		var d fuzzedDocument
		station, _, _ := strings.Cut(feed, "/")
		for n := range c.of(4) {
			piece := c.of(3)
			page := func() string {
				return fmt.Sprintf("https://%s.example/2031/02/story-%d-of-%d", testFeeds[c.of(4)], piece, c.of(3))
			}
			e := entry(station, fmt.Sprintf("story-%d-of-%d", piece, n), fmt.Sprintf("The story of number %d", piece), 30*c.of(8))
			for range c.of(4) {
				switch c.of(12) {
				case 0:
					canonical(page())(&e)
				case 1:
					e.Links = append(e.Links, news.Link{Rel: "via", URL: page()})
				case 2:
					text(fmt.Sprintf(`<p>Rain.</p><p>This story was originally published by <a href="%s">a station</a>.</p>`, page()))(&e)
				case 3:
					guid(fmt.Sprintf("urn:uuid:0000000%d-5a1e-48f5-a5fb-3c5c9a0d0000", piece))(&e)
				case 4:
					guid(page())(&e)
				case 5:
					url(page())(&e)
				case 6:
					audio(fmt.Sprintf("https://cdn.example/%d.mp3", piece))(&e)
				case 7:
					text(longText(piece, 20*c.of(6)))(&e)
				case 8:
					byline("Ana Paz", "Ana Paz")(&e)
				case 9:
					title(fmt.Sprintf("One headline of many words for piece %d", piece))(&e)
				case 10:
					e.Language = []string{"en", "es"}[c.of(2)]
				case 11:
					guid("")(&e)
				}
			}
			d.entries = append(d.entries, e)
		}
		// It takes back what only it has: of another's entry a flag tells, if that was there before.
		if c.of(6) == 5 && len(d.entries) > 0 && strings.HasPrefix(d.entries[0].GUID, station+"-") {
			d.deleted = []news.Deleted{{Ref: d.entries[0].GUID}}
			d.entries = d.entries[1:]
		}
		documents[feed] = d
	}
	return documents
}

// order puts the feeds in an order.
func (c *choices) order() []string {
	order := slices.Clone(testFeeds)
	rand.New(rand.NewPCG(uint64(c.of(256)), 7)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	return order
}

// poll brings the documents of all feeds in an order, and settles.
func (m *memoryStore) poll(documents map[string]fuzzedDocument, order []string) {
	m.t.Helper()
	begun := m.now
	for n, feed := range order {
		station, name, podcast := strings.Cut(feed, "/")
		f := news.Feed{Station: station, URL: "https://" + station + ".example/rss.xml"}
		if podcast {
			f.URL = "https://" + station + ".example/" + name + ".xml"
		}
		d := documents[feed]
		entries := slices.Clone(d.entries)
		for i := range entries {
			entries[i].Digest = digest(m.t, entries[i])
		}
		m.now = begun.Add(time.Duration(n) * time.Second)
		m.keep(f.URL, m.desk.Resolve(m, Arrival{Feed: f, Link: "https://" + station + ".example/", Language: "en", At: m.now,
			Whole: true, Entries: entries, Deleted: d.deleted}))
	}
	m.now = begun.Add(time.Minute)
	m.settle()
}

// The order of visits before the desk settles decides nothing, whatever the feeds have in common. And
// nothing is lost, in any order of what they change and take back later, by a join and a split, or
// when the rules run over everything stored: each item is in one story, and ids lead where they led.
func FuzzTheFoldUnderAnyOrder(f *testing.F) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 5))
		data := make([]byte, 60+r.IntN(200))
		for n := range data {
			data[n] = byte(r.UintN(256))
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { holdsUnderAnyOrder(t, data[:min(len(data), 600)]) })
}

func holdsUnderAnyOrder(t *testing.T, data []byte) {
	c := choices(data)
	one, other := newStore(t), newStore(t)
	for poll := range 3 {
		documents := c.documents()
		order := c.order()
		one.poll(documents, testFeeds)
		other.poll(documents, order)
		if have, want := told(other), told(one); poll == 0 && !slices.Equal(have, want) {
			t.Fatalf("in the order %v:\n%s\nwant\n%s", order, strings.Join(have, "\n"), strings.Join(want, "\n"))
		}
		checkNothingIsLost(t, one)
		checkNothingIsLost(t, other)
	}
	items := len(one.items)
	stories := one.all()
	if len(stories) > 1 {
		a, b := stories[c.of(len(stories))], stories[c.of(len(stories))]
		if a != b && a.ID != "" && b.ID != "" {
			if _, err := one.apply(Order{Verb: news.Join, Stories: []string{a.ID, b.ID}}); err != nil {
				t.Fatal(err)
			}
			checkNothingIsLost(t, one)
			joined := one.Story(one.StoryOf(a.ID))
			part := joined.Items[c.of(len(joined.Items))]
			if _, err := one.apply(Order{Verb: news.Split, Stories: []string{joined.ID}, Item: part.Entry.URL}); err == nil {
				checkNothingIsLost(t, one)
			}
		}
	}
	desk := &MemoryDesk{m: one}
	for range 2 {
		if _, err := desk.Recompute(t.Context(), one.now, false); err != nil {
			t.Fatal(err)
		}
		checkNothingIsLost(t, one)
	}
	if len(one.items) != items {
		t.Errorf("of %d items %d are left", items, len(one.items))
	}
}

func checkNothingIsLost(t *testing.T, m *memoryStore) {
	t.Helper()
	for _, fault := range m.faults() {
		t.Error(fault)
	}
	if t.Failed() {
		t.FailNow()
	}
}
