package archive

import (
	"time"

	"fronteras/aggregator/news"
)

// Retention is how long the text of a story stays in the store at least, counted from its
// publication.
const Retention = 2 * 365 * 24 * time.Hour

// PruneBefore gives the time before which a story must have been published for its texts to be
// pruned: more than Retention, and more than maxAge, before the newest story. A desk that is quiet
// for years keeps all.
func PruneBefore(newest time.Time, maxAge time.Duration) time.Time {
	return newest.Add(-max(Retention, maxAge))
}

// PruneStory takes the texts and pictures out of a story and its items. What is left is what they
// are known by and found under, so an item that comes back is the one it was, and a join can be
// undone.
func PruneStory(s *news.Story, now time.Time) {
	for _, i := range s.Items {
		*i = i.Bare()
		i.Pruned = now
	}
	s.Notes, s.Pruned, s.Changed = nil, now, now
}
