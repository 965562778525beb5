package news

import "time"

// Window is what the desk's feed documents are made of at one time.
type Window struct {
	Stories []*Story // live and not filed, the newest first
	Filed   []*Story // live and filed, no older than those, the newest first
	Left    []*Story // held or withdrawn, and perhaps in documents before
	Gone    []Gone   // the ids that have ended lately, the last first
	Closed  int      // how many archive documents there are
}

// Gone is a public id that is no longer in any document.
type Gone struct {
	ID    string
	When  time.Time
	Story *Story // the withdrawn story; of a join the one that survives
}

// Joined reports whether the id ended because its story became part of another.
func (g Gone) Joined() bool { return g.ID != g.Story.PublicID }

// KeepsGreatest begins the names under which the store keeps the greatest of the values that it was
// given, in the order of their bytes. Under all other names it keeps the first.
const KeepsGreatest = "greatest "

// Archive is a closed archive document: the live stories of a run of numbers, the
// newest first. What stood in it and has left is in Left, or told by Ended.
type Archive struct {
	Number  int
	Stories []*Story
	Left    []*Story
	Ended   time.Time // when a join last took a story out of it
}

// Print is a rendered document as the store remembers it.
type Print struct {
	Name    string    // its address below the desk's, with what else it depends on
	Digest  string    // of its bytes
	Changed time.Time // when what it shows last changed, as far as that is known
}

// Place is how far the changes of stories have been followed: up to a change, which was made in a life of their store.
type Place struct {
	Life   uint64 `json:"life"`
	Change uint64 `json:"change"`
}

// Span is the live stories that were published in a span of time.
type Span struct {
	Stories []*Story
	Left    time.Time // when a story of the span that is held or withdrawn last changed
	More    bool      // there are more live ones than were asked for
}
