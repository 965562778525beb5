package damage

import (
	"fmt"
	"strings"
)

// A LimitError says which bound a document crossed. Nothing of the document is taken.
type LimitError struct {
	Limit   string // what is bounded, in words
	Found   int    // 0 if counting ended at the bound
	Allowed int
}

// Error says what was found, and what is allowed.
func (e *LimitError) Error() string {
	if e.Found == 0 {
		return fmt.Sprintf("more than %d %s", e.Allowed, e.Limit)
	}
	return fmt.Sprintf("%d %s, %d allowed", e.Found, e.Limit, e.Allowed)
}

// A NotFeedError says that a document is not a feed.
type NotFeedError struct {
	What  string   // what it is, in words
	Feeds []string // the feeds that an HTML page announces
	Guard string   // the bot guard whose page it is, "" if it is none's
	Next  string   // where the page sends its readers on to, "" if nowhere
}

// Error says what the document is, and which feeds it names.
func (e *NotFeedError) Error() string {
	text := e.What
	if !strings.Contains(text, ",") {
		text += ", not a feed"
	}
	if e.Guard != "" {
		text = "the challenge page of a bot guard (" + e.Guard + "), not a feed"
	}
	if e.Next != "" {
		text += "; it sends its readers to " + e.Next
	}
	if len(e.Feeds) > 0 {
		text = fmt.Sprintf("%s; it announces %s", text, strings.Join(e.Feeds, ", "))
	}
	return text
}
