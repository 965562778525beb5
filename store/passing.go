package store

import (
	"encoding/binary"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
)

// swept is how many keys that have passed a visit takes away at most.
const swept = 2000

// writePassing writes keys that lead to items for a time, and takes away some of
// those whose time has passed.
func writePassing(tx *bolt.Tx, passing []identity.Passing, now int64) error {
	if len(passing) == 0 {
		return nil
	}
	keys, times := tx.Bucket(bucketKeys), tx.Bucket(bucketPassing)
	for _, p := range passing {
		key := append(keyOf(tx, p.Key), number(p.Item)...)
		if err := putBytes(keys, key, []byte{}); err != nil {
			return err
		}
		if err := putBytes(times, append(moment(p.Until), key...), []byte{}); err != nil {
			return err
		}
	}
	return sweep(keys, times, now)
}

// sweep takes away keys whose time has passed.
func sweep(keys, times *bolt.Bucket, now int64) error {
	var gone [][]byte
	c := times.Cursor()
	for key, _ := c.First(); key != nil && momentOf(key).UnixMilli() < now && len(gone) < swept; key, _ = c.Next() {
		gone = append(gone, append([]byte(nil), key...))
	}
	for _, key := range gone {
		if err := keys.Delete(key[8:]); err != nil {
			return err
		}
		if err := times.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// encodeParagraphs writes what is remembered of a feed's paragraphs.
func encodeParagraphs(list []identity.Paragraph) []byte {
	text := make([]byte, 0, 16*len(list))
	for _, p := range list {
		text = binary.LittleEndian.AppendUint64(text, p.Item)
		text = binary.LittleEndian.AppendUint64(text, p.Hash)
	}
	return text
}

func decodeParagraphs(text []byte) []identity.Paragraph {
	list := make([]identity.Paragraph, len(text)/16)
	for n := range list {
		list[n] = identity.Paragraph{Item: binary.LittleEndian.Uint64(text[16*n:]), Hash: binary.LittleEndian.Uint64(text[16*n+8:])}
	}
	return list
}

// Paragraphs implements [identity.Reader].
func (r reader) Paragraphs(feed string) []identity.Paragraph {
	return decodeParagraphs(r.tx.Bucket(bucketParagraphs).Get(number(feedNumber(r.tx, feed))))
}
