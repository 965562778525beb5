package command

import (
	"context"
	"errors"
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
	"fronteras/store"
)

// sendMail mails a text to an address.
type sendMail func(ctx context.Context, to, subject, text string) error

// app is a configured desk on its open store.
type app struct {
	config  *config.Config
	store   *store.Store
	rules   *identity.Rules
	credit  *credit.Credit
	log     *slog.Logger
	names   map[string]string        // of feeds, by their addresses; see link.FeedNames
	bodies  *fetch.BodyBudget        // of documents in memory
	send    sendMail                 // nil: no mail is sent
	hub     string                   // the hub that documents name; empty if nothing is pushed
	gap     time.Duration            // between two requests to a host; 0: the daemon's
	onVisit func(aggregator.Visited) // called after each visit; may be nil

	address   string                 // of the daemon's public listener, with its port
	listening []netip.AddrPort       // the same; empty if it is not on a network: the daemon must not fetch from itself
	running   *aggregator.Aggregator // nil until startPolling
}

// newApp configures a desk, without its store. Its credit was worded in other ways earlier.
func newApp(c *config.Config, earlier ...credit.Wording) (*app, error) {
	table, err := link.New(c.Links)
	if err != nil {
		return nil, err
	}
	words, err := credit.New(c.Desk, earlier...)
	if err != nil {
		return nil, err
	}
	rules := identity.New(identity.Config{
		Site: c.Desk, Stations: c.Stations, Outside: c.Outside, Links: table, Credit: words,
		Pages: c.Poll.ReadPages, MaxAge: c.Publish.MaxAge,
	})
	a := &app{
		config: c, rules: rules, credit: words, names: link.FeedNames(c.Stations),
		bodies: fetch.NewBodyBudget(c.Poll.MaxSize),
	}
	a.send = a.newMailSender()
	return a, nil
}

// openApp configures a desk and opens its store, for one command: it logs errors only.
func openApp(c *config.Config, env Env, o store.Options) (*app, error) {
	a, err := newApp(c)
	if err != nil {
		return nil, err
	}
	o.Version, _ = buildVersion()
	opened, err := store.Open(c.Store, a.rules, o)
	if err != nil {
		return nil, err
	}
	if a, err = newAppOn(opened, c); err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	opened.UseRules(a.rules)
	opened.UseNotices(a.noticePlan())
	a.log = newLogger(env, slog.LevelError)
	return a, nil
}

// newAppOn configures a desk on a store, whose rules stay what they are.
func newAppOn(s *store.Store, c *config.Config) (*app, error) {
	earlier, err := wordingsOf(s)
	if err != nil {
		return nil, err
	}
	a, err := newApp(c, earlier...)
	if err != nil {
		return nil, err
	}
	a.store = s
	return a, nil
}

func (a *app) close() error { return a.store.Close() }

// feedList is the feeds of all stations.
func (a *app) feedList() []news.Feed {
	var all []news.Feed
	for _, s := range a.config.Stations {
		all = append(all, s.Feeds...)
	}
	return all
}

// startPolling makes the desk ready to visit feeds; changed is called when what is published has
// changed.
func (a *app) startPolling(ctx context.Context, changed func(context.Context)) error {
	if err := a.configureStore(ctx); err != nil {
		return err
	}
	return a.preparePolling(aggregator.New, changed)
}

// configureStore has the store go by the desk's configuration.
func (a *app) configureStore(ctx context.Context) error {
	mark, err := keyVersions(a.config)
	if err != nil {
		return err
	}
	// What it has kept is known if the rest fails: nothing comes back in words that never went out.
	if err := a.keepWordings(ctx); err != nil {
		return err
	}
	return a.store.Configure(ctx, store.Configuration{
		Rules: a.rules, Mark: mark, Feeds: a.feedList(), Notices: a.noticePlan(),
	}, time.Now())
}

// preparePolling makes the desk ready to visit feeds on a store that goes by its configuration.
// Prepare is [aggregator.New], or the Successor of the aggregator that it replaces; changed is as for
// startPolling.
func (a *app) preparePolling(
	prepare func(aggregator.Options) (*aggregator.Aggregator, error), changed func(context.Context),
) (err error) {
	a.running, err = prepare(aggregator.Options{
		Store: a.store, Client: a.newFeedClient(), Stations: a.config.Stations, Concurrency: a.config.Poll.Concurrency,
		PrivateNetworks: a.config.Poll.PrivateNetworks, Gap: a.gap, Log: a.log, Changed: changed,
		OwnsAddress: a.rules.Own, FeedNames: a.names, Visited: a.onVisit, TolerableReason: tolerableReason,
	})
	return err
}

// settleStories gives ids to new stories and, if the desk runs, announces what has changed.
func (a *app) settleStories(ctx context.Context) error {
	if a.running != nil {
		return a.running.Settle(ctx)
	}
	_, _, err := a.store.Settle(ctx, time.Now())
	return err
}

// newFeedClient makes the client that the daemon fetches feeds with.
func (a *app) newFeedClient() *fetch.Client {
	o := clientOptions(a.config)
	o.Listening, o.Bodies = a.listening, a.bodies
	return fetch.NewClient(o)
}

// tolerableReason says in a few words why the daemon continues although the store failed. It is
// empty for an error that must end the daemon.
func tolerableReason(err error) string {
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

// clientOptions returns the options of a client for the configured feeds and for further addresses,
// typed by somebody on the command line.
func clientOptions(c *config.Config, further ...string) fetch.Options {
	version, _ := buildVersion()
	for _, s := range c.Stations {
		for _, f := range s.Feeds {
			further = append(further, f.URL)
		}
	}
	return fetch.Options{
		UserAgent: fetch.UserAgent(version, c.Desk.URL, c.Desk.Contact), Timeout: c.Poll.Timeout,
		MaxSize: c.Poll.MaxSize, PrivateNetworks: c.Poll.PrivateNetworks, Addresses: further,
	}
}
