package within

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

// ajo is an entry of Radio Ajo's, that many minutes before noon.
func ajo(slug, title string, minutes int, changes ...desk.Change) news.Entry {
	return desk.Entry("ajo", slug, title, minutes, changes...)
}

// known is the item of Radio Ajo's that an entry became.
func known(number uint64, e news.Entry) *news.Item { return desk.Item("ajo", number, e) }

// whole is a visit that brought all of Radio Ajo's document.
func whole(entries ...news.Entry) *visit.Arrival {
	return &visit.Arrival{Feed: desk.Feed("ajo"), Link: "https://ajo.example/", At: desk.Noon, Whole: true, Entries: entries}
}

// lastHour is the memory of a feed whose last good visit was an hour ago.
var lastHour = visit.Memory{Since: desk.Noon.Add(-24 * time.Hour), Last: desk.Noon.Add(-time.Hour)}

func matched(d *directory.Directory, a *visit.Arrival, m visit.Memory, items ...*news.Item) *visit.Match {
	return Match(evidence.NewReader(d), Read(d, a, m), items)
}

func kindsOf(flags []news.Flag) (list []news.FlagKind) {
	for _, f := range flags {
		list = append(list, f.Kind)
	}
	return list
}

func summary(s string) desk.Change { return func(e *news.Entry) { e.Summary = s } }

// Each case has one entry and one known item.
func TestOneEntryAndOneItem(t *testing.T) {
	d := desk.Directory(t)
	const tape, otherTape = "https://cdn.ajo.example/10.mp3", "https://cdn.ajo.example/11.mp3"
	part := func(a *visit.Arrival) *visit.Arrival { a.Whole = false; return a }
	distrusted := lastHour
	distrusted.Untrusted = desk.Noon.Add(-time.Hour)
	long := func(first int) desk.Change { return desk.Text("<p>" + desk.Words(first, 100) + "</p>") }
	distinctRoads := ajo("roads", "Roads", 700)
	for name, c := range map[string]struct {
		item    news.Entry
		arrival *visit.Arrival
		memory  visit.Memory
		same    bool
		reused  bool
	}{
		"I1: the same guid is the same item, whatever else changed": {
			ajo("rain", "Rain", 10), whole(ajo("storm", "A storm", 10, desk.GUID("ajo-rain"))), lastHour, true, false,
		},
		"I1: another guid, address, date and headline is another item": {
			ajo("rain", "Rain", 10), whole(ajo("storm", "A storm", 5)), lastHour, false, false,
		},
		"I1: guids compare by letter": {
			ajo("rain", "Rain", 10), whole(ajo("storm", "A storm", 5, desk.GUID("AJO-rain"))), lastHour, false, false,
		},
		"I1: white space around a guid does not count": {
			ajo("rain", "Rain", 10), whole(ajo("storm", "A storm", 5, desk.GUID(" ajo-rain\n"))), lastHour, true, false,
		},
		"I1: moved six hours with another address and headline, it is the same": {
			ajo("rain", "Rain", 370), whole(ajo("storm", "A storm", 10, desk.GUID("ajo-rain")), distinctRoads), lastHour, true, false,
		},
		"I1: moved a minute more, the guid was used again": {
			ajo("rain", "Rain", 371), whole(ajo("storm", "A storm", 10, desk.GUID("ajo-rain")), distinctRoads), lastHour, false, true,
		},
		"I1: moved far with another headline alone, it is the same": {
			ajo("rain", "Rain", 900), whole(ajo("rain", "A storm", 10), distinctRoads), lastHour, true, false,
		},
		"I1: moved far with another address alone, it is the same": {
			ajo("rain", "Rain", 900), whole(ajo("storm", "Rain", 10, desk.GUID("ajo-rain")), distinctRoads), lastHour, true, false,
		},
		"I1: moved far with other audio and another headline, the guid was used again": {
			ajo("rain", "Rain", 900, desk.Audio(tape)), whole(ajo("rain", "A storm", 10, desk.Audio(otherTape)), distinctRoads), lastHour, false, true,
		},
		"I1: moved far with other audio alone, it is the same": {
			ajo("news", "Newscast", 900, desk.Audio(tape)), whole(ajo("news", "Newscast", 10, desk.Audio(otherTape)), distinctRoads), lastHour, true, false,
		},
		"I1: without a date nothing has moved": {
			ajo("rain", "Rain", 900), whole(ajo("storm", "A storm", 10, desk.GUID("ajo-rain"), desk.Undated), distinctRoads), lastHour, true, false,
		},
		"I1: other audio in a document of one entry is the next edition": {
			ajo("news", "Newscast", 11, desk.Audio(tape)), whole(ajo("news", "Newscast", 10, desk.Audio(otherTape))), lastHour, false, true,
		},
		"I1: in a document of two entries it is not": {
			ajo("news", "Newscast", 11, desk.Audio(tape)), whole(ajo("news", "Newscast", 10, desk.Audio(otherTape)), distinctRoads), lastHour, true, false,
		},
		"I1: other audio under one date in a document of one entry is a mended file": {
			ajo("news", "Newscast", 10, desk.Audio(tape)), whole(ajo("news", "Newscast", 10, desk.Audio(otherTape))), lastHour, true, false,
		},

		"I1: one file with a counting prefix and without is no other audio": {
			ajo("news", "Newscast", 11, desk.Audio(tape)), whole(ajo("news", "Newscast", 10, desk.Audio("https://pdst.fm/e/cdn.ajo.example/10.mp3"), desk.Audio(tape))), lastHour, true, false,
		},
		"I1: nor are two files in another order": {
			ajo("news", "Newscast", 11, desk.Audio(tape), desk.Audio(otherTape)), whole(ajo("news", "Newscast", 10, desk.Audio(otherTape), desk.Audio(tape))), lastHour, true, false,
		},
		"I1: other audio within the minute is a mended file as well": {
			ajo("news", "Newscast", 10, desk.Audio(tape)),
			whole(ajo("news", "Newscast", 10, desk.Audio(otherTape), func(e *news.Entry) { e.Published = e.Published.Add(30 * time.Second) })), lastHour, true, false,
		},

		"I2: in a feed without trust, guid and address identify": {
			ajo("rain", "Rain", 10), whole(ajo("rain", "A storm", 5)), distrusted, true, false,
		},
		"I2: the guid alone does not": {
			ajo("rain", "Rain", 10), whole(ajo("storm", "A storm", 5, desk.GUID("ajo-rain"))), distrusted, false, true,
		},
		"I2: with an address that says nothing, headline and date must agree": {
			ajo("rain", "Rain", 10, desk.URL("https://ajo.example/")), whole(ajo("rain", "Rain", 10, desk.URL("https://ajo.example/"), summary("New."))), distrusted, true, false,
		},
		"I2: with such an address and another headline it is another item": {
			ajo("rain", "Rain", 10, desk.URL("https://ajo.example/")), whole(ajo("rain", "A storm", 10, desk.URL("https://ajo.example/"))), distrusted, false, true,
		},
		"I2: with such an address and another date it is another item": {
			ajo("rain", "Rain", 10, desk.URL("https://ajo.example/")), whole(ajo("rain", "Rain", 9, desk.URL("https://ajo.example/"))), distrusted, false, true,
		},

		"I3: in a feed without trust, one guid, date and headline are the same item under another address": {
			ajo("rain", "Rain", 10), whole(ajo("rain-at-last", "Rain", 10, desk.GUID("ajo-rain"), summary("New."))), distrusted, true, false,
		},
		"I3: so are one guid, date and last segment": {
			ajo("rain", "Rain", 10), whole(ajo("x", "A storm", 10, desk.GUID("ajo-rain"), desk.URL("https://ajo.example/news/rain"))), distrusted, true, false,
		},
		"I3: so are one guid, date and text": {
			ajo("rain", "Rain", 10, long(0)), whole(ajo("storm", "A storm", 10, desk.GUID("ajo-rain"), long(9))), distrusted, true, false,
		},
		"I3: one worn guid and date alone are not": {
			ajo("rain", "Rain", 10, long(0)), whole(ajo("storm", "A storm", 10, desk.GUID("ajo-rain"), long(500))), distrusted, false, true,
		},
		"I3: one worn guid and headline a minute apart are not": {
			ajo("rain", "Rain", 10), whole(ajo("storm", "Rain", 9, desk.GUID("ajo-rain"))), distrusted, false, true,
		},
		"I3: a worn guid that was used again under its address stays so": {
			ajo("rain", "Rain", 900, desk.Audio(tape)), whole(ajo("rain", "A storm", 10, desk.Audio(otherTape))), distrusted, false, true,
		},
		"I3: the same alias is the same item": {
			ajo("rain", "Rain", 10, desk.GUID("http://www.ajo.example/?p=1")), whole(ajo("storm", "A storm", 5, desk.GUID("https://ajo.example/?p=1"))), lastHour, true, false,
		},
		"I3: the same alias counts in a part of a document": {
			ajo("rain", "Rain", 10, desk.GUID("http://www.ajo.example/?p=1")), part(whole(ajo("storm", "A storm", 5, desk.GUID("https://ajo.example/?p=1")))), lastHour, true, false,
		},
		"I3: an alias of a feed without trust does not count": {
			ajo("rain", "Rain", 10, desk.GUID("http://www.ajo.example/?p=1")), whole(ajo("storm", "A storm", 5, desk.GUID("https://ajo.example/?p=1"))), distrusted, false, false,
		},
		"I3: one address and headline, moved six hours": {
			ajo("rain", "Rain", 370), whole(ajo("rain", "Rain", 10, desk.GUID("new"))), lastHour, true, false,
		},
		"I3: one address and headline, moved a minute more": {
			ajo("rain", "Rain", 371), whole(ajo("rain", "Rain", 10, desk.GUID("new"))), lastHour, false, false,
		},
		"I3: in a part of a document, address and headline are enough": {
			ajo("rain", "Rain", 371), part(whole(ajo("rain", "Rain", 10, desk.GUID("new")))), lastHour, true, false,
		},
		"I3: one address and date": {
			ajo("wet", "Rain", 10), whole(ajo("wet", "A storm", 10, desk.GUID("new"))), lastHour, true, false,
		},
		"I3: in a part of a document, address and date are too little": {
			ajo("rain", "Rain", 10), part(whole(ajo("rain", "A storm", 10, desk.GUID("new")))), lastHour, false, false,
		},
		"I3: one address, another date and headline": {
			ajo("rain", "Rain", 10), whole(ajo("rain", "A storm", 9, desk.GUID("new"))), lastHour, false, false,
		},
		"I3: one address and text, another date and headline": {
			ajo("rain", "Rain", 900, long(0)), whole(ajo("rain", "A storm", 10, desk.GUID("new"), long(0))), lastHour, true, false,
		},
		"I3: nine tenths of the text are enough": { // 87 of 96 runs
			ajo("rain", "Rain", 900, long(0)), whole(ajo("rain", "A storm", 10, desk.GUID("new"), long(9))), lastHour, true, false,
		},
		"I3: less than nine tenths are not": { // 86 of 96 runs
			ajo("rain", "Rain", 900, long(0)), whole(ajo("rain", "A storm", 10, desk.GUID("new"), long(10))), lastHour, false, false,
		},
		"I3: an address that says nothing does not count": {
			ajo("rain", "Rain", 15, desk.URL("https://ajo.example/")), whole(ajo("x", "Rain", 10, desk.URL("https://ajo.example/"))), lastHour, false, false,
		},
		"I3: one date and headline": {
			ajo("rain", "Rain", 10), whole(ajo("storm", "Rain", 10)), lastHour, true, false,
		},
		"I3: in a part of a document, date and headline are too little": {
			ajo("rain", "Rain", 10), part(whole(ajo("storm", "Rain", 10))), lastHour, false, false,
		},
		"I3: dates agree to the minute": {
			ajo("rain", "Rain", 10, func(e *news.Entry) { e.Published = e.Published.Add(59 * time.Second) }), whole(ajo("storm", "Rain", 10)), lastHour, true, false,
		},
		"I3: a minute apart with one headline": {
			ajo("rain", "Rain", 10), whole(ajo("storm", "Rain", 9)), lastHour, false, false,
		},
		"I3: one date and last segment of the path": {
			ajo("rain", "Rain", 10), whole(ajo("x", "A storm", 10, desk.URL("https://ajo.example/news/rain"))), lastHour, true, false,
		},
		"I3: a last segment of three letters is not telling": {
			ajo("wet", "Rain", 10), whole(ajo("x", "A storm", 10, desk.URL("https://ajo.example/news/wet"))), lastHour, false, false,
		},
		"I3: one date and text": {
			ajo("rain", "Rain", 10, long(0)), whole(ajo("storm", "A storm", 10, long(0))), lastHour, true, false,
		},
		"I3: one date alone": {
			ajo("rain", "Rain", 10, long(0)), whole(ajo("storm", "A storm", 10, long(500))), lastHour, false, false,
		},
		"I3: other audio under another date is the next edition": {
			ajo("news", "Newscast", 70, desk.Audio(tape)), whole(ajo("news", "Newscast", 10, desk.GUID("new"), desk.Audio(otherTape))), lastHour, false, false,
		},
		"I3: other audio under one date is not": {
			ajo("news", "Newscast", 10, desk.Audio(tape)), whole(ajo("news", "Newscast", 10, desk.GUID("new"), desk.Audio(otherTape))), lastHour, true, false,
		},
		"I3: audio that came later under another date is not": {
			ajo("news", "Newscast", 70), whole(ajo("news", "Newscast", 10, desk.GUID("new"), desk.Audio(otherTape))), lastHour, true, false,
		},
		"I3: an item without a guid gets one": {
			ajo("rain", "Rain", 10, desk.GUID("")), whole(ajo("rain", "Rain", 10)), lastHour, true, false,
		},

		"I4: without a guid, the address identifies": {
			ajo("rain", "Rain", 10, desk.GUID("")), whole(ajo("rain", "A storm", 5, desk.GUID(""))), lastHour, true, false,
		},
		"I4: without a guid, another item's guid is no hindrance": {
			ajo("rain", "Rain", 10), whole(ajo("rain", "A storm", 5, desk.GUID(""))), lastHour, true, false,
		},
		"I4: an address that says nothing does not identify": {
			ajo("rain", "Rain", 10, desk.GUID(""), desk.URL("https://ajo.example/")), whole(ajo("x", "A storm", 5, desk.GUID(""), desk.URL("https://ajo.example/"))), lastHour, false, false,
		},
		"I4: headline and date identify under another address": {
			ajo("rain", "Rain", 10, desk.GUID("")), whole(ajo("storm", "Rain", 10, desk.GUID(""), summary("New."))), lastHour, true, false,
		},
		"I4: headline and text identify under another address": {
			ajo("rain", "Rain", 10, desk.GUID("")), whole(ajo("storm", "Rain", 5, desk.GUID(""))), lastHour, true, false,
		},
		"I4: a headline alone does not": {
			ajo("rain", "Rain", 10, desk.GUID("")), whole(ajo("storm", "Rain", 5, desk.GUID(""), summary("New."))), lastHour, false, false,
		},
		"I4: headline and date of an item with a guid do not": {
			ajo("rain", "Rain", 10), whole(ajo("storm", "Rain", 10, desk.GUID(""))), lastHour, false, false,
		},
		"I4: an address may be used again as well": {
			ajo("news", "Rain", 900, desk.GUID(""), desk.Audio(tape)), whole(ajo("news", "A storm", 10, desk.GUID(""), desk.Audio(otherTape)), distinctRoads), lastHour, false, false,
		},
	} {
		m := matched(d, c.arrival, c.memory, known(7, c.item))
		if have := m.Items[0] == 7; have != c.same {
			t.Errorf("%s: it is the item: %t", name, have)
		}
		if m.Reused[0] != c.reused {
			t.Errorf("%s: its guid was used again: %t", name, m.Reused[0])
		}
		if have := slices.Contains(kindsOf(m.FeedFlags), news.FlagGUIDReused); have != (c.reused && c.memory.Untrusted.IsZero()) {
			t.Errorf("%s: the feed is flagged: %v", name, kindsOf(m.FeedFlags))
		}
	}
}

func TestTheReuseOfGUIDsIsFlaggedOnce(t *testing.T) {
	m := lastHour
	m.Reused = true
	have := matched(desk.Directory(t), whole(ajo("storm", "A storm", 10, desk.GUID("ajo-rain")), ajo("roads", "Roads", 700)), m, known(7, ajo("rain", "Rain", 900)))
	if !have.Reused[0] || len(have.FeedFlags) > 0 {
		t.Errorf("used again %v, flags %v", have.Reused, kindsOf(have.FeedFlags))
	}
}

func TestAnotherFeedsItemIsNeverTheEntry(t *testing.T) {
	other := known(7, ajo("rain", "Rain", 10))
	other.Feed = "https://ajo.example/podcast.xml"
	if m := matched(desk.Directory(t), whole(ajo("rain", "Rain", 10)), lastHour, other); len(m.Items) > 0 {
		t.Errorf("entries are %v", m.Items)
	}
}

func TestTrustInGUIDs(t *testing.T) {
	d := desk.Directory(t)
	before := lastHour
	before.Marks = Read(d, whole(ajo("rain", "Rain", 30, desk.GUID("7"))), visit.Memory{}).Marks
	before.Marks[0].Item = 1
	lost := lastHour
	lost.Untrusted = desk.Noon.Add(-time.Hour)
	for name, c := range map[string]struct {
		memory   visit.Memory
		entries  []news.Entry
		distrust bool
	}{
		"I2: two guids for two entries":                        {lastHour, []news.Entry{ajo("a", "A", 10), ajo("b", "B", 9)}, false},
		"I2: one guid under two addresses":                     {lastHour, []news.Entry{ajo("a", "A", 10, desk.GUID("7")), ajo("b", "A", 9, desk.GUID("7"))}, true},
		"I2: one guid under two headlines":                     {lastHour, []news.Entry{ajo("a", "A", 10, desk.GUID("7")), ajo("a", "B", 9, desk.GUID("7"))}, true},
		"I2: one guid told twice alike":                        {lastHour, []news.Entry{ajo("a", "A", 10, desk.GUID("7")), ajo("a", "A", 9, desk.GUID("7"))}, false},
		"I2: two entries without a guid":                       {lastHour, []news.Entry{ajo("a", "A", 10, desk.GUID("")), ajo("b", "B", 9, desk.GUID(""))}, false},
		"I2: a guid that another entry has had, and has still": {before, []news.Entry{ajo("rain", "Rain", 30, desk.GUID("7")), ajo("b", "B", 9, desk.GUID("7"))}, true},
		"I2: a guid that says it is none":                      {lastHour, []news.Entry{ajo("a", "A", 10, desk.GUID("n/a"))}, true},
		"I2: a guid that is the feed's own page":               {lastHour, []news.Entry{ajo("a", "A", 10, desk.GUID("https://ajo.example/"))}, true},
		"I2: a guid that is a home page":                       {lastHour, []news.Entry{ajo("a", "A", 10, desk.GUID("https://elsewhere.example/"))}, true},
		"I2: a guid that is a feed":                            {lastHour, []news.Entry{ajo("a", "A", 10, desk.GUID("https://kmsa.example/rss.xml"))}, true},
		"I2: a guid that is a story's page":                    {lastHour, []news.Entry{ajo("a", "A", 10, desk.GUID("https://elsewhere.example/a"))}, false},
		"I2: trust that is lost is not lost again":             {lost, []news.Entry{ajo("a", "A", 10, desk.GUID("n/a"))}, false},
	} {
		m := matched(d, whole(c.entries...), c.memory)
		if m.Distrust != c.distrust {
			t.Errorf("%s: trust is lost: %t", name, m.Distrust)
		}
		if have := slices.Contains(kindsOf(m.FeedFlags), news.FlagGUIDDistrusted); have != c.distrust {
			t.Errorf("%s: flags %v", name, kindsOf(m.FeedFlags))
		}
	}
}

func TestAFeedsOwnPageIsNoGUID(t *testing.T) {
	a := whole(ajo("a", "A", 10, desk.GUID("https://ajo.example/latest-news")))
	if matched(desk.Directory(t), a, lastHour).Distrust {
		t.Error("a page that is not the feed's costs its trust")
	}
	a.Link = "https://ajo.example/latest-news"
	if !matched(desk.Directory(t), a, lastHour).Distrust {
		t.Error("the feed's own page as a guid does not cost its trust")
	}
}

func TestEntriesAreGivenTheItemThatTheyAreMostLike(t *testing.T) {
	d := desk.Directory(t)
	items := []*news.Item{known(1, ajo("rain", "Rain", 10, desk.GUID("one"))), known(2, ajo("storm", "Rain", 10, desk.GUID("two")))}
	entries := []news.Entry{ajo("storm", "Rain", 10, desk.GUID("new-2")), ajo("rain", "Rain", 10, desk.GUID("new-1"))}
	for range 2 {
		m := matched(d, whole(entries...), lastHour, items...)
		for place, e := range entries {
			if want := map[string]uint64{"new-1": 1, "new-2": 2}[e.GUID]; m.Items[place] != want {
				t.Errorf("entry %s is item %d, want %d", e.GUID, m.Items[place], want)
			}
		}
		slices.Reverse(entries)
		slices.Reverse(items)
	}
}

func TestAnItemThatIsStillThereIsATwin(t *testing.T) {
	d := desk.Directory(t)
	old := ajo("rain", "Rain", 10)
	unchanged := lastHour
	unchanged.Marks = Read(d, whole(old), visit.Memory{}).Marks
	unchanged.Marks[0].Item = 7
	for name, c := range map[string]struct {
		memory  visit.Memory
		entries []news.Entry
		twin    bool
	}{
		"the old entry is there as it was":              {unchanged, []news.Entry{ajo("storm", "Rain", 10), old}, true},
		"the old entry is there and was edited":         {unchanged, []news.Entry{ajo("storm", "Rain", 10), ajo("rain", "Rain", 10, desk.Text("<p>More rain.</p>"))}, true},
		"the old entry has left":                        {unchanged, []news.Entry{ajo("storm", "Rain", 10)}, false},
		"the old entry is there and nothing is like it": {unchanged, []news.Entry{ajo("storm", "A storm", 9), old}, false},
	} {
		m := matched(d, whole(c.entries...), c.memory, known(7, old))
		if have := len(m.Twins) == 1 && m.Twins[0] == (visit.Twin{Place: 0, With: old.URL, Title: "Rain"}); have != c.twin {
			t.Errorf("%s: twins are %+v", name, m.Twins)
		}
		if c.twin && m.Items[0] != 0 {
			t.Errorf("%s: it is taken for item %d", name, m.Items[0])
		}
	}
}

// moved is a feed whose CMS gave every entry another GUID: so many are known by date and
// headline, and so many more by nothing.
func moved(matching, others, minutes int) (entries []news.Entry, items []*news.Item) {
	for n := range matching {
		e := ajo(fmt.Sprint("old-", n), fmt.Sprint("Story ", n), minutes+n)
		items = append(items, known(uint64(n+1), e))
		entries = append(entries, ajo(fmt.Sprint("new-", n), e.Title, minutes+n))
	}
	for n := range others {
		entries = append(entries, ajo(fmt.Sprint("other-", n), fmt.Sprint("Other story ", n), minutes+100+n))
	}
	return entries, items
}

func TestANewCMS(t *testing.T) {
	d := desk.Directory(t)
	const yesterday = 24 * 60
	taken := func(e []news.Entry) *visit.Arrival { return whole(e...) }
	for name, c := range map[string]struct {
		matching, others int
		minutes          int
		arrive           func([]news.Entry) *visit.Arrival
		memory           visit.Memory
		doubtful         int
		flags            []news.FlagKind
	}{
		"I5: all of five are known":                 {5, 0, yesterday, taken, lastHour, 0, []news.FlagKind{news.FlagMigration}},
		"I5: four of four are known, no notice":     {4, 0, yesterday, taken, lastHour, 0, nil},
		"I5: four fifths are known":                 {4, 1, yesterday, taken, lastHour, 0, nil},
		"I5: less than four fifths are known":       {3, 2, yesterday, taken, lastHour, 2, []news.FlagKind{news.FlagMigrationDoubt}},
		"I5: less than four fifths of many":         {7, 2, yesterday, taken, lastHour, 2, []news.FlagKind{news.FlagMigration, news.FlagMigrationDoubt}},
		"I5: of four, half is too few to doubt":     {2, 2, yesterday, taken, lastHour, 0, nil},
		"I5: nothing is known: no migration at all": {0, 5, yesterday, taken, lastHour, 0, nil},
		"I5: in the feed's first document":          {3, 2, yesterday, taken, visit.Memory{}, 0, nil},
		"I5: dated since the last visit":            {3, 2, -30, taken, lastHour, 0, nil},
		"I5: in a part of a document nothing is I5": {3, 2, yesterday, func(e []news.Entry) *visit.Arrival { a := whole(e...); a.Whole = false; return a }, lastHour, 0, nil},
	} {
		entries, items := moved(c.matching, c.others, c.minutes)
		m := matched(d, c.arrive(entries), c.memory, items...)
		if len(m.Doubtful) != c.doubtful || !slices.Equal(kindsOf(m.FeedFlags), c.flags) {
			t.Errorf("%s: %d entries are doubtful and the flags are %v, want %d and %v", name, len(m.Doubtful), kindsOf(m.FeedFlags), c.doubtful, c.flags)
		}
		if want := c.matching; c.arrive(nil).Whole && len(m.Items) != want {
			t.Errorf("%s: %d entries are known items, want %d", name, len(m.Items), want)
		}
	}
}

// Three of five entries without a date are known by address and headline. That is too few,
// and without a date it is too little.
func TestANewCMSIsSeenInWholeDocumentsAfterTheFirst(t *testing.T) {
	d := desk.Directory(t)
	for name, c := range map[string]struct {
		memory          visit.Memory
		part            bool
		known, doubtful int
	}{
		"I5: in a whole document":          {lastHour, false, 0, 5},
		"I5: in a part of one":             {lastHour, true, 3, 0},
		"I5: in the feed's first document": {visit.Memory{}, false, 3, 0},
	} {
		var entries []news.Entry
		var items []*news.Item
		for n := range 5 {
			e := ajo(fmt.Sprint("story-", n), fmt.Sprint("Story ", n), 0, desk.Undated)
			if n < 3 {
				items = append(items, known(uint64(n+1), e))
			}
			entries = append(entries, ajo(fmt.Sprint("story-", n), fmt.Sprint("Story ", n), 0, desk.Undated, desk.GUID(fmt.Sprint("new-", n))))
		}
		a := whole(entries...)
		a.Whole = !c.part
		m := matched(d, a, c.memory, items...)
		if len(m.Items) != c.known || len(m.Doubtful) != c.doubtful {
			t.Errorf("%s: known are %v, doubtful %v", name, m.Items, m.Doubtful)
		}
	}
}

func TestAGUIDThatIsGivenOrTakenAwayIsNoAlias(t *testing.T) {
	d := desk.Directory(t)
	for name, c := range map[string]struct{ before, now desk.Change }{
		"guids are given at last": {desk.GUID(""), func(*news.Entry) {}},
		"guids are gone":          {func(*news.Entry) {}, desk.GUID("")},
	} {
		var entries []news.Entry
		var items []*news.Item
		for n := range 6 {
			slug, title := fmt.Sprint("story-", n), fmt.Sprint("Story ", n)
			items = append(items, known(uint64(n+1), ajo(slug, title, 90+n, c.before)))
			entries = append(entries, ajo(slug, title, 90+n, c.now))
		}
		if m := matched(d, whole(entries...), lastHour, items...); len(m.Items) != 6 || len(m.FeedFlags) > 0 {
			t.Errorf("%s: known are %v, flags %v", name, m.Items, kindsOf(m.FeedFlags))
		}
	}
}

// Of a doubtful migration those are taken that agree in headline and date; what is alike by
// its path alone waits, and so does what is like nothing. Its item counts as present.
func TestWhatIsTakenOfADoubtfulMigration(t *testing.T) {
	entries, items := moved(2, 2, 24*60)
	old := ajo("dry-wells", "Dry wells", 3000)
	entries, items = append(entries, ajo("x", "Wells are dry", 3000, desk.URL("https://ajo.example/news/dry-wells"))), append(items, known(9, old))
	m := matched(desk.Directory(t), whole(entries...), lastHour, items...)
	if len(m.Items) != 2 || m.Items[0] != 1 || m.Items[1] != 2 {
		t.Errorf("known are %v", m.Items)
	}
	if !m.Doubtful[2] || !m.Doubtful[3] || !m.Doubtful[4] || len(m.Doubtful) != 3 {
		t.Errorf("doubtful are %v", m.Doubtful)
	}
	if !slices.Contains(m.Present, 9) {
		t.Errorf("present are %v", m.Present)
	}
}

func TestWhichEntriesShouldBeKnown(t *testing.T) {
	d := desk.Directory(t)
	for name, c := range map[string]struct {
		entry    news.Entry
		doubtful bool
	}{
		"dated an hour before the last visit":         {ajo("x", "X", 120), false},
		"dated a minute more than that":               {ajo("x", "X", 121), true},
		"without a date":                              {ajo("x", "X", 0, desk.Undated), true},
		"dated after the last visit":                  {ajo("x", "X", 30), false},
		"dated before, and not taken by the feed yet": {ajo("passed", "X", 24*60), false},
	} {
		entries, items := moved(3, 1, 24*60)
		memory := lastHour
		memory.Marks = Read(d, whole(ajo("passed", "X before", 24*60)), visit.Memory{}).Marks
		m := matched(d, whole(append(entries, c.entry)...), memory, items...)
		if have := m.Doubtful[4]; have != c.doubtful {
			t.Errorf("an entry %s waits: %t", name, have)
		}
	}
}

func TestAddressesThatSeveralItemsShare(t *testing.T) {
	d := desk.Directory(t)
	const live, key = "https://ajo.example/2031/live", "ajo.example/2031/live"
	at := func(slug, title string) news.Entry { return ajo(slug, title, 10, desk.URL(live)) }
	had := func(number uint64, slug string) *news.Item {
		i := known(number, ajo(slug, "Item "+slug, 900))
		i.Links = []string{live, i.Entry.URL}
		return i
	}
	trusted := lastHour
	trusted.Trusted = desk.Noon.Add(-30 * time.Minute)
	sound := func(e news.Entry, url string) news.Entry { desk.Audio(url)(&e); return e }
	one, two := sound(at("a", "A"), "https://cdn.ajo.example/1.mp3"), sound(at("c", "A"), "https://cdn.ajo.example/2.mp3")
	already := lastHour
	already.Unidentified = []string{key}
	for name, c := range map[string]struct {
		memory  visit.Memory
		entries []news.Entry
		items   []*news.Item
		shared  bool
	}{
		"two headlines under one address":                 {lastHour, []news.Entry{at("a", "A"), at("b", "B")}, nil, false},
		"three headlines under one address":               {lastHour, []news.Entry{at("a", "A"), at("b", "B"), at("c", "C")}, nil, true},
		"three headlines under three addresses":           {lastHour, []news.Entry{ajo("a", "A", 1), ajo("b", "B", 2), ajo("c", "C", 3)}, nil, false},
		"an entry where one item was before":              {lastHour, []news.Entry{at("a", "A")}, []*news.Item{had(1, "x")}, false},
		"an entry where two items were before":            {lastHour, []news.Entry{at("a", "A")}, []*news.Item{had(1, "x"), had(2, "y")}, true},
		"three items that had it before the feed's trust": {trusted, []news.Entry{at("a", "A")}, []*news.Item{had(1, "x"), had(2, "y")}, false},
		"two known items and a new entry":                 {lastHour, []news.Entry{one, at("b", "B"), two}, []*news.Item{known(1, one), known(2, at("b", "B"))}, true},
		"the same, known before the feed's trust":         {trusted, []news.Entry{one, at("b", "B"), two}, []*news.Item{known(1, one), known(2, at("b", "B"))}, false},
		"three headlines, known before the feed's trust":  {trusted, []news.Entry{at("a", "A"), at("b", "B"), at("c", "C")}, []*news.Item{known(1, at("a", "A")), known(2, at("b", "B")), known(3, at("c", "C"))}, true},
		"an address that is known to say nothing":         {already, []news.Entry{at("a", "A"), at("b", "B"), at("c", "C")}, nil, false},
	} {
		m := matched(d, whole(c.entries...), c.memory, c.items...)
		var want []string
		var flags []news.FlagKind
		if c.shared {
			want, flags = []string{key}, []news.FlagKind{news.FlagAddressDistrusted}
		}
		if !slices.Equal(m.Shared, want) || !slices.Equal(kindsOf(m.FeedFlags), flags) {
			t.Errorf("%s: shared are %q, flags %v", name, m.Shared, kindsOf(m.FeedFlags))
		}
	}
}

func TestPagesThatMaySaySomething(t *testing.T) {
	c := desk.Config(t)
	d := directory.New(c)
	c.Pages = false
	unread := directory.New(c)
	const day = 24 * 60
	claim := func(html string) desk.Change { return desk.Text("<p>Originally published by " + html + ".</p>") }
	copyOf := desk.Item("kmsa", 3, desk.Entry("kmsa", "rain", "Rain", 10, desk.URL("https://ajo.example/2031/02/rain")))
	file := func(a *visit.Arrival) *visit.Arrival { a.Feed.Path = "/var/feeds/ajo.xml"; return a }
	for name, c := range map[string]struct {
		d        *directory.Directory
		arrival  *visit.Arrival
		items    []*news.Item
		readable bool
	}{
		"a new entry's":                            {d, whole(ajo("rain", "Rain", 10)), nil, true},
		"a known item's":                           {d, whole(ajo("rain", "Rain", 10)), []*news.Item{known(7, ajo("rain", "Rain", 10))}, false},
		"where no pages are read":                  {unread, whole(ajo("rain", "Rain", 10)), nil, false},
		"of a feed that is a file":                 {d, file(whole(ajo("rain", "Rain", 10))), nil, false},
		"two weeks old":                            {d, whole(ajo("rain", "Rain", 14*day)), nil, true},
		"a minute older":                           {d, whole(ajo("rain", "Rain", 14*day+1)), nil, false},
		"without a date":                           {d, whole(ajo("rain", "Rain", 0, desk.Undated)), nil, true},
		"on another's host":                        {d, whole(ajo("rain", "Rain", 10, desk.URL("https://elsewhere.example/2031/rain"))), nil, false},
		"a home page":                              {d, whole(ajo("rain", "Rain", 10, desk.URL("https://ajo.example/"))), nil, false},
		"of an entry that claims another's story":  {d, whole(ajo("rain", "Rain", 10, desk.Link("canonical", "https://kmsa.example/2031/02/rain"))), nil, false},
		"of an entry that claims it in a sentence": {d, whole(ajo("rain", "Rain", 10, claim(`<a href="https://kmsa.example/2031/02/rain">KMSA</a>`))), nil, false},
		"of an entry that claims its own":          {d, whole(ajo("rain", "Rain", 10, desk.Link("canonical", "https://ajo.example/2031/02/rain"))), nil, true},
		"of an entry that claims a home page":      {d, whole(ajo("rain", "Rain", 10, desk.Link("canonical", "https://kmsa.example/"))), nil, true},
		"of an entry with a hint at another's":     {d, whole(ajo("rain", "Rain", 10, desk.Link("via", "https://kmsa.example/2031/02/rain"), desk.GUID("https://kmsa.example/?p=1"))), nil, true},
		"where another's item has that address":    {d, whole(ajo("rain", "Rain", 10)), []*news.Item{copyOf}, false},
		"where another's item has another address": {d, whole(ajo("rain", "Rain", 10)), []*news.Item{desk.Item("kmsa", 3, desk.Entry("kmsa", "rain", "Rain", 10))}, true},
	} {
		if have := matched(c.d, c.arrival, lastHour, c.items...).Readable[0]; have != c.readable {
			t.Errorf("a page %s may say something: %t", name, have)
		}
	}
}

// An item that was known by twenty spellings of one GUID is one item under that alias, not twenty
// among which nothing could be told.
func TestSpellingsOfOneItemDoNotCountAsItems(t *testing.T) {
	d := desk.Directory(t)
	i := known(7, ajo("rain", "Rain", 900))
	i.GUIDs, i.Links = nil, nil
	for n := range 20 {
		slashes := strings.Repeat("/", n%2)
		i.GUIDs = append(i.GUIDs, fmt.Sprintf("http://www.ajo.example/story/9?utm_id=%d", n)+slashes)
		i.Links = append(i.Links, fmt.Sprintf("http://ajo.example/2031/rain?utm_id=%d", n))
	}
	for name, e := range map[string]news.Entry{
		"by its alias":   ajo("storm", "A storm", 10, desk.GUID("https://ajo.example/story/9")),
		"by its address": ajo("x", "Rain", 900, desk.URL("https://ajo.example/2031/rain")),
	} {
		if m := matched(d, whole(e), lastHour, i); m.Items[0] != 7 {
			t.Errorf("%s the entry is not the item", name)
		}
	}
}
