package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"iter"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// about is what a store says of itself, and what it needs to know of its past.
type about struct {
	news.About
	Format      int       `json:"format"`
	Version     string    `json:"version"`               // of the program that wrote it
	Round       uint64    `json:"round"`                 // settlings so far
	Sequence    uint64    `json:"sequence"`              // stories published so far
	Pruned      uint64    `json:"pruned,omitempty"`      // the last story pruned, as they are counted by Sequence
	Keyed       string    `json:"keyed,omitempty"`       // the mark under which keys were last computed; see Rekey
	Mark        string    `json:"mark,omitempty"`        // of the present rules; see MarkRules
	Ruled       time.Time `json:"ruled,omitzero"`        // when they took the place of others
	Fingerprint string    `json:"fingerprint,omitempty"` // see DateConfiguration
	Stamped     time.Time `json:"stamped,omitzero"`
	Closed      bool      `json:"closed,omitempty"` // no process holds the file
}

var keyAbout = []byte("about")

// About gives what the store says of itself.
func (s *Store) About() (about news.About, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		m, err := readAbout(tx)
		about = m.About
		return err
	})
	return about, err
}

// readAbout reads what the store says of itself.
func readAbout(tx *bolt.Tx) (about, error) {
	var m about
	return m, decode(tx.Bucket(bucketMeta).Get(keyAbout), &m)
}

// putAbout writes it, as JSON, which every version reads.
func putAbout(tx *bolt.Tx, m about) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return putBytes(tx.Bucket(bucketMeta), keyAbout, text)
}

// putBytes writes a value, unless it is there already.
func putBytes(b *bolt.Bucket, key, value []byte) error {
	if old := b.Get(key); old != nil && bytes.Equal(old, value) {
		return nil
	}
	return b.Put(key, value)
}

// under are the entries whose keys begin with a prefix, in order. The bucket must not
// change meanwhile.
func under(b *bolt.Bucket, prefix []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		c := b.Cursor()
		for key, value := c.Seek(prefix); bytes.HasPrefix(key, prefix) && yield(key, value); key, value = c.Next() {
		}
	}
}

// number is a feed's, item's or story's number as a key.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func numberOf(key []byte) uint64 { return binary.BigEndian.Uint64(key) }

// moment is a time as a key, in the order of time.
func moment(t time.Time) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(t.UnixMilli()))
}

func momentOf(key []byte) time.Time {
	return time.UnixMilli(int64(binary.BigEndian.Uint64(key))).UTC()
}
