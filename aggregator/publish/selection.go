package publish

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"fronteras/aggregator/news"
)

// Selection is which stories a document holds, and for whom it is worded. Of
// the values of one kind any may hold, of different kinds all must. The zero
// value takes every story.
type Selection struct {
	For       []string // partners: stories that they made or carry are left out
	Stations  []string // made or carried by one of these
	Topics    []string // in the form of [Topic]
	Languages []string // language ranges (RFC 4647)
}

// kinds are the names of the filters in an address, in sorted order.
var kinds = []string{"for", "lang", "station", "topic"}

// IsFilter reports whether a parameter of an address selects stories.
func IsFilter(name string) bool { return slices.Contains(kinds, name) }

// Known are the values that filters may have.
type Known struct {
	Stations  map[string]bool
	Topics    map[string]bool
	Languages map[string]bool
}

// Select reads the filters of an address; other parameters mean nothing. It
// fails with a sentence that names a value that is not known.
func Select(query url.Values, known Known) (Selection, error) {
	var s Selection
	for _, kind := range kinds {
		for _, value := range query[kind] {
			if err := s.add(kind, value, known); err != nil {
				return Selection{}, err
			}
		}
	}
	for _, list := range []*[]string{&s.For, &s.Languages, &s.Stations, &s.Topics} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return s, nil
}

func (s *Selection) add(kind, value string, known Known) error {
	list, values, what := &s.Stations, known.Stations, "station"
	switch kind {
	case "for":
		list, what = &s.For, "partner"
	case "topic":
		list, values, what, value = &s.Topics, known.Topics, "topic", Topic(value)
	case "lang":
		list, values, what, value = &s.Languages, known.Languages, "language", strings.ToLower(value)
	}
	if !values[value] {
		return fmt.Errorf("%s=%.80q: no such %s here", kind, value, what)
	}
	*list = append(*list, value)
	return nil
}

// Topic is the form in which topics are compared: without case, and a space is
// a hyphen.
func Topic(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(name, "-", " ")), "-"))
}

// Query is the selection as it stands in an address: sorted, known values only.
func (s Selection) Query() string {
	var parts []string
	for n, list := range [][]string{s.For, s.Languages, s.Stations, s.Topics} {
		for _, value := range list {
			parts = append(parts, kinds[n]+"="+url.QueryEscape(value))
		}
	}
	return strings.Join(parts, "&")
}

// Selected reads what [Selection.Query] wrote.
func Selected(query string) Selection {
	values, err := url.ParseQuery(query)
	if err != nil { // it was written by us
		return Selection{}
	}
	return Selection{For: values["for"], Languages: values["lang"], Stations: values["station"], Topics: values["topic"]}
}

// takes reports whether a story is among those selected.
func (e *Edition) takes(story *news.Story, s Selection) bool {
	return one(s.For, func(id string) bool { return !tells(story, id) && !story.Origin.Made(id) }) &&
		one(s.Stations, func(id string) bool { return tells(story, id) || story.Origin.Made(id) }) &&
		e.about(story, s)
}

// touches reports whether a story is, or was before its items went or a partner
// took it, among those selected.
func (e *Edition) touches(story *news.Story, s Selection) bool {
	return one(s.Stations, func(id string) bool {
		return story.Origin.Made(id) || slices.ContainsFunc(story.Items, func(i *news.Item) bool { return i.Station == id })
	}) && e.about(story, s)
}

// about reports whether a story has one of the topics and languages selected.
func (e *Edition) about(story *news.Story, s Selection) bool {
	return one(s.Topics, func(topic string) bool {
		return slices.ContainsFunc(shown(story).Entry.Topics, func(t string) bool { return Topic(t) == topic })
	}) && one(s.Languages, func(lang string) bool { return inRange(e.language(shown(story)), lang) })
}

// one reports whether any of the values holds, or there are none.
func one(values []string, holds func(string) bool) bool {
	return len(values) == 0 || slices.ContainsFunc(values, holds)
}

// tells reports whether a station has an item of a story that is not gone.
func tells(story *news.Story, station string) bool {
	return slices.ContainsFunc(story.Items, func(i *news.Item) bool { return i.Station == station && !i.Gone })
}

// inRange matches a language with a range: es holds es and es-MX (RFC 4647 3.3.1).
func inRange(language, wanted string) bool {
	language = strings.ToLower(language)
	return language == wanted || strings.HasPrefix(language, wanted+"-")
}

// shown is the item that gives a story its words.
func shown(story *news.Story) *news.Item {
	if i := story.Item(story.LeadItem); i != nil {
		return i
	}
	return story.Items[0]
}

// NewKnown is the list of values with nothing in it.
func NewKnown() Known {
	return Known{Stations: map[string]bool{}, Topics: map[string]bool{}, Languages: map[string]bool{}}
}

// AddTopic makes a topic known, under the name it has in [Topic].
func (k Known) AddTopic(name string) {
	if name = Topic(name); name != "" {
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
