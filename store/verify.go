package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

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

// verify reads a whole store that stays as it is meanwhile.
func verify(ctx context.Context, db *bolt.DB) (c Condition, err error) {
	defer recoverDamage(debug.SetPanicOnFault(true), &err)
	ended := make(chan struct{})
	defer close(ended)
	go limitMemory(db, new(atomic.Int64), ended)
	return c, db.View(func(tx *bolt.Tx) error {
		c.Bytes, c.Free = tx.Size(), int64(db.Stats().FreePageN)*int64(db.Info().PageSize)
		if err := checkTransaction(tx); err != nil {
			return err
		}
		v := verifier{ctx: ctx, tx: tx, c: &c, entries: map[string]int{}, counts: map[string]int{}}
		v.records()
		v.items()
		v.lists()
		v.visits()
		return ctx.Err()
	})
}

// mostFaults is how many faults are told one by one.
const mostFaults = 100

// verifier goes through a store. It keeps no record in mind: what leads from a story
// is followed when the story is read, and what leads to one is counted. Only where
// the counts differ is it followed back.
type verifier struct {
	ctx     context.Context // each stops when it ends
	tx      *bolt.Tx
	c       *Condition
	homed   int            // items that are in the story that they say
	entries map[string]int // of each list, that stories have there
	counts  map[string]int // of the stories, as they are kept
}

func (v *verifier) fault(format string, args ...any) {
	if len(v.c.Faults) == mostFaults {
		v.c.More++
		return
	}
	v.c.Faults = append(v.c.Faults, fmt.Sprintf(format, args...))
}

// each calls do with what a bucket holds, in keys and values of so many bytes at
// least; others are faults.
func (v *verifier) each(bucket []byte, key, value int, do func(key, value []byte)) {
	c := v.tx.Bucket(bucket).Cursor()
	for k, text := c.First(); k != nil && v.ctx.Err() == nil; k, text = c.Next() {
		if len(k) < key || len(text) < value {
			v.fault("%s %q: an entry is cut off", bucket, k)
			continue
		}
		do(k, text)
	}
}

// again does the same, with what is a fault passed over: it has been told.
func (v *verifier) again(bucket []byte, key, value int, do func(key, value []byte)) {
	c := v.tx.Bucket(bucket).Cursor()
	for k, text := c.First(); k != nil && v.ctx.Err() == nil; k, text = c.Next() {
		if len(k) >= key && len(text) >= value {
			do(k, text)
		}
	}
}

// records reads every record, and follows the stories.
func (v *verifier) records() {
	if m, err := readAbout(v.tx); err != nil || m.Format != Format {
		v.fault("what the store says of itself: format %d, %v", m.Format, err)
	}
	v.each(bucketItems, 8, 1, func(key, value []byte) {
		v.c.Items++
		v.record(bucketItems, key, value, &news.Item{})
	})
	for _, k := range kinds {
		v.each(k.bucket, 1, 1, func(key, value []byte) { v.record(k.bucket, key, value, k.blank()) })
	}
	v.c.Rulings = v.tx.Bucket(bucketRulings).Inspect().KeyN
	v.each(bucketMarks, 8, 0, func(key, _ []byte) {
		if marks, err := marksOf(v.tx, numberOf(key)); err != nil {
			v.fault("marks of feed %d: %v", numberOf(key), err)
		} else if i := slices.IndexFunc(marks, func(m identity.Mark) bool { return m.Item != 0 && !v.holds(bucketItems, number(m.Item)) }); i >= 0 {
			v.fault("marks of feed %d: there is no item %d", numberOf(key), marks[i].Item)
		}
	})
	v.each(bucketChanges, 8, 0, func(key, _ []byte) {
		if !v.holds(bucketMarks, key) {
			v.fault("marks of feed %d: they have changed, and there are none", numberOf(key))
		}
	})
	v.each(bucketStories, 8, 1, func(key, value []byte) {
		s := &news.Story{Number: numberOf(key)}
		if err := decode(value, s); err != nil {
			v.fault("story %d: %v", s.Number, err)
			return
		}
		v.c.Stories++
		archive.AddCounts(v.counts, s, 1)
		v.story(s)
	})
}

// kinds are the records beside items and stories.
var kinds = []struct {
	bucket []byte
	blank  func() any
}{
	{bucketVisits, blank[news.FeedState]}, {bucketFacts, blank[news.Facts]}, {bucketMemory, blank[identity.Memory]}, {bucketRulings, blank[news.Ruling]},
	{bucketSubscriptions, blank[news.Subscription]}, {bucketSubscribers, blank[news.Subscriber]}, {bucketPrints, blank[archive.DocumentDate]},
}

func blank[T any]() any { return new(T) }

// record looks whether a record can be read.
func (v *verifier) record(bucket, key, text []byte, value any) {
	if err := decode(text, value); err != nil {
		v.fault("%s %s: not readable", bucket, named(key))
	}
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
	for n, member := range s.Members {
		if slices.Contains(s.Members[:n], member) {
			v.fault("item %d is in story %d twice", member, s.Number)
			continue
		}
		v.member(s, member)
	}
	for _, p := range places(s) {
		v.entries[string(p.bucket)]++
		if !bytes.Equal(v.tx.Bucket(p.bucket).Get(p.key), p.value) {
			v.fault("story %d (%s) is not where it should be in %s", s.Number, s.ID, p.bucket)
		}
	}
	if s.IDAssignedAt.IsZero() {
		return
	}
	for _, id := range idsOf(s) {
		n := indexOfIDs().get(v.tx, []byte(id))
		if bytes.Equal(n, number(s.Number)) {
			continue
		}
		v.fault("id %q does not lead to story %d", id, s.Number)
		if other := v.storyAt(n); other != nil && slices.Contains(idsOf(other), id) {
			v.fault("id %q is given to stories %d and %d", id, min(s.Number, other.Number), max(s.Number, other.Number))
		}
	}
}

// member looks whether an item of a story says that it is there, and at what else it
// says.
func (v *verifier) member(s *news.Story, n uint64) {
	if !v.holds(bucketItems, number(n)) {
		v.fault("story %d has item %d, which there is not", s.Number, n)
		return
	}
	i, err := itemOf(v.tx, n)
	if err != nil { // it is told elsewhere
		v.homed++
		return
	}
	for _, r := range i.Ruled {
		if !v.holds(bucketRulings, number(r)) {
			v.fault("item %d: there is no ruling %d", n, r)
		}
	}
	if i.Story == s.Number {
		v.homed++
		return
	}
	if home := v.storyAt(number(i.Story)); home != nil && slices.Contains(home.Members, n) {
		v.fault("item %d is in stories %d and %d", n, min(s.Number, home.Number), max(s.Number, home.Number))
		return
	}
	v.fault("item %d says that it is in story %d, and is in %d", n, i.Story, s.Number)
}

// storyAt is the story of a number, without its items; nil if there is none that
// can be read.
func (v *verifier) storyAt(n []byte) *news.Story {
	if len(n) != 8 {
		return nil
	}
	s, err := bareStory(v.tx, numberOf(n))
	if err != nil {
		return nil
	}
	return s
}

// items looks for those that are in no story.
func (v *verifier) items() {
	if v.homed == v.c.Items {
		return
	}
	v.again(bucketItems, 8, 1, func(key, value []byte) {
		i := &news.Item{}
		if err := decode(value, i); err != nil {
			return // told already
		}
		if home := v.storyAt(number(i.Story)); home == nil || !slices.Contains(home.Members, numberOf(key)) {
			v.fault("item %d says that it is in story %d, which does not have it", numberOf(key), i.Story)
		}
	})
}

// lists looks whether each entry of a list leads somewhere.
func (v *verifier) lists() {
	for _, b := range [][]byte{bucketIDs, bucketFreshIDs} {
		v.each(b, 1, 8, func(key, value []byte) {
			v.c.IDs++
			if !v.holds(bucketStories, value) {
				v.fault("id %q leads to no story", key)
			}
		})
	}
	for _, b := range [][]byte{bucketKeys, bucketFreshKeys} {
		v.each(b, 8, 0, func(key, _ []byte) {
			if n := key[len(key)-8:]; !v.holds(bucketItems, n) {
				v.fault("a key leads to item %d, which there is not", numberOf(n))
			}
		})
	}
	for _, b := range [][]byte{bucketOrder, bucketFlagged, bucketRecent, bucketNumbers, bucketGone} {
		v.stand(b, 8, 8, func(_, value []byte) []byte { return value[:8] })
	}
	v.stand(bucketUnsettled, 8, turnSize, func(key, _ []byte) []byte { return key })
	v.stand(bucketUntil, 16, 0, func(key, _ []byte) []byte { return key[8:] })
	if kept, err := readCounts(v.tx); err != nil {
		v.fault("counts: %v", err)
	} else {
		v.compare(kept, v.counts)
	}
}

// stand looks whether a list has entries that no story has there: each that one has
// was found, so it is enough to count them. Of is whose an entry says that it is.
func (v *verifier) stand(bucket []byte, key, value int, of func(key, value []byte) []byte) {
	have := 0
	ended := func(n []byte) bool { return numberOf(n) == 0 && bytes.Equal(bucket, bucketNumbers) }
	v.each(bucket, key, value, func(key, value []byte) {
		if !ended(of(key, value)) {
			have++
		}
	})
	if have == v.entries[string(bucket)] {
		return
	}
	v.again(bucket, key, value, func(key, value []byte) {
		n := of(key, value)
		there := func(p place) bool { return bytes.Equal(p.bucket, bucket) && bytes.Equal(p.key, key) }
		if s := v.storyAt(n); !ended(n) && (s == nil || !slices.ContainsFunc(places(s), there)) {
			v.fault("%s has an entry of story %d that should not be there", bucket, numberOf(n))
		}
	})
}

// compare compares what is counted with what there is.
func (v *verifier) compare(kept, real map[string]int) {
	none := func(_ string, n int) bool { return n == 0 }
	maps.DeleteFunc(kept, none)
	maps.DeleteFunc(real, none)
	if !maps.Equal(kept, real) {
		v.fault("counts: %s are kept, there are %s", listed(kept), listed(real))
	}
}

// listed shows counts in the order of their names.
func listed(counts map[string]int) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, fmt.Sprintf("%d of %s", counts[name], name))
	}
	return strings.Join(list, ", ")
}

// visits looks whether each feed has its visit, which will be made.
func (v *verifier) visits() {
	v.each(bucketLeases, 8, 8, func(key, record []byte) {
		if _, err := decodeLease(key, record); err != nil {
			v.fault("lease %d: %v", numberOf(key), err)
		}
	})
	v.each(bucketFeeds, 1, 8, func(url, n []byte) {
		v.c.Feeds++
		visit, err := decodeRecord(v.tx.Bucket(bucketVisits).Get(n))
		times, fault := decodeTimes(v.tx.Bucket(bucketTimes).Get(n))
		switch err = errors.Join(err, fault); {
		case err != nil:
			v.fault("the visit of %s: %v", withoutQuery(url), err)
		case visit.Feed != string(url):
			v.fault("the visit of %s is that of another feed", withoutQuery(url))
		case !visit.Retired && times.due == never:
			v.fault("the visit of %s is never due", withoutQuery(url))
		}
	})
}

// withoutQuery is an address without what may be a secret.
func withoutQuery(url []byte) string {
	text, _, _ := strings.Cut(string(url), "?")
	return text
}
