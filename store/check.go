package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// mostFaults is how many faults are told one by one.
const mostFaults = 100

// Condition is what a whole store was found to be.
type Condition struct {
	Feeds   int      `json:"feeds"`
	Items   int      `json:"items"`
	Stories int      `json:"stories"`
	IDs     int      `json:"ids"`
	Rulings int      `json:"rulings"`
	Bytes   int64    `json:"bytes"` // of the file, as far as it is in use
	Free    int64    `json:"free"`  // of them
	Faults  []string `json:"faults"`
	More    int      `json:"more"` // faults beyond those
}

// Verify reads the whole store: every page, every record, whether each entry of a
// list leads somewhere, each item is in exactly one story, and no id is given
// twice. It reads a copy made in one transaction, so writers wait for nothing.
func (s *Store) Verify(ctx context.Context) (c Condition, err error) {
	if err := s.Flush(ctx); err != nil && !errors.Is(err, ErrFull) {
		return c, err
	}
	if c.Bytes, c.Free, err = s.Size(); err != nil {
		return c, err
	}
	name, err := s.snapshot()
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, unlink(name)) }()
	db, err := openBolt(name, Options{}, lockAgain)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return c, db.View(func(tx *bolt.Tx) error {
		if err := checked(tx); err != nil {
			return err
		}
		v := verifier{tx: tx, c: &c, homes: map[uint64]uint64{}, ids: map[string]uint64{}, stories: map[uint64]*news.Story{}}
		v.records()
		v.items()
		v.lists()
		v.visits()
		return nil
	})
}

// verifier goes through a store.
type verifier struct {
	tx      *bolt.Tx
	c       *Condition
	stories map[uint64]*news.Story
	homes   map[uint64]uint64 // item → story that holds it
	ids     map[string]uint64 // → story that has or had it
}

func (v *verifier) fault(format string, args ...any) {
	if len(v.c.Faults) == mostFaults {
		v.c.More++
		return
	}
	v.c.Faults = append(v.c.Faults, fmt.Sprintf(format, args...))
}

// each calls do with what a bucket holds, in keys and values of so many bytes at
// least.
func (v *verifier) each(bucket []byte, key, value int, do func(key, value []byte)) {
	c := v.tx.Bucket(bucket).Cursor()
	for k, text := c.First(); k != nil; k, text = c.Next() {
		if len(k) < key || len(text) < value {
			v.fault("%s %q: an entry is cut off", bucket, k)
			continue
		}
		do(k, text)
	}
}

// records reads every record that is written as JSON, and keeps the stories.
func (v *verifier) records() {
	if m, err := aboutOf(v.tx); err != nil || m.Format != Format {
		v.fault("what the store says of itself: format %d, %v", m.Format, err)
	}
	for _, b := range [][]byte{bucketItems, bucketVisits, bucketFacts, bucketMemory, bucketRulings, bucketSubscriptions, bucketSubscribers, bucketPrints} {
		v.each(b, 1, 1, func(key, value []byte) {
			if !json.Valid(value) {
				v.fault("%s %s: not readable", b, named(key))
			}
		})
	}
	v.c.Rulings = v.tx.Bucket(bucketRulings).Inspect().KeyN
	v.each(bucketMarks, 8, 0, func(key, value []byte) {
		if marks, err := decodeMarks(value); err != nil {
			v.fault("marks of feed %d: %v", numberOf(key), err)
		} else if i := slices.IndexFunc(marks, func(m identity.Mark) bool { return m.Item != 0 && !v.holds(bucketItems, number(m.Item)) }); i >= 0 {
			v.fault("marks of feed %d: there is no item %d", numberOf(key), marks[i].Item)
		}
	})
	v.each(bucketStories, 8, 1, func(key, value []byte) {
		s := &news.Story{Number: numberOf(key)}
		if err := decode(value, s); err != nil {
			v.fault("story %d: %v", s.Number, err)
			return
		}
		v.stories[s.Number] = s
		v.c.Stories++
		v.story(s)
	})
}

func (v *verifier) holds(bucket, key []byte) bool { return v.tx.Bucket(bucket).Get(key) != nil }

// named is a key as it can be shown.
func named(key []byte) string {
	if len(key) == 8 {
		return fmt.Sprint(numberOf(key))
	}
	return fmt.Sprintf("%q", key)
}

// story looks at a story's items, ids, and places in the lists.
func (v *verifier) story(s *news.Story) {
	if len(s.Members) == 0 {
		v.fault("story %d has no items", s.Number)
	}
	for _, n := range s.Members {
		if other, taken := v.homes[n]; taken {
			v.fault("item %d is in stories %d and %d", n, other, s.Number)
		}
		v.homes[n] = s.Number
	}
	for _, p := range places(s) {
		if !bytes.Equal(v.tx.Bucket(p.bucket).Get(p.key), p.value) {
			v.fault("story %d (%s) is not where it should be in %s", s.Number, s.ID, p.bucket)
		}
	}
	if s.Settled.IsZero() {
		return
	}
	for _, id := range idsOf(s) {
		if other, taken := v.ids[id]; taken && other != s.Number {
			v.fault("id %q is given to stories %d and %d", id, other, s.Number)
		}
		v.ids[id] = s.Number
		if n := v.tx.Bucket(bucketIDs).Get([]byte(id)); !bytes.Equal(n, number(s.Number)) {
			v.fault("id %q does not lead to story %d", id, s.Number)
		}
	}
}

// items looks whether each item is in the story that it says, and that alone.
func (v *verifier) items() {
	v.each(bucketItems, 8, 1, func(key, value []byte) {
		v.c.Items++
		i := &news.Item{}
		if err := decode(value, i); err != nil {
			return // told already
		}
		n := numberOf(key)
		if home, ok := v.homes[n]; !ok || home != i.Story {
			v.fault("item %d says that it is in story %d, and is in %d", n, i.Story, home)
		}
		delete(v.homes, n)
		for _, r := range i.Ruled {
			if !v.holds(bucketRulings, number(r)) {
				v.fault("item %d: there is no ruling %d", n, r)
			}
		}
	})
	for _, n := range slices.Sorted(maps.Keys(v.homes)) {
		v.fault("story %d has item %d, which there is not", v.homes[n], n)
	}
}

// lists looks whether each entry of a list leads somewhere.
func (v *verifier) lists() {
	v.each(bucketIDs, 1, 8, func(key, value []byte) {
		v.c.IDs++
		if v.stories[numberOf(value)] == nil {
			v.fault("id %q leads to no story", key)
		}
	})
	v.each(bucketKeys, 8, 0, func(key, _ []byte) {
		if n := key[len(key)-8:]; !v.holds(bucketItems, n) {
			v.fault("a key leads to item %d, which there is not", numberOf(n))
		}
	})
	stands := func(b []byte, n uint64, key []byte) {
		s := v.stories[n]
		if s == nil || !slices.ContainsFunc(places(s), func(p place) bool { return bytes.Equal(p.bucket, b) && bytes.Equal(p.key, key) }) {
			v.fault("%s has an entry of story %d that should not be there", b, n)
		}
	}
	for _, b := range [][]byte{bucketOrder, bucketRecent, bucketNumbers, bucketGone} {
		v.each(b, 8, 8, func(key, value []byte) {
			if n := numberOf(value[:8]); n != 0 || !bytes.Equal(b, bucketNumbers) { // else what stood there has ended
				stands(b, n, key)
			}
		})
	}
	v.each(bucketUnsettled, 8, turnSize, func(key, _ []byte) { stands(bucketUnsettled, numberOf(key), key) })
	v.each(bucketUntil, 16, 0, func(key, _ []byte) { stands(bucketUntil, numberOf(key[8:]), key) })
	v.counts()
}

// counts compares what is counted with what there is.
func (v *verifier) counts() {
	kept, err := countsOf(v.tx)
	if err != nil {
		v.fault("counts: %v", err)
		return
	}
	real := map[string]int{}
	for _, s := range v.stories {
		count(real, s, 1)
	}
	maps.DeleteFunc(kept, func(_ string, n int) bool { return n == 0 })
	maps.DeleteFunc(real, func(_ string, n int) bool { return n == 0 })
	if !maps.Equal(kept, real) {
		v.fault("counts: %v are kept, %v there are", kept, real)
	}
}

// visits looks whether each feed has its visit, which will be made.
func (v *verifier) visits() {
	due := map[uint64]bool{}
	v.each(bucketDue, 16, 0, func(key, _ []byte) { due[numberOf(key[8:])] = true })
	v.each(bucketFeeds, 1, 8, func(url, n []byte) {
		v.c.Feeds++
		visit, err := visitOf(v.tx, numberOf(n))
		switch {
		case err != nil:
			v.fault("the visit of %s: %v", withoutQuery(url), err)
		case visit.Feed != string(url):
			v.fault("the visit of %s is that of another feed", withoutQuery(url))
		case !visit.Retired && !due[numberOf(n)]:
			v.fault("the visit of %s is never due", withoutQuery(url))
		}
	})
}

// withoutQuery is an address without what may be a secret.
func withoutQuery(url []byte) string {
	text, _, _ := strings.Cut(string(url), "?")
	return text
}
