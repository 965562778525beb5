package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
)

// EachStory calls do with the stories that have been published, held and withdrawn ones too, the
// newest first, until it returns false. The stories are the caller's; do must not call the store.
func (s *Store) EachStory(do func(*news.Story) bool) error { return s.eachListed(bucketOrder, nil, do) }

// EachFlagged does the same with those that bear a flag.
func (s *Store) EachFlagged(do func(*news.Story) bool) error {
	return s.eachListed(bucketFlagged, nil, do)
}

// EachHeld does the same with those that are held.
func (s *Store) EachHeld(do func(*news.Story) bool) error {
	return s.eachListed(bucketUnpublished, []byte{listedHeld}, do)
}

// EachWithdrawn does the same with those that are withdrawn.
func (s *Store) EachWithdrawn(do func(*news.Story) bool) error {
	return s.eachListed(bucketUnpublished, []byte{listedWithdrawn}, do)
}

// eachListed calls do with the stories of a list that is in the order of their dates: those whose
// keys begin with a prefix.
func (s *Store) eachListed(bucket, prefix []byte, do func(*news.Story) bool) error {
	return s.view(func(tx *sealedTx) error {
		load := s.unreadable.storyLoader(tx, readStory)
		for _, n := range entriesUnder(tx.Bucket(bucket), prefix) {
			story, err := load(numberFromKey(n))
			if err != nil || story != nil && !do(story) {
				return err
			}
		}
		return nil
	})
}

// Story gives the story that has or had an id or public id; ErrUnknown if none.
func (s *Store) Story(id string) (story *news.Story, err error) {
	err = s.view(func(tx *sealedTx) error {
		n := indexOfIDs().lookupValue(tx, []byte(id))
		if n == nil {
			return ErrUnknown
		}
		story, err = readStoryToShow(tx, numberFromKey(n))
		return err
	})
	return story, err
}

// StoryNumbered gives the story of that number; ErrUnknown if there is none any more.
func (s *Store) StoryNumbered(n uint64) (story *news.Story, err error) {
	err = s.view(func(tx *sealedTx) error {
		if tx.Bucket(bucketStories).Get(numberKey(n)) == nil {
			return ErrUnknown
		}
		story, err = readStoryToShow(tx, n)
		return err
	})
	return story, err
}

// Lookup finds the stories that something leads to: an id, a public id or an alias; else an address
// or a guid of an item. The stories are in the order of their numbers; there may be none.
func (s *Store) Lookup(what string) (stories []*news.Story, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		defer catchUnreadable(&err)
		r := reader{tx: tx}
		if n := r.StoryOf(what); n != 0 {
			stories = []*news.Story{r.Story(n)}
			return nil
		}
		found := map[uint64]bool{}
		hiding := reader{tx: tx, unreadable: &s.unreadable}
		if err := hiding.decide(func() {
			for _, i := range s.rules.Load().ItemsNamed(hiding, what) {
				found[i.Story] = true
			}
		}); err != nil {
			return err
		}
		load := s.unreadable.storyLoader(tx, readStory)
		for _, n := range slices.Sorted(maps.Keys(found)) {
			story, err := load(n)
			if err != nil {
				return err
			}
			if story != nil {
				stories = append(stories, story)
			}
		}
		return err
	})
	return stories, err
}

// Flag shows a doubtful case of a story to the editor, unless one of that kind is
// shown already. What is published does not change.
func (s *Store) Flag(ctx context.Context, id string, flag news.Flag) error {
	return s.update(ctx, func(tx txn) error {
		n := indexOfIDs().lookupValue(tx.sealedTx, []byte(id))
		if n == nil {
			return ErrUnknown
		}
		story, err := readBareStory(tx.sealedTx, numberFromKey(n))
		if err != nil || slices.ContainsFunc(story.Flags, func(f news.Flag) bool {
			return f.Kind == flag.Kind && f.With == flag.With
		}) {
			return err
		}
		before := *story
		story.Flags = append(story.Flags[:len(story.Flags):len(story.Flags)], flag)
		counts, err := readCounts(tx.sealedTx)
		if err != nil {
			return err
		}
		return errors.Join(relistStory(tx.sealedTx, counts, &before, story), putCounts(tx.sealedTx, counts),
			putRecord(tx.Bucket(bucketStories), n, story))
	})
}

// FeedFacts gives what each feed's last good document said about its feed.
func (s *Store) FeedFacts() (facts map[string]news.Facts, err error) {
	facts = map[string]news.Facts{}
	err = s.view(func(tx *sealedTx) error {
		known := tx.Bucket(bucketFacts)
		return tx.Bucket(bucketFeeds).ForEach(func(url, n []byte) error {
			text := known.Get(n)
			if text == nil {
				return nil
			}
			var f news.Facts
			err := decodeRecord(text, &f)
			facts[string(url)] = f
			return err
		})
	})
	return facts, err
}

// FeedFlags gives the flags of a feed that no editor has dismissed.
func (s *Store) FeedFlags(feed string) (flags []news.Flag, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		defer catchUnreadable(&err)
		flags = visit.ShownFlags(reader{tx: tx}.Memory(feed).Flags)
		return nil
	})
	return flags, err
}

// Rulings gives the rulings that bind any of a story's items, the earliest first.
func (s *Store) Rulings(story *news.Story) (rulings []news.Ruling, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		defer catchUnreadable(&err)
		seen := map[uint64]bool{}
		for _, i := range story.Items {
			for _, n := range i.Ruled {
				if b := tx.Bucket(bucketRulings); !seen[n] && isReadable[news.Ruling](b, n) {
					seen[n] = true
					rulings = append(rulings, reader{tx: tx}.Ruling(n))
				}
			}
		}
		return nil
	})
	return rulings, err
}

// Judgements counts what editors' rulings said of the rules, by week, the earliest first: the
// rules' numbers are corrected by these.
func (s *Store) Judgements() ([]archive.Judgement, error) {
	rulings, err := readAllRecords[news.Ruling](s.database, bucketRulings)
	return archive.CountJudgements(rulings), err
}

// Forget drops what a feed brought since a time: its items that were first seen then, with all that
// they were found by, and the claims that its earlier items have made since; GUIDs and addresses
// that the records of these have outgrown lead to them no more. A published story that no other item
// tells is withdrawn, as by an editor, and its texts are dropped: its ids stay, so that it is not
// published again. Rulings bind the items that are left. What the feed still shows of the dropped
// items comes back with its next visit, also if its document has not changed. With dry, nothing
// changes.
func (s *Store) Forget(ctx context.Context, feed string, since, now time.Time, by news.Ruling,
	dry bool) (forgotten Forgotten, err error) {
	err = s.update(ctx, func(tx txn) (err error) {
		defer catchUnreadable(&err)
		number := feedNumber(tx.sealedTx, feed)
		if number == 0 {
			return ErrUnknown
		}
		f := forgetting{txn: tx, feed: feed, number: number, since: since, now: now, dropped: map[uint64]bool{},
			cut: map[uint64]bool{}}
		by.Verb, by.When, by.Feed = news.Retract, now, ""
		if err = f.forget(by); err == nil && dry {
			err = errDry
		}
		forgotten = f.Forgotten
		return err
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return forgotten, err
}
