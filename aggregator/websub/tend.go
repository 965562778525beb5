package websub

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// hubRedirects is how many redirects of a hub are followed.
const hubRedirects = 3

// Run begins, renews and ends subscriptions when that is due, until ctx ends. Hosts of hubs are
// asked side by side, and one of them for one feed after another. Its error is the store's.
func (in *Incoming) Run(parent context.Context) error {
	work, ctx := errgroup.WithContext(parent)
	for ctx.Err() == nil {
		hosts, wait := in.dueHosts(time.Now())
		for _, host := range hosts {
			work.Go(func() error {
				defer in.leaveHost(host)
				return in.tendHost(ctx, host)
			})
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-in.changed:
		}
		timer.Stop()
	}
	return ignoreCanceled(parent, work.Wait())
}

// dueHosts takes the hosts at which something is due and that nobody tends yet, and says how long
// until there is more.
func (in *Incoming) dueHosts(now time.Time) (hosts []string, wait time.Duration) {
	in.mu.Lock()
	defer in.mu.Unlock()
	wait = time.Hour
	for _, s := range in.subscriptions {
		host := hubHost(s)
		switch {
		case in.tended[host]: // what tends it wakes Run at its end
		case s.Next.After(now):
			wait = min(wait, s.Next.Sub(now))
		default:
			in.tended[host] = true
			hosts = append(hosts, host)
		}
	}
	return hosts, wait
}

// leaveHost lets a host be tended again.
func (in *Incoming) leaveHost(host string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	delete(in.tended, host)
	wakeLoop(in.changed)
}

// hubHost is the host that a subscription's hub is asked at, as the rate limit knows it.
func hubHost(s news.Subscription) string { return fetch.HostName(news.Feed{URL: s.Hub}) }

// tendHost does what is due at a host, in the order in which it became due.
func (in *Incoming) tendHost(ctx context.Context, host string) error {
	for ctx.Err() == nil {
		now := time.Now()
		due := in.dueSubscriptions(now, func(s news.Subscription) bool { return hubHost(s) == host })
		if len(due) == 0 {
			return nil
		}
		if err := in.takeStep(ctx, due[0], now); err != nil {
			return err
		}
	}
	return nil
}

// dueSubscriptions is a copy of the subscriptions of some kind for which something is due, those
// first for which it has been so the longest.
func (in *Incoming) dueSubscriptions(now time.Time, isMeant func(news.Subscription) bool) []news.Subscription {
	in.mu.Lock()
	defer in.mu.Unlock()
	due := slices.Collect(maps.Values(in.subscriptions))
	due = slices.DeleteFunc(due, func(s news.Subscription) bool { return s.Next.After(now) || !isMeant(s) })
	slices.SortFunc(due, func(a, b news.Subscription) int { return a.Next.Compare(b.Next) })
	return due
}

// takeStep does what is due for one subscription. Afterwards nothing is, for some time.
func (in *Incoming) takeStep(ctx context.Context, s news.Subscription, now time.Time) error {
	switch s.State {
	case news.SubscriptionOld:
		return in.replaceSubscription(ctx, s.Callback, nothing)
	case news.SubscriptionActive: // to be renewed: another takes its place
		return in.replaceSubscription(ctx, s.Callback, func(s news.Subscription) []news.Subscription {
			next := renewedSubscription(s)
			s.State, s.Next = news.SubscriptionOld, s.Until
			return []news.Subscription{s, next}
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
		return in.replaceSubscription(ctx, s.Callback, nothing)
	}
	err := in.replaceSubscription(ctx, s.Callback, func(s news.Subscription) []news.Subscription {
		s.Tries, s.Next = 1, s.Until
		return []news.Subscription{s}
	})
	if err != nil {
		return err
	}
	if _, err := in.askHub(ctx, s, "unsubscribe"); err != nil {
		in.Log.Debug("failed to unsubscribe", "feed", in.feedName(s.Feed), "hub", hostWithoutWWW(s.Hub), "err", err)
	}
	return nil
}

// askToSubscribe asks a hub for a subscription, which is saved before that, since the hub may
// verify it before it answers.
func (in *Incoming) askToSubscribe(ctx context.Context, s news.Subscription, now time.Time) error {
	if next, overdue := overdueSubscription(s, now); overdue {
		in.Log.Info("a hub does not answer, the feed's next one is asked",
			"feed", in.feedName(s.Feed), "hub", hostWithoutWWW(s.Hub), "next", hostWithoutWWW(next.Hub))
		return in.replaceSubscription(ctx, s.Callback, func(news.Subscription) []news.Subscription {
			return []news.Subscription{next}
		})
	}
	if s.Secret == "" && !s.Cloud && in.mayShareSecret(s) {
		s.Secret = randomToken(32)
	}
	s.State, s.Next = news.SubscriptionAsked, now.Add(verifyWithin)
	if s.Since.IsZero() {
		s.Since = now
	}
	err := in.replaceSubscription(ctx, s.Callback, func(news.Subscription) []news.Subscription {
		return []news.Subscription{s}
	})
	if err != nil {
		return err
	}
	status, err := in.askHub(ctx, s, "subscribe")
	now = time.Now()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil && s.Cloud:
		return in.replaceSubscription(ctx, s.Callback, func(s news.Subscription) []news.Subscription {
			s = verifiedSubscription(s, cloudLease+time.Hour, now)
			s.Next = now.Add(cloudLease)
			return []news.Subscription{s}
		})
	case err == nil:
		return nil // it verifies
	}
	in.Log.Debug("failed to subscribe", "feed", in.feedName(s.Feed), "hub", hostWithoutWWW(s.Hub), "err", err)
	failed := func(s news.Subscription) []news.Subscription {
		switch {
		case s.State == news.SubscriptionActive, s.State == news.SubscriptionLeaving, s.State == news.SubscriptionOld:
			// It was verified nevertheless.
		case status/100 == 4:
			s = refusedSubscription(s, news.SubscriptionWanted, afterRefusal, now)
		default:
			s = failedSubscription(s, now)
		}
		return []news.Subscription{s}
	}
	if err := in.replaceSubscription(ctx, s.Callback, failed); err != nil || status != 0 {
		return err
	}
	return in.postponeHub(ctx, s.Hub, now)
}

// postponeHub counts for all subscriptions that are due at a hub that it does not answer: each of
// them would wait as long as the first.
func (in *Incoming) postponeHub(ctx context.Context, hub string, now time.Time) error {
	isMeant := func(s news.Subscription) bool {
		return s.Hub == hub && (s.State == news.SubscriptionWanted || s.State == news.SubscriptionAsked)
	}
	var saves errgroup.Group // together, they share a transaction
	for _, s := range in.dueSubscriptions(now, isMeant) {
		if s.Since.IsZero() {
			s.Since = now
		}
		in.mu.Lock()
		_, known := in.subscriptions[s.Callback]
		if s = failedSubscription(s, now); known {
			in.subscriptions[s.Callback] = s
			saves.Go(func() error { return in.Store.SaveSubscription(ctx, s) })
		}
		in.mu.Unlock()
	}
	return saves.Wait()
}

// mayShareSecret reports whether a hub can be sent a secret without anybody else reading it.
func (in *Incoming) mayShareSecret(s news.Subscription) bool {
	u, err := url.Parse(s.Hub)
	return err == nil && (u.Scheme == "https" || in.Private && s.Private && fetch.IsPrivateHost(u.Hostname()))
}

// askHub asks a hub to begin or end a subscription. Status is that of an answer other than 2xx,
// which is an error; 0 if there was none.
func (in *Incoming) askHub(ctx context.Context, s news.Subscription, mode string) (status int, err error) {
	answer, err := in.Send(ctx, fetch.SideRequest{
		Method: http.MethodPost, URL: s.Hub, Redirects: hubRedirects, Confidential: s.Secret != "",
		PublicOnly: !s.Private,
		Header:     http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		Body:       []byte(in.hubForm(s, mode).Encode()),
	})
	var wrong *fetch.Error
	switch {
	case errors.As(err, &wrong) && wrong.Kind == fetch.KindRedirect:
		return http.StatusTemporaryRedirect, err // it has answered
	case err == nil && answer.Status/100 != 2:
		return answer.Status, fmt.Errorf("the hub answered %d", answer.Status)
	}
	return 0, err
}

// hubForm is the form that is sent to a hub, or to an rssCloud.
func (in *Incoming) hubForm(s news.Subscription, mode string) url.Values {
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
func (in *Incoming) cloudForm(s news.Subscription) url.Values {
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
