package store

import (
	"context"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// settled is how many stories one transaction settles at most.
const settled = 1000

// Settle gives ids to the stories that are new since it was last called, and
// publishes them. It returns the store's revision, which rises whenever what is
// published changes, and the stories that were settled, without their items.
func (s *Store) Settle(ctx context.Context, now time.Time) (revision uint64, stories []*news.Story, err error) {
	if err := s.release(ctx, now); err != nil {
		return 0, nil, err
	}
	waiting, err := s.unsettled()
	if err != nil {
		return 0, nil, err
	}
	for part := range slices.Chunk(waiting, settled) {
		if err := s.update(ctx, func(tx *bolt.Tx) error { return s.settle(tx, part, now) }); err != nil {
			return 0, nil, err
		}
	}
	for _, story := range waiting {
		if story.Out.Equal(now) {
			stories = append(stories, story)
		}
	}
	revision, err = s.Revision()
	return revision, stories, err
}

// release lets go of the stories that the clock held until now.
func (s *Store) release(ctx context.Context, now time.Time) error {
	until, err := s.Until()
	if err != nil || until.IsZero() || until.After(now) {
		return err
	}
	return s.update(ctx, func(tx *bolt.Tx) (err error) {
		defer unread(&err)
		for _, n := range due(tx, now) {
			r := s.folding(tx, now)
			if tx.Bucket(bucketStories).Get(number(n)) == nil { // it has ended in another
				continue
			}
			if _, err := s.apply(tx, s.desk.Load().Regroup(r, r.Story(n).Members, now), now); err != nil {
				return err
			}
		}
		return nil
	})
}

// due are the numbers of the stories that the clock held until now.
func due(tx *bolt.Tx, now time.Time) (numbers []uint64) {
	c := tx.Bucket(bucketUntil).Cursor()
	for key, _ := c.First(); key != nil && !momentOf(key).After(now); key, _ = c.Next() {
		numbers = append(numbers, numberOf(key[8:]))
	}
	return numbers
}

// Until is when the clock releases the next held story; zero where none waits.
func (s *Store) Until() (until time.Time, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		if key, _ := tx.Bucket(bucketUntil).Cursor().First(); key != nil {
			until = momentOf(key)
		}
		return nil
	})
	return until, err
}

// unsettled lists the stories that have no ids yet, in the order in which they
// get them.
func (s *Store) unsettled() (stories []*news.Story, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketNew).ForEach(func(key, _ []byte) error {
			story := &news.Story{}
			err := decode(tx.Bucket(bucketStories).Get(key), story)
			story.Number = numberOf(key)
			stories = append(stories, story)
			return err
		})
	})
	slices.SortFunc(stories, identity.CompareUnsettled)
	return stories, err
}

// settle gives ids to some stories. Ones that have gone since they were listed
// are passed over.
func (s *Store) settle(tx *bolt.Tx, stories []*news.Story, now time.Time) error {
	m, err := aboutOf(tx)
	if err != nil {
		return err
	}
	mint := identity.Mint{Host: m.Host, Year: m.Made.UTC().Year(), Used: func(id string) bool {
		return tx.Bucket(bucketIDs).Get([]byte(id)) != nil
	}}
	for _, story := range stories {
		key := number(story.Number)
		if tx.Bucket(bucketNew).Get(key) == nil {
			continue
		}
		*story = news.Story{Number: story.Number} // it may have changed since it was listed
		if err := decode(tx.Bucket(bucketStories).Get(key), story); err != nil {
			return err
		}
		old := tx.Bucket(bucketStories).Get(key)
		if story.Settled.IsZero() {
			old = nil
		}
		if s.desk.Load().Settle(story, mint, m.Sequence+1, now) {
			m.Sequence++
		}
		if err := tx.Bucket(bucketNew).Delete(key); err != nil {
			return err
		}
		if err := list(tx, story, old); err != nil {
			return err
		}
		if err := put(tx.Bucket(bucketStories), key, story); err != nil {
			return err
		}
	}
	m.Round++
	m.Revision++
	return putAbout(tx, m)
}

// Revision rises whenever what is published changes.
func (s *Store) Revision() (revision uint64, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		m, err := aboutOf(tx)
		revision = m.Revision
		return err
	})
	return revision, err
}
