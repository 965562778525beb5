package search

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// Postings say where a term stands: of each document of a block that has it, in ascending order, how far its place
// in the block is from the one before, and the places of the term in the document, ascending, each as its distance
// from the one before. Where it stands once, that is two varints:
//
//	distance<<1, place
//
// where it stands more often, the places have their length in bytes before them, so that they can be passed over:
//
//	distance<<1 | 1, length, place, place, …
//
// A document's places are counted through all its parts, and the headline's come first, so the first place says
// whether the term stands in the headline.

// Places within a document.
const (
	headlineEnd  = 512                           // places below are in the headline
	gap          = 16                            // between parts: no phrase goes across
	maxPositions = headlineEnd + maxWordsIndexed // all are below
)

// maxWordsIndexed is how many words of a story are searched, besides its headline.
const maxWordsIndexed = 30_000

// errPostings: the bytes are no postings.
var errPostings = errors.New("search index: postings that cannot be read")

// appendPosting appends a document's places to postings.
func appendPosting(to []byte, distance int, places []int) []byte {
	if len(places) == 1 {
		to = binary.AppendUvarint(to, uint64(distance)<<1)
		return binary.AppendUvarint(to, uint64(places[0]))
	}
	length, before := 0, 0
	for _, at := range places {
		length += uvarintLength(at - before)
		before = at
	}
	to = binary.AppendUvarint(to, uint64(distance)<<1|1)
	to = binary.AppendUvarint(to, uint64(length))
	before = 0
	for _, at := range places {
		to = binary.AppendUvarint(to, uint64(at-before))
		before = at
	}
	return to
}

func uvarintLength(n int) int { return (bits.Len64(uint64(n)|1) + 6) / 7 }

// posting is one document's part of postings.
type posting struct {
	slot   int    // of the document in its block
	places []byte // varints, each the distance from the one before
	many   bool   // places has more than one
}

// first is the first place.
func (p posting) first() int {
	n, _ := binary.Uvarint(p.places)
	return int(n)
}

// appendTo appends it to postings whose last document is that far before.
func (p posting) appendTo(to []byte, distance int) []byte {
	if p.many {
		to = binary.AppendUvarint(to, uint64(distance)<<1|1)
		to = binary.AppendUvarint(to, uint64(len(p.places)))
	} else {
		to = binary.AppendUvarint(to, uint64(distance)<<1)
	}
	return append(to, p.places...)
}

// decodePlaces appends the places.
func (p posting) decodePlaces(to []int) []int {
	at := 0
	for rest := p.places; len(rest) > 0; {
		distance, n := binary.Uvarint(rest)
		if n <= 0 || distance > maxPositions {
			return to
		}
		at += int(distance)
		to, rest = append(to, at), rest[n:]
	}
	return to
}

// postings reads postings one by one.
type postings struct {
	rest []byte
	slot int
	err  error
}

// next is the next posting; ok is false at the end, and where they cannot be read.
func (r *postings) next() (p posting, ok bool) {
	if len(r.rest) == 0 {
		return p, false
	}
	head, n := readUvarint(r.rest)
	if n <= 0 || head>>1 > maxBlock {
		r.fail()
		return posting{}, false
	}
	r.rest = r.rest[n:]
	r.slot += int(head >> 1)
	if r.slot >= maxBlock {
		r.fail()
		return posting{}, false
	}
	var length int
	if p.slot, p.many = r.slot, head&1 == 1; p.many {
		size, n := readUvarint(r.rest)
		if n <= 0 || size > uint64(len(r.rest)-n) {
			r.fail()
			return posting{}, false
		}
		r.rest, length = r.rest[n:], int(size)
	} else {
		_, length = readUvarint(r.rest)
		if length <= 0 {
			r.fail()
			return posting{}, false
		}
	}
	p.places, r.rest = r.rest[:length:length], r.rest[length:]
	return p, true
}

func (r *postings) fail() { r.rest, r.err = nil, errPostings }

// readUvarint is binary.Uvarint, with the most frequent case first.
func readUvarint(b []byte) (uint64, int) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), 1
	}
	return binary.Uvarint(b)
}
