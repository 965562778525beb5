package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
	"fronteras/aggregator/search"
	"fronteras/aggregator/web"
	"fronteras/store"
)

// searchFolder is where the search index of a store lies: next to it.
func searchFolder(path string) string {
	return strings.TrimSuffix(path, filepath.Ext(path)) + ".search"
}

// newSearchIndex is the daemon's search index, which follows its store.
func newSearchIndex(d *daemon, path string) *search.Index {
	return search.New(search.Options{
		Folder: searchFolder(path), Stories: d.store, Describe: d.describeStories,
		Missing: func(err error) bool { return errors.Is(err, store.ErrUnknown) || errors.Is(err, store.ErrRecord) },
		Report: func(err error) {
			log := d.current.Load().log
			switch {
			case err == nil:
				log.Info("the search index follows the store again")
			case errors.Is(err, search.ErrDamaged):
				log.Warn("the search index is rebuilt", "err", err)
			default:
				log.Error("the search index does not follow the store", "err", err,
					"hint", "it is tried again each minute; polling goes on")
			}
		},
	})
}

// describeStories gives what tells the search index what a story says, as the desk is configured now, and a mark of
// that configuration.
func (d *daemon) describeStories() (of func(*news.Story) search.Document, mark string, err error) {
	e, err := newEmptyEdition(d.current.Load().app)
	if err != nil {
		return nil, "", err
	}
	const holds = "every status" // what is entered, besides what the configuration says
	basis := []any{holds, e.Desk.Language}
	for _, s := range e.Stations {
		basis = append(basis, s.ID, s.Name, s.Language)
	}
	text, err := json.Marshal(basis)
	if err != nil {
		return nil, "", err
	}
	digest := sha256.Sum256(text)
	return func(s *news.Story) search.Document { return documentOf(&e, s) }, hex.EncodeToString(digest[:8]), nil
}

// documentOf is a story as it is searched.
func documentOf(e *publish.Edition, s *news.Story) search.Document {
	story := publish.SearchableOf(e, s)
	return search.Document{
		Story: s.Number, Published: s.Published, Status: s.Status, Language: story.Language, Headline: story.Headline,
		Parts:    append([]string{story.Deck, story.Text, story.Byline}, story.StationNames...),
		Stations: story.StationIDs, Topics: story.Topics,
	}
}

// searchStories finds stories for readers. One that has been withdrawn since it was indexed is not among them.
func (d *daemon) searchStories(ctx context.Context, w publish.Wanted) (found publish.Found, err error) {
	if w.Limit == 0 {
		w.Limit = d.current.Load().config.Publish.Stories
	}
	q := search.Query{
		Stations: w.Stations, Without: w.For, Topics: w.Topics, Languages: w.Languages, From: w.From, Before: w.Before,
		NewestFirst: w.NewestFirst, Offset: w.Offset, Limit: w.Limit,
	}
	q.Clauses, found.Cut = search.ParseWords(w.Search.Words)
	if w.Search.Words != "" && len(q.Clauses) == 0 { // signs alone: no story has them
		found.Whole = true
		return found, nil
	}
	r, err := d.search.Search(ctx, q)
	switch {
	case errors.Is(err, search.ErrBusy):
		return found, web.ErrSearchBusy
	case errors.Is(err, search.ErrUnavailable):
		return found, web.ErrNoSearch
	case err != nil:
		return found, err
	}
	found.Total, found.Whole = r.Total, r.Whole
	if len(q.Clauses) > 0 {
		found.Marks = q.Marks
	}
	for _, n := range r.Stories {
		story, err := d.store.StoryNumbered(n)
		switch {
		case errors.Is(err, store.ErrUnknown), errors.Is(err, store.ErrRecord):
			found.Total--
		case err != nil:
			return found, err
		case story.Status != news.Live || story.ID == "":
			found.Total--
		default:
			found.Stories = append(found.Stories, story)
		}
	}
	return found, nil
}
