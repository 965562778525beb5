package store

import (
	"bytes"
	"encoding/binary"
	"fronteras/aggregator/identity/visit"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
)

// learnings is how many visits' paragraphs of a feed stand for themselves, until
// they are put together: the whole of them is large, and what a visit adds is not.
const learnings = 16

// writeParagraphs keeps what a visit taught of a feed's paragraphs.
func writeParagraphs(tx *bolt.Tx, feed uint64, m identity.Memory) error {
	if len(m.Learned) == 0 {
		return nil
	}
	whole, learned := tx.Bucket(bucketParagraphs), tx.Bucket(bucketLearned)
	var keys [][]byte
	for key := range under(learned, number(feed)) {
		keys = append(keys, bytes.Clone(key))
	}
	if old := whole.Get(number(feed)); len(keys) < learnings && 16*len(m.Learned) < len(old) {
		n, err := learned.NextSequence()
		if err != nil {
			return err
		}
		return learned.Put(append(number(feed), number(n)...), encodeParagraphs(m.Learned))
	}
	for _, key := range keys {
		if err := learned.Delete(key); err != nil {
			return err
		}
	}
	whole.FillPercent = appended // they keep their size
	return whole.Put(number(feed), encodeParagraphs(m.Paragraphs))
}

// Paragraphs implements [identity.Reader].
func (r reader) Paragraphs(feed string) []identity.Paragraph {
	n := number(feedNumber(r.tx, feed))
	list := decodeParagraphs(r.tx.Bucket(bucketParagraphs).Get(n))
	for _, text := range under(r.tx.Bucket(bucketLearned), n) {
		list = visit.Remember(list, decodeParagraphs(text))
	}
	return list
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
