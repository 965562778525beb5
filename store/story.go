package store

import (
	"context"
	"maps"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// EachStory calls do with the stories that have been published, held and withdrawn
// ones too, the newest first, until it returns false. The stories are the
// caller's; do must not call the store.
func (s *Store) EachStory(do func(*news.Story) bool) error { return s.ordered(bucketOrder, do) }

// EachFlagged does the same with those that bear a flag.
func (s *Store) EachFlagged(do func(*news.Story) bool) error { return s.ordered(bucketFlagged, do) }

// ordered calls do with the stories of a list that is in the order of their dates.
func (s *Store) ordered(bucket []byte, do func(*news.Story) bool) error {
	return s.view(func(tx *bolt.Tx) error {
		c := tx.Bucket(bucket).Cursor()
		for key, n := c.First(); key != nil; key, n = c.Next() {
			story, err := storyOf(tx, numberOf(n))
			if s.leftOut(tx, story, err) {
				continue
			}
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
	err = s.view(func(tx *bolt.Tx) error {
		n := indexOfIDs().get(tx, []byte(id))
		if n == nil {
			return ErrUnknown
		}
		story, err = storyOf(tx, numberOf(n))
		return err
	})
	return story, err
}

// FeedFacts gives what each feed's last good document said about its feed.
func (s *Store) FeedFacts() (facts map[string]news.Facts, err error) {
	facts = map[string]news.Facts{}
	err = s.view(func(tx *bolt.Tx) error {
		known := tx.Bucket(bucketFacts)
		return tx.Bucket(bucketFeeds).ForEach(func(url, n []byte) error {
			text := known.Get(n)
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

// DateConfiguration keeps a fingerprint of what shapes documents beside their stories, and
// returns since when it has been what it is.
func (s *Store) DateConfiguration(ctx context.Context, fingerprint string, now time.Time) (since time.Time, err error) {
	err = s.update(ctx, func(tx *bolt.Tx) error {
		m, err := readAbout(tx)
		if err != nil {
			return err
		}
		if m.Fingerprint != fingerprint {
			m.Fingerprint, m.Stamped = fingerprint, now
		}
		since = m.Stamped
		return putAbout(tx, m)
	})
	return since, err
}

// Lookup finds the stories that something leads to: an id, a public id or an
// alias; else an address or a guid of an item. The stories are in the order of
// their numbers; there may be none.
func (s *Store) Lookup(what string) (stories []*news.Story, err error) {
	err = s.view(func(tx *bolt.Tx) (err error) {
		defer unread(&err)
		r := reader{tx: tx}
		if n := r.StoryOf(what); n != 0 {
			stories = []*news.Story{r.Story(n)}
			return nil
		}
		var feeds []string
		err = tx.Bucket(bucketFeeds).ForEach(func(url, _ []byte) error {
			feeds = append(feeds, string(url))
			return nil
		})
		found := map[uint64]bool{}
		for _, i := range s.desk.Load().ItemsNamed(r, what, feeds) {
			found[i.Story] = true
		}
		for _, n := range slices.Sorted(maps.Keys(found)) {
			stories = append(stories, r.Story(n))
		}
		return err
	})
	return stories, err
}

// FeedFlags gives the flags of a feed.
func (s *Store) FeedFlags(feed string) (flags []news.Flag, err error) {
	err = s.view(func(tx *bolt.Tx) (err error) {
		defer unread(&err)
		flags = reader{tx: tx}.Memory(feed).Flags
		return nil
	})
	return flags, err
}

// Ask lists the pages that are to be read before an arrival is saved; due
// reports whether there is something to decide though none can be asked. The match
// is to be saved with the arrival; nil where nothing was matched.
func (s *Store) Ask(_ context.Context, a identity.Arrival) (questions []identity.Question, due bool, match *identity.Match, err error) {
	if _, waits := s.waiting.Load(a.Feed.URL); a.Same && !waits {
		return nil, false, nil, nil
	}
	err = s.view(func(tx *bolt.Tx) (err error) {
		defer unread(&err)
		questions, due, match = s.desk.Load().Ask(reader{tx: tx}, a)
		return nil
	})
	return questions, due, match, err
}
