package store

import (
	"context"
	"errors"
	"fronteras/aggregator/identity/explain"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// refolded is how many stories one transaction of a refold takes.
const refolded = 200

// Change is what a refold makes, or would make, of a story.
type Change struct {
	Story string   `json:"story"` // its id
	Title string   `json:"title"`
	What  []string `json:"what"` // in words
}

// Refold runs the present rules over all stored items and rulings, and says what
// that changes. With dry, it changes nothing. Ids stay what they are; where two
// stories become one, those of the other lead to it.
func (s *Store) Refold(ctx context.Context, now time.Time, dry bool) (changes []Change, err error) {
	numbers, err := s.numbers()
	if err != nil {
		return nil, err
	}
	if dry {
		err := s.update(ctx, func(tx *bolt.Tx) (err error) {
			if _, err = each(tx, numbers, s.rewriteKeys); err == nil {
				changes, err = each(tx, numbers, s.refoldStory(now))
			}
			if err == nil {
				err = errDry
			}
			return err
		})
		if errors.Is(err, errDry) {
			err = nil
		}
		return changes, err
	}
	for _, do := range []rewrite{s.rewriteKeys, s.refoldStory(now)} {
		for part := range slices.Chunk(numbers, refolded) {
			var made []Change
			err := s.update(ctx, func(tx *bolt.Tx) (err error) {
				made, err = each(tx, part, do)
				return err
			})
			if err != nil {
				return nil, err
			}
			changes = append(changes, made...)
		}
	}
	return changes, nil
}

// rewrite does a part of a refold for one story.
type rewrite func(tx *bolt.Tx, n uint64) (Change, error)

// each does something for each story, and keeps what that changed.
func each(tx *bolt.Tx, numbers []uint64, do rewrite) (changes []Change, err error) {
	defer unread(&err)
	for _, n := range numbers {
		c, err := do(tx, n)
		if err != nil {
			return nil, err
		}
		if len(c.What) > 0 {
			changes = append(changes, c)
		}
	}
	return changes, nil
}

// errDry gives up a transaction that was only to show what it does.
var errDry = errors.New("dry run")

// MarkRules tells the store by which rules it is used from now on: the mark stands for
// them and their configuration. From when another takes its place, two stories that
// were published before become one only by what is learned after.
func (s *Store) MarkRules(ctx context.Context, mark string, now time.Time) error {
	return s.update(ctx, func(tx *bolt.Tx) error {
		m, err := readAbout(tx)
		if err != nil || m.Mark == mark {
			return err
		}
		if m.Mark != "" || m.Keyed != "" && m.Keyed != mark {
			m.Ruled = now
		}
		m.Mark = mark
		return putAbout(tx, m)
	})
}

// Rekey computes the keys of all items anew where they were last computed under
// another mark: of the rules that make keys, and of their configuration. Old keys
// stay. Stories whose items have new ones are sorted anew: what would become one
// with another is flagged. It takes its time, in small transactions, and begins
// again where it was cut short. It reports whether there was anything to do.
func (s *Store) Rekey(ctx context.Context, mark string, now time.Time) (done bool, err error) {
	var m about
	err = s.db.View(func(tx *bolt.Tx) (err error) {
		m, err = readAbout(tx)
		return err
	})
	if err != nil || m.Keyed == mark {
		return false, err
	}
	numbers, err := s.numbers()
	if err != nil {
		return false, err
	}
	var moved []uint64
	for _, do := range []rewrite{s.noteMoved(&moved), s.regroupStory(now)} {
		for part := range slices.Chunk(numbers, refolded) {
			err := s.update(ctx, func(tx *bolt.Tx) error {
				_, err := each(tx, part, do)
				return err
			})
			if err != nil {
				return false, err
			}
		}
		numbers = moved
	}
	return true, s.update(ctx, func(tx *bolt.Tx) error {
		m, err := readAbout(tx)
		if err != nil {
			return err
		}
		m.Keyed = mark
		return putAbout(tx, m)
	})
}

// numbers are those of all stories, ascending.
func (s *Store) numbers() (numbers []uint64, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketStories).ForEach(func(key, _ []byte) error {
			numbers = append(numbers, numberOf(key))
			return nil
		})
	})
	return numbers, err
}

// rewriteKeys writes the keys of a story's items as they are made now. Old ones
// stay beside them.
func (s *Store) rewriteKeys(tx *bolt.Tx, n uint64) (Change, error) {
	if tx.Bucket(bucketStories).Get(number(n)) == nil { // it has ended since it was listed
		return Change{}, nil
	}
	story, err := storyOf(tx, n)
	if err != nil {
		return Change{}, err
	}
	var keys []entry
	for _, i := range story.Items {
		keys = appendKeys(keys, tx, s.desk.Load(), i, false)
	}
	return Change{}, indexOfKeys().put(tx, keys)
}

// noteMoved is rewriteKeys, which adds to a list the stories whose items have keys
// that they had not.
func (s *Store) noteMoved(list *[]uint64) rewrite {
	return func(tx *bolt.Tx, n uint64) (Change, error) {
		moved, err := s.hasNewKeys(tx, n)
		if err != nil {
			return Change{}, err
		}
		if moved {
			*list = append(*list, n)
		}
		return s.rewriteKeys(tx, n)
	}
}

// hasNewKeys reports whether an item of a story has a key that is not written yet.
func (s *Store) hasNewKeys(tx *bolt.Tx, n uint64) (bool, error) {
	if tx.Bucket(bucketStories).Get(number(n)) == nil {
		return false, nil
	}
	story, err := storyOf(tx, n)
	if err != nil {
		return false, err
	}
	for _, i := range story.Items {
		for _, k := range s.desk.Load().Keys(i) {
			if indexOfKeys().get(tx, entryOf(tx, k, i)) == nil {
				return true, nil
			}
		}
	}
	return false, nil
}

// regroupStory sorts a story's items anew, as when one of them is touched.
func (s *Store) regroupStory(now time.Time) rewrite {
	return func(tx *bolt.Tx, n uint64) (c Change, err error) {
		if tx.Bucket(bucketStories).Get(number(n)) == nil {
			return c, nil
		}
		r := s.readerAt(tx, now)
		_, err = s.apply(tx, s.desk.Load().Regroup(r, r.Story(n).Members, now), now)
		return c, err
	}
}

// refoldStory sorts a story's items anew. A story that has ended since is passed over.
func (s *Store) refoldStory(now time.Time) rewrite {
	return func(tx *bolt.Tx, n uint64) (Change, error) {
		if tx.Bucket(bucketStories).Get(number(n)) == nil {
			return Change{}, nil
		}
		r := s.readerAt(tx, now)
		before := r.Story(n)
		if !before.Pruned.IsZero() { // the rules need its texts
			return Change{}, nil
		}
		if _, err := s.apply(tx, s.desk.Load().Refold(r, before.Members, now), now); err != nil {
			return Change{}, err
		}
		c := Change{Story: before.ID}
		if i := before.Item(before.LeadItem); i != nil {
			c.Title = i.Entry.Title
		}
		if tx.Bucket(bucketStories).Get(number(n)) == nil {
			c.What = []string{"it becomes one with " + heir(tx, before)}
			return c, nil
		}
		c.What = explain.Differences(before, r.Story(n))
		return c, nil
	}
}

// heir is the id of the story that a story's shown item is in now.
func heir(tx *bolt.Tx, before *news.Story) string {
	r := reader{tx: tx}
	return r.Story(r.Item(before.LeadItem).Story).ID
}
