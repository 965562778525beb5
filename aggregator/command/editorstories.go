package command

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"fronteras/aggregator/editors"
	"fronteras/aggregator/identity/explain"
	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
	"fronteras/aggregator/search"
	"fronteras/store"
)

// newStorySource is what the editors' pages of stories show.
func newStorySource(d *daemon) editors.StorySource {
	return editors.StorySource{
		FindStories: func(ctx context.Context, f editors.StoryFilter) (editors.FoundStories, error) {
			if f.Words != "" && !f.Flagged {
				return searchForEditors(ctx, d, f)
			}
			return listForEditors(ctx, d, f)
		},
		StoriesNamed: d.store.Lookup,
		CasesOf:      func(id string) ([]news.Case, error) { return d.store.CasesOf(id, time.Now()) },
		DecisionsOn:  d.store.DecisionsOn,
		Shown: func(s *news.Story) (editors.ShownStory, error) {
			a := d.current.Load().app
			e, err := newEmptyEdition(a)
			return editors.ShownStory{Page: a.config.Desk.URL + "/stories/" + s.ID, Link: publish.StoryLink(&e, s)}, err
		},
	}
}

// listForEditors lists stories of the store. Words are looked for in those that are flagged alone: they
// are few.
func listForEditors(ctx context.Context, d *daemon, f editors.StoryFilter) (editors.FoundStories, error) {
	clauses, _ := search.ParseWords(f.Words)
	if f.Words != "" && len(clauses) == 0 { // signs alone: no story has them
		return editors.FoundStories{}, nil
	}
	e, err := newEmptyEdition(d.current.Load().app)
	if err != nil {
		return editors.FoundStories{}, err
	}
	matcher, now := search.NewMatcher(clauses), time.Now()
	found, err := d.store.ListStories(ctx, store.StoryQuery{
		Status: f.Status, Flagged: f.Flagged, From: f.From, Before: f.Before, After: f.After, Limit: f.Limit,
		Takes: func(s *news.Story) bool {
			return (!f.Flagged || len(explain.OpenFlags(s.Flags, now)) > 0) &&
				(f.Station == "" || publish.HasStory(s, f.Station)) &&
				(len(clauses) == 0 || matcher.Finds(documentOf(&e, s)))
		},
	})
	return editors.FoundStories{Stories: found.Stories, Next: found.Next, Short: found.Cut}, err
}

// searchForEditors finds stories by their words in the index of the site, held and withdrawn ones too. One
// that has changed since it was entered is shown as it is now.
func searchForEditors(ctx context.Context, d *daemon, f editors.StoryFilter) (found editors.FoundStories, err error) {
	q := search.Query{From: f.From, Before: f.Before, Limit: f.Limit + 1}
	if q.Clauses, _ = search.ParseWords(f.Words); len(q.Clauses) == 0 { // signs alone: no story has them
		return found, nil
	}
	if f.Station != "" {
		q.Stations = []string{f.Station}
	}
	if q.Statuses = []news.Status{f.Status}; f.Status == "" {
		q.Statuses = []news.Status{news.Live, news.Held, news.Retracted}
	}
	if skip, err := strconv.Atoi(f.After); err == nil && skip > 0 {
		q.Offset = skip
	}
	r, err := d.search.Search(ctx, q)
	switch {
	case errors.Is(err, search.ErrBusy), errors.Is(err, search.ErrUnavailable):
		return found, editors.ErrNoSearch
	case err != nil:
		return found, err
	}
	found.Unready = !r.Whole
	if len(r.Stories) > f.Limit {
		r.Stories = r.Stories[:f.Limit]
		found.Next = strconv.Itoa(q.Offset + f.Limit)
	}
	for _, n := range r.Stories {
		story, err := d.store.StoryNumbered(n)
		switch {
		case errors.Is(err, store.ErrUnknown), errors.Is(err, store.ErrRecord): // it is no more
		case err != nil:
			return found, err
		case story.ID != "" && slices.Contains(q.Statuses, story.Status):
			found.Stories = append(found.Stories, story)
		}
	}
	return found, nil
}
