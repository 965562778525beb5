package identity

import (
	"fmt"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// Each case visits one feed several times; known says how many items the
// desk has in the end.
func TestWithinAFeed(t *testing.T) {
	date := func(minutes int) func(*news.Entry) {
		return func(e *news.Entry) { e.Published = begin.Add(time.Duration(minutes) * time.Minute) }
	}
	undated := func(e *news.Entry) { e.Published = time.Time{} }
	for name, c := range map[string]struct {
		visits [][]news.Entry
		known  int
		flags  string // of the feed
	}{
		"the same document twice":         {[][]news.Entry{{entry("ajo", "a", "Rain", 10)}, {entry("ajo", "a", "Rain", 10)}}, 1, ""},
		"another headline under the guid": {[][]news.Entry{{entry("ajo", "a", "Rain", 10)}, {entry("ajo", "a", "Rain at last", 10)}}, 1, ""},
		"another address under the guid":  {[][]news.Entry{{entry("ajo", "a", "Rain", 10)}, {entry("ajo", "b", "Rain", 10, guid("ajo-a"))}}, 1, ""},
		"a repost under its guid": {[][]news.Entry{
			{entry("ajo", "a", "Rain", 600), entry("ajo", "z", "Roads", 700)},
			{entry("ajo", "b", "Schools", 10, guid("ajo-a")), entry("ajo", "z", "Roads", 700)},
		}, 3, "guid-reused"},
		"a newscast that keeps its guid": {[][]news.Entry{
			{entry("ajo", "news", "Newscast", 60, audio("https://cdn.ajo.example/10.mp3"))},
			{entry("ajo", "news", "Newscast", 0, audio("https://cdn.ajo.example/11.mp3"))},
		}, 2, "guid-reused"},
		"one guid for two stories": {[][]news.Entry{
			{entry("ajo", "a", "Rain", 10, guid("7")), entry("ajo", "b", "Roads", 9, guid("7"))},
			{entry("ajo", "a", "Rain!", 10, guid("7")), entry("ajo", "b", "Roads", 9, guid("7"))},
			{entry("ajo", "c", "Schools", 5, guid("7"))},
		}, 3, "guid-distrusted"},
		"a guid that means nothing":                       {[][]news.Entry{{entry("ajo", "a", "Rain", 10, guid("N/A"))}, {entry("ajo", "b", "Roads", 9, guid("N/A"))}}, 2, "guid-distrusted"},
		"http becomes https in the guid":                  {[][]news.Entry{{entry("ajo", "a", "Rain", 10, guid("http://www.ajo.example/?p=1"))}, {entry("ajo", "a2", "Rain in Ajo", 10, guid("https://ajo.example/?p=1"))}}, 1, ""},
		"another guid, one address":                       {[][]news.Entry{{entry("ajo", "a", "Rain", 10)}, {entry("ajo", "a", "Rain", 10, guid("new-1"))}}, 1, ""},
		"another guid and address, one date and headline": {[][]news.Entry{{entry("ajo", "a", "Rain", 10)}, {entry("ajo", "b", "Rain", 10, guid("new-1"))}}, 1, ""},
		"another guid, the old one still there":           {[][]news.Entry{{entry("ajo", "a", "Rain", 10)}, {entry("ajo", "a", "Rain", 10), entry("ajo", "b", "Rain", 10, guid("new-1"))}}, 2, ""},
		"the next edition under one headline": {[][]news.Entry{
			{entry("ajo", "a", "Newscast", 60, audio("https://cdn.ajo.example/10.mp3"))},
			{entry("ajo", "a", "Newscast", 0, guid("ajo-b"), audio("https://cdn.ajo.example/11.mp3"))},
		}, 2, ""},
		"no guid, one address": {[][]news.Entry{{entry("ajo", "a", "Rain", 10, guid(""))}, {entry("ajo", "a", "Rain at last", 10, guid(""))}}, 1, ""},
		"no guid, a token in the address": {[][]news.Entry{
			{entry("ajo", "a", "Rain", 10, guid(""), url("https://ajo.example/read?sid=1x7&n=a"))},
			{entry("ajo", "a", "Rain", 10, guid(""), url("https://ajo.example/read?sid=9k2&n=a"))},
		}, 1, ""},
		"no guid, no date, no address": {[][]news.Entry{{entry("ajo", "a", "Rain", 0, guid(""), url(""), undated)}, {entry("ajo", "a", "Rain", 0, guid(""), url(""), undated), entry("ajo", "b", "Roads", 0, guid(""), url(""), undated)}}, 2, ""},
		"told twice in one document":   {[][]news.Entry{{entry("ajo", "a", "Rain", 10), entry("ajo", "a", "Rain", 9, guid("other"))}}, 1, ""},
		"a guid is given at last":      {[][]news.Entry{{entry("ajo", "a", "Rain", 10, guid(""))}, {entry("ajo", "a", "Rain", 10)}}, 1, ""},
		"a date that moves":            {[][]news.Entry{{entry("ajo", "a", "Rain", 10)}, {entry("ajo", "a", "Rain", 10, date(-1))}}, 1, ""},
		"left and came back":           {[][]news.Entry{{entry("ajo", "a", "Rain", 10)}, {entry("ajo", "b", "Roads", 5)}, {entry("ajo", "a", "Rain", 10)}}, 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := newStore(t)
			for _, v := range c.visits {
				m.visit("ajo", v...)
				m.settle()
			}
			if len(m.items) != c.known {
				t.Errorf("%d items, want %d", len(m.items), c.known)
			}
			flags := ""
			for _, f := range m.Memory("https://ajo.example/rss.xml").Flags {
				flags += string(f.Kind)
			}
			if flags != c.flags {
				t.Errorf("flags %q, want %q", flags, c.flags)
			}
		})
	}
}

// A story keeps its ids through whatever its item goes through.
func TestIDsStay(t *testing.T) {
	m := newStore(t)
	m.visit("kmsa", entry("kmsa", "wells", "Wells run dry", 30, guid("https://kmsa.example/?p=1")))
	m.settle()
	first := m.all()[0]
	if first.PublicID != "https://kmsa.example/?p=1" {
		t.Errorf("public id %q, want the origin's guid", first.PublicID)
	}
	m.visit("kmsa", entry("kmsa", "wells-2", "Wells run dry in Luna County", 30, guid("https://kmsa.example/?p=1")))
	m.visit("kmsa", entry("kmsa", "wells-2", "Wells run dry in Luna County", 30, guid("new")))
	m.visit("ajo", entry("ajo", "wells", "Dry wells", 10, canonical("https://kmsa.example/2031/02/wells-2")))
	m.settle()
	if s := m.all()[0]; s.ID != first.ID || s.PublicID != first.PublicID || !s.Published.Equal(first.Published) || len(s.Items) != 2 {
		t.Errorf("%s %s %s with %d items, want %s %s %s with 2", s.ID, s.PublicID, s.Published, len(s.Items), first.ID, first.PublicID, first.Published)
	}
}

// A guid that its feed cannot be trusted with is not a public id.
func TestMintedIDs(t *testing.T) {
	m := newStore(t)
	for n, g := range []string{"4711", "https://elsewhere.example/1", "tag:elsewhere.example,2031:1", "https://ajo.example/"} {
		m.visit("ajo", entry("ajo", fmt.Sprint("s", n), fmt.Sprint("Story ", n), 10+n, guid(g)))
	}
	m.settle()
	for _, s := range m.all() {
		if want := "tag:fronteras.example,2031:" + s.ID; s.PublicID != want {
			t.Errorf("public id %q, want %q", s.PublicID, want)
		}
	}
}

// Two published stories become one when a claim joins them: the origin's continues, and the other's
// ids lead to it.
func TestLateClaimJoinsPublishedStories(t *testing.T) {
	m := newStore(t)
	m.visit("ajo", entry("ajo", "gap", "Crews close gap", 10))
	m.visit("kmsa", entry("kmsa", "fence-gap", "Fence gap closed", 30))
	m.settle()
	var ajo, kmsa *news.Story
	for _, s := range m.all() {
		if s.Origin.Station == "ajo" {
			ajo = s
		} else {
			kmsa = s
		}
	}
	m.visit("ajo", entry("ajo", "gap", "Crews close gap", 10, canonical("https://kmsa.example/2031/02/fence-gap")))
	m.expect("kmsa O2: ajo(J1) kmsa*(I0)")
	s := m.all()[0]
	if s.ID != kmsa.ID || len(s.Aliases) != 1 || s.Aliases[0].PublicID != ajo.PublicID {
		t.Errorf("%s with aliases %v, want %s with %s", s.ID, s.Aliases, kmsa.ID, ajo.PublicID)
	}
	if m.StoryOf(ajo.ID) != s.Number {
		t.Error("the ended story's id leads nowhere")
	}
}

// A partner that republishes the merged feed adds a carrier, never a story.
func TestLoop(t *testing.T) {
	const creditLine = "<p>This story is from the Fronteras Desk, a collaboration of public radio stations, including Border 90.3. Read more from the Fronteras Desk.</p>"
	m := newStore(t)
	m.visit("kmsa", entry("kmsa", "wells", "Wells run dry", 30, guid("https://kmsa.example/?p=1")))
	m.visit("ajo", entry("ajo", "rain", "Rain", 20))
	m.settle()
	var minted string
	for _, s := range m.all() {
		if s.Origin.Station == "ajo" {
			minted = s.PublicID
		}
	}
	m.visit("bisbee", entry("bisbee", "wells", "County wells are dry", 5, guid("https://kmsa.example/?p=1"), text("<p>Short.</p>"+creditLine)),
		entry("bisbee", "rain", "It rains", 4, guid(minted)))
	m.expect("kmsa O5: bisbee(J1) kmsa*(I0)", "ajo O5: ajo*(I0) bisbee(J1)")
}

// modified moves with what readers see, and with nothing else.
func TestModified(t *testing.T) {
	body := "<p>The county closed four wells on Monday. Neighbours carry water from the school.</p>"
	for name, c := range map[string]struct {
		change   func(*news.Entry)
		modified bool
	}{
		"a date":                   {func(e *news.Entry) { e.Updated = begin }, false},
		"two words":                {text("<p>The county shut four wells on Monday. Residents carry water from the school.</p>"), false},
		"the markup":               {text("<p>The county closed four wells on Monday.</p><p>Neighbours carry water from the school.</p>"), false},
		"the desk's credit":        {text(body + "<p>This story is from the Fronteras Desk, a collaboration of public radio stations, including Ajo 88.9. Read more from the Fronteras Desk.</p>"), false},
		"a number":                 {text("<p>The county closed 5 wells on Monday. Neighbours carry water from the school.</p>"), true},
		"a sentence":               {text(body + "<p>A judge will hear the case next week.</p>"), true},
		"the headline":             {title("Wells run dry again"), true},
		"the byline":               {byline("Ana Paz", "Ana Paz"), true},
		"a picture":                {func(e *news.Entry) { e.Images = []news.Image{{URL: "https://kmsa.example/a.jpg"}} }, true},
		"a note of correction":     {text(body + "<p>Correction: the hearing is elsewhere.</p>"), true},
		"capitals and punctuation": {title("Wells Run Dry!"), false},
	} {
		t.Run(name, func(t *testing.T) {
			m := newStore(t)
			m.visit("kmsa", entry("kmsa", "wells", "Wells run dry", 30, text(body)))
			m.settle()
			m.visit("kmsa", entry("kmsa", "wells", "Wells run dry", 30, text(body), c.change))
			if s := m.all()[0]; !s.Modified.IsZero() != c.modified {
				t.Errorf("modified %v, want a change: %t", s.Modified, c.modified)
			}
		})
	}
}
