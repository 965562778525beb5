package publish

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"fronteras/aggregator/news"
)

// Search is what stories are searched for in the whole archive. The zero value searches for nothing.
type Search struct {
	Words string // as a reader typed them, on one line
	From  string // a day, as 2026-11-27, in the desk's time zone; empty: no bound
	To    string // the last day
}

// SearchPath is the address of the search page, in any language.
const SearchPath = "/search"

// PerSearchPage is how many stories a page of a search shows.
const PerSearchPage = 20

// maxSearchWords is how many bytes of words count.
const maxSearchWords = 300

// Asks reports whether anything is searched for.
func (s Search) Asks() bool { return s != Search{} }

// searchParameter is a parameter of a search in an address.
type searchParameter struct {
	name  string
	value *string
}

func (s *Search) parameters() []searchParameter {
	return []searchParameter{{"from", &s.From}, {"q", &s.Words}, {"to", &s.To}}
}

// IsSearch reports whether a parameter of an address is one of a search.
func IsSearch(name string) bool { return name == "q" || name == "from" || name == "to" }

// parseSearch reads a search in an address; of a parameter that is there twice, the first counts. A day that is none is
// left out, and is the error.
func parseSearch(query url.Values) (s Search, failed error) {
	for _, p := range s.parameters() {
		*p.value = singleLine(query.Get(p.name))
		if p.name == "q" || *p.value == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, *p.value); err != nil {
			if failed == nil {
				failed = UnknownFilter{p.name, *p.value}
			}
			*p.value = ""
		}
	}
	if len(s.Words) > maxSearchWords {
		end := maxSearchWords
		for !utf8.RuneStart(s.Words[end]) {
			end--
		}
		s.Words = strings.TrimSpace(s.Words[:end])
	}
	return s, failed
}

// Bounds are the times between which stories were published that a search looks for: from the beginning of its first
// day to that of the day after its last. They are zero where it has none.
func Bounds(e *Edition, s Search) (from, before time.Time) {
	day := func(text string) time.Time {
		t, err := time.ParseInLocation(time.DateOnly, text, e.timeZone())
		if err != nil {
			return time.Time{}
		}
		return t
	}
	if from = day(s.From); s.To != "" {
		before = day(s.To).AddDate(0, 0, 1)
	}
	return from, before
}

// Wanted is what is asked of a search.
type Wanted struct {
	Selection
	From, Before time.Time // zero: no bound
	NewestFirst  bool      // whatever stands in headlines
	Offset       int       // of the stories found, these are passed over
	Limit        int       // as many follow; 0: as many as a feed document holds
}

// Found is what a search found.
type Found struct {
	Stories []*news.Story // live ones, the best first
	Total   int           // how many there are
	Whole   bool          // the whole archive was searched
	Cut     bool          // not all words were searched for
	// Marks gives the parts of a text, in a language, that were searched for, as many at most, each by its bytes; nil:
	// nothing was.
	Marks func(language, text string, most int) [][2]int
}

// RenderSearch writes the document of a format with what a search found, the newest first.
func RenderSearch(r *Renderer, f Format, found Found, s Selection) (Document, error) {
	return r.renderContents(contents{
		Selection: s, format: f, path: f.Path, stories: found.Stories, changed: lastChange(&r.Edition, s, found.Stories),
	})
}

// titleIn is the title of a feed document: that of the desk, with what was searched for.
func (c contents) titleIn(desk news.Site) string {
	if c.Search.Words == "" {
		return desk.Title
	}
	return c.Search.Words + " – " + desk.Title
}

// homeOf is the address of the page that shows what a feed document holds.
func homeOf(e *Edition, s Selection) string {
	if s.Search.Asks() {
		return e.publicAddress(SearchPath, s)
	}
	return e.publicAddress("/", s)
}

// searchPage is the page of a search.
type searchPage struct {
	page
	Heading  string
	Problem  string // why nothing was searched for; empty: something was
	Count    string // how many were found, in words
	Notes    []string
	From, To string
	Choices  []choice
	Kept     []hidden // what else is selected
	Hits     []teaser
	Previous *pageLink
	Next     *pageLink
}

// choice is a filter of which the form offers one value, or none.
type choice struct {
	Name, Title, Any string
	Options          []option
}

type option struct {
	Value, Title string
	Chosen       bool
}

type hidden struct{ Name, Value string }

// fragmentOfText is a piece of a text, marked if it is what was searched for.
type fragmentOfText struct {
	Text   string
	Marked bool
}

// SearchPage writes the page of a search, counted from 1. Where nothing can be found now, found is nil, and problem
// says what is wrong with what was asked for; nil: search is not available.
func SearchPage(r *Renderer, found *Found, s Selection, number int, problem error, l Locale) (Document, error) {
	e := &r.Edition
	p := searchPage{page: newPage(r, SearchPath, s, l), From: s.Search.From, To: s.Search.To}
	p.NoIndex, p.Canonical, p.Description, p.Alternates = true, "", "", nil
	p.Query, p.Heading = s.Search.Words, p.W.Search
	if s.Search.Words != "" {
		p.Heading += ": " + s.Search.Words
	}
	p.Title = p.Heading + " – " + p.Desk.Title
	p.addChoices(r, s)
	if found == nil {
		p.Problem = p.W.NoSearch
		var unknown UnknownFilter
		if errors.As(problem, &unknown) {
			p.Problem = unknown.describe(p.W)
		} else if problem != nil {
			p.Problem = p.W.BadFilters
		}
		return executePage("search.html", p, time.Time{})
	}
	p.Count = p.W.countStories(found.Total)
	if !found.Whole {
		p.Notes = append(p.Notes, p.W.Incomplete)
	}
	if found.Cut {
		p.Notes = append(p.Notes, p.W.CutWords)
	}
	for _, a := range r.articlesOf(found.Stories, s) {
		t := newCard(r, p.page, a)
		t.Time, t.Level = "", 2 // the day is to be seen
		t.Snippet = snippetOf(found, a)
		p.Hits = append(p.Hits, t)
	}
	takeRow(p.Hits)
	link := func(n int) *pageLink {
		address := p.pageAt(SearchPath, s)
		if n > 1 {
			separator := "?"
			if strings.Contains(address, "?") {
				separator = "&"
			}
			address += separator + "page=" + strconv.Itoa(n)
		}
		return &pageLink{URL: address}
	}
	if number > 1 {
		last := max(1, (found.Total+PerSearchPage-1)/PerSearchPage)
		p.Previous = link(min(number-1, last))
	}
	if number*PerSearchPage < found.Total {
		p.Next = link(number + 1)
	}
	return executePage("search.html", p, latestTime(e.Configured, lastChange(e, s, found.Stories)))
}

// addChoices adds what the form offers besides words. It offers one value of a kind; further ones stay selected.
func (p *searchPage) addChoices(r *Renderer, s Selection) {
	stations := choice{Name: "station", Title: p.W.Station, Any: p.W.AnyStation}
	for _, st := range r.Stations {
		stations.Options = append(stations.Options, option{Value: st.ID, Title: st.Name})
	}
	topics := choice{Name: "topic", Title: p.W.Topic, Any: p.W.AnyTopic}
	for _, name := range offeredValues(r, s.Topics, func(a article) []string { return a.Topics }) {
		topics.Options = append(topics.Options, option{Value: TopicKey(name), Title: name})
	}
	spoken := choice{Name: "lang", Title: p.W.LanguageOf, Any: p.W.AnyLanguage}
	tags := offeredValues(
		r,
		s.Languages,
		func(a article) []string { return []string{news.PrimaryLanguage(a.Language)} },
	)
	for _, tag := range tags {
		spoken.Options = append(spoken.Options, option{Value: tag, Title: languageName(tag)})
	}
	for n, c := range []choice{stations, topics, spoken} {
		selected := [][]string{s.Stations, s.Topics, s.Languages}[n]
		for k, value := range selected {
			at := -1
			for n := range c.Options {
				if c.Options[n].Value == value && k == 0 {
					c.Options[n].Chosen, at = true, n
				}
			}
			if at < 0 {
				p.Kept = append(p.Kept, hidden{c.Name, value})
			}
		}
		if len(c.Options) > 0 {
			p.Choices = append(p.Choices, c)
		}
	}
	for _, value := range s.For {
		p.Kept = append(p.Kept, hidden{"for", value})
	}
}

// Filtered reports whether the form's filters are used.
func (p searchPage) Filtered() bool {
	for _, c := range p.Choices {
		for _, o := range c.Options {
			if o.Chosen {
				return true
			}
		}
	}
	return p.From != "" || p.To != ""
}

// Bounds of what a card shows of a text.
const (
	snippetBefore = 60  // bytes before the first mark
	snippetLength = 240 // bytes
	mostMarks     = 12
)

// snippetOf is the deck of an article with what was searched for marked; if that is not in it, the place in the text
// where it is first. Where nothing is to be marked, it is empty.
func snippetOf(found *Found, a article) []fragmentOfText {
	if found.Marks == nil {
		return nil
	}
	if marks := found.Marks(a.Language, a.Deck, mostMarks); len(marks) > 0 {
		return markText(a.Deck, marks)
	}
	marks := found.Marks(a.Language, a.Plain, 1)
	if len(marks) == 0 {
		return nil
	}
	begin := max(0, marks[0][0]-snippetBefore)
	for begin > 0 && a.Plain[begin-1] != ' ' && a.Plain[begin-1] != '\n' && begin < marks[0][0] {
		begin++
	}
	end := min(len(a.Plain), begin+snippetLength)
	for end < len(a.Plain) && end > marks[0][1] && a.Plain[end] != ' ' && a.Plain[end] != '\n' {
		end--
	}
	for end < len(a.Plain) && !utf8.RuneStart(a.Plain[end]) {
		end++
	}
	text := strings.ReplaceAll(a.Plain[begin:end], "\n", " ")
	parts := markText(text, found.Marks(a.Language, text, mostMarks))
	if begin > 0 {
		parts = append([]fragmentOfText{{Text: "… "}}, parts...)
	}
	if end < len(a.Plain) {
		parts = append(parts, fragmentOfText{Text: " …"})
	}
	return parts
}

// markText parts a text by its marks.
func markText(text string, marks [][2]int) (parts []fragmentOfText) {
	at := 0
	for _, m := range marks {
		if m[0] > at {
			parts = append(parts, fragmentOfText{Text: text[at:m[0]]})
		}
		parts = append(parts, fragmentOfText{Text: text[m[0]:m[1]], Marked: true})
		at = m[1]
	}
	if at < len(text) {
		parts = append(parts, fragmentOfText{Text: text[at:]})
	}
	return parts
}

// Searchable is what a story is searched by.
type Searchable struct {
	Language                     string
	Headline, Deck, Text, Byline string
	StationNames, StationIDs     []string // that made or carry it
	Topics                       []string // in the form of [TopicKey]
}

// SearchableOf is what a story is searched by in an edition: what its page shows of it.
func SearchableOf(e *Edition, story *news.Story) Searchable {
	a := newArticle(e, story)
	s := Searchable{
		Language: a.Language, Headline: a.Title, Deck: a.Deck, Text: a.Plain, Byline: strings.Join(a.byline(), "\n"),
	}
	if a.beginsWithDeck() {
		s.Deck = ""
	}
	for _, p := range append(append([]participant(nil), a.Makers...), a.Carriers...) {
		s.StationNames = append(s.StationNames, p.Name)
	}
	for _, st := range e.Stations {
		if HasStory(story, st.ID) {
			s.StationIDs = append(s.StationIDs, st.ID)
		}
	}
	for _, topic := range a.Topics {
		s.Topics = append(s.Topics, TopicKey(topic))
	}
	return s
}
