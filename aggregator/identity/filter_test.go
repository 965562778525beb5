package identity

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// filtered is Radio Ajo's feed with what its configuration takes and skips.
func filtered(only, skip news.Filter) news.Feed {
	return news.Feed{Station: "ajo", URL: "https://ajo.example/rss.xml", Every: 15 * time.Minute, Only: only, Skip: skip}
}

func byWords(list ...string) news.Filter  { return news.Filter{Words: list} }
func byTopics(list ...string) news.Filter { return news.Filter{Topics: list} }

func topics(list ...string) func(*news.Entry) {
	return func(e *news.Entry) { e.Topics = list }
}

func summary(html string) func(*news.Entry) { return func(e *news.Entry) { e.Summary = html } }

var none news.Filter

// An entry becomes a story if `only` selects it, where that says anything, and
// `skip` does not.
func TestFilterTakesAndSkips(t *testing.T) {
	rain := func(more ...func(*news.Entry)) news.Entry { return entry("ajo", "a", "Rain at last", 10, more...) }
	for name, c := range map[string]struct {
		only, skip news.Filter
		entry      news.Entry
		taken      bool
	}{
		"no filter": {none, none, rain(), true},

		"a word of the headline":             {byWords("rain"), none, rain(), true},
		"a word of the summary":              {byWords("valley"), none, rain(summary("<p>In the valley.</p>")), true},
		"a word of the content":              {byWords("valley"), none, rain(text("<p>It rained in the <b>valley</b>.</p>")), true},
		"no such word":                       {byWords("fence"), none, rain(), false},
		"one of several words":               {byWords("fence", "rain"), none, rain(), true},
		"capitals in the text":               {byWords("rain"), none, rain(title("RAIN at last")), true},
		"capitals in the filter":             {byWords("RAIN"), none, rain(), true},
		"the beginning of a longer word":     {byWords("rain"), none, rain(title("Rainbow at last"), summary("")), false},
		"the end of a longer word":           {byWords("rain"), none, rain(title("Train at last"), summary("")), false},
		"a longer word, then the word":       {byWords("rain"), none, rain(title("Train in the rain"), summary("")), true},
		"with a number behind it":            {byWords("rain"), none, rain(title("Rain2031"), summary("")), false},
		"between marks":                      {byWords("rain"), none, rain(title("“Rain”, at last"), summary("")), true},
		"a part of a hyphenated word":        {byWords("rain"), none, rain(title("Rain-soaked at last"), summary("")), true},
		"at the end of the text":             {byWords("last"), none, rain(summary("")), true},
		"in the address of a link":           {byWords("fence"), none, rain(text(`<p>It <a href="https://ajo.example/fence">rained</a>.</p>`)), false},
		"in the byline":                      {byWords("ruiz"), none, rain(byline("Ana Ruiz", "Ana Ruiz")), false},
		"in a topic":                         {byWords("border"), none, rain(topics("Border")), false},
		"a phrase":                           {byWords("border wall"), none, rain(title("The border wall grows")), true},
		"a phrase over markup":               {byWords("border wall"), none, rain(text("<p>The border <em>wall</em> grows.</p>")), true},
		"the words of a phrase, apart":       {byWords("border wall"), none, rain(title("A wall at the border")), false},
		"a phrase that ends inside a word":   {byWords("border wall"), none, rain(title("The border walls grow"), summary("")), false},
		"a phrase over two paragraphs":       {byWords("border wall"), none, rain(text("<p>At the border</p><p>Wall to wall</p>")), false},
		"an accent in both":                  {byWords("año"), none, rain(title("Fin de año")), true},
		"an accent, and capitals":            {byWords("Sáenz"), none, rain(title("SÁENZ VUELVE")), true},
		"an accent in the text alone":        {byWords("ano"), none, rain(title("Fin de año"), summary("")), false},
		"an accent in the filter alone":      {byWords("año"), none, rain(title("Fin de ano"), summary("")), false},
		"a letter with an accent behind it":  {byWords("caf"), none, rain(title("Café en Ajo"), summary("")), false},
		"a letter with an accent before it":  {byWords("xico"), none, rain(title("Rumbo a México"), summary("")), false},
		"an empty word":                      {byWords(""), none, rain(), false},
		"an empty word is nothing to skip":   {none, byWords(""), rain(), true},
		"a word is a word, and no pattern":   {byWords("r.in"), none, rain(), false},
		"a topic":                            {byTopics("Border"), none, rain(topics("Weather", "Border")), true},
		"a topic in other letters":           {byTopics("border"), none, rain(topics("BORDER")), true},
		"another topic":                      {byTopics("Border"), none, rain(topics("Weather")), false},
		"no topic":                           {byTopics("Border"), none, rain(), false},
		"a part of a topic":                  {byTopics("Border"), none, rain(topics("Border Patrol")), false},
		"a topic is not looked for in texts": {byTopics("Rain"), none, rain(), false},
		"a topic or a word: the topic":       {news.Filter{Topics: []string{"Border"}, Words: []string{"fence"}}, none, rain(topics("Border")), true},
		"a topic or a word: the word":        {news.Filter{Topics: []string{"Border"}, Words: []string{"rain"}}, none, rain(), true},
		"a topic or a word: neither":         {news.Filter{Topics: []string{"Border"}, Words: []string{"fence"}}, none, rain(topics("Weather")), false},
		"a skipped word":                     {none, byWords("rain"), rain(), false},
		"a skipped word that is not there":   {none, byWords("fence"), rain(), true},
		"a skipped topic":                    {none, byTopics("Sports"), rain(topics("Sports")), false},
		"only and skip: both select":         {byWords("rain"), byWords("last"), rain(), false},
		"only and skip: only selects":        {byWords("rain"), byWords("fence"), rain(), true},
		"only and skip: skip selects":        {byWords("fence"), byWords("rain"), rain(), false},
		"only and skip: neither selects":     {byWords("fence"), byWords("wall"), rain(), false},
		"only by topic, skipped by a word":   {byTopics("Border"), byWords("rain"), rain(topics("Border")), false},
		"only by a word, skipped by a topic": {byWords("rain"), byTopics("Sports"), rain(topics("Sports")), false},
	} {
		t.Run(name, func(t *testing.T) {
			m := newStore(t)
			m.bring(filtered(c.only, c.skip), true, c.entry)
			m.settle()
			if n := len(m.all()); (n == 1) != c.taken || n != len(m.items) {
				t.Errorf("%d stories of %d items, want it taken: %t", n, len(m.items), c.taken)
			}
		})
	}
}

// headlines returns those of the stories, each with what is special about it.
func headlines(m *memoryStore) (list []string) {
	for _, s := range m.all() {
		text := s.Item(s.LeadItem).Entry.Title
		if s.Status != news.Live {
			text += " " + string(s.Status)
		}
		if s.ArchiveOnly {
			text += " filed"
		}
		for _, g := range s.Flags {
			text += " !" + string(g.Kind)
		}
		list = append(list, text)
	}
	slices.Sort(list)
	return list
}

func wantHeadlines(t *testing.T, m *memoryStore, want ...string) {
	t.Helper()
	slices.Sort(want)
	if have := headlines(m); !slices.Equal(have, want) {
		t.Errorf("stories are\n\t%s\nwant\n\t%s", strings.Join(have, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// onBorder takes what is about the border.
var onBorder = filtered(byWords("border"), none)

// document is a feed's, newest first: two entries about the border between others.
func document() []news.Entry {
	return []news.Entry{
		entry("ajo", "board", "School board meets", 10), entry("ajo", "wall", "The border wall grows", 20), entry("ajo", "fair", "The fair opens", 30),
		entry("ajo", "market", "A border market returns", 40), entry("ajo", "roads", "Roads are closed", 50), entry("ajo", "wells", "Wells run dry", 60),
	}
}

// without is a document without an entry.
func without(entries []news.Entry, slug string) []news.Entry {
	return slices.DeleteFunc(entries, func(e news.Entry) bool { return e.GUID == "ajo-"+slug })
}

// An entry that was not taken may leave the middle of its feed without a flag. One that
// was taken is flagged, whether the entries that still stand below it were taken or not.
func TestFilterAndWithdrawals(t *testing.T) {
	for slug, flagged := range map[string]string{"board": "", "fair": "", "wall": "The border wall grows", "market": "A border market returns"} {
		t.Run(slug, func(t *testing.T) {
			m := newStore(t)
			m.bring(onBorder, true, document()...)
			m.settle()
			for range 2 {
				m.bring(onBorder, true, without(document(), slug)...)
				m.settle()
			}
			var want []string
			for _, title := range []string{"The border wall grows", "A border market returns"} {
				if title == flagged {
					title += " held !withdrawn"
				}
				want = append(want, title)
			}
			wantHeadlines(t, m, want...)
		})
	}
}

// A filter that takes less than before withdraws nothing: what was taken stays as it
// was, whether its entry is edited or not.
func TestFilterThatTakesLess(t *testing.T) {
	m := newStore(t)
	edited := func() []news.Entry {
		d := document()
		d[2].Title = "The fair opens late"
		return d
	}
	m.bring(filtered(none, none), true, document()...)
	m.settle()
	for range 3 {
		m.bring(onBorder, true, edited()...)
		m.settle()
	}
	want := []string{"School board meets", "The border wall grows", "The fair opens", "A border market returns", "Roads are closed", "Wells run dry"}
	wantHeadlines(t, m, want...)
}

// A filter that takes more than before: what its feed showed all the time is news
// only if it is two days old at most. All else goes to the archive, no matter how much there is.
func TestFilterThatTakesMore(t *testing.T) {
	const day = 24 * 60
	old := func(n int) news.Entry {
		return entry("ajo", fmt.Sprint("old-", n), fmt.Sprint("Old news number ", n), 10*day+n)
	}
	entries := []news.Entry{
		entry("ajo", "wall", "The border wall grows", 10), entry("ajo", "board", "School board meets", 60),
		entry("ajo", "fair", "The fair opens", 2*day-240), entry("ajo", "market", "The market closes", 2*day+60),
		entry("ajo", "undated", "A story without a date", 0, func(e *news.Entry) { e.Published = time.Time{} }),
	}
	want := []string{"The border wall grows", "School board meets", "The fair opens", "The market closes filed", "A story without a date filed"}
	for n := range 12 { // more than a feed can bring by itself
		entries, want = append(entries, old(n)), append(want, old(n).Title+" filed")
	}
	for name, more := range map[string]news.Feed{
		"any word": filtered(none, none), "other words": filtered(byWords("border", "board", "fair", "market", "story", "old news"), none),
	} {
		t.Run(name, func(t *testing.T) {
			m := newStore(t)
			for range 2 {
				m.bring(onBorder, true, entries...)
				m.settle()
			}
			wantHeadlines(t, m, "The border wall grows")
			m.bring(more, true, entries...)
			m.settle()
			wantHeadlines(t, m, want...)
			if flags := m.Memory(more.URL).Flags; len(flags) > 0 {
				t.Errorf("the feed is flagged %+v", flags)
			}
			m.bring(more, true, entries...)
			m.settle()
			wantHeadlines(t, m, want...)
		})
	}
}

// The filter takes more in the very document in which a known entry has another GUID:
// what it newly takes is not what is missing there, and is not held.
func TestFilterThatTakesMoreAndANewGUID(t *testing.T) {
	m := newStore(t)
	entries := func(g string) (list []news.Entry) {
		list = append(list, entry("ajo", "wall", "The border wall grows", 240, guid(g)))
		for n := range 5 {
			list = append(list, entry("ajo", fmt.Sprint("fair-", n), fmt.Sprint("Day ", n, " of the fair"), 300+n))
		}
		return list
	}
	m.bring(onBorder, true, entries("one")...)
	m.settle()
	m.bring(filtered(none, none), true, entries("two")...)
	m.settle()
	wantHeadlines(t, m, "The border wall grows", "Day 0 of the fair", "Day 1 of the fair", "Day 2 of the fair", "Day 3 of the fair", "Day 4 of the fair")
}

// A skipped word that the configuration no longer has admits as `only` does.
func TestSkipThatIsTakenBack(t *testing.T) {
	m := newStore(t)
	entries := []news.Entry{entry("ajo", "wall", "The border wall grows", 10), entry("ajo", "scores", "Scores of the week", 20), entry("ajo", "game", "Scores of the old game", 5*24*60)}
	m.bring(filtered(none, byWords("scores")), true, entries...)
	m.settle()
	wantHeadlines(t, m, "The border wall grows")
	m.bring(filtered(none, none), true, entries...)
	m.settle()
	wantHeadlines(t, m, "The border wall grows", "Scores of the week", "Scores of the old game filed")
}

// The filter stays, and an entry is rewritten: it is taken once the word is there,
// and an old one goes to the archive.
func TestEntryThatTheFilterTakesLater(t *testing.T) {
	for name, c := range map[string]struct {
		minutes int
		want    string
	}{"today's": {30, "The fair opens at the border"}, "last week's": {8 * 24 * 60, "The fair opens at the border filed"}} {
		t.Run(name, func(t *testing.T) {
			m := newStore(t)
			m.bring(onBorder, true, entry("ajo", "fair", "The fair opens", c.minutes))
			m.settle()
			wantHeadlines(t, m)
			m.bring(onBorder, true, entry("ajo", "fair", "The fair opens at the border", c.minutes))
			m.settle()
			wantHeadlines(t, m, c.want)
		})
	}
}

// What the filter took while it was wider is the same story when it is taken again.
func TestFilterThatTakesAgain(t *testing.T) {
	m := newStore(t)
	m.bring(filtered(none, none), true, entry("ajo", "fair", "The fair opens", 30))
	m.settle()
	before := m.all()[0]
	m.bring(onBorder, true, entry("ajo", "fair", "The fair opens late", 30))
	m.settle()
	m.bring(filtered(none, none), true, entry("ajo", "fair", "The fair opens late", 30))
	m.settle()
	wantHeadlines(t, m, "The fair opens late")
	if s := m.all()[0]; s.ID != before.ID || s.PublicID != before.PublicID || !s.Published.Equal(before.Published) {
		t.Errorf("it is %s %s, and was %s %s", s.ID, s.PublicID, before.ID, before.PublicID)
	}
}

// A copy's own words decide whether it is taken; the original's filter is its own.
func TestFilterOfACopy(t *testing.T) {
	m := newStore(t)
	m.visit("kmsa", entry("kmsa", "fence-gap-closed", "Fence gap closed", 30))
	original := canonical("https://kmsa.example/2031/02/fence-gap-closed")
	m.bring(onBorder, true, entry("ajo", "gap", "Gap closed", 10, original), entry("ajo", "crews", "Crews at the border", 5, original))
	m.settle()
	m.expect("kmsa O2: ajo(J1) kmsa*(I0)")
}
