package admit

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/identity/within"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/store/storetest/desk"
)

// articleOf is the answer of a page that shows some paragraphs.
func articleOf(paragraphs ...string) news.Page {
	fragment := "<p>" + strings.Join(paragraphs, "</p><p>") + "</p>"
	return news.Page{Asked: desk.Noon, Status: http.StatusOK, ETag: `"1"`, Article: &news.Article{
		Way: news.WayLayout, Words: len(strings.Fields(markup.Text(fragment))), Entry: news.Entry{Content: fragment}}}
}

var (
	first  = "Wells run dry, and " + strings.Repeat("the county drills deeper, ", 10)
	second = "On the river " + strings.Repeat("nobody pumps any more, ", 10)
	third  = "In the end " + strings.Repeat("all of them wait for rain, ", 10)
)

// readingDay is a visit of a feed whose articles are read, so long after noon.
func readingDay(after time.Duration) *within.Document {
	return &within.Document{Arrival: &visit.Arrival{At: desk.Noon.Add(after),
		Feed: news.Feed{Station: "ajo", URL: "https://ajo.example/rss", Every: 15 * time.Minute, WholePages: true}}}
}

// reads is a reader of a desk that reads the articles of Radio Ajo.
func reads(t *testing.T) *evidence.Reader {
	t.Helper()
	config := desk.Config(t)
	config.Stations = append([]news.Station{}, config.Stations...)
	for n := range config.Stations {
		if config.Stations[n].ID == "ajo" {
			config.Stations[n].Feeds = []news.Feed{readingDay(0).Feed}
		}
	}
	return evidence.NewReader(directory.New(config))
}

// read plays readings of one item, a day apart, and returns the item and what the last one meant.
func read(t *testing.T, pages ...news.Page) (i *news.Item, before *news.Entry, gone bool) {
	t.Helper()
	r := reads(t)
	i = &news.Item{Number: 7, Station: "ajo", Feed: readingDay(0).Feed.URL, FirstSeen: desk.Noon,
		Entry: news.Entry{Title: "Wells run dry", URL: "https://ajo.example/2031/02/wells", Published: desk.Noon}}
	for n, page := range pages {
		i, before, gone = ApplyReading(r, readingDay(time.Duration(n)*24*time.Hour), Articles{}, i, page)
	}
	return i, before, gone
}

func TestWhatAFurtherReadingOfAnArticleMeans(t *testing.T) {
	whole, notModified := articleOf(first, second, third), news.Page{Asked: desk.Noon, Status: http.StatusNotModified}
	notFound, failed := news.Page{Asked: desk.Noon, Status: http.StatusNotFound}, news.Page{Asked: desk.Noon, Status: 503}
	edited := articleOf(first, second, third+" A dam is planned.")
	half, fewer := articleOf("Wells run dry, and that is all there is to say of it, for "+strings.Repeat("nobody knows more. ", 10)), articleOf(first, second)
	another := articleOf(strings.Repeat("A council votes about something else entirely tonight. ", 12))
	for _, test := range []struct {
		name    string
		pages   []news.Page
		holds   string // what the text then holds
		not     string
		isEdit  bool // the last reading may be a correction
		gone    bool
		verdict news.Verdict
	}{
		{"the first", []news.Page{whole}, "dry", "planned", false, false, news.VerdictUsed},
		{"a first one after a failure is late text", []news.Page{failed, whole}, "dry", "planned", false, false, news.VerdictUsed},
		{"a first one that is not found says nothing", []news.Page{notFound}, "", "dry", false, false, ""},
		{"not modified", []news.Page{whole, notModified}, "dry", "planned", true, false, news.VerdictUsed},
		{"a failure", []news.Page{whole, failed}, "dry", "planned", true, false, news.VerdictUsed},
		{"not found", []news.Page{whole, notFound}, "dry", "planned", true, true, news.VerdictUsed},
		{"an edit", []news.Page{whole, edited}, "planned", "council", true, false, news.VerdictUsed},
		{"under half of the words", []news.Page{whole, half}, "county", "nobody knows", true, false, news.VerdictUsed},
		{"and again", []news.Page{whole, half, half}, "nobody knows", "county", true, false, news.VerdictUsed},
		{"one that only cuts", []news.Page{whole, fewer}, "rain", "planned", true, false, news.VerdictUsed},
		{"and again", []news.Page{whole, fewer, fewer}, "county", "rain", true, false, news.VerdictUsed},
		{"one that is refused", []news.Page{whole, another}, "county", "council", true, false, news.VerdictUsed},
		{"and again", []news.Page{whole, another, another}, "", "county", true, false, news.VerdictWrong},
		{"a doubtful one between two good ones", []news.Page{whole, half, whole, half}, "county", "nobody knows", true, false, news.VerdictUsed},
	} {
		i, before, gone := read(t, test.pages...)
		text := markup.Text(i.Entry.Content)
		if !strings.Contains(text, test.holds) || strings.Contains(text, test.not) || (before != nil) != test.isEdit || gone != test.gone ||
			i.Page.Verdict != test.verdict || i.Page.Reading.Count != len(test.pages) {
			t.Errorf("%s: %q, before %v, gone %v, %+v", test.name, text, before != nil, gone, i.Page)
		}
		if i.AsFed().Content != "" || i.AsFed().Title != "Wells run dry" {
			t.Errorf("%s: the feed's entry is %+v", test.name, i.AsFed())
		}
	}
}

func TestWhenAnArticleIsReadAgain(t *testing.T) {
	every := 15 * time.Minute
	at := func(after time.Duration) time.Time { return desk.Noon.Add(after) }
	r := nextReading(news.Reading{Count: 1}, at(0), every)
	for _, step := range []struct{ now, next time.Duration }{
		{20 * time.Minute, time.Hour}, // the entry was edited
		{time.Hour, 6 * time.Hour}, {6*time.Hour + time.Minute, 24 * time.Hour}, {25 * time.Hour, 0},
	} {
		r.Count++
		r = nextReading(r, at(step.now), every)
		if want := at(step.next); step.next == 0 && !r.Next.IsZero() || step.next > 0 && !r.Next.Equal(want) {
			t.Errorf("after %s the next is %v", step.now, r.Next)
		}
	}
	r = nextReading(news.Reading{Count: 1}, at(0), every)
	if r = nextReading(r, at(7*time.Hour), every); !r.Next.Equal(at(24 * time.Hour)) {
		t.Errorf("a late reading stands for those before it: the next is %v", r.Next)
	}
	if r = nextReading(news.Reading{Count: within.MaxReadings}, at(0), every); !r.Next.IsZero() {
		t.Errorf("the last of all has one after it, at %v", r.Next)
	}
	changed, again := articleOf(first, second, third), articleOf(first, second, third+" A dam is planned.")
	i, _, _ := read(t, changed, again)
	if !i.Page.Reading.Restarted || !i.Page.Reading.Next.Equal(at(25*time.Hour)) {
		t.Errorf("a changed text does not begin the series again: %+v", i.Page.Reading)
	}
	i, _, _ = read(t, changed, again, changed)
	if !i.Page.Reading.Next.Equal(at(49*time.Hour)) && !i.Page.Reading.Next.IsZero() && i.Page.Reading.Series.Equal(at(48*time.Hour)) {
		t.Errorf("the series begins again twice: %+v", i.Page.Reading)
	}
}

func TestAnArticleIsMergedAgainAsTheConfigurationIs(t *testing.T) {
	none := func(string) Articles { return Articles{} }
	i, _, _ := read(t, articleOf(first, second, third))
	if again := MergeArticleAgain(reads(t), none, i); again != nil {
		t.Errorf("nothing has changed: %+v", again)
	}
	again := MergeArticleAgain(evidence.NewReader(desk.Directory(t)), none, i)
	if again == nil || again.Entry.Content != "" || again.FromFeed != nil || again.Page.Verdict != "" {
		t.Errorf("its pages are not read any more: %+v", again)
	}
	if i.Entry.Content == "" {
		t.Error("the item was changed")
	}
	if back := MergeArticleAgain(reads(t), none, again); back == nil || back.Entry.Content != i.Entry.Content {
		t.Errorf("they are read again: %+v", back)
	}
}
