// Package gather reads from the store everything that the rules look at. It is the only part of
// identity that reads: what it returns are values, and the rules work on them.
package gather

import (
	"maps"
	"slices"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
)

// Reader finds what is stored already, as it was before. Nothing that it returns is changed.
type Reader interface {
	// Find gives the numbers of the items under a key, ascending: the latest, at most limit of them. Of
	// a temporary key any may be left out beyond.
	Find(k key.Key, limit int) []uint64
	// Item gives the item of that number.
	Item(number uint64) *news.Item
	// Story gives the story of that number with its items.
	Story(number uint64) *news.Story
	// Bare gives the story of that number without its items.
	Bare(number uint64) *news.Story
	// StoryOf gives the number of the story that has or had that id or public id; 0 if none.
	StoryOf(id string) uint64
	// Ruling gives the ruling of that number.
	Ruling(number uint64) news.Ruling
	// Feeds gives the addresses of all feeds that there are, or were.
	Feeds() []string
	// Paragraphs gives those of a feed's last items.
	Paragraphs(feed string) []visit.Paragraph
	// Memory gives what else is kept of a feed, but for its marks.
	Memory(feed string) visit.Memory
	// Marks gives those of a feed's last document.
	Marks(feed string) []visit.Mark
	// Ruled gives when the current rules, or those that make keys, replaced others; zero if they
	// never did.
	Ruled() time.Time
	// Next gives the numbers of the next new item and the next new story, and of the settling that
	// they come before.
	Next() (item, story, round uint64)
}

// Source gives what is stored, each thing read once, and what was written in its place since. It is
// for one visit or ruling.
type Source struct {
	read Reader
	*evidence.Reader

	// Now is the time of the visit or ruling.
	Now time.Time
	// Item, Story and Batch are the numbers of the next new item and story, and of the settling
	// that they come before.
	NextItem, NextStory, Batch uint64

	items    map[uint64]*news.Item  // as they are now
	written  map[uint64]bool        // those that are other than in the store
	stories  map[uint64]*news.Story // without items
	found    map[string][]uint64    // by the text of a key of all feeds
	memories map[string]visit.Memory
	feeds    map[string]evidence.Feed
}

// NewSource returns the source of what a store has at a time.
func NewSource(read Reader, r *evidence.Reader, now time.Time) *Source {
	s := &Source{
		read: read, Reader: r, Now: now, items: map[uint64]*news.Item{}, written: map[uint64]bool{},
		stories: map[uint64]*news.Story{},
		found:   map[string][]uint64{}, memories: map[string]visit.Memory{}, feeds: map[string]evidence.Feed{},
	}
	s.NextItem, s.NextStory, s.Batch = read.Next()
	return s
}

// Ruled is when the current rules replaced others; zero if they never did.
func (s *Source) Ruled() time.Time { return s.read.Ruled() }

// Item is the item of that number, as it is now.
func (s *Source) Item(number uint64) *news.Item { return readOnce(s.items, number, s.read.Item) }

// readOnce gives the value of a key, which is read the first time.
func readOnce[K comparable, V any](known map[K]V, k K, read func(K) V) V {
	v, ok := known[k]
	if !ok {
		v = read(k)
		known[k] = v
	}
	return v
}

// Items returns the items of those numbers.
func (s *Source) Items(numbers []uint64) []*news.Item {
	list := make([]*news.Item, len(numbers))
	for n, number := range numbers {
		list[n] = s.Item(number)
	}
	return list
}

// ByNumber returns the items of those numbers, by number.
func (s *Source) ByNumber(numbers []uint64) map[uint64]*news.Item {
	items := make(map[uint64]*news.Item, len(numbers))
	for _, n := range numbers {
		items[n] = s.Item(n)
	}
	return items
}

// Write puts items in place of those that are stored. What is nil is passed over.
func (s *Source) Write(items ...*news.Item) {
	for _, i := range items {
		if i != nil {
			s.items[i.Number], s.written[i.Number] = i, true
		}
	}
}

// Written returns the items that are other than in the store, in the order of their numbers.
func (s *Source) Written() []*news.Item { return s.Items(slices.Sorted(maps.Keys(s.written))) }

// IsWritten reports whether an item is other than in the store.
func (s *Source) IsWritten(number uint64) bool { return s.written[number] }

// Memory is what is kept of a feed.
func (s *Source) Memory(feed string) visit.Memory { return readOnce(s.memories, feed, s.read.Memory) }

// Visited is what is kept of a feed, with the marks of its last document; last is when it was last
// seen unchanged.
func (s *Source) Visited(feed string, last time.Time) visit.Memory {
	m := s.Memory(feed)
	m.Marks = s.read.Marks(feed)
	if last.After(m.Last) {
		m.Last = last
	}
	return m
}

// Keep puts what is to be kept of a feed in place of what is stored.
func (s *Source) Keep(feed string, m visit.Memory) {
	s.memories[feed] = m
	delete(s.feeds, feed)
}

// Paragraphs returns those of a feed's last items.
func (s *Source) Paragraphs(feed string) []visit.Paragraph { return s.read.Paragraphs(feed) }

// Evidence is what is compared of an item.
func (s *Source) Evidence(i *news.Item) *evidence.Evidence {
	return s.EvidenceOf(i, readOnce(s.feeds, i.Feed, func(feed string) evidence.Feed {
		m := s.Memory(feed)
		if m.Paragraphs == nil {
			m.Paragraphs = s.read.Paragraphs(feed)
		}
		return evidence.Feed{Untrusted: !m.Untrusted.IsZero(), Recurring: visit.Recurring(m.Paragraphs)}
	}))
}

// Under returns the items under any of the keys, each once, as many of each key as may be meant by
// it: the latest, for a GUID or an address that is used again means what it was used for last.
func (s *Source) Under(keys []key.Key) (items []*news.Item) {
	seen := map[uint64]bool{}
	for _, k := range keys {
		numbers := s.numbersUnderKey(k)
		for _, n := range numbers[max(0, len(numbers)-key.MaxItems):] {
			if !seen[n] {
				seen[n] = true
				items = append(items, s.Item(n))
			}
		}
	}
	return items
}

// numbersUnderKey gives the numbers of the items under a key, at most one more than those beyond
// which it leads nowhere. A key of all feeds is looked for once: an entry's addresses are asked for
// in its own feed first, then in the others.
func (s *Source) numbersUnderKey(k key.Key) []uint64 {
	if k.Feed != "" || k.IsTemporary() {
		return s.read.Find(k, key.MaxItems+1)
	}
	return readOnce(s.found, k.Text, func(string) []uint64 { return s.read.Find(k, key.MaxItems+1) })
}

// storyNumbered is the story of that number, without its items.
func (s *Source) storyNumbered(number uint64) *news.Story {
	return readOnce(s.stories, number, s.read.Bare)
}

// StoryItems returns the items that are with an item in its story, itself among them.
func (s *Source) StoryItems(i *news.Item) []*news.Item {
	if i.Story == 0 {
		return []*news.Item{i}
	}
	return s.Items(s.storyNumbered(i.Story).Members)
}
