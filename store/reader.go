package store

import (
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// reader is what the rules see of the store, inside its transaction. What cannot be read ends them
// by a panic with a readError, for the rules decide by values alone; see catchUnreadable.
type reader struct {
	tx       *bolt.Tx
	textKeys *textKeys // nil outside the writer's transactions: then text keys lead nowhere
}

// readerAt is what the rules see in the writer's transaction at a time.
func readerAt(tx txn, now time.Time) reader {
	tx.textKeys.setCurrentHour(now)
	return reader{tx.Tx, tx.textKeys}
}

// readError is a record that could not be read.
type readError struct{ error }

// mustRead ends the rules if a record could not be read.
func mustRead(err error) {
	if err != nil {
		panic(readError{err})
	}
}

// catchUnreadable turns the end of the rules by a readError into that error.
func catchUnreadable(err *error) {
	switch fault := recover().(type) {
	case nil:
	case readError:
		*err = fault.error
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
		return r.textKeys.findItems(tagOfKey(k), limit)
	}
	return indexOfKeys().findNumbers(r.tx, indexKeyPrefix(r.tx, k), limit)
}

// Item implements [identity.Reader].
func (r reader) Item(n uint64) *news.Item {
	i, err := readItem(r.tx, n)
	mustRead(err)
	return i
}

// Story implements [identity.Reader].
func (r reader) Story(n uint64) *news.Story {
	s, err := readStory(r.tx, n)
	mustRead(err)
	return s
}

// Bare implements [gather.Reader].
func (r reader) Bare(n uint64) *news.Story {
	s, err := readBareStory(r.tx, n)
	mustRead(err)
	return s
}

// StoryOf implements [identity.Reader].
func (r reader) StoryOf(id string) uint64 {
	if n := indexOfIDs().lookupValue(r.tx, []byte(id)); n != nil {
		return numberFromKey(n)
	}
	return 0
}

// Memory implements [identity.Reader].
func (r reader) Memory(feed string) identity.Memory {
	var m identity.Memory
	if text := r.tx.Bucket(bucketMemory).Get(numberKey(feedNumber(r.tx, feed))); text != nil {
		mustRead(decodeRecord(text, &m))
	}
	return m
}

// Marks implements [identity.Reader].
func (r reader) Marks(feed string) []identity.Mark {
	marks, err := readMarks(r.tx, feedNumber(r.tx, feed))
	mustRead(err)
	return marks
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
