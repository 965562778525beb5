package aggregator

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
	"fronteras/aggregator/schedule"
)

// feedTypes are the types that a feed's document may be served as.
var feedTypes = []string{
	"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
	"application/json", "application/xml", "text/xml",
}

// Remarks say in words what a feed's server could do better, so that the operator can write to the
// station's webmaster, and what decided when the feed is visited if that was not the operator.
// There are none for a file.
func Remarks(v news.FeedState, f news.Feed) []string {
	if f.Path != "" {
		return nil
	}
	if lasting := lastingFailure(v); lasting != "" {
		return []string{lasting}
	}
	if v.Success.IsZero() {
		return nil
	}
	var list []string
	say := func(so bool, format string, args ...any) {
		if so {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	none := v.ETag == "" && v.LastModified == "" && v.Bytes > 0
	say(
		none,
		"the server sends neither ETag nor Last-Modified, or one that cannot be true, so the whole document "+
			"comes each time (%s a day): "+
			"ask its webmaster to switch one on",
		bytesPerDay(v, f),
	)
	say(
		v.NeverNotModified,
		"the server ignores the validators that it sends, so the whole document comes each time (%s a day)",
		bytesPerDay(v, f),
	)
	say(v.ByDate && !v.NeverNotModified, "the server's ETag never brings a 304, so only its Last-Modified is sent")
	kind, _, err := mime.ParseMediaType(v.Type)
	say(
		v.Type != "" && (err != nil || !slices.Contains(feedTypes, strings.ToLower(kind))),
		"it is served as %q: that should be application/rss+xml or similar", v.Type,
	)
	say(v.Awaiting > 0, "%s", AwaitingWords(v))
	say(v.Hops > 1, "%d redirects lead to it", v.Hops)
	say(v.MovedTo != "", "it has moved for good: write %s into the configuration", AddressForOperators(v.MovedTo))
	say(
		v.MovedTo == "" && v.Moving.To != "", "it redirects permanently to %s: write that into the configuration",
		AddressForOperators(v.Moving.To),
	)
	say(v.DelayReason != "" && v.Failures == 0, "%s", v.DelayReason)
	say(
		len(v.Wishes.SkipHours) >= 24 || len(v.Wishes.SkipDays) >= 7,
		"the document excludes every hour or every day: that is ignored",
	)
	say(
		!v.Local && f.Every < schedule.PublicInterval,
		"it is visited once a minute, not every %s: it is on a public host", schedule.DurationWords(f.Every),
	)
	say(
		f.Agreed && max(v.Wishes.TTL, v.Wishes.Update) > f.Every, "the document asks for %s, every: %s was agreed",
		schedule.DurationWords(max(v.Wishes.TTL, v.Wishes.Update)), schedule.DurationWords(f.Every),
	)
	return list
}

// What makes a failure one that somebody has to do something about.
const (
	missingTime = 3 * 24 * time.Hour // 404: a site may be moving
	maxRefusals = 3                  // 401 and 403
)

// lastingFailure says in words what a server's status means once it has lasted; empty before that.
func lastingFailure(v news.FeedState) string {
	switch {
	case v.Failures == 0:
	case v.Status == http.StatusGone:
		return "the server says that the feed is gone for good (410): " +
			"ask the station for its new address; its stories stay"
	case v.Status == http.StatusNotFound && v.Visited.Sub(v.Failing) >= missingTime:
		return fmt.Sprintf(
			"the feed is not there (404), since %s: ask the station for its new address; its stories stay",
			v.Failing.UTC().Format(time.DateOnly),
		)
	case (v.Status == http.StatusUnauthorized || v.Status == http.StatusForbidden) && v.Failures >= maxRefusals:
		return fmt.Sprintf(
			"the server refuses us (%d), %d times in a row: ask its webmaster to let our User-Agent in", v.Status,
			v.Failures,
		)
	}
	return ""
}

// bytesPerDay is how much a day a feed's documents are, in words.
func bytesPerDay(v news.FeedState, f news.Feed) string {
	visits := int64(24 * time.Hour / max(f.Every, time.Second))
	switch bytes := v.Bytes * visits; {
	case bytes >= 10<<20:
		return fmt.Sprintf("%d MB", bytes>>20)
	case bytes >= 10<<10:
		return fmt.Sprintf("%d kB", bytes>>10)
	default:
		return fmt.Sprintf("%d bytes", bytes)
	}
}

// Trial is the state after a first visit of a feed that brought a document, for [Remarks].
func Trial(f news.Feed, r *fetch.Response, facts *news.Facts) news.FeedState {
	v := applyBody(news.FeedState{Feed: f.URL, Station: f.Station, Local: r.Private}, r, facts, false, true)
	v.Moving.To = r.Moved
	return schedule.RecordSuccess(v, f, schedule.Input{At: r.Received, Local: r.Private}, 0)
}
