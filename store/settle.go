package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/identity/compose"
	"fronteras/aggregator/news"
)

// publishing is the part of a store that gives ids to new stories, and says what belongs into the
// feed documents and the archive, and since when.
type publishing struct {
	*database
	// nothing else settles, and no archive closes, while numbers of publication are given
	settling sync.Mutex
	counted  atomic.Pointer[countedDays] // last
}

const (
	maxSettled  = 2500 // stories that one transaction settles
	maxRelisted = 3    // times that one settling lists what is to be settled
)

// Settle gives ids to the stories that are new since it was last called, and publishes them. It
// returns the store's revision, which rises whenever what is published changes, and the stories
// that were published now.
func (p *publishing) Settle(ctx context.Context, now time.Time) (revision uint64, published []news.Publication,
	err error) {
	p.settling.Lock()
	defer p.settling.Unlock()
	if err := errors.Join(p.Flush(ctx), p.releaseHeld(ctx, now)); err != nil {
		return 0, nil, err
	}
	for whole, tries := false, 0; !whole && tries < maxRelisted; tries++ {
		var out []news.Publication
		if out, whole, err = p.settleListed(ctx, now); err != nil {
			return 0, nil, err
		}
		published = append(published, out...)
	}
	err = p.view(func(tx *sealedTx) error {
		m, err := readAbout(tx)
		revision = m.Revision
		return err
	})
	return revision, published, err
}

// settleListed settles what is listed now, in as many transactions as that takes. It is not whole
// where a visit between them made others of the stories: those have waited, and are to be listed
// again.
func (p *publishing) settleListed(ctx context.Context,
	now time.Time) (published []news.Publication, whole bool, err error) {
	turns, last, err := p.listTurns()
	if err != nil {
		return nil, false, err
	}
	whole = true
	for part := range slices.Chunk(turns, maxSettled) {
		out, all, err := p.settlePart(ctx, part, last, now)
		if err != nil {
			return nil, false, err
		}
		published, whole = append(published, out...), whole && all
	}
	return published, whole, nil
}

// listTurns lists the stories that are to be settled, in the order of [archive.OrderTurns], and the
// last number of publication that they get.
func (p *publishing) listTurns() (list []archive.Turn, last uint64, err error) {
	err = p.view(func(tx *sealedTx) error {
		m, err := readAbout(tx)
		if err != nil {
			return err
		}
		last = m.Sequence
		return tx.Bucket(bucketUnsettled).ForEach(func(story, text []byte) error {
			list = append(list, decodeTurn(story, text))
			return nil
		})
	})
	list, last = archive.OrderTurns(list, last)
	return list, last, err
}

// settlePart settles some stories in one transaction, and says which it published. Ones that have
// gone or changed since they were listed are passed over, and all is false; their numbers of
// publication stay empty. Last is the last of those that this settling gives.
func (p *publishing) settlePart(ctx context.Context, part []archive.Turn, last uint64,
	now time.Time) (published []news.Publication, all bool, err error) {
	err = p.update(ctx, func(tx txn) error {
		published, all = nil, true
		m, err := readAbout(tx.sealedTx)
		if err != nil {
			return err
		}
		counts, err := readCounts(tx.sealedTx)
		if err != nil {
			return err
		}
		ids := compose.IDGenerator{Host: m.Host, Year: m.Made.UTC().Year(), Used: func(id string) bool {
			return indexOfIDs().lookupValue(tx.sealedTx, []byte(id)) != nil
		}}
		for _, of := range part {
			text := tx.Bucket(bucketUnsettled).Get(numberKey(of.Story))
			if text == nil || (text[0] == 1) != of.Live {
				all = false
				continue
			}
			story, out, err := settleStory(tx.sealedTx, counts, of, ids, now)
			if p.unreadable.leaveOutStory(tx.sealedTx, story, err) {
				continue
			}
			if err != nil {
				return err
			}
			if out {
				if err := notePublished(tx, story.ID, now); err != nil {
					return err
				}
				published = append(published, news.Publication{Story: story.ID, Items: len(story.Members)})
			}
		}
		m.Round++
		m.Revision++
		m.Sequence = last
		return errors.Join(putCounts(tx.sealedTx, counts), putAbout(tx.sealedTx, m), reviewSettled(tx, part, now))
	})
	return published, all, err
}

// reviewSettled looks at what stories ask that have just got their ids.
func reviewSettled(tx txn, part []archive.Turn, now time.Time) error {
	var stories []*news.Story
	for _, of := range part {
		bare, err := readBareStory(tx.sealedTx, of.Story)
		if err != nil { // it was left out
			continue
		}
		if len(bare.Flags) == 0 && bare.Status != news.Held {
			stories = append(stories, bare)
		} else if story, err := readStory(tx.sealedTx, of.Story); err == nil {
			stories = append(stories, story)
		}
	}
	return errors.Join(noteCasesOfSettled(tx, stories, now), noteCasesOfHeld(tx, stories, now))
}

// settleStory gives its ids to one story, and reports whether it was published; else it is held.
func settleStory(tx *sealedTx, counts map[string]int, of archive.Turn, ids compose.IDGenerator,
	now time.Time) (story *news.Story, published bool, err error) {
	if story, err = readBareStory(tx, of.Story); err != nil {
		return story, false, err
	}
	before, proposal := *story, news.Proposal{}
	if story.Proposal != nil {
		proposal = *story.Proposal
	}
	published = compose.Settle(story, ids, of.Sequence, now)
	text, err := encodeRecord(story)
	err = errors.Join(err, relistStory(tx, counts, &before, story),
		noteTopicsAndLanguage(tx, proposal.Topics, proposal.Language))
	if err == nil {
		err = errors.Join(tx.Bucket(bucketStories).Put(numberKey(story.Number), text), noteEdit(tx, story.Number))
	}
	return story, published, err
}

// CountUnsettled counts the items of stories that have been read and wait to be settled, as while
// other visits are under way.
func (p *publishing) CountUnsettled() (items int, err error) {
	err = p.view(func(tx *sealedTx) error {
		return tx.Bucket(bucketUnsettled).ForEach(func(n, _ []byte) error {
			story, err := readBareStory(tx, numberFromKey(n))
			if err == nil { // else it is reported where it is read
				items += len(story.Members)
			}
			return nil
		})
	})
	return items, err
}

// NextRelease gives when the clock releases the next held story; zero if none waits.
func (p *publishing) NextRelease() (until time.Time, err error) {
	err = p.view(func(tx *sealedTx) error {
		if key, _ := tx.Bucket(bucketUntil).Cursor().First(); key != nil {
			until = momentFromKey(key)
		}
		return nil
	})
	return until, err
}

// releaseHeld releases embargoed stories: those that were held until a time that has come.
func (p *publishing) releaseHeld(ctx context.Context, now time.Time) error {
	until, err := p.NextRelease()
	if err != nil || until.IsZero() || until.After(now) {
		return err
	}
	return p.update(ctx, func(tx txn) (err error) {
		defer catchUnreadable(&err)
		var due []uint64
		c := tx.Bucket(bucketUntil).Cursor()
		for key, _ := c.First(); key != nil && !momentFromKey(key).After(now); key, _ = c.Next() {
			due = append(due, numberFromKey(key[8:]))
		}
		for _, n := range due {
			err := regroupStory(tx, n, now)
			if err != nil && !p.unreadable.leaveOutStory(tx.sealedTx, &news.Story{Number: n}, err) {
				return err
			}
		}
		return nil
	})
}

// regroupStory sorts a story's items again, as when one of them is touched. One that has ended in
// another is passed over.
func regroupStory(tx txn, n uint64, now time.Time) error {
	if tx.Bucket(bucketStories).Get(numberKey(n)) == nil {
		return nil
	}
	story, err := readStory(tx.sealedTx, n)
	if err != nil {
		return err
	}
	var o identity.Outcome
	r := readerAt(tx, now)
	if err := r.decide(func() { o = tx.rules.Regroup(r, story.Members, now) }); err != nil {
		return err
	}
	_, err = applyOutcome(tx, o, now)
	return err
}
