package editors

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"fronteras/aggregator/news"
)

// Bounds of a story's page.
const (
	maxItemsCompared = 20 // with the item that is shown
	maxHistory       = 50
)

// shownStory is a story with what its page shows of it.
type shownStory struct {
	*news.Story
	notices []news.KillNotice
	past    []news.Decision
	cases   []news.Case
	public  ShownStory
}

// storyView is what the page of a story shows.
type storyView struct {
	Path, Status string // the status is the story's own word
	State        string // in words
	Published    moment
	Modified     moment
	ID, PublicID string
	Page, Link   string // what partners are led to; "": nothing
	Maker        string // who made it, in words
	MakerWhy     string
	Cases        []caseLink
	Notices      []noticeView
	Items        []itemView
	Makers       []choice
	History      []decisionRow
	Hidden       Hidden
	Filled       storyFilled
}

// caseLink is an open case of the story.
type caseLink struct{ Path, Question, State string }

// itemView is an item of a story.
type itemView struct {
	Number           uint64
	Headline         string
	Station, Feed    string
	Names            []string
	When             moment
	URL              string
	Shown            bool // its words are the story's
	Gone             bool
	Why              string   // it is part of the story
	Facts            []string // what it has in common with the item that is shown, and what not
	Text             comparedText
	Compared, Single bool
}

// storyFilled is a form of a story's page as it was sent, where something of it was wrong.
type storyFilled struct {
	filled
	Other, OtherWrong string
	Choices           []storyCard // that Other may mean
}

func (f *storyFilled) isWrong() bool { return f.filled.isWrong() || f.OtherWrong != "" }

// showStory answers with the page of a story.
func showStory(s *Site, w http.ResponseWriter, r *request) {
	if story, ok := readStory(s, w, r); ok {
		showStoryAs(s, w, r, story, http.StatusOK, storyFilled{})
	}
}

// readStory reads the story that the path names; otherwise it answers. A former id leads to what the story
// is now.
func readStory(s *Site, w http.ResponseWriter, r *request) (story shownStory, ok bool) {
	id := r.PathValue("id")
	found, err := s.Source.StoriesNamed(id)
	if err == nil && len(found) == 0 {
		s.notFound(w, r)
		return story, false
	}
	if err == nil && (len(found) > 1 || found[0].ID == "") {
		s.notFound(w, r)
		return story, false
	}
	if err == nil && found[0].ID != id && r.Method != http.MethodPost {
		s.redirect(w, r, storyPath(found[0].ID))
		return story, false
	}
	if err == nil {
		story.Story = found[0]
		story.notices, err = s.Source.KillNotices(story.Story)
	}
	if err == nil {
		story.past, err = s.Source.DecisionsOn(story.Story)
	}
	if err == nil {
		story.cases, err = s.Source.CasesOf(story.ID)
	}
	if err == nil {
		story.public, err = s.Source.Shown(story.Story)
	}
	if err != nil {
		s.fail(w, r, "cannot read a story", err)
		return story, false
	}
	return story, true
}

// showStoryAs answers with the page of a story, with a form as it was sent.
func showStoryAs(s *Site, w http.ResponseWriter, r *request, story shownStory, status int, f storyFilled) {
	v, err := newStoryView(s, r, story, f)
	if err != nil {
		s.fail(w, r, "cannot read what was decided of a story", err)
		return
	}
	s.show(w, r, page{
		template: "story", title: headlineOf(r.language, story.Story), current: storiesPath, status: status, data: v,
	})
}

func newStoryView(s *Site, r *request, story shownStory, f storyFilled) (v *storyView, err error) {
	desk := r.settings.Desk
	v = &storyView{
		Path: storyPath(story.ID), Status: string(story.Status), State: stateInWords(r, story.Story),
		ID: story.ID, PublicID: story.PublicID, Page: story.public.Page, Link: story.public.Link,
		Hidden: NewHidden(seenOf([]*news.Story{story.Story})), Filled: f,
	}
	if !story.PublishedAt.IsZero() {
		v.Published, v.Modified = newMoment(r.language, desk, story.Published), newMoment(r.language, desk, story.Modified)
	}
	v.Maker, v.MakerWhy = makerInWords(r, story.Story)
	v.Makers = makerChoices(r, story)
	for _, c := range story.cases {
		link := caseLink{Path: casePath(c.Number), Question: r.say(questions[c.Kind])}
		if c.State == news.CaseHeld {
			link.State = r.say("Held")
		}
		v.Cases = append(v.Cases, link)
	}
	if story.Status != news.Live {
		v.Notices = noticeViews(r, story.notices)
	}
	v.Items = itemViews(r, story.Story)
	v.History, err = rowsOf(s, r, story.past[:min(len(story.past), maxHistory)])
	return v, err
}

// stateInWords says whether a story is published, and why it is not.
func stateInWords(r *request, s *news.Story) string {
	switch s.Status {
	case news.Retracted:
		if s.WithdrawnBy != "" && !s.Withdrawn.IsZero() {
			return r.say("Withdrawn by %s, %s.", s.WithdrawnBy, newMoment(r.language, r.settings.Desk, s.Withdrawn).Words)
		}
		return r.say("Withdrawn.")
	case news.Held:
		for _, i := range s.Items {
			if i.Hold != nil && reasonsOfHolds[i.Hold.Kind] != "" {
				return r.say("Held: %s", r.say(reasonsOfHolds[i.Hold.Kind]))
			}
		}
		return r.say("Held: %s", r.say("an editor has said so."))
	}
	if s.ArchiveOnly {
		return r.say("Published, in the archive only.")
	}
	return r.say("Published.")
}

// makerInWords says who made a story, and why that is thought.
func makerInWords(r *request, s *news.Story) (who, why string) {
	if s.Origin == nil {
		return r.say("It is not stated who made it."), ""
	}
	names := []string{s.Origin.Name}
	for _, m := range s.Origin.With {
		names = append(names, m.Name)
	}
	return r.say("Made by %s.", listWords(r, names)), r.say(reasonsOfMakers[s.Origin.Rule])
}

// makerChoices are those of the field `Who made it`: chosen is what an editor has said, or that nobody has.
func makerChoices(r *request, story shownStory) []choice {
	said := news.AutoMaker
	if o := story.Origin; o != nil && o.Rule == news.O1 {
		said = o.Station
	}
	if story.Origin == nil {
		for _, d := range story.past { // the latest first
			if d.Undone == nil && (d.Verb == news.Credit || d.Verb == news.Join && d.Maker != "") {
				if d.Maker == news.NoMaker {
					said = news.NoMaker
				}
				break
			}
		}
	}
	var list []choice
	for _, station := range r.settings.Stations {
		list = append(list, choice{station.ID, station.Name, station.ID == said})
	}
	return append(list, choice{news.NoMaker, r.say("None of these"), said == news.NoMaker},
		choice{news.AutoMaker, r.say("Automatic"), said == news.AutoMaker})
}

// itemViews shows the items of a story: first the one whose words are shown, then the others beside it.
func itemViews(r *request, s *news.Story) (views []itemView) {
	lead := leadItem(s)
	items := slices.Clone(s.Items)
	slices.SortStableFunc(items, func(a, b *news.Item) int {
		switch {
		case a == lead:
			return -1
		case b == lead:
			return 1
		}
		return a.FirstSeen.Compare(b.FirstSeen)
	})
	for n, i := range items {
		v := newItemView(r, s, i)
		v.Shown, v.Single = i == lead, len(items) == 1
		switch {
		case i == lead:
			v.Text = textOfStory(s)
		case lead != nil && n <= maxItemsCompared:
			v.compareWith(r, lead, i)
		}
		views = append(views, v)
	}
	return views
}

func newItemView(r *request, s *news.Story, i *news.Item) itemView {
	station := r.settings.stationNamed(i.Station)
	v := itemView{
		Number: i.Number, Station: station.Name, Names: authors(i), URL: i.Entry.URL, Gone: i.Gone,
		When:     newMoment(r.language, r.settings.Desk, cmp.Or(i.Entry.Stated(), i.FirstSeen)),
		Headline: headlineOfItem(r.language, i),
	}
	if edge := s.Edge(i.Number); edge != nil && reasonsOfEdges[edge.Rule] != "" {
		v.Why = r.say(reasonsOfEdges[edge.Rule])
		if edge.Kept {
			v.Why += " " + r.say("That is no longer so, but what is published stays joined.")
		}
	}
	return v
}

// compareWith shows an item beside the one that is shown.
func (v *itemView) compareWith(r *request, lead, i *news.Item) {
	_, v.Text, v.Facts = compareItems(r, lead, i)
	v.Compared = true
}

// Article is the id of an item's article on the page.
func (v itemView) Article() string { return "item-" + strconv.FormatUint(v.Number, 10) }

// reasonsOfEdges say why an item is part of a story.
var reasonsOfEdges = map[news.Rule]string{
	news.I0:       "Its own feed brought it, and nothing says that it is a copy.",
	news.J1:       "It names the page of the original as its source, or both name one page.",
	news.J2:       "Both have the same address.",
	news.J3:       "Both have the same id, and nearly the same headline or audio.",
	news.J4:       "Both have the same audio, and much of the headline.",
	news.J5:       "The texts are nearly the same, and a reporter, a wire, a credit or the audio is.",
	news.J6:       "Both have one headline on one day, and a reporter or the end of the address in common.",
	news.J7:       "The openings of the texts are nearly the same, and the headline or a reporter is.",
	news.ByEditor: "An editor joined it.",
}

// reasonsOfMakers say why somebody is thought to have made a story.
var reasonsOfMakers = map[news.Rule]string{
	news.O1: "An editor said so.",
	news.O2: "The address of the original says so.",
	news.O3: "The words of the items credit them.",
	news.O4: "The bylines are on the list of reporters.",
	news.O5: "Nobody else tells it, or it was first, and nobody credits anybody.",
}
