package store

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// settled is how many stories one transaction settles at most. Each is entered at
// random places of some lists, so few transactions write much less than many.
const settled = 4000

// Settle gives ids to the stories that are new since it was last called, and
// publishes them. It returns the store's revision, which rises whenever what is
// published changes, and the stories that were published now.
func (s *Store) Settle(ctx context.Context, now time.Time) (revision uint64, published []news.Publication, err error) {
	if err := errors.Join(s.Flush(ctx), s.release(ctx, now)); err != nil {
		return 0, nil, err
	}
	waiting, err := s.unsettled()
	if err != nil {
		return 0, nil, err
	}
	for part := range slices.Chunk(waiting, settled) {
		var out []news.Publication
		err := s.update(ctx, func(tx *bolt.Tx) (err error) {
			out, err = s.settle(tx, part, now)
			return err
		})
		if err != nil {
			return 0, nil, err
		}
		published = append(published, out...)
	}
	revision, err = s.Revision()
	return revision, published, err
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

// unsettled lists the entries of the stories that have no ids yet, in the order
// in which they get them.
func (s *Store) unsettled() (entries [][]byte, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketUnsettled).ForEach(func(entry, _ []byte) error {
			entries = append(entries, bytes.Clone(entry))
			return nil
		})
	})
	return entries, err
}

// settle gives ids to the stories of some entries, and tells which it published.
// Ones that have gone or changed since they were listed are passed over.
func (s *Store) settle(tx *bolt.Tx, entries [][]byte, now time.Time) (published []news.Publication, err error) {
	m, err := aboutOf(tx)
	if err != nil {
		return nil, err
	}
	t, err := tallyOf(tx)
	if err != nil {
		return nil, err
	}
	mint := identity.Mint{Host: m.Host, Year: m.Made.UTC().Year(), Used: func(id string) bool {
		return tx.Bucket(bucketIDs).Get([]byte(id)) != nil
	}}
	for _, entry := range entries {
		if tx.Bucket(bucketUnsettled).Get(entry) == nil {
			continue
		}
		p, err := s.settleStory(tx, t, numberOf(entry[len(entry)-8:]), mint, m.Sequence+1, now)
		if err != nil {
			return nil, err
		}
		if p != nil {
			m.Sequence++
			published = append(published, *p)
		}
	}
	m.Round++
	m.Revision++
	return published, errors.Join(t.keep(tx), putAbout(tx, m))
}

// settleStory gives its ids to one story, and tells what it published; nil where
// the story is held, or cannot be read.
func (s *Store) settleStory(tx *bolt.Tx, t *tally, n uint64, mint identity.Mint, sequence uint64, now time.Time) (*news.Publication, error) {
	bucket := tx.Bucket(bucketStories)
	story := &news.Story{Number: n}
	if err := decode(bucket.Get(number(n)), story); err != nil {
		if s.leftOut(tx, story, err) {
			err = nil
		}
		return nil, err
	}
	before, proposal := *story, news.Proposal{}
	if story.Proposal != nil {
		proposal = *story.Proposal
	}
	out := s.desk.Load().Settle(story, mint, sequence, now)
	err := errors.Join(
		list(tx, t, &before, story), listWords(tx, proposal.Topics, proposal.Language), put(bucket, number(n), story),
	)
	if !out || err != nil {
		return nil, err
	}
	return &news.Publication{Story: story.ID, Items: len(story.Members)}, nil
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
