package aggregator

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"time"

	"fronteras/aggregator/feed"
	"fronteras/aggregator/fetch"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/schedule"
)

// maxUnsavedEntries is how many entries may be read and wait for the store, so that memory has a
// bound.
const maxUnsavedEntries = 400

// shortageCalm is how long every visit must have been able to ask until a shortage of open files is
// over: some are while others are not, and those are retried after half a minute.
const shortageCalm = 2 * time.Minute

// poll is what a visit brought back.
type poll struct {
	state   news.FeedState    // the feed's, as it is to be saved
	result  string            // in a word, for the log
	arrival *identity.Arrival // nil: there is nothing to resolve
	facts   *news.Facts       // what the document says of its feed; nil: there is none
	answer  Answer            // that brought the document
	repairs []feed.Repair
	size    int             // of the document, in bytes
	read    *fetch.Response // holds its share of the documents in memory until it is saved; nil: there is none
	unasked bool            // nobody could be asked, and the state is as before
}

// visit makes one visit, from the lease to what is announced of it: request, parse, resolve and
// save, announce. What goes wrong with the feed is the visit's result and not an error; an error is
// the store's. A visit that is cut short by the end of ctx leaves nothing but its lease, so it is
// due again after its interval. The slot holds the feed's host, and releases it as soon as the
// feed has answered.
func (a *Aggregator) visit(ctx context.Context, leased news.FeedState, slot *visitSlot) error {
	a.visits.Add(1)
	a.settler.beginVisit(leased.Feed)
	a.hosts.BeginVisit(leased.Feed)
	defer func() {
		a.hosts.EndVisit(leased.Feed)
		a.visits.Add(-1)
		a.settler.recordFirstVisit(leased.Feed, time.Now())
		a.settler.endVisit(leased.Feed)
		notifyWaiter(a.wake)
	}()
	f := a.feeds[leased.Feed]

	// Request and parse, outside any transaction. The next visit is scheduled in what comes back.
	begun := time.Now()
	if leased.Failures > 0 { // an earlier process may have left it so
		a.hosts.RecordOutcome(f.URL, true)
	}
	p, err := a.pollFeed(ctx, f, leased, slot)
	if p.read != nil {
		defer p.read.Release()
	}
	if ctx.Err() != nil {
		return nil
	}
	a.hosts.RecordOutcome(f.URL, p.state.Failures > 0)
	if err == nil { // wait until there is room among what is read and not saved
		entries := min(int64(1+p.arrival.CountUnseen()), maxUnsavedEntries)
		if err = a.unsaved.Acquire(ctx, entries); err == nil {
			defer a.unsaved.Release(entries)
		}
	}
	a.releaseSlot(slot)

	// Resolve and save, in one transaction; then what it means for other feeds, and for hubs.
	var saved news.Saved
	if err == nil {
		saved, err = a.saveVisit(ctx, p)
	}
	if p.read != nil {
		p.read.Release()
	}
	if err == nil && !p.unasked {
		err = a.applyToOthers(ctx, leased, p)
	}
	if err == nil && saved.New > 0 && a.ItemsFound != nil {
		err = a.ItemsFound(ctx, f.URL, countLate(p.arrival, saved))
	}
	switch {
	case ctx.Err() != nil:
		return nil
	case err != nil:
		return a.failure.revertVisit(ctx, &a.Options, f, leased, err)
	}
	a.failure.storeRecovered(&a.Options)
	a.measureLater(f, p)

	// Announce.
	took := time.Since(begun)
	if p.unasked {
		a.announceInterrupted(leased, took)
		return nil
	}
	if saved.New+saved.Changed > 0 || saved.Revised {
		a.settler.recordNews(saved.New > 0, time.Now())
	}
	logPostponed(&a.Options, &a.tooMuch, leased, saved)
	logVisit(ctx, a.Log, a.feedName(leased.Feed), leased, p, saved, took)
	if a.Visited != nil {
		a.Visited(visitedEvent(leased, p, saved, took))
	}
	return nil
}

// pollFeed asks for a feed, reads what comes, and schedules the next visit. The error is the
// store's.
func (a *Aggregator) pollFeed(
	ctx context.Context, f news.Feed, leased news.FeedState, slot *visitSlot,
) (p poll, err error) {
	v := leased
	sameFilter := v.Filter == f.FilterKey()
	if !sameFilter { // what was passed over may be wanted now: the document is needed
		v.ETag, v.LastModified = "", ""
	}
	known := schedule.RequestValidators(v, f, feed.ReaderVersion, v.Asked)
	if !known.IsConditional() {
		v.LastUnconditional = v.Asked
	}
	response, err := a.Client.Fetch(ctx, fetch.Request{
		URL: schedule.RequestAddress(v, f), Path: f.Path, ETag: known.ETag,
		LastModified: known.LastModified, From: v.From,
		PublicOnly: v.MovedTo != "" && !v.Local, // its server names that address, not the configuration
	})
	a.hosts.Release(&slot.Hold)
	switch {
	case fetch.IsShortage(err):
		return a.pollUnasked(leased, err), nil
	case err != nil:
		return a.pollFailed(f, v, err), nil
	}
	a.shortage.changeKind("", time.Now())
	defer func() { p.read = response }()
	v.Local = response.Private
	if !v.Local && f.Every < schedule.PublicInterval {
		if _, logged := a.tooOften.LoadOrStore(f.URL, true); !logged {
			a.Log.Warn("a feed on a public host is visited once a minute, not as often as configured",
				"station", f.Station, "feed", a.feedName(f.URL), "every", f.Every.String())
		}
	}
	a.clockCheck.RecordDate(f.URL, response.Header, response.Received)

	if response.NotModified {
		return a.pollUnchanged(ctx, f, v, response)
	}

	seen, err := a.Store.SeenDigests(v.Feed)
	if err != nil {
		return poll{}, err
	}
	release, err := a.large.acquire(ctx, len(response.Body))
	if err != nil {
		return poll{}, err
	}
	station := a.stations[f.Station]
	d, err := feed.Parse(ctx, response.Body, feed.Context{
		ContentType: response.ContentType, Address: response.Address, Language: station.Language,
		Location: station.location,
		Known:    func(d news.Digest) bool { taken, known := seen[d]; return known && (taken || sameFilter) },
	})
	release()
	a.logPanic(err, "station", f.Station, "feed", a.feedName(f.URL))
	if err == nil && len(d.Entries) == 0 && v.Items > 0 {
		err = errNoItems
	}
	in := schedule.Input{At: response.Received, Local: response.Private}
	if err != nil {
		in.Failed = true
		v = schedule.RecordFailure(v, f, in, FailureKind(err), err.Error(), randomChance())
		return poll{state: v, result: "failed"}, nil
	}
	arrival := &identity.Arrival{
		Feed: f, Link: d.Facts.Link, Language: d.Facts.Language, At: response.Received, Last: v.Success,
		Whole: d.Whole, Reader: feed.ReaderVersion,
		Entries: d.Entries, Deleted: d.Facts.Deleted,
	}
	v = a.followRedirect(v, response)
	v.Filter, v.Items = f.FilterKey(), len(d.Entries)
	v.Losses, v.Repairs = keepLosses(v.Losses, d.Losses, d.Entries), keepRepairs(d.Repairs)
	v = applyBody(v, response, &d.Facts, known.IsConditional(), d.Whole)
	p = poll{
		state: schedule.RecordSuccess(v, f, in, randomChance()), result: "read", arrival: arrival, facts: &d.Facts,
		answer:  Answer{response.Header, response.Address, response.Private},
		repairs: d.Repairs, size: len(response.Body),
	}
	response.Body = nil // it has been read, and pages may take their time
	*arrival, _, err = a.completeArrival(ctx, *arrival, !response.Private)
	return p, err
}

// errNoItems is the error of a document without items where the last one had some. A CMS that lost
// its database writes such documents; what the feed had is kept.
var errNoItems = errors.New("the document has no items, though the last one had")

// pollUnchanged is the result of a visit that was answered with 304. There may still be something
// to decide: a page to read, an item that is missing.
func (a *Aggregator) pollUnchanged(
	ctx context.Context, f news.Feed, v news.FeedState, r *fetch.Response,
) (poll, error) {
	arrival := identity.Arrival{Feed: f, At: r.Received, Last: v.Success, Same: true}
	v = a.followRedirect(schedule.ApplyNotModified(v, givenValidators(r)), r)
	v.Wishes = schedule.FreshnessHints(v.Wishes, r.Header, nil, r.Received)
	v = schedule.RecordSuccess(v, f, schedule.Input{At: r.Received, Local: r.Private}, randomChance())
	p := poll{state: v, result: "not modified"}
	complete, decide, err := a.completeArrival(ctx, arrival, !r.Private)
	if decide {
		kept := complete // rarely: other visits leave no garbage
		p.arrival = &kept
	}
	return p, err
}

// pollUnasked is the result of a visit in which this machine could not ask: it is made again soon, and
// is not the feed's failure.
func (a *Aggregator) pollUnasked(leased news.FeedState, err error) poll {
	if _, changed := a.shortage.changeKind(string(fetch.KindShortage), time.Now()); changed {
		a.Log.Warn("no more files can be opened, visits are retried", "err", err.Error(),
			"hint", "raise the limit: LimitNOFILE= of the unit, or ulimit -n")
	}
	v := leased
	v.Wait = fetch.ProbeWait(v)
	v.Due = time.Now().Add(v.Wait)
	return poll{state: v, result: "not asked", unasked: true}
}

// pollFailed is the result of a visit that brought no document.
func (a *Aggregator) pollFailed(f news.Feed, v news.FeedState, err error) poll {
	in := schedule.Input{At: time.Now(), Failed: true, Local: f.Path != "" || v.Local}
	var failure *fetch.Error
	if errors.As(err, &failure) {
		in.Status = failure.Status
		in.RetryAfter = fetch.RetryAfter(failure.Header, in.At)
		in.Local = in.Local || a.PrivateNetworks && v.Success.IsZero() // it is not known yet where it is
		if failure.Status == http.StatusNotModified {                  // to no validators: none are worth sending
			v.ETag, v.LastModified = "", ""
		}
	}
	v = schedule.RecordFailure(v, f, in, FailureKind(err), err.Error(), randomChance())
	if !v.Paused.IsZero() {
		a.hosts.RestUntil(f.URL, v.Paused)
	}
	return poll{state: v, result: "failed"}
}

// applyBody takes over what the answer that brought a document says of how, and when, to ask for
// the next. Conditional says whether it was asked for with validators, whole whether it was read
// to its end.
func applyBody(v news.FeedState, r *fetch.Response, facts *news.Facts, conditional, whole bool) news.FeedState {
	sum := sha256.Sum256(r.Body)
	v.Bytes = r.Size
	v.Wishes = schedule.FreshnessHints(v.Wishes, r.Header, facts, r.Received)
	return schedule.ApplyBody(v, schedule.Body{
		Digest: news.Digest(sum[:len(news.Digest{})]), Type: r.ContentType, Address: r.Address, Hops: r.Hops,
		Given: givenValidators(r), Conditional: conditional, Whole: whole, Reader: feed.ReaderVersion,
	})
}

func givenValidators(r *fetch.Response) schedule.Validators {
	return schedule.Validators{ETag: r.ETag, LastModified: r.LastModified}
}

// followRedirect notes where permanent redirects led, and logs when a feed has moved for good.
func (a *Aggregator) followRedirect(v news.FeedState, r *fetch.Response) news.FeedState {
	_, taken := a.feeds[r.Moved]
	next := schedule.FollowRedirect(v, r.Moved, taken, r.Received)
	if next.MovedTo != v.MovedTo {
		a.Log.Warn("feed moved for good", "station", v.Station, "feed", a.feedName(v.Feed),
			"to", link.Redact(next.MovedTo), "hint", "write the new address into the configuration")
	}
	return next
}

// saveVisit saves what a visit brought. One that was answered with 304, and left nothing to decide,
// need not have reached the disk before the next begins.
func (a *Aggregator) saveVisit(ctx context.Context, p poll) (news.Saved, error) {
	if p.arrival == nil && p.state.Failures == 0 {
		return news.Saved{}, a.Store.SaveLater(ctx, p.state)
	}
	release, err := a.large.acquire(ctx, p.size)
	if err != nil {
		return news.Saved{}, err
	}
	defer release()
	return a.Store.Save(ctx, p.state, p.arrival, p.facts)
}

// applyToOthers does what a visit means for other feeds: those of a server that asks for rest, or
// cannot be reached, rest with it; and if it is our own network that is down, the visits that
// failed by that are put back as they were.
func (a *Aggregator) applyToOthers(ctx context.Context, leased news.FeedState, p poll) error {
	f := a.feeds[leased.Feed]
	if fetch.Kind(p.state.Kind).MayBeOurs() {
		now := time.Now()
		back, down := a.outage.RecordUnreachable(fetch.HostName(f), leased, now)
		if down {
			a.Log.Error("the network is down, failures are not counted against stations", "err", p.state.Error)
		}
		for _, v := range back {
			v.Wait = fetch.ProbeWait(v)
			v.Due = now.Add(v.Wait)
			if _, err := a.Store.Save(ctx, v, nil, nil); err != nil {
				return err
			}
		}
		return nil
	}
	if f.Path != "" {
		return nil // a file says nothing about the network
	}
	if a.DocumentArrived != nil && p.facts != nil {
		if err := a.DocumentArrived(ctx, f.URL, p.answer, p.facts); err != nil {
			return err
		}
	}
	if a.outage.RecordReached() {
		a.Log.Info("the network is back")
		if err := a.rescheduleAll(ctx, time.Now(), 0); err != nil {
			return err
		}
	}
	switch kind := fetch.Kind(p.state.Kind); {
	case kind == fetch.KindName,
		kind == fetch.KindRefused,
		kind == fetch.KindTLS,
		p.state.Status == http.StatusTooManyRequests:
		if others := a.hosts.FeedsOfSameServer(f.URL); len(others) > 0 {
			return a.Store.UpdateStates(ctx, others, func(v news.FeedState) news.FeedState {
				return schedule.PauseVisit(v, p.state.Due)
			})
		}
	}
	return nil
}
