package news

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Status says whether a story is published.
type Status string

// The states of a story.
const (
	Live      Status = "live"
	Held      Status = "held"      // not published until a clock or an editor releases it
	Retracted Status = "retracted" // withdrawn, for good unless restored
)

// Confidence grades an edge.
type Confidence string

// The grades of an edge.
const (
	Certain  Confidence = "certain"
	Probable Confidence = "probable"
	Editor   Confidence = "editor"
)

// Story is what the desk publishes: one piece of news, with every item that
// tells it. All but its ids and dates can be derived from its items again.
type Story struct {
	Number      uint64  `json:"-"`            // given by the store
	ID          string  `json:"id,omitempty"` // empty until the desk has settled
	PublicID    string  `json:"public_id,omitempty"`
	Aliases     []Alias `json:"aliases,omitempty"`
	Status      Status  `json:"status"`
	ArchiveOnly bool    `json:"filed,omitempty"`
	Root        Root    `json:"root"`
	Origin      *Origin `json:"origin,omitempty"`   // nil: not stated
	Unstated    string  `json:"unstated,omitempty"` // why no origin is, in words
	// OriginURL is the page of the original where a claim names it and the story is not joined to it.
	OriginURL string `json:"origin_url,omitempty"`
	// TranslationOf is what the story says that it translates; nil: nothing. Versions are the stories
	// that translate it, or that tell it in another language and neither says which came first.
	TranslationOf *Translation  `json:"translation_of,omitempty"`
	Versions      []Translation `json:"versions,omitempty"`

	LeadItem     uint64    `json:"shown"` // the item that gives title, text and link
	Published    time.Time `json:"published,omitzero"`
	Modified     time.Time `json:"modified,omitzero"`
	Changed      time.Time `json:"changed,omitzero"` // when anything of it last changed
	FirstSeen    time.Time `json:"first_seen"`
	IDAssignedAt time.Time `json:"settled,omitzero"` // when it got its id
	PublishedAt  time.Time `json:"out,omitzero"`     // when it first went live, and got its public id
	// ShownAgain is when it last went out again though Modified did not say so: after a withdrawal or a
	// hold, split off from another, under an origin that it had before, or with a correction that is
	// dated before it first went out.
	ShownAgain time.Time `json:"again,omitzero"`
	Sequence   uint64    `json:"sequence,omitempty"` // counted at first publication, from 1
	// Earlier are what it showed before under other origins or in other words, the first one first; it
	// may go back to them.
	Earlier     []Shown    `json:"earlier,omitempty"`
	Until       time.Time  `json:"until,omitzero"`     // of a held story: when the clock releases it; zero: an editor
	Withdrawn   time.Time  `json:"withdrawn,omitzero"` // when it was retracted
	Pruned      time.Time  `json:"pruned,omitzero"`    // when the texts of its items left the store
	WithdrawnBy string     `json:"by,omitempty"`       // who retracted it, as the public sees it
	Notes       []Note     `json:"notes,omitempty"`    // corrections that its text states
	Proposal    *Proposal  `json:"proposal,omitempty"` // until the desk has settled
	Edges       []Edge     `json:"edges,omitempty"`
	Rejected    []Rejected `json:"rejected,omitempty"`
	Flags       []Flag     `json:"flags,omitempty"`
	Members     []uint64   `json:"members"` // numbers of the items
	Items       []*Item    `json:"-"`       // the items, in the order of Members
}

// Publication tells of a story that was published.
type Publication struct {
	Story string // its id
	Items int
}

// Proposal is what the ids of a story will be made of when the desk settles.
type Proposal struct {
	Key    string `json:"key"`              // the strongest that the story has
	Tie    string `json:"tie"`              // orders stories of one key
	Public string `json:"public,omitempty"` // a guid that can be the public id
	// What the story shows is about, and in which language: readers can ask for
	// that once it is published.
	Topics   []string `json:"topics,omitempty"`
	Language string   `json:"language,omitempty"`
}

// Item is the story's item of that number, nil if it has none.
func (s *Story) Item(number uint64) *Item {
	if at := slices.IndexFunc(s.Items, func(i *Item) bool { return i.Number == number }); at >= 0 {
		return s.Items[at]
	}
	return nil
}

// OutAt is when the story last went out: when it was first published, or was shown again.
func (s *Story) OutAt() time.Time {
	out := s.PublishedAt
	if out.IsZero() {
		out = s.IDAssignedAt
	}
	if s.ShownAgain.After(out) {
		return s.ShownAgain
	}
	return out
}

// Edge is the edge that holds the item of that number in the story.
func (s *Story) Edge(number uint64) *Edge {
	if at := slices.IndexFunc(s.Edges, func(e Edge) bool { return e.Item == number }); at >= 0 {
		return &s.Edges[at]
	}
	return nil
}

// Seen stands for what a page shows of the story: it is another once anything of the story has
// changed, or an editor has decided anything about it.
func (s *Story) Seen() string {
	last := uint64(0)
	for _, i := range s.Items {
		for _, n := range i.Ruled {
			last = max(last, n)
		}
	}
	return fmt.Sprintf("%s-%s-%d-%d", s.ID, s.Status, s.Changed.UnixNano(), last)
}

// CompareNewest is the order of stories in documents and on pages: the newest first.
func CompareNewest(a, b *Story) int {
	return cmp.Or(b.Published.Compare(a.Published), b.FirstSeen.Compare(a.FirstSeen), strings.Compare(a.ID, b.ID))
}

// Root is what a story's edges lead to: an item, or an address that items claim
// while no item with it has been seen.
type Root struct {
	Item uint64 `json:"item,omitempty"`
	Key  string `json:"key,omitempty"` // of the claimed address; also where Item has it
	URL  string `json:"url,omitempty"`
}

// Translation leads from a story to one in another language that is never joined to it.
type Translation struct {
	Item  uint64 `json:"item,omitempty"`  // of the other story; 0: no item with that address was seen
	URL   string `json:"url,omitempty"`   // of the page that was named, where no item was seen
	Maker *Maker `json:"maker,omitempty"` // whose page it is, or who was named, where no item was seen

	// Story is the other story with its items, where it is read to be shown; nil: it is not known. It
	// may be one that is held or withdrawn.
	Story *Story `json:"-"`
}

// Shown is what a story shows: whose item, credited to whom, and when that was last modified.
type Shown struct {
	LeadItem uint64    `json:"item"`
	Makers   []Maker   `json:"makers,omitempty"`
	Modified time.Time `json:"modified,omitzero"`
}

// Note is a paragraph in which a story says that it was corrected.
type Note struct {
	Text string    `json:"text"`
	When time.Time `json:"when"` // when it was first seen
}

// Alias is a former story that a join ended: its ids lead to the survivor for good, or until an
// editor splits the two. Its other values are what it continues with then.
type Alias struct {
	ID           string    `json:"id"`
	PublicID     string    `json:"public_id"`         // empty if it never went live
	Members      []uint64  `json:"members,omitempty"` // its items at that time
	LeadItem     uint64    `json:"shown,omitempty"`
	Published    time.Time `json:"published,omitzero"`
	Modified     time.Time `json:"modified,omitzero"`
	FirstSeen    time.Time `json:"first_seen,omitzero"`
	IDAssignedAt time.Time `json:"settled,omitzero"`
	PublishedAt  time.Time `json:"out,omitzero"`
	ShownAgain   time.Time `json:"again,omitzero"`
	Sequence     uint64    `json:"sequence,omitempty"`
	Earlier      []Shown   `json:"earlier,omitempty"`
	When         time.Time `json:"when"` // of the join

	// Join is the ruling that joined them; 0: the rules did, or an earlier version that did not keep it.
	Join uint64 `json:"join,omitempty"`
	// What it was besides, for a join that is undone. Earlier versions kept none of it.
	Root        Root      `json:"root,omitzero"`
	Origin      *Origin   `json:"origin,omitempty"`
	ArchiveOnly bool      `json:"filed,omitempty"`
	Status      Status    `json:"status,omitempty"`
	Withdrawn   time.Time `json:"withdrawn,omitzero"`
	WithdrawnBy string    `json:"by,omitempty"`
	Notes       []Note    `json:"notes,omitempty"`
}

// Maker is who can make a story: a station, or a source outside the desk.
// Exactly one of Station and Outside is set.
type Maker struct {
	Station string `json:"station,omitempty"`
	Outside string `json:"outside,omitempty"`
	Name    string `json:"name"`
}

// Origin is who made a story. Of a joint origin Name joins all names, and With
// holds the makers besides the first.
type Origin struct {
	Maker
	Reason string  `json:"reason"` // in words
	Rule   Rule    `json:"rule"`   // O1 to O5
	With   []Maker `json:"with,omitempty"`
}

// Made reports whether that station is the origin, alone or jointly.
func (o *Origin) Made(station string) bool {
	if o == nil || station == "" {
		return false
	}
	return o.Station == station || slices.ContainsFunc(o.With, func(m Maker) bool { return m.Station == station })
}

// Edge is one recorded reason why an item belongs to its story.
type Edge struct {
	Item       uint64     `json:"item"`
	Rule       Rule       `json:"rule"` // I0, J1 to J7, ruling
	Confidence Confidence `json:"confidence"`
	Why        string     `json:"why"` // in words
	Evidence   []Evidence `json:"evidence,omitempty"`
	Checks     *Checks    `json:"checks,omitempty"`
	First      time.Time  `json:"first"`
	Kept       bool       `json:"kept,omitempty"` // its ground has gone or leads elsewhere; the published join stays
}

// Evidence is a value that an edge rests on.
type Evidence struct {
	Kind   string    `json:"kind"` // claim, address, guid, enclosure, text
	Value  string    `json:"value"`
	Source string    `json:"source,omitempty"`
	First  time.Time `json:"first,omitzero"`
	Last   time.Time `json:"last,omitzero"`
}

// Checks holds the measures that were taken between an item and the root's.
type Checks struct {
	Title     float64  `json:"title"`           // similarity, 0 to 1
	C5        float64  `json:"c5"`              // containment of five-word shingles, 0 to 1
	Hours     float64  `json:"hours"`           // between the dates
	Languages []string `json:"languages"`       // of the two, empty where not known
	Words     []int    `json:"words,omitempty"` // of the two texts
}

// Compared reports whether both texts were long enough to be compared.
func (c *Checks) Compared() bool {
	return c.C5 > 0 || len(c.Words) == 2 && min(c.Words[0], c.Words[1]) >= MeasuredWords
}

// MeasuredWords is how many words a text needs to be compared with others.
const MeasuredWords = 80

// Rejected is a join that was considered and not made.
type Rejected struct {
	Item   uint64 `json:"item"`
	With   string `json:"with"` // id of the other story, or its title where it has none yet
	Rule   Rule   `json:"rule"`
	Veto   Rule   `json:"veto,omitempty"` // V1 to V9; empty: a stronger edge won
	Reason string `json:"reason"`
}

// Flag is a doubtful case that is shown to an editor and not acted on.
type Flag struct {
	Kind FlagKind  `json:"kind"`
	With string    `json:"with"` // an id or address; may be empty
	Why  string    `json:"why"`
	When time.Time `json:"when"`
	// Dismissed is the ruling after which a flag of a feed is not shown until it is raised again; 0: it
	// is shown.
	Dismissed uint64 `json:"dismissed,omitempty"`
}
