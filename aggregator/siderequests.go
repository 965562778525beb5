package aggregator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/page"
	"fronteras/aggregator/panics"
)

// pagesTime is what pages may cost a visit.
const pagesTime = 20 * time.Second

// completeArrival adds the pages to an arrival that are to be read before it is saved; due reports
// whether there is something to decide. With publicOnly they are at public addresses, as the
// document is.
func (a *Aggregator) completeArrival(
	ctx context.Context, arrival identity.Arrival, publicOnly bool,
) (complete identity.Arrival, due bool, err error) {
	arrival.Unclear = a.clockCheck.IsUnclear()
	questions, due, match, err := a.Store.Ask(ctx, arrival)
	arrival.Match = match
	if err == nil && len(questions) > 0 {
		arrival.Heads = a.readPageHeads(ctx, arrival.Feed, questions, publicOnly)
	}
	return arrival, due || len(arrival.Heads) > 0, err
}

// readPageHeads reads the pages that an arrival asks for. Pages that were not reached are asked for
// at later visits.
func (a *Aggregator) readPageHeads(
	ctx context.Context, f news.Feed, questions []identity.Question, publicOnly bool,
) []identity.Head {
	ctx, cancel := context.WithTimeout(ctx, pagesTime)
	defer cancel()
	var heads []identity.Head
	for _, q := range questions {
		request := fetch.PageRequest{
			URL: q.URL, Own: func(address string) bool { return a.OwnsAddress(f.Station, address) },
			PublicOnly: publicOnly,
		}
		switch {
		case q.Article:
			request.ETag, request.LastModified = q.ETag, q.LastModified
			request.ReadHead = a.articleReader(ctx, f)
		case !q.Check:
			request.ReadHead = a.readHead
		}
		answer, err := a.pages.Read(ctx, request)
		switch {
		case errors.Is(err, fetch.ErrForbidden): // as good as asked, and answered with nothing
			answer = news.Page{Asked: time.Now().UTC().Truncate(time.Second), Failure: failureForbidden}
		case errors.Is(err, fetch.ErrNotAsked):
			continue
		case err != nil:
			return heads
		}
		if answer.Article == nil { // they stand for an article
			answer.ETag, answer.LastModified = "", ""
		}
		head := q.Head
		if head.Page = answer; q.Article {
			head.Page.Failure = ArticleFailure(answer)
		}
		heads = append(heads, head)
	}
	return heads
}

// articleReader reads article pages of a feed whole. A page that cannot be read has no Article, and
// says why.
func (a *Aggregator) articleReader(
	ctx context.Context, f news.Feed,
) func(address string, header http.Header, body io.Reader) news.Page {
	station := a.stations[f.Station]
	return func(address string, header http.Header, body io.Reader) (p news.Page) {
		whole, err := page.ReadWhole(body)
		if err != nil {
			return news.Page{Failure: err.Error()}
		}
		if err := a.trees.Acquire(ctx, 1); err != nil {
			return news.Page{Failure: "there was no time to read it"}
		}
		defer a.trees.Release(1)
		defer func() {
			if v := recover(); v != nil {
				a.logPanic(panics.Recovered(v), "page", AddressForOperators(address))
				p = news.Page{Failure: "it cannot be read"}
			}
		}()
		return page.ReadPage(ctx, page.Source{Address: address, Header: header, Body: whole,
			Location: station.location, Selectors: station.selectors})
	}
}

// readHead is [page.ReadHead]; a page that its parser panics over says nothing.
func (a *Aggregator) readHead(address string, header http.Header, body io.Reader) (p news.Page) {
	defer func() {
		if v := recover(); v != nil {
			a.logPanic(panics.Recovered(v), "page", AddressForOperators(address))
			p = news.Page{}
		}
	}()
	return page.ReadHead(address, header, body)
}

// logPanic logs that a parser panicked, and where, if that is what an error says: it is a fault of
// ours, whatever the document.
func (a *Aggregator) logPanic(err error, of ...any) {
	var p *panics.Error
	if errors.As(err, &p) {
		a.Log.Error("a parser panicked", append(of, "panic", fmt.Sprint(p.Value), "at", p.Stack)...)
	}
}

// SendToHub makes a request at a hub: in its turn at the hub's host, and counted among those that
// are made at once.
func (a *Aggregator) SendToHub(ctx context.Context, r fetch.SideRequest) (fetch.SideAnswer, error) {
	if err := a.room.acquire(ctx, true); err != nil {
		return fetch.SideAnswer{}, err
	}
	defer a.room.release(true)
	r.Limiter = a.hosts
	return a.Client.Send(ctx, r)
}

// measureLater asks how long the audio of a saved visit's new entries is if their feed does not say
// it: podcast apps want to know (RSS enclosure). Each is asked once, since known entries do not come
// again; what is not answered stays unknown, and so does what a stop interrupts.
func (a *Aggregator) measureLater(f news.Feed, p poll) {
	if f.Path != "" || p.arrival == nil { // a desk of files works without a network
		return
	}
	var entries []news.Digest
	for _, e := range p.arrival.Entries {
		if slices.ContainsFunc(e.Enclosures, news.Enclosure.IsUnmeasured) {
			entries = append(entries, e.Digest)
		}
	}
	for _, h := range p.arrival.Heads {
		if a := h.Page.Article; a != nil && slices.ContainsFunc(a.Entry.Enclosures, news.Enclosure.IsUnmeasured) {
			digest := h.Entry
			if h.Item == 0 {
				digest = p.arrival.Entries[h.Place].Digest
			}
			entries = append(entries, digest)
		}
	}
	if len(entries) > 0 {
		publicOnly := !p.answer.Private
		a.lengths.begin(func(ctx context.Context) { a.measureAudio(ctx, f, entries, publicOnly) })
	}
}

// measureAudio asks for the lengths of entries' audio by HEAD, and saves them.
func (a *Aggregator) measureAudio(ctx context.Context, f news.Feed, entries []news.Digest, publicOnly bool) {
	found := a.askLengths(ctx, f, entries, publicOnly)
	if len(found) == 0 {
		return
	}
	revised, err := a.Store.SaveLengths(ctx, f.URL, found, time.Now())
	switch {
	case err != nil && ctx.Err() == nil:
		a.Log.Warn("lengths of audio not saved", "station", f.Station, "feed", a.feedName(f.URL), "err", err.Error())
	case revised:
		a.settler.recordNews(false, time.Now())
	}
}

// askLengths asks for the lengths of audio of entries that the desk has taken.
func (a *Aggregator) askLengths(
	ctx context.Context, f news.Feed, entries []news.Digest, publicOnly bool,
) (found []news.AudioLength) {
	ctx, cancel := context.WithTimeout(ctx, lengthsTime)
	defer cancel()
	wanted, err := a.Store.UnmeasuredAudio(f.URL, entries)
	if err != nil { // the next visit reports it
		return nil
	}
	for _, audio := range wanted[:min(len(wanted), maxLengths)] {
		if audio.Bytes, err = a.Client.EnclosureLength(ctx, audio.URL, publicOnly, a.hosts); err != nil {
			break
		}
		if audio.Bytes > 0 {
			found = append(found, audio)
		}
	}
	return found
}
