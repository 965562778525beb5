package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/identity/explain"
	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
	"fronteras/aggregator/search"
	"fronteras/aggregator/web"
)

// storiesQuestion asks for the stories, newest first. All that it says must hold.
type storiesQuestion struct {
	Flagged   bool      `json:"flagged"`             // only those with a flag
	Held      bool      `json:"held,omitempty"`      // only held ones; with Withdrawn, these too
	Withdrawn bool      `json:"withdrawn,omitempty"` // only withdrawn ones
	Words     string    `json:"words,omitempty"`     // only those that a search for them finds
	Since     time.Time `json:"since,omitzero"`      // only those that were published then or later
	Limit     int       `json:"limit"`               // 0: all
}

// storyAnswer is a story as programs get it; its shape is a contract.
type storyAnswer struct {
	ID        string       `json:"id"`
	PublicID  string       `json:"public_id"`
	Title     string       `json:"title"`
	URL       string       `json:"url"`
	Status    news.Status  `json:"status"`
	Filed     bool         `json:"filed"`
	Published *time.Time   `json:"published"`
	Modified  *time.Time   `json:"modified"`
	FirstSeen *time.Time   `json:"first_seen"`
	Origin    *news.Origin `json:"origin"`
	Items     []itemAnswer `json:"items"`
	Flags     []flagAnswer `json:"flags"`
	Aliases   []string     `json:"aliases"`
}

type itemAnswer struct {
	Station   string     `json:"station"`
	Feed      string     `json:"feed"`
	GUID      string     `json:"guid"`
	URL       string     `json:"url"`
	Title     string     `json:"title"`
	FirstSeen *time.Time `json:"first_seen"`
	Gone      bool       `json:"gone"`
	Edge      edgeAnswer `json:"edge"`
}

type edgeAnswer struct {
	Rule       news.Rule       `json:"rule"`
	Confidence news.Confidence `json:"confidence"`
	Why        string          `json:"why"`
}

type flagAnswer struct {
	Kind news.FlagKind `json:"kind"`
	With string        `json:"with"`
	Why  string        `json:"why"`
}

func newStoriesCommand(p *program) *cobra.Command {
	var q storiesQuestion
	var asJSON bool
	var since string
	c := &cobra.Command{
		Use: "stories", Short: "List the stories, newest first", Args: checkArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if since != "" {
				config, err := p.loadConfig()
				if err != nil {
					return err
				}
				zone, err := time.LoadLocation(config.Desk.Timezone)
				if err != nil {
					return err
				}
				if q.Since, err = timeOrAge(since, time.Now(), zone); err != nil {
					return usageError{err}
				}
			}
			if q == (storiesQuestion{Flagged: true}) && !asJSON {
				return showFlagged(c.Context(), p)
			}
			var stories []storyAnswer
			if err := p.askDesk(c.Context(), "stories", q, &stories); err != nil {
				return err
			}
			if err := printDamage(c.Context(), p); err != nil {
				return err
			}
			if asJSON {
				return printJSON(p.Out, stories)
			}
			return errors.Join(printTable(p.Out, rowsOfStories(stories)), printWaiting(c.Context(), p))
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	c.Flags().BoolVar(&q.Flagged, "flagged", false, "only stories with a flag, by case, with the commands to type")
	c.Flags().BoolVar(&q.Held, "held", false, "only held stories")
	c.Flags().BoolVar(&q.Withdrawn, "withdrawn", false, "only withdrawn stories")
	c.Flags().StringVar(&q.Words, "search", "",
		"only stories with these `words`, as a search on the desk's pages finds them")
	c.Flags().StringVar(&since, "since", "",
		"only stories published since a `time`: a day of the desk's timezone as 2026-01-31, an age as 2d or 36h, or\n"+
			"2026-01-31T15:04:05Z")
	c.Flags().IntVar(&q.Limit, "limit", 0, "maximum `number` of stories (0 = all)")
	return c
}

// showFlagged shows what waits for an editor, and how often editors agreed with the rules.
func showFlagged(ctx context.Context, p *program) error {
	var list []flaggedCase
	if err := p.askDesk(ctx, "flagged", casesQuestion{}, &list); err != nil {
		return err
	}
	if err := printDamage(ctx, p); err != nil {
		return err
	}
	if err := printFlagged(p.Out, list); err != nil {
		return err
	}
	var judgements []archive.Judgement
	if err := p.askDesk(ctx, "judged", struct{}{}, &judgements); err != nil {
		return err
	}
	return printJudgements(p.Out, judgements)
}

var storyColumns = []string{"PUBLISHED", "ORIGIN", "CARRIED BY", "TITLE", "ID"}

// rowsOfStories shows a story a line: when it was published, who made it, who carries it, its
// headline.
func rowsOfStories(stories []storyAnswer) [][]string {
	rows := [][]string{storyColumns}
	for _, s := range stories {
		rows = append(rows, rowOfStory(s))
	}
	return rows
}

func rowOfStory(s storyAnswer) []string {
	origin := "?"
	if s.Origin != nil {
		origin = s.Origin.Name
	}
	var carriers []string
	for _, i := range s.Items {
		if !s.Origin.Made(i.Station) && !i.Gone {
			carriers = append(carriers, i.Station)
		}
	}
	title := s.Title
	if s.Status != news.Live {
		title = "[" + string(s.Status) + "] " + s.Title
	}
	for _, f := range s.Flags {
		title += " !" + string(f.Kind)
	}
	return []string{formatMinute(s.Published), origin, strings.Join(carriers, " "), title, s.ID}
}

// listStories answers for the stories that have been settled. They come by when they were published, the
// newest first, so that the first that is too old ends the list.
func listStories(ctx context.Context, a *app, q storiesQuestion) ([]storyAnswer, error) {
	e, err := newEmptyEdition(a)
	if err != nil {
		return nil, err
	}
	clauses, _ := search.ParseWords(q.Words)
	if q.Words != "" && len(clauses) == 0 { // signs alone: no story has them
		return []storyAnswer{}, nil
	}
	matcher := search.NewMatcher(clauses)
	stories := []storyAnswer{}
	now, each := time.Now(), a.store.EachStory
	switch { // the shortest list
	case q.Flagged:
		each = a.store.EachFlagged
	case q.Held && !q.Withdrawn:
		each = a.store.EachHeld
	case q.Withdrawn && !q.Held:
		each = a.store.EachWithdrawn
	}
	err = each(func(s *news.Story) bool {
		if s.Published.Before(q.Since) || ctx.Err() != nil {
			return false
		}
		s.Flags = explain.OpenFlags(s.Flags, now)
		switch {
		case q.Flagged && len(s.Flags) == 0, !q.hasStatus(s.Status):
		case len(clauses) > 0 && !matcher.Finds(documentOf(&e, s)):
		default:
			stories = append(stories, newStoryAnswer(s, publish.StoryLink(&e, s), a.feedForOperators))
		}
		return q.Limit <= 0 || len(stories) < q.Limit
	})
	return stories, errors.Join(err, ctx.Err())
}

// hasStatus reports whether stories of a status are asked for.
func (q storiesQuestion) hasStatus(s news.Status) bool {
	if !q.Held && !q.Withdrawn {
		return true
	}
	return q.Held && s == news.Held || q.Withdrawn && s == news.Retracted
}

func newStoryAnswer(s *news.Story, link string, nameOf func(feed string) string) storyAnswer {
	a := storyAnswer{
		ID: s.ID, PublicID: s.PublicID, URL: link, Status: s.Status, Filed: s.ArchiveOnly,
		Published: timeOrNil(s.Published), Modified: timeOrNil(s.Modified), FirstSeen: timeOrNil(s.FirstSeen),
		Origin: s.Origin, Items: []itemAnswer{}, Flags: []flagAnswer{}, Aliases: []string{},
	}
	if s.PublishedAt.IsZero() { // it has not been published yet
		a.Published = nil
	}
	if a.Modified == nil {
		a.Modified = a.Published
	}
	if i := s.Item(s.LeadItem); i != nil {
		a.Title = i.Entry.Title
	}
	for _, i := range s.Items {
		item := itemAnswer{
			Station: i.Station, Feed: nameOf(i.Feed), GUID: i.Entry.GUID, URL: i.Entry.URL, Title: i.Entry.Title,
			FirstSeen: timeOrNil(i.FirstSeen), Gone: i.Gone,
		}
		if edge := s.Edge(i.Number); edge != nil {
			item.Edge = edgeAnswer{edge.Rule, edge.Confidence, edge.Why}
		}
		a.Items = append(a.Items, item)
	}
	for _, f := range s.Flags {
		with := f.With
		if slices.ContainsFunc(s.Items, func(i *news.Item) bool { return i.Feed == with }) {
			with = nameOf(with)
		}
		a.Flags = append(a.Flags, flagAnswer{f.Kind, with, f.Why})
	}
	for _, former := range s.Aliases {
		if former.PublicID != "" {
			a.Aliases = append(a.Aliases, former.PublicID)
		}
	}
	return a
}

// damageAnswer says what in a store cannot be read.
type damageAnswer struct {
	Stories []string `json:"stories"` // that are left out, and why
	Faults  []string `json:"faults"`  // that were found when it was opened
}

// listDamage answers for what was met so far.
func listDamage(_ context.Context, a *app, _ struct{}) (damageAnswer, error) {
	return damageAnswer{a.store.LeftOut(), a.store.Opening.Damage}, nil
}

// printDamage names on standard error what is missing from what is shown.
func printDamage(ctx context.Context, p *program) error {
	var a damageAnswer
	err := p.askDesk(ctx, "damage", struct{}{}, &a)
	if errors.Is(err, web.ErrNoCall) {
		return nil
	}
	for _, story := range a.Stories {
		fmt.Fprintf(p.Err, "story left out: %s\n", terminalSafe(story))
	}
	if len(a.Faults) > 0 {
		fmt.Fprintf(p.Err, "the store is damaged, %s: %s; fronteras verify lists all of it\n",
			pluralOf(len(a.Faults), "fault"), terminalSafe(a.Faults[0]))
	}
	return err
}

// waitingAnswer says how many items have been read and are in no published story yet.
type waitingAnswer struct {
	Items int `json:"items"`
}

// printWaiting says that a missing story may still be coming.
func printWaiting(ctx context.Context, p *program) error {
	var a waitingAnswer
	switch err := p.askDesk(ctx, "waiting", struct{}{}, &a); {
	case errors.Is(err, web.ErrNoCall), err == nil && a.Items == 0:
		return nil
	case err != nil:
		return err
	}
	verb := "wait"
	if a.Items == 1 {
		verb = "waits"
	}
	_, err := fmt.Fprintf(p.Out, "%s %s for visits in progress\n", pluralOf(a.Items, "item"), verb)
	return err
}

func countWaitingItems(_ context.Context, a *app, _ struct{}) (waitingAnswer, error) {
	items, err := a.store.CountUnsettled()
	return waitingAnswer{items}, err
}

// judgedWeeks is how many weeks of judgements are shown.
const judgedWeeks = 8

// printJudgements says, for each of the last weeks, how often editors agreed with the rules or
// overruled them.
func printJudgements(w io.Writer, list []archive.Judgement) error {
	if len(list) == 0 {
		return nil
	}
	since := list[len(list)-1].Week.AddDate(0, 0, -7*(judgedWeeks-1))
	line := ""
	for n, j := range list {
		if j.Week.Before(since) {
			continue
		}
		if n == 0 || line == "" || !j.Week.Equal(list[n-1].Week) {
			line += "\nRulings in the week of " + j.Week.Format(time.DateOnly) + ":"
		} else {
			line += ","
		}
		line += " " + j.What + " " + strconv.Itoa(j.Count)
	}
	_, err := fmt.Fprintln(w, line)
	return err
}

func listJudgements(_ context.Context, a *app, _ struct{}) ([]archive.Judgement, error) {
	list, err := a.store.Judgements()
	return append([]archive.Judgement{}, list...), err
}
