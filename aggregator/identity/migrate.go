package identity

import (
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// First settings of a migration (I5).
const (
	movedSince = time.Hour // entries dated so long before the last visit should be known
	movedLeast = 5
	movedShare = 80 // percent that must be known items under new guids
	aliased    = 5  // aliases in one document that are worth a notice
)

// unknown are the entries that should be known and are not: their dates lie
// before the last visit, or they have none.
func (f *fold) unknown(list []*candidate) []*candidate {
	if f.memory.Last.IsZero() || !f.arrival.Whole {
		return nil
	}
	var moved []*candidate
	for _, c := range list {
		if date := stated(c.entry); c.item == nil && !c.admitted && (date.IsZero() || f.memory.Last.Sub(date) > movedSince) {
			moved = append(moved, c)
		}
	}
	return moved
}

// migrate applies I5: where a feed's known entries come under new guids, those
// that no known item matches are held if too few are matched.
func (f *fold) migrate(list, moved []*candidate) {
	matched, aliases := 0, 0
	for _, c := range moved {
		if c.item != nil {
			matched++
		}
	}
	for _, c := range list {
		if c.item != nil && c.guid != "" && len(c.item.GUIDs) > 0 && !slices.Contains(c.item.GUIDs, c.guid) {
			aliases++
		}
	}
	if aliases >= aliased {
		f.flagFeed("migration", "many of its entries came under new guids or addresses; they are known by both")
	}
	if matched == 0 || len(moved) < movedLeast || 100*matched >= movedShare*len(moved) {
		return
	}
	f.flagFeed("migration-doubt", "many of its entries came under new guids, and too few can be told to be known ones: release or retract what is held")
	for _, c := range moved {
		if c.item != nil && c.entry.Title == c.item.Entry.Title && sameMinute(c.entry, &c.item.Entry) {
			continue
		}
		if c.item != nil {
			delete(f.taken, c.item.Number)
			c.item = nil
		}
		c.wait = &news.ItemHold{Kind: waitMigration, Since: f.arrival.At}
	}
}
