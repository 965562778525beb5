package aggregator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/feed"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
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
// that is cut short by the end of ctx leaves no trace but its lease.
func (a *Aggregator) visit(ctx context.Context, v news.Visit) error {
	f, ok := a.feeds[v.Feed]
	if !ok { // it has left the configuration since it was claimed
		v.Retired = true
		_, err := a.Store.Save(ctx, v, nil, nil)
		return err
	}
	begun := time.Now()
	r, err := a.report(ctx, f, v)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	saved, err := a.Store.Save(ctx, r.visit, r.arrival, r.facts)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", v.Feed, err)
	}
	if saved.New+saved.Changed > 0 || saved.Revision != a.revision.Load() && r.arrival != nil {
		a.bring(time.Now())
	}
	a.tell(v, r, saved, time.Since(begun))
	return nil
}

// report is what a visit brought back.
type report struct {
	visit   news.Visit // as it is to be kept
	result  string     // in a word, for the log
	arrival *identity.Arrival
	facts   *news.Facts
	repairs []feed.Repair
}

// report fetches and reads a feed. Its error is the store's.
func (a *Aggregator) report(ctx context.Context, f news.Feed, v news.Visit) (report, error) {
	response, err := a.Client.Fetch(ctx, feed.Request{
		URL: f.URL, Path: f.Path, ETag: v.ETag, LastModified: v.LastModified, From: v.From,
	})
	if err != nil {
		return a.failed(f, v, err), nil
	}
	v.Local = response.Private
	answer := Answer{At: response.Received, Local: response.Private, Fresh: freshness(response.Header)}
	if response.NotModified {
		v = validators(succeed(v, response.Received), response, true)
		return report{visit: due(v, f, answer), result: "not modified"}, nil
	}
	seen, err := a.Store.Seen(v.Feed)
	if err != nil {
		return report{}, err
	}
	station := a.stations[f.Station]
	d, err := feed.Parse(response.Body, feed.Context{
		ContentType: response.ContentType, Address: response.Address, Language: station.Language, Location: station.location,
		Known: func(d news.Digest) bool { return seen[d] },
	})
	if err == nil && len(d.Entries) == 0 && v.Items > 0 {
		err = errEmpty
	}
	if err != nil {
		answer.Failed = true
		v = fail(v, kindOf(err), err.Error(), response.Received)
		return report{visit: due(v, f, answer), result: "failed"}, nil
	}
	return reportOf(f, v, answer, response, d), nil
}

// reportOf is the report of a visit that brought a document.
func reportOf(f news.Feed, v news.Visit, answer Answer, response *feed.Response, d *feed.Document) report {
	v = succeed(v, response.Received)
	v.Items, v.Bytes = len(d.Entries), response.Size
	if d.Whole { // else the server would answer 304 to half a document for ever
		v = validators(v, response, false)
	}
	return report{
		visit: due(v, f, answer), result: "read", facts: &d.Facts, repairs: d.Repairs,
		arrival: &identity.Arrival{
			Feed: f, Link: d.Facts.Link, Language: d.Facts.Language, At: response.Received, Whole: d.Whole, Entries: d.Entries,
		},
	}
}

// errEmpty: a feed that had items has none. A CMS that lost its database writes
// such documents; what it had is kept.
var errEmpty = errors.New("the document has no items, though the last one had")

// failed is the report of a visit that brought no document.
func (a *Aggregator) failed(f news.Feed, v news.Visit, err error) report {
	answer := Answer{At: time.Now(), Failed: true, Local: f.Path != "" || v.Local}
	kind := kindOf(err)
	var fetch *feed.FetchError
	if errors.As(err, &fetch) {
		answer.Status = fetch.Status
		answer.RetryAfter = retryAfter(fetch.Header, answer.At)
		answer.Local = answer.Local || a.Private && v.Success.IsZero() // nobody has seen yet where it is
	}
	return report{visit: due(fail(v, kind, err.Error(), answer.At), f, answer), result: "failed"}
}

// kindOf is a word for a failure that anybody may see.
func kindOf(err error) string {
	var fetch *feed.FetchError
	var notFeed *feed.NotFeedError
	var limit *feed.LimitError
	switch {
	case errors.As(err, &fetch):
		if fetch.Status != 0 {
			return string(fetch.Kind) + " " + strconv.Itoa(fetch.Status)
		}
		return string(fetch.Kind)
	case errors.As(err, &notFeed):
		return kindNotFeed
	case errors.As(err, &limit):
		return kindLimit
	case errors.Is(err, errEmpty):
		return kindEmpty
	}
	return kindParser
}

// due sets when the feed is visited next.
func due(v news.Visit, f news.Feed, answer Answer) news.Visit {
	v.Due = Due(f.Every, v.Failures, answer, chance())
	return v
}

// validators keeps those of an answer. A 304 that brings none leaves what was
// there (RFC 9111 4.3.4); a document without one means that there is none now.
func validators(v news.Visit, r *feed.Response, notModified bool) news.Visit {
	if notModified {
		v.ETag, v.LastModified = cmp.Or(r.ETag, v.ETag), cmp.Or(r.LastModified, v.LastModified)
		return v
	}
	v.ETag, v.LastModified, v.From = r.ETag, r.LastModified, r.Address
	return v
}

// retryAfter reads when a server wants to be asked again: seconds or a date
// (RFC 9110 10.2.3); 0 if it does not say.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 {
		return min(time.Duration(seconds)*time.Second, longRest)
	}
	if t, err := http.ParseTime(text); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}

// freshness is how long an answer is said to be fresh: max-age less Age
// (RFC 9111 4.2); 0 if nothing says.
func freshness(h http.Header) time.Duration {
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		if !strings.EqualFold(strings.TrimSpace(name), "max-age") {
			continue
		}
		seconds, err := strconv.Atoi(strings.Trim(strings.TrimSpace(value), `"`))
		if err != nil || seconds <= 0 {
			return 0
		}
		age, _ := strconv.Atoi(strings.TrimSpace(h.Get("Age"))) // absent or odd: 0
		return max(0, time.Duration(min(seconds, 1<<31)-max(age, 0))*time.Second)
	}
	return 0
}

// tell logs a visit in one line: failures at the first and at each doubling, and
// what brought something; the rest only where details are wanted.
func (a *Aggregator) tell(before news.Visit, r report, saved news.Saved, took time.Duration) {
	log := a.Log.With("station", before.Station, "feed", shown(before.Feed))
	v := r.visit
	switch {
	case v.Failures > 0:
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
