package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// What causes events is noted, so that there is one event of it: in bucket `noted`, under what it is and
// whose, until it is over.

// The kinds of what is noted, as the first byte of its key.
const (
	notedWithdrawal = 'w' // of a published story, until it is live again
	notedCorrection = 'c' // of a story, by the hour
	notedOutage     = 'i' // of a feed, until its next success
	notedLapse      = 'b' // of backups, with the last one
	notedSent       = 's' // to a recipient, a story
)

func notedKey(kind byte, number uint64) []byte { return append([]byte{kind}, numberKey(number)...) }

func correctionKey(hour int64, story uint64) []byte {
	return append(binary.BigEndian.AppendUint64([]byte{notedCorrection}, uint64(hour)), numberKey(story)...)
}

// changedStory is a published story that a transaction changed, and as it was before; nil: its record is
// the same, or it is new.
type changedStory struct {
	*news.Story
	before *news.Story
}

// noteChanges notes what recipients are to hear of stories that have changed.
func noteChanges(tx txn, list []changedStory, now time.Time) error {
	if tx.silent || tx.notices == nil || tx.notices.Load() == nil {
		return nil
	}
	for _, s := range list {
		if s.before == nil {
			continue
		}
		for _, note := range []func(txn, changedStory, time.Time) error{
			noteWithdrawal, noteCorrection, notePublication,
		} {
			if err := note(tx, s, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// noteWithdrawal notes that a published story was withdrawn, or may be; once, until it is live again.
func noteWithdrawal(tx txn, s changedStory, now time.Time) error {
	b, key := tx.Bucket(bucketNoted), notedKey(notedWithdrawal, s.Number)
	if s.Status == news.Live {
		return b.Delete(key)
	}
	if s.PublishedAt.IsZero() || b.Get(key) != nil || s.before.Status == news.Retracted {
		return nil
	}
	e := news.Event{Kind: news.NoticeWithdrawn, When: now, Stories: []string{s.ID}}
	switch {
	case s.Status == news.Retracted:
		e.Text = "The story was withdrawn by " + s.WithdrawnBy + "."
	case slices.ContainsFunc(s.Items, func(i *news.Item) bool {
		return i.Hold != nil && (i.Hold.Kind == news.HoldWithdrawn || i.Hold.Kind == news.HoldKill)
	}) && s.before.Status == news.Live && !isHeldByEditor(tx, s.Story):
		e.Text = "The story may have been withdrawn: it is held."
	default: // an editor holds it
		return nil
	}
	if err := b.Put(key, momentKey(now)); err != nil {
		return err
	}
	return noteEvent(tx, e)
}

// isHeldByEditor reports whether the present transaction is an editor's hold.
func isHeldByEditor(tx txn, s *news.Story) bool {
	return tx.ruling != nil && tx.ruling.Verb == news.Hold && slices.Contains(tx.ruling.Named, s.ID)
}

// noteCorrection notes that a story was modified that another station carries; once an hour.
func noteCorrection(tx txn, s changedStory, now time.Time) error {
	if s.Status != news.Live || s.before.Status != news.Live || s.PublishedAt.IsZero() || s.before.PublishedAt.IsZero() ||
		!s.Modified.After(s.before.Modified) || !hasCarrier(s.Story) {
		return nil
	}
	b, hour := tx.Bucket(bucketNoted), now.Unix()/3600
	key := correctionKey(hour, s.Number)
	if b.Get(key) != nil {
		return nil
	}
	var passed [][]byte
	for old := range entriesUnder(b, []byte{notedCorrection}) {
		if bytes.Compare(old, correctionKey(hour-1, 0)) >= 0 {
			break
		}
		passed = append(passed, bytes.Clone(old))
	}
	for _, old := range passed {
		if err := b.Delete(old); err != nil {
			return err
		}
	}
	if err := b.Put(key, momentKey(now)); err != nil {
		return err
	}
	return noteEvent(tx, news.Event{Kind: news.NoticeCorrected, When: now, Stories: []string{s.ID},
		Text: "The story was corrected, and another station carries it."})
}

// hasCarrier reports whether stations besides the one whose words a story shows have it.
func hasCarrier(s *news.Story) bool {
	lead := s.Item(s.LeadItem)
	return lead != nil && slices.ContainsFunc(s.Items, func(i *news.Item) bool {
		return !i.Gone && i.Station != lead.Station
	})
}

// notePublication notes for partners that a story is published.
func notePublication(tx txn, s changedStory, now time.Time) error {
	if s.Status != news.Live || s.before.Status == news.Live && !s.before.PublishedAt.IsZero() || s.ID == "" {
		return nil
	}
	return notePublished(tx, s.ID, now)
}

// notePublished notes for partners that a story is published; it does nothing if no partner hears of that.
func notePublished(tx txn, id string, now time.Time) error {
	if tx.notices == nil {
		return nil
	}
	if plan := tx.notices.Load(); plan == nil || !plan.partners {
		return nil
	}
	return noteEvent(tx, news.Event{Kind: news.NoticeMissing, When: now, Stories: []string{id}})
}

// noteVisit notes that a feed has been without success for long, or that it has one again.
func noteVisit(tx txn, feed uint64, v news.FeedState) error {
	if tx.notices == nil {
		return nil
	}
	plan := tx.notices.Load()
	if plan == nil || v.Retired {
		return nil
	}
	b, key := tx.Bucket(bucketNoted), notedKey(notedOutage, feed)
	noted := b.Get(key) != nil
	switch {
	case v.Failures == 0 && noted:
		since := momentFromKey(b.Get(key))
		if err := b.Delete(key); err != nil {
			return err
		}
		return noteEvent(tx, news.Event{Kind: news.NoticeWell, When: v.Visited, Feed: v.Feed, Since: since,
			Text: "The feed can be read again."})
	case !noted && plan.isIll(v, v.Visited):
		return noteOutage(tx, feed, v, v.Visited)
	}
	return nil
}

// illSince is when a feed had its last success or, without any, failed first.
func illSince(v news.FeedState) time.Time {
	if v.Success.IsZero() {
		return v.Failing
	}
	return v.Success
}

// isIll reports whether a feed has been without success for long at a time.
func (p *noticePlan) isIll(v news.FeedState, at time.Time) bool {
	since := illSince(v)
	return v.Failures > 0 && !v.Retired && p.ill > 0 && !since.IsZero() && at.Sub(since) >= p.ill
}

// noteOutage notes that a feed is ill.
func noteOutage(tx txn, feed uint64, v news.FeedState, now time.Time) error {
	since := illSince(v)
	if err := tx.Bucket(bucketNoted).Put(notedKey(notedOutage, feed), momentKey(since)); err != nil {
		return err
	}
	return noteEvent(tx, news.Event{Kind: news.NoticeIll, When: now, Feed: v.Feed, Since: since,
		Text: "The feed could not be read: " + v.Error + "."})
}

// NoteOutages notes which feeds have been without success for long by now, once each: a feed that fails is
// visited seldom, and the next visit may be hours away.
func (l *leasing) NoteOutages(ctx context.Context, now time.Time) error {
	plan := l.noticePlan.Load()
	if plan == nil || plan.ill <= 0 {
		return nil
	}
	states, err := l.FeedStates()
	if err != nil {
		return err
	}
	states = slices.DeleteFunc(states, func(v news.FeedState) bool { return !plan.isIll(v, now) })
	if len(states) == 0 {
		return nil
	}
	return l.update(ctx, func(tx txn) error {
		changed := false
		for _, v := range states {
			feed := feedNumber(tx.sealedTx, v.Feed)
			if feed == 0 || tx.Bucket(bucketNoted).Get(notedKey(notedOutage, feed)) != nil {
				continue
			}
			changed = true
			if err := noteOutage(tx, feed, v, now); err != nil {
				return err
			}
		}
		if !changed {
			return errNothing
		}
		return nil
	})
}

// NoteLapse notes that there was no backup for a time, once for each last backup.
func (s notices) NoteLapse(ctx context.Context, after time.Duration, now time.Time) error {
	return s.update(ctx, func(tx txn) error {
		m, err := readAbout(tx.sealedTx)
		if err != nil {
			return err
		}
		last := m.BackedUp
		if last.IsZero() {
			last = m.Made
		}
		b, key := tx.Bucket(bucketNoted), []byte{notedLapse}
		if last.IsZero() || now.Sub(last) < after || bytes.Equal(b.Get(key), momentKey(last)) || tx.notices.Load() == nil {
			return errNothing
		}
		if err := b.Put(key, momentKey(last)); err != nil {
			return err
		}
		return noteEvent(tx, news.Event{Kind: news.NoticeBackup, When: now, Since: m.BackedUp,
			Text: "There was no backup for longer than there may be."})
	})
}
