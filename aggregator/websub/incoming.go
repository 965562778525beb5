package websub

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// How long subscriptions last, and when they are looked after.
const (
	leaseAsked   = 10 * 24 * time.Hour
	leaseLeast   = time.Hour
	leaseMost    = 14 * 24 * time.Hour
	verifyWithin = time.Hour          // a hub that has not verified by then is asked again
	afterDenial  = 7 * 24 * time.Hour // a hub that does not want to is left alone
	afterRefusal = 24 * time.Hour     // a hub that answers 4xx
	firstRetry   = 15 * time.Minute   // doubled with each failure, a day at most
	cloudLease   = 24 * time.Hour     // rssCloud forgets after 25 h
	queueLength  = 64
)

// Incoming keeps subscriptions at the hubs of stations' feeds. Push makes a story
// early; polling goes on as if there were none, for hubs fall silent without a
// word.
type Incoming struct {
	Endpoint
	MaxSize int64 // of a delivery

	// Deliver takes a document that a hub has signed.
	Deliver func(ctx context.Context, feed string, body []byte, contentType string) error
	// Soon has a feed visited as soon as manners allow.
	Soon func(ctx context.Context, feed string) error

	mu      lock
	all     map[string]news.Subscription // by callback
	changed chan struct{}
	queue   chan delivery
}

// delivery waits to be read.
type delivery struct {
	feed, contentType string
	body              []byte
}

// lock is a mutex that may be held while the store writes: whoever waits for it
// does so as for any other event, in the tests' false time too.
type lock chan struct{}

func (l lock) Lock()   { l <- struct{}{} }
func (l lock) Unlock() { <-l }

// Start reads what is kept of subscriptions. Those of feeds that are gone are
// ended.
func (in *Incoming) Start(ctx context.Context, feeds map[string]bool) error {
	list, err := in.Store.Subscriptions()
	if err != nil {
		return err
	}
	in.all = map[string]news.Subscription{}
	in.mu = make(lock, 1)
	in.changed, in.queue = make(chan struct{}, 1), make(chan delivery, queueLength)
	for _, s := range list {
		in.all[s.Callback] = s
		if !feeds[s.Feed] && s.State != news.SubscriptionLeaving {
			if err := in.leave(ctx, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// Discovered is told after each visit who tells of a feed's changes: hubs, with
// the topic that they know, or the feed's rssCloud; or nobody.
func (in *Incoming) Discovered(ctx context.Context, feed string, hubs []string, topic string, cloud *news.Cloud) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	want := wanted(feed, hubs, topic, cloud)
	for _, s := range in.all {
		if s.Feed != feed || s.State == news.SubscriptionOld || s.State == news.SubscriptionLeaving {
			continue
		}
		if want != nil && s.Hub == want.Hub && s.Topic == want.Topic {
			return nil // it is looked after already
		}
		if err := in.leave(ctx, s); err != nil {
			return err
		}
	}
	if want == nil {
		return nil
	}
	return in.put(ctx, *want)
}

// Learned notes whether the hub of a feed tells of its new items: late is how many
// of them were found by polling though the hub had time to tell (S15).
func (in *Incoming) Learned(ctx context.Context, feed string, late int) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, s := range in.all {
		if s.Feed != feed || s.State != news.SubscriptionActive || late == 0 && s.Missed == 0 {
			continue
		}
		was := s.Silent()
		if s.Missed += late; late == 0 {
			s.Missed = 0
		}
		if now := s.Silent(); now != was {
			in.Log.Warn("a hub's manner changed", "feed", feed, "hub", hostOf(s.Hub), "silent", now)
		}
		if err := in.put(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// Remarks says in words which hub does not tell of a feed's changes.
func Remarks(feed string, list []news.Subscription) []string {
	var remarks []string
	for _, s := range list {
		if s.Feed == feed && s.State == news.SubscriptionActive && s.Silent() {
			remarks = append(remarks, fmt.Sprintf("its hub at %s tells of nothing: polling found the last %d items first", hostOf(s.Hub), s.Missed))
		}
	}
	return remarks
}

// wanted is the subscription that a feed should have; nil if none.
func wanted(feed string, hubs []string, topic string, cloud *news.Cloud) *news.Subscription {
	s := &news.Subscription{Callback: token(16), Feed: feed, State: news.SubscriptionWanted}
	switch {
	case len(hubs) > 0:
		s.Hub, s.Topic = hubs[0], topic
	case cloud != nil && cloud.Protocol == "http-post" && cloud.Domain != "":
		s.Hub, s.Topic, s.Cloud = cloudURL(cloud), feed, true
	default:
		return nil
	}
	return s
}

func cloudURL(c *news.Cloud) string {
	return "http://" + c.Domain + ":" + cmp.Or(c.Port, "80") + "/" + strings.TrimPrefix(c.Path, "/")
}

// put keeps a subscription and has it looked after. The caller holds mu, or is
// alone.
func (in *Incoming) put(ctx context.Context, s news.Subscription) error {
	in.all[s.Callback] = s
	signal(in.changed)
	return in.Store.SaveSubscription(ctx, s)
}

// leave has a subscription ended: one that the hub knows of is to be taken off
// there.
func (in *Incoming) leave(ctx context.Context, s news.Subscription) error {
	if s.State == news.SubscriptionActive && !s.Cloud {
		s.State, s.Next, s.Tries = news.SubscriptionLeaving, time.Time{}, 0
		return in.put(ctx, s)
	}
	return in.forget(ctx, s.Callback)
}

func (in *Incoming) forget(ctx context.Context, callback string) error {
	delete(in.all, callback)
	return in.Store.RemoveSubscription(ctx, callback)
}

// Run looks after subscriptions and reads deliveries, until ctx ends. Its error is
// the store's.
func (in *Incoming) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		wait, err := in.tend(ctx, time.Now())
		if err != nil {
			return ignoreEnd(ctx, err)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-in.changed:
		case d := <-in.queue:
			if err := in.deliver(ctx, d); err != nil {
				return ignoreEnd(ctx, err)
			}
		}
		timer.Stop()
	}
	return nil
}

// sideBySide is how many deliveries are read at once, at most.
const sideBySide = 8

// deliver reads a delivery and others that wait: those of different feeds side by
// side, so that they share their way to the disk, and those of one in the order in
// which they came.
func (in *Incoming) deliver(ctx context.Context, first delivery) error {
	waiting := map[string][]delivery{first.feed: {first}}
	for range min(len(in.queue), sideBySide-1) {
		d := <-in.queue // nobody else takes from it
		waiting[d.feed] = append(waiting[d.feed], d)
	}
	var work errgroup.Group // one that fails takes no other with it
	for _, list := range waiting {
		work.Go(func() error {
			for _, d := range list {
				if err := in.Deliver(ctx, d.feed, d.body, d.contentType); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return work.Wait()
}

func ignoreEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// tend does what is due, and says how long until there is more.
func (in *Incoming) tend(ctx context.Context, now time.Time) (wait time.Duration, err error) {
	wait = time.Hour
	for _, s := range in.list() {
		if s.Next.After(now) {
			wait = min(wait, s.Next.Sub(now))
			continue
		}
		if err := in.do(ctx, s, now); err != nil {
			return 0, err
		}
		wait = 0
	}
	return wait, nil
}

// list is a copy of the subscriptions, in the order of their callbacks.
func (in *Incoming) list() []news.Subscription {
	in.mu.Lock()
	defer in.mu.Unlock()
	var list []news.Subscription
	for _, callback := range slices.Sorted(maps.Keys(in.all)) {
		list = append(list, in.all[callback])
	}
	return list
}

// do does what is due for one subscription.
func (in *Incoming) do(ctx context.Context, s news.Subscription, now time.Time) error {
	switch s.State {
	case news.SubscriptionOld:
		return in.locked(func() error { return in.forget(ctx, s.Callback) })
	case news.SubscriptionActive: // time to renew: another takes its place
		next := news.Subscription{Callback: token(16), Feed: s.Feed, Topic: s.Topic, Hub: s.Hub, Cloud: s.Cloud, Missed: s.Missed, State: news.SubscriptionWanted}
		s.State, s.Next = news.SubscriptionOld, s.Until
		return in.locked(func() error { return errors.Join(in.put(ctx, s), in.put(ctx, next)) })
	case news.SubscriptionLeaving:
		return in.unsubscribe(ctx, s, now)
	}
	return in.subscribe(ctx, s, now)
}

// unsubscribe asks a hub to end a subscription, once. Until its lease ends the
// callback says that it is not wanted any more, and that the request was ours.
func (in *Incoming) unsubscribe(ctx context.Context, s news.Subscription, now time.Time) error {
	if s.Tries > 0 || !s.Until.After(now) {
		return in.locked(func() error { return in.forget(ctx, s.Callback) })
	}
	s.Tries, s.Next = 1, s.Until
	if err := in.locked(func() error { return in.put(ctx, s) }); err != nil {
		return err
	}
	if err := in.request(ctx, &s, "unsubscribe"); err != nil {
		in.Log.Debug("unsubscribe", "feed", s.Feed, "err", err)
	}
	return nil
}

func (in *Incoming) locked(do func() error) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	return do()
}

// subscribe asks a hub. The subscription is kept before, for the hub may verify
// it before it answers.
func (in *Incoming) subscribe(ctx context.Context, s news.Subscription, now time.Time) error {
	if s.Secret == "" && !s.Cloud && in.confidential(s.Hub) {
		s.Secret = token(32)
	}
	s.State, s.Next = news.SubscriptionAsked, now.Add(verifyWithin)
	if err := in.locked(func() error { return in.put(ctx, s) }); err != nil {
		return err
	}
	wait := time.Duration(0)
	err := in.request(ctx, &s, "subscribe")
	var refused *refusedError
	switch {
	case ctx.Err() != nil:
		return nil
	case errors.As(err, &refused):
		wait = afterRefusal
	case err != nil:
		wait = min(firstRetry<<min(s.Tries, 10), 24*time.Hour)
	}
	return in.locked(func() error {
		kept, known := in.all[s.Callback]
		if !known {
			return nil
		}
		switch {
		case err != nil:
			in.Log.Debug("subscribe", "feed", s.Feed, "hub", hostOf(s.Hub), "err", err)
			kept.State, kept.Next = news.SubscriptionWanted, now.Add(wait)
			kept.Tries++
		case s.Cloud:
			kept.State, kept.Next, kept.Until = news.SubscriptionActive, now.Add(cloudLease), now.Add(cloudLease+time.Hour)
		default:
			return nil
		}
		return in.put(ctx, kept)
	})
}

// confidential reports whether a secret can be told to a hub.
func (in *Incoming) confidential(hub string) bool {
	u, err := url.Parse(hub)
	return err == nil && (u.Scheme == "https" || in.Private && fetch.IsPrivateHost(u.Hostname()))
}
