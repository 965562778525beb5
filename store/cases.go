package store

import (
	"errors"
	"slices"
	"time"

	"fronteras/aggregator/cases"
	"fronteras/aggregator/identity/gather"
	"fronteras/aggregator/news"
)

// A case is found by what it is about: bucket `questions` leads from a story's id, a pair's ids in both
// orders, or a feed to its number. What leads to a case stays, so that the same question has the same
// number when it is asked again. Bucket `asked` has the cases that are open or held.

// What cases are about, as the first byte of their keys.
const (
	aboutStory = 's'
	aboutPair  = 'p'
	aboutFlood = 'w' // a feed's
	aboutFeed  = 'f'
	// A story's flag about one that has no id yet waits, under that one's number, for it to get one.
	aboutUnsettled = 'u'
)

func storyQuestionKey(id string) []byte { return append([]byte{aboutStory}, id...) }

func pairQuestionKey(a, b string) []byte {
	return append(append(append([]byte{aboutPair}, a...), 0), b...)
}

func unsettledQuestionKey(unsettled uint64, id string) []byte {
	return append(append([]byte{aboutUnsettled}, numberKey(unsettled)...), id...)
}

func feedQuestionKey(about byte, feed uint64) []byte {
	return append([]byte{about}, numberKey(feed)...)
}

// caseReview looks, in the transaction in which stories or feeds changed, at what they ask of editors.
type caseReview struct {
	tx  txn
	r   reader
	now time.Time
}

func newCaseReview(tx txn, now time.Time) caseReview {
	return caseReview{tx: tx, r: readerAt(tx, now), now: now}
}

// noteCasesOfStories opens, changes and closes the cases of stories that have changed, which have
// their items, and of those whose ids have ended in others.
func noteCasesOfStories(tx txn, stories []*news.Story, ended []string, now time.Time) error {
	v := newCaseReview(tx, now)
	return v.r.decide(func() {
		for _, id := range ended {
			v.followStory(id)
		}
		for _, s := range stories {
			if !s.IDAssignedAt.IsZero() {
				v.reviewStory(s)
			}
		}
	})
}

// noteCasesOfSettled does so for stories that have just got their ids, and for those whose flags waited
// for these.
func noteCasesOfSettled(tx txn, stories []*news.Story, now time.Time) error {
	v := newCaseReview(tx, now)
	return v.r.decide(func() {
		for _, s := range stories {
			if len(s.Flags) > 0 || s.Status == news.Held {
				v.reviewStory(s)
			}
			prefix := unsettledQuestionKey(s.Number, "")
			var waiting [][]byte
			for key := range entriesUnder(v.tx.Bucket(bucketQuestions), prefix) {
				waiting = append(waiting, slices.Clone(key))
			}
			for _, key := range waiting {
				mustRead(v.tx.Bucket(bucketQuestions).Delete(key))
				if other := v.storyWithID(string(key[len(prefix):])); other != nil {
					v.reviewStory(v.r.Story(other.Number))
				}
			}
		}
	})
}

// noteCasesOfFeed does the same for a feed whose memory, or whose held items, have changed.
func noteCasesOfFeed(tx txn, url string, now time.Time) error {
	feed := feedNumber(tx.sealedTx, url)
	if feed == 0 {
		return nil
	}
	v := newCaseReview(tx, now)
	return v.r.decide(func() { v.reviewFeed(url, feed) })
}

// reviewCase looks at one case again, whether or not its stories have changed.
func reviewCase(tx txn, number uint64, now time.Time) error {
	record, err := readCaseRecord(tx.sealedTx, number)
	if errors.Is(err, ErrUnknown) {
		return nil
	}
	if err != nil {
		return err
	}
	if record.Feed != "" {
		return noteCasesOfFeed(tx, record.Feed, now)
	}
	v := newCaseReview(tx, now)
	return v.r.decide(func() {
		if s := v.storyWithID(record.Stories[0]); s != nil {
			v.reviewStory(v.r.Story(s.Number))
		}
	})
}

// reviewStory looks at what a story asks by itself, and of which pairs it is.
func (v caseReview) reviewStory(s *news.Story) {
	own, pairs := v.partFlags(s)
	v.settle(storyQuestionKey(s.ID), []string{s.ID}, "", cases.OfStory(s, own))
	prefix := append(storyPrefix(s.ID), 0)
	var others []string
	for key := range entriesUnder(v.tx.Bucket(bucketQuestions), prefix) {
		others = append(others, string(key[len(prefix):]))
	}
	for _, p := range pairs {
		others = append(others, p.other.ID)
	}
	slices.Sort(others)
	for _, id := range slices.Compact(others) {
		v.reviewPair(s, id)
	}
}

func storyPrefix(id string) []byte { return append([]byte{aboutPair}, id...) }

// reviewPair looks at what is asked about a story and another.
func (v caseReview) reviewPair(s *news.Story, id string) {
	other := v.storyWithID(id)
	var flags []news.Flag
	if other != nil && other.ID == id && other.Number != s.Number {
		flags = append(v.flagsAbout(s, other), v.flagsAbout(other, s)...)
	}
	a, b := min(s.ID, id), max(s.ID, id)
	v.settle(pairQuestionKey(a, b), []string{a, b}, "", cases.OfPair(flags))
}

// pairedFlag is a flag of a story about another.
type pairedFlag struct {
	news.Flag
	other *news.Story
}

// partFlags parts the flags of a story into its own and those about other stories. Those about
// stories without ids wait.
func (v caseReview) partFlags(s *news.Story) (own []news.Flag, pairs []pairedFlag) {
	for _, g := range s.Flags {
		switch other := v.storyInQuestion(s, g); {
		case other == nil:
			own = append(own, g)
		case other.IDAssignedAt.IsZero():
			mustRead(putIfChanged(v.tx.Bucket(bucketQuestions), unsettledQuestionKey(other.Number, s.ID), emptyValue))
		default:
			pairs = append(pairs, pairedFlag{g, other})
		}
	}
	return own, pairs
}

// flagsAbout lists the flags of a story that are about another.
func (v caseReview) flagsAbout(s, other *news.Story) (flags []news.Flag) {
	_, pairs := v.partFlags(s)
	for _, p := range pairs {
		if p.other.Number == other.Number {
			flags = append(flags, p.Flag)
		}
	}
	return flags
}

// storyInQuestion is the other story that a flag of a story is about, nil where it is about none.
func (v caseReview) storyInQuestion(s *news.Story, g news.Flag) *news.Story {
	if g.With == "" || !cases.IsOfPair(g.Kind) {
		return nil
	}
	var found *news.Story
	for _, i := range v.tx.rules.ItemsNamed(v.r, g.With) {
		if i.Story == s.Number || i.Story == 0 {
			continue
		}
		other := v.r.Bare(i.Story)
		if i.Entry.URL == g.With { // it has that address now
			return other
		}
		if found == nil || found.IDAssignedAt.IsZero() {
			found = other
		}
	}
	return found
}

// storyWithID is the story that an id leads to, without its items; nil where there is none.
func (v caseReview) storyWithID(id string) *news.Story {
	n := indexOfIDs().lookupValue(v.tx.sealedTx, []byte(id))
	if n == nil || v.tx.Bucket(bucketStories).Get(n) == nil {
		return nil
	}
	return v.r.Bare(numberFromKey(n))
}

// followStory has the cases of a story that has ended in another follow it there. Where that has a case
// of the same question, or both are one now, they end.
func (v caseReview) followStory(id string) {
	survivor := v.storyWithID(id)
	if survivor == nil || survivor.ID == id {
		return
	}
	v.moveCase(storyQuestionKey(id), storyQuestionKey(survivor.ID), []string{survivor.ID})
	prefix := append(storyPrefix(id), 0)
	var others []string
	for key := range entriesUnder(v.tx.Bucket(bucketQuestions), prefix) {
		others = append(others, string(key[len(prefix):]))
	}
	for _, other := range others {
		a, b := min(survivor.ID, other), max(survivor.ID, other)
		var to []byte // nil: both are one
		if a != b {
			to = pairQuestionKey(a, b)
		}
		v.moveCase(pairQuestionKey(min(id, other), max(id, other)), to, []string{a, b})
	}
}

// moveCase has a case be about other stories, or ends it.
func (v caseReview) moveCase(from, to []byte, ids []string) {
	questions := v.tx.Bucket(bucketQuestions)
	key := questions.Get(from)
	if key == nil {
		return
	}
	number := numberFromKey(key)
	record := v.record(number)
	switch {
	case record == nil || !record.Asks:
	case to == nil || questions.Get(to) != nil:
		v.write(number, record, *record, cases.Question{})
	default:
		record.Stories = ids
		v.lead(to, ids, number)
		mustRead(putRecord(v.tx.Bucket(bucketCases), numberKey(number), record))
	}
}

// reviewFeed looks at what a feed asks.
func (v caseReview) reviewFeed(url string, feed uint64) {
	memory := v.r.Memory(url)
	var held []time.Time
	if len(memory.Waiting) > 0 {
		for _, s := range gather.HeldBy(v.r, url) {
			for _, i := range s.Items {
				if i.Hold != nil && i.Feed == url {
					held = append(held, i.Hold.Since)
				}
			}
		}
	}
	v.settle(feedQuestionKey(aboutFlood, feed), nil, url, cases.OfFlood(held, memory.Flags))
	v.settle(feedQuestionKey(aboutFeed, feed), nil, url, cases.OfFeed(memory.Flags, len(held)))
}

// settle brings the case under a key up to what is asked now.
func (v caseReview) settle(key []byte, ids []string, feed string, q cases.Question) {
	number := uint64(0)
	if n := v.tx.Bucket(bucketQuestions).Get(key); n != nil {
		number = numberFromKey(n)
	}
	record := v.record(number)
	if record != nil && feed == "" && !slices.Equal(record.Stories, ids) {
		switch { // it has followed a story that ended in another
		case record.Asks && !q.Asks():
			return
		case record.Asks && v.isAskedOf(record.Stories):
			number, record = 0, nil
		default: // and comes back
			record.Stories = ids
		}
	}
	if record == nil {
		if !q.Asks() || !q.Until().IsZero() && !v.now.Before(q.Until()) {
			return
		}
		n, err := v.tx.Bucket(bucketCases).NextSequence()
		mustRead(err)
		number = n
		v.lead(key, ids, number)
	}
	if record == nil {
		v.write(number, nil, cases.Record{Stories: ids, Feed: feed}, q)
		return
	}
	v.write(number, record, *record, q)
}

// isAskedOf reports whether a story, or a pair of them, is asked about now, whatever an editor holds.
func (v caseReview) isAskedOf(ids []string) bool {
	var stories []*news.Story
	for _, id := range ids {
		s := v.storyWithID(id)
		if s == nil || s.ID != id {
			return false
		}
		stories = append(stories, s)
	}
	if len(stories) == 1 {
		own, _ := v.partFlags(stories[0])
		return cases.OfStory(v.r.Story(stories[0].Number), own).Asks()
	}
	return len(stories) == 2 && //nolint:mnd // a pair
		cases.OfPair(append(v.flagsAbout(stories[0], stories[1]), v.flagsAbout(stories[1], stories[0])...)).Asks()
}

// write writes what becomes of a case, old is nil for a new one, now that its question was looked at.
func (v caseReview) write(number uint64, old *cases.Record, about cases.Record, q cases.Question) {
	next, notice := cases.Next(old, q, v.situation(number, about))
	if next == nil {
		return
	}
	next.Stories, next.Feed = about.Stories, about.Feed
	key := numberKey(number)
	mustRead(putRecord(v.tx.Bucket(bucketCases), key, next))
	if next.Asks {
		mustRead(putIfChanged(v.tx.Bucket(bucketAsked), key, emptyValue))
	} else {
		mustRead(v.tx.Bucket(bucketAsked).Delete(key))
	}
	if notice != "" {
		mustRead(noteEvent(v.tx, news.Event{Kind: notice, When: v.now, Case: number, Stories: next.Stories,
			Feed: next.Feed, Text: next.Why}))
	}
}

// situation is what is so for a case in this transaction.
func (v caseReview) situation(number uint64, c cases.Record) cases.Now {
	now := cases.Now{Time: v.now, Ruling: v.tx.ruling}
	if r := now.Ruling; r != nil {
		now.Bound = r.Case == number || r.Verb == news.Hold && len(c.Stories) > 0 &&
			!slices.ContainsFunc(c.Stories, func(id string) bool { return !slices.Contains(r.Named, id) })
	}
	isHeld := func(id string) bool {
		s := v.storyWithID(id)
		return s != nil && s.Status == news.Held
	}
	now.HoldStands = v.counts(c.Holds) && slices.ContainsFunc(c.Stories, isHeld)
	now.HoldReturns = now.Ruling != nil && now.Ruling.Verb == news.Undo && v.counts(c.Held) &&
		slices.ContainsFunc(c.Stories, isHeld)
	now.DismissalStands = v.counts(c.Dismissed)
	return now
}

// counts reports whether there is a decision that nobody has undone.
func (v caseReview) counts(decision uint64) bool {
	if decision == 0 || v.tx.Bucket(bucketRulings).Get(numberKey(decision)) == nil {
		return false
	}
	r := v.r.Ruling(decision)
	return r.Counts()
}

// lead has the key of a question lead to its case; that of a pair in both orders.
func (v caseReview) lead(key []byte, ids []string, number uint64) {
	questions := v.tx.Bucket(bucketQuestions)
	mustRead(questions.Put(key, numberKey(number)))
	if len(ids) == 2 {
		mustRead(questions.Put(pairQuestionKey(ids[1], ids[0]), numberKey(number)))
	}
}

// record is the record of a case, nil where there is none.
func (v caseReview) record(number uint64) *cases.Record {
	r, err := readCaseRecord(v.tx.sealedTx, number)
	if number == 0 || isLost(err) {
		return nil
	}
	mustRead(err)
	return r
}
