package within

import (
	"slices"
	"testing"

	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

func takenGUIDs(doc *Document) (list []string) {
	for _, e := range doc.Taken {
		list = append(list, e.GUID)
	}
	return list
}

func TestEntriesThatStandUnchangedNeedNothingMore(t *testing.T) {
	d := desk.Directory(t)
	first := whole(ajo("a", "A", 30), ajo("b", "B", 20))
	m := lastHour
	m.Marks = Read(d, first, visit.Memory{}).Marks
	m.Marks[0].Item, m.Marks[1].Item = 1, 2
	doc := Read(d, whole(ajo("c", "C", 10), ajo("a", "A", 30), ajo("b", "B at last", 20)), m)
	if have := takenGUIDs(doc); !slices.Equal(have, []string{"ajo-c", "ajo-b"}) {
		t.Errorf("taken are %q", have)
	}
	if !doc.Unchanged[1] || doc.Unchanged[2] {
		t.Errorf("unchanged are %v", doc.Unchanged)
	}
	if doc.Marks[1].Item != 1 || doc.Marks[0].Item != 0 {
		t.Errorf("marks are %+v", doc.Marks)
	}
	again := Read(d, &visit.Arrival{Feed: desk.Feed("ajo"), Same: true}, m)
	if len(again.Taken) > 0 || !again.Unchanged[1] || !again.Unchanged[2] || !slices.Equal(again.Marks, m.Marks) {
		t.Errorf("the same document again is %+v", again)
	}
}

func TestAnEntryThatTheFeedTakesAtLast(t *testing.T) {
	d := desk.Directory(t)
	narrow, wide := desk.Feed("ajo"), desk.Feed("ajo")
	narrow.Only = news.Filter{Words: []string{"border"}}
	old := ajo("fair", "The fair", 30)
	m := lastHour
	m.Marks = Read(d, &visit.Arrival{Feed: narrow, Whole: true, Entries: []news.Entry{old}}, visit.Memory{}).Marks
	for name, c := range map[string]struct {
		feed         news.Feed
		entry        news.Entry
		taken, newly bool
	}{
		"it is not taken while the filter stays":              {narrow, old, false, false},
		"a wider filter takes it newly":                       {wide, old, true, true},
		"an edit that the filter takes takes it newly":        {narrow, ajo("fair", "The fair at the border", 30), true, true},
		"another entry is not newly taken, for it was unseen": {wide, ajo("rain", "Rain", 10), true, false},
	} {
		doc := Read(d, &visit.Arrival{Feed: c.feed, Whole: true, Entries: []news.Entry{c.entry}}, m)
		if have := len(doc.Taken) == 1; have != c.taken || have && doc.Taken[0].NewlyTaken != c.newly {
			t.Errorf("%s: %+v", name, doc.Taken)
		}
	}
}

func TestAnEditedItemIsNotNewlyTaken(t *testing.T) {
	d := desk.Directory(t)
	m := lastHour
	m.Marks = Read(d, whole(ajo("rain", "Rain", 30)), visit.Memory{}).Marks
	m.Marks[0].Item = 1
	if doc := Read(d, whole(ajo("rain", "Rain at last", 30)), m); len(doc.Taken) != 1 || doc.Taken[0].NewlyTaken {
		t.Errorf("%+v", doc.Taken)
	}
}

func TestEntriesThatAreToldTwiceAreOne(t *testing.T) {
	d := desk.Directory(t)
	const tape = "https://cdn.ajo.example/1.mp3"
	unidentified := lastHour
	unidentified.Unidentified = []string{"ajo.example/2031/02/a"}
	for name, c := range map[string]struct {
		memory visit.Memory
		a, b   news.Entry
		one    bool
	}{
		"address, headline and audio are one":    {lastHour, ajo("a", "A", 10, desk.Audio(tape)), ajo("a", "A", 9, desk.GUID("x"), desk.Audio(tape)), true},
		"one audio file in two spellings is one": {lastHour, ajo("a", "A", 10, desk.Audio(tape), desk.Audio("https://pdst.fm/e/cdn.ajo.example/1.mp3")), ajo("a", "A", 9, desk.GUID("x"), desk.Audio("http://cdn.ajo.example/1.mp3")), true},
		"address and headline, without audio":    {lastHour, ajo("a", "A", 10), ajo("a", "A", 9, desk.GUID("x")), true},
		"another headline":                       {lastHour, ajo("a", "A", 10), ajo("a", "B", 9, desk.GUID("x")), false},
		"another address":                        {lastHour, ajo("a", "A", 10), ajo("b", "A", 9), false},
		"audio of one alone":                     {lastHour, ajo("a", "A", 10), ajo("a", "A", 9, desk.GUID("x"), desk.Audio(tape)), false},
		"a home page as the address":             {lastHour, ajo("a", "A", 10, desk.URL("https://ajo.example/")), ajo("b", "A", 9, desk.URL("https://ajo.example/")), false},
		"an address that identifies nothing":     {unidentified, ajo("a", "A", 10), ajo("a", "A", 9, desk.GUID("x")), false},
		"one address in two forms is one":        {lastHour, ajo("a", "A", 10), ajo("a", "A", 9, desk.GUID("x"), desk.URL("http://www.ajo.example/2031/02/a/")), true},
	} {
		for order, entries := range [][]news.Entry{{c.a, c.b}, {c.b, c.a}} {
			doc := Read(d, whole(entries...), c.memory)
			if have := len(doc.Taken) == 1; have != c.one {
				t.Errorf("%s: they are one: %t", name, have)
			} else if have && (doc.Taken[0].GUID != c.b.GUID || !slices.Equal(doc.Taken[0].Places, []int{0, 1})) {
				t.Errorf("%s, order %d: it is %q at %v, want the later of the two at both places", name, order, doc.Taken[0].GUID, doc.Taken[0].Places)
			}
		}
	}
}

func TestAddressesThatIdentifyAnItem(t *testing.T) {
	d := desk.Directory(t)
	a := whole()
	a.Link = "https://ajo.example/news"
	m := visit.Memory{Unidentified: []string{"ajo.example/live"}}
	for key, want := range map[string]bool{"ajo.example/2031/02/rain": true, "ajo.example/news": false, "ajo.example/live": false, "ajo.example/": false, "": false} {
		if have := Identifies(d, a, m, key); have != want {
			t.Errorf("%q identifies: %t", key, have)
		}
	}
}

func TestWhatADocumentShows(t *testing.T) {
	d := desk.Directory(t)
	m := lastHour
	m.Marks = Read(d, whole(ajo("a", "A", 30)), visit.Memory{}).Marks
	m.Marks[0].Item = 1
	doc := Read(d, whole(ajo("a", "A", 30), ajo("b", "B", 10)), m)
	present, marks := doc.Present(&visit.Match{Present: []uint64{9}}, map[int]uint64{1: 2})
	if !present[1] || !present[2] || !present[9] || len(present) != 3 {
		t.Errorf("present are %v", present)
	}
	if marks[0].Item != 1 || marks[1].Item != 2 || doc.Marks[1].Item != 0 {
		t.Errorf("marks are %+v, of the document %+v", marks, doc.Marks)
	}
}

func TestTheNewestPagesAreReadFirst(t *testing.T) {
	doc := Read(desk.Directory(t), whole(ajo("a", "A", 30), ajo("b", "B", 10), ajo("c", "C", 20)), lastHour)
	var places []int
	for _, q := range doc.Unread(&visit.Match{Readable: map[int]bool{0: true, 1: true}}) {
		places = append(places, q.Place)
		if q.URL != doc.Entries[q.Place].URL || q.Check || q.Item != 0 {
			t.Errorf("asked is %+v", q)
		}
	}
	if !slices.Equal(places, []int{1, 0}) {
		t.Errorf("asked are the entries at %v", places)
	}
}

func TestKeysUnderWhichEntriesAreLookedFor(t *testing.T) {
	d := desk.Directory(t)
	for name, c := range map[string]struct {
		entry news.Entry
		want  []string
	}{
		"guid, address and date":          {ajo("rain", "Rain", 10), []string{"gajo-rain", "kajo.example/2031/02/rain", "d"}},
		"without a guid, the headline":    {ajo("rain", "Rain", 10, desk.GUID("")), []string{"kajo.example/2031/02/rain", "d", "tRain"}},
		"a home page leads to no item":    {ajo("rain", "Rain", 10, desk.URL("https://ajo.example/")), []string{"gajo-rain", "d"}},
		"without a date, by its headline": {ajo("rain", "Rain", 10, desk.Undated), []string{"gajo-rain", "kajo.example/2031/02/rain", "tRain"}},
	} {
		var have []string
		for _, k := range Read(d, whole(c.entry), lastHour).Keys(d) {
			if k.Text[0] == 'd' {
				k.Text = "d"
			}
			have = append(have, k.Text)
		}
		if !slices.Equal(have, c.want) {
			t.Errorf("%s: %q", name, have)
		}
	}
}
