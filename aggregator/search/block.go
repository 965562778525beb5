package search

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
)

// The index is made of blocks, each of documents of which it holds all words. Documents that are new wait in memory and
// in a bucket of their own until they fill a small block; small blocks that fill a large one become one. A block is
// never changed but for which of its documents are gone: a story that changes gets a new document.
const (
	smallBlock  = 256
	maxBlock    = 4096 // documents of a large block
	mostSmall   = maxBlock / smallBlock
	mostlyGone  = 3 // a block is written again when more than a third of its documents are gone
	bytesOfADoc = 8
)

// block is what is in memory of a block. It does not change.
type block struct {
	id         uint32
	docs       []doc
	gone       *bitmap // nil: none is
	numberGone int
	lowest     uint32 // number of a story
	highest    uint32
	oldest     uint32 // date
	newest     uint32
	words      map[string]*growing // of the documents that wait; nil: they are in the file
}

// growing is postings to which documents are added.
type growing struct {
	list []byte
	last int // the last document
}

// bitmap is a set of a block's documents.
type bitmap [maxBlock / 64]uint64

func (b *bitmap) set(slot int)      { b[slot>>6] |= 1 << (slot & 63) }
func (b *bitmap) has(slot int) bool { return b[slot>>6]&(1<<(slot&63)) != 0 }

// newBlock is a block of these documents.
func newBlock(id uint32, docs []doc) *block {
	b := &block{id: id, docs: docs}
	for n, d := range docs {
		if n == 0 {
			b.lowest, b.oldest = d.story, d.published
		}
		b.lowest, b.highest = min(b.lowest, d.story), max(b.highest, d.story)
		b.oldest, b.newest = min(b.oldest, d.published), max(b.newest, d.published)
	}
	return b
}

// slotOf is where a story's document is in the block, -1 if it has none there that is not gone.
func (b *block) slotOf(story uint32) int {
	if story < b.lowest || story > b.highest {
		return -1
	}
	for slot, d := range b.docs {
		if d.story == story && (b.gone == nil || !b.gone.has(slot)) {
			return slot
		}
	}
	return -1
}

// without is the block without some of its documents.
func (b *block) without(slots []int) *block {
	c, gone := *b, bitmap{}
	if b.gone != nil {
		gone = *b.gone
	}
	for _, slot := range slots {
		gone.set(slot)
	}
	c.gone, c.numberGone = &gone, b.numberGone+len(slots)
	return &c
}

// live is how many of its documents are not gone.
func (b *block) live() int { return len(b.docs) - b.numberGone }

// waitingBlock is a block of documents that wait, in memory.
func waitingBlock(documents []indexed) *block {
	var docs []doc
	words := map[string]*growing{}
	for slot, x := range documents {
		docs = append(docs, x.doc)
		for n, t := range x.terms {
			g := words[t]
			if g == nil {
				g = &growing{}
				words[t] = g
			}
			g.list = appendPosting(g.list, slot-g.last, x.places[n])
			g.last = slot
		}
	}
	b := newBlock(0, docs)
	b.words = words
	return b
}

// termPostings is a term with its postings in a block.
type termPostings struct {
	term string
	list []byte
}

// termStream gives the terms of a block one by one, in ascending order; ok is false at the end.
type termStream func() (t termPostings, ok bool, err error)

// sortedTerms are the terms of a block in memory.
func (b *block) sortedTerms() termStream {
	rest := slices.Sorted(maps.Keys(b.words))
	return func() (t termPostings, ok bool, err error) {
		if len(rest) == 0 {
			return t, false, nil
		}
		t = termPostings{rest[0], b.words[rest[0]].list}
		rest = rest[1:]
		return t, true, nil
	}
}

// source is a block that is merged with others.
type source struct {
	block *block
	next  termStream
	slots []int // of its documents in the block that comes of it; -1: it is gone
}

// mergeBlocks hands the terms of blocks to add, in ascending order, and gives the documents of the block that comes of
// them: those that are not gone.
func mergeBlocks(sources []source, add func(term string, list []byte) error) (docs []doc, err error) {
	type stream struct {
		*source
		head termPostings
	}
	var streams []*stream
	for n := range sources {
		s := &sources[n]
		for slot, d := range s.block.docs {
			if s.block.gone != nil && s.block.gone.has(slot) {
				s.slots = append(s.slots, -1)
				continue
			}
			s.slots = append(s.slots, len(docs))
			docs = append(docs, d)
		}
		head, ok, err := s.next()
		if err != nil {
			return nil, err
		}
		if ok {
			streams = append(streams, &stream{s, head})
		}
	}
	var merged []byte
	for len(streams) > 0 {
		lowest := slices.MinFunc(
			streams,
			func(a, b *stream) int { return cmp.Compare(a.head.term, b.head.term) },
		).head.term
		merged = merged[:0]
		last := 0
		kept := streams[:0]
		for _, st := range streams {
			if st.head.term == lowest {
				slots := st.slots
				r := postings{rest: st.head.list}
				for p, more := r.next(); more; p, more = r.next() {
					if p.slot >= len(slots) {
						return nil, errPostings
					}
					if slot := slots[p.slot]; slot >= 0 {
						merged = p.appendTo(merged, slot-last)
						last = slot
					}
				}
				if r.err != nil {
					return nil, r.err
				}
				var ok bool
				if st.head, ok, err = st.next(); err != nil {
					return nil, err
				}
				if !ok {
					continue
				}
			}
			kept = append(kept, st)
		}
		streams = kept
		if len(merged) > 0 {
			if err := add(lowest, merged); err != nil {
				return nil, err
			}
		}
	}
	return docs, nil
}

// encodeDocs writes the documents of a block.
func encodeDocs(docs []doc) []byte {
	value := make([]byte, chunkStart, chunkStart+bytesOfADoc*len(docs))
	for _, d := range docs {
		value = binary.LittleEndian.AppendUint32(value, d.story)
		value = binary.LittleEndian.AppendUint32(value, d.published)
	}
	return seal(value)
}

func decodeDocs(value []byte) ([]doc, error) {
	body, err := unseal(value)
	if err != nil || len(body)%bytesOfADoc != 0 || len(body) > bytesOfADoc*maxBlock {
		return nil, errChunk
	}
	docs := make([]doc, len(body)/bytesOfADoc)
	for n := range docs {
		of := body[n*bytesOfADoc:]
		docs[n] = doc{binary.LittleEndian.Uint32(of), binary.LittleEndian.Uint32(of[4:])}
	}
	return docs, nil
}

func encodeGone(gone *bitmap) []byte {
	value := make([]byte, chunkStart, chunkStart+maxBlock/8)
	for _, word := range gone {
		value = binary.LittleEndian.AppendUint64(value, word)
	}
	return seal(value)
}

func decodeGone(value []byte) (*bitmap, error) {
	body, err := unseal(value)
	if err != nil || len(body) != maxBlock/8 {
		return nil, errChunk
	}
	gone := &bitmap{}
	for n := range gone {
		gone[n] = binary.LittleEndian.Uint64(body[n*8:])
	}
	return gone, nil
}

// encodeWaiting writes a document that waits, as a block of its own.
func encodeWaiting(x indexed) []byte {
	value := make([]byte, chunkStart, 2048)
	value = binary.LittleEndian.AppendUint32(value, x.story)
	value = binary.LittleEndian.AppendUint32(value, x.published)
	before := ""
	var list []byte
	for n, t := range x.terms {
		same := 0
		for same < min(len(t), len(before)) && t[same] == before[same] {
			same++
		}
		value = append(value, byte(same), byte(len(t)-same))
		value = append(value, t[same:]...)
		list = appendPosting(list[:0], 0, x.places[n])
		value = binary.AppendUvarint(value, uint64(len(list)))
		value = append(value, list...)
		before = t
	}
	return seal(value)
}

func decodeWaiting(value []byte) (x indexed, err error) {
	body, err := unseal(value)
	if err != nil || len(body) < bytesOfADoc {
		return x, errChunk
	}
	x.doc = doc{binary.LittleEndian.Uint32(body), binary.LittleEndian.Uint32(body[4:])}
	r := chunkReader{rest: body[bytesOfADoc:]}
	for r.next() {
		list := postings{rest: r.list}
		p, ok := list.next()
		if !ok {
			return x, errPostings
		}
		x.terms = append(x.terms, string(r.term))
		x.places = append(x.places, p.decodePlaces(nil))
	}
	return x, r.err
}
