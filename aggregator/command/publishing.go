package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fronteras/aggregator/config"
	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
	"fronteras/aggregator/web"
	"fronteras/aggregator/websub"
	"fronteras/store"
)

// publishDocuments renders what the desk has now. If that fails, it is logged, and what was served
// before stays; until one feed has been read there is nothing to serve. It returns the stories that
// were left out.
func publishDocuments(ctx context.Context, a *app, site *web.Site) (leftOut []publish.Fault) {
	about, err := a.store.About()
	if err == nil && about.Read {
		var e publish.Edition
		var known publish.Known
		if e, known, err = newEdition(ctx, a); err == nil {
			leftOut, err = site.Publish(ctx, e, known)
			err = errors.Join(err, flagLeftOut(ctx, a, leftOut))
		}
	}
	if err != nil && ctx.Err() == nil { // at a stop, the next start publishes
		a.log.Error("publishing failed", "err", err)
	}
	return leftOut
}

// flagLeftOut logs and flags stories that could not be published.
func flagLeftOut(ctx context.Context, a *app, leftOut []publish.Fault) error {
	for _, f := range leftOut {
		a.log.Error("story left out", "story", f.Story, "rule", f.Rule, "err", f.Why)
		flag := news.Flag{Kind: news.FlagUnpublishable, Why: f.Rule + ": " + f.Why, When: time.Now()}
		if err := a.store.Flag(ctx, f.Story, flag); err != nil {
			return err
		}
	}
	return nil
}

// newEdition is what documents are made of now, with the values that filters may have.
func newEdition(ctx context.Context, a *app) (e publish.Edition, known publish.Known, err error) {
	stories, maxAge := a.config.Publish.Stories, a.config.Publish.MaxAge
	if e, err = newEmptyEdition(a); err != nil {
		return e, known, err
	}
	if err := a.store.CloseArchives(ctx, stories, maxAge); err != nil {
		return e, known, err
	}
	if _, err := a.store.Prune(ctx, maxAge, time.Now()); err != nil && !store.IsUnwritable(err) { // then it waits
		return e, known, err
	}
	if e.Window, err = a.store.Window(stories, maxAge); err != nil {
		return e, known, err
	}
	if n := len(e.Stories); n > 0 {
		if e.Older, err = a.store.PublishedBefore(e.Stories[n-1].Published); err != nil {
			return e, known, err
		}
	}
	keep := func(values map[string]string) (map[string]string, error) { return a.store.KeepOnce(ctx, values) }
	find := func(id string) *news.Story {
		story, err := a.store.Story(id)
		if err != nil { // then it is decided at another time
			return nil
		}
		return story
	}
	if e.Decisions, err = publish.Decide(&e, keep, find); err != nil {
		return e, known, err
	}
	// What is served names the hub, whichever command renders now: documents written into a folder
	// must not make those that are served look changed.
	fingerprint := publish.Fingerprint(&e, websub.HubURL(a.config.Desk.URL))
	if e.Configured, err = a.store.DateConfiguration(ctx, fingerprint, time.Now()); err != nil {
		return e, known, err
	}
	about, err := a.store.About()
	if err != nil {
		return e, known, err
	}
	e.Authority = fmt.Sprintf("tag:%s,%d:", about.Host, about.Made.UTC().Year())
	known, err = knownFilterValues(a)
	return e, known, err
}

// newEmptyEdition is an edition without stories.
func newEmptyEdition(a *app) (publish.Edition, error) {
	facts, err := a.store.FeedFacts()
	c := a.config
	return publish.Edition{
		Desk: c.Desk, Stations: c.Stations, Outside: a.rules.Sources(), Facts: facts, Credit: a.credit,
		Media: mediaOf(
			c.Stations,
		), MaxAge: documentFreshness(c), Hub: a.hub, Pictures: picturesShown(c.Page.Pictures), Crawlers: c.Crawlers,
		Podcast: publish.Podcast{
			Title: c.Podcast.Title, Author: c.Podcast.Author, Image: c.Podcast.Image, Category: c.Podcast.Category,
			Explicit: c.Podcast.Explicit, OwnerEmail: c.Podcast.OwnerEmail,
		},
	}, err
}

// picturesShown is a value of page.pictures as documents know it.
func picturesShown(configured config.Pictures) publish.Pictures {
	switch configured {
	case config.LeadPicture:
		return publish.LeadPicture
	case config.NoPictures:
		return publish.NoPictures
	}
	return publish.AllPictures
}

// documentFreshness is how long readers may keep a document: the shortest time between two visits,
// five minutes at most.
func documentFreshness(c *config.Config) time.Duration {
	age := 5 * time.Minute
	for _, s := range c.Stations {
		for _, f := range s.Feeds {
			age = min(age, f.Every)
		}
	}
	return age
}

// knownFilterValues returns the values that filters may have: what is configured, and every topic
// and language that a story has had.
func knownFilterValues(a *app) (publish.Known, error) {
	k := publish.NewKnown()
	k.AddLanguage(a.config.Desk.Language)
	for _, s := range a.config.Stations {
		k.Stations[s.ID] = true
		k.AddLanguage(s.Language)
		for _, f := range s.Feeds {
			for _, t := range f.Only.Topics {
				k.AddTopic(t)
			}
		}
	}
	topics, languages, err := a.store.TopicsAndLanguages()
	for _, t := range topics {
		k.AddTopic(t)
	}
	for _, l := range languages {
		k.AddLanguage(l)
	}
	return k, err
}
