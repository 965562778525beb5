package sample

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/feed"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
	"fronteras/store/storetest/scenario"
)

// Plan is one way in which a sample arrives.
type Plan struct {
	Name     string
	Stations []string      // in the order in which they are visited
	Import   float64       // when the desk begins: the part of the sample that has been published then
	Late     string        // a station that joins the desk ten days after that; "": none
	Every    time.Duration // between two visits of a feed
	Newest   int           // items that a document has
	Together bool          // the desk settles when all were visited, not after each visit
}

// lateAfter is how long after the beginning a late station joins.
const lateAfter = 10 * 24 * time.Hour

// Day is what was so at the end of a day.
type Day struct {
	Date    time.Time
	Import  bool           // the desk began, or a station joined it
	Raised  []string       // questions to an editor that were not there the day before
	Doubles int            // stories of the newest hundred that another of them tells
	Has     map[string]int // of the newest hundred for a station: stories that it has
	Wrong   []string       // joins that are none
	Accused []string       // stories that name a maker who only carries them
}

// Played is what came of a sample under a plan.
type Played struct {
	Plan     Plan
	Seen     map[int]*news.Item // by the sample's number of an item
	Story    map[int]uint64     // the desk's story of each
	Stories  map[uint64]*news.Story
	Flagged  map[[2]int]bool // pairs of items whose stories a flag has named at the end of a day
	Standing map[[2]uint64][]news.Flag
	Days     []Day

	members map[uint64][]int // the sample's items of each of the desk's stories, in order
}

// player is a desk while a sample is played.
type player struct {
	t       testing.TB
	sample  *Sample
	plan    Plan
	desk    scenario.Desk
	feeds   map[string]news.Feed
	known   map[string]map[news.Digest]bool // of each feed's last document
	shown   map[string][]Item               // that it last showed
	numbers map[string]int                  // of the sample's items, by station and address
	asked   map[string]bool                 // questions of the days before
	played  *Played
}

// rulesOf configures a desk of the sample's stations.
func rulesOf(t testing.TB, s *Sample) *identity.Rules {
	desk := news.Site{Title: "Sonora Desk", URL: "https://sonora-desk.example",
		Credit: "This story is from the {{.Desk}}, a collaboration of public radio stations."}
	table, err := link.New(link.Rules{})
	if err != nil {
		t.Fatal(err)
	}
	words, err := credit.New(desk)
	if err != nil {
		t.Fatal(err)
	}
	c := identity.Config{Site: desk, Links: table, Credit: words, Pages: true, MaxAge: 720 * time.Hour}
	for _, st := range s.Stations {
		c.Stations = append(c.Stations, st.configured())
	}
	return identity.New(c)
}

// Play plays a sample on an empty desk, which open makes: a first import of what the feeds show then,
// and visits until everything has been published.
func Play(t testing.TB, s *Sample, plan Plan, open func(*identity.Rules) scenario.Desk) *Played {
	p := &player{t: t, sample: s, plan: plan, desk: open(rulesOf(t, s)), feeds: map[string]news.Feed{},
		known: map[string]map[news.Digest]bool{}, shown: map[string][]Item{}, numbers: map[string]int{},
		asked:  map[string]bool{},
		played: &Played{Plan: plan, Flagged: map[[2]int]bool{}, Seen: map[int]*news.Item{}, Story: map[int]uint64{}}}
	for _, st := range s.Stations {
		p.feeds[st.ID] = st.configured().Feeds[0]
	}
	for n, i := range s.Items {
		p.numbers[i.Station+" "+i.Address] = n
	}
	begin := s.Items[int(plan.Import*float64(len(s.Items)))].From.Truncate(24 * time.Hour).Add(7 * time.Hour)
	end := s.Items[len(s.Items)-1].From.Add(plan.Every)
	p.learn(begin, false)
	if plan.Late != "" {
		defer func() {
			if p.known[plan.Late] == nil {
				t.Errorf("%s: %s never joined the desk", plan.Name, plan.Late)
			}
		}()
	}
	joined, imported := plan.Late == "", true
	for round := begin; !round.After(end); round = round.Add(plan.Every) {
		if !joined && round.Sub(begin) >= lateAfter {
			joined, imported = true, true
			p.learn(round, true)
		}
		p.visitAll(round, joined)
		if next := round.Add(plan.Every); !sameDay(round, next) || next.After(end) || round.Equal(begin) {
			p.endDay(round, imported)
			imported = false
		}
	}
	return p.played
}

func sameDay(a, b time.Time) bool {
	return a.Truncate(24 * time.Hour).Equal(b.Truncate(24 * time.Hour))
}

func (p *player) mustSucceed(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *player) learn(at time.Time, late bool) {
	var feeds []news.Feed
	for _, st := range p.sample.Stations {
		if late || st.ID != p.plan.Late {
			feeds = append(feeds, p.feeds[st.ID])
		}
	}
	p.mustSucceed(p.desk.Learn(p.t.Context(), feeds, at))
}

// Plans are ways in which a sample arrives: the desk begins early or late, its feeds are visited in
// one order or another, one of them joins it later, it settles after each visit or after all of them.
func Plans(s *Sample) (list []Plan) {
	var ids []string
	for _, st := range s.Stations {
		ids = append(ids, st.ID)
	}
	back := slices.Clone(ids)
	slices.Reverse(back)
	middle := slices.Concat(ids[len(ids)/2:], ids[:len(ids)/2])
	for _, begin := range []struct {
		name   string
		at     float64
		late   string
		newest int
	}{{"early", .05, "", 40}, {"late", .6, "", 30}, {"one station later", .2, ids[1], 50}} {
		for _, way := range []Plan{
			{Name: "hourly", Stations: ids, Every: time.Hour},
			{Name: "hourly the other way", Stations: back, Every: time.Hour},
			{Name: "every four hours, from the middle", Stations: middle, Every: 4 * time.Hour, Together: true},
		} {
			way.Name = begin.name + ", " + way.Name
			way.Import, way.Late, way.Newest = begin.at, begin.late, begin.newest
			list = append(list, way)
		}
	}
	return list
}

// visitAll visits the feeds whose documents have changed, spread over the time between two visits.
func (p *player) visitAll(round time.Time, joined bool) {
	visited, at := false, round
	for n, id := range p.plan.Stations {
		if id == p.plan.Late && !joined {
			continue
		}
		at = round.Add(time.Duration(n) * time.Minute)
		if !p.visit(id, at) {
			continue
		}
		visited = true
		if !p.plan.Together {
			_, _, err := p.desk.Settle(p.t.Context(), at.Add(10*time.Second))
			p.mustSucceed(err)
		}
	}
	if visited && p.plan.Together {
		_, _, err := p.desk.Settle(p.t.Context(), at.Add(10*time.Second))
		p.mustSucceed(err)
	}
}

// visit has a station's document read as the daemon reads it. It reports whether it was another than
// the last.
func (p *player) visit(id string, at time.Time) bool {
	items := p.sample.shown(id, at, p.plan.Newest)
	before, again := p.shown[id]
	equal := func(a, b Item) bool { return a.Address == b.Address }
	if again && slices.EqualFunc(before, items, equal) || len(items) == 0 {
		return false
	}
	if again && len(items) == p.plan.Newest && !slices.ContainsFunc(before, func(i Item) bool {
		return equal(i, items[len(items)-1])
	}) {
		p.t.Errorf("%s: a document of %d items of %s lost some at %s", p.plan.Name, p.plan.Newest, id, at)
	}
	p.shown[id] = items
	number := slices.IndexFunc(p.sample.Stations, func(st Station) bool { return st.ID == id })
	st, f := &p.sample.Stations[number], p.feeds[id]
	d, err := feed.Parse(p.t.Context(), st.document(items), feed.Context{ContentType: "application/rss+xml",
		Address: f.URL, Language: "en", Known: func(d news.Digest) bool { return p.known[id][d] }})
	p.mustSucceed(err)
	if !d.Whole || len(d.Entries) != len(items) {
		p.t.Fatalf("%s: %d of %d items were read, %v", id, len(d.Entries), len(items), d.Repairs)
	}
	p.known[id] = map[news.Digest]bool{}
	for _, e := range d.Entries {
		p.known[id][e.Digest] = true
	}
	p.mustSucceed(p.desk.Arrive(p.t.Context(), identity.Arrival{Feed: f, Link: d.Facts.Link,
		Language: d.Facts.Language, At: at, Whole: d.Whole, Entries: d.Entries}))
	return true
}

// endDay measures what is so at the end of a day.
func (p *player) endDay(at time.Time, imported bool) {
	stories, err := p.desk.Stories()
	p.mustSucceed(err)
	d := Day{Date: at, Import: imported}
	p.place(stories)
	p.collectFlags(&d)
	d.Doubles, d.Has = p.countDoubles(stories)
	d.Wrong, d.Accused = p.wrongJoins(stories), p.accusations(stories)
	p.played.Days = append(p.played.Days, d)
}

// place notes in which story each of the sample's items is.
func (p *player) place(stories []*news.Story) {
	p.played.Stories = map[uint64]*news.Story{}
	for _, s := range stories {
		p.played.Stories[s.Number] = s
		for _, i := range s.Items {
			for _, address := range append([]string{i.Entry.URL}, i.Links...) {
				if n, known := p.numbers[i.Station+" "+address]; known {
					p.played.Seen[n], p.played.Story[n] = i, s.Number
				}
			}
		}
	}
	p.played.members = map[uint64][]int{}
	for _, n := range slices.Sorted(maps.Keys(p.played.Story)) {
		story := p.played.Story[n]
		p.played.members[story] = append(p.played.members[story], n)
	}
}

// itemsOf are the sample's items in a story, in order.
func (p *Played) itemsOf(story uint64) []int { return p.members[story] }

// collectFlags notes what an editor is asked: once for each pair of stories, and else once for each
// story and kind.
func (p *player) collectFlags(d *Day) {
	of := map[string]uint64{} // a story by what flags name it by
	for number, s := range p.played.Stories {
		of[s.ID], of[s.PublicID] = number, number
		for _, a := range s.Aliases {
			of[a.ID], of[a.PublicID] = number, number
		}
		for _, i := range s.Items {
			of[i.Entry.URL], of[i.Entry.GUID] = number, number
		}
	}
	delete(of, "")
	standing, now := map[[2]uint64][]news.Flag{}, map[string]bool{}
	for _, number := range slices.Sorted(maps.Keys(p.played.Stories)) {
		for _, g := range p.played.Stories[number].Flags {
			pair := [2]uint64{number, of[g.With]}
			name := fmt.Sprintf("%s %s: %s", g.Kind, p.nameOf(number), g.With)
			if pair[1] != 0 && pair[1] != number {
				slices.Sort(pair[:])
				name = fmt.Sprintf("%s | %s", p.nameOf(pair[0]), p.nameOf(pair[1]))
			}
			if standing[pair] = append(standing[pair], g); !now[name] && !p.asked[name] {
				d.Raised = append(d.Raised, fmt.Sprintf("%s: %s (%s)", g.Kind, name, g.Why))
			}
			now[name], p.asked[name] = true, true
		}
	}
	for _, f := range p.feeds {
		flags, err := p.desk.FeedFlags(f.URL)
		p.mustSucceed(err)
		for _, g := range flags {
			name := fmt.Sprintf("%s: %s of %s", g.Kind, g.With, f.Station)
			if !p.asked[name] {
				d.Raised = append(d.Raised, name+" ("+g.Why+")")
			}
			p.asked[name] = true
		}
	}
	for pair := range standing {
		for _, a := range p.played.members[pair[0]] {
			for _, b := range p.played.members[pair[1]] {
				p.played.Flagged[[2]int{min(a, b), max(a, b)}] = true
			}
		}
	}
	p.played.Standing = standing
}

// nameOf names a story by the first of its items in the sample, which stays its name while others
// join it later.
func (p *player) nameOf(story uint64) string {
	if list := p.played.itemsOf(story); len(list) > 0 {
		return p.sample.Items[list[0]].Address
	}
	return fmt.Sprint("story ", story)
}

// newestHundred are the stories that readers see, the newest first, without those that a station has
// or made.
func newestHundred(stories []*news.Story, without string) (list []*news.Story) {
	for _, s := range stories {
		if s.Status == news.Live && !s.ArchiveOnly && (without == "" || !publish.HasStory(s, without)) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b *news.Story) int {
		return cmp.Or(b.Published.Compare(a.Published), cmp.Compare(a.PublicID, b.PublicID))
	})
	return list[:min(len(list), 100)]
}

// countDoubles counts the stories among the newest hundred that another of them tells, and of the
// newest hundred for each station those that it has an item of.
func (p *player) countDoubles(stories []*news.Story) (doubles int, has map[string]int) {
	truth, carried := map[uint64]string{}, map[string]bool{}
	for n, story := range p.played.Story {
		i := &p.sample.Items[n]
		truth[story] = cmp.Or(truth[story], i.Story)
		carried[i.Station+" "+i.Story] = true
	}
	told := map[string]bool{}
	for _, s := range newestHundred(stories, "") {
		if told[truth[s.Number]] {
			doubles++
		}
		told[truth[s.Number]] = true
	}
	has = map[string]int{}
	for _, st := range p.sample.Stations {
		for _, s := range newestHundred(stories, st.ID) {
			if carried[st.ID+" "+truth[s.Number]] {
				has[st.ID]++
			}
		}
	}
	return doubles, has
}

// wrongJoins are the pairs of items in one story that are not one.
func (p *player) wrongJoins(stories []*news.Story) (list []string) {
	for _, s := range stories {
		items := p.played.itemsOf(s.Number)
		for at, a := range items {
			for _, b := range items[:at] {
				if same, perhaps := alike(&p.sample.Items[a], &p.sample.Items[b]); !same && !perhaps {
					list = append(list, fmt.Sprintf("%s %s "+
						"(%s)", p.sample.Items[b].Address, p.sample.Items[a].Address,
						s.Edge(p.played.Seen[a].Number).Rule))
				}
			}
		}
	}
	return list
}

// makerOf is who made the items of a story, "" where nobody can tell or several did.
func (p *Played) makerOf(s *Sample, story uint64) (maker string) {
	for at, n := range p.itemsOf(story) {
		if i := s.Items[n]; at == 0 {
			maker = i.Maker
		} else if i.Maker != maker {
			return ""
		}
	}
	return maker
}

// accusations are the stories that name a station as the maker which it is not.
func (p *player) accusations(stories []*news.Story) (list []string) {
	for _, s := range stories {
		maker := p.played.makerOf(p.sample, s.Number)
		for _, st := range p.sample.Stations {
			if maker != "" && maker != st.ID && s.Origin.Made(st.ID) {
				list = append(list, fmt.Sprintf("%s is named, by %s, and it is %s: %s", st.ID, s.Origin.Rule, maker,
					p.nameOf(s.Number)))
			}
		}
	}
	return list
}
