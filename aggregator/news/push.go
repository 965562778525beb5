package news

import "time"

// Subscription is one of ours at another's hub: it is to push a feed's changes to
// a callback of the desk's.
type Subscription struct {
	Callback string    `json:"callback"` // last segment of the callback's address: 128 random bits
	Feed     string    `json:"feed"`     // the feed's configured address
	Topic    string    `json:"topic"`    // as the hub knows the feed
	Hub      string    `json:"hub"`
	Hubs     []string  `json:"hubs,omitempty"`    // that the feed names, the best first; Hub is one of them
	Cloud    bool      `json:"cloud,omitempty"`   // of rssCloud: it says that something changed, and not what
	Private  bool      `json:"private,omitempty"` // its hubs may be at private addresses, as the feed is
	Secret   string    `json:"secret,omitempty"`
	State    string    `json:"state"`            // wanted, asked, active, denied, old, leaving
	Next     time.Time `json:"next,omitzero"`    // when something is to be done about it
	Until    time.Time `json:"until,omitzero"`   // when its lease ends
	Since    time.Time `json:"since,omitzero"`   // when the hub was first asked; zero once it has verified
	Tries    int       `json:"tries,omitempty"`  // that failed in a row
	Missed   int       `json:"missed,omitempty"` // items in a row that it did not tell of
}

// silent is after how many items in a row a hub counts as silent.
const silent = 3

// Silent reports whether the hub has fallen silent: polling finds what it does not tell of.
func (s Subscription) Silent() bool { return s.Missed >= silent }

// The states of a Subscription.
const (
	SubscriptionWanted  = "wanted"  // the hub is to be asked
	SubscriptionAsked   = "asked"   // the hub has been asked, and has not verified it
	SubscriptionActive  = "active"  // verified
	SubscriptionDenied  = "denied"  // the hub refuses
	SubscriptionOld     = "old"     // another takes its place; it lives to the end of its lease
	SubscriptionLeaving = "leaving" // the hub is to be asked to end it
)

// Subscriber is somebody who asked for the desk's documents to be pushed to a callback.
type Subscriber struct {
	Callback string `json:"callback"` // an address
	Topic    string `json:"topic"`    // the document's public address
	Secret   string `json:"secret,omitempty"`
	// the callback must be at a public address: that is where it was asked for from
	PublicOnly bool      `json:"public_only,omitempty"`
	Until      time.Time `json:"until"`              // when its lease ends
	Delivered  Digest    `json:"delivered,omitzero"` // of what was delivered last, or known when it subscribed
	Tries      int       `json:"tries,omitempty"`    // deliveries that failed in a row
	Next       time.Time `json:"next,omitzero"`      // when the delivery is tried again; zero: nothing waits
}
