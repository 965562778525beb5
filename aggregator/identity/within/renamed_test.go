package within

import (
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

// page is an entry of Radio Ajo's whose GUID is its address, by a reporter.
func page(slug, title string, minutes int, reporter string, changes ...desk.Change) news.Entry {
	url := "https://ajo.example/2031-02-04/" + slug
	named := func(e *news.Entry) {
		if reporter != "" {
			e.Byline, e.Authors = reporter, []news.Person{{Name: reporter}}
		}
	}
	return ajo(slug, title, minutes, append([]desk.Change{desk.GUID(url), desk.URL(url), summary(""), named}, changes...)...)
}

// A page whose address is its GUID gets another address: only what its station wrote can tell that
// it is the page that it was.
func TestAPageThatGetsAnotherAddress(t *testing.T) {
	d := desk.Directory(t)
	const ana, sol = "Ana Ruiz", "Sol Vega"
	const title, tape = "County opens the long canal road", "https://cdn.ajo.example/10.mp3"
	long := func(first int) desk.Change { return desk.Text("<p>" + desk.Words(first, 60) + "</p>") }
	canal := page("canal-road", title, 120, ana)
	older, newer := page("older", "Mayor speaks of mending roads", 600, sol), page("newer", "Choir sings for the new school", 30, sol)
	for name, c := range map[string]struct {
		before, after []news.Entry // the first of before is item 1
		seen          time.Duration
		same          bool
	}{
		"one date and headline": {[]news.Entry{canal, older}, []news.Entry{page("the-canal-road", title, 120, ""), older}, 0, true},
		"one date and reporter, some words of the headline": {
			[]news.Entry{canal, older}, []news.Entry{page("road-by-canal", "Canal road: what its opening means for the town", 120, ana), older}, 0, true,
		},
		"one date, most words of the headline, no byline": {
			[]news.Entry{page("canal-road", title, 120, ""), older}, []news.Entry{page("canal-road-opened", "County opened the long canal road", 120, ""), older}, 0, true,
		},
		"the same in a document of one entry": {
			[]news.Entry{canal}, []news.Entry{page("canal-road-opened", "County opened the long canal road", 120, ana)}, 0, true,
		},
		"one date, some words of the headline, no byline": {
			[]news.Entry{page("canal-road", title, 120, ""), older}, []news.Entry{page("road-by-canal", "Canal road: what its opening means for the town", 120, ""), older}, 0, false,
		},
		"one date and reporter, another headline": {
			[]news.Entry{canal, older}, []news.Entry{page("school", "Choir sings for the new school", 120, ana), older}, 0, false,
		},
		"one date, most words of the headline, another reporter": {
			[]news.Entry{canal, older}, []news.Entry{page("canal-road-opened", "County opened the long canal road", 120, sol), older}, 0, false,
		},
		"one date, another number in the headline": {
			[]news.Entry{page("canal-1", "County opens canal road 1", 120, ana), older}, []news.Entry{page("canal-2", "County opens canal road 2", 120, ana), older}, 0, false,
		},
		"one date that another entry has as well": {
			[]news.Entry{canal, older}, []news.Entry{page("canal-road-opened", "County opened the long canal road", 120, ana), page("third", "A third road", 120, sol), older}, 0, false,
		},
		"the known page is still there": {
			[]news.Entry{canal, older}, []news.Entry{page("canal-road-opened", "County opened the long canal road", 120, ana), canal, older}, 0, false,
		},
		"one date, most words of the headline, other audio": {
			[]news.Entry{page("canal-road", title, 120, ana, desk.Audio(tape)), older},
			[]news.Entry{page("canal-road-opened", "County opened the long canal road", 120, ana, desk.Audio("https://cdn.ajo.example/11.mp3")), older}, 0, false,
		},

		"another date, one headline and reporter": {
			[]news.Entry{canal, older}, []news.Entry{page("the-canal-road", title, 30, ana), older}, 0, true,
		},
		"another date, one headline and reporter, after hours": {
			[]news.Entry{page("canal-road", title, 600, ana), page("old", "Old", 900, sol)}, []news.Entry{page("the-canal-road", title, 10, ana), page("old", "Old", 900, sol)}, 0, false,
		},
		"the same, with the slug in the path of another day": {
			[]news.Entry{page("county-opens-the-canal-road", title, 900, ana), page("old", "Old", 1900, sol)},
			[]news.Entry{page("x", title, 10, ana, desk.GUID("https://ajo.example/2031-02-05/county-opens-the-canal-road"), desk.URL("https://ajo.example/2031-02-05/county-opens-the-canal-road")), page("old", "Old", 1900, sol)}, 0, true,
		},
		"another date, not on the first day": {
			[]news.Entry{canal, older}, []news.Entry{page("the-canal-road", title, 30, ana), older}, 25 * time.Hour, false,
		},
		"another date, one headline without a reporter": {
			[]news.Entry{page("canal-road", title, 120, ""), older}, []news.Entry{page("the-canal-road", title, 30, ""), older}, 0, false,
		},
		"another date, one headline of four words": {
			[]news.Entry{page("canal-road", "County opens canal road", 120, ana), older}, []news.Entry{page("the-canal-road", "County opens canal road", 30, ana), older}, 0, false,
		},
		"another date, one headline that names a day": {
			[]news.Entry{page("canal-road", "Monday on the long canal road", 120, ana), older}, []news.Entry{page("the-canal-road", "Monday on the long canal road", 30, ana), older}, 0, false,
		},
		"another date, and nothing older shows that it did not scroll off": {
			[]news.Entry{newer, canal}, []news.Entry{page("the-canal-road", title, 10, ana), newer}, 0, false,
		},
		"another date, and two entries had the headline": {
			[]news.Entry{canal, page("again", title, 200, ana), older}, []news.Entry{page("the-canal-road", title, 30, ana), older}, 0, false,
		},
		"another date, and two entries have the headline": {
			[]news.Entry{canal, older}, []news.Entry{page("the-canal-road", title, 30, ana), page("a-canal-road", title, 20, ana), older}, 0, false,
		},
		"another date, and the texts are others": {
			[]news.Entry{page("canal-road", title, 120, ana, long(0)), older}, []news.Entry{page("the-canal-road", title, 30, ana, long(500)), older}, 0, false,
		},
		"another date, and the text is mostly what it was": {
			[]news.Entry{page("canal-road", title, 120, ana, long(0)), older}, []news.Entry{page("the-canal-road", title, 30, ana, long(20)), older}, 0, true,
		},
	} {
		for _, reversed := range []bool{false, true} {
			m := lastHour
			m.Marks = Read(d, whole(c.before...), visit.Memory{}).Marks
			var items []*news.Item
			for n := range m.Marks {
				m.Marks[n].Item = uint64(n + 1)
				i := known(uint64(n+1), c.before[n])
				if c.seen > 0 {
					i.FirstSeen = desk.Noon.Add(-c.seen)
				}
				items = append(items, i)
			}
			after, place := slices.Clone(c.after), 0
			if reversed {
				slices.Reverse(after)
				place = len(after) - 1
			}
			if have := matched(d, whole(after...), m, items...).Items[place] == 1; have != c.same {
				t.Errorf("%s, reversed %t: it is the page that it was: %t", name, reversed, have)
			}
		}
	}
}

func TestPagesThatLeftUnderTheHeadlineOfAnEntry(t *testing.T) {
	d := desk.Directory(t)
	canal, roads := page("canal", "Canal", 120, ""), page("roads", "Roads", 300, "")
	m := lastHour
	m.Marks = Read(d, whole(canal, roads), visit.Memory{}).Marks
	m.Marks[0].Item, m.Marks[1].Item = 1, 2
	part := whole(page("the-canal", "Canal", 10, ""))
	part.Whole = false
	for name, c := range map[string]struct {
		arrival *visit.Arrival
		want    []uint64
	}{
		"one that left":           {whole(page("the-canal", "Canal", 10, ""), roads), []uint64{1}},
		"one that is there":       {whole(page("the-canal", "Canal", 10, ""), canal, roads), nil},
		"one by its guid":         {whole(page("the-canal", "Canal", 10, ""), page("canal", "Canal, again", 10, "", desk.URL("https://ajo.example/x")), roads), nil},
		"another headline":        {whole(page("the-canal", "The canal", 10, ""), roads), nil},
		"in a part of a document": {part, nil},
	} {
		if have := Read(d, c.arrival, m).LeftUnderHeadline(); !slices.Equal(have, c.want) {
			t.Errorf("%s: %v", name, have)
		}
	}
}
