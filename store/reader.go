package store

import (
	"errors"
	"slices"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// reader is what the rules see of the store, inside its transaction. What cannot be read ends them
// by a panic with a readError, for the rules decide by values alone; see catchUnreadable.
type reader struct {
	tx         *sealedTx
	textKeys   *textKeys   // nil outside the writer's transactions: then text keys lead nowhere
	unreadable *unreadable // what of it is hidden from the rules; nil: nothing
}

// readerAt is what the rules see in the writer's transaction at a time.
func readerAt(tx txn, now time.Time) reader {
	tx.textKeys.setCurrentHour(now)
	return reader{tx.sealedTx, tx.textKeys, tx.unreadable}
}

// decide runs rules. If they come upon an item or a story that cannot be read, it is hidden from
// them, and they run again: a feed that brings it again, or something like it, goes on as if it had
// never been.
func (r reader) decide(rules func()) error {
	for {
		err := func() (err error) {
			defer catchUnreadable(&err)
			rules()
			return nil
		}()
		var lost readError
		if !errors.As(err, &lost) || r.unreadable == nil || !r.unreadable.hide(lost) {
			return err
		}
	}
}

// readError is a record that could not be read.
type readError struct {
	error
	item, story uint64 // whose record it is, 0 for none
}

// Unwrap gives what was wrong with it.
func (e readError) Unwrap() error { return e.error }

// mustRead ends the rules if a record could not be read.
func mustRead(err error) { mustReadOf(err, 0, 0) }

// mustReadOf does so for that of an item or a story.
func mustReadOf(err error, item, story uint64) {
	if err != nil {
		panic(readError{err, item, story})
	}
}

// catchUnreadable turns the end of the rules by a readError into that error.
func catchUnreadable(err *error) {
	switch fault := recover().(type) {
	case nil:
	case readError:
		*err = fault
	default:
		panic(fault)
	}
}

// Find implements [gather.Reader].
func (r reader) Find(k identity.Key, limit int) []uint64 {
	if k.IsTemporary() {
		if r.textKeys == nil {
			return nil
		}
		return r.visible(r.textKeys.findItems(tagOfKey(k), limit))
	}
	return r.visible(indexOfKeys().findNumbers(r.tx, indexKeyPrefix(r.tx, k), limit))
}

// visible leaves out the items that are hidden from the rules.
func (r reader) visible(items []uint64) []uint64 {
	if r.unreadable.hidesNothing() {
		return items
	}
	return slices.DeleteFunc(items, r.isHidden)
}

// isHidden reports whether an item is hidden from the rules, or its story is.
func (r reader) isHidden(n uint64) bool {
	i, err := readItem(r.tx, n)
	return err != nil || r.unreadable.hides(n, i.Story)
}

// Item implements [identity.Reader].
func (r reader) Item(n uint64) *news.Item {
	i, err := readItem(r.tx, n)
	mustReadOf(err, n, 0)
	return i
}

// Story implements [identity.Reader].
func (r reader) Story(n uint64) *news.Story {
	s, err := readStory(r.tx, n)
	mustReadOf(err, 0, n)
	return s
}

// Bare implements [gather.Reader].
func (r reader) Bare(n uint64) *news.Story {
	s, err := readBareStory(r.tx, n)
	mustReadOf(err, 0, n)
	return s
}

// StoryOf implements [identity.Reader].
func (r reader) StoryOf(id string) uint64 {
	if n := indexOfIDs().lookupValue(r.tx, []byte(id)); n != nil {
		return numberFromKey(n)
	}
	return 0
}

// Feeds implements [gather.Reader].
func (r reader) Feeds() (feeds []string) {
	mustRead(r.tx.Bucket(bucketFeeds).ForEach(func(url, _ []byte) error {
		feeds = append(feeds, string(url))
		return nil
	}))
	return feeds
}

// Memory implements [identity.Reader].
func (r reader) Memory(feed string) identity.Memory {
	var m identity.Memory
	if text := r.tx.Bucket(bucketMemory).Get(numberKey(feedNumber(r.tx, feed))); text != nil {
		mustRead(decodeRecord(text, &m))
	}
	m.Watched = r.visible(m.Watched)
	return m
}

// Marks implements [identity.Reader].
func (r reader) Marks(feed string) []identity.Mark {
	marks, err := readMarks(r.tx, feedNumber(r.tx, feed))
	mustRead(err)
	if r.unreadable.hidesNothing() {
		return marks
	}
	return slices.DeleteFunc(marks, func(m identity.Mark) bool { return m.Item != 0 && r.isHidden(m.Item) })
}

// Paragraphs implements [gather.Reader].
func (r reader) Paragraphs(feed string) []identity.Paragraph {
	return readParagraphs(r.tx, feedNumber(r.tx, feed))
}

// Ruling implements [identity.Reader].
func (r reader) Ruling(n uint64) (ruling news.Ruling) {
	mustRead(decodeRecord(r.tx.Bucket(bucketRulings).Get(numberKey(n)), &ruling))
	return ruling
}

// Ruled implements [identity.Reader].
func (r reader) Ruled() time.Time {
	m, err := readAbout(r.tx)
	mustRead(err)
	return m.Ruled
}

// Next implements [identity.Reader].
func (r reader) Next() (item, story, round uint64) {
	m, err := readAbout(r.tx)
	mustRead(err)
	return r.tx.Bucket(bucketItems).Sequence() + 1, r.tx.Bucket(bucketStories).Sequence() + 1, m.Round + 1
}
