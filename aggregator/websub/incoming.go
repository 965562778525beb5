package websub

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// How long subscriptions last, and when hubs are asked.
const (
	leaseAsked   = 10 * 24 * time.Hour
	minLease     = time.Hour
	maxLease     = 14 * 24 * time.Hour
	verifyWithin = time.Hour          // a hub that has not verified by then is asked again
	afterDenial  = 7 * 24 * time.Hour // a hub that denied is left alone
	afterRefusal = 24 * time.Hour     // a hub that answered 4xx
	firstRetry   = 15 * time.Minute   // the backoff of other failures: doubled each time, to a day
	cloudLease   = 24 * time.Hour     // rssCloud forgets after 25 h

	hubRedirects = 3
	hubTime      = 40 * time.Second // asking a hub: redirects, and the wait for its host, included
)

// Bounds of deliveries.
const (
	queueLength   = 64       // that wait to be read
	sideBySide    = 8        // that are read at once
	maxDeliveries = 64 << 20 // bytes of those that are being received, wait or are read
)

// Incoming is the subscriber: it keeps subscriptions at the hubs of stations' feeds, and takes what
// they deliver. Push makes a story early; polling continues as if there were none, since hubs stop
// delivering without a word.
type Incoming struct {
	Endpoint
	MaxSize int64 // of a delivery

	// Deliver takes a document that a hub has signed.
	Deliver func(ctx context.Context, feed string, body []byte, contentType string) error
	// Soon has a feed visited as soon as its rate limit allows.
	Soon func(ctx context.Context, feed string) error

	mu            lock
	subscriptions map[string]news.Subscription // by callback
	changed       chan struct{}                // a subscription may be due; holds one
	queue         chan delivery
	inFlight      *bodyBudget
}

// delivery waits to be read.
type delivery struct {
	feed, contentType string
	body              []byte
	release           func() // gives the bytes of the body back
}

// lock is a mutex that may be held while the store writes: waiting for it is like waiting for any
// other event, in the false time of tests too.
type lock chan struct{}

func (l lock) Lock()   { l <- struct{}{} }
func (l lock) Unlock() { <-l }

// Start reads the subscriptions, and ends those of feeds that are gone. It is called before
// anything else.
func (in *Incoming) Start(ctx context.Context, feeds map[string]bool) error {
	list, err := in.Store.Subscriptions()
	if err != nil {
		return err
	}
	in.subscriptions = map[string]news.Subscription{}
	in.mu = make(lock, 1)
	in.changed, in.queue = make(chan struct{}, 1), make(chan delivery, queueLength)
	in.inFlight = &bodyBudget{limit: max(maxDeliveries, in.MaxSize), ofCallback: map[string]int64{}}
	for _, s := range list {
		in.subscriptions[s.Callback] = s
		if !feeds[s.Feed] && s.State != news.SubscriptionLeaving {
			if err := in.endSubscription(ctx, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// Discovered is called after each visit with what delivers a feed's changes: hubs, with the topic
// that they know, or its rssCloud, or nothing. A subscription elsewhere ends.
func (in *Incoming) Discovered(ctx context.Context, feed string, hubs []string, topic string, cloud *news.Cloud) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	want := wantedSubscription(feed, hubs, topic, cloud)
	for _, s := range in.subscriptions {
		if s.Feed != feed || s.State == news.SubscriptionOld || s.State == news.SubscriptionLeaving {
			continue
		}
		if want != nil && s.Hub == want.Hub && s.Topic == want.Topic {
			return nil
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

// wantedSubscription is the subscription that a feed should have; nil if none.
func wantedSubscription(feed string, hubs []string, topic string, cloud *news.Cloud) *news.Subscription {
	s := &news.Subscription{Callback: randomToken(16), Feed: feed, State: news.SubscriptionWanted}
	switch {
	case len(hubs) > 0:
		s.Hub, s.Topic = hubs[0], topic
	case cloud != nil && cloud.Protocol == "http-post" && cloud.Domain != "":
		s.Hub, s.Topic, s.Cloud = cloudAddress(cloud), feed, true
	default:
		return nil
	}
	return s
}

// cloudAddress is where an rssCloud takes registrations.
func cloudAddress(c *news.Cloud) string {
	return "http://" + c.Domain + ":" + cmp.Or(c.Port, "80") + "/" + strings.TrimPrefix(c.Path, "/")
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

// Run begins, renews and ends subscriptions when that is due, and reads deliveries, until ctx ends.
// Its error is the store's.
func (in *Incoming) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		wait, err := in.takeDueSteps(ctx, time.Now())
		if err != nil {
			return ignoreCanceled(ctx, err)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-in.changed:
		case d := <-in.queue:
			if err := in.readDeliveries(ctx, d); err != nil {
				return ignoreCanceled(ctx, err)
			}
		}
		timer.Stop()
	}
	return nil
}

// readDeliveries reads a delivery and others that wait: those of different feeds side by side, so
// that they share a write to the disk, and those of one feed in the order in which they came.
func (in *Incoming) readDeliveries(ctx context.Context, first delivery) error {
	waiting := map[string][]delivery{first.feed: {first}}
	for range min(len(in.queue), sideBySide-1) {
		d := <-in.queue // nobody else takes from it
		waiting[d.feed] = append(waiting[d.feed], d)
	}
	var work errgroup.Group // one that fails takes no other with it
	for _, list := range waiting {
		work.Go(func() error {
			for _, d := range list {
				defer d.release()
			}
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

// takeDueSteps does what is due, and says how long until there is more.
func (in *Incoming) takeDueSteps(ctx context.Context, now time.Time) (wait time.Duration, err error) {
	wait = time.Hour
	for _, s := range in.sortedSubscriptions() {
		if s.Next.After(now) {
			wait = min(wait, s.Next.Sub(now))
			continue
		}
		if err := in.takeStep(ctx, s, now); err != nil {
			return 0, err
		}
		wait = 0
	}
	return wait, nil
}

// sortedSubscriptions is a copy of the subscriptions, in the order of their callbacks.
func (in *Incoming) sortedSubscriptions() []news.Subscription {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.SortedFunc(maps.Values(in.subscriptions), func(a, b news.Subscription) int {
		return strings.Compare(a.Callback, b.Callback)
	})
}

// takeStep does what is due for one subscription.
func (in *Incoming) takeStep(ctx context.Context, s news.Subscription, now time.Time) error {
	switch s.State {
	case news.SubscriptionOld:
		return in.withLock(func() error { return in.forgetSubscription(ctx, s.Callback) })
	case news.SubscriptionActive: // to be renewed: another takes its place
		next := news.Subscription{
			Callback: randomToken(16), Feed: s.Feed, Topic: s.Topic, Hub: s.Hub, Cloud: s.Cloud,
			Missed: s.Missed, State: news.SubscriptionWanted,
		}
		s.State, s.Next = news.SubscriptionOld, s.Until
		return in.withLock(func() error {
			return errors.Join(in.keepSubscription(ctx, s), in.keepSubscription(ctx, next))
		})
	case news.SubscriptionLeaving:
		return in.askToUnsubscribe(ctx, s, now)
	}
	return in.askToSubscribe(ctx, s, now)
}

// askToUnsubscribe asks a hub to end a subscription, once. Until its lease ends, the callback
// answers that it is no longer subscribed, and that the request was ours.
func (in *Incoming) askToUnsubscribe(ctx context.Context, s news.Subscription, now time.Time) error {
	if s.Tries > 0 || !s.Until.After(now) {
		return in.withLock(func() error { return in.forgetSubscription(ctx, s.Callback) })
	}
	s.Tries, s.Next = 1, s.Until
	if err := in.withLock(func() error { return in.keepSubscription(ctx, s) }); err != nil {
		return err
	}
	if _, err := in.askHub(ctx, &s, "unsubscribe"); err != nil {
		in.Log.Debug("failed to unsubscribe", "feed", in.feedName(s.Feed), "hub", hostWithoutWWW(s.Hub), "err", err)
	}
	return nil
}

// withLock calls a function while mu is held.
func (in *Incoming) withLock(do func() error) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	return do()
}

// askToSubscribe asks a hub for a subscription, which is saved before that, since the hub may
// verify it before it answers.
func (in *Incoming) askToSubscribe(ctx context.Context, s news.Subscription, now time.Time) error {
	if s.Secret == "" && !s.Cloud && in.mayShareSecret(s.Hub) {
		s.Secret = randomToken(32)
	}
	s.State, s.Next = news.SubscriptionAsked, now.Add(verifyWithin)
	if err := in.withLock(func() error { return in.keepSubscription(ctx, s) }); err != nil {
		return err
	}
	wait := time.Duration(0)
	refused, err := in.askHub(ctx, &s, "subscribe")
	switch {
	case ctx.Err() != nil:
		return ignoreCanceled(ctx, err)
	case refused:
		wait = afterRefusal
	case err != nil:
		wait = min(firstRetry<<min(s.Tries, 10), 24*time.Hour)
	}
	return in.withLock(func() error {
		kept, known := in.subscriptions[s.Callback]
		if !known {
			return nil
		}
		switch {
		case err != nil:
			in.Log.Debug("failed to subscribe", "feed", in.feedName(s.Feed), "hub", hostWithoutWWW(s.Hub), "err", err)
			kept.State, kept.Next = news.SubscriptionWanted, now.Add(wait)
			kept.Tries++
		case s.Cloud:
			kept.State, kept.Next, kept.Until = news.SubscriptionActive, now.Add(cloudLease),
				now.Add(cloudLease+time.Hour)
		default:
			return nil
		}
		return in.keepSubscription(ctx, kept)
	})
}

// mayShareSecret reports whether a hub can be sent a secret without anybody else reading it.
func (in *Incoming) mayShareSecret(hub string) bool {
	u, err := url.Parse(hub)
	return err == nil && (u.Scheme == "https" || in.Private && fetch.IsPrivateHost(u.Hostname()))
}

// askHub asks a hub to begin or end a subscription. With an error, refused says that the hub
// answered 4xx.
func (in *Incoming) askHub(ctx context.Context, s *news.Subscription, mode string) (refused bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, hubTime)
	defer cancel()
	answer, err := in.Send(ctx, fetch.SideRequest{
		Method: http.MethodPost, URL: s.Hub, Redirects: hubRedirects,
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		Body:   []byte(in.hubForm(s, mode).Encode()),
	})
	if err == nil && answer.Status/100 != 2 {
		err = fmt.Errorf("the hub answered %d", answer.Status)
	}
	return answer.Status/100 == 4, err
}

// hubForm is the form that is sent to a hub, or to an rssCloud.
func (in *Incoming) hubForm(s *news.Subscription, mode string) url.Values {
	if s.Cloud {
		return in.cloudForm(s)
	}
	v := url.Values{"hub.callback": {in.URL + inPath + s.Callback}, "hub.mode": {mode}, "hub.topic": {s.Topic}}
	if mode == "subscribe" {
		v.Set("hub.lease_seconds", strconv.Itoa(int(leaseAsked.Seconds())))
		if s.Secret != "" {
			v.Set("hub.secret", s.Secret)
		}
	}
	return v
}

// cloudForm registers with an rssCloud.
func (in *Incoming) cloudForm(s *news.Subscription) url.Values {
	v := url.Values{
		"notifyProcedure": {""}, "protocol": {"http-post"}, "path": {cloudPath + s.Callback}, "url1": {s.Topic},
		"port": {"443"},
	}
	if u, err := url.Parse(in.URL); err == nil {
		v.Set("domain", u.Hostname())
		switch {
		case u.Port() != "":
			v.Set("port", u.Port())
		case u.Scheme == "http":
			v.Set("port", "80")
		}
	}
	return v
}
