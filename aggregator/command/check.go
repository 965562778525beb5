package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator"
	"fronteras/aggregator/config"
	"fronteras/aggregator/feed"
	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
	"fronteras/aggregator/web"
)

func (p *program) check() *cobra.Command {
	var offline bool
	c := &cobra.Command{
		Use: "check [ADDRESS...]", Short: "Read the configuration, try every feed, and say what is wrong",
		Long: "Read the configuration, try every feed, and say what is wrong with each, and how to mend\n" +
			"it. Of addresses, of feeds or of pages that announce some, say what could be added.",
		RunE: func(c *cobra.Command, addresses []string) error {
			if len(addresses) > 0 {
				return p.checkAddresses(c.Context(), addresses)
			}
			cfg, err := p.load()
			if err != nil {
				return err
			}
			if err := p.checkReload(c.Context(), cfg); err != nil {
				return err
			}
			fmt.Fprintf(p.Out, "%s: well\n", p.config)
			if offline {
				return nil
			}
			return p.checkFeeds(c.Context(), cfg)
		},
	}
	c.Flags().BoolVar(&offline, "offline", false, "read the configuration alone")
	return c
}

// checkReload fails where a daemon runs with the file and could not take it as it is
// now. Only the daemon can tell: what the file leaves out depends on its environment.
func (p *program) checkReload(ctx context.Context, c *config.Config) error {
	socket, found := running(ctx, c)
	if !found {
		return nil
	}
	var a restartAnswer
	if err := web.Ask(ctx, socket, "restart", restartQuestion{}, &a); err != nil || len(a.Keys) == 0 {
		return nil // a daemon of an earlier version does not say
	}
	return needsRestart(p.config, a.Keys)
}

// checkAddresses says what could be added to the configuration for each address.
func (p *program) checkAddresses(ctx context.Context, addresses []string) error {
	c, err := p.optional()
	if err != nil {
		return err
	}
	client, failed := newClient(c, addresses...), 0
	for _, a := range addresses {
		f, err := look(ctx, client, a)
		var page *feed.NotFeedError
		switch {
		case err == nil:
			fmt.Fprintf(p.Out, "%s: a feed, %s; to add it, write under its station's feeds:\n    - url: %s\n", a, harmless(quoteLine(f.title)), harmless(f.url))
		case errors.As(err, &page) && len(page.Feeds) > 0:
			fmt.Fprintf(p.Out, "%s: a page; to add one of the feeds that it announces, write under its station's feeds:\n", a)
			for _, found := range page.Feeds {
				fmt.Fprintf(p.Out, "    - url: %s\n", harmless(found))
			}
		default:
			failed++
			fmt.Fprintf(p.Out, "%s: cannot be read: %s\n", a, harmless(err.Error()))
			p.advise(mend(err))
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d addresses cannot be read", failed, len(addresses))
	}
	return nil
}

// checkFeeds tries every feed and prints a line for each, and what can be mended.
func (p *program) checkFeeds(ctx context.Context, c *config.Config) error {
	client := newClient(c)
	feeds, failed := 0, 0
	for _, s := range c.Stations {
		for _, f := range s.Feeds {
			done := p.progress("trying " + f.URL)
			r := tryFeed(ctx, client, s, f)
			done()
			if ctx.Err() != nil {
				return ctx.Err()
			}
			feeds++
			if r.err != nil {
				failed++
			}
			p.printTrial(s, f, r)
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d feeds cannot be read", failed, feeds)
	}
	return nil
}

// trial is how one feed fared.
type trial struct {
	err      error
	document *feed.Document
	response *fetch.Response
}

func tryFeed(ctx context.Context, client *fetch.Client, s news.Station, f news.Feed) trial {
	response, err := client.Fetch(ctx, fetch.Request{URL: f.URL, Path: f.Path})
	if err != nil {
		return trial{err: err}
	}
	d, err := feed.Parse(response.Body, contextOf(s, response))
	return trial{err, d, response}
}

// printTrial says how a feed fared, in words that help to mend it.
func (p *program) printTrial(s news.Station, f news.Feed, r trial) {
	if r.err != nil {
		fmt.Fprintf(p.Out, "%s %s: cannot be read: %s\n", s.ID, f.URL, harmless(r.err.Error()))
		p.advise(mend(r.err))
		return
	}
	d := r.document
	newest := "no date"
	for _, e := range d.Entries {
		if date := e.Published.UTC().Format(time.DateOnly); !e.Published.IsZero() && (newest == "no date" || date > newest) {
			newest = date
		}
	}
	fmt.Fprintf(p.Out, "%s %s: well: %s, %d items, the newest of %s\n", s.ID, f.URL, d.Facts.Format, len(d.Entries), newest)
	for _, repair := range d.Repairs {
		p.advise(harmless(repair.String()) + "; " + repair.Advice())
	}
	for _, remark := range aggregator.Remarks(aggregator.Trial(f, r.response, &d.Facts), f) {
		p.advise(harmless(remark))
	}
	if f.Path == "" && f.Every < 5*time.Minute {
		p.advise("it is visited every " + f.Every.String() + ": agree less than 5m with the station first")
	}
	if f.Path == "" {
		p.adviseAddresses(f, d.Facts, r.response)
	}
}

// adviseAddresses says where a feed says that it is, if that is elsewhere.
// Nothing follows it.
func (p *program) adviseAddresses(f news.Feed, facts news.Facts, r *fetch.Response) {
	if facts.NewAddress != "" && facts.NewAddress != f.URL {
		p.advise("the feed says that its address is now " + harmless(facts.NewAddress))
	}
	if facts.Self != "" && facts.Self != f.URL && facts.Self != r.Address {
		p.advise("the feed calls itself " + harmless(facts.Self))
	}
}

func (p *program) advise(text string) {
	if text != "" {
		fmt.Fprintf(p.Out, "    %s\n", text)
	}
}

// mend says what the operator can do about a feed that cannot be read.
func mend(err error) string {
	var notFeed *feed.NotFeedError
	var failure *fetch.Error
	switch {
	case errors.As(err, &notFeed):
		if len(notFeed.Feeds) > 0 {
			return "write one of the addresses that the page announces into the configuration"
		}
		return "ask the station for the address of its feed"
	case !errors.As(err, &failure):
		return ""
	}
	return advice[failure.Kind]
}

// advice is what helps against each kind of failure.
var advice = map[fetch.Kind]string{
	fetch.KindName:     "see whether the host is spelled right",
	fetch.KindResolver: "see whether this machine can resolve names at all",
	fetch.KindNetwork:  "see whether this machine has a network",
	fetch.KindRefused:  "see whether the server runs, and whether the port is right",
	fetch.KindTLS:      "tell the station's webmaster: visitors see a warning too",
	fetch.KindAddress:  "set poll.private_networks to true if the feed is meant to live there",
	fetch.KindTooLarge: "raise poll.max_size, or ask the station for a shorter feed",
	fetch.KindFile:     "file: addresses are relative to the folder of the configuration",
}
