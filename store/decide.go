package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// ChangedError says that a story is another than a form showed. Nothing was done.
type ChangedError struct {
	Stories []*news.Story  // that the form was about, as they are now
	Last    *news.Decision // about any of them; nil if there is none
}

func (e *ChangedError) Error() string {
	if e.Last == nil {
		return "what was shown has changed meanwhile: nothing was done"
	}
	return fmt.Sprintf("what was shown has changed meanwhile, and %s has decided: nothing was done", e.Last.Who)
}

// Rule decides what an editor orders, keeps that for good, and applies it: all of it or nothing. It
// fails if the order names what is not there, or asks for what is so already; with
// [identity.KilledError] if it would publish what was killed, with [identity.AmbiguousError] if several
// stories have a name, and with [ChangedError] if one is another than the order's form showed.
func (s *Store) Rule(ctx context.Context, o news.Order, now time.Time) (ruled news.Ruled, err error) {
	var rulings []news.Ruling
	repeated := false
	err = s.update(ctx, func(tx txn) (err error) {
		defer catchUnreadable(&err)
		rulings, repeated = nil, false
		if n := decisionOfForm(tx.sealedTx, o.Form); n != 0 {
			if rulings, err = rulingsOfDecision(tx.sealedTx, n); err != nil {
				return err
			}
			repeated = true
			return errNothing
		}
		if err := checkSeen(tx, o); err != nil {
			return err
		}
		rulings, err = decideOrder(tx, o, now)
		return err
	})
	if err != nil {
		return news.Ruled{}, err
	}
	err = s.view(func(tx *sealedTx) (err error) {
		defer catchUnreadable(&err)
		ruled = news.Ruled{Rulings: rulings, Repeated: repeated, Decision: decisionOf(tx, rulings[0])}
		r, seen := reader{tx: tx}, map[uint64]bool{}
		for _, ruling := range rulings {
			for _, n := range slices.Concat(ruling.Items, ruling.With) {
				if tx.Bucket(bucketItems).Get(numberKey(n)) == nil { // it was forgotten since
					continue
				}
				if story := r.Item(n).Story; !seen[story] {
					seen[story] = true
					ruled.Stories = append(ruled.Stories, r.Story(story))
				}
			}
		}
		return nil
	})
	return ruled, err
}

// maxFormsRemembered is how many of the last rulings are looked at for a form that was sent twice.
const maxFormsRemembered = 200

// decisionOfForm is the number of the decision that was made with a form lately; 0 if there is none.
func decisionOfForm(tx *sealedTx, form string) uint64 {
	if form == "" {
		return 0
	}
	c, looked := tx.Bucket(bucketRulings).Cursor(), 0
	for key, text := c.Last(); key != nil && looked < maxFormsRemembered; key, text = c.Prev() {
		var r news.Ruling
		if looked++; decodeRecord(text, &r) == nil && r.Form == form {
			return r.DecisionNumber()
		}
	}
	return 0
}

// checkSeen fails where a story is another than the order's form showed.
func checkSeen(tx txn, o news.Order) error {
	changed := ChangedError{}
	differ := false
	for name, seen := range o.Seen {
		n := indexOfIDs().lookupValue(tx.sealedTx, []byte(name))
		if n == nil {
			return fmt.Errorf("%w as %.200q", identity.ErrNoStory, name)
		}
		story, err := readStory(tx.sealedTx, numberFromKey(n))
		if err != nil {
			return err
		}
		differ = differ || story.Seen() != seen
		changed.Stories = append(changed.Stories, story)
	}
	if !differ {
		return nil
	}
	slices.SortFunc(changed.Stories, func(a, b *news.Story) int { return strings.Compare(a.ID, b.ID) })
	for _, story := range changed.Stories {
		if decisions := decisionsOn(tx.sealedTx, story); len(decisions) > 0 && (changed.Last == nil || changed.Last.Number < decisions[0].Number) {
			changed.Last = &decisions[0]
		}
	}
	return &changed
}

// decideOrder makes rulings of an order, numbers them, keeps them and applies them.
func decideOrder(tx txn, o news.Order, now time.Time) (rulings []news.Ruling, err error) {
	o.Reason = strings.TrimSpace(o.Reason)
	if utf8.RuneCountInString(o.Reason) > identity.MaxReason {
		return nil, identity.ErrLongReason
	}
	switch o.Verb {
	case news.Undo:
		return undoDecision(tx, o, now)
	case news.Dismiss:
		var ruling news.Ruling
		ruling, err = dismissal(tx, o, now)
		rulings = []news.Ruling{ruling}
	default:
		if rulings, err = tx.rules.Rulings(readerAt(tx, now), o, now); err == nil {
			var released []news.Ruling
			released, err = releaseAnswered(tx, o, now)
			rulings = append(rulings, released...)
		}
	}
	if err != nil {
		return nil, err
	}
	for n := range rulings {
		if n > 0 {
			rulings[n].Decision = rulings[0].Number
		}
		if err := applyRuling(tx, &rulings[n]); err != nil {
			return nil, err
		}
	}
	return rulings, nil
}

// releaseAnswered is the rest of an answer to a pair that an editor holds: what was held until it is known
// whether it is one story is published then. What something else holds stays held.
func releaseAnswered(tx txn, o news.Order, now time.Time) ([]news.Ruling, error) {
	if o.Case == 0 || o.Verb != news.Join && o.Verb != news.Split {
		return nil, nil
	}
	record, err := readCaseRecord(tx.sealedTx, o.Case)
	if errors.Is(err, ErrUnknown) || err == nil && (record.Holds == 0 || record.Kind != news.CasePair) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r := readerAt(tx, now)
	release := o
	release.Verb, release.Stories, release.Maker = news.Release, nil, ""
	for _, id := range record.Stories {
		n := indexOfIDs().lookupValue(tx.sealedTx, []byte(id))
		if n == nil {
			continue
		}
		story := r.Story(numberFromKey(n))
		isHeldToo := func(i *news.Item) bool { return i.Hold != nil }
		if story.Status == news.Held && !slices.ContainsFunc(story.Items, isHeldToo) {
			release.Stories = append(release.Stories, id)
		}
	}
	if len(release.Stories) == 0 {
		return nil, nil
	}
	released, err := tx.rules.Rulings(r, release, now)
	if errors.As(err, new(*identity.KilledError)) {
		return nil, nil
	}
	return released, err
}

// putRuling writes a ruling, twice: nothing else could bring it back.
func putRuling(tx *sealedTx, r *news.Ruling) error {
	for _, name := range [][]byte{bucketRulings, bucketCopies} {
		if err := putRecord(tx.Bucket(name), numberKey(r.Number), r); err != nil {
			return err
		}
	}
	return nil
}

// applyRuling numbers a ruling, keeps it and applies it.
func applyRuling(tx txn, r *news.Ruling) (err error) {
	if r.Number, err = tx.Bucket(bucketRulings).NextSequence(); err != nil {
		return err
	}
	if err := putRuling(tx.sealedTx, r); err != nil {
		return err
	}
	tx.ruling = r
	if err := applyRecounted(tx, tx.rules.Rule(readerAt(tx, r.When), *r), r.When); err != nil || r.Case == 0 {
		return err
	}
	return reviewCase(tx, r.Case, r.When)
}

// applyRecounted writes what came of a ruling that counts now, or does not any more.
func applyRecounted(tx txn, o identity.Outcome, now time.Time) error {
	for feed, m := range o.Memories {
		if n := feedNumber(tx.sealedTx, feed); n != 0 {
			if err := writeMemory(tx, feed, n, m); err != nil {
				return err
			}
		}
	}
	if _, err := applyOutcome(tx, o, now); err != nil {
		return err
	}
	for feed := range o.Memories {
		if err := noteCasesOfFeed(tx, feed, now); err != nil {
			return err
		}
	}
	return nil
}

// undoDecision has a decision count no more: its items are sorted again, and what was decided later
// stands. Where that decision is an undo itself, the one that it undid counts again.
func undoDecision(tx txn, o news.Order, now time.Time) ([]news.Ruling, error) {
	number := o.Decision
	if number == 0 {
		var err error
		if number, err = lastDecisionOf(tx.sealedTx, o); err != nil {
			return nil, err
		}
	}
	parts, err := rulingsOfDecision(tx.sealedTx, number)
	if err != nil {
		return nil, err
	}
	switch d := decisionOf(tx.sealedTx, parts[0]); {
	case d.Undone != nil:
		return nil, fmt.Errorf("decision %d is undone already: %s did that, decision %d", number, d.Undone.Who,
			d.Undone.Number)
	case d.Verb == news.Trust:
		return nil, fmt.Errorf("decision %d %w: what the feed had lost is gone", number, ErrNoUndo)
	}
	undo := identity.RulingOf(o, now)
	undo.Undoes, undo.Named, undo.Feed = number, parts[0].Named, parts[0].Feed
	for _, p := range parts {
		undo.Items = append(undo.Items, slices.Concat(p.Items, p.With)...)
	}
	slices.Sort(undo.Items)
	undo.Items = slices.Compact(undo.Items)
	if undo.Number, err = tx.Bucket(bucketRulings).NextSequence(); err != nil {
		return nil, err
	}
	tx.ruling = &undo
	err = errors.Join(putRuling(tx.sealedTx, &undo), setUndone(tx, undo, parts, undo.Number))
	for _, p := range parts {
		if err == nil && p.Case != 0 {
			err = reviewCase(tx, p.Case, now)
		}
	}
	return []news.Ruling{undo}, err
}

// setUndone notes of the rulings of a decision by which other they are undone, 0 if they count, and
// applies that. Undo is the decision that is made now.
func setUndone(tx txn, undo news.Ruling, parts []news.Ruling, by uint64) error {
	for n := range parts {
		parts[n].Undone = by
		if err := putRuling(tx.sealedTx, &parts[n]); err != nil {
			return err
		}
	}
	for _, p := range parts {
		if p.Verb != news.Undo {
			o := tx.rules.Recount(readerAt(tx, undo.When), undo, p)
			if err := applyRecounted(tx, o, undo.When); err != nil {
				return err
			}
			continue
		}
		undone, err := rulingsOfDecision(tx.sealedTx, p.Undoes)
		if err != nil {
			return err
		}
		switch was := undone[0].Undone; {
		case by != 0 && was == p.Number: // what undid it counts no more
			err = setUndone(tx, undo, undone, 0)
		case by == 0 && was == 0:
			err = setUndone(tx, undo, undone, p.Number)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ErrNoUndo: a trust is to be undone.
var ErrNoUndo = errors.New("is a trust, which has no undo")

// maxUndoReach is how many of the last rulings are looked at for the caller's last decision.
const maxUndoReach = 10_000

// lastDecisionOf is the number of the last decision of who orders an undo that counts and can be
// undone; an undo is none.
func lastDecisionOf(tx *sealedTx, o news.Order) (uint64, error) {
	c, looked := tx.Bucket(bucketRulings).Cursor(), 0
	for key, text := c.Last(); key != nil && looked < maxUndoReach; key, text = c.Prev() {
		looked++
		var r news.Ruling
		if err := decodeRecord(text, &r); err != nil {
			return 0, err
		}
		isCallers := r.Via == o.Via && (o.Via == news.ViaPage && r.User == o.User || o.Via == "" && r.UID == o.UID)
		if isCallers && r.Counts() && r.Verb != news.Undo && r.Verb != news.Trust {
			return r.DecisionNumber(), nil
		}
	}
	return 0, errors.New("you have decided nothing that can be undone: name a decision by its number")
}
