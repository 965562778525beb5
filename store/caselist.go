package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"fronteras/aggregator/cases"
	"fronteras/aggregator/identity/gather"
	"fronteras/aggregator/news"
)

// Cases lists what waits for an editor at a time, in the order of [cases.Compare]: the cases that are
// open, then those that are held.
func (s *Store) Cases(now time.Time) (list []news.Case, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		defer catchUnreadable(&err)
		list = nil
		return tx.Bucket(bucketAsked).ForEach(func(key, _ []byte) error {
			c, err := readCase(tx, numberFromKey(key), now)
			if isLost(err) {
				return nil
			}
			if err == nil && (c.State == news.CaseOpen || c.State == news.CaseHeld) {
				list = append(list, c)
			}
			return err
		})
	})
	slices.SortFunc(list, cases.Compare)
	return list, err
}

// CountOpenCases counts the cases that are open at a time.
func (s *Store) CountOpenCases(now time.Time) (n int, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		defer catchUnreadable(&err)
		n = 0
		return tx.Bucket(bucketAsked).ForEach(func(key, _ []byte) error {
			record, err := readCaseRecord(tx, numberFromKey(key))
			if isLost(err) {
				return nil
			}
			if err == nil && record.State(now) == news.CaseOpen {
				n++
			}
			return err
		})
	})
	return n, err
}

// Case gives the case of a number, also one that was decided or has ended; ErrUnknown if there is none.
func (s *Store) Case(number uint64, now time.Time) (c news.Case, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		defer catchUnreadable(&err)
		c, err = readCase(tx, number, now)
		return err
	})
	return c, err
}

// CasesOf lists the cases that are open or held of a story, by its id.
func (s *Store) CasesOf(id string, now time.Time) (list []news.Case, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		defer catchUnreadable(&err)
		list = nil
		questions := tx.Bucket(bucketQuestions)
		numbers := [][]byte{questions.Get(storyQuestionKey(id))}
		for _, n := range entriesUnder(questions, append(storyPrefix(id), 0)) {
			numbers = append(numbers, n)
		}
		for _, n := range numbers {
			if n == nil || tx.Bucket(bucketAsked).Get(n) == nil {
				continue
			}
			c, err := readCase(tx, numberFromKey(n), now)
			if isLost(err) {
				continue
			}
			if err != nil {
				return err
			}
			if slices.Contains(c.Stories, id) && (c.State == news.CaseOpen || c.State == news.CaseHeld) {
				list = append(list, c)
			}
		}
		slices.SortFunc(list, cases.Compare)
		return nil
	})
	return list, err
}

// isLost reports whether the record of a case was damaged. The others are shown without it; it is opened
// again, under another number, when its stories or its feed change.
func isLost(err error) bool { return errors.Is(err, ErrUnknown) || errors.Is(err, ErrRecord) }

func readCaseRecord(tx *sealedTx, number uint64) (*cases.Record, error) {
	text := tx.Bucket(bucketCases).Get(numberKey(number))
	if text == nil {
		return nil, ErrUnknown
	}
	var r cases.Record
	if err := decodeRecord(text, &r); err != nil {
		return nil, fmt.Errorf("case %d: %w", number, err)
	}
	return &r, nil
}

// readCase reads a case, with the flags that ask it now, and of a flood with the stories that wait.
func readCase(tx *sealedTx, number uint64, now time.Time) (news.Case, error) {
	r, err := readCaseRecord(tx, number)
	if err != nil {
		return news.Case{}, err
	}
	c := news.Case{
		Number: number, Kind: r.Kind, State: r.State(now), Since: r.Since, Stories: slices.Clone(r.Stories),
		Feed: r.Feed, Why: r.Why, Decision: r.Decision, Ended: r.Ended,
	}
	if c.State == news.CaseHeld {
		c.Decision = r.Holds
	}
	asks := func(g news.Flag) bool { return slices.Contains(r.Kinds, g.Kind) }
	read := reader{tx: tx}
	var flags []news.Flag
	if r.Feed != "" {
		flags = read.Memory(r.Feed).Flags
	}
	for _, id := range r.Stories {
		n := indexOfIDs().lookupValue(tx, []byte(id))
		if n != nil && tx.Bucket(bucketStories).Get(n) != nil {
			flags = append(flags, read.Bare(numberFromKey(n)).Flags...)
		}
	}
	c.Flags = slices.DeleteFunc(slices.Clone(flags), func(g news.Flag) bool { return !asks(g) })
	if r.Kind == news.CaseFlood {
		for _, story := range gather.HeldBy(read, r.Feed) {
			c.Stories = append(c.Stories, story.ID)
		}
	}
	return c, nil
}

// askedByCase is what a case asks.
func askedByCase(tx txn, number uint64) (a asked, err error) {
	r, err := readCaseRecord(tx.sealedTx, number)
	if err != nil {
		return a, fmt.Errorf("there is no case %d", number)
	}
	if !r.Asks {
		return a, fmt.Errorf("case %d is not open: there is nothing to leave as it is", number)
	}
	a.kinds, a.feed = r.Kinds, r.Feed
	read := reader{tx: tx.sealedTx}
	for at, id := range r.Stories {
		n := indexOfIDs().lookupValue(tx.sealedTx, []byte(id))
		if n == nil {
			continue
		}
		items := itemsRootFirst(read.Bare(numberFromKey(n)))
		if at == 0 {
			a.items = items
		} else {
			a.with = items
		}
	}
	return a, nil
}

// itemsRootFirst lists a story's items, the one that its edges lead to first.
func itemsRootFirst(s *news.Story) []uint64 {
	list := slices.Clone(s.Members)
	if at := slices.Index(list, s.Root.Item); at > 0 {
		list[0], list[at] = list[at], list[0]
	}
	return list
}

// openEarlierCases gives cases to what a file of an earlier version asks: its flagged and held
// stories, and the memories of its feeds. Nobody is notified of them.
func (s *Store) openEarlierCases(ctx context.Context, now time.Time) error {
	var stories []uint64
	var feeds []string
	done := false
	err := s.view(func(tx *sealedTx) error {
		if done = tx.Bucket(bucketMeta).Get(keyCasesKept) != nil; done {
			return nil
		}
		for _, n := range entriesUnder(tx.Bucket(bucketFlagged), nil) {
			stories = append(stories, numberFromKey(n))
		}
		for _, n := range entriesUnder(tx.Bucket(bucketUnpublished), []byte{listedHeld}) {
			stories = append(stories, numberFromKey(n))
		}
		slices.Sort(stories)
		stories = slices.Compact(stories)
		return tx.Bucket(bucketFeeds).ForEach(func(url, _ []byte) error {
			feeds = append(feeds, string(url))
			return nil
		})
	})
	if err != nil || done {
		return err
	}
	for part := range slices.Chunk(stories, maxEarlierCases) {
		err := s.update(ctx, func(tx txn) error {
			tx.silent = true
			var list []*news.Story
			for _, n := range part {
				if tx.Bucket(bucketStories).Get(numberKey(n)) == nil {
					continue
				}
				story, err := readStory(tx.sealedTx, n)
				if s.unreadable.leaveOutStory(tx.sealedTx, story, err) {
					continue
				}
				if err != nil {
					return err
				}
				list = append(list, story)
			}
			return noteCasesOfStories(tx, list, nil, now)
		})
		if err != nil {
			return err
		}
	}
	return s.update(ctx, func(tx txn) error {
		tx.silent = true
		for _, url := range feeds {
			if err := noteCasesOfFeed(tx, url, now); err != nil {
				return err
			}
		}
		return tx.Bucket(bucketMeta).Put(keyCasesKept, []byte{1})
	})
}

// keyCasesKept is in files whose cases are kept from then on.
var keyCasesKept = []byte("cases")

// maxEarlierCases is how many stories of an earlier version are looked at in one transaction.
const maxEarlierCases = 500
