package gather

import (
	"cmp"
	"maps"
	"slices"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/news"
)

// ItemsNamed returns the items that have, or had, a GUID or an address.
func ItemsNamed(read Reader, d *directory.Directory, what string) (items []*news.Item) {
	seen := map[uint64]bool{}
	for _, k := range key.Search(d, what, read.Feeds()) {
		for _, n := range read.Find(k, maxNamed) {
			if i := read.Item(n); !seen[n] && (key.Matches(d, what, i) || hadName(read, d, what, i)) {
				seen[n] = true
				items = append(items, i)
			}
		}
	}
	slices.SortFunc(items, func(a, b *news.Item) int { return cmp.Compare(a.Number, b.Number) })
	return items
}

// IsHeldByFeed reports whether a flood or a doubtful migration of its feed holds an item.
func IsHeldByFeed(i *news.Item) bool {
	return i.Hold != nil && (i.Hold.Kind == news.HoldFlood || i.Hold.Kind == news.HoldMigration)
}

// HeldBy returns the stories that a feed's flood or doubtful migration holds.
func HeldBy(read Reader, feed string) (stories []*news.Story) {
	found := map[uint64]bool{}
	for _, n := range read.Memory(feed).Waiting {
		if i := read.Item(n); i.Hold != nil {
			found[i.Story] = true
		}
	}
	for _, n := range slices.Sorted(maps.Keys(found)) {
		if s := read.Story(n); s.Status == news.Held {
			stories = append(stories, s)
		}
	}
	return stories
}
