package store

import (
	"context"
	"errors"
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
// published changes, and of the stories that were published now number, id, status
// and members.
func (s *Store) Settle(ctx context.Context, now time.Time) (revision uint64, stories []*news.Story, err error) {
	if err := errors.Join(s.Flush(ctx), s.release(ctx, now)); err != nil {
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
			var waiting struct { // no more than the order needs: there may be very many
				Published time.Time      `json:"published"`
				Proposal  *news.Proposal `json:"proposal"`
			}
			err := decode(tx.Bucket(bucketStories).Get(key), &waiting)
			story := &news.Story{Number: numberOf(key), Published: waiting.Published, Proposal: &news.Proposal{}}
			if p := waiting.Proposal; p != nil {
				story.Proposal.Key, story.Proposal.Tie = p.Key, p.Tie
			}
			if s.leftOut(tx, story, err) {
				return nil
			}
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
	for _, waiting := range stories {
		if tx.Bucket(bucketNew).Get(number(waiting.Number)) == nil {
			continue
		}
		story, published, err := s.settleStory(tx, waiting.Number, mint, m.Sequence+1, now)
		if err != nil {
			return err
		}
		if published {
			m.Sequence++
		}
		*waiting = news.Story{Number: story.Number, ID: story.ID, Status: story.Status, Out: story.Out, Members: story.Members}
	}
	m.Round++
	m.Revision++
	return putAbout(tx, m)
}

// settleStory gives its ids to one story.
func (s *Store) settleStory(tx *bolt.Tx, n uint64, mint identity.Mint, sequence uint64, now time.Time) (story *news.Story, published bool, err error) {
	bucket := tx.Bucket(bucketStories)
	old, proposal := bucket.Get(number(n)), news.Proposal{}
	story = &news.Story{Number: n}
	if err := decode(old, story); err != nil {
		return nil, false, err
	}
	if story.Settled.IsZero() {
		old = nil
	}
	if story.Proposal != nil {
		proposal = *story.Proposal
	}
	published = s.desk.Load().Settle(story, mint, sequence, now)
	return story, published, errors.Join(
		tx.Bucket(bucketNew).Delete(number(n)), list(tx, story, old), listWords(tx, proposal.Topics, proposal.Language), put(bucket, number(n), story),
	)
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
