package aggregator

import (
	"context"
	"time"

	"fronteras/aggregator/feed"
	"fronteras/aggregator/identity"
)

// soon is how long after a feed was asked a hint may have it asked again.
const soon = time.Minute

// Deliver takes a document that a hub has pushed and signed. It may be a part of
// the feed: nothing is concluded from what it lacks, and what is known of the
// feed stays. A document that cannot be read has the feed visited soon instead.
// The error is the store's.
func (a *Aggregator) Deliver(ctx context.Context, address string, body []byte, contentType string) error {
	f, ok := a.feeds[address]
	if !ok {
		return nil
	}
	station := a.stations[f.Station]
	d, err := feed.Parse(body, feed.Context{ContentType: contentType, Address: f.URL, Language: station.Language, Location: station.location})
	if err != nil {
		a.Log.Warn("delivery not read", "station", f.Station, "feed", shown(f.URL), "err", err.Error())
		return a.Soon(ctx, address)
	}
	now := time.Now()
	saved, err := a.Store.Deliver(ctx, address, identity.Arrival{
		Feed: f, Link: d.Facts.Link, Language: d.Facts.Language, At: now, Entries: d.Entries,
	})
	if err != nil {
		return err
	}
	if saved.New+saved.Changed > 0 || saved.Revised {
		a.Log.Info("delivery", "station", f.Station, "feed", shown(f.URL), "new", saved.New, "changed", saved.Changed)
		a.bring(saved.New > 0, now)
		signal(a.ended)
	}
	return nil
}

// Soon has a feed visited as soon as manners allow: somebody says that it changed.
func (a *Aggregator) Soon(ctx context.Context, address string) error {
	f, ok := a.feeds[address]
	if !ok {
		return nil
	}
	if err := a.Store.Hasten(ctx, address, min(f.Every, soon), time.Now()); err != nil {
		return err
	}
	signal(a.wake)
	return nil
}
