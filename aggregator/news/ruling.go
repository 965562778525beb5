package news

import (
	"slices"
	"strings"
	"time"
)

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
	Dismiss Verb = "dismiss" // what a case asks is left as it is
	Undo    Verb = "undo"    // an earlier decision no longer counts
)

// Who made a story, where an editor names no maker.
const (
	NoMaker   = "none" // none of the stations, nor a source that is known: not stated
	AutoMaker = "auto" // whoever the rules find
)

// ViaPage marks what an editor decided on a page; everything else came by a command.
const ViaPage = "page"

// Order is what an editor asks for, with stories, items and feeds named as people name them.
type Order struct {
	Verb Verb
	// Stories are named by ids, public ids, guids or addresses; of a release or retraction by a feed's
	// address, too. A split names one, and an item of it; or two, which are not one.
	Stories []string
	Item    string // of a split of one story: a guid or an address
	// ItemNumber is that item by its number, where it is not named: two of a story may have one name.
	ItemNumber uint64
	// Maker is a station's id, or an outside source's, or NoMaker; of an origin AutoMaker, too; of a
	// join "", where nothing is said of who made the story.
	Maker    string
	Feed     string // of a trust: a feed's address, or a station's id
	Case     uint64 // that was decided: of a dismissal, and of what was decided on a case's page
	Decision uint64 // of an undo: the number of what is undone; 0: the caller's last
	// AlthoughKilled has a release publish what a wire or its own newsroom has killed, and a restoration
	// what its own newsroom has withdrawn.
	AlthoughKilled bool
	Reason         string
	User           string // who decides: a person's id where Via is ViaPage, otherwise a system user's name
	UID            int
	Via            string // ViaPage, or "" of a command
	// Form is what a form bears that can be sent twice: the second time, nothing is done, and the
	// answer is what the first time did. "": it is no form.
	Form string
	// Seen is what a form showed of the stories that it is about: see [Story.Seen]. If one of them is
	// another by now, nothing is done. Empty: nothing was shown.
	Seen map[string]string
}

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
	With   []uint64  `json:"with,omitempty"`  // of a join or split: the items on the other side
	Key    string    `json:"key,omitempty"`   // of a split: the claimed address that the story stood for
	Maker  *Maker    `json:"maker,omitempty"` // of an origin, and of a join that came with one
	// Feed is that of a trust, of a dismissal about a feed, and of a release or retraction whose flood
	// held the items.
	Feed   string   `json:"feed,omitempty"`
	Stands []string `json:"stands,omitempty"` // the kinds of flags that it answers
	// what it says of the rules: "accepted KIND" of a flag, "refused KIND", "split RULE"
	Judged []string `json:"judged,omitempty"`

	// Decision is the number of the first ruling that was made with it, for what is decided at once is one
	// decision, and is undone at once; 0: its own number.
	Decision uint64 `json:"decision,omitempty"`
	// Named are ids of the stories that it was about; of the first ruling of a decision, of all that the
	// decision was about.
	Named []string `json:"named,omitempty"`
	Via   string   `json:"via,omitempty"`
	// Unstated is NoMaker or AutoMaker, of an origin without a Maker, and of a join that came with one.
	Unstated       string `json:"unstated,omitempty"`
	Case           uint64 `json:"case,omitempty"` // that it was made on
	AlthoughKilled bool   `json:"although_killed,omitempty"`
	Form           string `json:"form,omitempty"`
	Undoes         uint64 `json:"undoes,omitempty"` // of an undo: the decision that no longer counts
	// Undone is the decision that undid it: it does not count. 0: it counts.
	Undone uint64 `json:"undone,omitempty"`

	// Flags are those that the stories and feeds had which it answers: they return where it is undone.
	Flags []AnsweredFlag `json:"flags,omitempty"`
}

// AnsweredFlag is a flag of a story that has an item, or of a feed.
type AnsweredFlag struct {
	Item uint64 `json:"item,omitempty"`
	Feed string `json:"feed,omitempty"`
	Flag
}

// Counts reports whether nobody has undone a ruling.
func (r *Ruling) Counts() bool { return r.Undone == 0 }

// PartedOne reports whether a split parted one story; else it says of two that they are not one.
func (r *Ruling) PartedOne() bool {
	if r.Verb != Split {
		return false
	}
	if len(r.Named) > 0 {
		return len(r.Named) == 1
	}
	return slices.ContainsFunc(r.Judged, func(what string) bool { return strings.HasPrefix(what, "split ") })
}

// DecisionNumber is the number of the decision that a ruling is part of.
func (r *Ruling) DecisionNumber() uint64 {
	if r.Decision != 0 {
		return r.Decision
	}
	return r.Number
}

// Decision is what an editor decided at once: one ruling or several.
type Decision struct {
	Number  uint64 // of its first ruling
	Verb    Verb   // of its first ruling: a join may come with an origin
	When    time.Time
	Who     string // a person's id, a system user's name, or "uid 1000" where that has none
	UID     int
	Via     string // ViaPage or "command"
	Reason  string
	Stories []string // ids of the stories that it was about
	Feed    string
	Maker   string // of an origin, or a join with one: the name, NoMaker or AutoMaker
	Case    uint64 // that it was made on; 0: none
	Undoes  uint64 // of an undo
	Undone  *Undoing
}

// Undoing says that a decision no longer counts.
type Undoing struct {
	Number uint64 // of the undo
	Who    string
	When   time.Time
}

// CanBeUndone reports whether a decision counts, and an undo can end that: what a trust forgot is gone.
func (d *Decision) CanBeUndone() bool { return d.Undone == nil && d.Verb != Trust }

// Ruled is what came of an order.
type Ruled struct {
	Decision Decision
	Rulings  []Ruling // that the decision consists of
	// Stories are those that hold what it binds, in the order of the rulings, each once, as they are now.
	Stories []*Story
	// Repeated reports that the order's form had been sent before: that time it was decided, and now
	// nothing was done.
	Repeated bool
}
