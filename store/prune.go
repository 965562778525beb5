package store

import (
	"context"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// Retention is for how long the text of a story stays in the store at least, from
// its publication on.
const Retention = 2 * 365 * 24 * time.Hour

// pruned is how many stories one transaction prunes at most, and one call.
const pruned = 200

// Prune takes texts and pictures of old stories out of the store: of those that were
// published more than Retention, and more than maxAge, before the newest one. What is
// left of them is what they are known by and found under: ids and aliases, guids,
// addresses, headlines, dates, edges, rulings, withdrawals. So an item that comes
// back is the one it was, a join can be undone, and archive documents list what they
// listed. It reports how many stories it pruned; where more wait, a later call goes
// on.
//
// Age counts from the newest story, as in [Store.Window], so that a desk that is
// quiet for years keeps all. Stories are visited in the order of their publication,
// each once in its life: what was reached last is kept, and looked for by key.
func (s *Store) Prune(ctx context.Context, maxAge time.Duration, now time.Time) (done int, err error) {
	var due bool
	err = s.view(func(tx *bolt.Tx) error {
		m, err := readAbout(tx)
		if err != nil {
			return err
		}
		before, err := s.prunable(tx, maxAge)
		if err != nil {
			return err
		}
		_, _, due, err = s.nextToPrune(tx, m.Pruned, before)
		return err
	})
	if err != nil || !due {
		return 0, err
	}
	err = s.update(ctx, func(tx *bolt.Tx) (err error) {
		done, err = s.prune(tx, maxAge, now)
		return err
	})
	return done, err
}

// prunable is before when a story must have been published to be pruned.
func (s *Store) prunable(tx *bolt.Tx, maxAge time.Duration) (time.Time, error) {
	newest, err := s.newest(tx)
	return newest.Add(-max(Retention, maxAge)), err
}

// prune prunes the stories that are next, so many at most.
func (s *Store) prune(tx *bolt.Tx, maxAge time.Duration, now time.Time) (done int, err error) {
	m, err := readAbout(tx)
	if err != nil {
		return 0, err
	}
	before, err := s.prunable(tx, maxAge)
	if err != nil {
		return 0, err
	}
	for range pruned {
		story, sequence, due, err := s.nextToPrune(tx, m.Pruned, before)
		if err != nil {
			return 0, err
		}
		if !due {
			break
		}
		m.Pruned = sequence
		if story == nil { // it has ended, or cannot be read
			continue
		}
		if err := pruneStory(tx, story, now); err != nil {
			return 0, err
		}
		done++
	}
	m.Revision++
	return done, putAbout(tx, m)
}

// nextToPrune is the first story published behind a place in the order of
// publication, and its place; due is false where none stands there that was
// published before a time. Of a place whose story has ended or cannot be read the
// story is nil.
func (s *Store) nextToPrune(tx *bolt.Tx, after uint64, before time.Time) (story *news.Story, sequence uint64, due bool, err error) {
	key, value := tx.Bucket(bucketNumbers).Cursor().Seek(number(after + 1))
	if key == nil {
		return nil, 0, false, nil
	}
	sequence = numberOf(key)
	if numberOf(value[:8]) == 0 {
		return nil, sequence, momentOf(value[8:]).Before(before), nil
	}
	story, err = storyOf(tx, numberOf(value[:8]))
	switch {
	case s.leftOut(tx, story, err):
		return nil, sequence, true, nil
	case err != nil:
		return nil, 0, false, err
	}
	return story, sequence, story.PublishedAt.Before(before), nil
}

// pruneStory takes the texts of a story's items away, and its corrections. Nothing
// goes that a list or a key is made of.
func pruneStory(tx *bolt.Tx, story *news.Story, now time.Time) error {
	items := tx.Bucket(bucketItems)
	for _, i := range story.Items {
		i.Entry, i.Pruned = i.Entry.Bare(), now
		// bbolt gives back the room of what is deleted; what only shrinks keeps its page.
		if err := items.Delete(number(i.Number)); err != nil {
			return err
		}
		if err := put(items, number(i.Number), i); err != nil {
			return err
		}
	}
	story.Notes, story.Pruned, story.Changed = nil, now, now
	return put(tx.Bucket(bucketStories), number(story.Number), story)
}
