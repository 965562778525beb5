package store

import (
	"context"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// Deliver folds what a hub has pushed into the stories, as Save does with what a
// visit brought, but leaves the visit as it is: its validators and errors are
// those of polls.
func (s *Store) Deliver(ctx context.Context, feed string, arrival identity.Arrival) (saved news.Saved, err error) {
	err = s.update(ctx, func(tx *bolt.Tx) error {
		saved = news.Saved{}
		n := s.number(tx, feed)
		if n == 0 {
			return ErrUnknown
		}
		if err := s.resolve(tx, n, arrival, &saved); err != nil || saved.New == 0 {
			return err
		}
		v, err := s.visitOf(tx, n)
		if err != nil {
			return err
		}
		brought(&v, arrival.At)
		return s.putVisit(tx, n, v)
	})
	return saved, err
}

// Hasten lets a feed be visited as soon as manners allow: not before a pause ends,
// nor before so long after it was last asked.
func (s *Store) Hasten(ctx context.Context, feed string, rest time.Duration, now time.Time) error {
	return s.update(ctx, func(tx *bolt.Tx) error {
		n := s.number(tx, feed)
		if n == 0 {
			return ErrUnknown
		}
		v, err := s.visitOf(tx, n)
		if err != nil {
			return err
		}
		soonest := later(later(now, v.Paused), v.Asked.Add(rest))
		if !v.Leased.IsZero() || v.Retired || !soonest.Before(v.Due) {
			return nil
		}
		v.Due, v.Wait = soonest, soonest.Sub(now)
		return s.putVisit(tx, n, v)
	})
}

// Subscriptions are the desk's at hubs.
func (s *Store) Subscriptions() ([]news.Subscription, error) {
	return all[news.Subscription](s, bucketSubscriptions)
}

// SaveSubscription keeps a subscription of the desk's, under its Callback.
func (s *Store) SaveSubscription(ctx context.Context, n news.Subscription) error {
	return s.update(ctx, func(tx *bolt.Tx) error { return put(tx.Bucket(bucketSubscriptions), []byte(n.Callback), n) })
}

// RemoveSubscription takes a subscription of the desk's off.
func (s *Store) RemoveSubscription(ctx context.Context, callback string) error {
	return s.update(ctx, func(tx *bolt.Tx) error { return tx.Bucket(bucketSubscriptions).Delete([]byte(callback)) })
}

// Subscribers are others at the desk's hub.
func (s *Store) Subscribers() ([]news.Subscriber, error) {
	return all[news.Subscriber](s, bucketSubscribers)
}

// AddSubscriber keeps a subscriber, under its Callback and Topic.
func (s *Store) AddSubscriber(ctx context.Context, n news.Subscriber) error {
	return s.update(ctx, func(tx *bolt.Tx) error {
		return put(tx.Bucket(bucketSubscribers), []byte(n.Callback+"\n"+n.Topic), n)
	})
}

// RemoveSubscriber takes a subscriber off.
func (s *Store) RemoveSubscriber(ctx context.Context, callback, topic string) error {
	return s.update(ctx, func(tx *bolt.Tx) error {
		return tx.Bucket(bucketSubscribers).Delete([]byte(callback + "\n" + topic))
	})
}

// all reads every record of a bucket.
func all[T any](s *Store, bucket []byte) (list []T, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucket).ForEach(func(_, text []byte) error {
			var value T
			err := decode(text, &value)
			list = append(list, value)
			return err
		})
	})
	return list, err
}
