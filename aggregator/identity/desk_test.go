package identity

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// The desk of the tests: four invented stations, one with two feeds.
func testDesk(t testing.TB) *Rules {
	t.Helper()
	desk := news.Site{
		Title: "Fronteras Desk", URL: "https://fronteras.example",
		Credit: "This story is from the {{.Desk}}, a collaboration of public radio stations, including {{.Brand}}. Read more from the {{.DeskLink}}.",
	}
	station := func(id, name, brand string, reporters ...string) news.Station {
		s := news.Station{ID: id, Name: name, Brand: brand, URL: "https://" + id + ".example", Hosts: []string{id + ".example"}, Reporters: reporters}
		s.Feeds = []news.Feed{{Station: id, URL: "https://" + id + ".example/rss.xml"}}
		return s
	}
	stations := []news.Station{
		station("ajo", "Radio Ajo", "Ajo 88.9"),
		station("bisbee", "Bisbee Public Radio", "Border 90.3"),
		station("kdem", "KDEM Deming", "", "Lee Orr"),
		station("kmsa", "KMSA Mesilla", "", "Ana Paz"),
	}
	stations[3].Feeds = append(stations[3].Feeds, news.Feed{Station: "kmsa", URL: "https://kmsa.example/podcast.xml"})
	table, err := link.New(link.Rules{})
	if err != nil {
		t.Fatal(err)
	}
	words, err := credit.New(desk)
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{Desk: desk, Stations: stations, Links: table, Credit: words})
}

// begin is when the tests' first visit is.
var begin = time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)

// memoryStore keeps what folds decide, as records, so that nothing is shared
// between one fold and the next.
type memoryStore struct {
	t                                    testing.TB
	desk                                 *Rules
	now                                  time.Time
	ruled                                time.Time // when the rules changed
	items                                map[uint64]string
	stories                              map[uint64]string
	memories                             map[string]string
	marks                                map[string][]Mark
	keys                                 map[Key][]uint64
	rulings                              map[uint64]news.Ruling
	paragraphs                           map[string][]Paragraph
	ids                                  map[string]uint64
	lastItem, lastStory, round, sequence uint64
	reads                                int
}

func newStore(t testing.TB) *memoryStore {
	return &memoryStore{
		t: t, desk: testDesk(t), now: begin, items: map[uint64]string{}, stories: map[uint64]string{}, memories: map[string]string{},
		marks: map[string][]Mark{}, keys: map[Key][]uint64{}, rulings: map[uint64]news.Ruling{}, paragraphs: map[string][]Paragraph{}, ids: map[string]uint64{},
	}
}

func (m *memoryStore) Find(k Key, limit int) []uint64 {
	m.reads++
	found := slices.Sorted(slices.Values(m.keys[k]))
	return found[:min(len(found), limit)]
}

func (m *memoryStore) Item(n uint64) *news.Item {
	m.reads++
	i := &news.Item{}
	m.decode(m.items[n], i)
	i.Number = n
	return i
}

func (m *memoryStore) Story(n uint64) *news.Story {
	m.reads++
	s := &news.Story{}
	m.decode(m.stories[n], s)
	s.Number = n
	for _, member := range s.Members {
		s.Items = append(s.Items, m.Item(member))
	}
	return s
}

func (m *memoryStore) Bare(n uint64) *news.Story {
	s := m.Story(n)
	s.Items = nil
	return s
}

func (m *memoryStore) StoryOf(id string) uint64 { return m.ids[id] }

func (m *memoryStore) Ruling(n uint64) news.Ruling { return m.rulings[n] }

func (m *memoryStore) Paragraphs(feed string) []Paragraph { return slices.Clone(m.paragraphs[feed]) }

// rule applies an order of the editor's.
func (m *memoryStore) rule(o Order) {
	m.t.Helper()
	rulings, err := m.desk.Rulings(m, o, m.now)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, r := range rulings {
		r.Number = uint64(len(m.rulings) + 1)
		m.rulings[r.Number] = r
		o := m.desk.Rule(m, r)
		m.keep(r.Feed, o)
	}
	m.now = m.now.Add(time.Minute)
}

func (m *memoryStore) Memory(feed string) Memory {
	mem := Memory{Founding: true}
	if text := m.memories[feed]; text != "" {
		mem = Memory{}
		m.decode(text, &mem)
	}
	return mem
}

func (m *memoryStore) Marks(feed string) []Mark { return m.marks[feed] }

func (m *memoryStore) Ruled() time.Time { return m.ruled }

func (m *memoryStore) Next() (uint64, uint64, uint64) {
	return m.lastItem + 1, m.lastStory + 1, m.round + 1
}

func (m *memoryStore) decode(text string, v any) {
	m.t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		m.t.Fatalf("record %q: %v", text, err)
	}
}

func encoded(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// visit folds a document of a feed. The feed is a station's id, or its id and
// "/podcast".
func (m *memoryStore) visit(feed string, entries ...news.Entry) Outcome {
	m.t.Helper()
	return m.arrive(feed, true, entries...)
}

func (m *memoryStore) arrive(feed string, whole bool, entries ...news.Entry) Outcome {
	m.t.Helper()
	station, name, _ := strings.Cut(feed, "/")
	f := news.Feed{Station: station, URL: "https://" + station + ".example/" + cmp.Or(name, "rss") + ".xml"}
	for i := range entries {
		entries[i].Digest = digest(m.t, entries[i])
	}
	o := m.desk.Resolve(m, Arrival{Feed: f, Link: "https://" + station + ".example/", Language: "en", At: m.now, Whole: whole, Entries: entries})
	m.keep(f.URL, o)
	m.now = m.now.Add(time.Minute)
	return o
}

func digest(t testing.TB, e news.Entry) (d news.Digest) {
	e.Digest = news.Digest{}
	sum := sha256.Sum256([]byte(encoded(t, e)))
	copy(d[:], sum[:])
	return d
}

func (m *memoryStore) keep(feed string, o Outcome) {
	if feed != "" {
		m.memories[feed], m.marks[feed] = encoded(m.t, o.Memory), o.Memory.Marks
		if o.Memory.Paragraphs != nil {
			m.paragraphs[feed] = o.Memory.Paragraphs
		}
	}
	for _, p := range o.Passing {
		for _, k := range p.Keys {
			if !slices.Contains(m.keys[k], p.Item) {
				m.keys[k] = append(m.keys[k], p.Item)
			}
		}
	}
	for _, i := range o.Items {
		m.items[i.Number] = encoded(m.t, i)
		m.lastItem = max(m.lastItem, i.Number)
		for _, k := range m.desk.Keys(i) {
			if !slices.Contains(m.keys[k], i.Number) {
				m.keys[k] = append(m.keys[k], i.Number)
			}
		}
	}
	for _, n := range o.Removed {
		delete(m.stories, n)
	}
	for _, s := range o.Stories {
		m.stories[s.Number] = encoded(m.t, s)
		m.lastStory = max(m.lastStory, s.Number)
		m.name(s)
	}
}

func (m *memoryStore) name(s *news.Story) {
	ids := []string{s.ID, s.PublicID}
	for _, a := range s.Aliases {
		ids = append(ids, a.ID, a.PublicID)
	}
	for _, id := range ids {
		if id != "" {
			m.ids[id] = s.Number
		}
	}
}

// settle gives ids to the stories that have none.
func (m *memoryStore) settle() {
	for _, s := range m.all() {
		if !s.Until.IsZero() && !s.Until.After(m.now) {
			m.keep("", m.desk.Regroup(m, s.Members, m.now))
		}
	}
	var waiting []*news.Story
	for _, s := range m.all() {
		if Unsettled(s) {
			waiting = append(waiting, s)
		}
	}
	slices.SortFunc(waiting, func(a, b *news.Story) int { return TurnOf(a).Compare(TurnOf(b)) })
	for _, s := range waiting {
		if m.desk.Settle(s, IDGenerator{Host: "fronteras.example", Year: 2031, Used: func(id string) bool { return m.ids[id] != 0 }}, m.sequence+1, m.now) {
			m.sequence++
		}
		m.stories[s.Number] = encoded(m.t, s)
		m.name(s)
	}
	m.round++
	m.now = m.now.Add(time.Hour)
}

// all lists the stories in the order of their first items' titles.
func (m *memoryStore) all() []*news.Story {
	var list []*news.Story
	for n := range maps.Keys(m.stories) {
		list = append(list, m.Story(n))
	}
	slices.SortFunc(list, func(a, b *news.Story) int {
		return cmp.Or(strings.Compare(line(a), line(b)), cmp.Compare(a.Number, b.Number))
	})
	return list
}

// line shows a story in short: origin and rule, then each item with its rule,
// the shown one starred, then flags.
func line(s *news.Story) string {
	origin := "?"
	if s.Origin != nil {
		origin = cmp.Or(s.Origin.Station, s.Origin.Outside)
		for _, w := range s.Origin.With {
			origin += "+" + cmp.Or(w.Station, w.Outside)
		}
		origin += " " + string(s.Origin.Rule)
	}
	parts := []string{origin + ":"}
	for _, i := range s.Items {
		star := ""
		if i.Number == s.LeadItem {
			star = "*"
		}
		parts = append(parts, fmt.Sprintf("%s%s(%s)", i.Station, star, s.Edge(i.Number).Rule))
	}
	slices.Sort(parts[1:])
	for _, g := range s.Flags {
		parts = append(parts, "!"+string(g.Kind))
	}
	if s.ArchiveOnly {
		parts = append(parts, "filed")
	}
	return strings.Join(parts, " ")
}

// expect compares the stories, in short, with what is wanted, in any order.
func (m *memoryStore) expect(want ...string) {
	m.t.Helper()
	var have []string
	for _, s := range m.all() {
		have = append(have, line(s))
	}
	slices.Sort(want)
	if !slices.Equal(have, want) {
		m.t.Errorf("stories are\n\t%s\nwant\n\t%s", strings.Join(have, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// entry makes an entry of station's, published that many minutes before noon.
func entry(station, slug, title string, minutes int, more ...func(*news.Entry)) news.Entry {
	e := news.Entry{
		GUID: station + "-" + slug, URL: "https://" + station + ".example/2031/02/" + slug, Title: title,
		Summary: "<p>" + title + ", in short.</p>", Published: begin.Add(-time.Duration(minutes) * time.Minute),
	}
	for _, m := range more {
		m(&e)
	}
	return e
}

func guid(g string) func(*news.Entry)  { return func(e *news.Entry) { e.GUID = g } }
func url(u string) func(*news.Entry)   { return func(e *news.Entry) { e.URL = u } }
func title(t string) func(*news.Entry) { return func(e *news.Entry) { e.Title = t } }
func text(t string) func(*news.Entry)  { return func(e *news.Entry) { e.Content = t } }
func byline(b string, names ...string) func(*news.Entry) {
	return func(e *news.Entry) {
		e.Byline = b
		for _, n := range names {
			e.Authors = append(e.Authors, news.Person{Name: n})
		}
	}
}
func canonical(u string) func(*news.Entry) {
	return func(e *news.Entry) { e.Links = append(e.Links, news.Link{Rel: "canonical", URL: u}) }
}
func audio(u string) func(*news.Entry) {
	return func(e *news.Entry) {
		e.Enclosures = append(e.Enclosures, news.Enclosure{URL: u, Type: "audio/mpeg"})
	}
}
