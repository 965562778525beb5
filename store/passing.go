package store

import (
	"encoding/binary"
	"maps"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
)

// swept is how many records of keys that have passed a visit takes away at most.
const swept = 200

// writePassing keeps keys that lead to items for a time, and takes away some of
// those whose time has passed.
func (s *Store) writePassing(tx *bolt.Tx, list []identity.Passing, now time.Time) error {
	if len(list) == 0 {
		return nil
	}
	log, entries := tx.Bucket(bucketPassing), map[int64][]byte{} // by when they end, in Unix milliseconds
	for _, p := range list {
		until, item := p.Until.UnixMilli(), uint32(p.Item)
		ended, entry := hourOf(p.Until), entries[until]
		for _, k := range p.Keys {
			if tag := tagOf(k); s.passing.add(tag, item, ended) {
				entry = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(entry, tag), item)
			}
		}
		entries[until] = entry
	}
	for _, until := range slices.Sorted(maps.Keys(entries)) {
		if len(entries[until]) == 0 {
			continue
		}
		n, err := log.NextSequence()
		if err != nil {
			return err
		}
		if err := log.Put(append(moment(time.UnixMilli(until)), number(n)...), entries[until]); err != nil {
			return err
		}
	}
	return sweep(log, now)
}

// sweep takes away keys whose time has passed.
func sweep(log *bolt.Bucket, now time.Time) error {
	var gone [][]byte
	c := log.Cursor()
	for key, _ := c.First(); key != nil && momentOf(key).Before(now) && len(gone) < swept; key, _ = c.Next() {
		gone = append(gone, append([]byte(nil), key...))
	}
	for _, key := range gone {
		if err := log.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// readPassing makes the table of the keys that are kept.
func (s *Store) readPassing() error {
	return s.view(func(tx *bolt.Tx) error {
		entries, size := tx.Bucket(bucketPassing), 0
		err := entries.ForEach(func(_, text []byte) error { size += len(text) / 8; return nil })
		if err != nil {
			return err
		}
		s.passing = newPassing(max(fewest, 3*size/2))
		err = entries.ForEach(func(key, text []byte) error {
			until := hourOf(momentOf(key))
			for ; len(text) >= 8; text = text[8:] {
				s.passing.hour = until // none of them has ended when it is entered
				s.passing.add(binary.LittleEndian.Uint32(text), binary.LittleEndian.Uint32(text[4:]), until)
			}
			return nil
		})
		s.passing.keep(true)
		return err
	})
}
