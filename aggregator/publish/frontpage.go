package publish

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// frontPage is the desk's page.
type frontPage struct {
	page
	Chosen  []string // what is selected, in words
	Filters []filter
	Days    []day
	Older   *pageLink // the day of the first story that is not shown
}

// day is the stories of one day, the newest first.
type day struct {
	Date  string // 2026-11-27
	Title string // the same in words
	Lead  *teaser
	Cards []teaser
}

// filter is one choice among stations, topics or languages.
type filter struct {
	Title string
	Links []filterLink
}

// filterLink adds a value to what is selected, or takes it away.
type filterLink struct {
	Title, URL string
	Hue        int // of a station's badge, counted from 1; 0 for none
	Chosen     bool
}

// maxOffered is how many topics, and how many languages, are offered.
const maxOffered = 14

// frontStories is how many stories the desk's page shows.
const frontStories = 40

// renderFront writes the desk's page. Opening it asks nobody but the desk and, for their pictures, the stations for
// anything: audio is not loaded before it is played.
func renderFront(r *Renderer, q request) (Document, error) {
	e, s := &r.Edition, q.filters
	c := newestContents(e, q.format, s)
	if len(s.Stations) > 0 { // what is archive only appears here and in the archive alone
		c.stories = append(c.stories, selectStories(e, e.Filed, s)...)
		slices.SortStableFunc(c.stories, func(a, b *news.Story) int { return b.Published.Compare(a.Published) })
		c.changed = latestTime(c.changed, lastChange(e, s, e.Filed))
	}
	p := newPage(r, q.format.Path, s, q.locale)
	f := frontPage{page: p, Filters: filtersOf(r, p, s), Chosen: chosenWords(r, s)}
	f.Front = len(f.Chosen) == 0
	f.NoIndex = !f.Front // a selection of what is listed otherwise
	if !f.Front {
		f.Title = strings.Join(f.Chosen, ", ") + " – " + p.Desk.Title
	} else if len(c.stories) > frontStories { // a selection has no other page: all of it is here
		f.Older = olderDay(e, p, c.stories[frontStories].Published)
		c.stories = c.stories[:frontStories]
	} else if !e.Older.IsZero() {
		f.Older = olderDay(e, p, e.Older)
	}
	articles := r.articlesOf(c.stories, s)
	f.Days = daysOf(r, p, articles)
	if len(articles) > 0 {
		at := leadAmong(r, articles[:len(f.Days[0].Cards)])
		first := newLead(r, p, articles[at])
		f.Days[0].Lead, f.Days[0].Cards = &first, slices.Delete(f.Days[0].Cards, at, at+1)
		if i := pictureOf(r, articles[at]); i != nil {
			f.Graph.Image, f.Graph.ImageAlt = i.URL, i.Alt
		}
	}
	for n := range f.Days {
		takeRow(f.Days[n].Cards)
	}
	return executePage("front.html", f, c.changed)
}

// maxLead is among how many of the newest stories that which leads is chosen.
const maxLead = 4

// leadAmong chooses the story that leads of those of a day, the newest first: the newest with a picture if that is
// among the first, otherwise the newest.
func leadAmong(r *Renderer, articles []article) int {
	for n, a := range articles[:min(len(articles), maxLead)] {
		if r.Pictures != NoPictures && pictureOf(r, a) != nil {
			return n
		}
	}
	return 0
}

// daysOf parts articles, the newest first, by the days on which they were published.
func daysOf(r *Renderer, p page, articles []article) (days []day) {
	zone := r.timeZone()
	for _, a := range articles {
		published := a.Published.In(zone)
		if date := published.Format(time.DateOnly); len(days) == 0 || days[len(days)-1].Date != date {
			title := p.W.weekdayAndDate(published, articles[0].Published.In(zone).Year())
			days = append(days, day{Date: date, Title: title})
		}
		last := &days[len(days)-1]
		last.Cards = append(last.Cards, newCard(r, p, a))
	}
	return days
}

// olderDay leads to the page of the day on which a story was published.
func olderDay(e *Edition, p page, published time.Time) *pageLink {
	published = published.In(e.timeZone())
	return &pageLink{
		Name: p.W.weekdayAndDate(published, published.Year()),
		URL:  p.pageAt("/days/"+published.Format(time.DateOnly), Selection{}),
	}
}

// filtersOf returns the choices that a page offers.
func filtersOf(r *Renderer, p page, s Selection) []filter {
	stations, topics, languages := filter{Title: p.W.Stations}, filter{Title: p.W.Topics}, filter{Title: p.W.Languages}
	for _, st := range r.Stations {
		l := toggleLink(p, s, st.ID, func(s *Selection) *[]string { return &s.Stations })
		l.Title, l.Hue = cmp.Or(st.Brand, st.Name), badgeHue(&r.Edition, st.ID)
		stations.Links = append(stations.Links, l)
	}
	for _, name := range offeredValues(r, s.Topics, func(a article) []string { return a.Topics }) {
		l := toggleLink(p, s, TopicKey(name), func(s *Selection) *[]string { return &s.Topics })
		l.Title = name
		topics.Links = append(topics.Links, l)
	}
	spoken := offeredValues(r, s.Languages, func(a article) []string {
		return []string{news.PrimaryLanguage(a.Language)}
	})
	for _, tag := range spoken {
		l := toggleLink(p, s, tag, func(s *Selection) *[]string { return &s.Languages })
		l.Title = languageName(tag)
		languages.Links = append(languages.Links, l)
	}
	list := []filter{stations}
	if len(topics.Links) > 0 {
		list = append(list, topics)
	}
	if len(languages.Links) > 1 {
		list = append(list, languages)
	}
	return list
}

// toggleLink leads to the selection with a value more, or without it if it is chosen.
func toggleLink(p page, s Selection, value string, list func(*Selection) *[]string) filterLink {
	values := list(&s)
	next := slices.Clone(*values)
	at := slices.Index(next, value)
	if at < 0 {
		next = append(next, value)
		slices.Sort(next)
	} else {
		next = slices.Delete(next, at, at+1)
	}
	*values = next
	return filterLink{URL: p.pageAt("/", s), Chosen: at >= 0}
}

// offeredValues returns the values that most stories have, and those that are chosen, in the order
// of the alphabet, each under the name it has first.
func offeredValues(r *Renderer, chosen []string, values func(article) []string) []string {
	names, count := map[string]string{}, map[string]int{}
	for _, st := range r.Stories {
		for _, v := range values(r.articles[st]) {
			key := TopicKey(v)
			names[key] = cmp.Or(names[key], v)
			count[key]++
		}
	}
	var keys []string
	for key := range names {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), strings.Compare(a, b))
	})
	keys = keys[:min(len(keys), maxOffered)]
	for _, key := range chosen {
		if !slices.Contains(keys, key) {
			keys, names[key] = append(keys, key), cmp.Or(names[key], key)
		}
	}
	slices.Sort(keys)
	list := make([]string, len(keys))
	for n, key := range keys {
		list[n] = names[key]
	}
	return list
}

// chosenWords words a selection.
func chosenWords(r *Renderer, s Selection) []string {
	var list []string
	for _, id := range append(slices.Clone(s.Stations), s.For...) {
		list = append(list, r.stationName(id))
	}
	for _, key := range s.Topics {
		name := key
		for _, st := range r.Stories { // as stories write it
			topics := r.articles[st].Topics
			if at := slices.IndexFunc(topics, func(t string) bool { return TopicKey(t) == key }); at >= 0 {
				name = topics[at]
				break
			}
		}
		list = append(list, name)
	}
	for _, l := range s.Languages {
		list = append(list, languageName(l))
	}
	return list
}

// languageName is how a language calls itself.
func languageName(tag string) string {
	return cmp.Or(languageNames[tag], tag)
}

var languageNames = map[string]string{
	"en": "English", "es": "Español", "nv": "Diné bizaad", "ood": "Oʼodham " +
		"ñiok", "yaq": "Yoeme", "fr": "Français",
}
