package aggregator

import (
	"context"
	"errors"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/page"
)

// pagesWait is what the pages of a visit may take.
const pagesWait = 20 * time.Second

// ask completes an arrival with the pages that are to be read before it is
// saved; due reports whether there is something to decide.
func (a *Aggregator) ask(ctx context.Context, arrival identity.Arrival) (complete identity.Arrival, due bool, err error) {
	arrival.Unclear = a.clocks.unclear()
	questions, due, match, err := a.Store.Ask(ctx, arrival)
	arrival.Match = match
	if err == nil && len(questions) > 0 {
		arrival.Heads = a.heads(ctx, arrival.Feed, questions)
	}
	return arrival, due || len(arrival.Heads) > 0, err
}

// heads reads the pages that an arrival asks for, within what a visit may take.
// Pages that were not reached are asked for at later visits.
func (a *Aggregator) heads(ctx context.Context, f news.Feed, questions []identity.Question) []identity.Head {
	ctx, cancel := context.WithTimeout(ctx, pagesWait)
	defer cancel()
	var heads []identity.Head
	for _, q := range questions {
		request := fetch.PageRequest{
			URL: q.URL, Own: func(address string) bool { return a.Own(f.Station, address) },
		}
		if !q.Check {
			request.ReadHead = page.ReadHead
		}
		answer, err := a.pages.Read(ctx, request)
		switch {
		case errors.Is(err, fetch.ErrForbidden): // as good as asked, and answered with nothing
			answer = news.Page{Asked: time.Now().UTC().Truncate(time.Second)}
		case errors.Is(err, fetch.ErrNotAsked):
			continue
		case err != nil:
			return heads
		}
		head := q.Head
		head.Page = answer
		heads = append(heads, head)
	}
	return heads
}
