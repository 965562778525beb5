package news

import "time"

// NoticeKind is what a notice is of: the names are those of notify.to.of.
type NoticeKind string

// The kinds of notices.
const (
	NoticeKilled    NoticeKind = "killed"    // such a case opens
	NoticeFlood     NoticeKind = "flood"     // such a case opens
	NoticePair      NoticeKind = "pair"      // such a case opens
	NoticeWithdrawn NoticeKind = "withdrawn" // a published story is withdrawn, or may be
	NoticeCorrected NoticeKind = "corrected" // a story is modified, and another station carries it
	NoticeIll       NoticeKind = "ill"       // a feed is without success for long
	NoticeWell      NoticeKind = "well"      // its next success
	NoticeBackup    NoticeKind = "backup"    // there was no backup for long
	NoticeMissing   NoticeKind = "missing"   // a story is in a partner's feed
)

// Event is something that recipients of notices hear of. The store writes it in the transaction of its
// cause, and keeps it until all recipients have what they are to have of it.
type Event struct {
	Number  uint64     `json:"-"` // given by the store, ascending
	Kind    NoticeKind `json:"kind"`
	When    time.Time  `json:"when"`
	Case    uint64     `json:"case,omitempty"`    // of killed, flood and pair
	Stories []uint64   `json:"stories,omitempty"` // numbers
	Feed    string     `json:"feed,omitempty"`
	Text    string     `json:"text,omitempty"` // what happened, one plain sentence in English
}
