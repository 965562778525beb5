package news

import "time"

// Session keeps an editor signed in, in one browser. The store holds it under the SHA-256 of what the
// browser keeps.
type Session struct {
	ID     string    `json:"id"` // short: what it is ended by
	Editor string    `json:"editor"`
	Since  time.Time `json:"since"`
	Seen   time.Time `json:"seen"` // when it was used last, to the hour
	Agent  string    `json:"agent,omitempty"`
}

// SignInLink signs an editor in once. The store holds it under the SHA-256 of the last part of its
// address.
type SignInLink struct {
	Editor string    `json:"editor"`
	Until  time.Time `json:"until"`
	To     string    `json:"to,omitempty"` // the path of the page that was asked for; "": the first one
}
