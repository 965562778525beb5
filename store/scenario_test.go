package store

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// TestScenarios plays each of testdata/identity through the store: documents over
// several polls, an editor's rulings, and what is to come of them. See
// testdata/identity/README.md for how they are written.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("../testdata/identity/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			play(t, file)
		})
	}
}

// stage is a desk while a scenario is played.
type stage struct {
	t         *testing.T
	store     *Store
	rules     identity.Config
	stations  []news.Station
	at        time.Time
	documents map[string][]news.Entry // the last of each feed
	names     map[string]string       // marked public ids
	line      int
	learned   bool
	arrival   *identity.Arrival // that is being put together
}

// noon is the scenarios' first noon.
var noon = time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)

func newStage(t *testing.T) *stage {
	s := &stage{t: t, documents: map[string][]news.Entry{}, names: map[string]string{}, at: noon}
	for _, st := range []news.Station{
		{ID: "ajo", Name: "Radio Ajo", Brand: "Ajo 88.9"},
		{ID: "bisbee", Name: "Bisbee Public Radio", Brand: "Border 90.3"},
		{ID: "kdem", Name: "KDEM Deming", Reporters: []string{"Lee Orr"}},
		{ID: "kmsa", Name: "KMSA Mesilla", Reporters: []string{"Ana Paz"}},
		{ID: "desk", Name: "Fronteras Desk"},
	} {
		st.URL, st.Language = "https://"+st.ID+".example", "en"
		st.Hosts = []string{st.ID + ".example"}
		for _, name := range []string{"rss", "podcast"} {
			st.Feeds = append(st.Feeds, news.Feed{Station: st.ID, URL: st.URL + "/" + name + ".xml", Every: 15 * time.Minute})
		}
		s.stations = append(s.stations, st)
	}
	table, err := link.New(link.Rules{})
	s.must(err)
	desk := news.Site{
		Title: "Fronteras Desk", URL: "https://fronteras.example",
		Credit: "This story is from the {{.Desk}}, a collaboration of public radio stations, including {{.Brand}}. Read more from the {{.DeskLink}}.",
	}
	words, err := credit.New(desk)
	s.must(err)
	s.rules = identity.Config{Desk: desk, Stations: s.stations, Links: table, Credit: words, Pages: true, MaxAge: 720 * time.Hour}
	s.store, err = Open(filepath.Join(t.TempDir(), "store.db"), identity.New(s.rules), Options{})
	s.must(err)
	t.Cleanup(func() { s.must(s.store.Close()) })
	return s
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("line %d: %v", s.line, err)
	}
}

// play reads a scenario line by line, and acts on each.
func play(t *testing.T, file string) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := newStage(t)
	lines := bufio.NewScanner(f)
	expecting, want := false, []string(nil)
	for head := true; lines.Scan(); s.line++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case head: // what the scenario is about
			head = line != ""
		case line == "" || strings.HasPrefix(line, "#"):
		case expecting && strings.HasPrefix(lines.Text(), " "):
			want = append(want, line)
		default:
			if expecting {
				s.expect(want)
			}
			expecting, want = line == "stories", nil
			if !expecting {
				s.act(line)
			} else {
				s.send()
			}
		}
	}
	if expecting {
		s.expect(want)
	}
	s.must(lines.Err())
	s.sound()
}

// sound looks whether the store is whole after all that was played.
func (s *stage) sound() {
	c, err := s.store.Verify(s.t.Context())
	s.must(err)
	for _, f := range c.Faults {
		if !strings.Contains(f, "is never due") { // scenarios are not about schedules
			s.t.Errorf("the store is not sound: %s", f)
		}
	}
}

// act does what a line says.
func (s *stage) act(line string) {
	verb, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	if s.arrival != nil && s.describe(verb, rest) {
		return
	}
	s.send()
	words := strings.Fields(rest)
	switch verb {
	case "late": // feeds that join the desk later
		s.late(words)
	case "feed":
		s.open(words)
	case "settle":
		if rest != "" {
			s.at = s.moment(rest)
		}
		_, _, err := s.store.Settle(s.t.Context(), s.at)
		s.must(err)
	case "mark":
		s.names[words[1]] = s.find(words[0]).PublicID
	case "still":
		if have := s.find(words[0]); s.names[words[1]] == "" || have.PublicID != s.names[words[1]] {
			s.t.Errorf("line %d: %s is %q, and was %q", s.line+1, words[0], have.PublicID, s.names[words[1]])
		}
	case "leads":
		if have, err := s.store.Story(s.names[words[0]]); err != nil || have.Number != s.find(words[1]).Number {
			s.t.Errorf("line %d: %s does not lead to %s: %v", s.line+1, words[0], words[1], err)
		}
	case "outside": // a source is added to the configuration: ID HOST
		s.rules.Outside = append(s.rules.Outside, news.Outside{ID: words[0], Name: words[0], Hosts: words[1:]})
		s.store.Use(identity.New(s.rules))
	case "refold": // refold [dry] N: so many stories change
		dry := words[0] == "dry"
		changes, err := s.store.Refold(s.t.Context(), s.at, dry)
		s.must(err)
		if want := words[len(words)-1]; strconv.Itoa(len(changes)) != want {
			s.t.Errorf("line %d: a refold changes %v, want %s", s.line+1, changes, want)
		}
	case "dates":
		s.dates(words)
	case "flags":
		s.feedFlags(words)
	default:
		s.rule(verb, words)
	}
}

func (s *stage) late(feeds []string) {
	var early []news.Feed
	for _, st := range s.stations {
		for _, f := range st.Feeds {
			if !slices.ContainsFunc(feeds, func(name string) bool { return s.feed(name).URL == f.URL }) {
				early = append(early, f)
			}
		}
	}
	s.must(s.store.Learn(s.t.Context(), early, noon))
	s.learned = true
}

// feed is the feed of a station's id, or "ID/podcast".
func (s *stage) feed(name string) news.Feed {
	id, which, _ := strings.Cut(name, "/")
	for _, st := range s.stations {
		for _, f := range st.Feeds {
			if st.ID == id && f.URL == st.URL+"/"+cmp.Or(which, "rss")+".xml" {
				return f
			}
		}
	}
	s.t.Fatalf("line %d: there is no feed %q", s.line+1, name)
	return news.Feed{}
}

// moment reads "9:30" or "2d 9:30": days after the first.
func (s *stage) moment(text string) time.Time {
	days := 0
	if d, rest, ok := strings.Cut(text, "d "); ok {
		n, err := strconv.Atoi(d)
		s.must(err)
		days, text = n, rest
	}
	t, err := time.Parse("15:04", strings.TrimSpace(text))
	s.must(err)
	return time.Date(2031, 2, 4+days, t.Hour(), t.Minute(), 0, 0, time.UTC)
}

// open begins a document: feed NAME TIME [partial].
func (s *stage) open(words []string) {
	when := words[1:]
	whole := true
	if when[len(when)-1] == "partial" {
		whole, when = false, when[:len(when)-1]
	}
	s.at = s.moment(strings.Join(when, " "))
	f := s.feed(words[0])
	s.arrival = &identity.Arrival{Feed: f, Link: "https://" + f.Station + ".example/", Language: "en", At: s.at, Whole: whole}
}

// describe adds to the document that is being put together.
func (s *stage) describe(verb, rest string) bool {
	a := s.arrival
	switch verb {
	case "item":
		s.item(rest)
		return true
	case "before": // the feed's last document, without what is named
		for _, e := range s.documents[a.Feed.URL] {
			slug := e.URL[strings.LastIndexByte(e.URL, '/')+1:]
			if !slices.Contains(strings.Fields(strings.TrimPrefix(rest, "without")), slug) {
				a.Entries = append(a.Entries, e)
			}
		}
		return true
	case "many": // many N FROM: so many items, an hour apart, the newest of that time
		n, from, _ := strings.Cut(rest, " ")
		count, err := strconv.Atoi(n)
		s.must(err)
		prefix := "number"
		if p, w, ok := strings.Cut(from, " at "); ok {
			prefix, from = p, w
		}
		for k := range count {
			word := letters(k)
			s.item(fmt.Sprintf("%s-%s-of-many | The %s %s story of many | -", prefix, word, prefix, word))
			a.Entries[len(a.Entries)-1].Published = s.moment(from).Add(-time.Duration(k) * time.Hour)
		}
		return true
	case "deleted":
		guid, when, _ := strings.Cut(rest, " | ")
		d := news.Deleted{Ref: guid}
		if when != "" {
			d.When = s.moment(when)
		}
		a.Deleted = append(a.Deleted, d)
		return true
	case "same":
		a.Same, a.Whole = true, false
		return true
	case "source": // source SLUG STATUS: the outside original's page is asked
		words := strings.Fields(rest)
		status, err := strconv.Atoi(words[1])
		if err != nil { // of an entry: the feed that it names
			return attribute(&a.Entries[len(a.Entries)-1], verb, rest, s)
		}
		a.Heads = append(a.Heads, identity.Head{Item: s.itemOf(a.Feed.Station + "/" + words[0]).Number, Check: true, Source: true, Page: news.Page{Asked: s.at, Status: status}})
		return true
	case "page": // page SLUG STATUS [CANONICAL]: a check, or with a canonical the head
		words := strings.Fields(rest)
		status, err := strconv.Atoi(words[1])
		s.must(err)
		h := identity.Head{Page: news.Page{Asked: s.at, Status: status}}
		if len(words) > 2 {
			h.Page.Canonical = words[2]
			h.Place = slices.IndexFunc(a.Entries, func(e news.Entry) bool { return strings.HasSuffix(e.URL, "/"+words[0]) })
		} else {
			h.Check, h.Item = true, s.itemOf(a.Feed.Station+"/"+words[0]).Number
		}
		a.Heads = append(a.Heads, h)
		return true
	}
	if len(a.Entries) == 0 {
		return false
	}
	return attribute(&a.Entries[len(a.Entries)-1], verb, rest, s)
}

// item adds an entry: SLUG | TITLE | DATE.
func (s *stage) item(text string) {
	parts := strings.Split(text, " | ")
	station := s.arrival.Feed.Station
	e := news.Entry{
		GUID: station + "-" + parts[0], URL: "https://" + station + ".example/2031/02/" + parts[0], Title: parts[1], Language: "en",
		Summary: "<p>" + parts[1] + ", in short.</p>",
	}
	if parts[2] != "-" {
		e.Published = s.moment(parts[2])
	}
	s.arrival.Entries = append(s.arrival.Entries, e)
}

// attribute adds to the last entry.
func attribute(e *news.Entry, verb, rest string, s *stage) bool {
	switch verb {
	case "guid":
		e.GUID = rest
	case "link":
		e.URL = rest
	case "canonical", "via":
		e.Links = append(e.Links, news.Link{Rel: verb, URL: rest})
	case "text":
		e.Content += "<p>" + rest + "</p>"
	case "words": // words N ON [OTHERS]: so many words, the last of them other ones
		f := strings.Fields(rest)
		n, err := strconv.Atoi(f[0])
		s.must(err)
		other := 0
		if len(f) > 2 {
			other, err = strconv.Atoi(f[2])
			s.must(err)
		}
		var text []string
		for k := range n {
			topic := f[1]
			if k >= n-other {
				topic = e.URL[strings.LastIndexByte(e.URL, '/')+1:] + f[1]
			}
			text = append(text, topic+letters(k))
		}
		e.Content += "<p>" + strings.Join(text, " ") + "</p>"
	case "by":
		e.Byline = rest
		for name := range strings.SplitSeq(rest, " and ") {
			e.Authors = append(e.Authors, news.Person{Name: name})
		}
	case "audio":
		e.Enclosures = append(e.Enclosures, news.Enclosure{URL: rest, Type: "audio/mpeg"})
	case "language":
		e.Language = rest
	case "updated":
		e.Updated = s.moment(rest)
	case "source":
		e.Source = &news.Source{URL: rest}
	case "picture":
		e.Images = []news.Image{{URL: rest}}
	default:
		return false
	}
	return true
}

// letters writes a number in letters, so that it is no numeral.
func letters(n int) string {
	text := ""
	for n += 26; n > 0; n /= 26 {
		text = string(rune('a'+n%26)) + text
	}
	return text
}

// send saves the document that was put together.
func (s *stage) send() {
	a := s.arrival
	if a == nil {
		return
	}
	s.arrival = nil
	if !s.learned {
		s.late(nil)
	}
	var feeds []news.Feed
	for _, st := range s.stations {
		feeds = append(feeds, st.Feeds...)
	}
	s.must(s.store.Learn(s.t.Context(), feeds, s.at))
	for n := range a.Entries {
		e := a.Entries[n]
		e.Digest = news.Digest{}
		text, err := json.Marshal(e)
		s.must(err)
		sum := sha256.Sum256(text)
		copy(a.Entries[n].Digest[:], sum[:])
	}
	if !a.Same {
		s.documents[a.Feed.URL] = slices.Clone(a.Entries)
	}
	_, err := s.store.Save(s.t.Context(), news.FeedState{Feed: a.Feed.URL, Station: a.Feed.Station}, a, nil)
	s.must(err)
}

// rule gives an editor's ruling on stories that are named by an item of theirs.
func (s *stage) rule(verb string, words []string) {
	o := identity.Order{Verb: news.Verb(verb), User: "rosa"}
	switch o.Verb {
	case news.Trust:
		o.Feed = s.feed(words[0]).URL
	case news.Split:
		o.Stories, o.Item = []string{s.find(words[0]).ID}, s.itemOf(words[1]).Entry.URL
	case news.Credit:
		o.Stories, o.Maker = []string{s.find(words[0]).ID}, words[1]
	case news.Join, news.Hold, news.Release, news.Retract, news.Restore:
		for _, w := range words {
			if _, slug, ok := strings.Cut(w, "/"); ok && slug != "*" {
				o.Stories = append(o.Stories, s.find(w).ID)
			} else {
				o.Stories = append(o.Stories, s.feed(strings.TrimSuffix(w, "/*")).URL)
			}
		}
	default:
		s.t.Fatalf("line %d: %q means nothing", s.line+1, verb)
	}
	s.at = s.at.Add(time.Minute)
	_, _, err := s.store.Rule(s.t.Context(), o, s.at)
	s.must(err)
	_, _, err = s.store.Settle(s.t.Context(), s.at)
	s.must(err)
}

// all are the stories, those without ids too.
func (s *stage) all() []*news.Story {
	var list []*news.Story
	s.must(s.store.Newest(func(story *news.Story) bool { list = append(list, story); return true }))
	waiting, _, err := s.store.turns()
	s.must(err)
	for _, w := range waiting {
		story, err := s.store.Numbered(w.story)
		if s.must(err); story.IDAssignedAt.IsZero() {
			list = append(list, story)
		}
	}
	return list
}

// find is the story that has an item, "STATION/SLUG".
func (s *stage) find(name string) *news.Story {
	s.t.Helper()
	n := s.itemOf(name).Story
	story, err := s.store.Numbered(n)
	s.must(err)
	return story
}

// itemOf is the item "STATION/SLUG": the latest with such an address, or guid.
func (s *stage) itemOf(name string) *news.Item {
	s.t.Helper()
	station, slug, _ := strings.Cut(name, "/")
	var found *news.Item
	for _, story := range s.all() {
		for _, i := range story.Items {
			if i.Station == station && (strings.HasSuffix(i.Entry.URL, "/"+slug) || i.Entry.GUID == slug) && (found == nil || i.Number > found.Number) {
				found = i
			}
		}
	}
	if found == nil {
		s.t.Fatalf("line %d: there is no item %s", s.line+1, name)
	}
	return found
}

// dates compares when a story was published and modified: SLUG PUBLISHED [MODIFIED].
func (s *stage) dates(words []string) {
	story := s.find(words[0])
	have := clock(story.Published)
	if len(words) > 2 {
		have += " " + clock(story.Modified)
	}
	if want := strings.Join(words[1:], " "); have != want {
		s.t.Errorf("line %d: %s has the dates %s, want %s", s.line+1, words[0], have, want)
	}
}

// clock shows a time as scenarios write it: 2d9:30.
func clock(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	days := int(t.Sub(time.Date(2031, 2, 4, 0, 0, 0, 0, time.UTC)).Hours()) / 24
	if days == 0 {
		return strings.TrimPrefix(t.Format("15:04"), "0")
	}
	return fmt.Sprintf("%dd%s", days, strings.TrimPrefix(t.Format("15:04"), "0"))
}

// feedFlags compares the flags of a feed: NAME KIND…
func (s *stage) feedFlags(words []string) {
	have, err := s.store.FeedFlags(s.feed(words[0]).URL)
	s.must(err)
	var kinds []string
	for _, g := range have {
		kinds = append(kinds, string(g.Kind))
	}
	slices.Sort(kinds)
	if !slices.Equal(kinds, append([]string(nil), words[1:]...)) {
		s.t.Errorf("line %d: %s has the flags %v, want %v", s.line+1, words[0], kinds, words[1:])
	}
}

// expect compares the stories with those wanted, in any order.
func (s *stage) expect(want []string) {
	var have []string
	many := map[string]int{}
	for _, story := range s.all() {
		line := told(story)
		if at := strings.Index(line, " of many"); at >= 0 { // of many alike, how many
			line, _, _ = strings.Cut(line, " | ")
			many[line]++
			continue
		}
		have = append(have, line)
	}
	for line, n := range many {
		have = append(have, fmt.Sprintf("%d × %s", n, line))
	}
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(have, want) {
		s.t.Errorf("before line %d the stories are\n\t%s\nwant\n\t%s", s.line+1, strings.Join(have, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// told shows a story in a line: who made it, by what rule; its items, the shown
// one starred, each with its rule; what is special; its flags; its headline.
func told(s *news.Story) string {
	origin := "?"
	if s.Origin != nil {
		origin = cmp.Or(s.Origin.Station, s.Origin.Outside)
		for _, w := range s.Origin.With {
			origin += "+" + cmp.Or(w.Station, w.Outside)
		}
		origin += " " + string(s.Origin.Rule)
	}
	var items []string
	for _, i := range s.Items {
		text := i.Station + " " + string(s.Edge(i.Number).Rule)
		if i.Number == s.LeadItem {
			text = i.Station + "* " + string(s.Edge(i.Number).Rule)
		}
		if i.Gone {
			text += " gone"
		}
		items = append(items, text)
	}
	slices.Sort(items)
	line := origin + ": " + strings.Join(items, ", ")
	if s.Status != news.Live {
		line += " " + string(s.Status)
	}
	if s.ArchiveOnly {
		line += " filed"
	}
	for _, g := range s.Flags {
		line += " !" + string(g.Kind)
	}
	return line + " | " + s.Item(s.LeadItem).Entry.Title
}
