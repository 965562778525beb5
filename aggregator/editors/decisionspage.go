package editors

import (
	"errors"
	"net/http"
	"strconv"

	"fronteras/aggregator/news"
)

// decisionRow is a decision in a list.
type decisionRow struct {
	Number   uint64
	Headline string // of the first story that it is about, or the station
	Path     string // of that story; "": it is about a feed
	More     int    // further stories
	What     string
	Who, Via string
	When     moment
	Reason   string
	Undo     string // the path of the form that undoes it; "": that cannot be
	Undone   string // who undid it, and when
}

// decisionList is a page of decisions.
type decisionList struct {
	Rows  []decisionRow
	Older string // the path of the next page; "": there is none
}

// decisionsShown is how many decisions a page has.
const decisionsShown = 50

// decisionsPath is where decisions are listed.
const decisionsPath = rootPath + "decisions"

// showDecisions answers with what was decided, the latest first.
func showDecisions(s *Site, w http.ResponseWriter, r *request) {
	before, err := strconv.ParseUint(r.URL.Query().Get("before"), 10, 64)
	if err != nil {
		before = 0
	}
	decisions, err := s.Source.Decisions(before, decisionsShown+1)
	if err != nil {
		s.fail(w, r, "cannot list decisions", err)
		return
	}
	var list decisionList
	if len(decisions) > decisionsShown {
		decisions = decisions[:decisionsShown]
		list.Older = decisionsPath + "?before=" + strconv.FormatUint(decisions[decisionsShown-1].Number, 10)
	}
	if list.Rows, err = rowsOf(s, r, decisions); err != nil {
		s.fail(w, r, "cannot read the stories of decisions", err)
		return
	}
	s.show(w, r, page{template: "decisions", title: "Decisions", current: decisionsPath, data: list})
}

// rowsOf shows decisions.
func rowsOf(s *Site, r *request, decisions []news.Decision) (rows []decisionRow, err error) {
	var ids []string
	for _, d := range decisions {
		if len(d.Stories) > 0 {
			ids = append(ids, d.Stories[0])
		}
	}
	stories, err := s.Source.Stories(ids)
	if err != nil {
		return nil, err
	}
	byID := map[string]*news.Story{}
	for _, story := range stories {
		byID[story.ID] = story
		for _, a := range story.Aliases {
			byID[a.ID] = story
		}
	}
	for _, d := range decisions {
		row := decisionRow{
			Number: d.Number, What: r.say(whatDecided(d)), Who: r.settings.personNamed(d.Who),
			When: newMoment(r.language, r.settings.Desk, d.When), Reason: d.Reason, More: max(len(d.Stories)-1, 0),
		}
		switch {
		case len(d.Stories) == 0 && d.Feed != "":
			row.Headline = r.settings.stationOfFeed(d.Feed).Name
		case len(d.Stories) > 0 && byID[d.Stories[0]] != nil:
			story := byID[d.Stories[0]]
			row.Headline, row.Path = headlineOf(r.language, story), rootPath+"stories/"+story.ID
		case len(d.Stories) > 0:
			row.Headline = d.Stories[0]
		}
		if d.Via != news.ViaPage {
			row.Via = r.say("by a command")
		}
		if d.CanBeUndone() {
			row.Undo = undoPath(d.Number)
		} else if u := d.Undone; u != nil {
			row.Undone = r.say("Undone by %s, %s", r.settings.personNamed(u.Who),
				newMoment(r.language, r.settings.Desk, u.When).Words)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// whatDecided says what was decided.
func whatDecided(d news.Decision) string { return sentences[d.Verb] }

// undoDecision undoes a decision.
func undoDecision(s *Site, w http.ResponseWriter, r *request) {
	number, err := strconv.ParseUint(r.PathValue("number"), 10, 64)
	if err != nil || number == 0 {
		s.notFound(w, r)
		return
	}
	d, err := s.Decision(number)
	if errors.Is(err, ErrNone) || err == nil && d == nil {
		s.notFound(w, r)
		return
	}
	var undo uint64
	if err == nil {
		o := newOrder(r, news.Undo)
		o.Decision = number
		undo, err = s.Source.Decide(r.Context(), o)
	}
	var wrong *OrderError
	if errors.As(err, &wrong) { // somebody may have undone it meanwhile
		if now, err := s.Decision(number); err == nil && now != nil {
			d = now
		}
	}
	switch {
	case errors.As(err, &wrong) && d.Undone != nil:
		s.refuse(w, r, http.StatusConflict, "%s has undone this already. Nothing was done.",
			r.settings.personNamed(d.Undone.Who))
	case errors.As(err, &wrong):
		s.show(w, r, page{template: "notice", title: "Not done", status: http.StatusUnprocessableEntity,
			data: refusalWords(r, wrong)})
	case err != nil:
		s.fail(w, r, "cannot undo a decision", err)
	default:
		s.redirect(w, r, pathDone(caseAfterUndo(s, d.Case), undo))
	}
}

// caseAfterUndo is the path of the case that an undo opened again, or of the first open one.
func caseAfterUndo(s *Site, number uint64) string {
	if c, err := s.Source.Case(number); number != 0 && err == nil && c.State == news.CaseOpen {
		return casePath(number)
	}
	return firstCase(s)
}
