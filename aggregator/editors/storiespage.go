package editors

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"fronteras/aggregator/news"
)

const (
	storiesPath   = rootPath + "stories"
	storiesShown  = 50
	maxWords      = 200 // characters that are searched for
	flaggedStatus = "flagged"
)

// storyPath is the path of a story's page.
func storyPath(id string) string { return storiesPath + "/" + url.PathEscape(id) }

// storyList is what the page of all stories shows.
type storyList struct {
	Words, Station, Day, Status string // as they were sent
	WordsWrong, DayWrong        string
	Stations                    []news.Station
	Statuses                    []choice
	Rows                        []storyCard
	Next                        string // the path of the next page; "": there is none
	Notes                       []string
}

// choice is an entry of a list from which one is chosen.
type choice struct {
	Value, Name string
	Chosen      bool
}

// showStories answers with the stories that the fields ask for, the newest first.
func showStories(s *Site, w http.ResponseWriter, r *request) {
	q := r.URL.Query()
	list := storyList{
		Words: strings.TrimSpace(q.Get("words")), Station: q.Get("station"), Day: strings.TrimSpace(q.Get("day")),
		Status: q.Get("status"), Stations: r.settings.Stations,
	}
	for _, status := range []choice{
		{Value: "", Name: "Any"}, {Value: string(news.Live), Name: "Live"}, {Value: string(news.Held), Name: "Held"},
		{Value: string(news.Retracted), Name: "Withdrawn"}, {Value: flaggedStatus, Name: "Flagged"},
	} {
		list.Statuses = append(list.Statuses, choice{status.Value, r.say(status.Name), status.Value == list.Status})
	}
	f := list.filter(r)
	f.After = q.Get("after")
	status := http.StatusOK
	if list.WordsWrong+list.DayWrong != "" {
		status = http.StatusUnprocessableEntity
	} else if err := fillStories(s, r, &list, f); errors.Is(err, ErrNoSearch) {
		status = http.StatusServiceUnavailable
		list.Notes = append(list.Notes, r.say("The search is not available now. Try again in a moment."))
	} else if err != nil {
		s.fail(w, r, "cannot list stories", err)
		return
	}
	s.show(w, r, page{template: "stories", title: "Stories", current: storiesPath, status: status, data: list})
}

// filter is what the fields ask for; what is wrong with them is noted.
func (l *storyList) filter(r *request) StoryFilter {
	f := StoryFilter{Words: l.Words, Station: l.Station, Limit: storiesShown}
	switch l.Status {
	case flaggedStatus:
		f.Flagged = true
	case string(news.Live), string(news.Held), string(news.Retracted):
		f.Status = news.Status(l.Status)
	default:
		l.Status = ""
	}
	if utf8.RuneCountInString(l.Words) > maxWords {
		l.WordsWrong = r.say("At most %d characters can be searched for.", maxWords)
	}
	if l.Day != "" {
		day, err := time.ParseInLocation(time.DateOnly, l.Day, zoneOf(r.settings.Desk))
		if err != nil {
			l.DayWrong = r.say("Type a day as 2031-02-04.")
		}
		f.From, f.Before = day, day.AddDate(0, 0, 1)
	}
	return f
}

// fillStories lists what is asked for. A word that names stories finds them, whatever else is asked for: an
// address or an id alone, a GUID before what else has that word.
func fillStories(s *Site, r *request, l *storyList, f StoryFilter) error {
	if name := l.Words; name != "" && f.After == "" && !strings.ContainsAny(name, " \t") {
		named, err := s.Source.StoriesNamed(name)
		if err != nil {
			return err
		}
		named = slices.DeleteFunc(named, func(s *news.Story) bool { return s.ID == "" }) // they are not settled yet
		named = named[:min(len(named), storiesShown)]
		for _, story := range named {
			l.addRow(r, story)
		}
		if f.Limit -= len(named); f.Limit == 0 || len(named) > 0 && !isPlainWord(name, named[0]) {
			return nil
		}
	}
	found, err := s.Source.FindStories(r.Context(), f)
	if err != nil {
		return err
	}
	for _, story := range found.Stories {
		l.addRow(r, story)
	}
	if found.Unready {
		l.Notes = append(l.Notes, r.say("The search is being set up: older stories may be missing."))
	}
	if found.Short {
		l.Notes = append(l.Notes, r.say("Few of the stories fit, so the list goes on on the next page."))
	}
	if found.Next != "" {
		query := url.Values{"after": {found.Next}}
		for name, value := range map[string]string{"words": l.Words, "station": l.Station, "day": l.Day, "status": l.Status} {
			if value != "" {
				query.Set(name, value)
			}
		}
		l.Next = storiesPath + "?" + query.Encode()
	}
	return nil
}

// isPlainWord reports whether a name of a story can be a word of others as well: a GUID that is a number, for
// example.
func isPlainWord(name string, of *news.Story) bool {
	return of.ID != name && of.PublicID != name && !strings.ContainsAny(name, ":/")
}

// addRow lists a story, once.
func (l *storyList) addRow(r *request, story *news.Story) {
	if slices.ContainsFunc(l.Rows, func(c storyCard) bool { return c.ID == story.ID }) {
		return
	}
	card := newStoryCard(r, story)
	var others []string
	for _, i := range story.Items {
		if name := r.settings.stationNamed(i.Station).Name; name != card.Station && !i.Gone && !slices.Contains(others, name) {
			others = append(others, name)
		}
	}
	if len(others) > 0 {
		card.Others = listWords(r, others)
	}
	l.Rows = append(l.Rows, card)
}
