package visit

import (
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

var noon = time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)

// kinds returns those of the flags that are raised, in their order.
func kinds(m Memory) (list []news.FlagKind) {
	for _, f := range m.Flags {
		list = append(list, f.Kind)
	}
	return list
}

func TestAFlagIsRaisedOnce(t *testing.T) {
	var m Memory
	m.RaiseFlag(news.Flag{Kind: news.FlagFlood, Why: "first"}, news.Flag{Kind: news.FlagClock}, news.Flag{Kind: news.FlagFlood, Why: "second"})
	m.RaiseFlag(news.Flag{Kind: news.FlagFlood, Why: "third"})
	if have := kinds(m); !slices.Equal(have, []news.FlagKind{news.FlagFlood, news.FlagClock}) || m.Flags[0].Why != "first" {
		t.Errorf("%+v", m.Flags)
	}
	m.ClearFlags(news.FlagFlood)
	if m.HasFlag(news.FlagFlood) || !m.HasFlag(news.FlagClock) {
		t.Errorf("after one was taken back: %+v", m.Flags)
	}
	m.RaiseFlag(news.Flag{Kind: news.FlagFlood, Why: "again"})
	if have := kinds(m); !slices.Equal(have, []news.FlagKind{news.FlagClock, news.FlagFlood}) {
		t.Errorf("a flag that was taken back is not raised again: %v", have)
	}
}

// full is the memory of a feed that has lost all trust and raised every flag.
func full() Memory {
	m := Memory{
		Revision: 7, Since: noon, Last: noon, Untrusted: noon, Reused: true, Distrusted: []string{"page"}, Unidentified: []string{"ajo.example/live"},
		Unlisted: []Unlisted{{Host: "elsewhere.example", Items: []uint64{1}}}, Waiting: []uint64{2}, Watched: []uint64{3}, Unasked: []uint64{4}, Offset: time.Hour,
	}
	for _, f := range []news.FlagKind{
		news.FlagGUIDDistrusted, news.FlagGUIDReused, news.FlagClaimsDistrusted, news.FlagAddressDistrusted, news.FlagUnlistedHost,
		news.FlagMigration, news.FlagMigrationDoubt, news.FlagFlood, news.FlagClock,
	} {
		m.RaiseFlag(news.Flag{Kind: f})
	}
	return m
}

func TestTrustGivesBackWhatAFeedLost(t *testing.T) {
	m := full()
	m.RestoreTrust(noon.Add(time.Hour))
	if !m.Untrusted.IsZero() || m.Reused || m.Distrusted != nil || m.Unidentified != nil || m.Unlisted != nil {
		t.Errorf("still lost: %+v", m)
	}
	if !m.Trusted.Equal(noon.Add(time.Hour)) || m.Revision != 8 {
		t.Errorf("trusted %v at revision %d", m.Trusted, m.Revision)
	}
	if have := kinds(m); !slices.Equal(have, []news.FlagKind{news.FlagMigrationDoubt, news.FlagFlood, news.FlagClock}) {
		t.Errorf("flags are %v: what is held, and the clock, are no matter of trust", have)
	}
	if len(m.Waiting) != 1 || len(m.Watched) != 1 || len(m.Unasked) != 1 || m.Offset != time.Hour {
		t.Errorf("trust changed what it is not about: %+v", m)
	}
}

func TestReleaseEndsWhatWaits(t *testing.T) {
	m := full()
	m.ReleaseWaiting()
	if m.Waiting != nil || m.HasFlag(news.FlagFlood) || m.HasFlag(news.FlagMigrationDoubt) {
		t.Errorf("still waiting: %+v", m)
	}
	if !m.HasFlag(news.FlagMigration) || m.Untrusted.IsZero() || m.Revision != 7 {
		t.Errorf("a release changed what it is not about: %+v", m)
	}
}

func TestWhatIsKeptOfAVisit(t *testing.T) {
	marks, before := []Mark{{Item: 2}}, []Mark{{Item: 1}}
	later := noon.Add(time.Hour)
	for name, c := range map[string]struct {
		arrival Arrival
		marks   []Mark
		last    time.Time
	}{
		"a whole document stands for the feed":             {Arrival{At: later, Whole: true}, marks, later},
		"the same document again is a good visit":          {Arrival{At: later, Same: true}, before, later},
		"a part of a document does not stand for the feed": {Arrival{At: later}, before, noon},
	} {
		m := Memory{Since: noon, Last: noon, Marks: before, Revision: 1}
		m.AfterSaving(&c.arrival, marks)
		if !slices.Equal(m.Marks, c.marks) || !m.Last.Equal(c.last) || m.Revision != 2 || !m.Since.Equal(noon) {
			t.Errorf("%s: %+v", name, m)
		}
	}
	var m Memory
	m.AfterSaving(&Arrival{At: later}, nil)
	if !m.Since.Equal(later) {
		t.Errorf("the feed is known since %v, want its first visit", m.Since)
	}
}

func TestWatchedItems(t *testing.T) {
	var m Memory
	for n := range uint64(maxWatched) + 5 {
		m.WatchItem(n + 1)
		m.WatchItem(n + 1)
	}
	if len(m.Watched) != 500 || m.Watched[499] != 500 {
		t.Errorf("%d items are watched, the last is %d", len(m.Watched), m.Watched[len(m.Watched)-1])
	}
	m.StopWatching(2)
	if len(m.Watched) != 499 || slices.Contains(m.Watched, 2) {
		t.Error("an item that was decided on is still watched")
	}
	m.Unasked = []uint64{1, 2, 3}
	m.NotePageRead(2)
	if !slices.Equal(m.Unasked, []uint64{1, 3}) {
		t.Errorf("pages to ask are %v", m.Unasked)
	}
}

func TestParagraphsOfAnItemTakeThePlaceOfItsOldOnes(t *testing.T) {
	list := []Paragraph{{1, 10}, {2, 20}, {1, 11}, {3, 30}}
	have := MergeParagraphs(list, []Paragraph{{1, 12}})
	if want := []Paragraph{{2, 20}, {3, 30}, {1, 12}}; !slices.Equal(have, want) {
		t.Errorf("%v, want %v", have, want)
	}
}

func TestTheLastTwoHundredItemsAreRemembered(t *testing.T) {
	var list []Paragraph
	for n := range uint64(200) {
		list = MergeParagraphs(list, []Paragraph{{n, 1}, {n, 2}})
	}
	if len(list) != 400 || list[0].Item != 0 {
		t.Errorf("of 200 items %d paragraphs are kept from item %d on", len(list), list[0].Item)
	}
	list = MergeParagraphs(list, []Paragraph{{200, 1}})
	if len(list) != 399 || list[0].Item != 1 {
		t.Errorf("of 201 items %d paragraphs are kept from item %d on", len(list), list[0].Item)
	}
}

func TestTwoThousandParagraphsAreRemembered(t *testing.T) {
	of := func(item uint64, count int) (list []Paragraph) {
		for n := range count {
			list = append(list, Paragraph{item, uint64(n)})
		}
		return list
	}
	list := MergeParagraphs(of(1, 1500), of(2, 500))
	if len(list) != 2000 {
		t.Errorf("%d paragraphs are kept of 2000", len(list))
	}
	list = MergeParagraphs(list, of(3, 1))
	if len(list) != 2000 || list[0] != (Paragraph{1, 1}) {
		t.Errorf("%d paragraphs are kept of 2001, the first is %v", len(list), list[0])
	}
}

func TestAParagraphOfThreeItemsRecurs(t *testing.T) {
	for name, c := range map[string]struct {
		hashes, want []uint64
	}{
		"that of two does not":             {[]uint64{7, 8, 7}, nil},
		"that of three does":               {[]uint64{7, 8, 7, 9, 7}, []uint64{7}},
		"that of six is there once":        {[]uint64{7, 7, 7, 7, 7, 7}, []uint64{7}},
		"several stand in ascending order": {[]uint64{9, 7, 9, 7, 9, 7}, []uint64{7, 9}},
		"of nothing, nothing":              {nil, nil},
	} {
		var list []Paragraph
		for n, h := range c.hashes {
			list = append(list, Paragraph{uint64(n), h})
		}
		if have := Recurring(list); !slices.Equal(have, c.want) {
			t.Errorf("%s: %v, want %v", name, have, c.want)
		}
	}
}

func TestWhatAnArrivalHolds(t *testing.T) {
	page := news.Page{Status: 200}
	a := &Arrival{
		Entries: []news.Entry{{Title: "Rain"}, {Seen: true}, {Title: "Roads"}},
		Heads:   []Head{{Place: 2, Item: 9}, {Place: 2, Page: page}, {Place: 1, Item: 4, Page: page}},
	}
	if have := a.CountUnseen(); have != 2 {
		t.Errorf("%d entries were read, want 2", have)
	}
	if have := (*Arrival)(nil).CountUnseen(); have != 0 {
		t.Errorf("%d entries of no arrival were read", have)
	}
	if have := a.PageOf(2); have == nil || have.Status != 200 {
		t.Errorf("the page of the third entry is %+v", have)
	}
	if a.PageOf(1) != nil || a.PageOf(0) != nil {
		t.Error("an entry whose page was not asked has one")
	}
}
