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
	"fronteras/aggregator/cases"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/link"
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

// verifyDatabase reads a whole store that stays as it is meanwhile.
func verifyDatabase(ctx context.Context, db *bolt.DB) (c Condition, err error) {
	defer recoverDamage(debug.SetPanicOnFault(true), &err)
	ended := make(chan struct{})
	defer close(ended)
	go limitMemory(db, new(atomic.Int64), ended)
	return c, viewFile(db, func(tx *sealedTx) error {
		c.Bytes, c.Free = tx.Size(), int64(db.Stats().FreePageN)*int64(db.Info().PageSize)
		if err := checkTransaction(tx.Tx); err != nil {
			return err
		}
		v := verifier{ctx: ctx, tx: tx, c: &c, entries: map[string]int{}, counts: map[string]int{}}
		v.checkRecords()
		v.checkItems()
		v.checkLists()
		v.checkVisits()
		v.checkSums()
		return ctx.Err()
	})
}

// mostFaults is how many faults are reported one by one.
const mostFaults = 100

// verifier goes through a store. It keeps no records in memory: what leads from a story is followed
// when the story is read, and what leads to one is counted. Only if the counts differ is it
// followed back.
type verifier struct {
	ctx     context.Context // each stops when it ends
	tx      *sealedTx
	c       *Condition
	homed   int            // items that are in the story that they say
	entries map[string]int // of each list, that stories have there
	counts  map[string]int // of the stories, as they are kept
}

func (v *verifier) reportFault(format string, args ...any) {
	if len(v.c.Faults) == mostFaults {
		v.c.More++
		return
	}
	v.c.Faults = append(v.c.Faults, fmt.Sprintf(format, args...))
}

// eachEntry calls do with what a bucket holds; what is not what was written, or is cut off, is a
// fault.
func (v *verifier) eachEntry(bucket []byte, do func(key, value []byte)) {
	b := v.tx.Bucket(bucket)
	c := b.Bucket.Cursor()
	for key, stored := c.First(); key != nil && v.ctx.Err() == nil; key, stored = c.Next() {
		value, ok := b.layout.readStored(b.salt, key, stored)
		switch {
		case ok:
			do(key, value)
		case b.layout.seals(key):
			v.reportFault("%s: not what was written", describeEntry(bucket, key))
		default:
			v.reportFault("%s: an entry is cut off", describeEntry(bucket, key))
		}
	}
}

// eachSoundEntry does the same, but passes over faults: they have been reported.
func (v *verifier) eachSoundEntry(bucket []byte, do func(key, value []byte)) {
	c := v.tx.Bucket(bucket).Cursor()
	for key, value := c.First(); key != nil && v.ctx.Err() == nil; key, value = c.Next() {
		do(key, value)
	}
}

// checkSums compares what the buckets hold with what was written.
func (v *verifier) checkSums() {
	if v.tx.Bucket(bucketSums) == nil {
		v.reportFault("the sums of the buckets are missing")
	} else if _, err := v.tx.readSums(); err != nil {
		v.reportFault("the sums of the buckets cannot be read")
	} else {
		for _, fault := range compareSums(v.tx.sums, v.tx.sumFile()) {
			v.reportFault("%s", fault)
		}
	}
}

// checkRecords reads every record, and follows the stories.
func (v *verifier) checkRecords() {
	if m, err := readAbout(v.tx); err != nil || m.Format != Format {
		v.reportFault("what the store says of itself: format %d, %v", m.Format, err)
	}
	v.eachEntry(bucketItems, func(key, value []byte) {
		v.c.Items++
		v.checkRecord(bucketItems, key, value, &news.Item{})
	})
	for _, k := range otherRecords {
		v.eachEntry(k.bucket, func(key, value []byte) { v.checkRecord(k.bucket, key, value, k.blank()) })
	}
	v.c.Rulings = v.tx.Bucket(bucketRulings).Inspect().KeyN
	v.eachEntry(bucketMarks, func(key, _ []byte) {
		marks, err := readMarks(v.tx, numberFromKey(key))
		if err != nil {
			v.reportFault("marks of feed %d: %v", numberFromKey(key), err)
		}
		for _, m := range marks {
			if m.Item != 0 && !v.hasKey(bucketItems, numberKey(m.Item)) {
				v.reportFault("marks of feed %d: there is no item %d", numberFromKey(key), m.Item)
				break
			}
		}
	})
	for _, b := range [][]byte{bucketTimes, bucketParagraphs, bucketLearned, bucketPassing, bucketKept, bucketClosed,
		bucketCopies, bucketEdits} {
		v.eachEntry(b, func(_, _ []byte) {})
	}
	v.eachEntry(bucketChanges, func(key, _ []byte) {
		if !v.hasKey(bucketMarks, key) {
			v.reportFault("marks of feed %d: they have changed, and there are none", numberFromKey(key))
		}
	})
	v.eachEntry(bucketStories, func(key, value []byte) {
		s := &news.Story{Number: numberFromKey(key)}
		if err := decodeRecord(value, s); err != nil {
			v.reportFault("story %d: %v", s.Number, err)
			return
		}
		v.c.Stories++
		archive.AddCounts(v.counts, s, 1)
		v.checkStory(s)
	})
}

// otherRecords are the records other than items and stories.
var otherRecords = []struct {
	bucket []byte
	blank  func() any
}{
	{bucketVisits, newBlankRecord[news.FeedState]}, {bucketFacts, newBlankRecord[news.Facts]},
	{bucketMemory, newBlankRecord[identity.Memory]}, {bucketRulings, newBlankRecord[news.Ruling]},
	{bucketSubscriptions, newBlankRecord[news.Subscription]}, {bucketSubscribers, newBlankRecord[news.Subscriber]},
	{bucketPrints, newBlankRecord[archive.DocumentDate]},
	{bucketSessions, newBlankRecord[news.Session]}, {bucketLinks, newBlankRecord[news.SignInLink]},
	{bucketCases, newBlankRecord[cases.Record]}, {bucketEvents, newBlankRecord[news.Event]},
	{bucketRecipients, newBlankRecord[news.RecipientState]}, {bucketDeliveries, newBlankRecord[news.Delivery]},
}

func newBlankRecord[T any]() any { return new(T) }

// checkRecord checks that a record can be read.
func (v *verifier) checkRecord(bucket, key, text []byte, value any) {
	if err := decodeRecord(text, value); err != nil {
		v.reportFault("%s: not readable", describeEntry(bucket, key))
	}
}

func (v *verifier) hasKey(bucket, key []byte) bool { return v.tx.Bucket(bucket).Bucket.Get(key) != nil }

// describeEntry names an entry as it can be shown: who knows where a subscription is delivered can
// deliver there.
func describeEntry(bucket, key []byte) string {
	switch {
	case bytes.Equal(bucket, bucketSubscriptions) || bytes.Equal(bucket, bucketSubscribers),
		bytes.Equal(bucket, bucketSessions) || bytes.Equal(bucket, bucketLinks): // digests, of no use to anybody
		return string(bucket)
	case len(key) == 8:
		return fmt.Sprintf("%s %d", bucket, numberFromKey(key))
	}
	return fmt.Sprintf("%s %q", bucket, link.Redact(string(key)))
}

// checkStory checks a story's items, ids, and entries in the lists.
func (v *verifier) checkStory(s *news.Story) {
	if len(s.Members) == 0 {
		v.reportFault("story %d has no items", s.Number)
	}
	for n, member := range s.Members {
		if slices.Contains(s.Members[:n], member) {
			v.reportFault("item %d is in story %d twice", member, s.Number)
			continue
		}
		v.checkMember(s, member)
	}
	for _, p := range listEntries(s) {
		v.entries[string(p.bucket)]++
		if !bytes.Equal(v.tx.Bucket(p.bucket).Get(p.key), p.value) {
			v.reportFault("story %d (%s) is not where it should be in %s", s.Number, s.ID, p.bucket)
		}
	}
	if s.IDAssignedAt.IsZero() {
		return
	}
	for _, id := range allIDsOf(s) {
		n := indexOfIDs().lookupValue(v.tx, []byte(id))
		if bytes.Equal(n, numberKey(s.Number)) {
			continue
		}
		v.reportFault("id %q does not lead to story %d", id, s.Number)
		if other := v.readStoryAt(n); other != nil && slices.Contains(allIDsOf(other), id) {
			v.reportFault("id %q is given to stories %d and %d", id, min(s.Number, other.Number),
				max(s.Number, other.Number))
		}
	}
}

// checkMember checks that an item says that it is in this story, and its rulings.
func (v *verifier) checkMember(s *news.Story, n uint64) {
	if !v.hasKey(bucketItems, numberKey(n)) {
		v.reportFault("story %d has item %d, which there is not", s.Number, n)
		return
	}
	i, err := readItem(v.tx, n)
	if err != nil { // it is reported elsewhere
		v.homed++
		return
	}
	for _, r := range i.Ruled {
		if !v.hasKey(bucketRulings, numberKey(r)) {
			v.reportFault("item %d: there is no ruling %d", n, r)
		}
	}
	if i.Story == s.Number {
		v.homed++
		return
	}
	if home := v.readStoryAt(numberKey(i.Story)); home != nil && slices.Contains(home.Members, n) {
		v.reportFault("item %d is in stories %d and %d", n, min(s.Number, home.Number), max(s.Number, home.Number))
		return
	}
	v.reportFault("item %d says that it is in story %d, and is in %d", n, i.Story, s.Number)
}

// readStoryAt reads a story without its items; nil if there is none that can be read.
func (v *verifier) readStoryAt(n []byte) *news.Story {
	if len(n) != 8 {
		return nil
	}
	s, err := readBareStory(v.tx, numberFromKey(n))
	if err != nil {
		return nil
	}
	return s
}

// checkItems looks for items that are in no story.
func (v *verifier) checkItems() {
	if v.homed == v.c.Items {
		return
	}
	v.eachSoundEntry(bucketItems, func(key, value []byte) {
		i := &news.Item{}
		if err := decodeRecord(value, i); err != nil {
			return // reported already
		}
		if home := v.readStoryAt(numberKey(i.Story)); home == nil ||
			!slices.Contains(home.Members, numberFromKey(key)) {
			v.reportFault("item %d says that it is in story %d, which does not have it", numberFromKey(key), i.Story)
		}
	})
}

// checkLists checks that each entry of a list leads somewhere.
func (v *verifier) checkLists() {
	for _, b := range [][]byte{bucketIDs, bucketFreshIDs} {
		v.eachEntry(b, func(key, value []byte) {
			v.c.IDs++
			if !v.hasKey(bucketStories, value) {
				v.reportFault("id %q leads to no story", key)
			}
		})
	}
	for _, b := range [][]byte{bucketKeys, bucketFreshKeys} {
		v.eachEntry(b, func(key, _ []byte) {
			if n := key[len(key)-8:]; !v.hasKey(bucketItems, n) {
				v.reportFault("a key leads to item %d, which there is not", numberFromKey(n))
			}
		})
	}
	lists := [][]byte{bucketOrder, bucketFlagged, bucketUnpublished, bucketRecent, bucketNumbers, bucketGone}
	for _, b := range lists {
		v.checkEntries(b, func(_, value []byte) []byte { return value[:8] })
	}
	v.checkEntries(bucketUnsettled, func(key, _ []byte) []byte { return key })
	v.checkEntries(bucketUntil, func(key, _ []byte) []byte { return key[8:] })
	v.checkCases()
	if kept, err := readCounts(v.tx); err != nil {
		v.reportFault("counts: %v", err)
	} else {
		v.compareCounts(kept, v.counts)
	}
}

// checkCases checks that what leads to a case leads to one, and that those are listed that wait for an
// editor.
func (v *verifier) checkCases() {
	v.eachEntry(bucketQuestions, func(_, value []byte) {
		if len(value) > 0 && !v.hasKey(bucketCases, value) {
			v.reportFault("a question leads to case %d, which there is not", numberFromKey(value))
		}
	})
	v.eachEntry(bucketAsked, func(key, _ []byte) {
		if !v.hasKey(bucketCases, key) {
			v.reportFault("case %d waits for an editor, and is not there", numberFromKey(key))
		}
	})
	v.eachEntry(bucketCases, func(key, text []byte) {
		var r cases.Record
		if decodeRecord(text, &r) == nil && r.Asks != v.hasKey(bucketAsked, key) {
			v.reportFault("case %d is listed as waiting for an editor, or not, though it is otherwise", numberFromKey(key))
		}
	})
}

// checkEntries checks that a list has no entries that no story has there: each that a story has was
// found, so it is enough to count them. Of gives the story that an entry leads to.
func (v *verifier) checkEntries(bucket []byte, of func(key, value []byte) []byte) {
	have := 0
	ended := func(n []byte) bool { return numberFromKey(n) == 0 && bytes.Equal(bucket, bucketNumbers) }
	v.eachEntry(bucket, func(key, value []byte) {
		if !ended(of(key, value)) {
			have++
		}
	})
	if have == v.entries[string(bucket)] {
		return
	}
	v.eachSoundEntry(bucket, func(key, value []byte) {
		n := of(key, value)
		there := func(p listEntry) bool { return bytes.Equal(p.bucket, bucket) && bytes.Equal(p.key, key) }
		if s := v.readStoryAt(n); !ended(n) && (s == nil || !slices.ContainsFunc(listEntries(s), there)) {
			v.reportFault("%s has an entry of story %d that should not be there", bucket, numberFromKey(n))
		}
	})
}

// compareCounts compares what is counted with what there is.
func (v *verifier) compareCounts(kept, counted map[string]int) {
	none := func(_ string, n int) bool { return n == 0 }
	maps.DeleteFunc(kept, none)
	maps.DeleteFunc(counted, none)
	if !maps.Equal(kept, counted) {
		v.reportFault("counts: %s are kept, there are %s", describeCounts(kept), describeCounts(counted))
	}
}

// describeCounts shows counts in the order of their names.
func describeCounts(counts map[string]int) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, fmt.Sprintf("%d of %s", counts[name], name))
	}
	return strings.Join(list, ", ")
}

// checkVisits checks that each feed has its state, and is due at some time.
func (v *verifier) checkVisits() {
	v.eachEntry(bucketLeases, func(key, record []byte) {
		if _, err := decodeLease(key, record); err != nil {
			v.reportFault("lease %d: %v", numberFromKey(key), err)
		}
	})
	v.eachEntry(bucketFeeds, func(url, n []byte) {
		v.c.Feeds++
		visit, err := decodeFeedRecord(v.tx.Bucket(bucketVisits).Get(n))
		times, fault := decodeTimes(v.tx.Bucket(bucketTimes).Get(n))
		switch err = errors.Join(err, fault); {
		case err != nil:
			v.reportFault("the visit of %s: %v", link.Redact(string(url)), err)
		case visit.Feed != string(url):
			v.reportFault("the visit of %s is that of another feed", link.Redact(string(url)))
		case !visit.Retired && times.due == never:
			v.reportFault("the visit of %s is never due", link.Redact(string(url)))
		}
	})
}
