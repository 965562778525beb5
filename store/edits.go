package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"hash/fnv"
	"math"
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// What is derived from the store and lies next to it follows the edits: of each published story that has changed since
// it was indexed, the number of the change. The store is opened again and again, and each time begins another life,
// with a number that no other store has, also none that is restored from a backup of this one. Who has followed the
// edits in one of the lives remembered, up to a change that was made in it, can go on.
const (
	maxLives = 32
	lifeSize = 8 + 8 // its number, and that of the last change before it
)

// keyLives is where the lives are kept, the latest last.
var keyLives = []byte("lives")

// life is the time from when the store was opened to when it is opened next.
type life struct{ number, before uint64 }

func readLives(tx *sealedTx) (lives []life) {
	text := tx.Bucket(bucketMeta).Get(keyLives)
	for ; len(text) >= lifeSize; text = text[lifeSize:] {
		lives = append(lives, life{binary.BigEndian.Uint64(text), binary.BigEndian.Uint64(text[8:])})
	}
	return lives
}

// beginLife notes that the store is opened. If changes were lost, nobody can go on from an earlier life.
func beginLife(tx *sealedTx, lost bool, now time.Time) error {
	lives := readLives(tx)
	h := fnv.New64a()
	for _, l := range lives {
		_, _ = h.Write(numberKey(l.number)) // it never fails
	}
	_, _ = h.Write(numberKey(uint64(now.UnixNano())))
	if lost {
		lives = nil
	}
	lives = append(lives, life{h.Sum64(), tx.Bucket(bucketEdits).Sequence()})
	var text []byte
	for _, l := range lives[max(0, len(lives)-maxLives):] {
		text = append(append(text, numberKey(l.number)...), numberKey(l.before)...)
	}
	return tx.Bucket(bucketMeta).Put(keyLives, text)
}

// noteEdit notes that a published story has changed.
func noteEdit(tx *sealedTx, story uint64) error {
	b := tx.Bucket(bucketEdits)
	n, err := b.NextSequence()
	if err != nil {
		return err
	}
	return b.Put(numberKey(story), numberKey(n))
}

// EditsAfter lists published stories that have changed after a place, the first to change first, as many as limit at
// most, and the place that is reached by them. Known is false if the place is not one of this store, or too old: all
// stories are to be looked at then, and to is the last change.
func (s *Store) EditsAfter(after news.Place, limit int) (stories []uint64, to news.Place, known bool, err error) {
	err = s.view(func(tx *sealedTx) error {
		b, lives := tx.Bucket(bucketEdits), readLives(tx)
		if len(lives) == 0 {
			return nil
		}
		to = news.Place{Life: lives[len(lives)-1].number, Change: b.Sequence()}
		at := slices.IndexFunc(lives, func(l life) bool { return l.number == after.Life })
		ended := uint64(math.MaxUint64) // the last change of that life
		if at >= 0 && at+1 < len(lives) {
			ended = lives[at+1].before
		}
		if known = at >= 0 && after.Change >= lives[at].before && after.Change <= min(ended, to.Change); !known {
			return nil
		}
		type edit struct{ story, change uint64 }
		var edits []edit
		err := b.ForEach(func(story, change []byte) error {
			if n := numberFromKey(change); n > after.Change {
				edits = append(edits, edit{numberFromKey(story), n})
			}
			return nil
		})
		slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(a.change, b.change) })
		if len(edits) > limit {
			edits = edits[:limit]
			to.Change = edits[limit-1].change
		}
		for _, e := range edits {
			stories = append(stories, e.story)
		}
		return err
	})
	return stories, to, known, err
}

// DropEdits forgets the changes up to a place, which have been followed. It does not wait for the disk.
func (s *Store) DropEdits(ctx context.Context, upTo news.Place) error {
	return s.updateLater(ctx, func(tx txn) error {
		b := tx.Bucket(bucketEdits)
		var done [][]byte
		err := b.ForEach(func(story, change []byte) error {
			if numberFromKey(change) <= upTo.Change {
				done = append(done, slices.Clone(story))
			}
			return nil
		})
		for _, story := range done {
			if err == nil {
				err = b.Delete(story)
			}
		}
		return err
	})
}

// StoriesBelow lists published stories, held and withdrawn ones too, whose numbers are below one: those with the
// highest, of as many numbers as limit. Next is the number to go on with; 0 at the end.
func (s *Store) StoriesBelow(below uint64, limit int) (stories []*news.Story, next uint64, err error) {
	err = s.view(func(tx *sealedTx) error {
		load := s.unreadable.storyLoader(tx, readStory)
		c := tx.Bucket(bucketStories).Cursor()
		key, _ := c.SeekBefore(numberKey(below))
		for ; key != nil && limit > 0; key, _ = c.Prev() {
			limit--
			next = numberFromKey(key)
			story, err := load(next)
			if err != nil {
				return err
			}
			if story != nil && !story.IDAssignedAt.IsZero() {
				stories = append(stories, story)
			}
		}
		if key == nil {
			next = 0
		}
		return nil
	})
	return stories, next, err
}
