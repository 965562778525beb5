package store

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// Save ends a visit. All of it is kept, or nothing: the visit with its
// validators, and where the visit brought a document, the items of it and the
// stories that they make. A visit that brought none (arrival is nil) changes
// nothing but the visit. If ctx has ended, nothing is saved.
func (s *Store) Save(ctx context.Context, v news.FeedState, arrival *identity.Arrival, facts *news.Facts) (saved news.Saved, err error) {
	err = s.finish(&job{ctx: ctx, patient: true, entries: arrival.Unseen(), run: func(tx *bolt.Tx) error {
		saved = news.Saved{}
		feed, err := s.end(tx, &v)
		if err != nil {
			return err
		}
		if arrival == nil || v.Retired { // the feed left the configuration during its visit
			return s.putVisit(tx, feed, v)
		}
		if facts != nil {
			if err := put(tx.Bucket(bucketFacts), number(feed), facts); err != nil {
				return err
			}
		}
		if err := s.resolve(tx, feed, *arrival, &saved); err != nil {
			return err
		}
		if saved.New > 0 {
			brought(&v, arrival.At)
		}
		return s.putVisit(tx, feed, v)
	}})
	return saved, err
}

// end takes the lease off a visit that is to be saved, and gives its feed.
func (s *Store) end(tx *bolt.Tx, v *news.FeedState) (feed uint64, err error) {
	if feed = s.number(tx, v.Feed); feed == 0 {
		return 0, ErrUnknown
	}
	v.Retired = false
	if s.table.of(feed).lease == 0 { // else it is not retired, and need not be read
		old, err := s.visitOf(tx, feed)
		if err != nil {
			return 0, err
		}
		v.Retired = old.Retired
	}
	v.Leased, v.Crashes = time.Time{}, 0
	s.danger.survives(feed)
	return feed, nil
}

// SaveLater ends a visit that found nothing new, as Save does, but does not wait for
// it to reach the disk: if the process dies before, the visit was interrupted,
// and no more. An error is returned by what is called next.
func (s *Store) SaveLater(ctx context.Context, v news.FeedState) error {
	return s.later(ctx, func(tx *bolt.Tx) error {
		feed, err := s.end(tx, &v)
		if err != nil {
			return err
		}
		return s.putVisit(tx, feed, v)
	})
}

// brought notes that a visit brought something new, and how long that usually takes.
func brought(v *news.FeedState, at time.Time) {
	switch gap := at.Sub(v.Changed); {
	case v.Changed.IsZero() || gap <= 0:
	case v.Gap == 0:
		v.Gap = gap
	default:
		v.Gap = (3*v.Gap + gap) / 4
	}
	v.Changed = at
}

// resolve applies the rules to an arrival, and writes what they decide.
func (s *Store) resolve(tx *bolt.Tx, feed uint64, arrival identity.Arrival, saved *news.Saved) (err error) {
	defer unread(&err)
	desk := s.desk.Load()
	o := desk.Resolve(s.readerAt(tx, arrival.At), arrival)
	saved.New, saved.Changed = o.New, o.Changed
	if err := s.writeMemory(tx, arrival.Feed.URL, feed, o.Memory); err != nil {
		return err
	}
	if err := s.writePassing(tx, o.Passing, arrival.At); err != nil {
		return err
	}
	if saved.Revised, err = s.apply(tx, o, arrival.At); err != nil {
		return err
	}
	m, err := readAbout(tx)
	if err != nil {
		return err
	}
	if !m.Read {
		m.Read, saved.Revised = true, true
		m.Revision++
	}
	saved.Revision = m.Revision
	return putAbout(tx, m)
}

// apply writes the items and stories of an outcome, and reports whether what is
// published changed.
func (s *Store) apply(tx *bolt.Tx, o identity.Outcome, now time.Time) (changed bool, err error) {
	items, err := writeItems(tx, s.desk.Load(), o.Items)
	if err != nil {
		return false, err
	}
	if changed, err = writeStories(tx, o.Stories, items, o.Removed, now); err != nil || !changed {
		return false, err
	}
	m, err := readAbout(tx)
	if err != nil {
		return false, err
	}
	m.Revision++
	return true, putAbout(tx, m)
}

func (s *Store) writeMemory(tx *bolt.Tx, url string, feed uint64, m identity.Memory) error {
	s.noteWaiting(url, m)
	if err := put(tx.Bucket(bucketMemory), number(feed), m); err != nil {
		return err
	}
	if err := writeParagraphs(tx, feed, m); err != nil {
		return err
	}
	return writeMarks(tx, feed, m.Marks)
}

// noteWaiting keeps in mind whether something of a feed is to be decided even where
// its document has not changed: pages to be asked, items that are missing.
func (s *Store) noteWaiting(url string, m identity.Memory) {
	if len(m.Watched)+len(m.Unasked) > 0 {
		s.waiting.Store(url, true)
	} else {
		s.waiting.Delete(url)
	}
}

// readWaiting calls that to mind when the store is opened.
func (s *Store) readWaiting() error {
	return s.view(func(tx *bolt.Tx) error {
		for n, url := range *addressesOf(tx) {
			var m identity.Memory
			if text := tx.Bucket(bucketMemory).Get(number(n)); text != nil {
				if err := decode(text, &m); err != nil {
					return err
				}
			}
			s.noteWaiting(url, m)
		}
		return nil
	})
}

// writeItems writes items and the keys that lead to them, and says which of them
// are other than before. A key that once led to an item always does.
func writeItems(tx *bolt.Tx, desk *identity.Rules, items []*news.Item) (changed map[uint64]bool, err error) {
	changed = map[uint64]bool{}
	bucket, keys := tx.Bucket(bucketItems), []entry(nil)
	for _, i := range items {
		text, err := encode(i)
		if err != nil {
			return nil, err
		}
		old := recordAt(bucket, i.Number)
		if unchanged[news.Item](old, text) {
			continue
		}
		changed[i.Number] = true
		keys = appendKeys(keys, tx, desk, i, old == nil)
		if err := putNew(bucket, i.Number, text); err != nil {
			return nil, err
		}
	}
	return changed, indexOfKeys().put(tx, keys)
}

// appendKeys appends the keys that lead to an item and are not entered; of a new
// one, none is yet.
func appendKeys(list []entry, tx *bolt.Tx, desk *identity.Rules, i *news.Item, fresh bool) []entry {
	for _, k := range desk.Keys(i) {
		key := entryOf(tx, k, i)
		if fresh || indexOfKeys().get(tx, key) == nil {
			list = append(list, entry{key, nothing})
		}
	}
	return list
}

// entryOf is where an item is listed under a key.
func entryOf(tx *bolt.Tx, k identity.Key, i *news.Item) []byte {
	return binary.BigEndian.AppendUint64(keyOf(tx, k), i.Number)
}

// recordAt is the record of a number; nil where there is none. Beyond the highest number
// given it need not look.
func recordAt(b *bolt.Bucket, n uint64) []byte {
	if n > b.Sequence() {
		return nil
	}
	return b.Get(number(n))
}

// appended is how full pages are left that grow at their end alone.
const appended = 1

// putNew writes a record that is other than before under a number, and notes the
// highest number given.
func putNew(b *bolt.Bucket, n uint64, text []byte) error {
	b.FillPercent = appended
	if n > b.Sequence() {
		if err := b.SetSequence(n); err != nil {
			return err
		}
	}
	return b.Put(number(n), text)
}

// writeStories writes stories and takes off those that are no more. It reports
// whether a published one changed, or an item of one.
func writeStories(tx *bolt.Tx, stories []*news.Story, items map[uint64]bool, removed []uint64, now time.Time) (changed bool, err error) {
	t, err := tallyOf(tx)
	if err != nil {
		return false, err
	}
	for _, n := range removed {
		published, err := removeStory(tx, t, n, now)
		if err != nil {
			return false, err
		}
		changed = changed || published
	}
	for _, s := range stories {
		touched := slices.ContainsFunc(s.Members, func(n uint64) bool { return items[n] })
		other, err := writeStory(tx, t, s, touched)
		if err != nil {
			return false, err
		}
		changed = changed || !s.IDAssignedAt.IsZero() && (other || touched)
	}
	return changed, t.keep(tx)
}

// writeStory writes a story, of which an item was touched or not, and reports
// whether it is other than before.
func writeStory(tx *bolt.Tx, t *tally, s *news.Story, touched bool) (other bool, err error) {
	bucket := tx.Bucket(bucketStories)
	text, err := encode(s)
	if err != nil {
		return false, err
	}
	old := recordAt(bucket, s.Number)
	same := unchanged[news.Story](old, text)
	if !s.IDAssignedAt.IsZero() && (touched || !same) {
		if err := listShown(tx, s); err != nil {
			return false, err
		}
	}
	if same {
		return false, nil
	}
	var before *news.Story
	if old != nil {
		before = &news.Story{Number: s.Number}
		if err := decode(old, before); err != nil {
			return false, err
		}
	}
	return true, errors.Join(list(tx, t, before, s), putNew(bucket, s.Number, text))
}

// removeStory takes a story off; published reports whether it had been settled.
func removeStory(tx *bolt.Tx, t *tally, n uint64, now time.Time) (published bool, err error) {
	s, err := bareStory(tx, number(n))
	if err != nil {
		return false, err
	}
	if err := unlist(tx, s); err != nil {
		return false, err
	}
	t.move(s, nil)
	if s.Sequence > 0 { // its place in the archive stays empty
		if err := tx.Bucket(bucketNumbers).Put(number(s.Sequence), append(number(0), moment(now)...)); err != nil {
			return false, err
		}
	}
	return !s.IDAssignedAt.IsZero(), tx.Bucket(bucketStories).Delete(number(n))
}

// keyOf is where the items under a key are listed: by the feed in which it holds,
// or else by the host in it, so that what one visit writes stands close together;
// then by the key's hash.
func keyOf(tx *bolt.Tx, k identity.Key) []byte {
	var near uint32
	if k.Feed != "" {
		near = uint32(feedNumber(tx, k.Feed))
	} else {
		near = uint32(hashOf(hostIn(k.Text)))
	}
	key := make([]byte, 0, 20) // an item's number follows
	key = binary.BigEndian.AppendUint32(key, near)
	return binary.BigEndian.AppendUint64(key, hashOf(k.Text))
}

// hostIn is a key's text up to the path of the address in it.
func hostIn(text string) string {
	from := 0
	if at := strings.Index(text, "//"); at >= 0 {
		from = at + 2
	}
	if at := strings.IndexByte(text[from:], '/'); at >= 0 {
		return text[:from+at]
	}
	return text
}

// hashOf is the 64-bit FNV-1a hash of a text.
func hashOf(text string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}
