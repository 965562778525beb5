package news

import "time"

// Verb says what an editor decided.
type Verb string

// What an editor can decide.
const (
	Join    Verb = "join"    // two stories are one
	Split   Verb = "split"   // an item is not a story's
	Credit  Verb = "origin"  // who made a story
	Hold    Verb = "hold"    // a story is not published until it is released
	Release Verb = "release" // a held story is published
	Retract Verb = "retract" // a story is withdrawn
	Restore Verb = "restore" // a withdrawn story is published again
	Trust   Verb = "trust"   // a feed's guids, claims and addresses count again
)

// Ruling is what an editor decided. It binds items, so that it outlives ids,
// guids and what the rules make of the stories. It outranks every rule, and is
// replaced by a later one on the same items.
type Ruling struct {
	Number uint64    `json:"number"` // given by the store; a later ruling has a higher one
	Verb   Verb      `json:"verb"`
	When   time.Time `json:"when"`
	UID    int       `json:"uid"`            // of the process that asked for it
	User   string    `json:"user,omitempty"` // who that says it is: a note, not a proof
	Reason string    `json:"reason,omitempty"`
	Items  []uint64  `json:"items,omitempty"`
	With   []uint64  `json:"with,omitempty"`   // of a join or split: the items on the other side
	Key    string    `json:"key,omitempty"`    // of a split: the claimed address that the story stood for
	Maker  *Maker    `json:"maker,omitempty"`  // of an origin
	Feed   string    `json:"feed,omitempty"`   // of a trust; of a release or retraction, whose flood held the items
	Stands []string  `json:"stands,omitempty"` // the kinds of flags that it answers
	// what it says of the rules: "accepted KIND" of a flag, "refused KIND", "split RULE"
	Judged []string `json:"judged,omitempty"`
}
