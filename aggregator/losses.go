package aggregator

import (
	"fmt"
	"slices"
	"strings"

	"fronteras/aggregator/feed"
	"fronteras/aggregator/news"
)

// maxLosses is how many of a document's losses are kept; further ones are counted.
const maxLosses = 50

// keepLosses is what is known not to be taken of a document: what reading it showed, and what was
// known before of those of its entries that were not read again.
func keepLosses(before, found []news.Loss, entries []news.Entry) []news.Loss {
	seen := map[news.Digest]bool{}
	for _, e := range entries {
		if e.Seen {
			seen[e.Digest] = true
		}
	}
	var all []news.Loss
	for _, l := range before {
		if l.Item != (news.Digest{}) && seen[l.Item] {
			all = append(all, l)
		}
	}
	all = append(all, found...)
	if more := len(all) - maxLosses; more > 0 {
		all = append(all[:maxLosses:maxLosses], news.Loss{What: fmt.Sprintf("%d further losses", more)})
	}
	return all
}

// maxRepairWords is how much is kept of what a repair says, in bytes: it may quote the document.
const maxRepairWords = 300

// keepRepairs is what is kept of a document's repairs: what is lost is kept as losses.
func keepRepairs(found []feed.Repair) (kept []news.Repair) {
	for _, r := range found {
		if !r.IsLoss() {
			one := news.Repair{Name: r.Name, Count: r.Count, What: r.What}
			if r.Line > 0 {
				one.What = fmt.Sprintf("line %d: %s", r.Line, r.What)
			}
			one.What = strings.ToValidUTF8(one.What[:min(len(one.What), maxRepairWords)], "")
			kept = append(kept, one)
		}
	}
	return kept
}

// newLosses returns those that were not known before.
func newLosses(before, now []news.Loss) []news.Loss {
	var all []news.Loss
	for _, l := range now {
		if !slices.Contains(before, l) {
			all = append(all, l)
		}
	}
	return all
}

// LossWords say what was not taken of a feed's last document, one line each.
func LossWords(v news.FeedState) []string {
	var lines []string
	for _, l := range v.Losses {
		lines = append(lines, lossLine(l))
	}
	return lines
}

func lossLine(l news.Loss) string {
	if l.Title == "" {
		return "not taken: " + l.What
	}
	return fmt.Sprintf("not taken of %q: %s", l.Title, l.What)
}
