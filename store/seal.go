package store

import (
	"encoding/binary"
	"hash/crc32"
	"math"

	bolt "go.etcd.io/bbolt"
)

// A record bears a seal: a byte that says so, and a CRC-32C of its bucket, its key and itself. What
// else stands at a key, was cut off or has another bit is not what was written, and reads as if it
// were not there. An entry of a list bears none: it is short, and says nothing that the stories do
// not say too. What lists and keys there were is in the sums; see sums.go.
const (
	sealMark = 'C' // differs in three bits from what CBOR's maps and JSON begin with
	sealSize = 1 + 4
)

// layout is what a bucket's entries look like.
type layout struct {
	key, value int  // bytes, at least; what is shorter reads as if it were not there
	sealed     bool // its values are records
	plain      bool // records of format 2 stand there as they were, until they are written again
}

// layouts are those of all buckets.
func layoutOf(name string) layout {
	switch name {
	case "meta":
		return layout{key: 1, value: 1, sealed: true}
	case "feeds":
		return layout{key: 1, value: 8, sealed: true}
	case "items", "stories":
		return layout{key: 8, value: 1, sealed: true, plain: true}
	case "visits", "memory", "facts", "rulings", "copies", "cases", "events":
		return layout{key: 8, value: 1, sealed: true}
	case "marks", "changes", "paragraphs":
		return layout{key: 8, sealed: true}
	case "edits":
		return layout{key: 8, value: 8, sealed: true}
	case "times":
		return layout{key: 8, value: timesSize, sealed: true}
	case "leases":
		return layout{key: 8, value: 8, sealed: true}
	case "learned", "passing":
		return layout{key: 16, sealed: true}
	case "deliveries":
		return layout{key: 16, value: 1, sealed: true}
	case "noted":
		return layout{key: 1, value: 8}
	case "sessions", "links":
		return layout{key: 32, value: 1, sealed: true}
	case "subscriptions", "subscribers", "prints", "kept", "sums", "recipients":
		return layout{key: 1, value: 1, sealed: true}
	case "keys", "freshkeys":
		return layout{key: 20}
	case "ids", "freshids":
		return layout{key: 1, value: 8}
	case "order", "flagged", "numbers", "closed", "gone":
		return layout{key: 8, value: 8}
	case "unpublished":
		return layout{key: 9, value: 8}
	case "questions": // those that wait lead nowhere yet
		return layout{key: 2}
	case "asked":
		return layout{key: 8}
	case "recent":
		return layout{key: 16, value: 16}
	case "unsettled":
		return layout{key: 8, value: turnSize}
	case "until":
		return layout{key: 16}
	}
	return layout{} // words
}

// seals reports whether the value at a key is a record with a seal. What a store says of itself has
// none: every version is to read it.
func (l layout) seals(key []byte) bool { return l.sealed && string(key) != string(keyAbout) }

// isPlain reports whether a value is a record of format 2, which bears no seal.
func (l layout) isPlain(stored []byte) bool {
	return l.plain && len(stored) > 0 && (isJSON(stored) || stored[0]>>5 == cborMap)
}

// castagnoli makes CRC-32C: it finds every damage of up to 32 bits in a row, and every one of up to
// three bits in a record of usual length.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum is that of an entry. Salt is that of its bucket.
func checksum(salt uint32, key, value []byte) uint32 {
	sum := crc32.Update(crc32.Update(salt, castagnoli, key), castagnoli, value)
	return sum ^ uint32(len(key)) // where the one ends and the other begins
}

func saltOf(bucket string) uint32 { return crc32.Checksum([]byte(bucket), castagnoli) }

// sealRecord is a record as it is written.
func sealRecord(salt uint32, key, record []byte) []byte {
	stored := make([]byte, sealSize, sealSize+len(record))
	stored[0] = sealMark
	binary.LittleEndian.PutUint32(stored[1:], checksum(salt, key, record))
	return append(stored, record...)
}

// unsealRecord is a record as it was before it was written; ok is false if that is not what is stored.
func unsealRecord(salt uint32, key, stored []byte) (record []byte, ok bool) {
	if len(stored) < sealSize || stored[0] != sealMark {
		return nil, false
	}
	record = stored[sealSize:]
	return record, binary.LittleEndian.Uint32(stored[1:]) == checksum(salt, key, record)
}

// readStored gives what was written at a key; ok is false if what is stored there is something else.
func (l layout) readStored(salt uint32, key, stored []byte) (value []byte, ok bool) {
	value, ok = stored, true
	if l.seals(key) && !l.isPlain(stored) {
		value, ok = unsealRecord(salt, key, stored)
	}
	return value, ok && len(key) >= l.key && len(value) >= l.value
}

// sealedTx is a transaction whose buckets seal records, and keep the sums. Of a file of an earlier
// format, values are read and written as they stand: see migrateFile.
type sealedTx struct {
	*bolt.Tx
	earlier bool                     // the file is of an earlier format
	sums    sums                     // nil where nothing is written, or none are kept yet
	open    map[string]*sealedBucket // of a transaction that writes
}

// viewFile reads a file.
func viewFile(db *bolt.DB, read func(*sealedTx) error) error {
	return db.View(func(tx *bolt.Tx) error { return read(&sealedTx{Tx: tx}) })
}

// updateFile changes a file, all or nothing.
func updateFile(db *bolt.DB, change func(*sealedTx) error) error {
	return db.Update(func(plain *bolt.Tx) error {
		tx := &sealedTx{Tx: plain, open: map[string]*sealedBucket{}}
		before, err := tx.readSums()
		if err != nil {
			return err
		}
		tx.earlier = tx.sums == nil
		if err := change(tx); err != nil || tx.sums == nil {
			return err
		}
		return tx.writeSums(before)
	})
}

// Bucket gives a bucket, nil if there is none.
func (tx *sealedTx) Bucket(name []byte) *sealedBucket {
	if b := tx.open[string(name)]; b != nil {
		return b
	}
	plain := tx.Tx.Bucket(name)
	if plain == nil {
		return nil
	}
	b := &sealedBucket{Bucket: plain, tx: tx, layout: layoutOf(string(name)), salt: saltOf(string(name))}
	if tx.sums != nil {
		b.sum = tx.sums.of(string(name))
	}
	if tx.open != nil && tx.sums != nil {
		tx.open[string(name)] = b
	}
	return b
}

// CreateBucket makes a bucket.
func (tx *sealedTx) CreateBucket(name []byte) (*sealedBucket, error) {
	if _, err := tx.Tx.CreateBucket(name); err != nil {
		return nil, err
	}
	return tx.Bucket(name), nil
}

// DeleteBucket deletes a bucket.
func (tx *sealedTx) DeleteBucket(name []byte) error {
	delete(tx.sums, string(name))
	delete(tx.open, string(name))
	return tx.Tx.DeleteBucket(name)
}

// sealedBucket is a bucket whose records are sealed, and of which a sum is kept.
type sealedBucket struct {
	*bolt.Bucket
	tx     *sealedTx
	layout layout
	salt   uint32
	sum    *sum // nil where nothing is written, or none is kept yet
}

// value gives what was written at a key, nil if it is not what is stored.
func (b *sealedBucket) value(key, stored []byte) []byte {
	if stored == nil || b.tx.earlier {
		return stored
	}
	value, ok := b.layout.readStored(b.salt, key, stored)
	if !ok {
		return nil
	}
	return value
}

// Get gives what was written at a key; nil if that is nothing, or cannot be read any more.
func (b *sealedBucket) Get(key []byte) []byte { return b.value(key, b.Bucket.Get(key)) }

// Put writes a value.
func (b *sealedBucket) Put(key, value []byte) error {
	stored := value
	if b.layout.seals(key) && !b.tx.earlier {
		stored = sealRecord(b.salt, key, value)
	}
	if b.sum != nil {
		b.sum.replace(b, key, b.Bucket.Get(key), stored)
	}
	return b.Bucket.Put(key, stored)
}

// Delete takes out what stands at a key, if anything does.
func (b *sealedBucket) Delete(key []byte) error {
	if b.sum != nil {
		b.sum.replace(b, key, b.Bucket.Get(key), nil)
	}
	return b.Bucket.Delete(key)
}

// SetSequence sets the last number given.
func (b *sealedBucket) SetSequence(n uint64) error {
	if b.sum != nil {
		b.sum.Sequence = n
	}
	return b.Bucket.SetSequence(n)
}

// NextSequence gives the next number.
func (b *sealedBucket) NextSequence() (uint64, error) {
	n := b.Sequence() + 1
	if n > math.MaxInt64 {
		return 0, newDamageError("all numbers are given")
	}
	return n, b.SetSequence(n)
}

// ForEach calls do with what can be read, in the order of the keys, until that fails.
func (b *sealedBucket) ForEach(do func(key, value []byte) error) error {
	c := b.Cursor()
	for key, value := c.First(); key != nil; key, value = c.Next() {
		if err := do(key, value); err != nil {
			return err
		}
	}
	return nil
}

// Cursor goes through what can be read.
func (b *sealedBucket) Cursor() *sealedCursor { return &sealedCursor{b, b.Bucket.Cursor()} }

// sealedCursor passes over what is not what was written.
type sealedCursor struct {
	bucket *sealedBucket
	cursor *bolt.Cursor
}

// readable gives an entry, or the next that can be read.
func (c *sealedCursor) readable(key, stored []byte, next func() (key, stored []byte)) (_, value []byte) {
	for ; key != nil; key, stored = next() {
		if value := c.bucket.value(key, stored); value != nil {
			return key, value
		}
	}
	return nil, nil
}

// First goes to the first entry.
func (c *sealedCursor) First() (key, value []byte) {
	key, stored := c.cursor.First()
	return c.readable(key, stored, c.cursor.Next)
}

// Last goes to the last entry.
func (c *sealedCursor) Last() (key, value []byte) {
	key, stored := c.cursor.Last()
	return c.readable(key, stored, c.cursor.Prev)
}

// Seek goes to the first entry from a key on.
func (c *sealedCursor) Seek(from []byte) (key, value []byte) {
	key, stored := c.cursor.Seek(from)
	return c.readable(key, stored, c.cursor.Next)
}

// SeekBefore goes to the last entry before a key.
func (c *sealedCursor) SeekBefore(to []byte) (key, value []byte) {
	last := c.cursor.Last
	if beyond, _ := c.cursor.Seek(to); beyond != nil {
		last = c.cursor.Prev
	}
	key, stored := last()
	return c.readable(key, stored, c.cursor.Prev)
}

// Prev goes to the entry before.
func (c *sealedCursor) Prev() (key, value []byte) {
	key, stored := c.cursor.Prev()
	return c.readable(key, stored, c.cursor.Prev)
}

// Next goes to the next entry.
func (c *sealedCursor) Next() (key, value []byte) {
	key, stored := c.cursor.Next()
	return c.readable(key, stored, c.cursor.Next)
}
