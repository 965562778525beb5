package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// inventory is what a file was found to hold when all its pages were read.
type inventory struct {
	sums    sums
	spoiled []spoiledRecord // the first of them
	more    int             // beyond those
	about   []byte          // what it says of itself
	written []byte          // the record of the sums; nil: there is none that can be read
	hasSums bool            // the file has sums, or should have
}

// spoiledRecord is where a record stands that is not what was written.
type spoiledRecord struct{ bucket, key string }

// mostSpoiled is how many spoiled records are told apart.
const mostSpoiled = 1000

// bucketCount is a bucket whose entries are being counted.
type bucketCount struct {
	name   string
	layout layout
	salt   uint32
	sum    *sum
}

// beginBucket begins to count a bucket's entries.
func (v *inventory) beginBucket(name string, sequence uint64) *bucketCount {
	c := &bucketCount{name, layoutOf(name), saltOf(name), v.sums.of(name)}
	c.sum.Sequence = sequence
	v.hasSums = v.hasSums || name == string(bucketSums)
	return c
}

// countEntry counts an entry.
func (v *inventory) countEntry(c *bucketCount, key, stored []byte) {
	c.sum.addEntry(c.layout, c.salt, key, stored)
	value, ok := c.layout.readStored(c.salt, key, stored)
	switch {
	case c.name == string(bucketMeta) && bytes.Equal(key, keyAbout):
		v.about = bytes.Clone(stored)
	case !ok && len(v.spoiled) == mostSpoiled:
		v.more++
	case !ok:
		v.spoiled = append(v.spoiled, spoiledRecord{c.name, string(key)})
	case c.name == string(bucketSums) && bytes.Equal(key, keySums):
		v.written = bytes.Clone(value)
	}
}

// isSealed reports whether the file is of a format with seals and sums. What it says of itself may
// be damaged as all else may.
func (v *inventory) isSealed() bool { return v.hasSums || v.format() == Format }

// isLater reports whether the file says that it is of a later format, of which nothing is known.
func (v *inventory) isLater() bool { return v.format() > Format }

// format is the format that the file says it is of, 0 if that cannot be read.
func (v *inventory) format() int {
	var m about
	if json.Unmarshal(v.about, &m) != nil {
		return 0
	}
	return m.Format
}

// sealed is the inventory, if that of a file with seals: of another, nothing is known.
func (v inventory) sealed() inventory {
	if v.isLater() || !v.isSealed() {
		return inventory{}
	}
	v.hasSums = true
	return v
}

// judge refuses a file whose damage is more than single records and entries.
func (v *inventory) judge() error {
	if v.written == nil || v.lacksSums() {
		return nil
	}
	written, _ := decodeSums(v.written)
	for name := range written {
		if v.sums[name] == nil {
			return newDamageError("its bucket %s is missing", name)
		}
	}
	for name := range v.sums {
		if written[name] == nil && name != string(bucketSums) {
			return newDamageError("nobody made its bucket %.40q", name)
		}
	}
	if v.differs(bucketMeta) {
		return newDamageError("what it says of itself is not what was written")
	}
	return nil
}

// lacksSums reports whether the file should have sums that can be read, and has none.
func (v *inventory) lacksSums() bool {
	_, err := decodeSums(v.written)
	return v.hasSums && (v.written == nil || err != nil)
}

// differs reports whether a bucket holds what was not written, or lacks what was.
func (v *inventory) differs(bucket []byte) bool {
	written, err := decodeSums(v.written)
	name := string(bucket)
	return err == nil && v.written != nil && written.get(name) != v.sums.get(name)
}

// faults says what is wrong with what the file holds.
func (v *inventory) faults() (list []string) {
	for _, r := range v.spoiled {
		list = append(list, fmt.Sprintf("%s: not what was written", describeEntry([]byte(r.bucket), []byte(r.key))))
	}
	if v.more > 0 {
		list = append(list, fmt.Sprintf("%d more records: not what was written", v.more))
	}
	if v.lacksSums() {
		return append(list, "the sums of the buckets cannot be read: what has gone from them is not known")
	}
	written, _ := decodeSums(v.written)
	return slices.Concat(list, compareSums(written, v.sums))
}
