package store

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// unreadable are the stories of which a record cannot be read.
type unreadable struct {
	mu    sync.Mutex
	known map[uint64]bool
	tell  func(story string, err error)
}

// leftOut reports whether a story is left out of what is read because a record of
// it cannot be read: the others go on. Whoever watches is told once of each.
func (s *Store) leftOut(tx *bolt.Tx, story *news.Story, err error) bool {
	if !errors.Is(err, ErrRecord) {
		return false
	}
	s.unreadable.mu.Lock()
	defer s.unreadable.mu.Unlock()
	if s.unreadable.known == nil {
		s.unreadable.known = map[uint64]bool{}
	}
	if !s.unreadable.known[story.Number] && s.unreadable.tell != nil {
		s.unreadable.tell(nameOf(tx, story), err)
	}
	s.unreadable.known[story.Number] = true
	return true
}

// nameOf is what a story is called whose record may not be readable: its id as a
// list has it, else its number.
func nameOf(tx *bolt.Tx, story *news.Story) string {
	if story.ID != "" {
		return story.ID
	}
	c := tx.Bucket(bucketOrder).Cursor()
	for key, n := c.First(); key != nil; key, n = c.Next() {
		if bytes.Equal(n, number(story.Number)) {
			return string(key[8:])
		}
	}
	return fmt.Sprint("number ", story.Number)
}
