package notify

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"fronteras/aggregator/news"
)

// Store is what deliveries need of a store.
type Store interface {
	// Recipient gives what is known of a recipient by its key.
	Recipient(key string) (news.RecipientState, error)
	// LastEvent is the number of the last event.
	LastEvent() (uint64, error)
	// EventsAfter lists events with numbers after one, limit at most.
	EventsAfter(number uint64, limit int) ([]news.Event, error)
	// QueueDeliveries notes up to which event was looked at for a recipient, and what is to be sent.
	QueueDeliveries(ctx context.Context, key string, upTo uint64, list []news.Delivery) error
	// Deliveries lists what waits for a recipient.
	Deliveries(key string) ([]news.Delivery, error)
	// BindDeliveries notes that deliveries are being sent as one message.
	BindDeliveries(ctx context.Context, key string, events []uint64) error
	// EndDeliveries marks what became of deliveries.
	EndDeliveries(ctx context.Context, key string, events []uint64, end news.DeliveryEnd, now time.Time) error
	// WasSent reports whether a partner was told of a story that it lacks.
	WasSent(recipient uint64, story string) (bool, error)
	// NoteOutages notes which feeds have been without success for long.
	NoteOutages(ctx context.Context, now time.Time) error
	// NoteLapse notes that there was no backup for a time.
	NoteLapse(ctx context.Context, after time.Duration, now time.Time) error
}

// Service delivers notices to the recipients of one configuration.
type Service struct {
	Store      Store
	Recipients []news.Recipient
	Desk       func(r news.Recipient) Desk
	Fact       func(news.Event) (Fact, error)
	Mail       *MailServer // nil: no mail is sent
	Webhooks   Webhooks
	Backup     time.Duration // without a backup, after which it is late
	Log        *slog.Logger
	Count      func(accepted bool) // each message that was accepted, or failed; may be nil

	mu   sync.Mutex
	news chan struct{} // closed when there are further events
}

// How often new events are looked for, and backups.
const (
	watchEvery = time.Second
	causeEvery = time.Minute      // feeds that are ill, and backups that are late, are looked for
	retryStore = 30 * time.Second // after the store failed
)

// How many messages a recipient gets in a minute; what comes beyond them becomes one.
const maxPerMinute = 10

// maxEvents is how many events are looked at together.
const maxEvents = 500

// Run delivers until ctx ends. Each recipient is served by itself: one that hangs delays no other.
func (s *Service) Run(ctx context.Context) {
	if len(s.Recipients) == 0 {
		return // nobody hears of anything, and nothing is kept
	}
	s.news = make(chan struct{})
	var running sync.WaitGroup
	for _, r := range s.Recipients {
		running.Go(func() { s.serveRecipient(ctx, r) })
	}
	running.Go(func() { s.watchEvents(ctx) })
	running.Go(func() { s.watchCauses(ctx) })
	running.Wait()
}

// watchEvents wakes all recipients when there are further events.
func (s *Service) watchEvents(ctx context.Context) {
	last, _ := s.Store.LastEvent() // the recipients look at what there is by themselves
	for waitFor(ctx, watchEvery, nil) {
		now, err := s.Store.LastEvent()
		if err != nil || now == last {
			continue
		}
		last = now
		s.mu.Lock()
		close(s.news)
		s.news = make(chan struct{})
		s.mu.Unlock()
	}
}

// watchCauses has the store note what happens by itself when nothing does for long. Just after the start,
// feeds that were not visited meanwhile have a minute to be.
func (s *Service) watchCauses(ctx context.Context) {
	for waitFor(ctx, causeEvery, nil) {
		err := s.Store.NoteOutages(ctx, time.Now())
		if s.Backup > 0 {
			err = errors.Join(err, s.Store.NoteLapse(ctx, s.Backup, time.Now()))
		}
		if err != nil && ctx.Err() == nil {
			s.Log.Error("cannot note that feeds are ill, or that backups are late", "err", err)
		}
	}
}

// waitFor waits for a time, or until woken; it reports whether ctx still goes on.
func waitFor(ctx context.Context, d time.Duration, woken <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-woken:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// serveRecipient delivers to one recipient until ctx ends.
func (s *Service) serveRecipient(ctx context.Context, r news.Recipient) {
	one := recipient{Service: s, Recipient: r, key: r.Key()}
	for {
		s.mu.Lock()
		further := s.news
		s.mu.Unlock()
		next, err := one.deliver(ctx)
		if err != nil && ctx.Err() == nil {
			s.Log.Error("cannot deliver notices", "to", HostOf(r.Target), "err", err)
			next = time.Now().Add(retryStore)
		}
		wait := time.Hour
		if !next.IsZero() {
			wait = max(time.Until(next), 0)
		}
		if !waitFor(ctx, wait, further) {
			return
		}
	}
}

// recipient is one recipient while it is served.
type recipient struct {
	*Service
	news.Recipient
	key  string
	sent []time.Time // messages of the last minute
}

// deliver looks at what happened, and sends what is due. Next is when there is more to do; zero: when
// something happens.
func (r *recipient) deliver(ctx context.Context) (next time.Time, err error) {
	state, err := r.Store.Recipient(r.key)
	if err != nil {
		return next, err
	}
	if err := r.queue(ctx, state); err != nil {
		return next, err
	}
	waiting, err := r.Store.Deliveries(r.key)
	if err != nil || !state.Off.IsZero() {
		return next, err
	}
	now := time.Now()
	var due []news.Delivery
	for _, d := range waiting {
		switch {
		case !d.Due.After(now):
			due = append(due, d)
		case next.IsZero() || d.Due.Before(next):
			next = d.Due
		}
	}
	for _, m := range messagesOf(due, r.Digest != "", r.room(now)) {
		if r.room(time.Now()) == 0 {
			return r.sent[0].Add(time.Minute), nil
		}
		if err := r.sendMessage(ctx, state, m); err != nil {
			return next, err
		}
		next = time.Now() // what failed waits; what is left is looked at again
	}
	return next, nil
}

// messagesOf says which deliveries that are due go out as one message: those that did before and of
// which it is not known that they were not taken; the others each by itself, or, in a digest and where
// there is no room for so many messages, together.
func messagesOf(due []news.Delivery, digest bool, room int) (messages [][]news.Delivery) {
	bound := map[uint64]int{}
	var others []news.Delivery
	for _, d := range due {
		if d.Message == 0 {
			others = append(others, d)
			continue
		}
		at, known := bound[d.Message]
		if !known {
			at = len(messages)
			bound[d.Message] = at
			messages = append(messages, nil)
		}
		messages[at] = append(messages[at], d)
	}
	if len(others) > 0 && (digest || len(messages)+len(others) > room) {
		return append(messages, others)
	}
	for _, d := range others {
		messages = append(messages, []news.Delivery{d})
	}
	return messages
}

// room is how many messages may be sent now.
func (r *recipient) room(now time.Time) int {
	r.sent = slices.DeleteFunc(r.sent, func(t time.Time) bool { return now.Sub(t) >= time.Minute })
	return max(maxPerMinute-len(r.sent), 0)
}

// queue keeps what a recipient is to be told of the events that it was not looked at for.
func (r *recipient) queue(ctx context.Context, state news.RecipientState) error {
	for {
		events, err := r.Store.EventsAfter(state.Cursor, maxEvents)
		if err != nil || len(events) == 0 {
			return err
		}
		now := time.Now()
		var list []news.Delivery
		for _, e := range events {
			fact, err := r.Fact(e)
			if err != nil {
				return err
			}
			var failed error
			wasSent := func(story string) bool {
				was, err := r.Store.WasSent(state.Number, story)
				failed = errors.Join(failed, err)
				return was
			}
			hears := Hears(r.Recipient, fact, wasSent)
			if failed != nil {
				return failed
			}
			if !hears {
				continue
			}
			d := news.Delivery{Event: e, Since: now, Due: now}
			if r.Digest != "" {
				d.Due = digestOf(r.Recipient, e, state)
				d.Since = d.Due
			}
			list = append(list, d)
		}
		state.Cursor = events[len(events)-1].Number
		if err := r.Store.QueueDeliveries(ctx, r.key, state.Cursor, list); err != nil {
			return err
		}
	}
}

// digestOf is the digest that tells of an event: the next one after it that was not made yet.
func digestOf(r news.Recipient, e news.Event, state news.RecipientState) time.Time {
	zone := zoneOf(r.Timezone)
	at := NextDigest(e.When, r.Digest, zone)
	if !at.After(state.Digest) {
		at = NextDigest(state.Digest, r.Digest, zone)
	}
	return at
}

func zoneOf(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return time.UTC // the configuration refuses others
}

// sendMessage sends one message. A digest leaves out what is decided by now, and is not sent without
// anything else.
func (r *recipient) sendMessage(ctx context.Context, state news.RecipientState, m []news.Delivery) error {
	var facts []Fact
	var told, passed []news.Delivery
	var digest time.Time
	for _, d := range m {
		fact, err := r.Fact(d.Event)
		if err != nil {
			return err
		}
		if r.Digest != "" {
			digest = d.Since
			if !isStillSo(r.Recipient, fact) {
				passed = append(passed, d)
				continue
			}
		}
		facts, told = append(facts, fact), append(told, d)
	}
	if len(passed) > 0 {
		end := news.DeliveryEnd{Dropped: true, Digest: digest}
		if err := r.Store.EndDeliveries(ctx, r.key, numbersOf(passed), end, time.Now()); err != nil {
			return err
		}
	}
	if len(told) == 0 {
		return nil
	}
	if err := r.Store.BindDeliveries(ctx, r.key, numbersOf(told)); err != nil {
		return err
	}
	n := NewNotice(r.Desk(r.Recipient), r.Recipient, facts[0])
	if r.Digest != "" || len(facts) > 1 {
		n = NewDigest(r.Desk(r.Recipient), r.Recipient, facts, time.Now())
	}
	return r.send(ctx, state, n, told, digest)
}

// isStillSo reports whether there is something to tell of an event by now.
func isStillSo(r news.Recipient, f Fact) bool {
	if !f.Open {
		return false
	}
	return f.Kind != news.NoticeMissing || Hears(r, f, func(string) bool { return false })
}

func numbersOf(list []news.Delivery) (numbers []uint64) {
	for _, d := range list {
		numbers = append(numbers, d.Event.Number)
	}
	return numbers
}

// graceTime is how long a message that is being sent may go on when the daemon stops, so that what was
// taken is marked.
const graceTime = 5 * time.Second

// send sends a notice, and marks what became of it: after that it is not sent again.
func (r *recipient) send(
	ctx context.Context, state news.RecipientState, n Notice, of []news.Delivery, digest time.Time,
) error {
	sending, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(graceTime, cancel) })()
	err := r.transmit(sending, state, n)
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // it is sent again, with the same id
	}
	now := time.Now()
	r.sent = append(r.sent, now)
	if r.Count != nil {
		r.Count(err == nil)
	}
	end := news.DeliveryEnd{Accepted: err == nil, Digest: digest}
	if err != nil {
		failed := of[0].Attempts + 1
		at, again := NextAttempt(of[0].Since, now, failed)
		end.Due, end.Error, end.Unclear = at, OneLine(err.Error(), maxLine), errors.As(err, new(*UnclearError))
		end.GivenUp = !again || errors.As(err, new(*PermanentError))
		level := slog.LevelWarn
		if end.GivenUp {
			level = slog.LevelError
		}
		r.Log.Log(ctx, level, "notice not delivered", "of", string(n.Kind), "to", HostOf(r.Target), "attempt", failed,
			"given_up", end.GivenUp, "err", end.Error)
	}
	return r.Store.EndDeliveries(context.WithoutCancel(ctx), r.key, numbersOf(of), end, now)
}

// errNoMail says that a recipient cannot be reached.
var errNoMail = errors.New("no mail server is configured")

// transmit gives a notice to the recipient's server.
func (r *recipient) transmit(ctx context.Context, state news.RecipientState, n Notice) error {
	if r.As != news.AsMail {
		return r.Webhooks.Send(ctx, r.Recipient, n, time.Now())
	}
	if r.Mail == nil {
		return errNoMail
	}
	m := Mail{ID: n.ID, To: MailAddressOf(r.Target), Subject: n.Subject, Text: n.Text}
	if state.Token != "" {
		m.Unsubscribe = r.Desk(r.Recipient).URL + UnsubscribePath + state.Token
	}
	return r.Mail.Send(ctx, m)
}

// SendTest sends a notice that says that it is a test, now. It fails as its server does.
func (s *Service) SendTest(ctx context.Context, r news.Recipient, state news.RecipientState) error {
	one := recipient{Service: s, Recipient: r, key: r.Key()}
	return one.transmit(ctx, state, NewTest(s.Desk(r), r, time.Now()))
}
