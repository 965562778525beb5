package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fronteras/aggregator/identity/compose"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// settled is how many stories one transaction settles at most.
const settled = 2500

// Settle gives ids to the stories that are new since it was last called, and
// publishes them. It returns the store's revision, which rises whenever what is
// published changes, and the stories that were published now.
func (s *Store) Settle(ctx context.Context, now time.Time) (revision uint64, published []news.Publication, err error) {
	s.settling.Lock()
	defer s.settling.Unlock()
	if err := errors.Join(s.Flush(ctx), s.release(ctx, now)); err != nil {
		return 0, nil, err
	}
	for whole, tries := false, 0; !whole && tries < settlings; tries++ {
		var out []news.Publication
		if out, whole, err = s.settleListed(ctx, now); err != nil {
			return 0, nil, err
		}
		published = append(published, out...)
	}
	about, err := s.About()
	return about.Revision, published, err
}

// settlings is how often, at most, one settling lists what is to be settled.
const settlings = 3

// settleListed settles what is listed now, in as many transactions as that takes.
// It is not whole where a visit between them made others of the stories: those have
// waited, and are to be listed again.
func (s *Store) settleListed(ctx context.Context, now time.Time) (published []news.Publication, whole bool, err error) {
	turns, last, err := s.turns()
	if err != nil {
		return nil, false, err
	}
	whole = true
	for part := range slices.Chunk(turns, settled) {
		out, all, err := s.settlePart(ctx, part, last, now)
		if err != nil {
			return nil, false, err
		}
		published, whole = append(published, out...), whole && all
	}
	return published, whole, nil
}

// settlePart settles some of them in one transaction; all reports whether each was
// still there.
func (s *Store) settlePart(ctx context.Context, part []turn, last uint64, now time.Time) (published []news.Publication, all bool, err error) {
	err = s.update(ctx, func(tx *bolt.Tx) (err error) {
		published, all, err = s.settle(tx, part, last, now)
		return err
	})
	return published, all, err
}

// CountUnsettled counts the items of stories that have been read and wait to be settled, as
// while other visits are under way.
func (s *Store) CountUnsettled() (items int, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketUnsettled).ForEach(func(n, _ []byte) error {
			story, err := bareStory(tx, n)
			if err == nil { // else it is told where it is read
				items += len(story.Members)
			}
			return nil
		})
	})
	return items, err
}

// release lets go of the stories that the clock held until now.
func (s *Store) release(ctx context.Context, now time.Time) error {
	until, err := s.NextRelease()
	if err != nil || until.IsZero() || until.After(now) {
		return err
	}
	return s.update(ctx, func(tx *bolt.Tx) (err error) {
		defer unread(&err)
		for _, n := range due(tx, now) {
			r := s.readerAt(tx, now)
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

// NextRelease is when the clock releases the next held story; zero where none waits.
func (s *Store) NextRelease() (until time.Time, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		if key, _ := tx.Bucket(bucketUntil).Cursor().First(); key != nil {
			until = momentOf(key)
		}
		return nil
	})
	return until, err
}

// turn is the settling of one story.
type turn struct {
	compose.Turn
	live     bool
	story    uint64
	sequence uint64 // that it gets; 0 if it is not live
}

const turnSize = 1 + 3*8

func encodeTurn(s *news.Story) []byte {
	t, live := compose.TurnOf(s), byte(0)
	if s.Status == news.Live {
		live = 1
	}
	text := binary.BigEndian.AppendUint64([]byte{live}, uint64(t.Published))
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(text, t.Key), t.Tie)
}

func decodeTurn(story, text []byte) turn {
	word := func(n int) uint64 { return binary.BigEndian.Uint64(text[1+8*n:]) }
	return turn{compose.Turn{Published: int64(word(0)), Key: word(1), Tie: word(2)}, text[0] == 1, numberOf(story), 0}
}

// turns lists the stories that are to be settled, with their numbers of
// publication, which are in the order of their turns, and the last of those. The
// list itself is in the order of the stories' numbers, in which they stand on the
// disk: else each transaction would write most of what it holds. Only those that
// are to have an id of one key come first, in their turns.
func (s *Store) turns() (list []turn, last uint64, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		m, err := readAbout(tx)
		if err != nil {
			return err
		}
		last = m.Sequence
		return tx.Bucket(bucketUnsettled).ForEach(func(story, text []byte) error {
			list = append(list, decodeTurn(story, text))
			return nil
		})
	})
	slices.SortFunc(list, func(a, b turn) int { return cmp.Or(a.Compare(b.Turn), cmp.Compare(a.story, b.story)) })
	of := make(map[uint64]int, len(list)) // how many are of each key
	for n := range list {
		of[list[n].Key]++
		if list[n].live {
			last++
			list[n].sequence = last
		}
	}
	slices.SortStableFunc(list, func(a, b turn) int {
		switch x, y := of[a.Key] > 1, of[b.Key] > 1; {
		case x && y:
			return 0
		case x:
			return -1
		case y:
			return 1
		}
		return cmp.Compare(a.story, b.story)
	})
	return list, last, err
}

// settle gives ids to some stories, and tells which it published. Ones that have
// gone or changed since they were listed are passed over, and all is false; their
// numbers of publication stay empty. Last is the last of those that this settling
// gives.
func (s *Store) settle(tx *bolt.Tx, turns []turn, last uint64, now time.Time) (published []news.Publication, all bool, err error) {
	m, err := readAbout(tx)
	if err != nil {
		return nil, false, err
	}
	t, err := tallyOf(tx)
	if err != nil {
		return nil, false, err
	}
	all = true
	mint := compose.IDGenerator{Host: m.Host, Year: m.Made.UTC().Year(), Used: func(id string) bool {
		return indexOfIDs().get(tx, []byte(id)) != nil
	}}
	for _, of := range turns {
		text := tx.Bucket(bucketUnsettled).Get(number(of.story))
		if text == nil || (text[0] == 1) != of.live {
			all = false
			continue
		}
		p, err := s.settleStory(tx, t, of.story, mint, of.sequence, now)
		if err != nil {
			return nil, false, err
		}
		if p != nil {
			published = append(published, *p)
		}
	}
	m.Round++
	m.Revision++
	m.Sequence = last
	return published, all, errors.Join(t.keep(tx), putAbout(tx, m))
}

// settleStory gives its ids to one story, and tells what it published; nil where
// the story is held, or cannot be read.
func (s *Store) settleStory(tx *bolt.Tx, t *tally, n uint64, mint compose.IDGenerator, sequence uint64, now time.Time) (*news.Publication, error) {
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
	out := compose.Settle(story, mint, sequence, now)
	text, err := encode(story)
	err = errors.Join(err, list(tx, t, &before, story), listWords(tx, proposal.Topics, proposal.Language))
	if err == nil {
		err = bucket.Put(number(n), text)
	}
	if !out || err != nil {
		return nil, err
	}
	return &news.Publication{Story: story.ID, Items: len(story.Members)}, nil
}
