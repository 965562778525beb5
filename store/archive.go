package store

import (
	"context"
	"iter"
	"slices"
	"time"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/news"
)

// maxPruned is how many stories one transaction prunes, and one call.
const maxPruned = 200

// Window gives what belongs into the merged feed, as [archive.SelectWindow] says, with the ids that
// have ended within maxAge, and how many archive documents are closed.
func (p *publishing) Window(n int, maxAge time.Duration) (w news.Window, err error) {
	err = p.view(func(tx *sealedTx) (err error) {
		newest, err := p.newestPublished(tx)
		if err != nil {
			return err
		}
		if w, err = p.selectWindow(tx, n, newest, maxAge); err != nil {
			return err
		}
		if w.Gone, err = p.endedSince(tx, newest.Add(-maxAge)); err != nil {
			return err
		}
		if last, _ := tx.Bucket(bucketClosed).Cursor().Last(); last != nil {
			w.Closed = int(numberFromKey(last))
		}
		return nil
	})
	return w, err
}

func (p *publishing) selectWindow(tx *sealedTx, n int, newest time.Time, maxAge time.Duration) (news.Window, error) {
	recent := func(yield func(archive.Recent) bool) {
		for key, value := range entriesUnder(tx.Bucket(bucketRecent), nil) {
			story, published := numberFromKey(value[:8]), momentFromKey(value[8:])
			if !yield(archive.Recent{Story: story, Touched: descendingMoment(key), Published: published}) {
				return
			}
		}
	}
	return archive.SelectWindow(recent, p.unreadable.storyLoader(tx, readStoryToShow), n, newest, maxAge)
}

// newestPublished is when the newest story of the merged feed was published, from which ages are
// counted.
func (p *publishing) newestPublished(tx *sealedTx) (time.Time, error) {
	load := p.unreadable.storyLoader(tx, readBareStory)
	for _, n := range entriesUnder(tx.Bucket(bucketOrder), nil) {
		story, err := load(numberFromKey(n))
		if err != nil {
			return time.Time{}, err
		}
		if story != nil && story.Status == news.Live && !story.ArchiveOnly {
			return story.Published, nil
		}
	}
	return time.Time{}, nil
}

// endedSince lists the ids that have ended since a time.
func (p *publishing) endedSince(tx *sealedTx, since time.Time) (list []news.Gone, err error) {
	load := p.unreadable.storyLoader(tx, readStory)
	for key, n := range entriesUnder(tx.Bucket(bucketGone), nil) {
		when := descendingMoment(key)
		if when.Before(since) {
			break
		}
		story, err := load(numberFromKey(n))
		if err != nil {
			return nil, err
		}
		if story != nil {
			list = append(list, news.Gone{ID: string(key[8:]), When: when, Story: story})
		}
	}
	return list, nil
}

// placesFrom lists the places in the order of publication from a number on.
func placesFrom(tx *sealedTx, from uint64) iter.Seq2[archive.Numbered, time.Time] {
	return func(yield func(archive.Numbered, time.Time) bool) {
		c := tx.Bucket(bucketNumbers).Cursor()
		for key, value := c.Seek(numberKey(from)); key != nil; key, value = c.Next() {
			place, ended := archive.Numbered{Number: numberFromKey(key), Story: numberFromKey(value[:8])}, time.Time{}
			if place.Story == 0 {
				ended = momentFromKey(value[8:])
			}
			if !yield(place, ended) {
				return
			}
		}
	}
}

// CloseArchives closes the archive documents that are due, as [archive.CloseRuns] says. They stay
// closed.
func (p *publishing) CloseArchives(ctx context.Context, n int, maxAge time.Duration) error {
	p.settling.Lock()
	defer p.settling.Unlock()
	var ends []uint64
	err := p.view(func(tx *sealedTx) (err error) {
		ends, err = p.runsToClose(tx, n, maxAge)
		return err
	})
	if err != nil || len(ends) == 0 {
		return err
	}
	return p.update(ctx, func(tx txn) error {
		ends, err := p.runsToClose(tx.sealedTx, n, maxAge)
		if err != nil {
			return err
		}
		closed := tx.Bucket(bucketClosed)
		next := uint64(1)
		if last, _ := closed.Cursor().Last(); last != nil {
			next = numberFromKey(last) + 1
		}
		for i, end := range ends {
			if err := closed.Put(numberKey(next+uint64(i)), numberKey(end)); err != nil {
				return err
			}
		}
		return nil
	})
}

// runsToClose are the last numbers of the runs that are due to close.
func (p *publishing) runsToClose(tx *sealedTx, n int, maxAge time.Duration) (ends []uint64, err error) {
	newest, err := p.newestPublished(tx)
	if err != nil {
		return nil, err
	}
	w, err := p.selectWindow(tx, n, newest, maxAge)
	if err != nil {
		return nil, err
	}
	shown := map[uint64]bool{}
	for _, s := range w.Stories {
		shown[s.Number] = true
	}
	after := uint64(0)
	if _, last := tx.Bucket(bucketClosed).Cursor().Last(); last != nil {
		after = numberFromKey(last)
	}
	places := func(yield func(archive.Numbered) bool) {
		for place := range placesFrom(tx, after+1) {
			if !yield(place) {
				return
			}
		}
	}
	return archive.CloseRuns(places, p.unreadable.storyLoader(tx, readBareStory), shown, n, newest, maxAge)
}

// Archive gives a closed archive document, counted from 1; ErrUnknown if it is not closed yet.
func (p *publishing) Archive(n int) (a news.Archive, err error) {
	a.Number = n
	err = p.view(func(tx *sealedTx) error {
		closed := tx.Bucket(bucketClosed)
		last := closed.Get(numberKey(uint64(n)))
		if n < 1 || last == nil {
			return ErrUnknown
		}
		after := uint64(0)
		if before := closed.Get(numberKey(uint64(n - 1))); before != nil {
			after = numberFromKey(before)
		}
		load := p.unreadable.storyLoader(tx, readStoryToShow)
		for place, ended := range placesFrom(tx, after+1) {
			if place.Number > numberFromKey(last) {
				break
			}
			if place.Story == 0 {
				if ended.After(a.Ended) {
					a.Ended = ended
				}
				continue
			}
			story, err := load(place.Story)
			switch {
			case err != nil:
				return err
			case story == nil:
			case story.Status == news.Live:
				a.Stories = append(a.Stories, story)
			default:
				a.Left = append(a.Left, story)
			}
		}
		return nil
	})
	slices.SortFunc(a.Stories, news.CompareNewest)
	return a, err
}

// Prune takes texts and pictures of old stories out of the store; see [archive.PruneBefore] and
// [archive.PruneStory]. It reports how many stories it pruned; where more wait, a later call goes
// on. Stories are visited in the order of their publication, each once in its life: what was
// reached last is kept, and looked for by key.
func (p *publishing) Prune(ctx context.Context, maxAge time.Duration, now time.Time) (done int, err error) {
	var due bool
	err = p.view(func(tx *sealedTx) error {
		m, err := readAbout(tx)
		if err != nil {
			return err
		}
		newest, err := p.newestPublished(tx)
		if err != nil {
			return err
		}
		_, _, due, err = p.nextToPrune(tx, m.Pruned, archive.PruneBefore(newest, maxAge))
		return err
	})
	if err != nil || !due {
		return 0, err
	}
	err = p.update(ctx, func(tx txn) error {
		done = 0
		m, err := readAbout(tx.sealedTx)
		if err != nil {
			return err
		}
		newest, err := p.newestPublished(tx.sealedTx)
		if err != nil {
			return err
		}
		for range maxPruned {
			story, sequence, due, err := p.nextToPrune(tx.sealedTx, m.Pruned, archive.PruneBefore(newest, maxAge))
			if err != nil {
				return err
			}
			if !due {
				break
			}
			m.Pruned = sequence
			if story == nil { // it has ended, or cannot be read
				continue
			}
			archive.PruneStory(story, now)
			if err := rewriteStory(tx.sealedTx, story); err != nil {
				return err
			}
			done++
		}
		m.Revision++
		return putAbout(tx.sealedTx, m)
	})
	return done, err
}

// nextToPrune is the first story published after a place in the order of publication, and its
// place; due is false where none stands there that was published before a time. Of a place whose
// story has ended or cannot be read the story is nil.
func (p *publishing) nextToPrune(tx *sealedTx, after uint64,
	before time.Time) (story *news.Story, sequence uint64, due bool, err error) {
	for place, ended := range placesFrom(tx, after+1) {
		if place.Story == 0 {
			return nil, place.Number, ended.Before(before), nil
		}
		story, err := p.unreadable.storyLoader(tx, readStory)(place.Story)
		if err != nil {
			return nil, 0, false, err
		}
		return story, place.Number, story == nil || story.PublishedAt.Before(before), nil
	}
	return nil, 0, false, nil
}

// rewriteStory writes a story and its items that have become smaller. No list or key changes.
func rewriteStory(tx *sealedTx, story *news.Story) error {
	items := tx.Bucket(bucketItems)
	for _, i := range story.Items {
		// bbolt gives back the room of what is deleted; what only shrinks keeps its page.
		if err := items.Delete(numberKey(i.Number)); err != nil {
			return err
		}
		if err := putRecord(items, numberKey(i.Number), i); err != nil {
			return err
		}
	}
	return putRecord(tx.Bucket(bucketStories), numberKey(story.Number), story)
}

// CountByDay counts the stories that were published on each of n days, as [archive.CountByDay]
// does. What was counted last is kept until something changes: every visitor of a page may ask.
func (p *publishing) CountByDay(n int) (last time.Time, counts []int, err error) {
	err = p.view(func(tx *sealedTx) error {
		m, err := readAbout(tx)
		if err != nil {
			return err
		}
		known := p.counted.Load()
		if known == nil || known.revision != m.Revision || len(known.counts) != n {
			newest, err := p.newestPublished(tx)
			if err != nil {
				return err
			}
			ordered := func(yield func(archive.Dated) bool) {
				for key, number := range entriesUnder(tx.Bucket(bucketOrder), nil) {
					if !yield(archive.Dated{Story: numberFromKey(number), Published: descendingMoment(key)}) {
						return
					}
				}
			}
			known = &countedDays{revision: m.Revision}
			load := p.unreadable.storyLoader(tx, readBareStory)
			if known.last, known.counts, err = archive.CountByDay(ordered, load, n, newest); err != nil {
				return err
			}
			p.counted.Store(known)
		}
		last, counts = known.last, slices.Clone(known.counts)
		return nil
	})
	return last, counts, err
}

// countedDays are the stories of some days, as they were at a revision.
type countedDays struct {
	revision uint64
	last     time.Time
	counts   []int
}
