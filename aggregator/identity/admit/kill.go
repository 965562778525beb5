package admit

import (
	"regexp"
	"strings"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// killed recognizes a wire's notice that a story is withdrawn, in a headline or a first line.
var killed = regexp.MustCompile(`^(?:(?:MANDATORY\s+)?KILL\b\s*[:–—-]?\s*|BC-\S*KILL\S*\s*[:–—-]?\s*|` +
	`(?i:story\s+withdrawn\b)\s*[:–—.-]?\s*)`)

// KilledHeadline is the headline of the story that an entry says is withdrawn; false where the
// entry is no such notice. A notice is second-hand, so it withdraws nothing: it is held itself, and
// its source's stories with a similar headline wait for an editor.
func KilledHeadline(e *news.Entry, p *evidence.TextFeatures) (headline text.Headline, is bool) {
	for _, line := range []string{e.Title, withoutDateline(p)} {
		if m := killed.FindString(line); m != "" {
			rest := strings.TrimSpace(line[len(m):])
			if rest == "" {
				rest = strings.TrimSpace(killed.ReplaceAllString(e.Title, ""))
			}
			return text.HeadlineOf(rest), true
		}
	}
	return text.Headline{}, false
}

// HoldKillNotice holds an item that is a wire's notice; one that a published story was turned into
// is held as killed.
func HoldKillNotice(i *news.Item, now time.Time) *news.Item {
	if i.Story == 0 {
		notice := *i
		notice.Hold = &news.ItemHold{Kind: news.HoldNotice, Since: i.FirstSeen}
		return &notice
	}
	return HoldKilled(i, i.Number, now)
}

// HoldKilled holds an item that a wire's notice kills; nil where a kill or a notice holds it already.
// What held it before, and was to end by the clock or in a flood, does not end the kill; a suspicion
// that it was withdrawn goes on beside it.
func HoldKilled(i *news.Item, notice uint64, now time.Time) *news.Item {
	kill := &news.ItemHold{Kind: news.HoldKill, Since: now, Notice: notice}
	is := func(h *news.ItemHold, kind news.HoldKind) bool { return h != nil && h.Kind == kind }
	if is(i.Hold, news.HoldKill) || is(i.HeldBefore, news.HoldKill) || is(i.Hold, news.HoldNotice) {
		return nil
	}
	held := *i
	if is(i.Hold, news.HoldWithdrawn) {
		held.HeldBefore = kill
	} else {
		held.Hold = kill
	}
	return &held
}

// MeansHeadline reports whether a notice's headline means a story with another.
func MeansHeadline(killed, headline text.Headline) bool { return headline.Similar(killed) >= killTitle }

// KilledBefore holds a wire's story whose notice came first, so that the order of visits decides
// nothing: the notices are among the items under the story's wire keys. It is nil where there is
// none.
func KilledBefore(r *evidence.Reader, e *evidence.Evidence, notices []*news.Item, now time.Time) *news.Item {
	for _, n := range notices {
		if headline, is := KilledHeadline(&n.Entry, r.TextFeatures(&n.Entry)); is && n.Number != e.Number &&
			MeansHeadline(headline, e.Headline) {
			return HoldKilled(e.Item, n.Number, now)
		}
	}
	return nil
}
