package aggregator

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"fronteras/aggregator/news"
	"fronteras/aggregator/page"
	"fronteras/aggregator/panics"
)

// maxTrees is how many article pages are parsed at once: each takes a hundred times its size of memory.
const maxTrees = 2

// failureForbidden is why a page was not read that robots.txt keeps us from.
const failureForbidden = "robots.txt forbids it"

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

// ArticleFailure says why an answer brought no article; "" where it did.
func ArticleFailure(answer news.Page) string {
	redirected := answer.Status >= 300 && answer.Status < 400 && answer.Status != http.StatusNotModified
	switch {
	case answer.Article != nil:
		return ""
	case answer.Failure != "":
		return answer.Failure
	case answer.Status == 0:
		return "there was no answer"
	case answer.Moved != "" && redirected:
		return "it leads off the station's hosts, to " + AddressForOperators(answer.Moved)
	case answer.Moved != "":
		return fmt.Sprintf("it leads to %s, where the answer was %d", AddressForOperators(answer.Moved), answer.Status)
	}
	return fmt.Sprintf("the answer was %d", answer.Status)
}
