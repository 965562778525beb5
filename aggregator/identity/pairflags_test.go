package identity

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity/lineage"
	"fronteras/aggregator/news"
)

// pairDesk is a desk whose stations tell a few pieces of news, edit, move and withdraw them, and
// whose editor joins, splits and credits what is asked about.
type pairDesk struct {
	*memoryStore
	r         *rand.Rand
	step      int
	documents map[string][]news.Entry
	joined    [][2]*news.Story // as they were before
	separated [][2]uint64      // items, of two stories
	log       []string
}

var (
	pairStations  = []string{"ajo", "bisbee", "kdem", "kmsa"}
	pairHeadlines = []string{
		"Snow closes the pass road for another night", "Snow closes the pass road for a night",
		"The pass road is closed by snow again", "Rain at last tonight", "Council votes for a longer ferry season",
	}
	pairPeople = []string{"Ines Duran", "Olga Prins", "Ana Paz", ""}
	pairSlugs  = []string{"snow-closes-the-pass-road-another-night", "council-votes-longer-ferry-season-again", "rain"}
)

func oneOf[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func (d *pairDesk) say(format string, args ...any) {
	d.log = append(d.log, fmt.Sprintf("%d ", d.step)+fmt.Sprintf(format, args...))
}

func (d *pairDesk) newEntry(station string) news.Entry {
	e := entry(station, fmt.Sprintf("%d/%s", d.step, oneOf(d.r, pairSlugs)), oneOf(d.r, pairHeadlines), d.r.IntN(3000))
	e.GUID = fmt.Sprintf("%s-%d", station, d.step)
	if name := oneOf(d.r, pairPeople); name != "" {
		byline(name, name)(&e)
	}
	switch d.r.IntN(5) {
	case 0:
		text(longText(d.r.IntN(3), d.r.IntN(150)))(&e)
	case 1:
		text(strings.Join(strings.Fields(longText(d.r.IntN(3), 0))[:50], " "))(&e)
	case 2:
		canonical(fmt.Sprintf("https://%s.example/2031/02/%d/%s", oneOf(d.r, pairStations), d.r.IntN(3),
			oneOf(d.r, pairSlugs)))(&e)
	}
	return e
}

// bringAny has a station add, edit, move or withdraw an entry; arrived reports whether it only
// added one.
func (d *pairDesk) bringAny() (arrived bool) {
	station := oneOf(d.r, pairStations)
	list := d.documents[station]
	var deleted []news.Deleted
	at := 0
	if len(list) > 0 {
		at = d.r.IntN(len(list))
	}
	switch k := d.r.IntN(9); {
	case k < 6 || len(list) == 0:
		arrived = true
		list = append([]news.Entry{d.newEntry(station)}, list...)
		d.say("%s brings %s, %q by %q, %v", station, list[0].URL, list[0].Title, list[0].Byline, list[0].Published)
	case k == 6:
		deleted = []news.Deleted{{Ref: list[at].GUID}}
		d.say("%s deletes %s", station, list[at].URL)
		list = slices.Delete(list, at, at+1)
	default:
		e := &list[at]
		e.Title = oneOf(d.r, pairHeadlines)
		if d.r.IntN(2) == 0 {
			e.Authors, e.Byline = nil, ""
		}
		if d.r.IntN(3) == 0 {
			e.URL = fmt.Sprintf("https://%s.example/2031/02/%d/moved", station, d.step)
		}
		d.say("%s edits %s: %s, %q by %q", station, e.GUID, e.URL, e.Title, e.Byline)
	}
	d.documents[station] = list
	entries := slices.Clone(list)
	for n := range entries {
		entries[n].Digest = digest(d.t, entries[n])
	}
	feed := news.Feed{Station: station, URL: "https://" + station + ".example/rss.xml"}
	d.keep(feed.URL, d.desk.Resolve(d, Arrival{Feed: feed, Link: "https://" + station + ".example/", Language: "en",
		At: d.now, Whole: true, Entries: entries, Deleted: deleted}))
	d.now = d.now.Add(time.Minute)
	return arrived
}

// ruleAny has the editor answer a question, or take the last join back.
func (d *pairDesk) ruleAny() {
	var pairs [][2]uint64
	for pair := range d.questions() {
		if pair[0] < pair[1] {
			pairs = append(pairs, pair)
		}
	}
	if len(pairs) == 0 {
		return
	}
	slices.SortFunc(pairs, func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) })
	pair := oneOf(d.r, pairs)
	a, b := d.Story(pair[0]), d.Story(pair[1])
	order := Order{Verb: news.Split, Stories: []string{a.ID}, Item: b.Items[0].Entry.URL}
	switch k := d.r.IntN(7); {
	case k < 2:
		order = Order{Verb: news.Join, Stories: []string{a.ID, b.ID}}
	case k == 2:
		order = Order{Verb: news.Credit, Stories: []string{a.ID}, Maker: "kdem"}
	case k == 3 && len(d.joined) > 0:
		last := d.joined[len(d.joined)-1]
		d.joined = d.joined[:len(d.joined)-1]
		one := d.Story(d.items[last[0].LeadItem].Story)
		order = Order{Verb: news.Split, Stories: []string{one.ID}, Item: last[1].Items[0].Entry.URL}
	default:
		d.separated = append(d.separated, [2]uint64{a.LeadItem, b.LeadItem})
	}
	_, err := d.apply(order)
	d.say("the editor: %s %v %s: %v", order.Verb, order.Stories, order.Item, err)
	if err == nil && order.Verb == news.Join {
		d.joined, d.separated = append(d.joined, [2]*news.Story{a, b}), nil
	}
	d.now = d.now.Add(time.Minute)
}

// questions lists what is asked at one story of another, by the numbers of both; the second is 0
// where nothing has the name.
func (d *pairDesk) questions() map[[2]uint64][]string {
	named, found := map[string]uint64{}, map[[2]uint64][]string{}
	for _, i := range d.items {
		named[i.Entry.URL] = i.Story
	}
	for number, s := range d.stories {
		for _, g := range s.Flags {
			if lineage.IsAboutPair(g.Kind) {
				pair := [2]uint64{number, named[g.With]}
				found[pair] = append(found[pair], string(g.Kind)+" "+g.With)
			}
		}
	}
	return found
}

// faultsOf says what is wrong with what is asked.
func (d *pairDesk) faultsOf(asked map[[2]uint64][]string) (list []string) {
	kind := func(flag string) string { return strings.Fields(flag)[0] }
	inOrder := func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) }
	for _, pair := range slices.SortedFunc(maps.Keys(asked), inOrder) {
		var fault string
		back := asked[[2]uint64{pair[1], pair[0]}]
		switch {
		case pair[1] == 0:
			fault = "of nothing"
		case pair[0] == pair[1]:
			fault = "of one story"
		case len(asked[pair]) > 1:
			fault = "twice"
		case d.stories[pair[0]].Status == news.Retracted:
			fault = "of what was withdrawn"
		case d.stories[pair[1]].Status == news.Retracted: // the other's visit withdrew it
			continue
		case len(back) != 1 || kind(back[0]) != kind(asked[pair][0]):
			fault = "otherwise at the other story"
		case slices.ContainsFunc(d.separated, func(items [2]uint64) bool {
			return pair == [2]uint64{d.items[items[0]].Story, d.items[items[1]].Story}
		}):
			fault = "though it is answered"
		default:
			continue
		}
		list = append(list, fmt.Sprintf("asked %s: %v %v", fault, pair, asked[pair]))
	}
	return list
}

// haveOneFeed reports whether two stories have items of one feed.
func (d *pairDesk) haveOneFeed(a, b uint64) bool {
	return slices.ContainsFunc(d.Story(a).Items, func(i *news.Item) bool {
		return slices.ContainsFunc(d.Story(b).Items, func(o *news.Item) bool { return i.Feed == o.Feed })
	})
}

// What is asked of two stories is asked once at each of them, of what is there and is not answered;
// what arrives takes no question away.
func TestPropertyQuestionsStandAtBothStories(t *testing.T) {
	try(t, 40, []uint64{10034, 10043, 10155, 10896, 11101}, func(t *testing.T, seed uint64) {
		d := &pairDesk{memoryStore: newStore(t), r: rand.New(rand.NewPCG(seed, 77)), documents: map[string][]news.Entry{}}
		before := map[[2]uint64][]string{}
		for d.step = range 14 {
			arrived := false
			if d.r.IntN(10) < 8 {
				arrived = d.bringAny()
			} else {
				d.ruleAny()
			}
			d.settle()
			asked := d.questions()
			faults := d.faultsOf(asked)
			for pair := range before {
				if arrived && asked[pair] == nil && d.stories[pair[0]] != nil && d.stories[pair[1]] != nil &&
					!d.haveOneFeed(pair[0], pair[1]) {
					faults = append(faults, fmt.Sprint("an arrival took away ", pair, before[pair]))
				}
			}
			if len(faults) > 0 {
				t.Errorf("seed %d: %s\n%s\n%s", seed, strings.Join(faults, "\n"), strings.Join(d.log, "\n"),
					strings.Join(told(d.memoryStore), "\n"))
				return
			}
			before = asked
		}
	})
}
