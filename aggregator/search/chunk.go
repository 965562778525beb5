package search

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
)

// A chunk is some terms of a block with their postings, in ascending order: one value of the file. It begins with a
// checksum of what follows; then, of each term, how many bytes it begins with that the one before begins with, how
// many others follow, these, the length of its postings, and these. A term alone would cost the file twice as much.
const (
	chunkSize  = 900 // bytes after which a chunk ends: four go into a page of bbolt's
	chunkStart = 4   // bytes of the checksum
)

// errChunk: the bytes are no chunk, or not what was written.
var errChunk = errors.New("search index: a part that is not what was written")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal puts the checksum before what has room for it at its beginning.
func seal(value []byte) []byte {
	binary.LittleEndian.PutUint32(value, crc32.Checksum(value[chunkStart:], castagnoli))
	return value
}

// unseal gives what was sealed.
func unseal(value []byte) ([]byte, error) {
	if len(value) < chunkStart ||
		binary.LittleEndian.Uint32(value) != crc32.Checksum(value[chunkStart:], castagnoli) {
		return nil, errChunk
	}
	return value[chunkStart:], nil
}

// chunkWriter puts chunks together.
type chunkWriter struct {
	put   func(first string, value []byte) error
	value []byte // that is not full yet; nil: none is begun
	first string // its first term
	last  string
}

// add adds a term, which comes after all others.
func (w *chunkWriter) add(term string, postings []byte) error {
	if w.value == nil {
		w.value, w.first, w.last = make([]byte, chunkStart, chunkStart+chunkSize+chunkSize/8), term, ""
	}
	same := 0
	for same < min(len(term), len(w.last)) && term[same] == w.last[same] {
		same++
	}
	w.value = append(w.value, byte(same), byte(len(term)-same))
	w.value = append(w.value, term[same:]...)
	w.value = binary.AppendUvarint(w.value, uint64(len(postings)))
	w.value = append(w.value, postings...)
	w.last = term
	if len(w.value) >= chunkSize {
		return w.flush()
	}
	return nil
}

// flush writes what is begun.
func (w *chunkWriter) flush() error {
	if w.value == nil {
		return nil
	}
	value := w.value
	w.value = nil
	return w.put(w.first, seal(value))
}

// chunkReader reads the terms of a chunk.
type chunkReader struct {
	rest []byte
	term []byte
	list []byte // the postings of term
	err  error
}

// readChunk begins to read a chunk.
func readChunk(value []byte) (*chunkReader, error) {
	body, err := unseal(value)
	return &chunkReader{rest: body, term: make([]byte, 0, maxWordBytes+1)}, err
}

// next goes on to the next term; false at the end, and where the chunk cannot be read.
func (r *chunkReader) next() bool {
	if len(r.rest) == 0 {
		return false
	}
	if len(r.rest) < 2 || int(r.rest[0]) > len(r.term) || int(r.rest[1]) > len(r.rest)-2 {
		r.err = errChunk
		return false
	}
	same, others := int(r.rest[0]), int(r.rest[1])
	r.term = append(r.term[:same], r.rest[2:2+others]...)
	r.rest = r.rest[2+others:]
	length, n := readUvarint(r.rest)
	if n <= 0 || length > uint64(len(r.rest)-n) {
		r.err = errChunk
		return false
	}
	end := n + int(length)
	r.list, r.rest = r.rest[n:end:end], r.rest[end:]
	return true
}

// find is the postings of a term in a chunk; nil if it does not have it.
func findInChunk(value []byte, term string) ([]byte, error) {
	r, err := readChunk(value)
	if err != nil {
		return nil, err
	}
	for r.next() {
		switch strings.Compare(string(r.term), term) {
		case 0:
			return r.list, nil
		case 1:
			return nil, nil
		}
	}
	return nil, r.err
}
