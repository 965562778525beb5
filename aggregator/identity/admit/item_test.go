package admit

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
	desk "fronteras/store/storetest/desk"
)

// written puts one entry into a known item, or makes a new item, number 10, of it where
// there is none.
func written(t *testing.T, a Admission, e news.Entry, match *visit.Match, known *news.Item, ruled time.Time) (Written, visit.Memory) {
	t.Helper()
	doc := document(t, visit.Memory{}, e)
	a.Entry = doc.Taken[0]
	if known != nil {
		a.Item = known.Number
	}
	return WriteItems(evidence.NewReader(desk.Directory(t)), doc, match, visit.Memory{}, Articles{}, []Admission{a}, map[uint64]*news.Item{a.Item: known}, 10, 5, ruled)
}

func TestANewItem(t *testing.T) {
	page := &news.Page{Status: 200, Canonical: "https://kmsa.example/2031/02/rain"}
	e := ajo("rain", 30, desk.Link("canonical", "https://kmsa.example/2031/02/rain"))
	w, m := written(t, Admission{TrustedDate: e.Published, Page: page, ArchiveOnly: true}, e, &visit.Match{Reused: map[int]bool{0: true}}, nil, time.Time{})
	if len(w.Items) != 1 || len(w.New) != 1 || w.New[0] != w.Items[0] || w.Places[0] != 10 || w.Edited != 0 || len(w.Before) != 0 {
		t.Fatalf("%+v", w)
	}
	i := w.Items[0]
	if i.Number != 10 || i.Station != "ajo" || i.Feed != "https://ajo.example/rss.xml" || i.Batch != 5 || !i.FirstSeen.Equal(desk.Noon) || !i.TrustedDate.Equal(e.Published) || !i.ArchiveOnly || !i.Reused || i.Page != page {
		t.Errorf("%+v", i)
	}
	if !slices.Equal(i.GUIDs, []string{"ajo-rain"}) || !slices.Equal(i.Links, []string{"https://ajo.example/2031/02/rain"}) {
		t.Errorf("it is known by %q and %q", i.GUIDs, i.Links)
	}
	if len(i.Claims) != 2 || !i.Claims[0].First.Equal(desk.Noon) {
		t.Errorf("it claims %+v", i.Claims)
	}
	if len(m.Waiting) > 0 || len(m.Unasked) > 0 {
		t.Errorf("it waits for something: %+v", m)
	}
}

func TestWhatNewItemsWaitFor(t *testing.T) {
	readable := &visit.Match{Readable: map[int]bool{0: true}}
	hold := func(kind news.HoldKind) *news.ItemHold { return &news.ItemHold{Kind: kind} }
	for name, c := range map[string]struct {
		admission        Admission
		match            *visit.Match
		waiting, unasked bool
	}{
		"held by a flood, for an editor":                  {Admission{Hold: hold(news.HoldFlood)}, allNew, true, false},
		"held by a doubtful migration, for an editor":     {Admission{Hold: hold(news.HoldMigration)}, allNew, true, false},
		"under an embargo, for the clock alone":           {Admission{Hold: hold(news.HoldEmbargo)}, allNew, false, false},
		"with a page that may say something, to be asked": {Admission{}, readable, false, true},
		"with a page that was asked, for nothing":         {Admission{Page: &news.Page{}}, readable, false, false},
		"with a page that says nothing, for nothing":      {Admission{}, allNew, false, false},
	} {
		w, m := written(t, c.admission, ajo("rain", 30), c.match, nil, time.Time{})
		if slices.Contains(m.Waiting, 10) != c.waiting || slices.Contains(m.Unasked, 10) != c.unasked || w.Items[0].Hold != c.admission.Hold {
			t.Errorf("an item %s: %+v, held %+v", name, m, w.Items[0].Hold)
		}
	}
}

func TestAnEditedItem(t *testing.T) {
	old := ajo("rain", 30)
	known := desk.Item("ajo", 7, old)
	known.Page, known.GUIDs = &news.Page{Status: 200}, []string{"ajo-rain", "older"}
	now := ajo("rain-2", 20, desk.GUID("ajo-rain"))
	w, _ := written(t, Admission{TrustedDate: now.Published, ArchiveOnly: true, Hold: &news.ItemHold{Kind: news.HoldFlood}}, now, allNew, known, time.Time{})
	i := w.Items[0]
	if len(w.New) != 0 || w.Edited != 1 || w.Places[0] != 7 || w.Before[7].Title != old.Title {
		t.Errorf("%+v", w)
	}
	if i.Entry.Title != now.Title || !i.FirstSeen.Equal(known.FirstSeen) || i.Batch != 1 || i.Story != 7 || i.Page == nil {
		t.Errorf("%+v", i)
	}
	if !slices.Equal(i.GUIDs, []string{"older", "ajo-rain"}) || !slices.Equal(i.Links, []string{old.URL, now.URL}) {
		t.Errorf("it is known by %q and %q, want the present one last", i.GUIDs, i.Links)
	}
	if !i.TrustedDate.Equal(old.Published) || i.Hold != nil || i.ArchiveOnly {
		t.Errorf("an edit changed when it is published: %v, %+v, %t", i.TrustedDate, i.Hold, i.ArchiveOnly)
	}
	if known.Entry.Title != old.Title || known.GUIDs[0] != "ajo-rain" {
		t.Error("what was stored was changed in place")
	}
	w, _ = written(t, Admission{}, old, allNew, desk.Item("ajo", 7, old), time.Time{})
	if w.Edited != 0 {
		t.Error("the same entry counts as an edit")
	}
}

func TestDatesOfAKnownItem(t *testing.T) {
	now := desk.Noon.Add(-time.Hour)
	embargo := &news.ItemHold{Kind: news.HoldEmbargo, Until: desk.Noon.Add(time.Hour)}
	for name, c := range map[string]struct {
		before  time.Time
		hold    *news.ItemHold
		embargo *news.ItemHold
		date    time.Time
		held    bool
	}{
		"a date that counted stays":               {desk.Noon.Add(-9 * time.Hour), nil, nil, desk.Noon.Add(-9 * time.Hour), false},
		"where none counted, one is taken":        {time.Time{}, nil, nil, now, false},
		"an embargo that is lifted ends":          {desk.Noon.Add(3 * time.Hour), embargo, nil, now, false},
		"an embargo that is moved stays":          {desk.Noon.Add(3 * time.Hour), embargo, embargo, now, true},
		"a published item is not held for a date": {desk.Noon.Add(-9 * time.Hour), nil, embargo, desk.Noon.Add(-9 * time.Hour), false},
		"another hold stays":                      {desk.Noon.Add(-9 * time.Hour), &news.ItemHold{Kind: news.HoldFlood}, nil, desk.Noon.Add(-9 * time.Hour), true},
	} {
		known := desk.Item("ajo", 7, ajo("rain", 30))
		known.TrustedDate, known.Hold = c.before, c.hold
		w, _ := written(t, Admission{TrustedDate: now, Embargo: c.embargo}, ajo("rain", 60), allNew, known, time.Time{})
		if i := w.Items[0]; !i.TrustedDate.Equal(c.date) || (i.Hold != nil) != c.held {
			t.Errorf("%s: %v, held %+v", name, i.TrustedDate, i.Hold)
		}
	}
}

func TestAnItemThatWasAwayIsWatched(t *testing.T) {
	for name, c := range map[string]struct {
		gone    bool
		absence *news.Absence
		want    bool
	}{
		"there all the time": {false, nil, false},
		"missing":            {false, &news.Absence{}, true},
		"withdrawn":          {true, nil, true},
	} {
		known := desk.Item("ajo", 7, ajo("rain", 30))
		known.Gone, known.Absence = c.gone, c.absence
		_, m := written(t, Admission{}, ajo("rain", 30), allNew, known, time.Time{})
		if have := slices.Contains(m.Watched, 7); have != c.want {
			t.Errorf("an item %s is watched: %t", name, have)
		}
	}
}

func TestWhatAnItemWasBefore(t *testing.T) {
	old, now := ajo("rain", 30, desk.Text("<p>Old.</p>")), ajo("rain", 30, desk.Text("<p>New.</p>"))
	known := desk.Item("ajo", 7, old)
	w, _ := written(t, Admission{}, now, allNew, known, time.Time{})
	if w.Before[7].Content != "<p>Old.</p>" {
		t.Errorf("before it was %q", w.Before[7].Content)
	}
	known.Pruned, known.Entry = desk.Noon, old.Bare()
	w, _ = written(t, Admission{}, now, allNew, known, time.Time{})
	if w.Before[7].Content != "<p>New.</p>" {
		t.Errorf("what has left the store is taken for %q, so nobody can say that it changed", w.Before[7].Content)
	}
}

func TestTheLanguageThatAnEntryStates(t *testing.T) {
	for language, want := range map[string]string{"en": "", "es": "es", "": ""} {
		w, _ := written(t, Admission{}, ajo("rain", 30, func(e *news.Entry) { e.Language = language }), allNew, nil, time.Time{})
		if have := w.Items[0].Language; have != want {
			t.Errorf("in an English feed, %q is kept as %q", language, have)
		}
	}
}

// A claim that the old entry makes by newer rules is older than the ruling on rules, so that
// it does not look like something that was learned since.
func TestClaimsByNewRulesAreNoNews(t *testing.T) {
	ruled := desk.Noon.Add(-time.Minute)
	claiming := desk.Link("canonical", "https://kmsa.example/2031/02/rain")
	e := ajo("rain", 30, claiming)
	for name, c := range map[string]struct {
		seen  time.Time
		first time.Time
	}{
		"an item that was known before them": {ruled.Add(-time.Hour), ruled.Add(-time.Second)},
		"an item that came after them":       {ruled.Add(time.Second), desk.Noon},
	} {
		known := desk.Item("ajo", 7, e)
		known.FirstSeen = c.seen
		w, _ := written(t, Admission{}, e, allNew, known, ruled)
		if claims := w.Items[0].Claims; len(claims) != 1 || !claims[0].First.Equal(c.first) {
			t.Errorf("%s: %+v, want %v", name, claims, c.first)
		}
	}
}

func TestRestatedAndReadItems(t *testing.T) {
	r := evidence.NewReader(desk.Directory(t))
	i := desk.Item("ajo", 7, ajo("rain", 30, desk.Link("canonical", "https://kmsa.example/2031/02/rain")))
	restated := UpdateClaimsOfItem(r, i, desk.Noon)
	if restated == nil || len(restated.Claims) != 1 || len(i.Claims) != 0 {
		t.Fatalf("restated it is %+v", restated)
	}
	if UpdateClaimsOfItem(r, restated, desk.Noon.Add(time.Hour)) != nil {
		t.Error("claims that stand are restated")
	}
	read := ApplyLatePage(r, restated, news.Page{Status: 200, Canonical: "https://kdem.example/2031/02/rain"}, desk.Noon)
	if read.Page.Status != 200 || len(read.Claims) != 2 || read.Claims[0].Source != evidence.FromPage || restated.Page != nil {
		t.Errorf("with its page it is %+v", read)
	}
}

func TestParagraphsAreLearnedInTheOrderOfItems(t *testing.T) {
	r := evidence.NewReader(desk.Directory(t))
	items := []*news.Item{
		desk.Item("ajo", 9, ajo("rain", 30, desk.Text("<p>One.</p><p>Two.</p><p>One.</p>"))),
		desk.Item("ajo", 8, ajo("roads", 30, desk.Text(""))),
	}
	want := []visit.Paragraph{{Item: 8}, {Item: 9, Hash: text.Hash("One.")}, {Item: 9, Hash: text.Hash("Two.")}}
	if have := LearnedParagraphs(r, items); !slices.Equal(have, want) {
		t.Errorf("%v, want %v", have, want)
	}
}

func TestHoldsThatTheClockEnds(t *testing.T) {
	until := func(kind news.HoldKind, end time.Time) *news.ItemHold { return &news.ItemHold{Kind: kind, Until: end} }
	for name, c := range map[string]struct {
		hold           *news.ItemHold
		ended, archive bool
	}{
		"no hold":                               {nil, false, false},
		"an embargo until now":                  {until(news.HoldEmbargo, desk.Noon), true, false},
		"an embargo until a second later":       {until(news.HoldEmbargo, desk.Noon.Add(time.Second)), false, false},
		"a flood until now goes to the archive": {until(news.HoldFlood, desk.Noon), true, true},
		"a flood without an end":                {until(news.HoldFlood, time.Time{}), false, false},
		"a doubtful migration":                  {until(news.HoldMigration, time.Time{}), false, false},
		"a suspicion of a withdrawal":           {until(news.HoldWithdrawn, time.Time{}), false, false},
		"a wire's kill":                         {until(news.HoldKill, time.Time{}), false, false},
		"a wire's notice":                       {until(news.HoldNotice, time.Time{}), false, false},
	} {
		i := desk.Item("ajo", 7, ajo("rain", 30))
		i.Hold = c.hold
		have := ExpireHold(i, desk.Noon)
		if (have != nil) != c.ended || have != nil && (have.Hold != nil || have.ArchiveOnly != c.archive) || i.Hold != c.hold {
			t.Errorf("%s: %+v", name, have)
		}
	}
}

func TestAnItemIsHeldOnce(t *testing.T) {
	i := desk.Item("ajo", 7, ajo("rain", 30))
	held := HoldItem(i, news.HoldKill, desk.Noon)
	if held == nil || *held.Hold != (news.ItemHold{Kind: news.HoldKill, Since: desk.Noon}) || i.Hold != nil {
		t.Errorf("%+v", held)
	}
	if HoldItem(held, news.HoldWithdrawn, desk.Noon) != nil {
		t.Error("what is held is held for another reason")
	}
}

// An item stays found by all that it had, though its record holds the last of them.
func TestARecordHoldsTheLastSixteenNames(t *testing.T) {
	known := desk.Item("ajo", 7, ajo("rain", 30))
	known.GUIDs, known.Links = nil, nil
	for n := range 40 { // as an earlier version may have written it
		known.GUIDs = append(known.GUIDs, fmt.Sprint("guid-", n))
		known.Links = append(known.Links, fmt.Sprint("https://ajo.example/2031/02/rain-", n))
		known.Claims = append(known.Claims, news.Claim{Source: evidence.FromFeed, Key: fmt.Sprint("kmsa.example/2031/02/rain-", n)})
	}
	var links []desk.Change
	for n := range 3 {
		links = append(links, desk.Link("via", fmt.Sprint("https://kmsa.example/2031/02/via-", n)))
	}
	w, _ := written(t, Admission{}, ajo("rain", 20, links...), &visit.Match{}, known, time.Time{})
	i := w.Items[0]
	if len(i.GUIDs) != 16 || i.GUIDs[15] != i.Entry.GUID || i.GUIDs[0] != "guid-25" ||
		len(i.Links) != 16 || i.Links[15] != i.Entry.URL || i.Links[0] != "https://ajo.example/2031/02/rain-25" {
		t.Errorf("GUIDs %v, links %v", i.GUIDs, i.Links)
	}
	if len(i.Claims) != 16 || !i.Claims[2].Last.IsZero() || !i.Claims[3].Last.Equal(desk.Noon) ||
		i.Claims[15].Key != "kmsa.example/2031/02/rain-12" {
		t.Errorf("claims %+v", i.Claims)
	}
	if have := len(w.Outgrown[7]); !i.Outgrown || have != 2*25 {
		t.Errorf("it is marked: %t, and found by %d keys of what its record lost, want 25 GUIDs and 25 addresses", i.Outgrown, have)
	}
}

// A feed whose items get other names at each visit fills the store slowly, and is told.
func TestWhatNamesAFeedGivesItsItemsInADay(t *testing.T) {
	known := map[uint64]*news.Item{}
	match := &visit.Match{Items: map[int]uint64{}}
	var entries []news.Entry
	for n := range 4 {
		e := ajo(fmt.Sprint("rain-", n), 10*n)
		known[uint64(n+1)] = desk.Item("ajo", uint64(n+1), e)
		match.Items[n] = uint64(n + 1)
		if n > 0 { // the newest has its names, and others get two each
			e = ajo(fmt.Sprint("rain-", n), 10*n, desk.GUID(fmt.Sprint("other-", n)), desk.Link("via", fmt.Sprint("https://kmsa.example/2031/02/via-", n)))
		}
		e.Title, e.Digest[0] = "Corrected", byte(n)
		entries = append(entries, e)
	}
	for name, c := range map[string]struct {
		already, postponed, counted int
	}{
		"there is room for all":         {dailyNames - 6, 0, dailyNames},
		"for two, and the oldest waits": {dailyNames - 5, 1, dailyNames - 1},
		"for none":                      {dailyNames, 3, dailyNames},
	} {
		m := lastHour
		m.Day = visit.Day{Began: desk.Noon.Add(-time.Hour), Names: c.already}
		doc := document(t, m, entries...)
		admitted, m := Decide(doc, match, 0)
		w, m := WriteItems(evidence.NewReader(desk.Directory(t)), doc, match, m, Articles{}, admitted, known, 10, 5, time.Time{})
		if len(w.Postponed) != c.postponed || len(w.Items) != 4-c.postponed || w.Items[0].Entry.Title != "Corrected" {
			t.Errorf("%s: %v wait, %d are written", name, w.Postponed, len(w.Items))
		}
		if m.Day.Names != c.counted || m.HasFlag(news.FlagFlood) != (c.postponed > 0) {
			t.Errorf("%s: the day is %+v, flags %+v", name, m.Day, m.Flags)
		}
		if c.postponed == 1 && w.Postponed[3] != 4 {
			t.Errorf("%s: it is not the oldest that waits: %v", name, w.Postponed)
		}
	}
}

func TestAnItemUnderTwoSections(t *testing.T) {
	d := desk.Directory(t)
	r := evidence.NewReader(d)
	text := desk.Text("<p>" + desk.Words(0, 90) + "</p>")
	first, second := ajo("news-toads", 30, text, title("Toads")), ajo("other-toads", 30, text, title("Toads"))
	t.Run("both are new", func(t *testing.T) {
		doc := document(t, visit.Memory{}, second, first)
		w, _ := WriteItems(r, doc, allNew, visit.Memory{}, Articles{}, []Admission{{Entry: doc.Taken[0]}}, nil, 10, 5, time.Time{})
		i := w.Items[0]
		if len(w.Items) != 1 || w.Places[0] != 10 || w.Places[1] != 10 || !slices.Equal(i.GUIDs, []string{second.GUID, first.GUID}) ||
			!slices.Equal(i.Links, []string{second.URL, first.URL}) || i.Entry.URL != first.URL {
			t.Errorf("%+v of %+v", i, w.Places)
		}
	})
	for name, edited := range map[string]bool{"one comes beside one that is as it was": false, "one comes beside one that is edited": true} {
		t.Run(name, func(t *testing.T) {
			known, now := desk.Item("ajo", 7, first), first
			if edited {
				now.Byline, now.Digest = "Sol Vega", news.Digest{1}
			}
			doc := document(t, visit.Memory{}, now, ajo("other-toads", 30, title("Toads, in short")))
			list := []Admission{{Entry: doc.Taken[1], Item: 7, Section: true}}
			if edited {
				list = append(list, Admission{Entry: doc.Taken[0], Item: 7})
			}
			w, _ := WriteItems(r, doc, allNew, visit.Memory{}, Articles{}, list, map[uint64]*news.Item{7: known}, 10, 5, time.Time{})
			i := w.Items[0]
			if len(w.Items) != 1 || len(w.New) > 0 || w.Places[1] != 7 || i.Entry.Title != "Toads" || i.Entry.Byline != now.Byline {
				t.Errorf("%+v of %+v", i, w)
			}
			if !slices.Equal(i.GUIDs, []string{second.GUID, first.GUID}) || !slices.Equal(i.Links, []string{second.URL, first.URL}) {
				t.Errorf("it is known by %q and %q, want the one that is shown last", i.GUIDs, i.Links)
			}
			if len(known.GUIDs) != 1 {
				t.Error("what was stored was changed in place")
			}
		})
	}
}

func title(text string) desk.Change { return func(e *news.Entry) { e.Title = text } }
