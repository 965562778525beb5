package within

import (
	"slices"
	"testing"

	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

// under is an entry of Radio Ajo's under a section, with its address as its GUID.
func under(section, slug, title string, minutes, words int, changes ...desk.Change) news.Entry {
	url := "https://ajo.example/" + section + "/" + slug
	return ajo(slug, title, minutes, append([]desk.Change{desk.GUID(url), desk.URL(url), desk.Text("<p>" + desk.Words(0, words) + "</p>")}, changes...)...)
}

func TestAStoryUnderTwoSectionsOfADocument(t *testing.T) {
	d := desk.Directory(t)
	const tape = "https://cdn.ajo.example/1.mp3"
	markup := desk.Text("<div><b>" + desk.Words(0, 80) + "</b></div>")
	for name, c := range map[string]struct {
		a, b news.Entry
		one  bool
	}{
		"eighty words are one":           {under("news", "toads", "Toads", 10, 80), under("outdoors", "toads", "Toads", 10, 80), true},
		"also where the slug is another": {under("news", "toads", "Toads", 10, 80), under("outdoors", "a-tunnel", "Toads", 10, 80), true},
		"also in other markup":           {under("news", "toads", "Toads", 10, 80), under("outdoors", "toads", "Toads", 10, 80, markup), true},
		"also with one audio file":       {under("news", "toads", "Toads", 10, 80, desk.Audio(tape)), under("outdoors", "toads", "Toads", 10, 80, desk.Audio("https://pdst.fm/e/cdn.ajo.example/1.mp3")), true},
		"a word less is too little":      {under("news", "toads", "Toads", 10, 79), under("outdoors", "toads", "Toads", 10, 79), false},
		"without a text":                 {under("news", "toads", "Toads", 10, 0), under("outdoors", "toads", "Toads", 10, 0), false},
		"a word more in one of them":     {under("news", "toads", "Toads", 10, 80), under("outdoors", "toads", "Toads", 10, 81), false},
		"another headline":               {under("news", "toads", "Toads", 10, 80), under("outdoors", "toads", "Toads!", 10, 80), false},
		"another minute":                 {under("news", "toads", "Toads", 10, 80), under("outdoors", "toads", "Toads", 11, 80), false},
		"no dates":                       {under("news", "toads", "Toads", 0, 80, desk.Undated), under("outdoors", "toads", "Toads", 0, 80, desk.Undated), false},
		"other audio":                    {under("news", "toads", "Toads", 10, 80, desk.Audio(tape)), under("outdoors", "toads", "Toads", 10, 80, desk.Audio("https://cdn.ajo.example/2.mp3")), false},
		"audio of one alone":             {under("news", "toads", "Toads", 10, 80, desk.Audio(tape)), under("outdoors", "toads", "Toads", 10, 80), false},
	} {
		for order, entries := range [][]news.Entry{{c.a, c.b}, {c.b, c.a}} {
			doc := Read(d, whole(entries...), lastHour)
			if have := len(doc.Taken) == 1; have != c.one {
				t.Errorf("%s, order %d: they are one: %t", name, order, have)
				continue
			}
			if !c.one {
				continue
			}
			e := doc.Taken[0]
			if e.GUID != c.a.GUID || e.URL != c.a.URL || len(e.Also) != 1 || e.Also[0].GUID != c.b.GUID || e.Also[0].URL != c.b.URL ||
				!slices.Equal(slices.Sorted(slices.Values(e.Places)), []int{0, 1}) {
				t.Errorf("%s, order %d: %q, also %+v, at %v", name, order, e.URL, e.Also, e.Places)
			}
			if have := doc.GUIDs(); !slices.Contains(have, c.a.GUID) || !slices.Contains(have, c.b.GUID) {
				t.Errorf("%s: its guids are %q", name, have)
			}
		}
	}
}

// The known item was shown under both sections by the last document, or under the first alone.
func TestASectionOfAKnownStory(t *testing.T) {
	d := desk.Directory(t)
	first, second := under("news", "toads", "Toads", 10, 90), under("outdoors", "toads", "Toads", 10, 90)
	both := func() *news.Item {
		i := known(1, first)
		i.GUIDs, i.Links = []string{second.GUID, first.GUID}, []string{second.URL, first.URL}
		return i
	}
	one := func() *news.Item { return known(1, first) }
	type want struct{ item, section, twin bool }
	for name, c := range map[string]struct {
		item   *news.Item
		before []news.Entry
		now    []news.Entry // the last is asked about
		want   want
	}{
		"it comes beside the first, which is as it was": {one(), []news.Entry{first}, []news.Entry{first, second}, want{true, true, false}},
		"with another text it is a twin": {
			one(), []news.Entry{first}, []news.Entry{first, under("outdoors", "toads", "Toads", 10, 91)}, want{false, false, true},
		},
		"edited alone, it is the item": {both(), []news.Entry{first, second}, []news.Entry{first, under("outdoors", "toads", "Toads", 10, 95)}, want{true, false, false}},
		"behind by an edit, it is a section": {
			both(), []news.Entry{first, second},
			[]news.Entry{under("news", "toads", "Toads in a tunnel", 10, 95), under("outdoors", "toads", "Toads", 10, 90, desk.Byline("Sol Vega"))}, want{true, true, false},
		},
		"edited, while the other is behind, it is the item": {
			both(), []news.Entry{first, second},
			[]news.Entry{under("news", "toads", "Toads", 10, 90, desk.Byline("Sol Vega")), under("outdoors", "toads", "Toads in a tunnel", 10, 95)}, want{true, false, false},
		},
		"alone, it is the item":         {both(), []news.Entry{first, second}, []news.Entry{under("outdoors", "toads", "Toads", 10, 95)}, want{true, false, false}},
		"alone and as it was, it is it": {both(), []news.Entry{first}, []news.Entry{second}, want{true, false, false}},
		"with another date and headline and the first beside it, it is another": {
			both(), []news.Entry{first, second}, []news.Entry{first, under("outdoors", "toads", "Frogs", 3, 95, desk.Text("<p>"+desk.Words(500, 95)+"</p>"))}, want{true, false, false},
		},
	} {
		m := lastHour
		m.Marks = Read(d, whole(c.before...), visit.Memory{}).Marks
		for n := range m.Marks {
			m.Marks[n].Item = 1
		}
		last := len(c.now) - 1
		r := matched(d, whole(c.now...), m, c.item)
		have := want{r.Items[last] == 1, r.Sections[last], len(r.Twins) > 0}
		if have != c.want {
			t.Errorf("%s: %+v, want %+v", name, have, c.want)
		}
		if slices.Contains(kindsOf(r.FeedFlags), news.FlagGUIDReused) {
			t.Errorf("%s: its guid was used again", name)
		}
	}
}
