package command

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
	"fronteras/aggregator/web"
	"fronteras/aggregator/websub"
)

// push is a running desk's hub, and its subscriptions at others'.
type push struct {
	hub *websub.Hub
	in  *websub.Incoming
}

// push prepares both ends for a site.
func (d *desk) push(site *web.Site) push {
	version, _ := versionOf()
	hosts, public := d.client().Guarded()
	both := websub.Desk{
		URL: d.config.Desk.URL, UserAgent: fetch.UserAgent(version, d.config.Desk.URL, d.config.Desk.Contact), Store: d.store,
		Hosts: hosts, Public: public, Private: d.config.Poll.PrivateNetworks, Log: d.log,
	}
	return push{&websub.Hub{Desk: both, Documents: site.Handler()}, &websub.Incoming{Desk: both, MaxSize: d.config.Poll.MaxSize}}
}

// start begins push for a desk that has been started.
func (p push) start(ctx context.Context, d *desk) error {
	feeds := map[string]bool{}
	for _, f := range d.feeds() {
		feeds[f.URL] = true
	}
	p.in.Deliver, p.in.Soon, p.in.Hosts = d.running.Deliver, d.running.Soon, d.running.Errands(p.in.Hosts)
	if err := p.hub.Start(); err != nil {
		return err
	}
	if err := p.in.Start(ctx, feeds); err != nil {
		return err
	}
	return nil
}

// arrived notes which hubs tell of a feed, where the feed is still configured.
func (g *generation) arrived(ctx context.Context, feed string, h http.Header, address string, f *news.Facts) error {
	if !slices.ContainsFunc(g.feeds(), func(one news.Feed) bool { return one.URL == feed }) {
		return nil
	}
	hubs, topic := websub.Discover(h, f, address, func(topic string) bool { return g.running.SameFeed(ctx, topic, f) })
	return g.push.in.Discovered(ctx, feed, hubs, topic, f.Cloud)
}

// run delivers and looks after subscriptions until ctx ends.
func (p push) run(ctx context.Context) error {
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() error { return whileBearable(ctx, p.hub.Run) })
	work.Go(func() error { return whileBearable(ctx, p.in.Run) })
	return work.Wait()
}

// whileBearable runs again what a store ended that takes nothing for now; the desk
// says so in its log.
func whileBearable(ctx context.Context, run func(context.Context) error) error {
	for {
		err := run(ctx)
		if err == nil || bearable(err) == "" {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(storeRest):
		}
	}
}

// storeRest is for how long a store that takes nothing is left alone.
const storeRest = 5 * time.Second

// handler answers push below /websub/, and the site everywhere else. It is no
// http.ServeMux: that would redirect odd paths to what the request says.
func (p push) handler(site http.Handler) http.Handler {
	ends := web.SecurityHeaders(p.hub.Log, websub.Handler(p.hub, p.in))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/websub/") {
			ends.ServeHTTP(w, r)
			return
		}
		site.ServeHTTP(w, r)
	})
}
