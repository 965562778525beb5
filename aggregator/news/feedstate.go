package news

import "time"

// FeedState is a feed's polling state: what its visits left behind, when it is due again, the
// validators that its server gave, and how it has fared.
type FeedState struct {
	Feed        string        `json:"feed"` // the feed's configured address
	Station     string        `json:"station"`
	Due         time.Time     `json:"due"`
	Wait        time.Duration `json:"wait,omitempty"`    // how far ahead Due was when it was set
	DelayReason string        `json:"because,omitempty"` // the wish that lengthened it, in words; empty: the interval
	Asked       time.Time     `json:"asked,omitzero"`    // when the last request was made
	Leased      time.Time     `json:"leased,omitzero"`   // until when a worker holds it; zero: nobody
	Paused      time.Time     `json:"paused,omitzero"`   // until when the server asks not to be asked at all
	Crashes     int           `json:"broken,omitempty"`  // visits in a row in which the process died
	Retired     bool          `json:"retired,omitempty"`

	Filter       string `json:"filter,omitempty"` // what was taken of the last document; see Feed.FilterKey
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	From         string `json:"from,omitempty"`   // the address that gave the validators
	Reader       int    `json:"reader,omitempty"` // number of the reader that read what they stand for

	Body Digest `json:"body,omitzero"` // of the last document that came
	// documents in a row that were the same though validators had been sent
	RepeatedBodies    int       `json:"same,omitempty"`
	ByDate            bool      `json:"by_date,omitempty"` // only Last-Modified is sent: with the ETag no 304 ever came
	NeverNotModified  bool      `json:"ignored,omitempty"` // the server never answers 304
	LastUnconditional time.Time `json:"bare,omitzero"`     // when it was last asked without validators

	Wishes Wishes `json:"wishes,omitzero"`

	Moving          Moving `json:"moving,omitzero"`  // where permanent redirects lead
	MovedTo         string `json:"kept,omitempty"`   // the address that is asked instead; they have led there for long
	MovedToFailures int    `json:"missed,omitempty"` // failures there in a row

	Local bool   `json:"local,omitempty"` // it was last reached at a loopback or private address, or is a file
	Type  string `json:"type,omitempty"`  // Content-Type of the last document
	Hops  int    `json:"hops,omitempty"`  // redirects on the way to it

	Visited  time.Time     `json:"visited,omitzero"`   // the last visit that came to an end
	Success  time.Time     `json:"success,omitzero"`   // the last that brought items or said that nothing changed
	Changed  time.Time     `json:"changed,omitzero"`   // the last that brought something new
	Gap      time.Duration `json:"gap,omitempty"`      // usual time between two such
	Items    int           `json:"items"`              // in the last good document
	Awaiting int           `json:"awaiting,omitempty"` // items that wait for the next visit, for their article pages
	Bytes    int64         `json:"bytes,omitempty"`    // of the last document
	Failures int           `json:"failures,omitempty"`
	Failing  time.Time     `json:"failing,omitzero"` // since when
	Status   int           `json:"status,omitempty"` // of HTTP, of the last error; 0 if none
	Kind     string        `json:"kind,omitempty"`   // of the last error, from a fixed list
	Error    string        `json:"error,omitempty"`  // the last error, one line
	Losses   []Loss        `json:"losses,omitempty"` // what was not taken of the last good document
	// Repairs are what that document was read in spite of, apart from its losses.
	Repairs []Repair `json:"repairs,omitempty"`
}

// Repair is one kind of damage that a document was read in spite of.
type Repair struct {
	Name  string `json:"name"`  // from a fixed list
	Count int    `json:"count"` // how often it was mended
	What  string `json:"what"`  // the first, with its place, in words
}

// Loss is something that a document says and that is not taken, since it is over a limit or cannot
// be read.
type Loss struct {
	What  string `json:"what"`            // where in the document, how much was found, how much is allowed
	Item  Digest `json:"item,omitzero"`   // of the entry; zero: the feed itself
	Title string `json:"title,omitempty"` // of the entry
}

// LastDocument is what a feed brought last, and what came of it.
type LastDocument struct {
	Entries int         // how many it has
	Left    int         // how many of them the desk did not take
	Taken   []TakenItem // of the others, in its order; the first of them where they are many
}

// TakenItem is an item in a feed's last document, and the story that it is in; nil: that cannot be read.
type TakenItem struct {
	Item  *Item
	Story *Story
}

// Wishes is when a server and its document ask to be visited again. What they do not say is zero.
type Wishes struct {
	Fresh     time.Duration  `json:"fresh,omitempty"`  // how long the server calls its answer fresh
	TTL       time.Duration  `json:"ttl,omitempty"`    // RSS ttl
	Update    time.Duration  `json:"update,omitempty"` // sy:updatePeriod by sy:updateFrequency
	SkipHours []int          `json:"skip_hours,omitempty"`
	SkipDays  []time.Weekday `json:"skip_days,omitempty"`
}

// Moving is a target that permanent redirects have led to, visit after visit.
type Moving struct {
	To    string    `json:"to,omitempty"`
	Since time.Time `json:"since,omitzero"`
	Times int       `json:"times,omitempty"`
}

// Saved is what a visit changed.
type Saved struct {
	New     int // items that were not known
	Changed int // items whose entry is another than before
	// Postponed is how many items' entries are taken the next day, since the feed has changed too much.
	Postponed int
	// Waiting is how many entries wait for the next visit, since the topics of their pages decide
	// whether they are taken.
	Waiting int
	// Awaiting is how many items wait for the next visit in all, for their article pages.
	Awaiting int
	Revision uint64 // rises when what is published changes
	Revised  bool   // it rose
}
