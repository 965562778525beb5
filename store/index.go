package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// mergeThreshold is how many new entries of a group move into the large bucket together.
const mergeThreshold = 32

// index is a large bucket of entries that come in no order and stay, with a small one for those
// that are new. In the large one each new entry would cost a page of its own; in the small one many
// share a page. A group moves into the large one when it is worth a page.
type index struct {
	bucket, fresh []byte                  // names
	group         func(key []byte) []byte // entries belong together whose keys begin with the same
}

// The indexes of a store: of the keys of items, and of the ids of stories.
func indexOfKeys() index { return index{bucketKeys, bucketFreshKeys, feedOrHostOf} }

func indexOfIDs() index { return index{bucketIDs, bucketFreshIDs, groupOf} }

// feedOrHostOf is the feed or the host in a key.
func feedOrHostOf(key []byte) []byte { return key[:4] }

// groupOf is the host in an id that is an address; of another id it is two letters, after what all
// ids of a desk or a station have in common.
func groupOf(id []byte) []byte {
	if host := prefixThroughHost(string(id)); len(host) < len(id) {
		return id[:len(host)]
	}
	return id[:min(len(id), bytes.LastIndexByte(id, ':')+1+2)]
}

// entry is what an index holds.
type entry struct{ key, value []byte }

// lookupValue gives the value under a key, nil if there is none.
func (x index) lookupValue(tx *sealedTx, key []byte) []byte {
	if value := tx.Bucket(x.fresh).Get(key); value != nil {
		return value
	}
	return tx.Bucket(x.bucket).Get(key)
}

// findNumbers gives the numbers at the end of the keys that begin with a prefix, ascending: the
// highest, limit at most.
func (x index) findNumbers(tx *sealedTx, prefix []byte, limit int) []uint64 {
	found := appendHighest(nil, tx.Bucket(x.bucket), prefix, limit)
	found = appendHighest(found, tx.Bucket(x.fresh), prefix, limit)
	slices.Sort(found)
	return found[max(0, len(found)-limit):]
}

func appendHighest(list []uint64, b *sealedBucket, prefix []byte, limit int) []uint64 {
	for key := range lastEntriesUnder(b, prefix) {
		if limit == 0 {
			break
		}
		list = append(list, numberFromKey(key[len(prefix):]))
		limit--
	}
	return list
}

// insertEntries enters entries that are not there yet.
func (x index) insertEntries(tx *sealedTx, list []entry) error {
	slices.SortFunc(list, func(a, b entry) int { return bytes.Compare(a.key, b.key) })
	for len(list) > 0 {
		group := x.group(list[0].key)
		n := 1
		for n < len(list) && bytes.HasPrefix(list[n].key, group) {
			n++
		}
		if err := x.insertGroup(tx, group, list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// insertGroup enters entries of one group.
func (x index) insertGroup(tx *sealedTx, group []byte, list []entry) error {
	bucket, fresh := tx.Bucket(x.bucket), tx.Bucket(x.fresh)
	n := len(list)
	for range entriesUnder(fresh, group) {
		if n++; n >= mergeThreshold {
			break
		}
	}
	if n >= mergeThreshold {
		return compactGroup(bucket, fresh, group, list)
	}
	for _, e := range list {
		if err := fresh.Put(e.key, e.value); err != nil {
			return err
		}
	}
	return nil
}

// replaceValue gives another value to what is there.
func (x index) replaceValue(tx *sealedTx, key, value []byte) error {
	if b := tx.Bucket(x.fresh); b.Get(key) != nil {
		return b.Put(key, value)
	}
	return tx.Bucket(x.bucket).Put(key, value)
}

// compactGroup moves a group's new entries into the large bucket, with those that wait in the small
// one.
func compactGroup(bucket, fresh *sealedBucket, group []byte, list []entry) error {
	var waiting []entry
	for key, value := range entriesUnder(fresh, group) {
		waiting = append(waiting, entry{bytes.Clone(key), bytes.Clone(value)})
	}
	for _, e := range waiting {
		if err := fresh.Delete(e.key); err != nil {
			return err
		}
	}
	for _, e := range append(waiting, list...) {
		if err := bucket.Put(e.key, e.value); err != nil {
			return err
		}
	}
	return nil
}

// removeEntry takes an entry off.
func (x index) removeEntry(tx *sealedTx, key []byte) error {
	return errors.Join(tx.Bucket(x.fresh).Delete(key), tx.Bucket(x.bucket).Delete(key))
}

// appendKeys appends those of the keys of an item that are not entered; of a new one, no key is yet.
func appendKeys(list []entry, tx *sealedTx, keys []identity.Key, i *news.Item, fresh bool) []entry {
	for _, k := range keys {
		key := indexEntryKey(tx, k, i)
		if fresh || indexOfKeys().lookupValue(tx, key) == nil {
			list = append(list, entry{key, emptyValue})
		}
	}
	return list
}

// indexEntryKey is where an item is listed under a key.
func indexEntryKey(tx *sealedTx, k identity.Key, i *news.Item) []byte {
	return binary.BigEndian.AppendUint64(indexKeyPrefix(tx, k), i.Number)
}

// indexKeyPrefix is where the items under a key are listed: by the feed in which it holds, or else
// by the host in it, so that what one visit writes stands close together; then by the key's hash.
func indexKeyPrefix(tx *sealedTx, k identity.Key) []byte {
	var near uint32
	if k.Feed != "" {
		near = uint32(feedNumber(tx, k.Feed))
	} else {
		near = uint32(hashOf(prefixThroughHost(k.Text)))
	}
	key := make([]byte, 0, 20) // an item's number follows
	key = binary.BigEndian.AppendUint32(key, near)
	return binary.BigEndian.AppendUint64(key, hashOf(k.Text))
}

// prefixThroughHost is a key's text up to the path of the address in it.
func prefixThroughHost(text string) string {
	from := 0
	if at := strings.Index(text, "//"); at >= 0 {
		from = at + 2
	}
	if at := strings.IndexByte(text[from:], '/'); at >= 0 {
		return text[:from+at]
	}
	return text
}

// hashOf is the 64-bit FNV-1a hash of a text.
func hashOf(text string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}
