package store

import (
	"context"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// Rule makes an editor's order rulings, keeps them for ever, and applies them: all
// of it or nothing. It returns the rulings and the stories that hold what they
// bind, in the order of the rulings, each once, as they are now. It fails where
// the order names what is not there, or asks for what is so already.
func (s *Store) Rule(ctx context.Context, o identity.Order, now time.Time) (rulings []news.Ruling, stories []*news.Story, err error) {
	err = s.update(ctx, func(tx *bolt.Tx) (err error) {
		defer unread(&err)
		rulings, err = s.desk.Load().Rulings(s.readerAt(tx, now), o, now)
		for n := range rulings {
			if err == nil {
				err = s.rule(tx, &rulings[n])
			}
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	stories, err = s.bound(rulings)
	return rulings, stories, err
}

// rule numbers a ruling, keeps it and applies it.
func (s *Store) rule(tx *bolt.Tx, r *news.Ruling) (err error) {
	bucket := tx.Bucket(bucketRulings)
	if r.Number, err = bucket.NextSequence(); err != nil {
		return err
	}
	if err := put(bucket, number(r.Number), r); err != nil {
		return err
	}
	o := s.desk.Load().Rule(s.readerAt(tx, r.When), *r)
	if r.Feed != "" {
		if err := s.writeMemory(tx, r.Feed, feedNumber(tx, r.Feed), o.Memory); err != nil {
			return err
		}
	}
	_, err = s.apply(tx, o, r.When)
	return err
}

// bound are the stories that hold the items of rulings.
func (s *Store) bound(rulings []news.Ruling) (stories []*news.Story, err error) {
	err = s.view(func(tx *bolt.Tx) (err error) {
		defer unread(&err)
		r := reader{tx: tx}
		seen := map[uint64]bool{}
		for _, ruling := range rulings {
			for _, list := range [][]uint64{ruling.Items, ruling.With} {
				for _, n := range list {
					if story := r.Item(n).Story; !seen[story] {
						seen[story] = true
						stories = append(stories, r.Story(story))
					}
				}
			}
		}
		return nil
	})
	return stories, err
}

// Rulings gives the rulings that bind any of a story's items, the first first.
func (s *Store) Rulings(story *news.Story) (rulings []news.Ruling, err error) {
	err = s.view(func(tx *bolt.Tx) (err error) {
		defer unread(&err)
		seen := map[uint64]bool{}
		for _, i := range story.Items {
			for _, n := range i.Ruled {
				if !seen[n] {
					seen[n] = true
					rulings = append(rulings, reader{tx: tx}.Ruling(n))
				}
			}
		}
		return nil
	})
	return rulings, err
}

// Ruling implements [identity.Reader].
func (r reader) Ruling(n uint64) (ruling news.Ruling) {
	must(decode(r.tx.Bucket(bucketRulings).Get(number(n)), &ruling))
	return ruling
}

// StoryNumbered gives the story of that number; ErrUnknown where it is no more.
func (s *Store) StoryNumbered(n uint64) (story *news.Story, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		if tx.Bucket(bucketStories).Get(number(n)) == nil {
			return ErrUnknown
		}
		story, err = storyOf(tx, n)
		return err
	})
	return story, err
}
