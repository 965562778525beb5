package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/schedule"
)

// Save ends a visit. All of it is kept, or nothing: the state with its validators, and where the
// visit brought a document, the items of it and the stories that they make. A visit that brought
// none (arrival is nil) changes nothing but the state. If ctx has ended, nothing is saved.
func (s *Store) Save(ctx context.Context, v news.FeedState, arrival *identity.Arrival,
	facts *news.Facts) (saved news.Saved, err error) {
	err = s.updatePatiently(ctx, arrival.CountUnseen(), func(tx txn) error {
		saved = news.Saved{}
		feed, v, err := s.endVisit(tx, v)
		if err != nil {
			return err
		}
		if arrival == nil || v.Retired { // the feed left the configuration during its visit
			return errors.Join(tx.writeFeedState(feed, v), noteVisit(tx, feed, v))
		}
		if facts != nil {
			if err := putRecord(tx.Bucket(bucketFacts), numberKey(feed), facts); err != nil {
				return err
			}
		}
		if saved, err = resolveArrival(tx, feed, *arrival); err != nil {
			return err
		}
		if saved.New > 0 {
			v = schedule.RecordNews(v, arrival.At)
		}
		v.Awaiting = saved.Awaiting
		return errors.Join(tx.writeFeedState(feed, withoutValidators(v, saved)), noteVisit(tx, feed, v))
	})
	return saved, err
}

// withoutValidators is a feed's state without those of its document, where that was not taken
// whole: it is needed again, though it may not change.
func withoutValidators(v news.FeedState, saved news.Saved) news.FeedState {
	if saved.Postponed+saved.Waiting > 0 {
		v.ETag, v.LastModified = "", ""
	}
	return v
}

// SaveLater ends a visit that found nothing new, as Save does, but does not wait for it to reach
// the disk: if the process dies before, the visit was interrupted, and no more. An error is
// returned by what is called next.
func (s *Store) SaveLater(ctx context.Context, v news.FeedState) error {
	return s.updateLater(ctx, func(tx txn) error {
		feed, v, err := s.endVisit(tx, v)
		if err != nil {
			return err
		}
		return errors.Join(tx.writeFeedState(feed, v), noteVisit(tx, feed, v))
	})
}

// endVisit takes the lease off a state that is to be saved, and gives its feed.
func (s *Store) endVisit(tx txn, v news.FeedState) (feed uint64, ended news.FeedState, err error) {
	if feed = feedNumber(tx.sealedTx, v.Feed); feed == 0 {
		return 0, v, ErrUnknown
	}
	v.Retired = false
	if tx.timetable.entryOf(feed).lease == 0 { // else it is not retired, and need not be read
		old, err := tx.readFeedState(feed)
		if err != nil {
			return 0, v, err
		}
		v.Retired = old.Retired
	}
	v.Leased, v.Crashes = time.Time{}, 0
	tx.atEnd(func(committed bool) {
		if committed {
			s.guard.EndVisit(feed)
		}
	})
	return feed, v, nil
}

// Deliver adds what a hub has pushed to the stories, as Save does with what a visit brought, but
// leaves the validators and errors of the feed's state as they are: those are of polls. Only what
// is postponed makes the next poll ask for the document whatever it is.
func (s *Store) Deliver(ctx context.Context, feed string, arrival identity.Arrival) (saved news.Saved, err error) {
	err = s.update(ctx, func(tx txn) (err error) {
		n := feedNumber(tx.sealedTx, feed)
		if n == 0 {
			return ErrUnknown
		}
		if saved, err = resolveArrival(tx, n, arrival); err != nil || saved.New+saved.Postponed+saved.Waiting == 0 {
			return err
		}
		v, err := tx.readFeedState(n)
		if err != nil {
			return err
		}
		if saved.New > 0 {
			v = schedule.RecordNews(v, arrival.At)
		}
		return tx.writeFeedState(n, withoutValidators(v, saved))
	})
	return saved, err
}

// UnmeasuredAudio lists the audio of entries of a feed's last document whose length nobody has said:
// those that the desk has taken.
func (s *Store) UnmeasuredAudio(feed string, entries []news.Digest) (list []news.AudioLength, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		defer catchUnreadable(&err)
		r := reader{tx: tx, unreadable: &s.unreadable}
		marks, err := readMarks(tx, feedNumber(tx, feed))
		for _, m := range marks {
			if m.Item == 0 || !slices.Contains(entries, m.Digest) {
				continue
			}
			for _, e := range r.Item(m.Item).Entry.Enclosures {
				if e.IsUnmeasured() {
					list = append(list, news.AudioLength{Entry: m.Digest, URL: e.URL})
				}
			}
		}
		return err
	})
	return list, err
}

// SaveLengths adds to the items of a feed's last document how long their audio was found to be,
// where the document did not say. It reports whether what is published changed.
func (s *Store) SaveLengths(
	ctx context.Context, feed string, found []news.AudioLength, now time.Time,
) (revised bool, err error) {
	err = s.update(ctx, func(tx txn) error {
		n := feedNumber(tx.sealedTx, feed)
		if n == 0 {
			return ErrUnknown
		}
		marks, err := readMarks(tx.sealedTx, n)
		if err != nil {
			return err
		}
		lengths := map[uint64][]news.AudioLength{}
		for _, m := range marks {
			for _, l := range found {
				if m.Item != 0 && m.Digest == l.Entry {
					lengths[m.Item] = append(lengths[m.Item], l)
				}
			}
		}
		if len(lengths) == 0 { // another document has come meanwhile
			return nil
		}
		var o identity.Outcome
		r := readerAt(tx, now)
		if err := r.decide(func() { o = tx.rules.AddLengths(r, lengths, now) }); err != nil {
			return err
		}
		revised, err = applyOutcome(tx, o, now)
		return err
	})
	return revised, err
}

// Ask lists the pages that are to be read before an arrival is saved; due reports whether there is
// something to decide though none can be asked. The match is to be saved with the arrival; nil
// where nothing was matched.
func (s *Store) Ask(_ context.Context, a identity.Arrival) (questions []identity.Question, due bool,
	match *identity.Match, err error) {
	if from, waits := s.waiting.Load(a.Feed.URL); a.Same && (!waits || from.(time.Time).After(a.At)) {
		return nil, false, nil, nil
	}
	err = s.view(func(tx *sealedTx) error {
		r := reader{tx: tx, unreadable: &s.unreadable}
		return r.decide(func() { questions, due, match = s.rules.Load().Ask(r, a) })
	})
	return questions, due, match, err
}

// SeenDigests gives the digests of a feed's last document, to be passed over when they come again,
// and whether the desk took each.
func (s *Store) SeenDigests(feed string) (seen map[news.Digest]bool, err error) {
	err = s.view(func(tx *sealedTx) error {
		marks, err := readMarks(tx, feedNumber(tx, feed))
		seen = make(map[news.Digest]bool, len(marks))
		for _, m := range marks {
			seen[m.Digest] = m.Item != 0
		}
		return err
	})
	return seen, err
}

// resolveArrival applies the rules to an arrival, and writes what they decide.
func resolveArrival(tx txn, feed uint64, arrival identity.Arrival) (saved news.Saved, err error) {
	var o identity.Outcome
	r := readerAt(tx, arrival.At)
	if err := r.decide(func() {
		if !tx.unreadable.hidesNothing() {
			arrival.Match = nil // it may have been made before something was hidden
		}
		o = tx.rules.Resolve(r, arrival)
	}); err != nil {
		return saved, err
	}
	saved.New, saved.Changed, saved.Postponed, saved.Waiting = o.New, o.Changed, o.Postponed, o.Waiting
	saved.Awaiting = len(o.Memory.Awaiting) + o.Waiting
	if err := writeMemory(tx, arrival.Feed.URL, feed, o.Memory); err != nil {
		return saved, err
	}
	if err := tx.textKeys.writeKeys(tx.sealedTx, o.Passing, arrival.At); err != nil {
		return saved, err
	}
	if saved.Revised, err = applyOutcome(tx, o, arrival.At); err != nil {
		return saved, err
	}
	if err := noteCasesOfFeed(tx, arrival.Feed.URL, arrival.At); err != nil {
		return saved, err
	}
	m, err := readAbout(tx.sealedTx)
	if err != nil {
		return saved, err
	}
	if !m.Read {
		m.Read, saved.Revised = true, true
		m.Revision++
	}
	saved.Revision = m.Revision
	return saved, putAbout(tx.sealedTx, m)
}

// applyOutcome writes the items and stories of an outcome, and reports whether what is published
// changed.
func applyOutcome(tx txn, o identity.Outcome, now time.Time) (changed bool, err error) {
	items, err := writeItems(tx.sealedTx, tx.rules, o.Items, o.Outgrown)
	if err != nil {
		return false, err
	}
	written, err := writeStories(tx.sealedTx, o.Stories, items, o.Removed, now)
	if err != nil || len(written.changed)+len(written.ended) == 0 {
		return false, err
	}
	m, err := readAbout(tx.sealedTx)
	if err != nil {
		return false, err
	}
	m.Revision++
	return true, errors.Join(putAbout(tx.sealedTx, m),
		noteCasesOfStories(tx, written.changed, written.ended, now), noteCasesOfHeld(tx, written.changed, now),
		noteChanges(tx, written.notable, now))
}

// noteCasesOfHeld looks at what the feeds ask whose floods or doubtful migrations held items of
// stories that have changed.
func noteCasesOfHeld(tx txn, stories []*news.Story, now time.Time) error {
	var feeds []string
	for _, s := range stories {
		for _, i := range s.Items {
			if h := i.Hold; h != nil && (h.Kind == news.HoldFlood || h.Kind == news.HoldMigration) {
				feeds = append(feeds, i.Feed)
			}
		}
	}
	slices.Sort(feeds)
	for _, url := range slices.Compact(feeds) {
		if err := noteCasesOfFeed(tx, url, now); err != nil {
			return err
		}
	}
	return nil
}

// writeMemory writes what the rules keep of a feed.
func writeMemory(tx txn, url string, feed uint64, m identity.Memory) error {
	tx.atEnd(func(committed bool) {
		if committed {
			noteWaitingFeed(tx.waiting, url, m)
		}
	})
	return errors.Join(
		putRecord(tx.Bucket(bucketMemory), numberKey(feed), m),
		writeParagraphs(tx.sealedTx, feed, m),
		writeMarks(tx.sealedTx, feed, m.Marks),
	)
}

// noteWaitingFeed keeps in memory whether something of a feed is to be decided even if its document
// has not changed: pages to be asked, items that are missing.
func noteWaitingFeed(waiting *sync.Map, url string, m identity.Memory) {
	if from, waits := m.WaitsUntil(); waits {
		waiting.Store(url, from)
	} else {
		waiting.Delete(url)
	}
}

// writeItems writes items and the keys that lead to them, further ones besides those of their
// records, and says which of them are other than before. A GUID, an address or a claim that once
// led to an item always does; a date, a headline or an audio file only while the item has it.
func writeItems(tx *sealedTx, rules *identity.Rules, items []*news.Item,
	further map[uint64][]identity.Key) (changed map[uint64]bool, err error) {
	changed = map[uint64]bool{}
	bucket, keys := tx.Bucket(bucketItems), []entry(nil)
	for _, i := range items {
		text, err := encodeRecord(i)
		if err != nil {
			return nil, err
		}
		old := existingRecord(bucket, i.Number)
		if isSameRecord[news.Item](old, text) {
			continue
		}
		changed[i.Number] = true
		keys = appendKeys(keys, tx, rules.Keys(i), i, old == nil)
		keys = appendKeys(keys, tx, further[i.Number], i, false)
		if err := removePassedKeys(tx, rules, old, i); err != nil {
			return nil, err
		}
		if err := putNumbered(bucket, i.Number, text); err != nil {
			return nil, err
		}
	}
	return changed, indexOfKeys().insertEntries(tx, keys)
}

// removePassedKeys takes off the keys by which an item was found for what its entry was, where it is
// another now: a feed may date its items again at each visit.
func removePassedKeys(tx *sealedTx, rules *identity.Rules, old []byte, now *news.Item) error {
	for _, k := range passedKeys(rules, old, now) {
		if err := indexOfKeys().removeEntry(tx, indexEntryKey(tx, k, now)); err != nil {
			return err
		}
	}
	return nil
}

// passedKeys returns the keys of an item's entry as its old record has it, nil if it is new, that it
// does not have now. Those of a record that cannot be read stay.
func passedKeys(rules *identity.Rules, old []byte, now *news.Item) []identity.Key {
	var before news.Item
	if old == nil || decodeRecord(old, &before) != nil || before.Entry.Digest == now.Entry.Digest {
		return nil
	}
	kept := rules.KeysOfEntry(now)
	return slices.DeleteFunc(rules.KeysOfEntry(&before), func(k identity.Key) bool { return slices.Contains(kept, k) })
}

// writtenStories are the published stories that a transaction changed.
type writtenStories struct {
	changed []*news.Story  // they, or an item of theirs
	notable []changedStory // those of them whose records are others
	ended   []string       // ids of those that are no more
}

// writeStories writes stories and takes off those that are no more. It returns the published ones
// that changed.
func writeStories(tx *sealedTx, stories []*news.Story, items map[uint64]bool, removed []uint64,
	now time.Time) (written writtenStories, err error) {
	counts, err := readCounts(tx)
	if err != nil {
		return written, err
	}
	for _, n := range removed {
		id, err := removeStory(tx, counts, n, now)
		if err != nil {
			return written, err
		}
		if id == "" {
			continue
		}
		written.ended = append(written.ended, id)
		if err := noteEdit(tx, n); err != nil {
			return written, err
		}
	}
	for _, s := range stories {
		touched := slices.ContainsFunc(s.Members, func(n uint64) bool { return items[n] })
		other, before, err := writeStory(tx, counts, s, touched)
		if err != nil {
			return written, err
		}
		if s.IDAssignedAt.IsZero() || !other && !touched {
			continue
		}
		written.changed = append(written.changed, s)
		if other {
			written.notable = append(written.notable, changedStory{s, before})
		}
		if err := noteEdit(tx, s.Number); err != nil {
			return written, err
		}
	}
	return written, putCounts(tx, counts)
}

// writeStory writes a story with an item that was touched, or none, and reports whether it is other
// than before, which it was then; nil: it is new.
func writeStory(tx *sealedTx, counts map[string]int, s *news.Story,
	touched bool) (other bool, before *news.Story, err error) {
	bucket := tx.Bucket(bucketStories)
	text, err := encodeRecord(s)
	if err != nil {
		return false, nil, err
	}
	old := existingRecord(bucket, s.Number)
	same := isSameRecord[news.Story](old, text)
	if !s.IDAssignedAt.IsZero() && (touched || !same) {
		if err := noteShownWords(tx, s); err != nil {
			return false, nil, err
		}
	}
	if same {
		return false, nil, nil
	}
	if old != nil {
		before = &news.Story{Number: s.Number}
		if err := decodeRecord(old, before); err != nil {
			return false, nil, err
		}
	}
	return true, before, errors.Join(relistStory(tx, counts, before, s), putNumbered(bucket, s.Number, text))
}

// removeStory takes a story off, and gives its id; "" if it had not been settled.
func removeStory(tx *sealedTx, counts map[string]int, n uint64, now time.Time) (id string, err error) {
	s, err := readBareStory(tx, n)
	if err != nil {
		return "", err
	}
	if err := removeFromLists(tx, s); err != nil {
		return "", err
	}
	archive.AddCounts(counts, s, -1)
	if s.Sequence > 0 { // its place in the archive stays empty
		if err := tx.Bucket(bucketNumbers).Put(numberKey(s.Sequence),
			append(numberKey(0), momentKey(now)...)); err != nil {
			return "", err
		}
	}
	return s.ID, tx.Bucket(bucketStories).Delete(numberKey(n))
}
