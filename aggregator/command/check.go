package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator"
	"fronteras/aggregator/config"
	"fronteras/aggregator/feed"
	"fronteras/aggregator/fetch"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/web"
)

func newCheckCommand(p *program) *cobra.Command {
	var offline bool
	c := &cobra.Command{
		Use: "check [ADDRESS...]", Short: "Check the configuration and try every feed",
		Long: "Read the configuration, try every feed, and say what is wrong with each and how to fix it. With\n" +
			"addresses of feeds, or of pages that link to feeds, say what to add to the configuration.",
		RunE: func(c *cobra.Command, addresses []string) error {
			go tuneGarbageCollector(c.Context())
			if len(addresses) > 0 {
				return checkAddresses(c.Context(), p, addresses)
			}
			cfg, err := p.loadConfig()
			if err != nil {
				return err
			}
			if err := checkForDaemon(c.Context(), p, cfg); err != nil {
				return err
			}
			fmt.Fprintf(p.Out, "%s: ok\n", p.config)
			if offline {
				return nil
			}
			return checkFeeds(c.Context(), p, cfg)
		},
	}
	c.Flags().BoolVar(&offline, "offline", false, "read the configuration only")
	return c
}

// checkForDaemon fails if a daemon could not take the file as it is now. Where one runs with it, only
// that daemon knows: what the file leaves out depends on its environment, and it reads secrets that may
// be closed to others. Where none runs, secrets are read as this process can.
func checkForDaemon(ctx context.Context, p *program, c *config.Config) error {
	var a restartAnswer
	if socket, found := findDaemonOfFile(ctx, c); found {
		// A daemon of an earlier version does not know the call.
		_ = web.CallDaemon(ctx, socket, "restart", restartQuestion{}, &a)
	}
	switch {
	case len(a.Keys) > 0:
		return restartError(p.config, a.Keys)
	case a.Secrets == nil:
		return p.readSecrets(c)
	case len(*a.Secrets) > 0:
		return &config.Error{File: p.config, Faults: *a.Secrets}
	}
	return nil
}

// checkAddresses says what to add to the configuration for each address.
func checkAddresses(ctx context.Context, p *program, addresses []string) error {
	c, err := p.loadConfigOrDefault()
	if err != nil {
		return err
	}
	client, failed := fetch.NewClient(clientOptions(c, addresses...)), 0
	for _, a := range addresses {
		f, err := inspectFeed(ctx, client, a)
		var page *feed.NotFeedError
		switch {
		case err == nil:
			fmt.Fprintf(p.Out, "%s: a feed, %s; to add it, write under its station's feeds:\n    - url: %s\n",
				a, terminalSafe(quoteTitle(f.title)), terminalSafe(f.url))
		case errors.As(err, &page) && len(page.Feeds) > 0:
			fmt.Fprintf(p.Out, "%s: a page; to add one of its feeds, write under its station's feeds:\n", a)
			for _, found := range page.Feeds {
				fmt.Fprintf(p.Out, "    - url: %s\n", terminalSafe(found))
			}
		default:
			failed++
			fmt.Fprintf(p.Out, "%s: cannot be read: %s\n", a, terminalSafe(err.Error()))
			printAdvice(p.Out, failureAdvice(err))
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d addresses cannot be read", failed, len(addresses))
	}
	return nil
}

// checkFeeds tries every feed, and prints a line for each and what can be improved.
func checkFeeds(ctx context.Context, p *program, c *config.Config) error {
	client := fetch.NewClient(clientOptions(c))
	desk, err := newApp(c)
	if err != nil {
		return err
	}
	pages := newPageReader(desk, client)
	names := link.FeedNames(c.Stations)
	feeds, failed := 0, 0
	for _, s := range c.Stations {
		for _, f := range s.Feeds {
			name := operatorName(f, names)
			done := showProgress(p.Err, "trying "+name)
			response, d, err := tryFeed(ctx, client, s, f)
			done()
			if ctx.Err() != nil {
				return ctx.Err()
			}
			feeds++
			if err != nil {
				failed++
				fmt.Fprintf(p.Out, "%s %s: cannot be read: %s\n", s.ID, name, terminalSafe(err.Error()))
				printAdvice(p.Out, failureAdvice(err))
				continue
			}
			fmt.Fprintf(p.Out, "%s %s: ok: %s, %s, %s\n",
				s.ID, name, d.Facts.Format, pluralOf(len(d.Entries), "item"), newestDate(d.Entries))
			for _, repair := range d.Repairs {
				printAdvice(p.Out, terminalSafe(repair.String())+"; "+repair.Advice())
			}
			for _, remark := range aggregator.Remarks(aggregator.Trial(f, response, &d.Facts), f) {
				printAdvice(p.Out, terminalSafe(remark))
			}
			for _, advice := range articleAdvice(ctx, pages, f, d.Entries) {
				printAdvice(p.Out, terminalSafe(advice))
			}
			if f.Path == "" {
				printFeedAdvice(p.Out, f, d.Facts, response)
			}
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d feeds cannot be read", failed, feeds)
	}
	return nil
}

func tryFeed(
	ctx context.Context, client *fetch.Client, s news.Station, f news.Feed,
) (*fetch.Response, *feed.Document, error) {
	response, err := client.Fetch(ctx, fetch.Request{URL: f.URL, Path: f.Path})
	if err != nil {
		return nil, nil, err
	}
	d, err := feed.Parse(ctx, response.Body, readingContext(s, response))
	return response, d, err
}

// newestDate says when the newest of some entries was published.
func newestDate(entries []news.Entry) string {
	var newest time.Time
	for _, e := range entries {
		if e.Published.After(newest) {
			newest = e.Published
		}
	}
	if newest.IsZero() {
		return "no dates"
	}
	return "newest " + newest.UTC().Format(time.DateOnly)
}

// printFeedAdvice says what is odd about a feed's schedule and addresses. An address that a
// document names is only shown: nothing follows it.
func printFeedAdvice(w io.Writer, f news.Feed, facts news.Facts, r *fetch.Response) {
	if f.Every < 5*time.Minute {
		printAdvice(w, "it is visited every "+f.Every.String()+": agree with the station before going below 5m")
	}
	if facts.NewAddress != "" && facts.NewAddress != f.URL {
		moved := aggregator.AddressForOperators(facts.NewAddress)
		printAdvice(w, "the feed says that its address is now "+terminalSafe(moved))
	}
	if facts.Self != "" && facts.Self != f.URL && facts.Self != r.Address {
		printAdvice(w, "the feed calls itself "+terminalSafe(aggregator.AddressForOperators(facts.Self)))
	}
}

// printAdvice prints an indented line, unless it is empty.
func printAdvice(w io.Writer, text string) {
	if text != "" {
		fmt.Fprintf(w, "    %s\n", text)
	}
}

// failureAdvice says what is to be done about a feed that cannot be read.
func failureAdvice(err error) string {
	var notFeed *feed.NotFeedError
	if errors.As(err, &notFeed) && len(notFeed.Feeds) > 0 {
		return "put one of the addresses that the page announces into the configuration"
	}
	if notFeed != nil && notFeed.Guard == "" && notFeed.Next != "" {
		return "ask the station whether its feed is now where the page leads"
	}
	return aggregator.Advice(aggregator.FailureKind(err))
}
