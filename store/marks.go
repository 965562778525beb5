package store

import (
	"encoding/binary"
	"fmt"

	"fronteras/aggregator/identity"
)

// How marks are written: each in the same number of bytes, behind a byte that says
// which. Items are counted in 32 bits: three documents of fifty marks share a page so.
const (
	marked   = 'm'
	markSize = 16 + 4 + 3*8 + 8
)

// encodeMarks writes a document's marks.
func encodeMarks(marks []identity.Mark) []byte {
	text := make([]byte, 1, 1+markSize*len(marks))
	text[0] = marked
	for _, m := range marks {
		text = append(text, m.Digest[:]...)
		text = binary.LittleEndian.AppendUint32(text, uint32(m.Item))
		for _, n := range []uint64{m.GUID, m.Link, m.Title, uint64(m.Date)} {
			text = binary.LittleEndian.AppendUint64(text, n)
		}
	}
	return text
}

// decodeMarks reads marks. Earlier versions wrote them without the byte before them,
// and items in 64 bits: such a text has another length, whatever it holds.
func decodeMarks(text []byte) ([]identity.Mark, error) {
	if len(text)%binary.Size(identity.Mark{}) == 0 {
		marks := make([]identity.Mark, len(text)/binary.Size(identity.Mark{}))
		_, err := binary.Decode(text, binary.LittleEndian, marks)
		return marks, err
	}
	if text[0] != marked || len(text)%markSize != 1 {
		return nil, fmt.Errorf("%w: marks of %d bytes", ErrRecord, len(text))
	}
	marks := make([]identity.Mark, len(text)/markSize)
	for n := range marks {
		one := text[1+markSize*n:]
		m := &marks[n]
		copy(m.Digest[:], one)
		m.Item = uint64(binary.LittleEndian.Uint32(one[16:]))
		word := func(n int) uint64 { return binary.LittleEndian.Uint64(one[20+8*n:]) }
		m.GUID, m.Link, m.Title, m.Date = word(0), word(1), word(2), int64(word(3))
	}
	return marks, nil
}
