package store

import (
	"encoding/binary"
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// PublishedBetween gives the live stories that were published from a time on and before another, in the
// order of documents: n at most, after those that are skipped. Each is looked for by its time, however
// many stories there are before and after.
func (p *publishing) PublishedBetween(from, to time.Time, skip, n int) (span news.Span, err error) {
	err = p.view(func(tx *sealedTx) error {
		load, bare := p.unreadable.storyLoader(tx, readStoryToShow), p.unreadable.storyLoader(tx, readBareStory)
		c := tx.Bucket(bucketOrder).Cursor()
		for key, number := c.Seek(publishedBeforeKey(to)); key != nil; key, number = c.Next() {
			if descendingMoment(key).Before(from) {
				break
			}
			story, err := bare(numberFromKey(number))
			switch {
			case err != nil:
				return err
			case story == nil:
				continue
			case story.Status != news.Live:
				span.Left = latestOf(span.Left, story.Changed)
				continue
			case skip > 0:
				skip--
				continue
			case len(span.Stories) == n:
				span.More = true
				return nil
			}
			if story, err = load(story.Number); err != nil {
				return err
			}
			span.Stories = append(span.Stories, story)
		}
		return nil
	})
	slices.SortFunc(span.Stories, news.CompareNewest)
	return span, err
}

// ChangedBetween gives when anything last changed of the n newest stories that were published from a
// time on and before another, held and withdrawn ones too; the zero time if there are none.
func (p *publishing) ChangedBetween(from, to time.Time, n int) (last time.Time, err error) {
	err = p.view(func(tx *sealedTx) error {
		bare := p.unreadable.storyLoader(tx, readBareStory)
		c := tx.Bucket(bucketOrder).Cursor()
		for key, number := c.Seek(publishedBeforeKey(to)); key != nil && n > 0; key, number = c.Next() {
			if descendingMoment(key).Before(from) {
				break
			}
			n--
			story, err := bare(numberFromKey(number))
			if err != nil {
				return err
			}
			if story != nil {
				last = latestOf(last, story.Changed)
			}
		}
		return nil
	})
	return last, err
}

// PublishedBefore gives when the newest live story was published that was published before a time; the
// zero time if there is none.
func (p *publishing) PublishedBefore(t time.Time) (published time.Time, err error) {
	err = p.view(func(tx *sealedTx) (err error) {
		c := tx.Bucket(bucketOrder).Cursor()
		key, number := c.Seek(publishedBeforeKey(t))
		published, err = p.firstLive(tx, key, number, c.Next)
		return err
	})
	return published, err
}

// PublishedFrom gives when the oldest live story was published that was published at a time or later;
// the zero time if there is none.
func (p *publishing) PublishedFrom(t time.Time) (published time.Time, err error) {
	err = p.view(func(tx *sealedTx) (err error) {
		c := tx.Bucket(bucketOrder).Cursor()
		key, number := c.SeekBefore(publishedBeforeKey(t))
		published, err = p.firstLive(tx, key, number, c.Prev)
		return err
	})
	return published, err
}

// firstLive gives when the first live story of a list was published, from an entry on.
func (p *publishing) firstLive(tx *sealedTx, key, number []byte, next func() (key, value []byte)) (time.Time, error) {
	load := p.unreadable.storyLoader(tx, readBareStory)
	for ; key != nil; key, number = next() {
		story, err := load(numberFromKey(number))
		if err != nil {
			return time.Time{}, err
		}
		if story != nil && story.Status == news.Live {
			return story.Published, nil
		}
	}
	return time.Time{}, nil
}

// publishedBeforeKey is where, in a list whose newest come first, the stories begin that were published
// before a time of whole milliseconds; those of that time and later stand before it.
func publishedBeforeKey(t time.Time) []byte {
	return binary.BigEndian.AppendUint64(nil, ^uint64(max(0, t.UnixMilli()-1)))
}

func latestOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
