package aggregator

import (
	"cmp"
	"crypto/sha256"
	"time"

	"fronteras/aggregator/feed"
	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// When a server that answers 304 alone, or never, is tried another way.
const (
	sameAgain = 3                  // equal documents though validators were sent
	stuck     = 8 * 24 * time.Hour // without a document and without a new item
	stuckGaps = 4                  // and so many times the feed's usual gap
)

// question is what is asked for a feed: with which validators, and where.
func question(v news.FeedState, f news.Feed, now time.Time) fetch.Request {
	r := fetch.Request{URL: cmp.Or(v.MovedTo, f.URL), Path: f.Path}
	if v.Reader != feed.ReaderVersion || f.Path == "" && isStuck(v, now) {
		return r
	}
	r.ETag, r.LastModified, r.From = v.ETag, v.LastModified, v.From
	if v.ByDate && !v.NeverNotModified && v.LastModified != "" {
		r.ETag = ""
	}
	return r
}

// isStuck reports whether a server may say 304 for ever: nothing new came for
// longer than is usual, and no document either.
func isStuck(v news.FeedState, now time.Time) bool {
	quiet := now.Sub(v.Changed)
	return !v.Changed.IsZero() && now.Sub(v.LastUnconditional) >= stuck && quiet >= stuck && quiet >= stuckGaps*v.Gap
}

// notModified takes over what a 304 says: a validator that it does not bring
// stays (RFC 9111 3.2, 4.3.4).
func notModified(v news.FeedState, r *fetch.Response) news.FeedState {
	v.ETag, v.LastModified = cmp.Or(r.ETag, v.ETag), cmp.Or(r.LastModified, v.LastModified)
	v.RepeatedBodies, v.NeverNotModified = 0, false
	return v
}

// arrived takes over what a document's answer says: a validator that it does not
// bring is none any more. The validators of a document that is not whole are
// not kept: the server would answer 304 to the half for ever.
func arrived(v news.FeedState, r *fetch.Response, asked fetch.Request, whole bool) news.FeedState {
	sum := sha256.Sum256(r.Body)
	var body news.Digest
	copy(body[:], sum[:])
	conditional := asked.ETag != "" || asked.LastModified != ""
	if conditional && v.Body == body {
		v.RepeatedBodies++
	} else {
		v.RepeatedBodies = 0
	}
	switch {
	case v.RepeatedBodies >= 2*sameAgain:
		v.NeverNotModified = true
	case v.RepeatedBodies >= sameAgain && r.LastModified != "":
		v.ByDate = true
	case v.RepeatedBodies >= sameAgain:
		v.NeverNotModified = true
	}
	v.Body, v.Type, v.Hops = body, r.ContentType, r.Hops
	if whole {
		v.ETag, v.LastModified, v.From, v.Reader = r.ETag, r.LastModified, r.Address, feed.ReaderVersion
	}
	return v
}
