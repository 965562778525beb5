package store

import (
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// Newest calls do with the stories that have been published, held and withdrawn
// ones too, the newest first, until it returns false. The stories are the
// caller's; do must not call the store.
func (s *Store) Newest(do func(*news.Story) bool) error {
	return s.db.View(func(tx *bolt.Tx) error {
		c := tx.Bucket(bucketOrder).Cursor()
		for key, n := c.First(); key != nil; key, n = c.Next() {
			story, err := storyOf(tx, numberOf(n))
			if err != nil {
				return err
			}
			if !do(story) {
				return nil
			}
		}
		return nil
	})
}

// Story gives the story that has or had an id or public id; ErrUnknown if none.
func (s *Store) Story(id string) (story *news.Story, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		n := tx.Bucket(bucketIDs).Get([]byte(id))
		if n == nil {
			return ErrUnknown
		}
		story, err = storyOf(tx, numberOf(n))
		return err
	})
	return story, err
}

// Facts gives what each feed's last good document said about its feed.
func (s *Store) Facts() (facts map[string]news.Facts, err error) {
	facts = map[string]news.Facts{}
	err = s.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketFeeds).ForEach(func(url, n []byte) error {
			text := tx.Bucket(bucketFacts).Get(n)
			if text == nil {
				return nil
			}
			var f news.Facts
			err := decode(text, &f)
			facts[string(url)] = f
			return err
		})
	})
	return facts, err
}

// Read reports whether any feed has been read with success since the store was
// made, and when that was.
func (s *Store) Read() (read bool, made time.Time, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		m, err := aboutOf(tx)
		read, made = m.Read, m.Made
		return err
	})
	return read, made, err
}
