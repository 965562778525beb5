package schedule

import (
	"cmp"
	"time"

	"fronteras/aggregator/news"
)

// When a server that answers nothing but 304, or never 304, is asked another way.
const (
	maxRepeatedBodies = 3                  // equal documents although validators were sent
	stuckFor          = 8 * 24 * time.Hour // without a document and without a new item
	stuckGaps         = 4                  // times the feed's usual gap without a new item
)

// Validators holds what a conditional request sends back, byte for byte, to the address that gave
// them. Both are empty in an unconditional request.
type Validators struct{ ETag, LastModified string }

// IsConditional reports whether a request that sends them is conditional: whether there is one.
func (c Validators) IsConditional() bool { return c.ETag != "" || c.LastModified != "" }

// RequestValidators returns those that a feed in state v is asked with at a time; reader is the
// version of the reader that will read the answer. There are none if the document is needed:
// another version read the last one, or the server may be stuck on 304.
func RequestValidators(v news.FeedState, f news.Feed, reader int, now time.Time) Validators {
	if v.Reader != reader || f.Path == "" && isStuckOn304(v, now) {
		return Validators{}
	}
	if v.ByDate && !v.NeverNotModified && v.LastModified != "" {
		return Validators{LastModified: v.LastModified}
	}
	return Validators{v.ETag, v.LastModified}
}

// isStuckOn304 reports whether a server may answer 304 although its feed changed: there was no new
// item for much longer than usual, and no document either.
func isStuckOn304(v news.FeedState, now time.Time) bool {
	quiet := now.Sub(v.Changed)
	return !v.Changed.IsZero() && now.Sub(v.LastUnconditional) >= stuckFor && quiet >= stuckFor &&
		quiet >= stuckGaps*v.Gap
}

// ApplyNotModified takes over the validators of a 304; one that it does not bring stays (RFC 9111
// 3.2, 4.3.4).
func ApplyNotModified(v news.FeedState, given Validators) news.FeedState {
	v.ETag, v.LastModified = cmp.Or(given.ETag, v.ETag), cmp.Or(given.LastModified, v.LastModified)
	v.RepeatedBodies, v.NeverNotModified = 0, false
	return v
}

// Body is a document that arrived and was read.
type Body struct {
	Digest      news.Digest
	Type        string // Content-Type
	Address     string // what answered, after redirects
	Hops        int    // redirects on the way to it
	Given       Validators
	Conditional bool // it was asked for with validators
	Whole       bool // it was read to its end
	Reader      int  // the version of the reader that read it
}

// ApplyBody takes over the validators of a document; one that it does not bring is forgotten. The
// validators of a document that is not whole are not kept: the server would answer 304 to the half
// from then on. It counts equal documents in a row that came although validators were sent.
func ApplyBody(v news.FeedState, b Body) news.FeedState {
	if b.Conditional && v.Body == b.Digest {
		v.RepeatedBodies++
	} else {
		v.RepeatedBodies = 0
	}
	switch {
	case v.RepeatedBodies >= 2*maxRepeatedBodies:
		v.NeverNotModified = true
	case v.RepeatedBodies >= maxRepeatedBodies && b.Given.LastModified != "":
		v.ByDate = true
	case v.RepeatedBodies >= maxRepeatedBodies:
		v.NeverNotModified = true
	}
	v.Body, v.Type, v.Hops = b.Digest, b.Type, b.Hops
	if b.Whole {
		v.ETag, v.LastModified, v.From, v.Reader = b.Given.ETag, b.Given.LastModified, b.Address, b.Reader
	}
	return v
}
