package store

import (
	"slices"
	"time"

	"fronteras/aggregator/identity"
)

// Bounds of a table of passing keys.
const (
	fewest = 1 << 10 // slots
	common = 64      // items under one key: more say nothing
)

// passing holds in memory the keys that lead to items for a time alone: some dozens
// for each item of the last days, in no order, so that on disk each would touch a
// page of its own. What is on disk is a log of them, in the order in which they
// end; the table is made of it at the start.
//
// Only the writer uses it. What a transaction adds counts at once for what follows
// in it, and is taken back if that fails.
type passing struct {
	hour   uint16   // of now: keys that ended before lead nowhere
	tags   []uint32 // of each slot; the slot follows from the tag
	items  []uint32 // 0: the slot is empty
	until  []uint16 // hours since 1970, wrapping around
	used   int
	staged []int // slots that this transaction filled
}

func newPassing(slots int) *passing {
	return &passing{tags: make([]uint32, slots), items: make([]uint32, slots), until: make([]uint16, slots)}
}

// tagOf is what is kept of a key.
func tagOf(k identity.Key) uint32 {
	sum := hashOf(k.Text)
	return uint32(sum ^ sum>>32)
}

// at sets what time it is.
func (p *passing) at(now time.Time) { p.hour = hourOf(now) }

func hourOf(t time.Time) uint16 { return uint16(t.Unix() / 3600) }

// slot is where a tag is looked for first.
func (p *passing) slot(tag uint32) int {
	return int(uint64(tag*0x9E3779B1) * uint64(len(p.tags)) >> 32)
}

// find lists items under a tag, ascending, at most so many.
func (p *passing) find(tag uint32, limit int) []uint64 {
	var found []uint64
	for n := p.slot(tag); p.items[n] != 0; n = p.after(n) {
		if p.tags[n] == tag && !p.ended(n) {
			if found = append(found, uint64(p.items[n])); len(found) == limit {
				break
			}
		}
	}
	slices.Sort(found)
	return found
}

// ended reports whether the time of a slot's key has passed.
func (p *passing) ended(n int) bool { return int16(p.until[n]-p.hour) < 0 }

func (p *passing) after(n int) int {
	if n++; n == len(p.tags) {
		return 0
	}
	return n
}

// add enters an item under a tag, unless it is there; added reports whether it was
// not.
func (p *passing) add(tag, item uint32, until uint16) (added bool) {
	if 5*(p.used+1) > 4*len(p.tags) {
		p.grow()
	}
	n, same := p.slot(tag), 0
	for ; p.items[n] != 0; n = p.after(n) {
		if p.tags[n] != tag {
			continue
		}
		if p.items[n] == item {
			ended := p.ended(n)
			p.until[n] = until
			return ended
		}
		if same++; same > common {
			return false
		}
	}
	p.tags[n], p.items[n], p.until[n] = tag, item, until
	p.used++
	p.staged = append(p.staged, n)
	return true
}

// grow makes room: of what has not ended, in a larger table.
func (p *passing) grow() {
	alive := 0
	for n, item := range p.items {
		if item != 0 && !p.ended(n) {
			alive++
		}
	}
	larger := newPassing(max(fewest, 3*alive/2))
	larger.hour = p.hour
	fresh := map[int]bool{}
	for _, n := range p.staged {
		fresh[n] = true
	}
	for n, item := range p.items {
		if item != 0 && !p.ended(n) {
			larger.add(p.tags[n], item, p.until[n])
			if !fresh[n] {
				larger.staged = larger.staged[:len(larger.staged)-1]
			}
		}
	}
	*p = *larger
}

// keep ends a transaction that was written; without well, what it added is taken
// back. An emptied slot stays taken, by an item that there is not.
func (p *passing) keep(well bool) {
	if !well {
		for _, n := range p.staged {
			p.until[n] = p.hour - 1
			p.tags[n], p.items[n] = 0, nobody
		}
	}
	p.staged = p.staged[:0]
}

// nobody is no item's number.
const nobody = 1<<32 - 1
