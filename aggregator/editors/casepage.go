package editors

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"fronteras/aggregator/news"
)

// shownCase is a case with what its page shows of it.
type shownCase struct {
	news.Case
	stories []*news.Story
	notices []news.KillNotice
}

// caseView is what the page of a case shows.
type caseView struct {
	Path, Kind string
	Question   string
	Why        string
	State      string // how it stands, where it is not open
	Undo       string // the path of the form that undoes what decided it
	Cards      []storyCard
	Facts      []string // what the two of a pair have in common, and what not; what else is asked of one
	Makers     []maker  // of a pair
	Notices    []noticeView
	Status     string // of the story that it is about
	CanAnswer  bool
	CanTrust   bool
	Station    string // the path of the page of its feed's station; "": none
	Previous   string // the path of the case before it; "": none
	Next       string
	Left       int // stories of a flood that the page does not show
	Hidden     Hidden
	Filled     filled
}

// maker is a station that may have made the story of a pair, and the key of its button.
type maker struct{ ID, Name, Key string }

// noticeView is a word against publishing a story.
type noticeView struct {
	Source, Headline, Text string
	Since                  moment
}

func noticeViews(r *request, notices []news.KillNotice) (views []noticeView) {
	for _, n := range notices {
		views = append(views, noticeView{n.Source, n.Headline, n.Text, newMoment(r.language, r.settings.Desk, n.Since)})
	}
	return views
}

// filled is a form as it was sent, where something of it was wrong.
type filled struct {
	Reason, Confirm           string
	ReasonWrong, ConfirmWrong string   // what is wrong, in the page's language
	Chosen                    []string // ids of stories
	Wrong                     string   // of the form as a whole
}

// IsChosen reports whether a story was chosen in the form.
func (f filled) IsChosen(id string) bool { return slices.Contains(f.Chosen, id) }

// showCase answers with the page of a case.
func showCase(s *Site, w http.ResponseWriter, r *request) {
	if c, ok := readCase(s, w, r); ok {
		showCaseAs(s, w, r, c, http.StatusOK, filled{})
	}
}

// readCase reads the case that the path names; otherwise it answers.
func readCase(s *Site, w http.ResponseWriter, r *request) (c shownCase, ok bool) {
	number, err := strconv.ParseUint(r.PathValue("number"), 10, 64)
	if err != nil {
		s.notFound(w, r)
		return c, false
	}
	c.Case, err = s.Source.Case(number)
	if errors.Is(err, ErrNone) {
		s.notFound(w, r)
		return c, false
	}
	if err == nil {
		c.stories, err = s.Source.Stories(c.Stories[:min(len(c.Stories), maxFloodShown)])
	}
	if err == nil && (c.Kind == news.CaseKilled || c.Kind == news.CaseWithdrawn) && len(c.stories) > 0 {
		c.notices, err = s.Source.KillNotices(c.stories[0])
	}
	if err != nil {
		s.fail(w, r, "cannot read a case", err)
		return c, false
	}
	return c, true
}

// maxFloodShown is how many stories of a flood a page shows: the card stays while others are left. A form
// with a field for each stays within [maxBody].
const maxFloodShown = 200

// isOpen reports whether a case waits for an answer.
func (c *shownCase) isOpen() bool { return c.State == news.CaseOpen || c.State == news.CaseHeld }

// showCaseAs answers with the page of a case, with a form as it was sent.
func showCaseAs(s *Site, w http.ResponseWriter, r *request, c shownCase, status int, f filled) {
	v, err := newCaseView(s, r, c, f)
	if err != nil {
		s.fail(w, r, "cannot read what is around a case", err)
		return
	}
	title := v.Question
	if len(v.Cards) > 0 && c.Kind != news.CaseFlood {
		title = v.Cards[0].Headline
	}
	s.show(w, r, page{template: "case", title: title, current: rootPath, status: status, data: v})
}

func newCaseView(s *Site, r *request, c shownCase, f filled) (*caseView, error) {
	v := &caseView{
		Path: casePath(c.Number), Kind: string(c.Kind), Why: reasonOf(r, c.Case),
		Question: translate(r.language, questions[c.Kind]), CanAnswer: c.isOpen(), CanTrust: c.Kind == news.CaseFeed,
		Hidden: NewHidden(seenOf(c.stories)), Filled: f, Facts: furtherReasons(r, c.Case),
	}
	if c.Feed != "" {
		station := r.settings.stationOfFeed(c.Feed)
		v.Question = fmt.Sprintf("%s: %s", station.Name, v.Question)
		if station.ID != "" {
			v.Station = stationPath(station.ID)
		}
	}
	for _, story := range c.stories {
		card := newStoryCard(r, story)
		if c.Kind != news.CaseFlood {
			card.Text = textOfStory(story)
		}
		v.Cards = append(v.Cards, card)
	}
	v.Left = max(len(c.Stories)-maxFloodShown, 0)
	if len(c.stories) > 0 {
		v.Status = string(c.stories[0].Status)
	}
	if c.Kind == news.CasePair && len(c.stories) == 2 {
		v.compare(r, c.stories[0], c.stories[1])
	}
	v.Notices = noticeViews(r, c.notices)
	var err error
	if v.Previous, v.Next, err = neighborsOf(s, c.Case); err != nil {
		return nil, err
	}
	return v, sayState(s, r, c, v)
}

// compare shows two stories side by side.
func (v *caseView) compare(r *request, a, b *news.Story) {
	x, y := leadItem(a), leadItem(b)
	if x == nil || y == nil {
		return
	}
	for n, i := range []*news.Item{x, y} {
		if n == 0 || i.Station != x.Station {
			station := r.settings.stationNamed(i.Station)
			v.Makers = append(v.Makers, maker{station.ID, station.Name, strconv.Itoa(n + 1)})
		}
	}
	v.Cards[0].Text, v.Cards[1].Text, v.Facts = compareItems(r, x, y)
}

// sayState says who decided a case, or holds it.
func sayState(s *Site, r *request, c shownCase, v *caseView) error {
	if c.State == news.CaseEnded {
		v.State = translate(r.language, "Nothing is left to decide: what was asked has settled itself.")
	}
	if c.Decision == 0 || c.State == news.CaseOpen {
		return nil
	}
	d, err := s.Decision(c.Decision)
	if err != nil || d == nil {
		return err
	}
	phrase := "%s decided this, %s: %s"
	if c.State == news.CaseHeld {
		phrase = "%s holds this since %s: %s"
	}
	v.State = translate(r.language, phrase, r.settings.personNamed(d.Who),
		newMoment(r.language, r.settings.Desk, d.When).Words, translate(r.language, sentences[d.Verb]))
	if d.CanBeUndone() {
		v.Undo = undoPath(d.Number)
	}
	return nil
}

// undoPath is where the form goes that undoes a decision.
func undoPath(number uint64) string {
	return rootPath + "decisions/" + strconv.FormatUint(number, 10) + "/undo"
}

// questions are the headings of the pages of cases.
var questions = map[news.CaseKind]string{
	news.CaseKilled:    "Is this story to be published?",
	news.CaseWithdrawn: "Has this story been withdrawn?",
	news.CaseFlood:     "Are these stories to be published?",
	news.CasePair:      "Are these one story?",
	news.CaseFeed:      "Is this feed in order?",
	news.CaseOther:     "Is this story in order?",
}
