package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"fronteras/aggregator/news"
)

// notices is the part of a store that keeps what recipients are to hear of: events, written in the
// transactions of their causes; how far each recipient's were looked at; and the deliveries that wait.
type notices struct{ *database }

// noticePlan says which events are kept; nil: none.
type noticePlan struct {
	ill      time.Duration // without success, after which a feed is ill
	partners bool          // what is published is an event too
}

// planned is the plan by which transactions note events.
type planned struct{ atomic.Pointer[noticePlan] }

// Notices says of a configuration who hears of what.
type Notices struct {
	Recipients []news.Recipient // none: no event is kept
	Ill        time.Duration    // without success, after which a feed is ill
	Token      func() string    // makes the token at which a new recipient unsubscribes
}

// plan is how a store keeps events for a configuration.
func (c Notices) plan() *noticePlan {
	if len(c.Recipients) == 0 {
		return nil
	}
	isPartner := func(r news.Recipient) bool { return r.Partner != "" }
	return &noticePlan{ill: c.Ill, partners: slices.ContainsFunc(c.Recipients, isPartner)}
}

// noteEvent keeps what recipients are to hear of.
func noteEvent(tx txn, e news.Event) error {
	if tx.silent || tx.notices == nil || tx.notices.Load() == nil {
		return nil
	}
	b := tx.Bucket(bucketEvents)
	n, err := b.NextSequence()
	if err != nil {
		return err
	}
	return putRecord(b, numberKey(n), e)
}

// setRecipients makes the recipients of a configuration those of the store. New ones hear of what
// happens from now on. Those that are not listed any more are forgotten, with what waits for them; that
// one is off is remembered.
func setRecipients(tx txn, c Notices, now time.Time) error {
	b := tx.Bucket(bucketRecipients)
	listed := map[string]bool{}
	off := map[string]time.Time{} // by address
	known, err := readRecipients(tx.sealedTx)
	if err != nil {
		return err
	}
	for _, r := range known {
		if !r.Off.IsZero() {
			off[r.Address] = r.Off
		}
	}
	for _, r := range c.Recipients {
		key := r.Key()
		listed[key] = true
		at := slices.IndexFunc(known, func(s news.RecipientState) bool { return s.Key == key })
		if at >= 0 && !known[at].Gone {
			continue
		}
		n, err := b.NextSequence()
		if err != nil {
			return err
		}
		state := news.RecipientState{Number: n, Address: r.Address, Token: c.Token(), Since: now,
			Cursor: tx.Bucket(bucketEvents).Sequence(), Off: off[r.Address]}
		if err := putRecord(b, []byte(key), state); err != nil {
			return err
		}
	}
	for _, r := range known {
		if listed[r.Key] {
			continue
		}
		if err := dropDeliveries(tx, r.Number); err != nil {
			return err
		}
		if r.Off.IsZero() {
			err = b.Delete([]byte(r.Key))
		} else {
			r.Gone = true
			err = putRecord(b, []byte(r.Key), r)
		}
		if err != nil {
			return err
		}
	}
	return dropPassedEvents(tx)
}

func readRecipients(tx *sealedTx) (list []news.RecipientState, err error) {
	err = tx.Bucket(bucketRecipients).ForEach(func(key, text []byte) error {
		r := news.RecipientState{Key: string(key)}
		if err := decodeRecord(text, &r); err != nil {
			return fmt.Errorf("recipient: %w", err)
		}
		list = append(list, r)
		return nil
	})
	return list, err
}

func readRecipient(tx *sealedTx, key string) (r news.RecipientState, err error) {
	text := tx.Bucket(bucketRecipients).Get([]byte(key))
	if text == nil {
		return r, ErrUnknown
	}
	r.Key = key
	return r, decodeRecord(text, &r)
}

// Recipients lists the recipients of the configuration, in the order in which they came, with how many
// notices wait for each.
func (s notices) Recipients() (list []news.RecipientState, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		if list, err = readRecipients(tx); err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(r news.RecipientState) bool { return r.Gone })
		for n := range list {
			for range entriesUnder(tx.Bucket(bucketDeliveries), numberKey(list[n].Number)) {
				list[n].Waiting++
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b news.RecipientState) int { return int(int64(a.Number) - int64(b.Number)) })
	return list, err
}

// EventsAfter lists events with numbers after one, limit at most, the first to happen first.
func (s notices) EventsAfter(number uint64, limit int) (events []news.Event, err error) {
	err = s.view(func(tx *sealedTx) error {
		events = nil
		c := tx.Bucket(bucketEvents).Cursor()
		for key, text := c.Seek(numberKey(number + 1)); key != nil && len(events) < limit; key, text = c.Next() {
			e := news.Event{Number: numberFromKey(key)}
			if err := decodeRecord(text, &e); err != nil {
				return fmt.Errorf("event %d: %w", e.Number, err)
			}
			events = append(events, e)
		}
		return nil
	})
	return events, err
}

// QueueDeliveries notes that the events up to one were looked at for a recipient, and keeps for it the
// deliveries that are given: all of it or nothing. Of a recipient that is off, none is kept.
func (s notices) QueueDeliveries(ctx context.Context, key string, upTo uint64, list []news.Delivery) error {
	return s.update(ctx, func(tx txn) error {
		r, err := readRecipient(tx.sealedTx, key)
		if err != nil {
			return err
		}
		if upTo <= r.Cursor { // it was done before
			return nil
		}
		r.Cursor = upTo
		waiting := 0
		for range entriesUnder(tx.Bucket(bucketDeliveries), numberKey(r.Number)) {
			waiting++
		}
		for _, d := range list {
			if !r.Off.IsZero() {
				break
			}
			if waiting++; waiting > maxDeliveries {
				r.Failed++
				continue
			}
			if err := putRecord(tx.Bucket(bucketDeliveries), deliveryKey(r.Number, d.Event.Number), d); err != nil {
				return err
			}
		}
		return errors.Join(putRecord(tx.Bucket(bucketRecipients), []byte(key), r), dropPassedEvents(tx))
	})
}

// maxDeliveries is how many notices wait for one recipient: for one that takes none, more would only fill
// the file.
const maxDeliveries = 1000

// noteSent notes for a partner the stories that it was sent.
func noteSent(tx txn, recipient, event uint64, accepted bool, now time.Time) error {
	text := tx.Bucket(bucketEvents).Get(numberKey(event))
	if !accepted || text == nil {
		return nil
	}
	var e news.Event
	if err := decodeRecord(text, &e); err != nil || e.Kind != news.NoticeMissing {
		return err
	}
	for _, id := range e.Stories {
		if err := tx.Bucket(bucketNoted).Put(sentKey(recipient, id), momentKey(now)); err != nil {
			return err
		}
	}
	return nil
}

func sentKey(recipient uint64, story string) []byte {
	return append(notedKey(notedSent, recipient), story...)
}

// WasSent reports whether a partner was told that it lacks a story.
func (s notices) WasSent(recipient uint64, story string) (was bool, err error) {
	err = s.view(func(tx *sealedTx) error {
		was = tx.Bucket(bucketNoted).Get(sentKey(recipient, story)) != nil
		return nil
	})
	return was, err
}

// Recipient gives a recipient by its key; ErrUnknown if there is none.
func (s notices) Recipient(key string) (r news.RecipientState, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		r, err = readRecipient(tx, key)
		return err
	})
	return r, err
}

// LastEvent is the number of the last event.
func (s notices) LastEvent() (number uint64, err error) {
	err = s.view(func(tx *sealedTx) error {
		number = tx.Bucket(bucketEvents).Sequence()
		return nil
	})
	return number, err
}

func deliveryKey(recipient, event uint64) []byte {
	return append(numberKey(recipient), numberKey(event)...)
}

// Deliveries lists what waits for a recipient, with its events, the first to happen first.
func (s notices) Deliveries(key string) (list []news.Delivery, err error) {
	err = s.view(func(tx *sealedTx) error {
		list = nil
		r, err := readRecipient(tx, key)
		if err != nil {
			return err
		}
		for at, text := range entriesUnder(tx.Bucket(bucketDeliveries), numberKey(r.Number)) {
			var d news.Delivery
			if err := decodeRecord(text, &d); err != nil {
				return fmt.Errorf("delivery: %w", err)
			}
			number := numberFromKey(at[8:])
			event := tx.Bucket(bucketEvents).Get(numberKey(number))
			if event == nil { // it was damaged
				continue
			}
			if err := decodeRecord(event, &d.Event); err != nil {
				return fmt.Errorf("event %d: %w", number, err)
			}
			d.Event.Number = number
			list = append(list, d)
		}
		return nil
	})
	return list, err
}

// BindDeliveries notes that deliveries are being sent as one message, before it is sent: whatever happens
// then, what is in it stays, until [notices.EndDeliveries] says what became of it.
func (s notices) BindDeliveries(ctx context.Context, key string, events []uint64) error {
	return s.update(ctx, func(tx txn) error {
		r, err := readRecipient(tx.sealedTx, key)
		if err != nil {
			return err
		}
		b := tx.Bucket(bucketDeliveries)
		for _, event := range events {
			var d news.Delivery
			text := b.Get(deliveryKey(r.Number, event))
			if text == nil { // the recipient went off
				continue
			}
			if err := decodeRecord(text, &d); err != nil {
				return err
			}
			d.Message = events[0]
			if err := putRecord(b, deliveryKey(r.Number, event), d); err != nil {
				return err
			}
		}
		return nil
	})
}

// EndDeliveries marks what became of deliveries to a recipient, by the numbers of their events.
func (s notices) EndDeliveries(
	ctx context.Context, key string, events []uint64, end news.DeliveryEnd, now time.Time,
) error {
	return s.update(ctx, func(tx txn) error {
		r, err := readRecipient(tx.sealedTx, key)
		if err != nil {
			return err
		}
		b := tx.Bucket(bucketDeliveries)
		for _, event := range events {
			at := deliveryKey(r.Number, event)
			text := b.Get(at)
			if text == nil {
				continue
			}
			if end.Accepted || end.GivenUp || end.Dropped {
				if end.GivenUp {
					r.Failed++
				}
				if err := errors.Join(noteSent(tx, r.Number, event, end.Accepted, now), b.Delete(at)); err != nil {
					return err
				}
				continue
			}
			var d news.Delivery
			if err := decodeRecord(text, &d); err != nil {
				return err
			}
			d.Attempts, d.Due, d.Error = d.Attempts+1, end.Due, end.Error
			if !end.Unclear {
				d.Message = 0
			}
			if err := putRecord(b, at, d); err != nil {
				return err
			}
		}
		if end.Accepted && len(events) > 0 {
			r.Last = now
		}
		if end.Digest.After(r.Digest) {
			r.Digest = end.Digest
		}
		return errors.Join(putRecord(tx.Bucket(bucketRecipients), []byte(key), r), dropPassedEvents(tx))
	})
}

// SetRecipientOff stops the notices of all recipients with an address, or lets them begin again where off
// is zero. It fails with ErrUnknown where there is none.
func (s notices) SetRecipientOff(ctx context.Context, address string, off time.Time) error {
	return s.update(ctx, func(tx txn) error {
		known, err := readRecipients(tx.sealedTx)
		if err != nil {
			return err
		}
		found := false
		for _, r := range known {
			if r.Address != address {
				continue
			}
			found = found || !r.Gone
			switch {
			case off.IsZero():
				if r.Off.IsZero() {
					continue
				}
				r.Off, r.Cursor = off, tx.Bucket(bucketEvents).Sequence() // what happened meanwhile is not sent
			case r.Off.IsZero():
				r.Off = off
				if err := dropDeliveries(tx, r.Number); err != nil {
					return err
				}
			}
			if err := putRecord(tx.Bucket(bucketRecipients), []byte(r.Key), r); err != nil {
				return err
			}
		}
		if !found {
			return ErrUnknown
		}
		return nil
	})
}

// RecipientWithToken gives the recipient that unsubscribes with a token; ErrUnknown if there is none.
func (s notices) RecipientWithToken(token string) (found news.RecipientState, err error) {
	err = s.view(func(tx *sealedTx) error {
		known, err := readRecipients(tx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(known, func(r news.RecipientState) bool { return r.Token == token && token != "" && !r.Gone })
		if at < 0 {
			return ErrUnknown
		}
		found = known[at]
		return nil
	})
	return found, err
}

// dropDeliveries drops what waits for a recipient.
func dropDeliveries(tx txn, recipient uint64) error {
	b := tx.Bucket(bucketDeliveries)
	var keys [][]byte
	for key := range entriesUnder(b, numberKey(recipient)) {
		keys = append(keys, bytes.Clone(key))
	}
	for _, key := range keys {
		if err := b.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// maxDroppedEvents is how many events one transaction drops.
const maxDroppedEvents = 1000

// dropPassedEvents drops events that were looked at for all recipients and that no delivery is of.
func dropPassedEvents(tx txn) error {
	known, err := readRecipients(tx.sealedTx)
	if err != nil {
		return err
	}
	passed := tx.Bucket(bucketEvents).Sequence() // up to this one
	for _, r := range known {
		if !r.Gone {
			passed = min(passed, r.Cursor)
		}
	}
	waits := map[uint64]bool{}
	err = tx.Bucket(bucketDeliveries).ForEach(func(key, _ []byte) error {
		waits[numberFromKey(key[8:])] = true
		return nil
	})
	if err != nil {
		return err
	}
	var keys [][]byte
	c := tx.Bucket(bucketEvents).Cursor()
	for key, _ := c.First(); key != nil && len(keys) < maxDroppedEvents; key, _ = c.Next() {
		n := numberFromKey(key)
		if n > passed {
			break
		}
		if !waits[n] {
			keys = append(keys, bytes.Clone(key))
		}
	}
	for _, key := range keys {
		if err := tx.Bucket(bucketEvents).Delete(key); err != nil {
			return err
		}
	}
	return nil
}
