package command

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"fronteras/aggregator"
	"fronteras/aggregator/news"
	"fronteras/aggregator/web"
	"fronteras/aggregator/websub"
)

// push is a running desk's hub, and its subscriptions at stations' hubs.
type push struct {
	hub *websub.Hub
	in  *websub.Incoming
}

// newPush prepares both for a site.
func newPush(a *app, site *web.Site) push {
	both := websub.Endpoint{
		URL: a.config.Desk.URL, Store: a.store, Private: a.config.Poll.PrivateNetworks, Log: a.log,
		FeedNames: a.names,
	}
	return push{
		&websub.Hub{Endpoint: both, Documents: site.OwnHandler(), ClientOf: web.Clients{Proxies: a.config.Proxies}.Of},
		&websub.Incoming{Endpoint: both, MaxSize: a.config.Poll.MaxSize, Bodies: a.bodies},
	}
}

// startWith begins push for a desk that can visit feeds.
func (p push) startWith(ctx context.Context, a *app) error {
	feeds := map[string]bool{}
	for _, f := range a.feedList() {
		feeds[f.URL] = true
	}
	p.in.Deliver, p.in.Soon = a.running.Deliver, a.running.VisitSoon
	p.hub.Send, p.in.Send = a.running.Client.Send, a.running.SendToHub
	if err := p.hub.Start(); err != nil {
		return err
	}
	if err := p.in.Start(ctx, feeds); err != nil && tolerableReason(err) == "" {
		return err
	} // else what it could not save is saved when it is tended
	return nil
}

// noteHubs notes which hubs a feed's document names, if the feed is still configured.
func (p push) noteHubs(
	ctx context.Context, a *app, feed string, answer aggregator.Answer, f *news.Facts,
) error {
	if !slices.ContainsFunc(a.feedList(), func(one news.Feed) bool { return one.URL == feed }) {
		return nil
	}
	isSame := func(topic string) bool { return a.running.SameFeed(ctx, feed, topic, f, !answer.Private) }
	hubs, topic := websub.Discover(answer.Header, f, answer.Address, isSame)
	return p.in.Discovered(ctx, feed, websub.Discovery{
		Hubs: hubs, Topic: topic, Cloud: f.Cloud, Private: answer.Private,
	})
}

// runUntilDone delivers and renews subscriptions until ctx ends.
func (p push) runUntilDone(ctx context.Context) error {
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() error { return retryWhileTolerable(ctx, p.hub.Run) })
	work.Go(func() error { return retryWhileTolerable(ctx, p.in.Run) })
	return work.Wait()
}

// retryWhileTolerable runs again what ended because the store cannot be written for now; the
// aggregator logs that.
func retryWhileTolerable(ctx context.Context, run func(context.Context) error) error {
	for ctx.Err() == nil {
		if err := run(ctx); err == nil || tolerableReason(err) == "" {
			return err
		}
		sleepUntilDone(ctx, aggregator.StoreRetry)
	}
	return nil
}

// newHandler answers push below /websub/, and the site everywhere else. It is not an
// [http.ServeMux]: that would redirect odd paths to addresses built from the request.
func (p push) newHandler(site http.Handler) http.Handler {
	ends := web.SecurityHeaders(p.hub.Log, websub.Handler(p.hub, p.in))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/websub/") {
			ends.ServeHTTP(w, r)
			return
		}
		site.ServeHTTP(w, r)
	})
}
