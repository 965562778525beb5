package publish

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"fronteras/aggregator/news"
)

// Selection is which stories a document holds, and for whom it is worded. Of the values of one kind
// any may hold, of different kinds all must. The zero value takes every story.
type Selection struct {
	For       []string // partners: stories that they made or carry are left out
	Stations  []string // made or carried by one of these
	Topics    []string // in the form of [TopicKey]
	Languages []string // language ranges (RFC 4647)
	Search    Search
}

// filterNames lists the names of the filters in an address, in sorted order; those of a search are in [Search].
var filterNames = []string{"for", "lang", "station", "topic"}

// IsFilter reports whether a parameter of an address selects stories.
func IsFilter(name string) bool { return slices.Contains(filterNames, name) }

// Known holds the values that filters may have.
type Known struct {
	Stations  map[string]bool
	Topics    map[string]bool
	Languages map[string]bool
}

// NewKnown is the list of values with nothing in it.
func NewKnown() Known {
	return Known{Stations: map[string]bool{}, Topics: map[string]bool{}, Languages: map[string]bool{}}
}

// AddTopic makes a topic known, under the name it has in [TopicKey].
func (k Known) AddTopic(name string) {
	if name = TopicKey(name); name != "" {
		k.Topics[name] = true
	}
}

// AddLanguage makes a language known, and the one it is a form of: es-MX is es.
func (k Known) AddLanguage(tag string) {
	for tag = strings.ToLower(tag); tag != ""; {
		k.Languages[tag] = true
		end := strings.LastIndexByte(tag, '-')
		tag = tag[:max(end, 0)]
	}
}

// UnknownFilter is a filter of an address whose value is not known, or no day.
type UnknownFilter struct{ Name, Value string }

// filterWords says what the values of filters are.
var filterWords = map[string]string{"for": "partner", "lang": "language", "station": "station", "topic": "topic"}

// Error implements error.
func (u UnknownFilter) Error() string {
	if u.Name == "from" || u.Name == "to" {
		return fmt.Sprintf("%s=%.80q: a day is written as 2026-11-27", u.Name, u.Value)
	}
	return fmt.Sprintf("%s=%.80q: no such %s here", u.Name, u.Value, filterWords[u.Name])
}

// describe says the same in the words of a page.
func (u UnknownFilter) describe(w words) string {
	return fmt.Sprintf(w.UnknownFilter[u.Name], u.shown())
}

// maxShownValue is how many characters of an unknown value are repeated to who asked for it.
const maxShownValue = 80

// shown is the unknown value on one line, cut.
func (u UnknownFilter) shown() string {
	value := []rune(singleLine(u.Value))
	if len(value) > maxShownValue {
		return string(value[:maxShownValue]) + "…"
	}
	return string(value)
}

// ParseSelection reads the filters of an address; other parameters mean nothing. It fails with an
// [UnknownFilter] where a value is not known.
func ParseSelection(query url.Values, known Known) (Selection, error) {
	var s Selection
	var failed error
	s.Search, failed = parseSearch(query)
	for _, name := range filterNames {
		for _, value := range query[name] {
			list, values := &s.Stations, known.Stations
			switch name {
			case "for":
				list = &s.For
			case "topic":
				list, values, value = &s.Topics, known.Topics, TopicKey(value)
			case "lang":
				list, values, value = &s.Languages, known.Languages, strings.ToLower(value)
			}
			if !values[value] {
				return Selection{Search: s.Search}, UnknownFilter{name, value}
			}
			*list = append(*list, value)
		}
	}
	for _, list := range []*[]string{&s.For, &s.Languages, &s.Stations, &s.Topics} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return s, failed
}

// Query is the selection as it appears in an address: sorted, known values only.
func (s Selection) Query() string {
	var parts []string
	for n, list := range [][]string{s.For, s.Languages, s.Stations, s.Topics} {
		for _, value := range list {
			parts = append(parts, filterNames[n]+"="+url.QueryEscape(value))
		}
	}
	for _, p := range s.Search.parameters() {
		if *p.value != "" {
			parts = append(parts, p.name+"="+url.QueryEscape(*p.value))
		}
	}
	slices.SortStableFunc(parts, func(a, b string) int { // by their names alone: the values are in order
		nameOfA, _, _ := strings.Cut(a, "=")
		nameOfB, _, _ := strings.Cut(b, "=")
		return strings.Compare(nameOfA, nameOfB)
	})
	return strings.Join(parts, "&")
}

// SelectionOf reads what [Selection.Query] wrote.
func SelectionOf(query string) Selection {
	values, err := url.ParseQuery(query)
	if err != nil { // it was written by us
		return Selection{}
	}
	s := Selection{
		For: values["for"], Languages: values["lang"], Stations: values["station"], Topics: values["topic"],
	}
	for _, p := range s.Search.parameters() {
		*p.value = values.Get(p.name)
	}
	return s
}

// TopicKey is the form in which topics are compared: without case, and a space is a hyphen.
func TopicKey(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(name, "-", " ")), "-"))
}

// selectStories returns the stories that a selection takes.
func selectStories(e *Edition, stories []*news.Story, s Selection) []*news.Story {
	var taken []*news.Story
	for _, story := range stories {
		madeOrCarriedBy := func(id string) bool { return HasStory(story, id) }
		if anyOrNone(s.For, func(id string) bool { return !madeOrCarriedBy(id) }) &&
			anyOrNone(s.Stations, madeOrCarriedBy) && hasTopicAndLanguage(e, story, s) {
			taken = append(taken, story)
		}
	}
	return taken
}

// HasStory reports whether a station made a story or carries it: then the document for that partner
// leaves it out.
func HasStory(story *news.Story, station string) bool {
	return IsCarriedBy(story, station) || story.Origin.Made(station)
}

// concernsSelection reports whether a story is, or was before its items went or a partner took it,
// in a selection's documents.
func concernsSelection(e *Edition, story *news.Story, s Selection) bool {
	return anyOrNone(s.Stations, func(id string) bool {
		return story.Origin.Made(id) ||
			slices.ContainsFunc(story.Items, func(i *news.Item) bool { return i.Station == id })
	}) && hasTopicAndLanguage(e, story, s)
}

// hasTopicAndLanguage reports whether a story has one of the topics and languages selected.
func hasTopicAndLanguage(e *Edition, story *news.Story, s Selection) bool {
	lead := leadItem(story)
	return anyOrNone(s.Topics, func(topic string) bool {
		return slices.ContainsFunc(lead.Entry.Topics, func(t string) bool { return TopicKey(t) == topic })
	}) && anyOrNone(s.Languages, func(wanted string) bool { return matchesLanguage(itemLanguage(e, lead), wanted) })
}

// anyOrNone reports whether any of the values holds, or there are none.
func anyOrNone(values []string, holds func(string) bool) bool {
	return len(values) == 0 || slices.ContainsFunc(values, holds)
}

// IsCarriedBy reports whether a station has an item of a story that is not gone.
func IsCarriedBy(story *news.Story, station string) bool {
	return slices.ContainsFunc(story.Items, func(i *news.Item) bool { return i.Station == station && !i.Gone })
}

// matchesLanguage matches a language with a range: es holds es and es-MX (RFC 4647 3.3.1).
func matchesLanguage(language, wanted string) bool {
	language = strings.ToLower(language)
	return language == wanted || strings.HasPrefix(language, wanted+"-")
}

// leadItem is the item that gives a story its words.
func leadItem(story *news.Story) *news.Item {
	if i := story.Item(story.LeadItem); i != nil {
		return i
	}
	return story.Items[0]
}
