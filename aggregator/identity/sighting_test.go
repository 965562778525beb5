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

// signedDocuments makes a document of each feed in which no two entries are one story: each has a
// headline of its own, and most are signed. Some name another original, credit another station, or
// bear the desk's credit.
func signedDocuments(r *rand.Rand) map[string][]news.Entry {
	documents := map[string][]news.Entry{}
	for _, feed := range testFeeds {
		station, kind, _ := strings.Cut(feed, "/")
		for n := range 1 + r.IntN(5) {
			slug := fmt.Sprintf("%s%s-news-of-%d", station, kind, n)
			e := entry(station, slug, strings.ReplaceAll(slug, "-", " "), r.IntN(2000))
			name := []string{"Rosa Vidal", "Max Dorn", "Ina Solis", "Lee Orr"}[r.IntN(4)]
			switch r.IntN(10) {
			case 0:
			case 1:
				byline(name+" ("+[]string{"KMSA", "NPR", "Radio Ajo"}[r.IntN(3)]+")", name)(&e)
			case 2:
				byline(name, name)(&e)
				canonical("https://" + testFeeds[r.IntN(4)] + ".example/2031/02/the-original-of-" + slug)(&e)
			case 3:
				byline(name, name)(&e)
				text("<p>" + slug + "</p><p>This story is from the Fronteras Desk, a collaboration of public radio stations, " +
					"including Border 90.3. Read more from the Fronteras Desk.</p>")(&e)
			default:
				byline(name, name)(&e)
			}
			documents[feed] = append(documents[feed], e)
		}
	}
	return documents
}

// Whose story it is depends on where else its reporter is in bylines, and not on which feed was
// visited first, nor on what was published meanwhile.
func TestPropertyWhereReportersAreSeenDecidesInAnyOrder(t *testing.T) {
	try(t, 40, nil, func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 5))
		documents := signedDocuments(r)
		var want []string
		for attempt := range 4 {
			m := newStore(t)
			order := slices.Clone(testFeeds)
			if attempt > 0 {
				r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			}
			for _, feed := range order {
				m.visit(feed, slices.Clone(documents[feed])...)
				if attempt > 1 && r.IntN(2) == 0 {
					m.settle()
				}
			}
			m.settle()
			have := originsOf(m)
			if attempt == 0 {
				want = have
			} else if !slices.Equal(have, want) {
				t.Errorf("seed %d, order %v:\n%s\nwant\n%s", seed, order, strings.Join(have, "\n"), strings.Join(want, "\n"))
			}
		}
	})
}

func originsOf(m *memoryStore) (list []string) {
	for _, s := range m.all() {
		for _, i := range s.Items {
			list = append(list, i.Entry.GUID+" in "+line(s))
		}
	}
	slices.Sort(list)
	return list
}

// maker is who made the story of an entry, "" for nobody named.
func (m *memoryStore) maker(guid string) string {
	for _, s := range m.all() {
		for _, i := range s.Items {
			if i.Entry.GUID == guid && s.Origin != nil {
				return s.Origin.Station + s.Origin.Outside + " " + string(s.Origin.Rule)
			}
		}
	}
	return ""
}

func (m *memoryStore) expectMakers(when string, want map[string]string) {
	m.t.Helper()
	for guid, maker := range want {
		if have := m.maker(guid); have != maker {
			m.t.Errorf("%s: %s is made by %q, want %q", when, guid, have, maker)
		}
	}
}

func signed(name string) func(*news.Entry) { return byline(name, name) }

func TestAReporterSeenAtASecondStationBelongsToNone(t *testing.T) {
	m := newStore(t)
	well := entry("ajo", "well", "The well is dry again", 60, signed("Rosa Vidal"))
	m.visit("ajo", well, entry("ajo", "fair", "The fair is late this year", 50, signed("Ina Solis")))
	m.settle()
	m.expectMakers("alone", map[string]string{"ajo-well": "ajo O5", "ajo-fair": "ajo O5"})

	copied := entry("bisbee", "dam", "Another dam is built", 40, signed("Rosa Vidal"), canonical("https://ajo.example/2031/02/another"))
	m.visit("bisbee", copied, entry("bisbee", "bell", "A bell was stolen", 40, byline("Rosa Vidal (Radio Ajo)", "Rosa Vidal")))
	m.settle()
	m.expectMakers("in copies that say so", map[string]string{"ajo-well": "ajo O5", "bisbee-dam": "ajo O2", "bisbee-bell": "ajo O3"})

	m.visit("kdem", entry("kdem", "roof", "The roof has a hole", 30, signed("Rosa Vidal")))
	m.settle()
	m.expectMakers("at a second station", map[string]string{"ajo-well": "", "kdem-roof": "", "ajo-fair": "ajo O5"})
	if why := m.Story(m.items[1].Story).Unstated; why != "its reporter Rosa Vidal was also seen at KDEM Deming and is on no "+
		"roster: add Rosa Vidal to `reporters` of the station" {
		t.Error(why)
	}

	m.visit("ajo", well, entry("ajo", "hay", "Hay is dear", 10, signed("Rosa Vidal")))
	m.settle()
	m.expectMakers("later", map[string]string{"ajo-well": "", "ajo-hay": ""})

	m.visit("kdem", entry("kdem", "roof", "The roof has a hole", 30, byline("Rosa Vidal (Radio Ajo)", "Rosa Vidal")))
	m.settle()
	m.expectMakers("the second station credits the first now", map[string]string{"ajo-well": "ajo O5", "ajo-hay": "ajo O5", "kdem-roof": "ajo O3"})
}

func TestWhatBearsTheDesksCreditSpeaksAgainstNoItemWithout(t *testing.T) {
	credit := text("<p>In short.</p><p>This story is from the Fronteras Desk, a collaboration of public radio stations, " +
		"including Border 90.3. Read more from the Fronteras Desk.</p>")
	for _, order := range [][]string{{"ajo", "bisbee", "kdem"}, {"kdem", "bisbee", "ajo"}, {"bisbee", "kdem", "ajo"}} {
		m := newStore(t)
		documents := map[string][]news.Entry{
			"ajo": {entry("ajo", "well", "The well is dry again", 60, signed("Rosa Vidal")),
				entry("ajo", "fair", "The fair is late this year", 60, signed("Ina Solis"), credit)},
			"bisbee": {entry("bisbee", "dam", "Another dam is built", 40, signed("Rosa Vidal"), credit)},
			"kdem":   {entry("kdem", "roof", "The roof has a hole", 30, signed("Ina Solis"), credit)},
		}
		for _, feed := range order {
			m.visit(feed, documents[feed]...)
			m.settle()
		}
		m.expectMakers(strings.Join(order, " "), map[string]string{"ajo-well": "ajo O5", "bisbee-dam": "", "ajo-fair": "", "kdem-roof": ""})
	}
}

func TestAStationsTwoFeedsAreOnePlace(t *testing.T) {
	m := newStore(t)
	m.visit("kmsa", entry("kmsa", "well", "The well is dry again", 60, signed("Rosa Vidal")))
	m.visit("kmsa/podcast", entry("kmsa", "hay", "Hay is dear", 60, signed("Rosa Vidal")))
	m.settle()
	m.expectMakers("two feeds", map[string]string{"kmsa-well": "kmsa O5", "kmsa-hay": "kmsa O5"})
}

// Half a year after somebody was last seen at a station, it no longer counts.
func TestASightingCountsForHalfAYear(t *testing.T) {
	m := newStore(t)
	m.visit("kmsa", entry("kmsa", "well", "The well is dry again", 60, signed("Rosa Vidal")))
	m.settle()
	m.now = m.now.Add(181 * 24 * time.Hour)
	m.visit("ajo", entry("ajo", "hay", "Hay is dear", 0, signed("Rosa Vidal")))
	m.settle()
	m.expectMakers("later", map[string]string{"kmsa-well": "kmsa O5", "ajo-hay": "ajo O5"})
}

// One station with a reporter of many stories neither hides a second station, nor keeps its stories
// from being asked again.
func TestAReporterOfManyStoriesIsSeenElsewhereOnce(t *testing.T) {
	m := newStore(t)
	want := map[string]string{}
	var entries []news.Entry
	for n := range 200 {
		slug := fmt.Sprint("piece-", n)
		want["ajo-"+slug] = ""
		entries = append(entries, entry("ajo", slug, fmt.Sprint("News number ", n, " of the valley"), n, signed("Rosa Vidal")))
	}
	for part := range slices.Chunk(entries, 50) {
		m.visit("ajo", part...)
		m.settle()
	}
	m.visit("bisbee", entry("bisbee", "dam", "Another dam is built", 40, signed("Rosa Vidal")))
	m.settle()
	want["bisbee-dam"] = ""
	m.expectMakers("at a second station", want)
	if found := len(m.Find(Key{Text: "bprosa vidal"}, 1000)); found != 3 {
		t.Errorf("%d items stand for two stations, want 3", found)
	}
}
