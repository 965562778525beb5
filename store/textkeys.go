package store

import (
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"fronteras/aggregator/identity"
)

// Bounds of the table of text keys.
const (
	minSlots  = 1 << 10
	maxPerKey = 64   // items under one key: more say nothing
	maxOfItem = 1024 // keys of one item: those of a long text, rewritten twice
	maxPurge  = 200  // records of keys that have passed that a visit takes away at most
)

// textKeys holds in memory the keys that lead to items for a time alone: some dozens for each item
// of the last days, in no order, so that on disk each would touch a page of its own. What is on
// disk is a log of them, in the order in which they end; the table is made of it at the start.
//
// Only the writer uses it. What a transaction adds counts at once for what follows
// in it, and is taken back if that fails.
type textKeys struct {
	hour   uint16   // of now: keys that ended before lead nowhere
	tags   []uint32 // of each slot; the slot follows from the tag
	items  []uint32 // 0: the slot is empty
	until  []uint16 // hours since 1970, wrapping around
	used   int
	staged []int          // slots that this transaction filled
	of     map[uint32]int // slots of each item
}

func newTextKeys(slots int) *textKeys {
	return &textKeys{tags: make([]uint32, slots), items: make([]uint32, slots), until: make([]uint16, slots),
		of: map[uint32]int{}}
}

// tagOfKey is what is kept of a key: a hash of 32 bits.
func tagOfKey(k identity.Key) uint32 {
	sum := hashOf(k.Text)
	return uint32(sum ^ sum>>32)
}

// setCurrentHour sets the time against which keys end.
func (p *textKeys) setCurrentHour(now time.Time) { p.hour = hoursSince1970(now) }

func hoursSince1970(t time.Time) uint16 { return uint16(t.Unix() / 3600) }

// firstSlot is where the search for a tag begins.
func (p *textKeys) firstSlot(tag uint32) int {
	return int(uint64(tag*0x9E3779B1) * uint64(len(p.tags)) >> 32)
}

// findItems lists items under a tag, ascending, at most limit.
func (p *textKeys) findItems(tag uint32, limit int) []uint64 {
	var found []uint64
	for n := p.firstSlot(tag); p.items[n] != 0; n = p.nextSlot(n) {
		if p.tags[n] == tag && !p.hasEnded(n) {
			if found = append(found, uint64(p.items[n])); len(found) == limit {
				break
			}
		}
	}
	slices.Sort(found)
	return found
}

// hasEnded reports whether the time of a slot's key has passed.
func (p *textKeys) hasEnded(n int) bool { return int16(p.until[n]-p.hour) < 0 }

func (p *textKeys) nextSlot(n int) int {
	if n++; n == len(p.tags) {
		return 0
	}
	return n
}

// addItem enters an item under a tag, unless it is there, or has too many; added reports whether it
// was entered.
func (p *textKeys) addItem(tag, item uint32, until uint16) (added bool) {
	if 5*(p.used+1) > 4*len(p.tags) {
		p.growTable()
	}
	n, same := p.firstSlot(tag), 0
	for ; p.items[n] != 0; n = p.nextSlot(n) {
		if p.tags[n] != tag {
			continue
		}
		if p.items[n] == item {
			ended := p.hasEnded(n)
			p.until[n] = until
			return ended
		}
		if same++; same > maxPerKey {
			return false
		}
	}
	if p.of[item] >= maxOfItem {
		return false
	}
	p.tags[n], p.items[n], p.until[n] = tag, item, until
	p.used++
	p.of[item]++
	p.staged = append(p.staged, n)
	return true
}

// growTable makes room: it moves what has not ended into a larger table.
func (p *textKeys) growTable() {
	alive := 0
	for n, item := range p.items {
		if item != 0 && !p.hasEnded(n) {
			alive++
		}
	}
	larger := newTextKeys(max(minSlots, 3*alive/2))
	larger.hour = p.hour
	fresh := map[int]bool{}
	for _, n := range p.staged {
		fresh[n] = true
	}
	for n, item := range p.items {
		if item != 0 && !p.hasEnded(n) {
			larger.addItem(p.tags[n], item, p.until[n])
			if !fresh[n] {
				larger.staged = larger.staged[:len(larger.staged)-1]
			}
		}
	}
	*p = *larger
}

// dropItems takes off the keys of items that are no more. A slot stays taken, by an item that does
// not exist. If the transaction fails, they are missed until the next start.
func (p *textKeys) dropItems(gone map[uint64]bool) {
	for n, item := range p.items {
		if item != 0 && gone[uint64(item)] {
			p.until[n] = p.hour - 1
			p.tags[n], p.items[n] = 0, noItem
			delete(p.of, item)
		}
	}
}

// endTransaction ends a transaction; if it was not committed, what it added is taken back. An
// emptied slot stays taken, by an item that does not exist.
func (p *textKeys) endTransaction(committed bool) {
	if !committed {
		for _, n := range p.staged {
			p.until[n] = p.hour - 1
			p.of[p.items[n]]--
			p.tags[n], p.items[n] = 0, noItem
		}
	}
	p.staged = p.staged[:0]
}

// noItem is a number that no item has.
const noItem = 1<<32 - 1

// writeKeys keeps keys that lead to items for a time, and takes away some of those whose time has
// passed.
func (p *textKeys) writeKeys(tx *sealedTx, list []identity.Passing, now time.Time) error {
	if len(list) == 0 {
		return nil
	}
	log, entries := tx.Bucket(bucketPassing), map[int64][]byte{} // by when they end, in Unix milliseconds
	for _, of := range list {
		until, item := of.Until.UnixMilli(), uint32(of.Item)
		ended, entry := hoursSince1970(of.Until), entries[until]
		for _, k := range of.Keys {
			if tag := tagOfKey(k); p.addItem(tag, item, ended) {
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
		if err := log.Put(append(momentKey(time.UnixMilli(until)), numberKey(n)...), entries[until]); err != nil {
			return err
		}
	}
	return purgePassed(log, now)
}

// purgePassed deletes the oldest keys whose time has passed, maxPurge records at most.
func purgePassed(log *sealedBucket, now time.Time) error {
	var gone [][]byte
	c := log.Cursor()
	for key, _ := c.First(); key != nil && momentFromKey(key).Before(now) && len(gone) < maxPurge; key, _ = c.Next() {
		gone = append(gone, append([]byte(nil), key...))
	}
	for _, key := range gone {
		if err := log.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// readTextKeys reads the table of the keys that are kept.
func readTextKeys(tx *sealedTx) (*textKeys, error) {
	entries, size := tx.Bucket(bucketPassing), 0
	err := entries.ForEach(func(_, text []byte) error { size += len(text) / 8; return nil })
	if err != nil {
		return nil, err
	}
	p := newTextKeys(max(minSlots, 3*size/2))
	err = entries.ForEach(func(key, text []byte) error {
		until := hoursSince1970(momentFromKey(key))
		for ; len(text) >= 8; text = text[8:] {
			p.hour = until // none of them has ended when it is entered
			p.addItem(binary.LittleEndian.Uint32(text), binary.LittleEndian.Uint32(text[4:]), until)
		}
		return nil
	})
	p.endTransaction(true)
	return p, err
}
