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
	Stories []string   `json:"stories,omitempty"` // ids
	Feed    string     `json:"feed,omitempty"`
	Since   time.Time  `json:"since,omitzero"` // of ill: the last success; of backup: the last backup
	Text    string     `json:"text,omitempty"` // what happened, one plain sentence in English
}

// RecipientState is what the store keeps of a recipient of notices.
type RecipientState struct {
	Key     string    `json:"-"`       // what the recipient is known by; see [Recipient.Key]
	Number  uint64    `json:"number"`  // given by the store
	Address string    `json:"address"` // as in the configuration
	Token   string    `json:"token"`   // of the address at which it unsubscribes
	Since   time.Time `json:"since"`   // when it was added
	Cursor  uint64    `json:"cursor"`  // the last event that was looked at for it
	Off     time.Time `json:"off,omitzero"`
	Gone    bool      `json:"gone,omitempty"`   // it is not in the configuration; kept since it is off
	Last    time.Time `json:"last,omitzero"`    // when it last accepted a message
	Failed  int       `json:"failed,omitempty"` // notices that were given up
	Digest  time.Time `json:"digest,omitzero"`  // the time for which the last digest was made
	Waiting int       `json:"-"`                // notices that wait
}

// Delivery is a notice that waits for its recipient to accept it.
type Delivery struct {
	Event    Event     `json:"-"`
	Since    time.Time `json:"since"`              // when it was to be sent first
	Due      time.Time `json:"due"`                // when it is tried next
	Attempts int       `json:"attempts,omitempty"` // that failed
	Error    string    `json:"error,omitempty"`    // of the last one; neither path nor mail address
	// Message is the number of the first event of the message in which it is being sent; 0: in none. Until
	// it is known that the message was not taken, what is in it stays, so that its id does.
	Message uint64 `json:"message,omitempty"`
}

// DeliveryEnd says how deliveries ended, or that they wait.
type DeliveryEnd struct {
	Accepted bool      // by the recipient's server: they are done
	GivenUp  bool      // they failed, and nothing more is tried
	Dropped  bool      // there is nothing to tell any more
	Due      time.Time // otherwise: when they are tried next
	Error    string    // of the attempt that failed
	Unclear  bool      // the recipient may have taken what failed: it stays one message, with its id
	Digest   time.Time // the time of the digest that they were sent in, or dropped for; zero: none was
}
