package editors

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"fronteras/aggregator/cases"
	"fronteras/aggregator/news"
)

// Bounds and words of fields.
const (
	maxReason   = 2000 // characters
	confirmWord = "PUBLISH"
)

// acts is what the forms of a case can do, by its kind: the values of the buttons.
var acts = map[news.CaseKind][]string{
	news.CasePair:      {"apart", "join", "elsewhere", "hold"},
	news.CaseKilled:    {"withdraw", "hold", "publish"},
	news.CaseWithdrawn: {"withdraw", "hold", "publish", "dismiss"},
	news.CaseFlood:     {"publish-chosen", "publish-all", "withdraw-chosen", "withdraw-all"},
	news.CaseFeed:      {"dismiss", "trust"},
	news.CaseOther:     {"dismiss"},
}

// answerCase does what a form of a case's page orders.
func answerCase(s *Site, w http.ResponseWriter, r *request) {
	c, ok := readCase(s, w, r)
	if !ok {
		return
	}
	do, station, _ := strings.Cut(r.PostForm.Get("do"), ":")
	if !slices.Contains(acts[c.Kind], do) {
		showCaseAs(s, w, r, c, http.StatusUnprocessableEntity, filled{Wrong: r.say("Choose what is to be done.")})
		return
	}
	f := checkCaseForm(r, c, do)
	if f.isWrong() {
		showCaseAs(s, w, r, c, http.StatusUnprocessableEntity, f)
		return
	}
	o := orderOfCase(r, c, do, station, f.Chosen)
	if !c.isOpen() { // only a form that is sent again is answered as the first time
		o.Seen = map[string]string{}
		for _, id := range c.Stories { // whatever it says that it showed
			o.Seen[id] = "decided"
		}
	}
	if strings.HasSuffix(do, "-all") && hasUnseen(c, o) {
		showChanged(s, w, r, nil)
		return
	}
	number, err := s.Source.Decide(r.Context(), o)
	var changed *ChangedError
	var wrong *OrderError
	switch {
	case err == nil:
		s.redirect(w, r, pathDone(nextCase(s, c.Case), number))
	case errors.As(err, &changed), errors.As(err, &wrong) && !c.isOpen():
		showChanged(s, w, r, changed)
	case errors.As(err, &wrong):
		f.Wrong = refusalWords(r, wrong)
		showCaseAs(s, w, r, c, http.StatusUnprocessableEntity, f)
	default:
		s.fail(w, r, "cannot decide", err)
	}
}

// hasUnseen reports whether stories have come that the page of a form did not show.
func hasUnseen(c shownCase, o news.Order) bool {
	return slices.ContainsFunc(c.stories, func(s *news.Story) bool { return o.Seen[s.ID] == "" })
}

// showChanged answers with a case as it is now, since it is not what the form showed.
func showChanged(s *Site, w http.ResponseWriter, r *request, changed *ChangedError) {
	c, ok := readCase(s, w, r)
	if !ok {
		return
	}
	showCaseAs(s, w, r, c, http.StatusConflict, filled{Wrong: changedWords(r, changed)})
}

// changedWords says that something is not what a form showed, and who changed it.
func changedWords(r *request, changed *ChangedError) string {
	if changed != nil && changed.Who != "" {
		return r.say("%s has changed this since you opened the page. Nothing was done.",
			r.settings.personNamed(changed.Who))
	}
	return r.say("This has changed since you opened the page. Nothing was done.")
}

// say is a phrase in the language of the answer.
func (r *request) say(phrase string, args ...any) string {
	return translate(r.language, phrase, args...)
}

func (f *filled) isWrong() bool { return f.ReasonWrong+f.ConfirmWrong+f.Wrong != "" }

// checkCaseForm says what is wrong with a form.
func checkCaseForm(r *request, c shownCase, do string) filled {
	f := filled{
		Reason: strings.TrimSpace(r.PostForm.Get("reason")), Confirm: r.PostForm.Get("confirm"),
		Chosen: r.PostForm["story"],
	}
	f.ReasonWrong = wrongReason(r, f.Reason, strings.HasPrefix(do, "withdraw"))
	if do == "publish" && len(c.notices) > 0 && strings.TrimSpace(f.Confirm) != confirmWord {
		f.ConfirmWrong = r.say("To publish a killed story, type PUBLISH in capital letters.")
	}
	if strings.HasSuffix(do, "-chosen") && len(f.Chosen) == 0 {
		f.Wrong = r.say("Choose at least one story.")
	}
	return f
}

// wrongReason says what is wrong with a reason; "": nothing.
func wrongReason(r *request, reason string, needed bool) string {
	switch {
	case needed && reason == "":
		return r.say("A withdrawal needs a reason.")
	case utf8.RuneCountInString(reason) > maxReason:
		return r.say("A reason has at most %d characters.", maxReason)
	}
	return ""
}

// orderOfCase is what a form of a case orders.
func orderOfCase(r *request, c shownCase, do, station string, chosen []string) news.Order {
	verbs := map[string]news.Verb{
		"apart": news.Split, "join": news.Join, "elsewhere": news.Join, "hold": news.Hold, "withdraw": news.Retract,
		"publish": news.Release, "dismiss": news.Dismiss, "trust": news.Trust, "publish-chosen": news.Release,
		"publish-all": news.Release, "withdraw-chosen": news.Retract, "withdraw-all": news.Retract,
	}
	o := newOrder(r, verbs[do])
	o.Case, o.Stories = c.Number, c.Stories
	switch do {
	case "join":
		o.Maker = station
	case "elsewhere":
		o.Maker = news.NoMaker
	case "publish":
		o.AlthoughKilled = len(c.notices) > 0
		if len(c.stories) > 0 && c.stories[0].Status == news.Retracted {
			o.Verb = news.Restore
		}
	case "publish-chosen", "withdraw-chosen":
		o.Stories = chosen
	case "publish-all", "withdraw-all":
		o.Stories = []string{c.Feed}
		if len(c.Stories) > maxFloodShown { // what the page did not show is not decided
			o.Stories = c.Stories[:maxFloodShown]
		}
	case "dismiss":
		o.Stories = nil
	case "trust":
		o.Stories, o.Feed = nil, c.Feed
	}
	for id := range o.Seen { // what it is not about may change meanwhile
		if strings.HasSuffix(do, "-chosen") && !slices.Contains(chosen, id) {
			delete(o.Seen, id)
		}
	}
	return o
}

// nextCase is the path of the open case behind one that was decided, in the order in which they are
// shown; of the first where it was the last; or of what is to be decided where none is open. A flood
// that still waits is its own next.
func nextCase(s *Site, decided news.Case) string {
	list, err := s.Source.Cases()
	if err != nil {
		return rootPath
	}
	decided.State = news.CaseOpen // as it was shown
	next := rootPath
	for _, c := range list {
		switch {
		case c.State != news.CaseOpen:
		case c.Number == decided.Number && c.Kind == news.CaseFlood:
			return casePath(c.Number)
		case c.Number == decided.Number:
		case cases.Compare(decided, c) < 0:
			return casePath(c.Number)
		case next == rootPath:
			next = casePath(c.Number)
		}
	}
	return next
}

// neighborsOf are the paths of the open cases before and after one, in the order in which they are
// shown; "": there is none.
func neighborsOf(s *Site, about news.Case) (previous, next string, err error) {
	list, err := s.Source.Cases()
	about.State = news.CaseOpen // as it was shown
	for _, c := range list {
		switch {
		case c.State != news.CaseOpen || c.Number == about.Number:
		case cases.Compare(about, c) < 0:
			return previous, casePath(c.Number), err
		default:
			previous = casePath(c.Number)
		}
	}
	return previous, "", err
}
