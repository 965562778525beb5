package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"fronteras/aggregator"
	"fronteras/aggregator/config"
	"fronteras/aggregator/credit"
	"fronteras/aggregator/fetch"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
	"fronteras/aggregator/websub"
	"fronteras/store"
)

// desk is a configured desk on its open store.
type desk struct {
	config  *config.Config
	store   *store.Store
	rules   *identity.Rules
	credit  *credit.Credit
	log     *slog.Logger
	gap     time.Duration            // between two requests to a host; 0 is the daemon's
	hub     string                   // that documents name; empty where nothing is pushed
	visited func(aggregator.Visited) // is told of visits; nil: nobody is

	address   string                 // of the daemon's public listener, with its port
	listening []netip.AddrPort       // the same, where it is a network's: the daemon does not fetch from itself
	running   *aggregator.Aggregator // nil until it is started
}

// newDesk makes a configured desk, without its store.
func newDesk(c *config.Config) (*desk, error) {
	table, err := link.New(c.Links)
	if err != nil {
		return nil, err
	}
	words, err := credit.New(c.Desk)
	if err != nil {
		return nil, err
	}
	rules := identity.New(identity.Config{
		Site: c.Desk, Stations: c.Stations, Outside: c.Outside, Links: table, Credit: words, Pages: c.Poll.ReadPages, MaxAge: c.Publish.MaxAge,
	})
	return &desk{config: c, rules: rules, credit: words}, nil
}

// open opens the store of a configured desk. Wait is how long another process
// may hold it. A desk that is opened for one command logs errors alone.
func (p *program) open(c *config.Config, o store.Options) (*desk, error) {
	d, err := newDesk(c)
	if err != nil {
		return nil, err
	}
	o.Version, _ = versionOf()
	if d.store, err = store.Open(c.Store, d.rules, o); err != nil {
		return nil, err
	}
	d.log = p.logger(slog.LevelError)
	return d, nil
}

func (d *desk) close() error { return d.store.Close() }

// feeds are the feeds of all stations.
func (d *desk) feeds() []news.Feed {
	var all []news.Feed
	for _, s := range d.config.Stations {
		all = append(all, s.Feeds...)
	}
	return all
}

// start makes the desk ready to visit feeds. Prepare is [aggregator.New], or the
// Successor of one in whose place it is started.
func (d *desk) start(ctx context.Context, prepare func(aggregator.Desk) (*aggregator.Aggregator, error), changed func(context.Context)) (err error) {
	mark, err := d.mark()
	if err != nil {
		return err
	}
	if err := d.store.MarkRules(ctx, mark, time.Now()); err != nil {
		return err
	}
	if err := d.store.Learn(ctx, d.feeds(), time.Now()); err != nil {
		return err
	}
	d.running, err = prepare(aggregator.Desk{
		Store: d.store, Client: d.client(), Stations: d.config.Stations, Concurrency: d.config.Poll.Concurrency,
		Private: d.config.Poll.PrivateNetworks, Gap: d.gap, Log: d.log, Changed: changed,
		Own: d.rules.Own, Visited: d.visited, Bearable: bearable,
	})
	return err
}

// bearable says in a word why the desk goes on though the store fails.
func bearable(err error) string {
	switch {
	case errors.Is(err, store.ErrFull):
		return "store is full"
	case errors.Is(err, store.ErrReadOnly):
		return "store is read-only"
	case errors.Is(err, store.ErrRecord):
		return "store is damaged"
	}
	return ""
}

// client is the client that feeds are fetched with.
func (d *desk) client() *fetch.Client {
	o := clientOptions(d.config)
	o.Listening = d.listening
	return fetch.NewClient(o)
}

// edition is what documents are made of now.
func (d *desk) edition(ctx context.Context) (e publish.Edition, known publish.Known, err error) {
	if e, err = d.frame(); err != nil {
		return e, known, err
	}
	if err := d.store.CloseArchives(ctx, d.config.Publish.Stories, d.config.Publish.MaxAge); err != nil {
		return e, known, err
	}
	if _, err := d.store.Prune(ctx, d.config.Publish.MaxAge, time.Now()); err != nil && !store.IsUnwritable(err) { // then it waits
		return e, known, err
	}
	if e.Window, err = d.store.Window(d.config.Publish.Stories, d.config.Publish.MaxAge); err != nil {
		return e, known, err
	}
	keep := func(values map[string]string) (map[string]string, error) { return d.store.KeepOnce(ctx, values) }
	if e.Decisions, err = publish.Decide(&e, keep); err != nil {
		return e, known, err
	}
	// What is served names the hub, whoever renders now: documents written into a folder
	// must not make those that are served look changed.
	fingerprint := publish.Fingerprint(&e, websub.HubURL(d.config.Desk.URL))
	if e.Configured, err = d.store.DateConfiguration(ctx, fingerprint, time.Now()); err != nil {
		return e, known, err
	}
	about, err := d.store.About()
	if err != nil {
		return e, known, err
	}
	e.Authority = fmt.Sprintf("tag:%s,%d:", about.Host, about.Made.UTC().Year())
	known, err = d.known()
	return e, known, err
}

// frame is an edition without stories.
func (d *desk) frame() (publish.Edition, error) {
	facts, err := d.store.FeedFacts()
	c := d.config
	return publish.Edition{
		Desk: c.Desk, Stations: c.Stations, Outside: d.rules.Sources(), Facts: facts, Credit: d.credit,
		MaxAge: freshness(c), Hub: d.hub,
		Podcast: publish.Podcast{
			Title: c.Podcast.Title, Author: c.Podcast.Author, Image: c.Podcast.Image, Category: c.Podcast.Category,
			Explicit: c.Podcast.Explicit, OwnerEmail: c.Podcast.OwnerEmail,
		},
	}, err
}

// freshness is for how long readers may keep a document: the shortest time
// between two visits, five minutes at most.
func freshness(c *config.Config) time.Duration {
	age := 5 * time.Minute
	for _, s := range c.Stations {
		for _, f := range s.Feeds {
			age = min(age, f.Every)
		}
	}
	return age
}

// known are the values that filters may have: what is configured, and every topic
// and language that a story has had.
func (d *desk) known() (publish.Known, error) {
	k := publish.NewKnown()
	k.AddLanguage(d.config.Desk.Language)
	for _, s := range d.config.Stations {
		k.Stations[s.ID] = true
		k.AddLanguage(s.Language)
		for _, f := range s.Feeds {
			for _, t := range f.Only.Topics {
				k.AddTopic(t)
			}
		}
	}
	topics, languages, err := d.store.TopicsAndLanguages()
	for _, t := range topics {
		k.AddTopic(t)
	}
	for _, l := range languages {
		k.AddLanguage(l)
	}
	return k, err
}
