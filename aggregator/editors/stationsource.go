package editors

import (
	"context"
	"time"

	"fronteras/aggregator/news"
)

// StationSource is what the pages of stations show, and what their forms do besides deciding.
type StationSource struct {
	// Feeds tells how the feeds of a station are doing, "" of all stations, in the configuration's order.
	Feeds func(station string) ([]FeedReport, error)
	// LastDocument tells what a feed brought last, with at most limit of its items. It asks nobody.
	LastDocument func(feed string, limit int) (news.LastDocument, error)
	// Poll visits a feed now, as the command does, and reports whether the visit has ended: one that takes
	// long goes on. It fails with [OrderError] if no visit can be made.
	Poll func(ctx context.Context, feed string) (ended bool, err error)
	// FailedNotices lists the notices about a station, its feeds and its stories, and those for it as a
	// partner, that a recipient has not accepted and that are tried again. It fails with [ErrNone] if the desk
	// has no recipients.
	FailedNotices func(station string) ([]FailedNotice, error)
}

// FeedReport is how a feed is doing.
type FeedReport struct {
	Feed  news.Feed
	Name  string         // what forms and commands call it: its address only where that holds no secret
	State news.FeedState // zero: it was not visited yet
	Flags []news.Flag    // that no editor has dismissed
	// Advice is what commands say that its station, its server or the desk could do better, in English.
	Advice []string
}

// FailedNotice is a notice that its recipient has not accepted.
type FailedNotice struct {
	Recipient string // as the pages may show it: of a webhook its host, without a path
	Kind      news.NoticeKind
	Since     time.Time // when it was to be sent first
	Attempts  int       // that failed
	Error     string    // of the last one, without an address
}
