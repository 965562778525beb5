package admit

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/identity/within"
	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

const day = 24 * 60 // in minutes

// ajo is an entry of Radio Ajo's, that many minutes before noon.
func ajo(slug string, minutes int, changes ...desk.Change) news.Entry {
	return desk.Entry("ajo", slug, "About "+slug, minutes, changes...)
}

// series returns so many entries of Radio Ajo's, a minute apart, the newest that many minutes
// before noon.
func series(name string, count, minutes int) (list []news.Entry) {
	for n := range count {
		list = append(list, ajo(fmt.Sprint(name, "-", n), minutes+n))
	}
	return list
}

// lastHour is the memory of a feed whose last good visit was an hour ago.
var lastHour = visit.Memory{Since: desk.Noon.Add(-100 * 24 * time.Hour), Last: desk.Noon.Add(-time.Hour)}

func document(t *testing.T, m visit.Memory, entries ...news.Entry) *within.Document {
	t.Helper()
	a := &visit.Arrival{Feed: desk.Feed("ajo"), Link: "https://ajo.example/", Language: "en", At: desk.Noon, Whole: true, Entries: entries}
	return within.Read(desk.Directory(t), a, m)
}

// allNew says that no entry is a known item.
var allNew = &visit.Match{}

// held counts the admissions that are held for a kind of reason.
func held(list []Admission, kind news.HoldKind) (n int) {
	for _, a := range list {
		if a.Hold != nil && a.Hold.Kind == kind {
			n++
		}
	}
	return n
}

func TestWhatDateAnEntryHas(t *testing.T) {
	const minute, hour, week = time.Minute, time.Hour, 7 * 24 * time.Hour
	none := time.Time{}
	at := func(d time.Duration) time.Time { return desk.Noon.Add(d) }
	for name, c := range map[string]struct {
		stated  time.Time
		offset  time.Duration
		unsure  bool
		want    time.Time
		embargo bool
	}{
		"no date is none":                               {none, 0, false, none, false},
		"a date before is believed":                     {at(-hour), 0, false, at(-hour), false},
		"the visit's own is believed":                   {at(0), 0, false, at(0), false},
		"the last second of 1989 is a fault":            {time.Date(1989, 12, 31, 23, 59, 59, 0, time.UTC), 0, false, none, false},
		"the first of 1990 is believed":                 {time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), 0, false, time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), false},
		"15 minutes ahead is the time of the visit":     {at(15 * minute), 0, false, at(0), false},
		"a second more is an embargo":                   {at(15*minute + time.Second), 0, false, at(15*minute + time.Second), true},
		"seven days ahead is an embargo":                {at(week), 0, false, at(week), true},
		"a second more is no date":                      {at(week + time.Second), 0, false, none, false},
		"ahead of a clock that may be wrong, it is now": {at(3 * hour), 0, true, at(0), false},
		"the feed's offset is taken off":                {at(6 * hour), 7 * hour, false, at(-hour), false},
		"what is ahead beyond the offset waits":         {at(8 * hour), 7 * hour, false, at(hour), true},
	} {
		date, embargo := TrustedDate(c.stated, desk.Noon, c.offset, c.unsure)
		if !date.Equal(c.want) || (embargo != nil) != c.embargo {
			t.Errorf("%s: %v, embargo %+v", name, date, embargo)
		}
		if embargo != nil && *embargo != (news.ItemHold{Kind: news.HoldEmbargo, Since: desk.Noon, Until: c.want}) {
			t.Errorf("%s: the embargo is %+v", name, embargo)
		}
	}
	if IsAheadOfVisit(at(15*minute), desk.Noon, 0) || !IsAheadOfVisit(at(16*minute), desk.Noon, 0) || IsAheadOfVisit(at(16*minute), desk.Noon, minute) {
		t.Error("what is ahead by more than clocks differ is wrong")
	}
	if !IsPlausible(time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)) || IsPlausible(time.Date(1989, 12, 31, 23, 59, 59, 0, time.UTC)) {
		t.Error("1990 is not where dates begin")
	}
}

func TestHoldsOfNewEntries(t *testing.T) {
	entry := ajo("rain", -60)
	for name, c := range map[string]struct {
		match *visit.Match
		want  news.HoldKind
	}{
		"an entry that is ahead waits for its date":             {allNew, news.HoldEmbargo},
		"one that may be known waits for an editor before that": {&visit.Match{Doubtful: map[int]bool{0: true}}, news.HoldMigration},
	} {
		list, _ := Decide(document(t, lastHour, entry), c.match, 0)
		if h := list[0].Hold; h == nil || h.Kind != c.want || !h.Since.Equal(desk.Noon) {
			t.Errorf("%s: %+v", name, h)
		}
		if list[0].Embargo == nil {
			t.Errorf("%s: its embargo is forgotten", name)
		}
	}
	list, _ := Decide(document(t, lastHour, ajo("rain", 60)), allNew, 0)
	if list[0].Hold != nil || list[0].Item != 0 {
		t.Errorf("an entry of today is %+v", list[0])
	}
}

func TestDatesOfAnImportSayNothing(t *testing.T) {
	imported := func(count int, span time.Duration) (list []news.Entry) {
		for n := range count {
			e := ajo(fmt.Sprint("import-", n), 30)
			e.Published = e.Published.Add(span * time.Duration(n) / time.Duration(count-1))
			list = append(list, e)
		}
		return list
	}
	ahead := imported(10, time.Minute)
	for n := range ahead {
		ahead[n].Published = ahead[n].Published.Add(24 * time.Hour)
	}
	undated := func(list []news.Entry) []news.Entry { list[0].Published = time.Time{}; return list }
	for name, c := range map[string]struct {
		entries []news.Entry
		match   *visit.Match
		without int // entries whose date says nothing
	}{
		"ten of one minute":                       {imported(10, time.Minute), allNew, 10},
		"nine of one minute":                      {imported(9, time.Minute), allNew, 0},
		"ten of a second more than a minute":      {imported(10, 61*time.Second), allNew, 0},
		"ten, half of the document":               {slices.Concat(imported(10, time.Minute), series("other", 10, 60)), allNew, 10},
		"ten, less than half of the document":     {slices.Concat(imported(10, time.Minute), series("other", 11, 60)), allNew, 0},
		"ten, and one of them was known":          {imported(10, time.Minute), &visit.Match{Items: map[int]uint64{0: 7}}, 0},
		"ten, and one of them has no date anyway": {undated(imported(10, time.Minute)), allNew, 1},
		"ten that are ahead, which end to wait":   {ahead, allNew, 10},
	} {
		list, _ := Decide(document(t, visit.Memory{}, c.entries...), c.match, 0)
		without := 0
		for _, a := range list {
			if a.TrustedDate.IsZero() {
				without++
			}
		}
		if without != c.without || held(list, news.HoldEmbargo) > 0 {
			t.Errorf("%s: %d dates say nothing, and %d wait", name, without, held(list, news.HoldEmbargo))
		}
	}
}

func TestFloods(t *testing.T) {
	old := func(count int) []news.Entry { return series("old", count, 3*day) }
	undated := func(count int) (list []news.Entry) {
		for n := range count {
			list = append(list, ajo(fmt.Sprint("undated-", n), 0, desk.Undated))
		}
		return list
	}
	long := lastHour
	long.Last = desk.Noon.Add(-5 * 24 * time.Hour)
	passed := lastHour
	passed.Marks = document(t, visit.Memory{}, old(6)...).Marks
	edited := old(6)
	for n := range edited {
		edited[n].Digest = news.Digest{byte(n)}
	}
	known := &visit.Match{Items: map[int]uint64{0: 7}}
	for name, c := range map[string]struct {
		memory  visit.Memory
		entries []news.Entry
		match   *visit.Match
		held    int
	}{
		"six old entries":  {lastHour, old(6), allNew, 6},
		"five old entries": {lastHour, old(5), allNew, 0},
		"six old entries, a quarter of the document":    {lastHour, slices.Concat(old(6), series("new", 18, 10)), allNew, 0},
		"six old entries, more than a quarter":          {lastHour, slices.Concat(old(6), series("new", 17, 10)), allNew, 6},
		"fresh entries are none, however many":          {lastHour, series("new", 30, 10), allNew, 0},
		"two days old is not old":                       {lastHour, series("old", 6, 2*day-5), allNew, 0},
		"a minute more than two days is":                {lastHour, series("old", 6, 2*day+1), allNew, 6},
		"entries without a date are old":                {lastHour, undated(6), allNew, 6},
		"five and a known one":                          {lastHour, old(6), known, 0},
		"five and a doubtful one":                       {lastHour, old(6), &visit.Match{Doubtful: map[int]bool{0: true}}, 0},
		"what came while the feed could not be visited": {long, old(6), allNew, 0},
		"a feed's first document":                       {visit.Memory{}, old(6), allNew, 0},
		"what a filter newly takes":                     {passed, edited, allNew, 0},
	} {
		list, m := Decide(document(t, c.memory, c.entries...), c.match, 0)
		if have := held(list, news.HoldFlood); have != c.held {
			t.Errorf("%s: %d are held, want %d", name, have, c.held)
		}
		if have := m.HasFlag(news.FlagFlood); have != (c.held > 0) {
			t.Errorf("%s: the feed is flagged: %t", name, have)
		}
	}
}

func TestAFloodIsHeldUntilItIsNoNewsAnyMore(t *testing.T) {
	const week = 7 * 24 * time.Hour
	for maxAge, until := range map[time.Duration]time.Time{0: {}, week: desk.Noon.Add(week)} {
		list, _ := Decide(document(t, lastHour, series("old", 6, 3*day)...), allNew, maxAge)
		if h := list[0].Hold; !h.Until.Equal(until) || !h.Since.Equal(desk.Noon) {
			t.Errorf("with a maximum age of %v it is held %+v", maxAge, h)
		}
	}
}

func TestWhatAFeedBringsInADay(t *testing.T) {
	began := func(ago time.Duration, already, waiting int) visit.Memory {
		m := lastHour
		m.Day = visit.Day{Began: desk.Noon.Add(-ago), New: already}
		m.Waiting = make([]uint64, waiting)
		return m
	}
	for name, c := range map[string]struct {
		memory           visit.Memory
		fresh            int
		held, refused    int
		counted          int
		anotherDayBegins bool
	}{
		"five hundred go out":                        {lastHour, 500, 0, 0, 500, true},
		"of one more the oldest is held":             {lastHour, 501, 1, 0, 500, true},
		"what came before today counts":              {began(23*time.Hour, 498, 0), 3, 1, 0, 500, false},
		"after a day it counts no more":              {began(24*time.Hour, 498, 0), 3, 0, 0, 3, true},
		"a day that begins later begins now":         {began(-time.Hour, 498, 0), 3, 0, 0, 3, true},
		"room is left for one that is held":          {began(time.Hour, 500, 4999), 3, 1, 2, 500, false},
		"no room is left: they are not taken":        {began(time.Hour, 500, 5000), 3, 0, 3, 500, false},
		"a day with more than its count takes none":  {began(time.Hour, 600, 0), 3, 3, 0, 600, false},
		"a feed's first document may be of any size": {visit.Memory{}, 501, 0, 0, 0, false},
	} {
		entries := series("new", c.fresh, 1)
		list, m := Decide(document(t, c.memory, entries...), allNew, 0)
		if have := held(list, news.HoldFlood); have != c.held || len(list) != c.fresh-c.refused {
			t.Errorf("%s: %d are held and %d not taken, want %d and %d", name, have, c.fresh-len(list), c.held, c.refused)
		}
		if m.Day.New != c.counted || m.Day.Began.Equal(desk.Noon) != c.anotherDayBegins {
			t.Errorf("%s: the day is %+v", name, m.Day)
		}
		if have := m.HasFlag(news.FlagFlood); have != (c.held+c.refused > 0) {
			t.Errorf("%s: the feed is flagged: %t", name, have)
		}
		if n := len(list); c.held == 1 && c.refused == 0 && (n == 0 || list[n-1].Hold == nil || list[0].Hold != nil) {
			t.Errorf("%s: it is not the oldest that is held", name)
		}
	}
}

func TestKnownEntriesAreNoPartOfTheDay(t *testing.T) {
	_, m := Decide(document(t, lastHour, ajo("a", 10), ajo("b", 20), ajo("c", -60)), &visit.Match{Items: map[int]uint64{0: 7}}, 0)
	if m.Day.New != 2 {
		t.Errorf("the day counts %d, want the new one that goes out, and the one that the clock will release", m.Day.New)
	}
}

// Whatever holds what a feed brings, the store does not grow by it without end.
func TestWhatIsHeldOfAFeedIsBounded(t *testing.T) {
	full := lastHour
	full.Waiting = make([]uint64, maxHeld-10)
	for name, c := range map[string]struct {
		match   *visit.Match
		entries []news.Entry
		held    news.HoldKind
		left    int
	}{
		"old entries":                        {allNew, series("old", 40, 3*day), news.HoldFlood, 10},
		"entries that may be known":          {doubtful(40), series("new", 40, 1), news.HoldMigration, 10},
		"entries whose dates are to come":    {allNew, series("ahead", 520, -day), news.HoldFlood, 510},
		"the same, of which none was before": {allNew, series("ahead", 500, -day), news.HoldFlood, 500},
	} {
		list, m := Decide(document(t, full, c.entries...), c.match, 0)
		if len(list) != c.left || held(list, c.held) != c.left%500 {
			t.Errorf("%s: %d are taken, of which %d are held, want %d", name, len(list), held(list, c.held), c.left)
		}
		if c.left%500 != 0 && !m.HasFlag(news.FlagFlood) {
			t.Errorf("%s: the feed is not flagged", name)
		}
	}
}

// doubtful says of so many entries that they may be known items.
func doubtful(entries int) *visit.Match {
	m := &visit.Match{Doubtful: map[int]bool{}}
	for place := range entries {
		m.Doubtful[place] = true
	}
	return m
}

func TestWhatStandsInTheArchiveOnly(t *testing.T) {
	passed := lastHour
	passed.Marks = document(t, visit.Memory{}, ajo("rain", 3*day), ajo("snow", 60)).Marks
	again := func(slug string, minutes int) news.Entry {
		e := ajo(slug, minutes)
		e.Digest = news.Digest{1}
		return e
	}
	for name, c := range map[string]struct {
		memory visit.Memory
		entry  news.Entry
		want   bool
	}{
		"two days old, of a feed that is added later": {visit.Memory{}, ajo("rain", 2*day), false},
		"a minute older": {visit.Memory{}, ajo("rain", 2*day+1), true},
		"without a date": {visit.Memory{}, ajo("rain", 0, desk.Undated), true},
		"older, of a feed that the desk began with": {visit.Memory{Founding: true}, ajo("rain", 9*day), false},
		"older, of a feed that is known":            {lastHour, ajo("rain", 9*day), false},
		"older, which a filter newly takes":         {passed, again("rain", 3*day), true},
		"of today, which a filter newly takes":      {passed, again("snow", 60), false},
	} {
		list, _ := Decide(document(t, c.memory, c.entry), allNew, 0)
		if list[0].ArchiveOnly != c.want {
			t.Errorf("%s: it stands in the archive only: %t", name, list[0].ArchiveOnly)
		}
	}
}

func TestAPageCountsForEachPlaceOfAnEntry(t *testing.T) {
	a := ajo("rain", 10)
	doc := document(t, lastHour, a, ajo("rain", 9, desk.GUID("x")))
	doc.Heads = []visit.Head{{Place: 1, Page: news.Page{Status: 200}}}
	list, _ := Decide(doc, allNew, 0)
	if len(list) != 1 || list[0].Page == nil || list[0].Page.Status != 200 {
		t.Errorf("%+v", list)
	}
}

func TestAFloodSaysWhyItIsHeldAndWhoReleasesIt(t *testing.T) {
	alike := series("import", 10, 60)
	for n := range alike {
		alike[n].Published = desk.Noon.Add(-time.Hour)
	}
	for name, c := range map[string]struct {
		entries []news.Entry
		words   []string
	}{
		"old entries":                 {series("old", 8, 4*24*60), []string{"new to the desk and old", "`release FEED`", "`retract FEED`"}},
		"ten of one minute in twenty": {slices.Concat(alike, series("other", 10, 60*24)), []string{"10 new entries have one date", "import", "`release FEED`"}},
	} {
		_, m := Decide(document(t, lastHour, c.entries...), allNew, 0)
		at := slices.IndexFunc(m.Flags, func(f news.Flag) bool { return f.Kind == news.FlagFlood })
		if at < 0 {
			t.Errorf("%s raise no flag", name)
			continue
		}
		for _, w := range c.words {
			if !strings.Contains(m.Flags[at].Why, w) {
				t.Errorf("%s: %q does not say %q", name, m.Flags[at].Why, w)
			}
		}
	}
}
