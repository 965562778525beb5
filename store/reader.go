package store

import (
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// reader is what the rules see of the store, inside its transaction. What cannot
// be read ends them by a panic with a readError, for the rules decide by
// values alone; see unread.
type reader struct {
	tx     *bolt.Tx
	shared *passing // nil outside the writer's transactions: then passing keys lead nowhere
}

// readerAt is what the rules see in the writer's transaction at a time.
func (s *Store) readerAt(tx *bolt.Tx, now time.Time) reader {
	s.passing.at(now)
	return reader{tx, s.passing}
}

// readError is a record that could not be read.
type readError struct{ error }

// must ends the rules if a record could not be read.
func must(err error) {
	if err != nil {
		panic(readError{err})
	}
}

// unread turns the end of the rules by a readError into that error.
func unread(err *error) {
	switch fault := recover().(type) {
	case nil:
	case readError:
		*err = fault.error
	default:
		panic(fault)
	}
}

// Find implements [identity.Reader].
func (r reader) Find(k identity.Key, limit int) []uint64 {
	if k.Passes() {
		if r.shared == nil {
			return nil
		}
		return r.shared.find(tagOf(k), limit)
	}
	return indexOfKeys().find(r.tx, keyOf(r.tx, k), limit)
}

// Item implements [identity.Reader].
func (r reader) Item(n uint64) *news.Item {
	i, err := itemOf(r.tx, n)
	must(err)
	return i
}

// Story implements [identity.Reader].
func (r reader) Story(n uint64) *news.Story {
	s, err := storyOf(r.tx, n)
	must(err)
	return s
}

// Bare implements [identity.Reader].
func (r reader) Bare(n uint64) *news.Story {
	s, err := bareStory(r.tx, number(n))
	must(err)
	return s
}

// StoryOf implements [identity.Reader].
func (r reader) StoryOf(id string) uint64 {
	if n := indexOfIDs().get(r.tx, []byte(id)); n != nil {
		return numberOf(n)
	}
	return 0
}

// Memory implements [identity.Reader].
func (r reader) Memory(feed string) identity.Memory {
	var m identity.Memory
	if text := r.tx.Bucket(bucketMemory).Get(number(feedNumber(r.tx, feed))); text != nil {
		must(decode(text, &m))
	}
	return m
}

// Marks implements [identity.Reader].
func (r reader) Marks(feed string) []identity.Mark {
	marks, err := marksOf(r.tx, feedNumber(r.tx, feed))
	must(err)
	return marks
}

// Ruled implements [identity.Reader].
func (r reader) Ruled() time.Time {
	m, err := readAbout(r.tx)
	must(err)
	return m.Ruled
}

// Next implements [identity.Reader].
func (r reader) Next() (item, story, round uint64) {
	m, err := readAbout(r.tx)
	must(err)
	return r.tx.Bucket(bucketItems).Sequence() + 1, r.tx.Bucket(bucketStories).Sequence() + 1, m.Round + 1
}

func itemOf(tx *bolt.Tx, n uint64) (*news.Item, error) {
	i := &news.Item{}
	err := decode(tx.Bucket(bucketItems).Get(number(n)), i)
	i.Number = n
	return i, err
}

// storyOf reads a story and its items.
func storyOf(tx *bolt.Tx, n uint64) (*news.Story, error) {
	s := &news.Story{Number: n}
	if err := decode(tx.Bucket(bucketStories).Get(number(n)), s); err != nil {
		return s, err
	}
	for _, m := range s.Members {
		i, err := itemOf(tx, m)
		if err != nil {
			return s, err
		}
		s.Items = append(s.Items, i)
	}
	return s, nil
}
