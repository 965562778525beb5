// Package notify tells recipients what happens at the desk: which of them hears of what, in which words,
// when, and how it is sent. What is to be sent waits in the store until it is accepted.
package notify

import (
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// Notice is one message to one recipient: of one event, or of several.
type Notice struct {
	ID      string          // the same whenever it is sent again, and no other's
	Kind    news.NoticeKind // of its event; of several "digest"
	When    time.Time       // of its event; of several, when it was made
	Subject string          // one line
	Text    string          // plain, of lines that end with \n
	URL     string          // where to read on; "" for none
	Case    string          // id of the case; "" for none
	Feed    string          // as it may be shown; "" for none
	Stories []Story
}

// KindDigest is that of a notice of several events.
const KindDigest news.NoticeKind = "digest"

// Story is a story as notices for programs have it. Its shape is a contract.
type Story struct {
	ID       string      `json:"id"`
	PublicID string      `json:"public_id"`
	Title    string      `json:"title"`
	URL      string      `json:"url"`
	Status   news.Status `json:"status"`
	Origin   string      `json:"origin"` // the maker's name; "" where it is not stated
	Stations []string    `json:"stations"`

	InFeed  bool     `json:"-"` // the feed documents have it: it is neither old nor in the archive only
	Names   []string `json:"-"` // of those stations
	Holders []string `json:"-"` // the ids of stations that carry or made it: none of them lacks it
	By      string   `json:"-"` // who withdrew it
	Desk    string   `json:"-"` // its page at the desk
}

// Fact is an event with what is known of it now.
type Fact struct {
	news.Event
	Stories   []Story // those of the event that are there
	StationID string
	Station   string // the name of the feed's station
	Feed      string // as it may be shown
	Words     string // of a kill: those of the notice
	Open      bool   // of a case: it waits for an editor; of a withdrawal: it still is one; else true
}

// Desk is what notices say of the desk.
type Desk struct {
	Title    string
	URL      string // of its public pages
	Editors  string // base of the editors' pages; "": there are none
	Language string
	Timezone *time.Location
}

// retries are how long after each attempt that failed the next one is made; after them, each after the
// last.
var retries = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour,
	6 * time.Hour}

// triedFor is for how long a notice is tried.
const triedFor = 3 * 24 * time.Hour

// NextAttempt is when a notice is tried again that was tried first at a time and has failed a number of
// times; ok is false if it is given up.
func NextAttempt(first, now time.Time, failed int) (at time.Time, ok bool) {
	at = now.Add(retries[min(max(failed, 1), len(retries))-1])
	return at, !at.After(first.Add(triedFor))
}

// NextDigest is the first time after a time at which the clocks of a zone show an hour and minute, such as
// 07:00. A time that a day does not have, since the clocks go forward, is as much later; one that it has
// twice is the first.
func NextDigest(after time.Time, clock string, zone *time.Location) time.Time {
	of, err := time.Parse("15:04", clock)
	if err != nil {
		return after // the configuration refuses it
	}
	day := after.In(zone)
	for n := 0; ; n++ {
		at := time.Date(day.Year(), day.Month(), day.Day()+n, of.Hour(), of.Minute(), 0, 0, zone)
		if at.After(after) {
			return at
		}
	}
}

// Hears reports whether a recipient is told of an event. A partner is told of stories that it carries or
// was sent, and of those that it lacks.
func Hears(r news.Recipient, f Fact, wasSent func(story string) bool) bool {
	listed := slices.Contains(r.Of, f.Kind)
	if !listed || r.Partner == "" {
		return listed
	}
	for _, s := range f.Stories {
		if f.Kind == news.NoticeMissing {
			if !slices.Contains(s.Holders, r.Partner) && s.Status == news.Live && s.InFeed {
				return true
			}
			continue
		}
		if slices.Contains(s.Stations, r.Partner) || wasSent(s.ID) {
			return true
		}
	}
	return false
}
