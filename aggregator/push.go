package aggregator

import (
	"context"
	"time"

	"fronteras/aggregator/feed"
	"fronteras/aggregator/fetch"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/schedule"
)

const (
	hintRest = time.Minute      // between a request to a feed and a visit that a hint asks for
	hubDelay = 15 * time.Minute // after an item's publication, when its hub should have delivered it

	sameFor    = 7 * 24 * time.Hour // how long an address that gives the same feed is believed
	verdictFor = 24 * time.Hour     // how long no other is asked, nor one that does not give it again
	verdictOf  = 64 << 10           // bytes of its document that are read: what is compared stands at its head
)

// Deliver saves a document that a hub has pushed and signed, and returns when it is on the disk. It
// may be a part of the feed: nothing is concluded from what it lacks, and the feed's state stays. If
// the document cannot be read, the feed is visited soon instead. The error is the store's, or that
// of ctx: the document is to be delivered again.
func (a *Aggregator) Deliver(ctx context.Context, address string, body []byte, contentType string) error {
	f, ok := a.feeds[address]
	if !ok {
		a.Log.Info("hub delivery for a feed that is not configured", "feed", a.feedName(address))
		return nil
	}
	err := a.saveDelivery(ctx, f, body, contentType)
	switch {
	case err == nil:
		a.failure.storeRecovered(&a.Options)
	case ctx.Err() == nil && a.failure.tolerateFailure(&a.Options, err) == "":
		a.Log.Error("could not save hub "+
			"delivery", "station", f.Station, "feed", a.feedName(f.URL), "err", err.Error())
	}
	return err
}

// saveDelivery reads and saves what a hub has pushed. Large documents take one of the turns of such
// documents at a time, so that visits always have another.
func (a *Aggregator) saveDelivery(ctx context.Context, f news.Feed, body []byte, contentType string) error {
	address, station := f.URL, a.stations[f.Station]
	ofDeliveries, err := a.largePush.acquire(ctx, len(body))
	if err != nil {
		return err
	}
	defer ofDeliveries()
	release, err := a.large.acquire(ctx, len(body))
	if err != nil {
		return err
	}
	defer release()
	seen, err := a.Store.SeenDigests(address)
	if err != nil {
		return err
	}
	d, err := feed.Parse(ctx, body, feed.Context{
		ContentType: contentType, Address: f.URL, Language: station.Language, Location: station.location,
		Known: func(d news.Digest) bool { return seen[d] }, // what was not taken may be wanted now
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		a.logPanic(err, "station", f.Station, "feed", a.feedName(f.URL))
		a.Log.Warn("could not parse hub delivery",
			"station", f.Station, "feed", a.feedName(f.URL), "err", err.Error())
		return a.VisitSoon(ctx, address)
	}
	now := time.Now()
	saved, err := a.Store.Deliver(ctx, address, identity.Arrival{
		Feed: f, Link: d.Facts.Link, Language: d.Facts.Language, At: now, Entries: d.Entries, Pushed: true,
		Reader: feed.ReaderVersion,
	})
	if err != nil {
		return err
	}
	if saved.New > 0 && a.ItemsFound != nil {
		if err := a.ItemsFound(ctx, address, 0); err != nil {
			return err
		}
	}
	if f.WholePages && saved.New+saved.Changed+saved.Waiting > 0 { // a visit reads the article pages
		if err := a.VisitSoon(ctx, address); err != nil {
			return err
		}
	}
	if saved.New+saved.Changed > 0 || saved.Revised {
		a.Log.Info(
			"delivery", "station", f.Station, "feed", a.feedName(f.URL), "new", saved.New, "changed",
			saved.Changed,
		)
		a.settler.recordDelivery(address, saved.New > 0, now)
	}
	return nil
}

// countLate is how many of the items that a visit brought had been published since the last visit,
// and long enough before this one for a hub to have delivered them.
func countLate(arrival *identity.Arrival, saved news.Saved) int {
	n := 0
	for _, e := range arrival.Entries {
		if !e.Seen && !arrival.Last.IsZero() && e.Published.After(arrival.Last) &&
			arrival.At.Sub(e.Published) >= hubDelay {
			n++
		}
	}
	return min(n, saved.New)
}

// verdict is whether the address that a feed last named as its own gives it, and when it was asked.
type verdict struct {
	address string
	same    bool
	at      time.Time
}

// SameFeed reports whether another address gives the feed of that address, which has these facts:
// the same title, page and id. Of each feed one answer is kept, and one address a day is requested
// for it, whatever its documents name: the servers there did not ask for that.
func (a *Aggregator) SameFeed(ctx context.Context, of, address string, known *news.Facts, publicOnly bool) bool {
	if kept, ok := a.verdicts.Load(of); ok {
		old, age := kept.(verdict), time.Since(kept.(verdict).at)
		if age < verdictFor || old.same && old.address == address && age < sameFor {
			return old.same && old.address == address
		}
	}
	same := a.fetchesSameFeed(ctx, address, known, publicOnly)
	a.verdicts.Store(of, verdict{address, same, time.Now()})
	return same
}

func (a *Aggregator) fetchesSameFeed(
	ctx context.Context, address string, known *news.Facts, publicOnly bool,
) bool {
	ctx, cancel := context.WithTimeout(ctx, pagesTime)
	defer cancel()
	response, err := a.Client.Fetch(ctx, fetch.Request{
		URL: address, Limiter: a.hosts, Head: verdictOf, PublicOnly: publicOnly,
	})
	if err != nil {
		return false
	}
	defer response.Release()
	d, err := feed.Parse(ctx, response.Body, feed.Context{ContentType: response.ContentType, Address: response.Address})
	return err == nil && response.Hops == 0 && d.Facts.Title == known.Title && d.Facts.Link == known.Link &&
		d.Facts.ID == known.ID
}

// VisitSoon makes a feed due at a hint that it changed, a minute after it was asked at the
// earliest.
func (a *Aggregator) VisitSoon(ctx context.Context, address string) error {
	f, ok := a.feeds[address]
	if !ok {
		return nil
	}
	now := time.Now()
	hasten := func(v news.FeedState) news.FeedState { return schedule.HastenVisit(v, min(f.Every, hintRest), now) }
	if err := a.Store.UpdateStates(ctx, []string{address}, hasten); err != nil {
		return err
	}
	notifyWaiter(a.wake)
	return nil
}
