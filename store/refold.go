package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/identity/explain"
	"fronteras/aggregator/news"
)

// maxRefolded is how many stories one transaction of a refold takes.
const maxRefolded = 200

// StoryChange is what a refold makes, or would make, of a story.
type StoryChange struct {
	Story string   `json:"story"` // its id
	Title string   `json:"title"`
	What  []string `json:"what"` // in words
}

// Refold runs the present rules over all stored items and rulings, and says what that changes. With
// dry, it changes nothing. Ids stay what they are; where two stories become one, those of the other
// lead to it.
func (s *Store) Refold(ctx context.Context, now time.Time, dry bool) (changes []StoryChange, err error) {
	numbers, err := s.storyNumbers()
	if err != nil {
		return nil, err
	}
	var rekey rewrite = func(tx txn, n uint64) (c StoryChange, err error) { return c, rewriteKeys(tx, n, now) }
	refold := func(tx txn, n uint64) (StoryChange, error) { return refoldStory(tx, n, now) }
	if dry {
		err := s.update(ctx, func(tx txn) (err error) {
			if _, err = rewriteEach(tx, numbers, rekey); err == nil {
				changes, err = rewriteEach(tx, numbers, refold)
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
	for _, do := range []rewrite{rekey, refold} {
		made, err := s.rewriteAll(ctx, numbers, do)
		if err != nil {
			return nil, err
		}
		changes = append(changes, made...)
	}
	return changes, nil
}

// errDry gives up a transaction that was only to show what it does.
var errDry = errors.New("dry run")

// rewrite does a part of a refold for one story.
type rewrite func(tx txn, n uint64) (StoryChange, error)

// rewriteAll does something for each story, in small transactions.
func (s *Store) rewriteAll(ctx context.Context, numbers []uint64, do rewrite) (changes []StoryChange, err error) {
	for part := range slices.Chunk(numbers, maxRefolded) {
		var made []StoryChange
		err := s.update(ctx, func(tx txn) (err error) {
			made, err = rewriteEach(tx, part, do)
			return err
		})
		if err != nil {
			return nil, err
		}
		changes = append(changes, made...)
	}
	return changes, nil
}

// rewriteEach does something for each story that has not ended since it was listed, and keeps what
// that changed.
func rewriteEach(tx txn, numbers []uint64, do rewrite) (changes []StoryChange, err error) {
	defer catchUnreadable(&err)
	for _, n := range numbers {
		if tx.Bucket(bucketStories).Get(numberKey(n)) == nil {
			continue
		}
		if story, err := readStory(tx.sealedTx, n); tx.unreadable.leaveOutStory(tx.sealedTx, story, err) {
			continue
		}
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

// Rekey computes the keys of all items again where they were last computed under another mark: of
// the rules that make keys, and of their configuration. Old keys stay. Stories whose items have new
// ones are sorted again: what would become one with another is flagged. It takes its time, in small
// transactions, and begins again where it was cut short. It reports whether there was anything to
// do.
func (s *Store) Rekey(ctx context.Context, mark string, now time.Time) (done bool, err error) {
	var m about
	err = viewFile(s.db, func(tx *sealedTx) (err error) {
		m, err = readAbout(tx)
		return err
	})
	if err != nil || m.Keyed == mark {
		return false, err
	}
	numbers, err := s.storyNumbers()
	if err != nil {
		return false, err
	}
	var moved []uint64
	_, err = s.rewriteAll(ctx, numbers, func(tx txn, n uint64) (StoryChange, error) {
		story, err := readStory(tx.sealedTx, n)
		if err == nil && hasNewKeys(tx, story) {
			moved = append(moved, n)
		}
		return StoryChange{}, errors.Join(err, rewriteKeys(tx, n, now))
	})
	if err == nil {
		_, err = s.rewriteAll(ctx, moved, func(tx txn, n uint64) (StoryChange, error) {
			return StoryChange{}, regroupStory(tx, n, now)
		})
	}
	if err != nil {
		return false, err
	}
	return true, s.update(ctx, func(tx txn) error {
		m, err := readAbout(tx.sealedTx)
		if err != nil {
			return err
		}
		m.Keyed = mark
		return putAbout(tx.sealedTx, m)
	})
}

// storyNumbers are those of all stories, ascending.
func (s *Store) storyNumbers() (numbers []uint64, err error) {
	err = s.view(func(tx *sealedTx) error {
		return tx.Bucket(bucketStories).ForEach(func(key, _ []byte) error {
			numbers = append(numbers, numberFromKey(key))
			return nil
		})
	})
	return numbers, err
}

// rewriteKeys writes the keys of a story's items as they are made now. Old ones stay.
func rewriteKeys(tx txn, n uint64, now time.Time) error {
	r := readerAt(tx, now)
	story := r.Story(n)
	if err := writeStoryKeys(tx.sealedTx, tx.rules, story); err != nil {
		return err
	}
	var people []identity.Passing
	if err := r.decide(func() { people = tx.rules.PeopleKeys(r, story.Members, now) }); err != nil {
		return err
	}
	return tx.textKeys.writeKeys(tx.sealedTx, people, now)
}

// writeStoryKeys enters the keys of a story's items that are not entered.
func writeStoryKeys(tx *sealedTx, rules *identity.Rules, story *news.Story) error {
	var keys []entry
	for _, i := range story.Items {
		keys = appendKeys(keys, tx, rules.Keys(i), i, false)
	}
	return indexOfKeys().insertEntries(tx, keys)
}

// hasNewKeys reports whether an item of a story has a key that is not entered yet.
func hasNewKeys(tx txn, story *news.Story) bool {
	for _, i := range story.Items {
		for _, k := range tx.rules.Keys(i) {
			if indexOfKeys().lookupValue(tx.sealedTx, indexEntryKey(tx.sealedTx, k, i)) == nil {
				return true
			}
		}
	}
	return false
}

// refoldStory sorts a story's items again, and says what that changed.
func refoldStory(tx txn, n uint64, now time.Time) (StoryChange, error) {
	r := readerAt(tx, now)
	before := r.Story(n)
	if !before.Pruned.IsZero() { // the rules need its texts
		return StoryChange{}, nil
	}
	var o identity.Outcome
	if err := r.decide(func() { o = tx.rules.Refold(r, before.Members, now) }); err != nil {
		return StoryChange{}, err
	}
	if _, err := applyOutcome(tx, o, now); err != nil {
		return StoryChange{}, err
	}
	c := StoryChange{Story: before.ID}
	if i := before.Item(before.LeadItem); i != nil {
		c.Title = i.Entry.Title
	}
	if tx.Bucket(bucketStories).Get(numberKey(n)) == nil {
		c.What = []string{"it becomes one with " + r.Story(r.Item(before.LeadItem).Story).ID}
		return c, nil
	}
	c.What = explain.Differences(before, r.Story(n))
	return c, nil
}
