package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// sums are what each bucket holds, as they were when it was last written: what has gone from a
// bucket, or has come into it, without having been taken out or put there, is found by them. They
// are a record of their own, which each transaction that changes them writes.
type sums map[string]*sum

// sum is what a bucket holds.
type sum struct {
	Entries  uint64
	Hashes   uint64 // of the entries, added up; of a record its key alone, for it has a seal
	Sequence uint64 // the last number given
}

var keySums = []byte("all")

// entryHash is what an entry adds to the sum of its bucket.
func (l layout) entryHash(salt uint32, key, stored []byte) uint64 {
	if l.seals(key) && !l.isPlain(stored) {
		stored = nil
	}
	return uint64(len(key))<<32 | uint64(checksum(salt, key, stored))
}

// addEntry counts an entry that was not there.
func (s *sum) addEntry(l layout, salt uint32, key, stored []byte) {
	s.Entries++
	s.Hashes += l.entryHash(salt, key, stored)
}

// replace counts an entry in the place of another; either is nil if there is none.
func (s *sum) replace(b *sealedBucket, key, old, stored []byte) {
	if old != nil && stored != nil && b.layout.seals(key) && !b.layout.isPlain(old) {
		return // of a record its key alone counts
	}
	if old != nil {
		s.Entries--
		s.Hashes -= b.layout.entryHash(b.salt, key, old)
	}
	if stored != nil {
		s.addEntry(b.layout, b.salt, key, stored)
	}
}

// of is the sum of a bucket.
func (s sums) of(bucket string) *sum {
	if s[bucket] == nil {
		s[bucket] = &sum{}
	}
	return s[bucket]
}

// encodeSums writes sums: of each bucket the length of its name, the name, and three numbers.
func encodeSums(s sums) []byte {
	var text []byte
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if name == string(bucketSums) {
			continue
		}
		text = append(append(text, byte(len(name))), name...)
		for _, n := range []uint64{s[name].Entries, s[name].Hashes, s[name].Sequence} {
			text = binary.LittleEndian.AppendUint64(text, n)
		}
	}
	return append(text, 0)
}

func decodeSums(text []byte) (sums, error) {
	all := sums{}
	for len(text) > 1 {
		size := int(text[0])
		if len(text) < 1+size+3*8 {
			return nil, newDamageError("the sums of its buckets are cut off")
		}
		name, rest := string(text[1:1+size]), text[1+size:]
		word := func(n int) uint64 { return binary.LittleEndian.Uint64(rest[8*n:]) }
		all[name], text = &sum{word(0), word(1), word(2)}, rest[3*8:]
	}
	return all, nil
}

// readSums reads the sums, if the file has any, and gives their record.
func (tx *sealedTx) readSums() (record []byte, err error) {
	b := tx.Bucket(bucketSums)
	if b == nil {
		return nil, nil
	}
	if record = b.Get(keySums); record == nil {
		return nil, newDamageError("the sums of its buckets are not what was written")
	}
	tx.sums, err = decodeSums(record)
	return record, err
}

// writeSums writes the sums, if they are others than before.
func (tx *sealedTx) writeSums(before []byte) error {
	record := encodeSums(tx.sums)
	if bytes.Equal(record, before) {
		return nil
	}
	return tx.Bucket(bucketSums).Put(keySums, record)
}

// sumFile adds up what a file holds.
func (tx *sealedTx) sumFile() sums {
	all := sums{}
	for _, name := range buckets {
		b := tx.Bucket(name)
		if b == nil || bytes.Equal(name, bucketSums) {
			continue
		}
		of := b.sumEntries()
		all[string(name)] = &of
	}
	return all
}

// sumEntries adds up what a bucket holds.
func (b *sealedBucket) sumEntries() (all sum) {
	all.Sequence = b.Sequence()
	c := b.Bucket.Cursor()
	for key, stored := c.First(); key != nil; key, stored = c.Next() {
		all.addEntry(b.layout, b.salt, key, stored)
	}
	return all
}

// get is the sum of a bucket.
func (s sums) get(bucket string) sum {
	if s[bucket] == nil {
		return sum{}
	}
	return *s[bucket]
}

// compareSums says what a file holds that was not written, and what it lacks.
func compareSums(written, there sums) (faults []string) {
	for _, bucket := range buckets {
		name := string(bucket)
		if name == string(bucketSums) {
			continue
		}
		was, is := written.get(name), there.get(name)
		switch {
		case was.Entries != is.Entries:
			faults = append(faults,
				fmt.Sprintf("%s: %d entries were written, %d are there", name, was.Entries, is.Entries))
		case was.Hashes != is.Hashes:
			faults = append(faults, fmt.Sprintf("%s: an entry is not the one that was written", name))
		case was.Sequence != is.Sequence:
			faults = append(faults, fmt.Sprintf("%s: %d numbers were given, and it says %d", name, was.Sequence,
				is.Sequence))
		}
	}
	return faults
}
