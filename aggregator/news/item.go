package news

import (
	"fmt"
	"strconv"
	"time"
)

// Item is one station's telling of a story: what its feed shows of it, and
// everything it was ever known by. Items are kept for good, and whole until they
// are pruned; stories are derived from them.
type Item struct {
	Number      uint64    `json:"-"` // given by the store, never changes, shown nowhere
	Station     string    `json:"station"`
	Feed        string    `json:"feed"`
	Entry       Entry     `json:"entry"`               // as the desk takes it
	FromFeed    *Entry    `json:"from_feed,omitempty"` // as the feed gives it; nil: as Entry
	GUIDs       []string  `json:"guids,omitempty"`     // the last it has had, the current one last
	Links       []string  `json:"links,omitempty"`     // the last addresses it has had, the current one last
	Claims      []Claim   `json:"claims,omitempty"`    // those that stand, then the last that ended
	Outgrown    bool      `json:"outgrown,omitempty"`  // it had more GUIDs or addresses; it is still found by them
	Page        *Page     `json:"page,omitempty"`      // nil until its page was asked for
	Language    string    `json:"language,omitempty"`  // that the entry states besides its feed's
	TrustedDate time.Time `json:"dated,omitzero"`      // the date it states, where that can be relied on
	FirstSeen   time.Time `json:"first_seen"`
	// TrustedUpdate is when it was modified, as it states, where that can be relied on.
	TrustedUpdate time.Time `json:"revised,omitzero"`
	Batch         uint64    `json:"round"`                 // which settling it came before, counted from 1
	ArchiveOnly   bool      `json:"filed,omitempty"`       // by itself it would be in the archive only
	Reused        bool      `json:"reused,omitempty"`      // its guid was another item's before
	Hold          *ItemHold `json:"held,omitempty"`        // by itself it would not be published yet
	HeldBefore    *ItemHold `json:"held_before,omitempty"` // the hold that a suspicion took the place of
	Absence       *Absence  `json:"absence,omitempty"`     // it left the middle of its feed; nil: it did not
	Gone          bool      `json:"gone,omitempty"`        // withdrawn by its station
	Ruled         []uint64  `json:"ruled,omitempty"`       // numbers of the rulings that bind it, ascending
	Story         uint64    `json:"story"`                 // number of the story it belongs to
	Pruned        time.Time `json:"pruned,omitzero"`       // when its text left the store; see Entry.Bare
}

// AsFed is the item's entry as its feed gives it, without what its article page adds.
func (i *Item) AsFed() *Entry {
	if i.FromFeed != nil {
		return i.FromFeed
	}
	return &i.Entry
}

// Bare is what stays of an item when its text leaves the store: see [Entry.Bare].
func (i Item) Bare() Item {
	i.Entry = i.Entry.Bare()
	if i.FromFeed != nil {
		fed := i.FromFeed.Bare()
		i.FromFeed = &fed
	}
	if i.Page != nil && i.Page.Article != nil {
		page := *i.Page
		page.Article, page.ETag, page.LastModified = nil, "", ""
		page.Reading.Next = time.Time{}
		i.Page = &page
	}
	return i
}

// MaxNames is how many GUIDs, how many addresses and how many claims of an item stand in its record.
const MaxNames = 16

// Page is what an item's page said: its head, read once, and where its station agreed the whole,
// which is read again for corrections.
type Page struct {
	Asked     time.Time `json:"asked"`
	Status    int       `json:"status"` // of HTTP; 0 where there was no answer
	Canonical string    `json:"canonical,omitempty"`
	Language  string    `json:"language,omitempty"`
	Story     string    `json:"story,omitempty"` // NPR's story_id
	Org       string    `json:"org,omitempty"`   // NPR's org_id
	Moved     string    `json:"moved,omitempty"` // a redirect that left the station's hosts

	Article *Article `json:"article,omitempty"` // what it shows of the story; nil: that was not read
	Failure string   `json:"failure,omitempty"` // why it was not, in words
	Refusal string   `json:"refusal,omitempty"` // why the text of Article is not used, in words; "" where it is
	Verdict Verdict  `json:"verdict,omitempty"` // whether it is used
	Reading Reading  `json:"reading,omitzero"`

	ETag         string `json:"etag,omitempty"` // of the answer that Article was read in
	LastModified string `json:"last_modified,omitempty"`
}

// ArticleWords say what became of the article page; "" where it is not read.
func (p *Page) ArticleWords() string {
	switch {
	case p == nil || p.Reading.Count == 0:
		return ""
	case p.Article == nil:
		return "not read: " + p.Failure
	case p.Verdict == "": // the feed's articles are not read any more
		return ""
	case p.Refusal == "":
		return fmt.Sprintf("its text is used, %d words (%s)", p.Article.Words, p.Article.Way)
	case p.Verdict == VerdictUsed:
		return p.Refusal
	}
	return fmt.Sprintf("its text is not used (%s): %s", p.Verdict, p.Refusal)
}

// Reading is how often an item's article page was read, and when it is read next.
type Reading struct {
	Count     int       `json:"count,omitempty"`     // of all readings
	Series    time.Time `json:"series,omitzero"`     // when the series of readings began that is under way
	Step      int       `json:"step,omitempty"`      // how many times of the series have passed
	Restarted bool      `json:"restarted,omitempty"` // a changed text has begun the series again
	SetAside  bool      `json:"set_aside,omitempty"` // the last reading was doubtful, and changed nothing
	Next      time.Time `json:"next,omitzero"`       // zero: it is not read again
}

// Claim is an address that an item asserts as the original's.
type Claim struct {
	Source string    `json:"source"` // page feed sentence link via guid desk translation version
	URL    string    `json:"url"`
	Key    string    `json:"key"` // of the address, or of the story where Source is desk
	First  time.Time `json:"first"`
	Last   time.Time `json:"last,omitzero"` // when it was no longer made; zero while it stands
}

// The sources of claims to a story in another language.
const (
	ClaimOfTranslation = "translation" // it is named as the original
	ClaimOfVersion     = "version"     // and nobody says which came first
)

// IsOfSameStory reports whether a claim names the story itself, and not one in another language.
func (c Claim) IsOfSameStory() bool {
	return c.Source != ClaimOfTranslation && c.Source != ClaimOfVersion
}

// ItemHold is why an item is not published yet.
type ItemHold struct {
	Kind  HoldKind  `json:"kind"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until,omitzero"` // when the clock ends it; zero: an editor, or the feed
	// Notice is the item that is the wire's notice; 0: it is not known, or the hold is no kill.
	Notice uint64 `json:"notice,omitempty"`
	// Again holds an item that was published by a release which was undone.
	Again bool `json:"again,omitempty"`
}

// Absence is what is known of an item that was missing from the middle of its
// feed, or that its feed took back.
type Absence struct {
	Since         time.Time `json:"since"`            // the document that it was missing from
	Asked         time.Time `json:"asked,omitzero"`   // when its page was last asked
	Status        int       `json:"status,omitempty"` // what the page said then; 0: no answer
	Checks        int       `json:"asks,omitempty"`   // how often it was asked
	Confirmations int       `json:"times,omitempty"`  // how often the page said that it is not there
	// what the page of its outside original said when it had gone; -1: no answer
	Source int  `json:"source,omitempty"`
	Stated bool `json:"stated,omitempty"`  // its feed holds a tombstone for it (RFC 6721)
	ByPage bool `json:"by_page,omitempty"` // its page was not found though its feed may show it
	Back   int  `json:"back,omitempty"`    // good visits with its page since it was seen again
}

// Words say what is known of an absence.
func (a *Absence) Words() string {
	switch {
	case a.Stated:
		return "its feed says that it is deleted"
	case a.Asked.IsZero() || a.Status == 0:
		return "its page could not be asked"
	}
	return "its page answered " + strconv.Itoa(a.Status)
}

// backFor is how many good visits with its page bring a withdrawn item back.
const backFor = 2

// IsBack reports whether a withdrawn item is back in its feed: for good, or though its
// feed's tombstone still counts.
func (a *Absence) IsBack() bool { return a.Back > 0 && (a.Stated || a.Back >= backFor) }
