package identity

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"fronteras/aggregator/identity/compose"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// testDesk is the desk of the tests: four invented stations, one with two feeds.
func testDesk(t testing.TB) *Rules {
	t.Helper()
	rules, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

var invented = sync.OnceValues(func() (*Rules, error) {
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
		return nil, err
	}
	words, err := credit.New(desk)
	if err != nil {
		return nil, err
	}
	return New(Config{Site: desk, Stations: stations, Links: table, Credit: words}), nil
})

// begin is when the tests' first visit is.
var begin = time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)

// memoryStore keeps what the rules decide. It hands out what it keeps, as the rules change
// nothing of it: see TestTheRulesChangeNothingThatTheyRead.
type memoryStore struct {
	t                                    testing.TB
	desk                                 *Rules
	now                                  time.Time
	ruled                                time.Time // when the rules changed
	items                                map[uint64]*news.Item
	stories                              map[uint64]*news.Story // without their items
	memories                             map[string]Memory
	marks                                map[string][]Mark
	keys                                 map[Key][]uint64
	ends                                 map[end]time.Time // of keys that lead to an item for a time
	rulings                              map[uint64]news.Ruling
	paragraphs                           map[string][]Paragraph
	ids                                  map[string]uint64
	lastItem, lastStory, round, sequence uint64
	reads                                int
}

// end is a key and an item that it leads to.
type end struct {
	key  Key
	item uint64
}

func newStore(t testing.TB) *memoryStore {
	return &memoryStore{
		t: t, desk: testDesk(t), now: begin, items: map[uint64]*news.Item{}, stories: map[uint64]*news.Story{}, memories: map[string]Memory{},
		marks: map[string][]Mark{}, keys: map[Key][]uint64{}, ends: map[end]time.Time{}, rulings: map[uint64]news.Ruling{}, paragraphs: map[string][]Paragraph{}, ids: map[string]uint64{},
	}
}

func (m *memoryStore) Find(k Key, limit int) []uint64 {
	m.reads++
	var found []uint64
	for _, n := range slices.Backward(m.keys[k]) {
		if len(found) == limit {
			break
		}
		if until, passes := m.ends[end{k, n}]; !passes || until.After(m.now) {
			found = append(found, n)
		}
	}
	slices.Reverse(found)
	return found
}

func (m *memoryStore) Item(n uint64) *news.Item {
	m.reads++
	return m.items[n]
}

func (m *memoryStore) Story(n uint64) *news.Story {
	s := *m.Bare(n)
	for _, member := range s.Members {
		s.Items = append(s.Items, m.Item(member))
	}
	return &s
}

func (m *memoryStore) Bare(n uint64) *news.Story {
	m.reads++
	return m.stories[n]
}

func (m *memoryStore) StoryOf(id string) uint64 { return m.ids[id] }

func (m *memoryStore) Ruling(n uint64) news.Ruling { return m.rulings[n] }

func (m *memoryStore) Paragraphs(feed string) []Paragraph { return slices.Clone(m.paragraphs[feed]) }

// rule applies an order of the editor's.
func (m *memoryStore) rule(o Order) {
	m.t.Helper()
	if _, err := m.apply(o); err != nil {
		m.t.Fatal(err)
	}
	m.now = m.now.Add(time.Minute)
}

// apply makes rulings of an order, and keeps what comes of them.
func (m *memoryStore) apply(o Order) ([]news.Ruling, error) {
	if o.Verb == news.Undo {
		return nil, m.undo(o.Decision)
	}
	rulings, err := m.desk.Rulings(m, o, m.now)
	for n := range rulings {
		r := &rulings[n]
		if r.Number = uint64(len(m.rulings) + 1); n > 0 {
			r.Decision = rulings[0].Number
		}
		m.rulings[r.Number] = *r
		m.keep("", m.desk.Rule(m, *r))
	}
	return rulings, err
}

// undo has a decision count no more, by default the last that counts.
func (m *memoryStore) undo(number uint64) error {
	for n := uint64(len(m.rulings)); n > 0 && number == 0; n-- {
		if r := m.rulings[n]; r.Counts() && r.Verb != news.Undo {
			number = r.DecisionNumber()
		}
	}
	if first, there := m.rulings[number]; !there || !first.Counts() {
		return fmt.Errorf("decision %d cannot be undone", number)
	}
	by := news.Ruling{Number: uint64(len(m.rulings) + 1), Verb: news.Undo, When: m.now, Undoes: number}
	m.rulings[by.Number] = by
	m.setUndone(by, number, by.Number)
	return nil
}

func (m *memoryStore) setUndone(by news.Ruling, number, undone uint64) {
	var parts []news.Ruling
	for _, n := range slices.Sorted(maps.Keys(m.rulings)) {
		if r := m.rulings[n]; r.DecisionNumber() == number {
			r.Undone = undone
			m.rulings[n] = r
			parts = append(parts, r)
		}
	}
	for _, p := range parts {
		switch {
		case p.Verb != news.Undo:
			m.keep("", m.desk.Recount(m, by, p))
		case undone != 0:
			m.setUndone(by, p.Undoes, 0)
		default:
			m.setUndone(by, p.Undoes, p.Number)
		}
	}
}

func (m *memoryStore) Feeds() []string { return m.desk.FeedURLs }

func (m *memoryStore) Memory(feed string) Memory {
	mem, kept := m.memories[feed]
	if !kept {
		return Memory{Founding: true}
	}
	return mem
}

func (m *memoryStore) Marks(feed string) []Mark { return m.marks[feed] }

func (m *memoryStore) Ruled() time.Time { return m.ruled }

func (m *memoryStore) Next() (uint64, uint64, uint64) {
	return m.lastItem + 1, m.lastStory + 1, m.round + 1
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
	return m.bring(news.Feed{Station: station, URL: "https://" + station + ".example/" + cmp.Or(name, "rss") + ".xml"}, whole, entries...)
}

// bring folds a document of a feed as it is configured.
func (m *memoryStore) bring(f news.Feed, whole bool, entries ...news.Entry) Outcome {
	m.t.Helper()
	for i := range entries {
		entries[i].Digest = digest(m.t, entries[i])
	}
	o := m.desk.Resolve(m, Arrival{Feed: f, Link: "https://" + f.Station + ".example/", Language: "en", At: m.now, Whole: whole, Entries: entries})
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
	for ruled, memory := range o.Memories {
		m.marks[ruled] = memory.Marks
		memory.Marks, memory.Paragraphs, memory.Learned = nil, nil, nil
		m.memories[ruled] = memory
	}
	if feed != "" {
		m.marks[feed] = o.Memory.Marks
		if o.Memory.Paragraphs != nil {
			m.paragraphs[feed] = o.Memory.Paragraphs
		}
		o.Memory.Marks, o.Memory.Paragraphs, o.Memory.Learned = nil, nil, nil
		m.memories[feed] = o.Memory
	}
	for _, p := range o.Passing {
		for _, k := range p.Keys {
			m.lead(k, p.Item)
			m.ends[end{k, p.Item}] = p.Until
		}
	}
	for _, i := range o.Items {
		m.items[i.Number] = i
		m.lastItem = max(m.lastItem, i.Number)
		m.enter(i)
	}
	for item, keys := range o.Outgrown {
		for _, k := range keys {
			m.lead(k, item)
		}
	}
	for _, n := range o.Removed {
		delete(m.stories, n)
	}
	for _, s := range o.Stories {
		m.put(s)
	}
}

func (m *memoryStore) put(s *news.Story) {
	kept := *s
	kept.Items = nil
	m.stories[s.Number] = &kept
	m.lastStory = max(m.lastStory, s.Number)
	for _, id := range idsOf(s) {
		m.ids[id] = s.Number
	}
}

// enter has an item found by its keys. Those that it had before stay.
func (m *memoryStore) enter(i *news.Item) {
	for _, k := range m.desk.Keys(i) {
		m.lead(k, i.Number)
	}
}

func (m *memoryStore) lead(k Key, item uint64) {
	if at, led := slices.BinarySearch(m.keys[k], item); !led {
		m.keys[k] = slices.Insert(m.keys[k], at, item)
	}
}

// idsOf returns all ids that lead to a story.
func idsOf(s *news.Story) []string {
	ids := []string{s.ID, s.PublicID}
	for _, a := range s.Aliases {
		ids = append(ids, a.ID, a.PublicID)
	}
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}

// settle gives ids to the stories that have none.
func (m *memoryStore) settle() {
	for _, n := range slices.Sorted(maps.Keys(m.stories)) {
		if s := m.stories[n]; s != nil && !s.Until.IsZero() && !s.Until.After(m.now) {
			m.keep("", m.desk.Regroup(m, s.Members, m.now))
		}
	}
	var waiting []*news.Story
	for n, s := range m.stories {
		if compose.Unsettled(s) {
			waiting = append(waiting, m.Story(n))
		}
	}
	slices.SortFunc(waiting, func(a, b *news.Story) int { return compose.TurnOf(a).Compare(compose.TurnOf(b)) })
	for _, s := range waiting {
		if compose.Settle(s, compose.IDGenerator{Host: "fronteras.example", Year: 2031, Used: func(id string) bool { return m.ids[id] != 0 }}, m.sequence+1, m.now) {
			m.sequence++
		}
		m.put(s)
	}
	if len(waiting) > 0 {
		m.round++
	}
	m.now = m.now.Add(time.Hour)
}

// all lists the stories in the order of their first items' titles.
func (m *memoryStore) all() []*news.Story {
	var list []*news.Story
	for n := range maps.Keys(m.stories) {
		list = append(list, m.Story(n))
	}
	lines := map[*news.Story]string{}
	for _, s := range list {
		lines[s] = line(s)
	}
	slices.SortFunc(list, func(a, b *news.Story) int {
		return cmp.Or(strings.Compare(lines[a], lines[b]), cmp.Compare(a.Number, b.Number))
	})
	return list
}

// faults says what is wrong with what is stored: each item is in one story, which
// says why, and ids lead to what has them.
func (m *memoryStore) faults() (list []string) {
	fault := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	home := map[uint64]uint64{}
	for _, s := range m.all() {
		feeds := map[string]bool{}
		for _, i := range s.Items {
			if other, doubled := home[i.Number]; doubled {
				fault("item %d is in the stories %d and %d", i.Number, other, s.Number)
			}
			home[i.Number] = s.Number
			if i.Story != s.Number {
				fault("item %d says that it is in %d, not %d", i.Number, i.Story, s.Number)
			}
			if e := s.Edge(i.Number); e == nil || e.Why == "" {
				fault("item %d has no edge that explains itself", i.Number)
			}
			if feeds[i.Feed] && len(i.Ruled) == 0 {
				fault("story %d has two items of %s", s.Number, i.Feed)
			}
			feeds[i.Feed] = true
		}
		if s.Item(s.LeadItem) == nil {
			fault("story %d shows an item that it does not have", s.Number)
		}
		for _, id := range idsOf(s) {
			if n := m.StoryOf(id); n != s.Number {
				fault("the id %q of story %d leads to %d", id, s.Number, n)
			}
		}
	}
	for n := range m.items {
		if home[n] == 0 {
			fault("item %d is in no story", n)
		}
	}
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
