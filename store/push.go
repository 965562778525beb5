package store

import (
	"context"

	"fronteras/aggregator/news"
)

// push is the part of a store that keeps subscriptions: the desk's at hubs, and others' at its own.
type push struct{ *database }

// Subscriptions are the desk's at hubs.
func (p push) Subscriptions() ([]news.Subscription, error) {
	return readAllRecords[news.Subscription](p.database, bucketSubscriptions)
}

// SaveSubscription keeps a subscription of the desk's, under its Callback.
func (p push) SaveSubscription(ctx context.Context, n news.Subscription) error {
	return p.update(ctx, func(tx txn) error { return putRecord(tx.Bucket(bucketSubscriptions), []byte(n.Callback), n) })
}

// RemoveSubscription takes a subscription of the desk's off.
func (p push) RemoveSubscription(ctx context.Context, callback string) error {
	return p.update(ctx, func(tx txn) error { return tx.Bucket(bucketSubscriptions).Delete([]byte(callback)) })
}

// Subscribers are others at the desk's hub.
func (p push) Subscribers() ([]news.Subscriber, error) {
	return readAllRecords[news.Subscriber](p.database, bucketSubscribers)
}

// AddSubscriber keeps a subscriber, under its Callback and Topic.
func (p push) AddSubscriber(ctx context.Context, n news.Subscriber) error {
	return p.update(ctx, func(tx txn) error {
		return putRecord(tx.Bucket(bucketSubscribers), []byte(n.Callback+"\n"+n.Topic), n)
	})
}

// RemoveSubscriber takes a subscriber off.
func (p push) RemoveSubscriber(ctx context.Context, callback, topic string) error {
	return p.update(ctx, func(tx txn) error {
		return tx.Bucket(bucketSubscribers).Delete([]byte(callback + "\n" + topic))
	})
}

// readAllRecords reads every record of a bucket.
func readAllRecords[T any](d *database, bucket []byte) (list []T, err error) {
	err = d.view(func(tx *sealedTx) error {
		return tx.Bucket(bucket).ForEach(func(_, text []byte) error {
			var value T
			err := decodeRecord(text, &value)
			list = append(list, value)
			return err
		})
	})
	return list, err
}
