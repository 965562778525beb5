package aggregator

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"fronteras/aggregator/feed"
	"fronteras/aggregator/fetch"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Kinds of failures besides those of package fetch: words that anybody may see.
const (
	kindNotFeed    = "not a feed"
	kindGuarded    = "bot guard" // a page that asks for proof of a person
	kindTooLarge   = string(fetch.KindTooLarge)
	kindNoItems    = "no items"
	kindUnreadable = "not readable"
)

// FailureKind is the kind of a failure, for metrics and the public status page.
func FailureKind(err error) string {
	var failure *fetch.Error
	var notFeed *feed.NotFeedError
	var limit *feed.LimitError
	switch {
	case errors.As(err, &failure):
		if failure.Status != 0 {
			return string(failure.Kind) + " " + strconv.Itoa(failure.Status)
		}
		return string(failure.Kind)
	case errors.As(err, &notFeed) && notFeed.Guard != "":
		return kindGuarded
	case errors.As(err, &notFeed):
		return kindNotFeed
	case errors.As(err, &limit):
		return kindTooLarge
	case errors.Is(err, errNoItems):
		return kindNoItems
	}
	return kindUnreadable
}

// Visited is a visit that ended, for metrics.
type Visited struct {
	Station, Feed string
	Result        string // new unchanged not_modified http_error network_error refused parse_error interrupted
	Took          time.Duration
	Bytes         int64    // of the document
	New, Changed  int      // items
	Repairs       []string // names of what was repaired in the document
	Address       bool     // an address was refused that is not dialed
}

// announceInterrupted tells metrics of a visit that was not made to its end, by our own fault.
func (o *Options) announceInterrupted(leased news.FeedState, took time.Duration) {
	if o.Visited != nil {
		o.Visited(Visited{Station: leased.Station, Feed: leased.Feed, Result: "interrupted", Took: took})
	}
}

// visitedEvent is the event of a visit that the store has taken.
func visitedEvent(leased news.FeedState, p poll, saved news.Saved, took time.Duration) Visited {
	v := Visited{
		Station: leased.Station, Feed: leased.Feed, Result: visitResult(p, saved), Took: took,
		New: saved.New, Changed: saved.Changed, Address: p.state.Kind == string(fetch.KindAddress),
	}
	if p.arrival != nil {
		v.Bytes = p.state.Bytes
	}
	for _, repair := range p.repairs {
		v.Repairs = append(v.Repairs, repair.Name)
	}
	return v
}

// visitResult is a visit's result in a word of a fixed list.
func visitResult(p poll, saved news.Saved) string {
	kind := p.state.Kind
	switch {
	case p.state.Failures == 0 && p.arrival == nil:
		return "not_modified"
	case p.state.Failures == 0 && saved.New+saved.Changed > 0:
		return "new"
	case p.state.Failures == 0:
		return "unchanged"
	case strings.HasPrefix(kind, string(fetch.KindStatus)):
		return "http_error"
	}
	switch kind {
	case string(fetch.KindAddress), kindTooLarge, string(fetch.KindRedirect), string(fetch.KindCoding):
		return "refused"
	case kindNotFeed, kindGuarded, kindUnreadable, kindNoItems:
		return "parse_error"
	}
	return "network_error"
}

// logVisit logs a visit in one line: failures at the first and at each doubling, and what brought
// something; the rest only where details are wanted.
func logVisit(
	ctx context.Context, log *slog.Logger, feed string, leased news.FeedState, p poll, saved news.Saved,
	took time.Duration,
) {
	v := p.state
	for _, l := range newLosses(leased.Losses, v.Losses) {
		log.Warn("not everything of a document is taken", "station", leased.Station, "feed", feed, "what", lossLine(l))
	}
	boring := v.Failures+leased.Failures+saved.New+saved.Changed == 0
	if boring && !log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	log = log.With("station", leased.Station, "feed", feed)
	switch {
	case v.Failures > 0:
		next := v.Due.UTC().Format(time.RFC3339)
		if lasting := lastingFailure(v); lasting != "" && lastingFailure(leased) == "" {
			log.Error("feed keeps failing", "why", lasting, "next", next)
		} else if v.Failures&(v.Failures-1) == 0 {
			log.Warn("visit failed", "err", v.Error, "failures", v.Failures, "next", next)
		}
		return
	case leased.Failures > 0:
		log.Info("feed recovered", "failures", leased.Failures)
	}
	for _, repair := range p.repairs {
		log.Debug("document repaired", "repair", repair.String())
	}
	if saved.New+saved.Changed > 0 {
		log.Info(
			"visit", "result", p.result, "new", saved.New, "changed", saved.Changed, "took",
			took.Round(time.Millisecond),
		)
		return
	}
	log.Debug("visit", "result", p.result, "took", took.Round(time.Millisecond))
}

// logPostponed logs, once, that a feed changes more than is taken in a day.
func logPostponed(o *Options, logged *sync.Map, leased news.FeedState, saved news.Saved) {
	if saved.Postponed == 0 {
		logged.Delete(leased.Feed)
		return
	}
	if _, before := logged.LoadOrStore(leased.Feed, true); !before {
		o.Log.Warn("a feed changes more than is taken in a day",
			"station", leased.Station, "feed", o.feedName(leased.Feed), "waiting", saved.Postponed,
			"hint", "its items get other GUIDs, addresses, claims or topics: tell the station; "+
				"`fronteras forget` drops what it brought")
	}
}

// feedName is the name under which logs and messages show a feed: its address may hold a secret.
func (o *Options) feedName(feed string) string {
	return cmp.Or(o.FeedNames[feed], link.Redact(feed))
}

// AddressForOperators is an address that a server or document named, as it is shown to the desk's
// operator: without what may be a secret.
func AddressForOperators(address string) string {
	if link.HoldsSecret(address) {
		return link.Redact(address) + "?…"
	}
	return address
}
