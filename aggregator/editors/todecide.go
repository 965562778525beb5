package editors

import (
	"net/http"
	"slices"
	"strconv"

	"fronteras/aggregator/cases"
	"fronteras/aggregator/news"
)

// caseRow is a case in a list.
type caseRow struct {
	Link, Name, Why, Stations string
	Since                     moment
}

// caseLists are what is to be decided, and what is held meanwhile.
type caseLists struct {
	Open, Held []caseRow
	Left       int // that are not shown
}

// maxCasesShown is how many cases a list has at most: more are a flood of cases, which editors work off
// from the first on.
const maxCasesShown = 200

// showToDecide answers with the open cases.
func showToDecide(s *Site, w http.ResponseWriter, r *request) {
	if s.Source == nil {
		s.show(w, r, page{template: "todecide", title: "To decide", current: rootPath, data: caseLists{}})
		return
	}
	cases, err := s.Source.Cases()
	if err != nil {
		s.fail(w, r, "cannot list the cases", err)
		return
	}
	var lists caseLists
	var ids []string
	shown := cases[:min(len(cases), maxCasesShown)]
	for _, c := range shown {
		if c.Kind != news.CaseFlood {
			ids = append(ids, c.Stories...)
		}
	}
	lists.Left = len(cases) - len(shown)
	stories, err := s.Source.Stories(ids)
	if err != nil {
		s.fail(w, r, "cannot read the stories of cases", err)
		return
	}
	for _, c := range shown {
		row := newCaseRow(r, c, stories)
		if c.State == news.CaseHeld {
			lists.Held = append(lists.Held, row)
		} else {
			lists.Open = append(lists.Open, row)
		}
	}
	s.show(w, r, page{template: "todecide", title: "To decide", current: rootPath, data: lists})
}

func casePath(number uint64) string { return rootPath + "cases/" + strconv.FormatUint(number, 10) }

// newCaseRow is a case in a list; its stories are among those that are given.
func newCaseRow(r *request, c news.Case, stories []*news.Story) caseRow {
	row := caseRow{
		Link: r.settings.base() + casePath(c.Number), Why: reasonOf(r, c),
		Since: newMoment(r.language, r.settings.Desk, c.Since),
	}
	if c.Kind == news.CaseFlood || c.Kind == news.CaseFeed {
		row.Name = r.settings.stationOfFeed(c.Feed).Name
		return row
	}
	for _, id := range c.Stories {
		at := slices.IndexFunc(stories, func(s *news.Story) bool { return s.ID == id })
		if at < 0 {
			continue
		}
		card := newStoryCard(r, stories[at])
		if row.Name == "" {
			row.Name = card.Headline
		}
		if row.Stations != "" {
			row.Stations += ", "
		}
		row.Stations += card.Station
	}
	if row.Name == "" {
		row.Name = translate(r.language, "Without a headline")
	}
	return row
}

// stationOfFeed is the station that has a feed, or one that is called by the feed's address.
func (s *Settings) stationOfFeed(feed string) news.Station {
	for _, station := range s.Stations {
		if slices.ContainsFunc(station.Feeds, func(f news.Feed) bool { return f.URL == feed }) {
			return station
		}
	}
	return news.Station{Name: feed}
}

// reasonOf says in one sentence why a case is asked.
func reasonOf(r *request, c news.Case) string {
	if c.Kind != news.CaseKilled && c.Kind != news.CaseFlood {
		if reason := reasonOfFlag(r, cases.MostUrgent(c.Flags)); reason != "" {
			return reason
		}
	}
	if c.Kind == news.CaseOther && len(c.Flags) == 0 { // what else is held without a flag
		return r.say("It is a wire's notice, not news, and is held.")
	}
	return r.say(reasonsOfCases[c.Kind])
}

// furtherReasons say what else is asked of a feed or one story.
func furtherReasons(r *request, c news.Case) (list []string) {
	if c.Kind == news.CasePair || c.Kind == news.CaseFlood {
		return nil
	}
	first := reasonOf(r, c)
	for _, f := range c.Flags {
		if reason := reasonOfFlag(r, f); reason != "" && reason != first && !slices.Contains(list, reason) {
			list = append(list, reason)
		}
	}
	return list
}

// reasonsOfCases say why a case is asked, where nothing more is known.
var reasonsOfCases = map[news.CaseKind]string{
	news.CaseKilled:    "A notice of its source says that the story is withdrawn, so it is held.",
	news.CaseWithdrawn: "Its station has withdrawn the story, or may have.",
	news.CaseFlood:     "The feed brought many stories at once, so they are held.",
	news.CasePair:      "The two may be one story.",
	news.CaseFeed:      "Something about the feed is odd.",
	news.CaseOther:     "Something about the story is odd.",
}
