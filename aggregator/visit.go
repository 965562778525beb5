package aggregator

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/feed"
	"fronteras/aggregator/fetch"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/schedule"
)

// Kinds of failures beside those of package feed: words that anybody may see.
const (
	kindNotFeed = "not a feed"
	kindLimit   = "too large"
	kindEmpty   = "no items"
	kindParser  = "not readable"
)

// visit makes a visit: fetch, parse, save, and a line in the log. What goes wrong
// with the feed is the visit's, not an error; an error is the store's. A visit
// that is cut short by the end of ctx leaves no trace but its lease. The guest lets go
// of the feed's host as soon as the feed has been asked.
func (a *Aggregator) visit(ctx context.Context, v news.FeedState, g *guest) error {
	f, ok := a.feeds[v.Feed]
	if !ok { // it has left the configuration since it was claimed
		v.Retired = true
		_, err := a.Store.Save(ctx, v, nil, nil)
		return err
	}
	begun := time.Now()
	a.hosts.note(f.URL, v.Failures > 0) // an earlier process may have left it so
	r, err := a.report(ctx, f, v, g)
	if ctx.Err() != nil {
		return nil
	}
	a.hosts.note(f.URL, r.visit.Failures > 0)
	if err == nil {
		var kept func()
		if kept, err = a.queue(ctx, r); err == nil {
			defer kept()
		}
	}
	a.leave(g)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return a.lost(ctx, f, v, err)
	}
	saved, err := a.save(ctx, r)
	if err == nil {
		err = a.afterwards(ctx, v, r)
	}
	if err == nil && saved.New > 0 && a.Learned != nil {
		err = a.Learned(ctx, f.URL, late(r.arrival, saved))
	}
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return a.lost(ctx, f, v, err)
	}
	a.relieved()
	if saved.New+saved.Changed > 0 || saved.Revised {
		a.bring(saved.New > 0, time.Now())
	}
	took := time.Since(begun)
	a.tell(v, r, saved, took)
	if a.Visited != nil {
		a.Visited(visitedBy(v, r, saved, took))
	}
	return nil
}

// report is what a visit brought back.
type report struct {
	visit   news.FeedState // as it is to be kept
	result  string         // in a word, for the log
	arrival *identity.Arrival
	facts   *news.Facts
	header  http.Header // of the answer that brought the document
	address string      // where that came from
	repairs []feed.Repair
	size    int // of the document
}

// unsavedEntries is how many entries may be read and wait for the store, so that
// memory has a bound.
const unsavedEntries = 400

// queue waits until there is room for what a visit brought among what waits for the
// store; kept is to be called when it does no more.
func (a *Aggregator) queue(ctx context.Context, r report) (kept func(), err error) {
	entries := min(int64(1+r.arrival.Unseen()), unsavedEntries)
	return func() { a.saving.Release(entries) }, a.saving.Acquire(ctx, entries)
}

// save keeps what a visit brought. One that found nothing new need not have
// reached the disk before the next begins.
func (a *Aggregator) save(ctx context.Context, r report) (news.Saved, error) {
	if r.arrival == nil && r.visit.Failures == 0 {
		return news.Saved{}, a.Store.SaveLater(ctx, r.visit)
	}
	end, err := a.large.take(ctx, r.size)
	if err != nil {
		return news.Saved{}, err
	}
	defer end()
	return a.Store.Save(ctx, r.visit, r.arrival, r.facts)
}

// afterwards does what a visit means for other feeds: those of a server that
// wants rest, or cannot be reached, rest with it; and where it is our own network
// that is down, nobody is at fault.
func (a *Aggregator) afterwards(ctx context.Context, before news.FeedState, r report) error {
	if ours(r.visit.Kind) {
		return a.unreachable(ctx, before, r)
	}
	if a.feeds[before.Feed].Path != "" {
		return nil // a file says nothing of the network
	}
	if a.Arrived != nil && r.facts != nil {
		if err := a.Arrived(ctx, before.Feed, r.header, r.address, r.facts); err != nil {
			return err
		}
	}
	if a.network.answers() {
		a.Log.Info("the network is back")
		if err := a.Store.Reschedule(ctx, a.all(), time.Now(), 0); err != nil {
			return err
		}
	}
	switch fetch.Kind(r.visit.Kind) {
	case fetch.KindName, fetch.KindRefused, fetch.KindTLS:
	default:
		if r.visit.Status != http.StatusTooManyRequests {
			return nil
		}
	}
	others := a.hosts.beside(before.Feed)
	if len(others) == 0 {
		return nil
	}
	return a.Store.Pause(ctx, others, r.visit.Due)
}

// unreachable notes that no way led to a feed. Where that is so of several hosts
// in a row, their visits are put back as they were.
func (a *Aggregator) unreachable(ctx context.Context, before news.FeedState, r report) error {
	now := time.Now()
	back, down := a.network.fails(hostOf(a.feeds[before.Feed]), before, now)
	if down {
		a.Log.Error("the network is down, nothing is charged to the stations", "err", r.visit.Error)
	}
	for _, v := range back {
		v.Wait = pause(v)
		v.Due = now.Add(v.Wait)
		if _, err := a.Store.Save(ctx, v, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// report fetches and reads a feed. Its error is the store's.
func (a *Aggregator) report(ctx context.Context, f news.Feed, v news.FeedState, g *guest) (report, error) {
	filter := f.FilterKey()
	same := v.Filter == filter
	if !same { // what was passed over may be wanted now: the document is needed
		v.ETag, v.LastModified = "", ""
	}
	asked := conditionalRequest(v, f)
	if asked.ETag == "" && asked.LastModified == "" {
		v.LastUnconditional = v.Asked
	}
	response, err := a.Client.Fetch(ctx, asked)
	a.hosts.letGo(g)
	signal(a.wake)
	if err != nil {
		return a.failed(f, v, err), nil
	}
	v.Local = response.Private
	if !v.Local && f.Every < schedule.PublicInterval {
		if _, told := a.hurried.LoadOrStore(f.URL, true); !told {
			a.Log.Warn("a feed on a public host is visited once a minute, not as often as is written", "station", f.Station, "feed", shown(f.URL), "every", f.Every.String())
		}
	}
	a.clocks.note(f.URL, response.Header, response.Received)
	if response.NotModified {
		return a.unchanged(ctx, f, v, response)
	}
	seen, err := a.Store.SeenDigests(v.Feed)
	if err != nil {
		return report{}, err
	}
	station := a.stations[f.Station]
	end, err := a.large.take(ctx, len(response.Body))
	if err != nil {
		return report{}, err
	}
	d, err := feed.Parse(response.Body, feed.Context{
		ContentType: response.ContentType, Address: response.Address, Language: station.Language, Location: station.location,
		Known: func(d news.Digest) bool { taken, known := seen[d]; return known && (taken || same) },
	})
	end()
	if err == nil && len(d.Entries) == 0 && v.Items > 0 {
		err = errEmpty
	}
	if err != nil {
		in := schedule.Input{At: response.Received, Local: response.Private, Failed: true}
		return report{visit: schedule.RecordFailure(v, f, in, kindOf(err), err.Error(), chance()), result: "failed"}, nil
	}
	last := v.Success
	v = a.followRedirect(v, response)
	a.measure(ctx, f, d.Entries)
	v.Filter = filter
	r := reportOf(f, v, asked, response, d)
	r.arrival.Last, r.size = last, len(response.Body)
	response.Body = nil // it has been read, and pages may take their time
	*r.arrival, _, err = a.ask(ctx, *r.arrival)
	return r, err
}

// unchanged is the report of a visit that found the last document again. There
// may still be something to decide: a page to read, an item that is missing.
func (a *Aggregator) unchanged(ctx context.Context, f news.Feed, v news.FeedState, response *fetch.Response) (report, error) {
	arrival := identity.Arrival{Feed: f, At: response.Received, Last: v.Success, Same: true}
	v = a.followRedirect(schedule.ApplyNotModified(v, givenValidators(response)), response)
	v.Wishes = schedule.FreshnessHints(v.Wishes, response.Header, nil, response.Received)
	r := report{visit: schedule.RecordSuccess(v, f, scheduleInput(response), chance()), result: "not modified"}
	complete, decide, err := a.ask(ctx, arrival)
	if decide {
		kept := complete // hardly ever: none else is to be garbage
		r.arrival = &kept
	}
	return r, err
}

// conditionalRequest is what a feed is asked for: where, and with which validators.
func conditionalRequest(v news.FeedState, f news.Feed) fetch.Request {
	known := schedule.RequestValidators(v, f, feed.ReaderVersion, v.Asked)
	return fetch.Request{
		URL: schedule.RequestAddress(v, f), Path: f.Path, ETag: known.ETag, LastModified: known.LastModified, From: v.From,
	}
}

func givenValidators(r *fetch.Response) schedule.Validators {
	return schedule.Validators{ETag: r.ETag, LastModified: r.LastModified}
}

// scheduleInput is what an answer says of when to come again.
func scheduleInput(r *fetch.Response) schedule.Input {
	return schedule.Input{At: r.Received, Local: r.Private}
}

// applyBody takes over what the answer that brought a document says of how and when to ask for
// the next.
func applyBody(v news.FeedState, r *fetch.Response, facts *news.Facts, conditional, whole bool) news.FeedState {
	sum := sha256.Sum256(r.Body)
	v.Bytes = r.Size
	v.Wishes = schedule.FreshnessHints(v.Wishes, r.Header, facts, r.Received)
	return schedule.ApplyBody(v, schedule.Body{
		Digest: news.Digest(sum[:len(news.Digest{})]), Type: r.ContentType, Address: r.Address, Hops: r.Hops,
		Given: givenValidators(r), Conditional: conditional, Whole: whole, Reader: feed.ReaderVersion,
	})
}

// followRedirect notes where permanent redirects led.
func (a *Aggregator) followRedirect(v news.FeedState, r *fetch.Response) news.FeedState {
	_, taken := a.feeds[r.Moved]
	next := schedule.FollowRedirect(v, r.Moved, taken, r.Received)
	if next.MovedTo != v.MovedTo {
		a.Log.Warn("feed moved for good", "station", v.Station, "feed", shown(v.Feed), "to", shown(next.MovedTo),
			"hint", "write the new address into the configuration")
	}
	return next
}

// reportOf is the report of a visit that brought a document.
func reportOf(f news.Feed, v news.FeedState, asked fetch.Request, response *fetch.Response, d *feed.Document) report {
	v.Items = len(d.Entries)
	v = applyBody(v, response, &d.Facts, asked.ETag != "" || asked.LastModified != "", d.Whole)
	return report{
		visit: schedule.RecordSuccess(v, f, scheduleInput(response), chance()), result: "read", facts: &d.Facts, header: response.Header, address: response.Address, repairs: d.Repairs,
		arrival: &identity.Arrival{
			Feed: f, Link: d.Facts.Link, Language: d.Facts.Language, At: response.Received, Whole: d.Whole, Entries: d.Entries,
			Deleted: d.Facts.Deleted,
		},
	}
}

// errEmpty: a feed that had items has none. A CMS that lost its database writes
// such documents; what it had is kept.
var errEmpty = errors.New("the document has no items, though the last one had")

// failed is the report of a visit that brought no document.
func (a *Aggregator) failed(f news.Feed, v news.FeedState, err error) report {
	in := schedule.Input{At: time.Now(), Failed: true, Local: f.Path != "" || v.Local}
	var failure *fetch.Error
	if errors.As(err, &failure) {
		in.Status = failure.Status
		in.RetryAfter = fetch.RetryAfter(failure.Header, in.At)
		in.Local = in.Local || a.Private && v.Success.IsZero() // nobody has seen yet where it is
		if failure.Status == http.StatusNotModified {          // to no validators: none are worth sending
			v.ETag, v.LastModified = "", ""
		}
	}
	v = schedule.RecordFailure(v, f, in, kindOf(err), err.Error(), chance())
	if !v.Paused.IsZero() {
		a.hosts.rest(authorityOf(f.URL), v.Paused)
	}
	return report{visit: v, result: "failed"}
}

// kindOf is a word for a failure that anybody may see.
func kindOf(err error) string {
	var failure *fetch.Error
	var notFeed *feed.NotFeedError
	var limit *feed.LimitError
	switch {
	case errors.As(err, &failure):
		if failure.Status != 0 {
			return string(failure.Kind) + " " + strconv.Itoa(failure.Status)
		}
		return string(failure.Kind)
	case errors.As(err, &notFeed):
		return kindNotFeed
	case errors.As(err, &limit):
		return kindLimit
	case errors.Is(err, errEmpty):
		return kindEmpty
	}
	return kindParser
}

// tell logs a visit in one line: failures at the first and at each doubling, and
// what brought something; the rest only where details are wanted.
func (a *Aggregator) tell(before news.FeedState, r report, saved news.Saved, took time.Duration) {
	v := r.visit
	if quiet := v.Failures+before.Failures+saved.New+saved.Changed == 0; quiet && !a.Log.Enabled(context.Background(), slog.LevelDebug) {
		return
	}
	log := a.Log.With("station", before.Station, "feed", shown(before.Feed))
	switch {
	case v.Failures > 0:
		if lasting := lastingFailure(v); lasting != "" && lastingFailure(before) == "" {
			log.Error("feed is ill", "why", lasting, "next", v.Due.UTC().Format(time.RFC3339))
			return
		}
		if v.Failures&(v.Failures-1) == 0 {
			log.Warn("visit failed", "err", v.Error, "failures", v.Failures, "next", v.Due.UTC().Format(time.RFC3339))
		}
		return
	case before.Failures > 0:
		log.Info("feed recovered", "failures", before.Failures)
	}
	for _, repair := range r.repairs {
		log.Debug("document repaired", "repair", repair.String())
	}
	if saved.New+saved.Changed > 0 {
		log.Info("visit", "result", r.result, "new", saved.New, "changed", saved.Changed, "took", took.Round(time.Millisecond))
		return
	}
	log.Debug("visit", "result", r.result, "took", took.Round(time.Millisecond))
}

// shown is an address without its query, which may hold a token.
func shown(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address
}
