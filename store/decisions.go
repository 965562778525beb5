package store

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// Decisions gives what editors have decided, the latest first: at most limit decisions (0: any number)
// with numbers lower than before (0: any), none from before a time.
func (s *Store) Decisions(before uint64, limit int, since time.Time) (decisions []news.Decision, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		defer catchUnreadable(&err)
		decisions = nil
		c := tx.Bucket(bucketRulings).Cursor()
		key, text := c.Last()
		if before != 0 {
			key, text = c.SeekBefore(numberKey(before))
		}
		for key != nil && (limit <= 0 || len(decisions) < limit) {
			var last news.Ruling
			if err := decodeRecord(text, &last); err != nil {
				return fmt.Errorf("ruling %d: %w", numberFromKey(key), err)
			}
			first := last
			if n := last.DecisionNumber(); n != last.Number { // those between are a part of it
				first = reader{tx: tx}.Ruling(n)
			}
			if first.When.Before(since) {
				return nil
			}
			decisions = append(decisions, decisionOf(tx, first))
			key, text = c.SeekBefore(numberKey(first.Number))
		}
		return nil
	})
	return decisions, err
}

// Decision gives the decision of that number; ErrUnknown if there is none.
func (s *Store) Decision(number uint64) (d news.Decision, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		defer catchUnreadable(&err)
		if tx.Bucket(bucketRulings).Get(numberKey(number)) == nil {
			return ErrUnknown
		}
		first := reader{tx: tx}.Ruling(number)
		if first.DecisionNumber() != number {
			return ErrUnknown
		}
		d = decisionOf(tx, first)
		return nil
	})
	return d, err
}

// DecisionsOn gives the decisions that bind any of a story's items, the latest first.
func (s *Store) DecisionsOn(story *news.Story) (decisions []news.Decision, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		defer catchUnreadable(&err)
		decisions = decisionsOn(tx, story)
		return nil
	})
	return decisions, err
}

// KillNotices gives the words of wires and newsrooms against publishing a story; see
// [identity.Rules.KillNotices].
func (s *Store) KillNotices(story *news.Story) (notices []news.KillNotice, err error) {
	err = s.view(func(tx *sealedTx) error {
		r := reader{tx: tx, unreadable: &s.unreadable}
		return r.decide(func() { notices = s.rules.Load().KillNotices(r, story) })
	})
	return notices, err
}

func decisionsOn(tx *sealedTx, story *news.Story) (decisions []news.Decision) {
	seen := map[uint64]bool{}
	for _, i := range story.Items {
		for _, n := range i.Ruled {
			if !isReadable[news.Ruling](tx.Bucket(bucketRulings), n) {
				continue
			}
			ruling := reader{tx: tx}.Ruling(n)
			number := ruling.DecisionNumber()
			if seen[number] {
				continue
			}
			seen[number] = true
			if number != n {
				ruling = reader{tx: tx}.Ruling(number)
			}
			decisions = append(decisions, decisionOf(tx, ruling))
		}
	}
	slices.SortFunc(decisions, func(a, b news.Decision) int { return cmp.Compare(b.Number, a.Number) })
	return decisions
}

// rulingsOfDecision reads the rulings that a decision consists of.
func rulingsOfDecision(tx *sealedTx, number uint64) (parts []news.Ruling, err error) {
	c := tx.Bucket(bucketRulings).Cursor()
	for key, text := c.Seek(numberKey(number)); key != nil; key, text = c.Next() {
		var r news.Ruling
		if err := decodeRecord(text, &r); err != nil {
			return nil, fmt.Errorf("ruling %d: %w", numberFromKey(key), err)
		}
		if r.DecisionNumber() != number {
			break
		}
		parts = append(parts, r)
	}
	if len(parts) == 0 || parts[0].Number != number {
		return nil, fmt.Errorf("there is no decision %d", number)
	}
	return parts, nil
}

// decisionOf is the decision that begins with a ruling.
func decisionOf(tx *sealedTx, first news.Ruling) news.Decision {
	d := news.Decision{
		Number: first.Number, Verb: first.Verb, When: first.When, Who: whoRuled(first), UID: first.UID, Via: "command",
		Reason: first.Reason, Stories: first.Named, Feed: first.Feed, Maker: first.Unstated, Case: first.Case,
		Undoes: first.Undoes,
	}
	if first.Via == news.ViaPage {
		d.Via = news.ViaPage
	}
	if first.Maker != nil {
		d.Maker = first.Maker.Name
	}
	if first.Undone != 0 {
		undo := reader{tx: tx}.Ruling(first.Undone)
		d.Undone = &news.Undoing{Number: undo.Number, Who: whoRuled(undo), When: undo.When}
	}
	if d.Stories == nil { // earlier versions kept the items alone
		d.Stories = storiesBound(tx, first)
	}
	return d
}

// whoRuled names who made a ruling.
func whoRuled(r news.Ruling) string {
	if r.User == "" {
		return fmt.Sprintf("uid %d", r.UID)
	}
	return r.User
}

// storiesBound returns the ids of the stories that hold what a ruling binds.
func storiesBound(tx *sealedTx, r news.Ruling) (ids []string) {
	for _, n := range slices.Concat(r.Items, r.With) {
		i, err := readItem(tx, n)
		if err != nil {
			continue
		}
		if s, err := readBareStory(tx, i.Story); err == nil && s.ID != "" && !slices.Contains(ids, s.ID) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}
