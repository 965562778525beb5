package aggregator

import (
	"strings"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// Visited is what a visit came to, for whoever counts.
type Visited struct {
	Station, Feed string
	Result        string // new unchanged not_modified http_error network_error refused parse_error
	Took          time.Duration
	Bytes         int64 // of the document
	New, Changed  int   // items
	Repairs       []string
	Address       bool // an address was refused that is not dialled
}

// visitedBy makes it of a visit's report.
func visitedBy(before news.FeedState, r report, saved news.Saved, took time.Duration) Visited {
	v := Visited{
		Station: before.Station, Feed: before.Feed, Result: resultOf(r, saved), Took: took, New: saved.New, Changed: saved.Changed,
		Address: r.visit.Kind == string(fetch.KindAddress),
	}
	if r.arrival != nil {
		v.Bytes = r.visit.Bytes
	}
	for _, repair := range r.repairs {
		v.Repairs = append(v.Repairs, repair.Name)
	}
	return v
}

// resultOf is a visit's result in a word of a fixed list.
func resultOf(r report, saved news.Saved) string {
	kind := r.visit.Kind
	switch {
	case r.visit.Failures == 0 && r.arrival == nil:
		return "not_modified"
	case r.visit.Failures == 0 && saved.New+saved.Changed > 0:
		return "new"
	case r.visit.Failures == 0:
		return "unchanged"
	case strings.HasPrefix(kind, string(fetch.KindStatus)):
		return "http_error"
	case kind == string(fetch.KindAddress), kind == string(fetch.KindTooLarge), kind == kindLimit, kind == string(fetch.KindRedirect), kind == string(fetch.KindCoding):
		return "refused"
	case kind == kindNotFeed, kind == kindParser, kind == kindEmpty:
		return "parse_error"
	}
	return "network_error"
}
