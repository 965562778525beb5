package editors

import (
	"net/url"
	"strconv"

	"fronteras/aggregator/news"
)

// done is the line that says what was done before a page, beside a button that undoes it.
type done struct {
	Text   string
	Number uint64 // of the decision
	Undo   string // the path of the form that undoes it; "": that cannot be
	// Path and Headline are those of the story that it was about; "" of several, and of a feed.
	Path, Headline string
}

// pathDone is the path of a page that says what was decided: the decision's number is in it, so that the
// page can be loaded again, and nothing is remembered for it.
func pathDone(path string, decision uint64) string {
	return path + "?" + url.Values{"done": {strconv.FormatUint(decision, 10)}}.Encode()
}

// doneBefore says what was done before a page; nil: nothing.
func (s *Site) doneBefore(r *request, v *view) *done {
	if phrase, ok := said[r.URL.Query().Get("said")]; ok {
		return &done{Text: v.T(phrase)}
	}
	number, err := strconv.ParseUint(r.URL.Query().Get("done"), 10, 64)
	if err != nil || s.Decision == nil {
		return nil
	}
	d, err := s.Decision(number)
	if err != nil || d == nil || d.Number != number {
		return nil // somebody made the address up
	}
	line := &done{Text: v.T(sentences[d.Verb]), Number: d.Number}
	if u := d.Undone; u != nil { // the page is loaded again, or its form was sent again
		line.Text = r.say("Undone by %s, %s", r.settings.personNamed(u.Who),
			newMoment(r.language, r.settings.Desk, u.When).Words)
	}
	if len(d.Stories) == 1 && s.Source != nil {
		if stories, err := s.Source.Stories(d.Stories); err == nil && len(stories) == 1 {
			line.Path, line.Headline = v.Path(storyPath(stories[0].ID)), headlineOf(r.language, stories[0])
		}
	}
	if d.CanBeUndone() {
		line.Undo = v.Path(rootPath + "decisions/" + strconv.FormatUint(d.Number, 10) + "/undo")
	}
	return line
}

// said holds what a page can say of what was done that was no decision.
var said = map[string]string{
	"ended": "The session has ended.",
	"on":    "The keys are on.",
	"off":   "The keys are off.",

	"visited":  "The feed has been visited.",
	"visiting": "The feed is being visited, which takes a while. Load the page again to see what came of it.",
}

// sentences say what was decided.
var sentences = map[news.Verb]string{
	news.Join:    "The stories are one now.",
	news.Split:   "The stories are two now.",
	news.Credit:  "Who made it has been changed.",
	news.Hold:    "Held.",
	news.Release: "Published.",
	news.Retract: "Withdrawn.",
	news.Restore: "Published again.",
	news.Trust:   "The feed is trusted again.",
	news.Dismiss: "Left as it is.",
	news.Undo:    "The decision has been undone.",
}
