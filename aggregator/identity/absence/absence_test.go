package absence

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/identity/within"
	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

// ajo is an entry of Radio Ajo's, that many minutes before noon.
func ajo(slug string, minutes int, changes ...desk.Change) news.Entry {
	return desk.Entry("ajo", slug, "About "+slug, minutes, changes...)
}

func document(d *directory.Directory, m visit.Memory, entries ...news.Entry) *within.Document {
	a := &visit.Arrival{Feed: desk.Feed("ajo"), Link: "https://ajo.example/", At: desk.Noon, Whole: true, Entries: entries}
	return within.Read(d, a, m)
}

// entriesOf returns those of a document in which each letter is an entry, the newest first; a
// capital is an entry that is older than all others, and a digit one that is not taken.
func entriesOf(letters string) (list []news.Entry) {
	for _, c := range letters {
		minutes := int(c)
		if c < 'a' {
			minutes = 9000
		}
		list = append(list, ajo(string(c), minutes))
	}
	return list
}

func TestWhatIsMissing(t *testing.T) {
	d := desk.Directory(t)
	after := func(letters string) visit.Memory {
		m := visit.Memory{Marks: document(d, visit.Memory{}, entriesOf(letters)...).Marks}
		for n, c := range letters {
			if c > '9' {
				m.Marks[n].Item = uint64(c)
			}
		}
		return m
	}
	for name, c := range map[string]struct{ before, now, missing string }{
		"an entry that left the middle is":                             {"abcde", "acde", "b"},
		"the first is":                                                 {"abcde", "bcde", "a"},
		"with two older ones below, the third of five is":              {"abcde", "abde", "c"},
		"with one older one below, the fourth of five is not":          {"abcde", "abce", ""},
		"what scrolled off the end is not":                             {"abcde", "abcd", ""},
		"two at the end are not":                                       {"abcde", "xabc", ""},
		"of three entries, one older one below is enough":              {"abc", "ac", "b"},
		"of four it is not":                                            {"abcd", "abd", ""},
		"the last of three is not":                                     {"abc", "ab", ""},
		"older ones below that left as well show nothing":              {"abcde", "abe", ""},
		"a pinned old entry that goes is not":                          {"Oabcd", "abcd", ""},
		"what newer entries stand below is not":                        {"dcba", "cba", ""},
		"half of a document is":                                        {"abcd", "cd", "ab"},
		"more than half is not":                                        {"abcde", "de", ""},
		"nothing is of a document that is the same":                    {"abcde", "abcde", ""},
		"an entry that the desk did not take is not":                   {"a1bcd", "abcd", ""},
		"entries that were not taken show that one did not scroll off": {"ab12", "a12", "b"},
		"nothing is of a first document":                               {"", "abc", ""},
	} {
		doc := document(d, after(c.before), entriesOf(c.now)...)
		present := map[uint64]bool{}
		for _, r := range c.now {
			present[uint64(r)] = r > '9'
		}
		have := ""
		for _, n := range Missing(doc, present) {
			have += string(rune(n))
		}
		if have != c.missing {
			t.Errorf("%s: from %q to %q missing are %q, want %q", name, c.before, c.now, have, c.missing)
		}
	}
}

func TestNothingIsMissing(t *testing.T) {
	d := desk.Directory(t)
	last := visit.Memory{Marks: document(d, visit.Memory{}, entriesOf("abcde")...).Marks}
	for n := range last.Marks {
		last.Marks[n].Item = uint64(n + 1)
	}
	there := map[uint64]bool{1: true, 3: true, 4: true, 5: true}
	for name, c := range map[string]struct {
		change  func(*within.Document)
		entries []news.Entry
		also    uint64 // an item that is present
	}{
		"in a part of a document":                   {func(doc *within.Document) { doc.Whole = false }, entriesOf("acde"), 0},
		"in the same document again":                {func(doc *within.Document) { doc.Same = true }, entriesOf("acde"), 0},
		"where the entry was edited":                {nil, append(entriesOf("acde"), ajo("b", 1, desk.URL("https://ajo.example/other"))), 0},
		"where the item is there under other names": {nil, append(entriesOf("acde"), ajo("x", 1)), 2},
	} {
		doc := document(d, last, c.entries...)
		if c.change != nil {
			c.change(doc)
		}
		present := map[uint64]bool{c.also: true}
		for n := range there {
			present[n] = true
		}
		if have := Missing(doc, present); len(have) > 0 {
			t.Errorf("%s: missing are %v", name, have)
		}
	}
	if have := Missing(document(d, last, entriesOf("acde")...), there); !slices.Equal(have, []uint64{2}) {
		t.Errorf("otherwise missing are %v, want 2", have)
	}
}

func TestEntriesWithoutAGUIDAreThereByTheirAddress(t *testing.T) {
	d := desk.Directory(t)
	bare := func(slug string, minutes int, address string) news.Entry {
		return ajo(slug, minutes, desk.GUID(""), desk.URL(address))
	}
	entries := []news.Entry{bare("a", 10, "https://ajo.example/a1"), bare("b", 20, "https://ajo.example/b1"), bare("c", 30, "")}
	last := visit.Memory{Marks: document(d, visit.Memory{}, entries...).Marks}
	for n := range last.Marks {
		last.Marks[n].Item = uint64(n + 1)
	}
	edited := bare("a", 5, "https://ajo.example/a1")
	if have := Missing(document(d, last, edited, entries[1], entries[2]), map[uint64]bool{2: true, 3: true}); len(have) > 0 {
		t.Errorf("an edited entry is missing: %v", have)
	}
	if have := Missing(document(d, last, entries[1], entries[2]), map[uint64]bool{2: true, 3: true}); !slices.Equal(have, []uint64{1}) {
		t.Errorf("missing are %v, want 1", have)
	}
}

func TestAnEntryIsNotThereByAnAddressThatAnotherGUIDHas(t *testing.T) {
	d := desk.Directory(t)
	last := visit.Memory{Marks: document(d, visit.Memory{}, entriesOf("abcde")...).Marks}
	for n := range last.Marks {
		last.Marks[n].Item = uint64(n + 1)
	}
	there := map[uint64]bool{1: true, 3: true, 4: true, 5: true}
	remade := ajo("b", 1, desk.GUID("new"))
	if have := Missing(document(d, last, append(entriesOf("acde"), remade)...), there); !slices.Equal(have, []uint64{2}) {
		t.Errorf("missing are %v, want 2", have)
	}
	last.Marks[1].Item = 0
	if have := Missing(document(d, last, entriesOf("acde")...), there); len(have) > 0 {
		t.Errorf("an entry that the desk did not take is missing: %v", have)
	}
}

func TestEntriesWithoutAnyNameAreNotOneAnother(t *testing.T) {
	d := desk.Directory(t)
	nameless := func(slug string, minutes int) news.Entry { return ajo(slug, minutes, desk.GUID(""), desk.URL("")) }
	entries := []news.Entry{nameless("a", 10), ajo("b", 20), ajo("c", 30)}
	last := visit.Memory{Marks: document(d, visit.Memory{}, entries...).Marks}
	for n := range last.Marks {
		last.Marks[n].Item = uint64(n + 1)
	}
	now := document(d, last, nameless("x", 5), entries[1], entries[2])
	if have := Missing(now, map[uint64]bool{2: true, 3: true}); !slices.Equal(have, []uint64{1}) {
		t.Errorf("missing are %v, want 1", have)
	}
}

func TestEntriesWithoutADateAreNotOlder(t *testing.T) {
	d := desk.Directory(t)
	entries := []news.Entry{ajo("a", 10), ajo("b", 0, desk.Undated), ajo("c", 0, desk.Undated)}
	last := visit.Memory{Marks: document(d, visit.Memory{}, entries...).Marks}
	for n := range last.Marks {
		last.Marks[n].Item = uint64(n + 1)
	}
	if have := Missing(document(d, last, entries[1:]...), map[uint64]bool{2: true, 3: true}); len(have) > 0 {
		t.Errorf("missing are %v, though nothing older is below", have)
	}
}

// a step is one visit of the feed.
type step struct {
	after   time.Duration // since the visit before
	present bool          // the entry is there
	page    int           // what its page answers: 0: it is not asked; -1: it does not answer
	want    string        // the item's state, see stateOf
}

// stateOf is an item's state in short: withdrawn, missing, back, the kind of its hold, and
// "…" where it is still followed.
func stateOf(i *news.Item, m visit.Memory) string {
	var parts []string
	switch a := i.Absence; {
	case i.Gone && a != nil && a.IsBack():
		parts = append(parts, "withdrawn, though back")
	case i.Gone:
		parts = append(parts, "withdrawn")
	case a != nil && a.IsBack():
		parts = append(parts, "live again")
	case a != nil:
		parts = append(parts, "missing")
	default:
		parts = append(parts, "live")
	}
	if i.Hold != nil {
		parts = append(parts, "held ("+string(i.Hold.Kind)+")")
	}
	if slices.Contains(m.Watched, i.Number) {
		parts = append(parts, "…")
	}
	return strings.Join(parts, " ")
}

// play visits a feed step by step; the item is missing from the first visit on which it is
// not present.
func play(t *testing.T, name string, d *directory.Directory, i *news.Item, redirect string, steps []step) {
	t.Helper()
	var m visit.Memory
	if i.Absence != nil {
		m.WatchItem(i.Number)
	}
	at := desk.Noon
	for n, s := range steps {
		at = at.Add(s.after)
		doc := document(d, m)
		doc.At = at
		v := Visit{Document: doc, Present: map[uint64]bool{i.Number: s.present}}
		if n == 0 && !s.present {
			v.Missing = []uint64{i.Number}
		}
		if s.present && i.Absence != nil {
			m.WatchItem(i.Number)
		}
		if s.page != 0 {
			doc.Heads = []visit.Head{{Item: i.Number, Check: true, Page: news.Page{Asked: at, Status: max(0, s.page), Moved: redirect}}}
		}
		var changed []*news.Item
		changed, m = Next(d, v, m, map[uint64]*news.Item{i.Number: i})
		if len(changed) > 0 {
			i = changed[0]
		}
		if have := stateOf(i, m); have != s.want {
			t.Errorf("%s: at visit %d it is %q, want %q", name, n+1, have, s.want)
			return
		}
	}
}

const minute, hour = time.Minute, time.Hour

func TestWhatBecomesOfAnItemThatIsMissing(t *testing.T) {
	for name, steps := range map[string][]step{
		"its page says 410":                             {{0, false, 410, "withdrawn"}},
		"its page says 404 once":                        {{0, false, 404, "missing held (withdrawn) …"}},
		"its page says 404 twice, an hour apart":        {{0, false, 404, "missing held (withdrawn) …"}, {hour, false, 404, "withdrawn held (withdrawn)"}},
		"its page says 404 twice, less than that apart": {{0, false, 404, "missing held (withdrawn) …"}, {hour - minute, false, 404, "missing held (withdrawn)"}},
		"its page says 404, then 410":                   {{0, false, 404, "missing held (withdrawn) …"}, {hour, false, 410, "withdrawn held (withdrawn)"}},
		"its page says 404, then answers":               {{0, false, 404, "missing held (withdrawn) …"}, {hour, false, 200, "live"}},
		"its page answers":                              {{0, false, 200, "live"}},
		"its page answers 299":                          {{0, false, 299, "live"}},
		"its page answers 300":                          {{0, false, 300, "missing …"}, {10 * minute, false, 0, "missing held (withdrawn) …"}},
		"its page does not answer":                      {{0, false, -1, "missing …"}, {9 * minute, false, 0, "missing …"}, {minute, false, 0, "missing held (withdrawn) …"}, {hour, false, -1, "missing held (withdrawn)"}},
		"its page is refused":                           {{0, false, 403, "missing …"}, {10 * minute, false, 0, "missing held (withdrawn) …"}},
		"its page is broken":                            {{0, false, 500, "missing …"}, {10 * minute, false, 0, "missing held (withdrawn) …"}, {hour, false, 200, "live"}},
		"it is back in its feed":                        {{0, false, -1, "missing …"}, {minute, true, 0, "live"}},
		"it is held and back in its feed":               {{0, false, 404, "missing held (withdrawn) …"}, {minute, true, 0, "live"}},
	} {
		play(t, name, desk.Directory(t), desk.Item("ajo", 7, ajo("rain", 30)), "", steps)
	}
}

func TestWhereNoPageCanBeAsked(t *testing.T) {
	c := desk.Config(t)
	c.Pages = false
	steps := []step{{0, false, 0, "missing …"}, {10*minute - time.Second, false, 0, "missing …"}, {time.Second, false, 0, "missing held (withdrawn)"}, {hour, true, 0, "live"}}
	play(t, "without pages", directory.New(c), desk.Item("ajo", 7, ajo("rain", 30)), "", steps)
	elsewhere := desk.Item("ajo", 7, ajo("rain", 30, desk.URL("https://elsewhere.example/2031/rain")))
	play(t, "a page on another's host", desk.Directory(t), elsewhere, "", steps)
}

func TestAPageThatLeadsElsewhere(t *testing.T) {
	d := desk.Directory(t)
	for redirect, want := range map[string]string{
		"https://elsewhere.example/":          "missing held (withdrawn) …",
		"https://ajo.example/es":              "missing held (withdrawn) …",
		"https://kmsa.example/rss.xml":        "missing held (withdrawn) …",
		"https://elsewhere.example/2031/02/x": "missing …",
	} {
		play(t, redirect, d, desk.Item("ajo", 7, ajo("rain", 30)), redirect, []step{{0, false, 301, want}})
	}
	play(t, "twice to a home page", d, desk.Item("ajo", 7, ajo("rain", 30)), "https://elsewhere.example/", []step{
		{0, false, 301, "missing held (withdrawn) …"}, {hour, false, 301, "withdrawn held (withdrawn)"},
	})
}

func TestWhatBecomesOfAWithdrawnItemThatIsBack(t *testing.T) {
	for name, steps := range map[string][]step{
		"in two good visits with its page":   {{0, true, 200, "withdrawn …"}, {hour, true, 200, "live again"}},
		"in two visits, once without a page": {{0, true, 200, "withdrawn …"}, {hour, true, -1, "withdrawn …"}, {hour, true, 200, "live again"}},
		"without its page":                   {{0, true, 404, "withdrawn …"}, {hour, true, 410, "withdrawn …"}, {hour, true, 0, "withdrawn …"}},
		"once, and away again":               {{0, true, 200, "withdrawn …"}, {hour, false, 0, "withdrawn"}},
	} {
		i := desk.Item("ajo", 7, ajo("rain", 30))
		i.Gone, i.Absence = true, &news.Absence{Since: desk.Noon.Add(-hour), Status: 410, Asked: desk.Noon.Add(-hour), Checks: 1}
		play(t, name, desk.Directory(t), i, "", steps)
	}
	i := desk.Item("ajo", 7, ajo("rain", 30))
	i.Gone, i.Absence = true, &news.Absence{Since: desk.Noon.Add(-hour), Stated: true}
	play(t, "withdrawn by its feed", desk.Directory(t), i, "", []step{{0, true, 200, "withdrawn, though back"}})
}

func TestAnotherHoldOfAnItemThatOnlyLeftItsFeed(t *testing.T) {
	i := desk.Item("ajo", 7, ajo("rain", 30))
	i.Hold = &news.ItemHold{Kind: news.HoldKill}
	play(t, "held by a kill", desk.Directory(t), i, "", []step{{0, false, -1, "missing held (kill) …"}, {minute, true, 0, "live held (kill)"}})
}

// A suspicion that comes to nothing leaves a hold as it was: an embargo does not end early,
// nor a flood without an editor.
func TestAHoldOutlivesASuspicion(t *testing.T) {
	for _, kind := range []news.HoldKind{news.HoldEmbargo, news.HoldFlood, news.HoldKill} {
		i := desk.Item("ajo", 7, ajo("rain", 30))
		i.Hold = &news.ItemHold{Kind: kind, Since: desk.Noon}
		play(t, string(kind), desk.Directory(t), i, "", []step{{0, false, 404, "missing held (withdrawn) …"}, {hour, true, 0, "live held (" + string(kind) + ")"}})
	}
}

func TestAnItemIsMissingSinceItWasMissedFirst(t *testing.T) {
	i := desk.Item("ajo", 7, ajo("rain", 30))
	i.Absence = &news.Absence{Since: desk.Noon.Add(-10 * minute)}
	play(t, "missed before", desk.Directory(t), i, "", []step{{0, false, 0, "missing held (withdrawn) …"}})
}

func TestTheSuspicionOfAnItemThatIsBackEnds(t *testing.T) {
	i := desk.Item("ajo", 7, ajo("rain", 30))
	i.Gone, i.Absence, i.Hold = true, &news.Absence{Status: 404, Asked: desk.Noon.Add(-hour)}, &news.ItemHold{Kind: news.HoldWithdrawn}
	play(t, "back", desk.Directory(t), i, "", []step{{0, true, 200, "withdrawn held (withdrawn) …"}, {hour, true, 200, "live again"}})
}

// The outside source of a story is asked when a carrier withdraws it.
func TestTheOutsideSourceOfAWithdrawnItem(t *testing.T) {
	d := desk.Directory(t)
	i := desk.Item("ajo", 7, ajo("rain", 30))
	i.Claims = []news.Claim{{Source: "feed", URL: "https://sonorawire.example/2031/rain", Key: "sonorawire.example/2031/rain"}}
	play(t, "with a source", d, i, "", []step{{0, false, 410, "withdrawn …"}, {minute, false, 0, "withdrawn …"}})
	for status, want := range map[int]int{410: 410, 0: -1} {
		gone := *i
		gone.Gone, gone.Absence = true, &news.Absence{Since: desk.Noon, Status: 410}
		doc := document(d, visit.Memory{})
		doc.Heads = []visit.Head{{Item: 7, Check: true, Source: true, Page: news.Page{Status: status}}}
		changed, m := Next(d, Visit{Document: doc, Present: map[uint64]bool{}}, visit.Memory{Watched: []uint64{7}}, map[uint64]*news.Item{7: &gone})
		if len(changed) != 1 || changed[0].Absence.Source != want || len(m.Watched) > 0 {
			t.Errorf("it answered %d: %+v, still followed %v", status, changed[0].Absence, m.Watched)
		}
		if gone.Absence.Source != 0 {
			t.Error("what was stored was changed in place")
		}
	}
}

func TestAPartOfADocumentDecidesNothing(t *testing.T) {
	d := desk.Directory(t)
	doc := document(d, visit.Memory{})
	doc.Whole = false
	m := visit.Memory{Watched: []uint64{7}}
	changed, after := Next(d, Visit{Document: doc, Present: map[uint64]bool{7: true}, Missing: []uint64{8}}, m, nil)
	if changed != nil || !slices.Equal(after.Watched, []uint64{7}) {
		t.Errorf("%v changed, followed are %v", changed, after.Watched)
	}
}

func TestWhatAFeedSaysIsDeleted(t *testing.T) {
	d := desk.Directory(t)
	before, later := desk.Noon.Add(-hour), desk.Noon.Add(-minute)
	other := func() *news.Item {
		i := desk.Item("kmsa", 8, ajo("rain", 30))
		i.GUIDs = []string{"ajo-rain"}
		return i
	}
	own := func(change func(*news.Item)) *news.Item {
		i := desk.Item("ajo", 7, ajo("rain", 30))
		change(i)
		return i
	}
	as := func(*news.Item) {}
	for name, c := range map[string]struct {
		items   []*news.Item
		present bool
		when    time.Time
		want    string // "7 deleted", "7 followed", "8 shown"
		shown   []news.Entry
	}{
		"its own entry":                                      {[]*news.Item{own(as)}, false, before, "7 deleted", nil},
		"its own entry, at no time":                          {[]*news.Item{own(as)}, false, time.Time{}, "7 deleted", nil},
		"an entry that it shows, and that is older":          {[]*news.Item{own(as)}, true, later, "7 deleted", nil},
		"an entry that it shows, and that is newer":          {[]*news.Item{own(as)}, true, before, "", nil},
		"an entry that it shows, and that was updated since": {[]*news.Item{own(func(i *news.Item) { i.Entry.Updated = desk.Noon })}, true, later, "", nil},
		"an entry that it shows, at no time":                 {[]*news.Item{own(as)}, true, time.Time{}, "", nil},
		"an entry without a date that it shows, at no time":  {[]*news.Item{own(func(i *news.Item) { i.Entry.Published = time.Time{} })}, true, time.Time{}, "", nil},
		"an entry that had the guid before":                  {[]*news.Item{own(func(i *news.Item) { i.GUIDs = []string{"ajo-rain", "new"} })}, false, before, "7 deleted", nil},
		"an entry with another guid under that key":          {[]*news.Item{own(func(i *news.Item) { i.GUIDs = []string{"AJO-rain"} })}, false, before, "", nil},
		"another feed's entry":                               {[]*news.Item{other()}, false, before, "8 shown", nil},
		"its own entry, and another has a copy":              {[]*news.Item{own(as), other()}, false, before, "7 deleted", nil},
		"an entry that was withdrawn already": {
			[]*news.Item{own(func(i *news.Item) { i.Gone, i.Absence = true, &news.Absence{Stated: true} })}, false, before, "", nil,
		},
		"an entry that an editor withdrew": {
			[]*news.Item{own(func(i *news.Item) { i.Gone = true })}, false, before, "7 deleted", nil,
		},
		"an entry that was missing": {
			[]*news.Item{own(func(i *news.Item) { i.Absence = &news.Absence{} })}, false, before, "7 deleted", nil,
		},
		"an entry that it withdrew and shows": {
			[]*news.Item{own(func(i *news.Item) { i.Gone, i.Absence = true, &news.Absence{Stated: true} })}, true, later, "7 followed", nil,
		},
		"the same, and it was seen before": {
			[]*news.Item{own(func(i *news.Item) { i.Gone, i.Absence = true, &news.Absence{Stated: true, Back: 1} })}, true, later, "", nil,
		},
		"an entry that it shows under another guid": {
			[]*news.Item{own(func(i *news.Item) { i.GUIDs = []string{"ajo-rain", "new"} })}, true, later, "", []news.Entry{ajo("rain", 30, desk.GUID("new"))},
		},
		"an entry that had another guid, and shows this one": {
			[]*news.Item{own(func(i *news.Item) { i.GUIDs = []string{"new", "ajo-rain"} })}, true, later, "7 deleted", []news.Entry{ajo("rain", 30)},
		},
	} {
		doc := document(d, visit.Memory{}, c.shown...)
		changed, watch, foreign := Delete(Visit{Document: doc, Present: map[uint64]bool{7: c.present}}, news.Deleted{Ref: "ajo-rain", When: c.when}, c.items)
		var have []string
		for _, i := range changed {
			have = append(have, fmt.Sprintf("%d deleted", i.Number))
			if !i.Gone || *i.Absence != (news.Absence{Since: desk.Noon, Stated: true}) {
				t.Errorf("%s: %+v", name, i)
			}
		}
		for _, n := range watch {
			have = append(have, fmt.Sprintf("%d followed", n))
		}
		for _, n := range foreign {
			have = append(have, fmt.Sprintf("%d shown", n))
		}
		if strings.Join(have, ", ") != c.want {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
}

func TestPagesThatAreAsked(t *testing.T) {
	c := desk.Config(t)
	d := directory.New(c)
	c.Pages = false
	unread := directory.New(c)
	ago := func(d time.Duration) time.Time { return desk.Noon.Add(-d) }
	const source = "https://sonorawire.example/2031/rain"
	claims := func(i *news.Item) { i.Claims = []news.Claim{{URL: source, Key: "sonorawire.example/2031/rain"}} }
	ended := func(i *news.Item) {
		i.Claims = []news.Claim{{URL: source, Key: "sonorawire.example/2031/rain", Last: ago(hour)}}
	}
	none := func(*news.Item) {}
	own := ajo("rain", 30).URL
	for name, c := range map[string]struct {
		d       *directory.Directory
		gone    bool
		absence *news.Absence
		present bool
		change  func(*news.Item)
		want    []string
	}{
		"of an item that is just missing":                     {d, false, nil, false, none, []string{own}},
		"of one that was asked an hour ago":                   {d, false, &news.Absence{Asked: ago(hour), Checks: 1}, false, none, []string{own}},
		"of one that was asked less than an hour ago":         {d, false, &news.Absence{Asked: ago(hour - time.Second), Checks: 1}, false, none, nil},
		"of one that was asked twice":                         {d, false, &news.Absence{Asked: ago(9 * hour), Checks: 2}, false, none, nil},
		"of one that was missing and is there":                {d, false, &news.Absence{}, true, none, nil},
		"of a withdrawn one that is back":                     {d, true, &news.Absence{Asked: ago(minute), Checks: 2}, true, none, []string{own}},
		"of one that its feed withdrew and that is back":      {d, true, &news.Absence{Asked: ago(minute), Stated: true}, true, none, nil},
		"of a withdrawn one that is not":                      {d, true, &news.Absence{Asked: ago(hour), Checks: 1}, false, none, nil},
		"of the source of a withdrawn one":                    {d, true, &news.Absence{Asked: ago(hour), Checks: 1}, false, claims, []string{source}},
		"of a withdrawn one that is back, and not its source": {d, true, &news.Absence{Asked: ago(hour), Checks: 1}, true, claims, []string{own}},
		"of the source of one that is missing":                {d, false, &news.Absence{Asked: ago(minute), Checks: 1}, false, claims, nil},
		"of another station's story that a withdrawn one claims": {d, true, &news.Absence{Asked: ago(hour), Checks: 1}, false, func(i *news.Item) {
			i.Claims = []news.Claim{{URL: "https://kmsa.example/2031/02/rain", Key: "kmsa.example/2031/02/rain"}}
		}, nil},
		"of a source that was asked":            {d, true, &news.Absence{Asked: ago(hour), Checks: 1, Source: 410}, false, claims, nil},
		"of a source that is no longer claimed": {d, true, &news.Absence{Asked: ago(hour), Checks: 1}, false, ended, nil},
		"of a page on another's host":           {d, false, nil, false, func(i *news.Item) { i.Entry.URL = "https://elsewhere.example/x" }, nil},
		"where no pages are read":               {unread, true, &news.Absence{Asked: ago(hour), Checks: 1}, false, claims, nil},
	} {
		i := desk.Item("ajo", 7, ajo("rain", 30))
		i.Gone, i.Absence = c.gone, c.absence
		c.change(i)
		var have []string
		for _, q := range Questions(c.d, Visit{Document: document(c.d, visit.Memory{}), Present: map[uint64]bool{7: c.present}}, []*news.Item{i}) {
			have = append(have, q.URL)
			if !q.Check || q.Item != 7 || q.Source != (q.URL == source) {
				t.Errorf("%s: asked is %+v", name, q)
			}
		}
		if !slices.Equal(have, c.want) {
			t.Errorf("%s: asked are %q, want %q", name, have, c.want)
		}
	}
	file := document(d, visit.Memory{})
	file.Feed.Path = "/var/feeds/ajo.xml"
	if have := Questions(d, Visit{Document: file}, []*news.Item{desk.Item("ajo", 7, ajo("rain", 30))}); len(have) > 0 {
		t.Errorf("of a feed that is a file %+v is asked", have)
	}
}
