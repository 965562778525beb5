package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// Window gives what belongs into the merged feed: of the stories no older than
// maxAge, counted from the newest of all, the n that were last published or
// modified. Beside them stand at most n filed ones, and the ids that have ended
// within maxAge.
func (s *Store) Window(n int, maxAge time.Duration) (w news.Window, err error) {
	err = s.view(func(tx *bolt.Tx) (err error) {
		w, err = s.window(tx, n, maxAge)
		return err
	})
	return w, err
}

// dated is how long after it was last touched a story may be dated at most: its
// date may be ahead of the visit that brought it (3.3).
const dated = 7*24*time.Hour + time.Hour

func (s *Store) window(tx *bolt.Tx, n int, maxAge time.Duration) (w news.Window, err error) {
	newest, err := s.newest(tx)
	if err != nil {
		return w, err
	}
	oldest := newest.Add(-maxAge)
	c := tx.Bucket(bucketRecent).Cursor()
	for key, value := c.First(); key != nil && len(w.Stories) < n; key, value = c.Next() {
		if backwards(key).Before(oldest.Add(-dated)) {
			break // what follows is older, too
		}
		if momentOf(value[8:]).Before(oldest.Truncate(time.Millisecond)) {
			continue
		}
		story, err := storyOf(tx, numberOf(value[:8]))
		switch {
		case s.leftOut(tx, story, err):
		case err != nil:
			return w, err
		case story.Status != news.Live:
			w.Left = append(w.Left, story)
		case story.Published.Before(oldest): // by less than a list can tell
		case !story.ArchiveOnly:
			w.Stories = append(w.Stories, story)
		case len(w.Filed) < n:
			w.Filed = append(w.Filed, story)
		}
	}
	slices.SortFunc(w.Stories, compareNewest)
	slices.SortFunc(w.Filed, compareNewest)
	if w.Gone, err = s.gone(tx, oldest); err != nil {
		return w, err
	}
	last, _ := tx.Bucket(bucketClosed).Cursor().Last()
	if last != nil {
		w.Closed = int(numberOf(last))
	}
	return w, nil
}

// backwards is the time in a key of a list whose latest comes first.
func backwards(key []byte) time.Time {
	return time.UnixMilli(int64(^binary.BigEndian.Uint64(key))).UTC()
}

// compareNewest is the order of documents.
func compareNewest(a, b *news.Story) int {
	return cmp.Or(b.Published.Compare(a.Published), b.FirstSeen.Compare(a.FirstSeen), strings.Compare(a.ID, b.ID))
}

// newest is when the newest story of the merged feed was published, from which
// ages are counted.
func (s *Store) newest(tx *bolt.Tx) (time.Time, error) {
	c := tx.Bucket(bucketOrder).Cursor()
	for key, n := c.First(); key != nil; key, n = c.Next() {
		story, err := bareStory(tx, n)
		switch {
		case s.leftOut(tx, story, err):
		case err != nil:
			return time.Time{}, err
		case story.Status == news.Live && !story.ArchiveOnly:
			return story.Published, nil
		}
	}
	return time.Time{}, nil
}

// bareStory reads a story without its items.
func bareStory(tx *bolt.Tx, n []byte) (*news.Story, error) {
	s := &news.Story{Number: numberOf(n)}
	return s, decode(tx.Bucket(bucketStories).Get(n), s)
}

// gone lists the ids that have ended since a time.
func (s *Store) gone(tx *bolt.Tx, since time.Time) (list []news.Gone, err error) {
	c := tx.Bucket(bucketGone).Cursor()
	for key, n := c.First(); key != nil; key, n = c.Next() {
		when := backwards(key)
		if when.Before(since) {
			break
		}
		story, err := storyOf(tx, numberOf(n))
		if s.leftOut(tx, story, err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, news.Gone{ID: string(key[8:]), When: when, Story: story})
	}
	return list, nil
}

// CloseArchives closes the archive documents that are due, so that every live
// story is in the merged feed or in a closed document. Stories are numbered as
// they are published; a run of numbers closes when it holds half of n, when its
// oldest story has passed half of maxAge, or when one of it is not in the feed.
// Documents stay closed for ever.
func (s *Store) CloseArchives(ctx context.Context, n int, maxAge time.Duration) error {
	s.settling.Lock()
	defer s.settling.Unlock()
	var ends []uint64
	err := s.view(func(tx *bolt.Tx) (err error) {
		ends, err = s.runs(tx, n, maxAge)
		return err
	})
	if err != nil || len(ends) == 0 {
		return err
	}
	return s.update(ctx, func(tx *bolt.Tx) error {
		ends, err := s.runs(tx, n, maxAge)
		if err != nil {
			return err
		}
		closed := tx.Bucket(bucketClosed)
		next := uint64(1)
		if last, _ := closed.Cursor().Last(); last != nil {
			next = numberOf(last) + 1
		}
		for i, end := range ends {
			if err := closed.Put(number(next+uint64(i)), number(end)); err != nil {
				return err
			}
		}
		return nil
	})
}

// runs are the last numbers of the runs that are due to close.
func (s *Store) runs(tx *bolt.Tx, n int, maxAge time.Duration) (ends []uint64, err error) {
	w, err := s.window(tx, n, maxAge)
	if err != nil {
		return nil, err
	}
	shown := map[uint64]bool{}
	for _, s := range w.Stories {
		shown[s.Number] = true
	}
	newest, err := s.newest(tx)
	if err != nil {
		return nil, err
	}
	after := uint64(0)
	if _, last := tx.Bucket(bucketClosed).Cursor().Last(); last != nil {
		after = numberOf(last)
	}
	count, due, end := 0, false, after
	c := tx.Bucket(bucketNumbers).Cursor()
	for key, value := c.Seek(number(after + 1)); key != nil; key, value = c.Next() {
		end = numberOf(key)
		count++
		if numberOf(value[:8]) != 0 {
			story, err := bareStory(tx, value[:8])
			if err != nil && !s.leftOut(tx, story, err) {
				return nil, err
			}
			due = due || story.Status == news.Live && (!shown[story.Number] || story.Published.Before(newest.Add(-maxAge/2)))
		}
		if count >= max(1, n/2) {
			ends = append(ends, end)
			count, due = 0, false
		}
	}
	if due {
		ends = append(ends, end)
	}
	return ends, nil
}

// Archive gives a closed archive document, counted from 1; ErrUnknown if it is not
// closed yet.
func (s *Store) Archive(n int) (a news.Archive, err error) {
	a.Number = n
	err = s.view(func(tx *bolt.Tx) error {
		closed := tx.Bucket(bucketClosed)
		last := closed.Get(number(uint64(n)))
		if n < 1 || last == nil {
			return ErrUnknown
		}
		after := uint64(0)
		if before := closed.Get(number(uint64(n - 1))); before != nil {
			after = numberOf(before)
		}
		c := tx.Bucket(bucketNumbers).Cursor()
		for key, value := c.Seek(number(after + 1)); key != nil && numberOf(key) <= numberOf(last); key, value = c.Next() {
			if numberOf(value[:8]) == 0 {
				if when := momentOf(value[8:]); when.After(a.Ended) {
					a.Ended = when
				}
				continue
			}
			story, err := storyOf(tx, numberOf(value[:8]))
			switch {
			case s.leftOut(tx, story, err):
			case err != nil:
				return err
			case story.Status == news.Live:
				a.Stories = append(a.Stories, story)
			default:
				a.Left = append(a.Left, story)
			}
		}
		return nil
	})
	slices.SortFunc(a.Stories, compareNewest)
	return a, err
}

// KeepOnce remembers values under names for ever, unless there is one already, and
// gives what each name's value is. An empty value is none: it asks alone.
func (s *Store) KeepOnce(ctx context.Context, values map[string]string) (kept map[string]string, err error) {
	kept = maps.Clone(values)
	lacking := false
	look := func(tx *bolt.Tx) error {
		for name, value := range values {
			old := tx.Bucket(bucketKept).Get([]byte(name))
			if lacking = lacking || old == nil && value != ""; old != nil {
				value = string(old)
			}
			kept[name] = value
		}
		return nil
	}
	if err := s.view(look); err != nil || !lacking {
		return kept, err
	}
	err = s.update(ctx, func(tx *bolt.Tx) error {
		if err := look(tx); err != nil {
			return err
		}
		for name, value := range kept {
			if value == "" {
				continue
			}
			if err := putBytes(tx.Bucket(bucketKept), []byte(name), []byte(value)); err != nil {
				return err
			}
		}
		return nil
	})
	return kept, err
}

// CountByDay counts the stories that were published on each of so many days in UTC, the
// last of which is that of the newest; the earliest first. What was counted last is
// kept until something changes: every visitor of a page may ask.
func (s *Store) CountByDay(n int) (last time.Time, counts []int, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		m, err := readAbout(tx)
		if err != nil {
			return err
		}
		known := s.counted.Load()
		if known == nil || known.revision != m.Revision || len(known.counts) != n {
			known = &counted{revision: m.Revision, counts: make([]int, n)}
			if known.last, err = s.days(tx, known.counts); err != nil {
				return err
			}
			s.counted.Store(known)
		}
		last, counts = known.last, slices.Clone(known.counts)
		return nil
	})
	return last, counts, err
}

// counted are the stories of some days, as they were at a revision.
type counted struct {
	revision uint64
	last     time.Time
	counts   []int
}

// days adds each day's stories to its count.
func (s *Store) days(tx *bolt.Tx, counts []int) (last time.Time, err error) {
	newest, err := s.newest(tx)
	if err != nil || newest.IsZero() {
		return last, err
	}
	last = newest.UTC().Truncate(24 * time.Hour)
	c := tx.Bucket(bucketOrder).Cursor()
	for key, number := c.First(); key != nil; key, number = c.Next() {
		day := int(last.Sub(backwards(key).Truncate(24*time.Hour)) / (24 * time.Hour))
		if day >= len(counts) {
			break
		}
		story, err := bareStory(tx, number)
		if err != nil && !s.leftOut(tx, story, err) {
			return last, err
		}
		if day >= 0 && story.Status == news.Live {
			counts[len(counts)-1-day]++
		}
	}
	return last, nil
}
