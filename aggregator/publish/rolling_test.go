package publish

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"fronteras/aggregator/news"
)

// memory keeps values as the store does.
type memory map[string]string

func (m memory) keep(values map[string]string) (map[string]string, error) {
	kept := map[string]string{}
	for name, value := range values {
		if value != "" && (m[name] == "" || strings.HasPrefix(name, news.KeepsGreatest) && value > m[name]) {
			m[name] = value
		}
		kept[name] = m[name]
	}
	return kept, nil
}

// ask answers a reader's request, which decides nothing.
func (m memory) ask(values map[string]string) (map[string]string, error) {
	kept := maps.Clone(values)
	for name := range values {
		if m[name] != "" {
			kept[name] = m[name]
		}
	}
	return kept, nil
}

// episodes are the titles of the podcast of an edition whose decisions are kept in a memory.
func (m memory) episodes(t *testing.T, e *Edition, find func(string) *news.Story) string {
	t.Helper()
	var err error
	if e.Decisions, err = Decide(e, m.keep, find); err != nil {
		t.Fatal(err)
	}
	d, err := rendered(e, "/podcast.rss", Selection{})
	return titlesIn(t, must(t, d, err))
}

func titlesIn(t *testing.T, body string) string {
	t.Helper()
	f, err := gofeed.NewParser().ParseString(body)
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, i := range f.Items {
		titles = append(titles, i.Title)
	}
	return strings.Join(titles, ", ")
}

const latestFile = "https://kjzz.example/latest.mp3"

// edition is a newscast whose file is written over, so many days after the first.
func newscast(station, title string, day int) *news.Story {
	s := plainStory(strings.Repeat(strings.ToLower(title[1:2]), 13), station, title, noon.Add(time.Duration(day)*24*time.Hour))
	s.Sequence = uint64(day + 1)
	return withSound(s, latestFile, 180)
}

// A file that its station writes over is what the newest edition says; another station's story with it
// gets it no sooner than it always did.
func TestTheNewestEditionOfAFileHasIt(t *testing.T) {
	monday, tuesday, wednesday := newscast("kjzz", "Monday", 0), newscast("kjzz", "Tuesday", 1), newscast("kjzz", "Wednesday", 2)
	carrier := newscast("azpm", "Carrier", 3)
	withdrawn := *wednesday
	withdrawn.Status = news.Retracted
	tombstone := []news.Gone{{ID: wednesday.PublicID, When: noon, Story: &withdrawn}}
	thursday := newscast("kjzz", "Thursday", 4)
	m := memory{}
	for n, c := range []struct {
		stories []*news.Story // the newest first
		gone    []news.Gone
		want    string
	}{
		{[]*news.Story{monday}, nil, "Monday"},
		{[]*news.Story{tuesday, monday}, nil, "Tuesday"},
		{[]*news.Story{monday}, nil, ""}, // the newest is held, or elsewhere: the file is its own still
		{[]*news.Story{wednesday, tuesday, monday}, nil, "Wednesday"},
		{[]*news.Story{carrier, wednesday, tuesday, monday}, nil, "Wednesday"},
		{[]*news.Story{carrier, tuesday, monday}, tombstone, "Tuesday"},
		{[]*news.Story{carrier, tuesday, monday}, nil, "Tuesday"},
		{[]*news.Story{carrier}, nil, ""},
		{[]*news.Story{thursday, carrier, tuesday, monday}, nil, "Thursday"},
	} {
		e := testEdition(t, c.stories...)
		e.Gone = c.gone
		if have := m.episodes(t, e, nil); have != c.want {
			t.Errorf("%d: episodes %q, want %q", n, have, c.want)
		}
	}
	// A page of older episodes has none that is elsewhere, and the newest where it is there.
	for want, stories := range map[string][]*news.Story{
		"":         {wednesday, tuesday, monday, carrier},
		"Thursday": {thursday, wednesday},
	} {
		e := testEdition(t, monday)
		e.Closed = 1
		f, _, _ := FormatAt("/podcast/1.rss")
		d, err := NewRenderer(*e).RenderArchive(f, news.Archive{Number: 1, Stories: stories}, Selection{}, m.ask)
		if have := titlesIn(t, must(t, d, err)); have != want {
			t.Errorf("the page of %d stories has %q, want %q", len(stories), have, want)
		}
	}
}

// Of different stations' stories the one published first keeps a file, whichever come later.
func TestAFileStaysWithTheStationThatHadItFirst(t *testing.T) {
	first, other, again := newscast("azpm", "First", 0), newscast("kjzz", "Other", 1), newscast("azpm", "Again", 2)
	m := memory{}
	for n, c := range []struct {
		stories []*news.Story
		want    string
	}{
		{[]*news.Story{other, first}, "First"},
		{[]*news.Story{other}, ""},
		{[]*news.Story{again, other}, "Again"},
		{[]*news.Story{again, other, first}, "Again"},
	} {
		if have := m.episodes(t, testEdition(t, c.stories...), nil); have != c.want {
			t.Errorf("%d: episodes %q, want %q", n, have, c.want)
		}
	}
}

// A store from before stations were kept knows the first story alone, which has long left the window.
func TestTheStationOfAnEarlierDecisionIsFound(t *testing.T) {
	monday, thursday, other := newscast("kjzz", "Monday", 0), newscast("kjzz", "Thursday", 3), newscast("azpm", "Other", 4)
	find := func(id string) *news.Story {
		return map[string]*news.Story{monday.ID: monday}[id]
	}
	for name, c := range map[string]struct {
		find func(string) *news.Story
		want string
	}{
		"it is found": {find, "Thursday"}, "nothing is": {func(string) *news.Story { return nil }, ""}, "nobody looks": {nil, ""},
	} {
		m := memory{keptRecording + latestFile: monday.ID}
		if have := m.episodes(t, testEdition(t, other, thursday), c.find); have != c.want {
			t.Errorf("%s: episodes %q, want %q", name, have, c.want)
		}
	}
}

// What is remembered of a file does not grow with its editions.
func TestADailyFileIsRememberedOnce(t *testing.T) {
	m, sizes := memory{}, []int{}
	for day := range 30 {
		s := newscast("kjzz", "The news", day)
		s.ID = s.ID[:12] + string(rune('a'+day%26))
		m.episodes(t, testEdition(t, s), nil)
		sizes = append(sizes, len(m))
	}
	if slices.Max(sizes) != sizes[0] {
		t.Errorf("so many values are kept: %v", sizes)
	}
}
