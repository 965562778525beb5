package store

import (
	"bytes"
	"context"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// prints is how many documents' prints are kept. Beyond it the half that has stood
// longest goes, of documents with filters: such a one is dated anew if it is asked
// for again.
const prints = 4096

// printed is a document's record.
type printed struct {
	Digest string    `json:"digest"`
	Since  time.Time `json:"since"`
}

// DateDocuments gives since when each document's bytes have been what they are, to the
// second, so that Last-Modified moves when they do and never else (RFC 9110
// 8.8.2). Of bytes that are new it is when what they show last changed, but later
// than the bytes before.
func (s *Store) DateDocuments(ctx context.Context, documents []news.Print) (since []time.Time, err error) {
	var fresh bool
	err = s.view(func(tx *bolt.Tx) (err error) {
		since, fresh, err = dates(tx, documents)
		return err
	})
	if err != nil || !fresh {
		return since, err
	}
	err = s.update(ctx, func(tx *bolt.Tx) (err error) {
		if since, _, err = dates(tx, documents); err != nil {
			return err
		}
		for n, d := range documents {
			if err := put(tx.Bucket(bucketPrints), []byte(d.Name), printed{d.Digest, since[n]}); err != nil {
				return err
			}
		}
		return fewerPrints(tx)
	})
	return since, err
}

// dates gives each document's date; fresh reports whether one has other bytes than
// before.
func dates(tx *bolt.Tx, documents []news.Print) (since []time.Time, fresh bool, err error) {
	for _, d := range documents {
		at := d.Changed.UTC().Truncate(time.Second)
		var before printed
		if text := tx.Bucket(bucketPrints).Get([]byte(d.Name)); text != nil {
			if err := decode(text, &before); err != nil {
				return nil, false, err
			}
		}
		switch {
		case before.Digest == d.Digest:
			at = before.Since
		case !at.After(before.Since):
			at, fresh = before.Since.Add(time.Second), true
		default:
			fresh = true
		}
		since = append(since, at)
	}
	return since, fresh, nil
}

// fewerPrints keeps the number of prints within its bound.
func fewerPrints(tx *bolt.Tx) error {
	b := tx.Bucket(bucketPrints)
	if b.Stats().KeyN <= prints {
		return nil
	}
	type named struct {
		name  []byte
		since time.Time
	}
	var all []named
	err := b.ForEach(func(key, text []byte) error {
		var p printed
		if err := decode(text, &p); err != nil {
			return err
		}
		if bytes.IndexByte(key, '?') >= 0 {
			all = append(all, named{slices.Clone(key), p.Since})
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b named) int { return a.since.Compare(b.since) })
	for _, p := range all[:len(all)/2] {
		if err := b.Delete(p.name); err != nil {
			return err
		}
	}
	return nil
}
