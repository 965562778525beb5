package editors

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"fronteras/aggregator/news"
)

// storyVerbs are what the forms of a story's page order, by the values of their buttons, and the states of
// a story in which they are there.
var storyVerbs = map[string]struct {
	verb news.Verb
	of   []news.Status
}{
	"withdraw": {news.Retract, []news.Status{news.Live, news.Held}},
	"hold":     {news.Hold, []news.Status{news.Live}},
	"release":  {news.Release, []news.Status{news.Held}},
	"restore":  {news.Restore, []news.Status{news.Retracted}},
	"origin":   {news.Credit, []news.Status{news.Live, news.Held, news.Retracted}},
	"join":     {news.Join, []news.Status{news.Live, news.Held, news.Retracted}},
	"takeout":  {news.Split, []news.Status{news.Live, news.Held, news.Retracted}},
}

// answerStory does what a form of a story's page orders.
func answerStory(s *Site, w http.ResponseWriter, r *request) {
	story, ok := readStory(s, w, r)
	if !ok {
		return
	}
	do, value, _ := strings.Cut(r.PostForm.Get("do"), ":")
	act, known := storyVerbs[do]
	if !known {
		wrong := storyFilled{filled: filled{Wrong: r.say("Choose what is to be done.")}}
		showStoryAs(s, w, r, story, http.StatusUnprocessableEntity, wrong)
		return
	}
	o := newOrder(r, act.verb)
	o.Stories = []string{story.ID}
	f, err := fillStoryOrder(s, r, story, do, value, &o)
	switch {
	case err != nil:
		s.fail(w, r, "cannot read a story", err)
		return
	case f.isWrong():
		showStoryAs(s, w, r, story, http.StatusUnprocessableEntity, f)
		return
	}
	if !slices.Contains(act.of, story.Status) { // only a form that is sent again is answered as the first time
		o.Seen = map[string]string{story.ID: "changed"}
	}
	number, err := s.Source.Decide(r.Context(), o)
	var changed *ChangedError
	var wrong *OrderError
	switch {
	case err == nil:
		s.redirect(w, r, pathDone(firstCase(s), number))
	case errors.As(err, &changed):
		showStoryChanged(s, w, r, changed)
	case errors.As(err, &wrong):
		f.Wrong = refusalWords(r, wrong)
		showStoryAs(s, w, r, story, http.StatusUnprocessableEntity, f)
	default:
		s.fail(w, r, "cannot decide", err)
	}
}

// fillStoryOrder fills in what a form orders, and says what is wrong with the form.
func fillStoryOrder(s *Site, r *request, story shownStory, do, value string, o *news.Order) (storyFilled, error) {
	f := storyFilled{filled: filled{Reason: o.Reason, Confirm: r.PostForm.Get("confirm")}}
	f.ReasonWrong = wrongReason(r, f.Reason, do == "withdraw")
	switch do {
	case "release", "restore":
		o.AlthoughKilled = len(story.notices) > 0
		if o.AlthoughKilled && strings.TrimSpace(f.Confirm) != confirmWord {
			f.ConfirmWrong = r.say("To publish a killed story, type PUBLISH in capital letters.")
		}
	case "origin":
		o.Maker = r.PostForm.Get("maker")
		isStation := func(station news.Station) bool { return station.ID == o.Maker }
		if o.Maker != news.NoMaker && o.Maker != news.AutoMaker && !slices.ContainsFunc(r.settings.Stations, isStation) {
			f.Wrong = r.say("Choose who made it.")
		}
	case "takeout":
		number, err := strconv.ParseUint(value, 10, 64)
		if err != nil || story.Item(number) == nil {
			o.Seen = map[string]string{story.ID: "changed"}
			number = max(number, 1)
		}
		o.ItemNumber = number
	case "join":
		f.Other = strings.TrimSpace(r.PostForm.Get("other"))
		if value != "" { // one of several
			f.Other = value
		}
		return f, fillOther(s, r, story, &f, o)
	}
	return f, nil
}

// fillOther finds the story with which one is to be joined.
func fillOther(s *Site, r *request, story shownStory, f *storyFilled, o *news.Order) error {
	if f.Other == "" {
		f.OtherWrong = r.say("Type the address, the id or the GUID of the other story.")
		return nil
	}
	found, err := s.Source.StoriesNamed(f.Other)
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(other *news.Story) bool { return other.ID == "" })
	switch {
	case len(found) == 0:
		f.OtherWrong = r.say("No story has this address, id or GUID.")
	case len(found) == 1 && found[0].ID == story.ID:
		f.OtherWrong = r.say("That is this story itself.")
	case len(found) > 1:
		f.OtherWrong = r.say("Several stories have it: choose one.")
		for _, other := range found[:min(len(found), storiesShown)] {
			if other.ID != story.ID {
				f.Choices = append(f.Choices, newStoryCard(r, other))
			}
		}
	default:
		o.Stories = append(o.Stories, found[0].ID)
	}
	return nil
}

// showStoryChanged answers with a story as it is now, since it is not what the form showed.
func showStoryChanged(s *Site, w http.ResponseWriter, r *request, changed *ChangedError) {
	story, ok := readStory(s, w, r)
	if !ok {
		return
	}
	showStoryAs(s, w, r, story, http.StatusConflict, storyFilled{filled: filled{Wrong: changedWords(r, changed)}})
}

// firstCase is the path of the first open case, or of what is to be decided where none is.
func firstCase(s *Site) string {
	list, err := s.Source.Cases()
	if err == nil && len(list) > 0 && list[0].State == news.CaseOpen {
		return casePath(list[0].Number)
	}
	return rootPath
}
