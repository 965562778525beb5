package store

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"time"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// Forgotten says what was dropped of what a feed brought.
type Forgotten struct {
	Items     int      `json:"items"`     // that were dropped
	Withdrawn []string `json:"withdrawn"` // ids of published stories that only such items told
	Changed   []string `json:"changed"`   // ids of stories that go on without such items, or without claims of theirs
	Claims    int      `json:"claims"`    // that were dropped of the feed's earlier items
}

// forgetting is one Forget, in its transaction.
type forgetting struct {
	txn
	Forgotten
	feed       string
	number     uint64
	since, now time.Time

	dropped map[uint64]bool // items
	cut     map[uint64]bool // other items that lose something
}

func (f *forgetting) forget(by news.Ruling) error {
	if err := f.collect(); err != nil {
		return err
	}
	if err := f.withdraw(by); err != nil {
		return err
	}
	stories, err := f.storiesOf(f.dropped, f.cut)
	if err != nil {
		return err
	}
	for _, do := range []func() error{f.dropKeys, f.dropFromRulings, f.dropFromMemory, f.dropTextKeys,
		f.dropValidators} {
		if err := do(); err != nil {
			return err
		}
	}
	for n := range f.dropped {
		if err := f.Bucket(bucketItems).Delete(numberKey(n)); err != nil {
			return err
		}
	}
	f.Items = len(f.dropped)
	for _, n := range stories {
		if err := f.trimStory(n); err != nil {
			return err
		}
	}
	for _, n := range stories {
		if _, err := readStory(f.sealedTx, n); errors.Is(err, ErrRecord) { // also if it has ended
			continue
		}
		if err := regroupStory(f.txn, n, f.now); err != nil {
			return err
		}
	}
	m, err := readAbout(f.sealedTx)
	if err != nil {
		return err
	}
	m.Revision++
	return putAbout(f.sealedTx, m)
}

// storiesOf returns the numbers of the stories of items, ascending.
func (f *forgetting) storiesOf(sets ...map[uint64]bool) ([]uint64, error) {
	stories := map[uint64]bool{}
	for _, items := range sets {
		for n := range items {
			i, err := readItem(f.sealedTx, n)
			if err != nil {
				return nil, err
			}
			stories[i.Story] = true
		}
	}
	return slices.Sorted(maps.Keys(stories)), nil
}

// collect finds the items that are to be dropped, and the earlier ones that lose claims.
func (f *forgetting) collect() error {
	numbers := map[uint64]bool{} // each item has a key of its feed
	prefix := binary.BigEndian.AppendUint32(nil, uint32(f.number))
	for _, bucket := range [][]byte{bucketKeys, bucketFreshKeys} {
		for key := range entriesUnder(f.Bucket(bucket), prefix) {
			numbers[numberFromKey(key[len(key)-8:])] = true
		}
	}
	for _, n := range slices.Sorted(maps.Keys(numbers)) {
		i, err := readItem(f.sealedTx, n)
		if errors.Is(err, ErrRecord) { // for the rules it is not there either
			continue
		}
		if err != nil {
			return err
		}
		if i.Feed != f.feed { // a host has the same hash
			continue
		}
		switch {
		case !i.FirstSeen.Before(f.since):
			f.dropped[n] = true
		case i.Outgrown || len(f.earlierClaims(i)) < len(i.Claims):
			f.cut[n] = true
		}
	}
	return nil
}

// earlierClaims returns the claims that an item made before.
func (f *forgetting) earlierClaims(i *news.Item) []news.Claim {
	return slices.DeleteFunc(slices.Clone(i.Claims), func(c news.Claim) bool { return !c.First.Before(f.since) })
}

// withdraw withdraws the published stories that only dropped items tell. Their items are kept
// without texts and claims; what was never published goes whole.
func (f *forgetting) withdraw(by news.Ruling) error {
	stories, err := f.storiesOf(f.dropped)
	if err != nil {
		return err
	}
	for _, n := range stories {
		s, err := readBareStory(f.sealedTx, n)
		if errors.Is(err, ErrRecord) { // it is left out of all that is published
			continue
		}
		if err != nil {
			return err
		}
		if wasPublished(s) && len(f.without(s.Members)) == 0 {
			f.Withdrawn = append(f.Withdrawn, s.ID)
			by.Items = append(by.Items, s.Members...)
		}
	}
	if len(by.Items) == 0 {
		return nil
	}
	if err := applyRuling(f.txn, &by); err != nil {
		return err
	}
	withdrawn := map[uint64]bool{}
	for _, n := range by.Items {
		delete(f.dropped, n)
		f.cut[n], withdrawn[n] = true, true
	}
	if stories, err = f.storiesOf(withdrawn); err != nil {
		return err
	}
	for _, n := range stories {
		s, err := readStory(f.sealedTx, n)
		if err != nil {
			return err
		}
		archive.PruneStory(s, f.now)
		if err := rewriteStory(f.sealedTx, s); err != nil {
			return err
		}
	}
	return nil
}

// wasPublished reports whether a story, or one that ended in it, has a public id.
func wasPublished(s *news.Story) bool {
	return s.PublicID != "" || slices.ContainsFunc(s.Aliases, func(a news.Alias) bool { return a.PublicID != "" })
}

// dropKeys takes off the keys of dropped items, and those that items which have lost something are
// not found by any more.
func (f *forgetting) dropKeys() error {
	keep := map[string]bool{}
	for n := range f.cut {
		i, err := readItem(f.sealedTx, n)
		if err != nil {
			return err
		}
		claims := f.earlierClaims(i)
		f.Claims += len(i.Claims) - len(claims)
		i.Claims, i.Outgrown = claims, false
		if err := putRecord(f.Bucket(bucketItems), numberKey(n), i); err != nil {
			return err
		}
		for _, k := range f.rules.Keys(i) {
			keep[string(indexEntryKey(f.sealedTx, k, i))] = true
		}
	}
	for _, name := range [][]byte{bucketKeys, bucketFreshKeys} {
		bucket, gone := f.Bucket(name), [][]byte(nil)
		for key := range entriesUnder(bucket, nil) {
			n := numberFromKey(key[len(key)-8:])
			if f.dropped[n] || f.cut[n] && !keep[string(key)] {
				gone = append(gone, slices.Clone(key))
			}
		}
		for _, key := range gone {
			if err := bucket.Delete(key); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropFromRulings takes dropped items out of the rulings that bind them: those bind the others as
// before.
func (f *forgetting) dropFromRulings() error {
	rulings := map[uint64]bool{}
	for n := range f.dropped {
		i, err := readItem(f.sealedTx, n)
		if err != nil {
			return err
		}
		for _, r := range i.Ruled {
			rulings[r] = true
		}
	}
	bucket := f.Bucket(bucketRulings)
	for n := range rulings {
		var r news.Ruling
		if err := decodeRecord(bucket.Get(numberKey(n)), &r); err != nil {
			return err
		}
		r.Items, r.With = f.without(r.Items), f.without(r.With)
		if err := putRuling(f.sealedTx, &r); err != nil {
			return err
		}
	}
	return nil
}

func (f *forgetting) without(items []uint64) []uint64 {
	return slices.DeleteFunc(slices.Clone(items), func(n uint64) bool { return f.dropped[n] })
}

// dropFromMemory takes dropped items out of what is kept of the feed.
func (f *forgetting) dropFromMemory() error {
	r := reader{tx: f.sealedTx}
	m := r.Memory(f.feed)
	m.Marks = slices.DeleteFunc(r.Marks(f.feed), func(mark identity.Mark) bool { return f.dropped[mark.Item] })
	m.Forget(func(item uint64) bool { return f.dropped[item] })
	return writeMemory(f.txn, f.feed, f.number, m)
}

// dropValidators makes the next visit ask for the document whatever it is: the validators stand for
// items that are no more.
func (f *forgetting) dropValidators() error {
	if len(f.dropped) == 0 {
		return nil
	}
	v, err := f.readFeedState(f.number)
	if err != nil {
		return err
	}
	v.ETag, v.LastModified = "", ""
	return f.writeFeedState(f.number, v)
}

// dropTextKeys takes off the keys that lead to dropped items for a time.
func (f *forgetting) dropTextKeys() error {
	log := f.Bucket(bucketPassing)
	changed := map[string][]byte{}
	for key, text := range entriesUnder(log, nil) {
		left := make([]byte, 0, len(text))
		for ; len(text) >= 8; text = text[8:] {
			if !f.dropped[uint64(binary.LittleEndian.Uint32(text[4:]))] {
				left = append(left, text[:8]...)
			}
		}
		changed[string(key)] = left
	}
	for key, left := range changed {
		if err := putIfChanged(log, []byte(key), left); err != nil {
			return err
		}
	}
	f.textKeys.dropItems(f.dropped)
	return nil
}

// trimStory takes dropped items out of a story. One that has no others is taken off, with the ids
// that nobody has seen.
func (f *forgetting) trimStory(n uint64) error {
	before, err := readBareStory(f.sealedTx, n)
	if errors.Is(err, ErrRecord) {
		return nil
	}
	if err != nil {
		return err
	}
	counts, err := readCounts(f.sealedTx)
	if err != nil {
		return err
	}
	s := *before
	if s.Members = f.without(s.Members); len(s.Members) == 0 {
		if _, err := removeStory(f.sealedTx, counts, n, f.now); err != nil {
			return err
		}
		if err := noteEdit(f.sealedTx, n); err != nil {
			return err
		}
		for _, id := range allIDsOf(before) {
			if id == "" { // it was not settled
				continue
			}
			if err := indexOfIDs().removeEntry(f.sealedTx, []byte(id)); err != nil {
				return err
			}
		}
		return putCounts(f.sealedTx, counts)
	}
	if s.ID != "" && !slices.Contains(f.Withdrawn, s.ID) {
		f.Changed = append(f.Changed, s.ID)
	}
	s.Edges = slices.DeleteFunc(slices.Clone(s.Edges), func(e news.Edge) bool { return f.dropped[e.Item] })
	s.Aliases = slices.Clone(s.Aliases)
	for k := range s.Aliases {
		s.Aliases[k].Members = f.without(s.Aliases[k].Members)
	}
	return errors.Join(relistStory(f.sealedTx, counts, before, &s), putCounts(f.sealedTx, counts),
		putRecord(f.Bucket(bucketStories), numberKey(n), &s), noteEdit(f.sealedTx, n))
}
