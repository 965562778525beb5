package websub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// Incoming is the subscriber: it keeps subscriptions at the hubs of stations' feeds, and takes what
// they deliver. Push makes a story early; polling continues as if there were none, since hubs stop
// delivering without a word.
type Incoming struct {
	Endpoint
	MaxSize int64             // of a delivery, as it comes and decoded
	Bodies  *fetch.BodyBudget // of documents in memory, in which deliveries count; nil: one of its own

	// Deliver takes a document that a hub has signed, and returns when it is in the store, or can
	// be of no use. Its error is the store's.
	Deliver func(ctx context.Context, feed string, body []byte, contentType string) error
	// Soon has a feed visited as soon as its rate limit allows.
	Soon func(ctx context.Context, feed string) error

	mu            lock
	subscriptions map[string]news.Subscription // by callback
	tended        map[string]bool              // hosts of hubs at which somebody does what is due
	changed       chan struct{}                // a subscription may be due; holds one
	turns         *turns                       // of deliveries
	decoders      fetch.Decoders
}

// lock is a mutex that may be held while the store writes: waiting for it is like waiting for any
// other event, in the false time of tests too.
type lock chan struct{}

func (l lock) Lock()   { l <- struct{}{} }
func (l lock) Unlock() { <-l }

// Start reads the subscriptions, and ends those of feeds that are gone. It is called before
// anything else. If the end of some cannot be saved, it fails when all are read, and Run can go on.
func (in *Incoming) Start(ctx context.Context, feeds map[string]bool) error {
	list, err := in.Store.Subscriptions()
	if err != nil {
		return err
	}
	in.subscriptions = map[string]news.Subscription{}
	in.mu = make(lock, 1)
	in.tended, in.changed, in.turns = map[string]bool{}, make(chan struct{}, 1), newTurns()
	in.decoders = fetch.NewDecoders()
	if in.Bodies == nil {
		in.Bodies = fetch.NewBodyBudget(in.MaxSize)
	}
	for _, s := range list {
		in.subscriptions[s.Callback] = s
		if !feeds[s.Feed] && s.State != news.SubscriptionLeaving {
			err = errors.Join(err, in.endSubscription(ctx, s))
		}
	}
	return err
}

// Discovered is called after each visit that brought a document, with what it says of who delivers
// the feed's changes. A subscription elsewhere ends.
func (in *Incoming) Discovered(ctx context.Context, feed string, d Discovery) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	want := wantedSubscription(feed, d)
	for _, s := range in.subscriptions {
		if s.Feed != feed || s.State == news.SubscriptionOld || s.State == news.SubscriptionLeaving {
			continue
		}
		if want != nil && s.Topic == want.Topic && (s.Hub == want.Hub || slices.Contains(want.Hubs, s.Hub)) {
			if slices.Equal(s.Hubs, want.Hubs) && s.Private == want.Private {
				return nil
			}
			s.Private = want.Private
			if s.Hubs = want.Hubs; s.State == news.SubscriptionDenied {
				if next, ok := nextHub(s); ok { // that it did not name when its hub denied
					return errors.Join(in.keepSubscription(ctx, next), in.forgetSubscription(ctx, s.Callback))
				}
			}
			return in.keepSubscription(ctx, s)
		}
		if err := in.endSubscription(ctx, s); err != nil {
			return err
		}
	}
	if want == nil {
		return nil
	}
	return in.keepSubscription(ctx, *want)
}

// Learned notes whether the hub of a feed delivers its new items: late is how many of them were
// found by polling though the hub had time to deliver them.
func (in *Incoming) Learned(ctx context.Context, feed string, late int) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, s := range in.subscriptions {
		if s.Feed != feed || s.State != news.SubscriptionActive || late == 0 && s.Missed == 0 {
			continue
		}
		was := s.Silent()
		if s.Missed += late; late == 0 {
			s.Missed = 0
		}
		switch log := in.Log.With("feed", in.feedName(feed), "hub", hostWithoutWWW(s.Hub)); {
		case s.Silent() && !was:
			log.Warn("hub stopped delivering, falling back to polling")
		case was && !s.Silent():
			log.Info("hub delivers again")
		}
		if err := in.keepSubscription(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// Remarks says in words which of a feed's hubs deliver nothing.
func Remarks(feed string, list []news.Subscription) []string {
	var remarks []string
	for _, s := range list {
		if s.Feed == feed && s.State == news.SubscriptionActive && s.Silent() {
			remarks = append(remarks, fmt.Sprintf("its hub at %s delivers nothing: polling found the last %d items "+
				"first",
				hostWithoutWWW(s.Hub), s.Missed))
		}
	}
	return remarks
}

// keepSubscription saves a subscription, and has Run look when it is due. The caller holds mu, or
// is alone.
func (in *Incoming) keepSubscription(ctx context.Context, s news.Subscription) error {
	in.subscriptions[s.Callback] = s
	wakeLoop(in.changed)
	return in.Store.SaveSubscription(ctx, s)
}

// endSubscription ends a subscription; where the hub knows of it, it is asked to end it too. The
// caller holds mu, or is alone.
func (in *Incoming) endSubscription(ctx context.Context, s news.Subscription) error {
	if s.State == news.SubscriptionActive && !s.Cloud {
		s.State, s.Next, s.Tries = news.SubscriptionLeaving, time.Time{}, 0
		return in.keepSubscription(ctx, s)
	}
	return in.forgetSubscription(ctx, s.Callback)
}

// forgetSubscription removes a subscription. The caller holds mu, or is alone.
func (in *Incoming) forgetSubscription(ctx context.Context, callback string) error {
	delete(in.subscriptions, callback)
	return in.Store.RemoveSubscription(ctx, callback)
}

// nothing takes the place of a subscription that ends.
func nothing(news.Subscription) []news.Subscription { return nil }

// replaceSubscription puts others in the place of a subscription, if it is still there.
func (in *Incoming) replaceSubscription(
	ctx context.Context, callback string, replace func(news.Subscription) []news.Subscription,
) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	s, known := in.subscriptions[callback]
	if !known {
		return nil
	}
	stays := false
	for _, next := range replace(s) {
		stays = stays || next.Callback == callback
		if err := in.keepSubscription(ctx, next); err != nil {
			return err
		}
	}
	if stays {
		return nil
	}
	return in.forgetSubscription(ctx, callback)
}

// subscriptionAt is the subscription of a callback.
func (in *Incoming) subscriptionAt(callback string) (news.Subscription, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	s, known := in.subscriptions[callback]
	return s, known
}
