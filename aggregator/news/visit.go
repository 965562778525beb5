package news

import "time"

// Visit is one poll of one feed and what it left behind: when the feed is due
// again, the validators that its server gave, and how it has fared.
type Visit struct {
	Feed    string    `json:"feed"` // the feed's configured address
	Station string    `json:"station"`
	Due     time.Time `json:"due"`
	Asked   time.Time `json:"asked,omitzero"`  // when the last request was made
	Leased  time.Time `json:"leased,omitzero"` // until when a worker holds it; zero: nobody
	Retired bool      `json:"retired,omitempty"`

	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	From         string `json:"from,omitempty"` // the address that gave the validators

	Local bool `json:"local,omitempty"` // it was last reached at a loopback or private address, or is a file

	Visited  time.Time `json:"visited,omitzero"` // the last visit that came to an end
	Success  time.Time `json:"success,omitzero"` // the last that brought items or said that nothing changed
	Changed  time.Time `json:"changed,omitzero"` // the last that brought something new
	Items    int       `json:"items"`            // in the last good document
	Bytes    int64     `json:"bytes,omitempty"`  // of the last document
	Failures int       `json:"failures,omitempty"`
	Failing  time.Time `json:"failing,omitzero"` // since when
	Kind     string    `json:"kind,omitempty"`   // of the last error, from a fixed list
	Error    string    `json:"error,omitempty"`  // the last error, one line
	Told     int       `json:"told,omitempty"`   // failures when the operator was last told
}

// Saved is what a visit changed.
type Saved struct {
	New      int    // items that were not known
	Changed  int    // items whose entry is another than before
	Revision uint64 // rises when what is published changes
}
