package store

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"fronteras/aggregator/news"
)

// signIn is the part of a store that keeps who is signed in. Keys are digests: who reads the file can
// sign in as nobody.
type signIn struct{ *database }

// AddLink keeps a link under a digest, and drops those that are not to be kept.
func (s signIn) AddLink(
	ctx context.Context, digest []byte, l news.SignInLink, keep func(news.SignInLink) bool,
) error {
	return s.update(ctx, func(tx txn) error {
		if _, err := dropRecords(tx.Bucket(bucketLinks), keep); err != nil {
			return err
		}
		return putRecord(tx.Bucket(bucketLinks), digest, l)
	})
}

// Link gives the link under a digest; nil: there is none.
func (s signIn) Link(digest []byte) (*news.SignInLink, error) {
	return readRecordUnder[news.SignInLink](s.database, bucketLinks, digest)
}

// RedeemLink takes the link under a digest off, and keeps the session that it opens under another: of
// calls at once, one gets it. Open says which session that is; nil: the link opens none, and stays. The
// session under the digest replaced ends, as do those that are not to be kept and, of the editor's, the
// ones used longest ago beyond most.
func (s signIn) RedeemLink(
	ctx context.Context, digest, under, replaced []byte, most int,
	open func(news.SignInLink) *news.Session, keep func(news.Session) bool,
) (opened *news.Session, err error) {
	err = s.update(ctx, func(tx txn) error {
		opened = nil // it may run again
		links, sessions := tx.Bucket(bucketLinks), tx.Bucket(bucketSessions)
		text := links.Get(digest)
		if text == nil {
			return nil
		}
		var l news.SignInLink
		if err := decodeRecord(text, &l); err != nil {
			return err
		}
		session := open(l)
		if session == nil {
			return nil
		}
		if err := links.Delete(digest); err != nil {
			return err
		}
		if len(replaced) > 0 {
			if err := sessions.Delete(replaced); err != nil {
				return err
			}
		}
		if _, err := dropRecords(sessions, keep); err != nil {
			return err
		}
		if err := dropOldestSessions(sessions, session.Editor, most-1); err != nil {
			return err
		}
		opened = session
		return putRecord(sessions, under, session)
	})
	if err != nil {
		return nil, err
	}
	return opened, nil
}

// dropOldestSessions leaves an editor so many sessions: those used last.
func dropOldestSessions(b *sealedBucket, editor string, most int) error {
	type kept struct {
		key []byte
		news.Session
	}
	var own []kept
	err := b.ForEach(func(key, text []byte) error {
		var s news.Session
		if err := decodeRecord(text, &s); err != nil {
			return err
		}
		if s.Editor == editor {
			own = append(own, kept{bytes.Clone(key), s})
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(own, func(a, b kept) int {
		return cmp.Or(b.Seen.Compare(a.Seen), b.Since.Compare(a.Since), bytes.Compare(a.key, b.key))
	})
	for _, s := range own[min(most, len(own)):] {
		if err := b.Delete(s.key); err != nil {
			return err
		}
	}
	return nil
}

// Session gives the session under a digest; nil: there is none.
func (s signIn) Session(digest []byte) (*news.Session, error) {
	return readRecordUnder[news.Session](s.database, bucketSessions, digest)
}

// Sessions lists all sessions.
func (s signIn) Sessions() ([]news.Session, error) {
	return readAllRecords[news.Session](s.database, bucketSessions)
}

// ReplaceSession keeps a session as it is now under the digest under which it was; one that has ended
// meanwhile stays so. It does not wait for the disk.
func (s signIn) ReplaceSession(ctx context.Context, digest []byte, now news.Session) error {
	return s.updateLater(ctx, func(tx txn) error {
		if tx.Bucket(bucketSessions).Get(digest) == nil {
			return nil
		}
		return putRecord(tx.Bucket(bucketSessions), digest, now)
	})
}

// EndSessions drops the sessions and the links that are not to be kept, and gives those sessions.
func (s signIn) EndSessions(
	ctx context.Context, keep func(news.Session) bool, keepLink func(news.SignInLink) bool,
) (ended []news.Session, err error) {
	err = s.update(ctx, func(tx txn) (err error) {
		if _, err = dropRecords(tx.Bucket(bucketLinks), keepLink); err == nil {
			ended, err = dropRecords(tx.Bucket(bucketSessions), keep)
		}
		return err
	})
	return ended, err
}

// readRecordUnder reads the record under a key; nil: there is none.
func readRecordUnder[T any](d *database, bucket, key []byte) (found *T, err error) {
	err = d.view(func(tx *sealedTx) error {
		text := tx.Bucket(bucket).Get(key)
		if text == nil {
			return nil
		}
		found = new(T)
		return decodeRecord(text, found)
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// dropRecords deletes the records of a bucket that are not to be kept, and gives them. One that cannot
// be read opens nothing: it goes as well.
func dropRecords[T any](b *sealedBucket, keep func(T) bool) (dropped []T, err error) {
	var keys [][]byte
	err = b.ForEach(func(key, text []byte) error {
		var value T
		err := decodeRecord(text, &value)
		if err == nil && keep(value) {
			return nil
		}
		if keys = append(keys, bytes.Clone(key)); err == nil {
			dropped = append(dropped, value)
		}
		return nil
	})
	for _, key := range keys {
		if err == nil {
			err = b.Delete(key)
		}
	}
	return dropped, err
}
