package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/identity/visit"
)

// How marks are written: after a byte that names the form, each in the same number of bytes. Items
// are numbered in 32 bits, so that three documents of fifty marks share a page.
//
// Most documents that change have an entry or two that the last one had not. So the marks of one
// document are kept whole, and next to them how they have changed since, as runs of marks that were
// there and marks that were not: see encodeMarkChanges.
const (
	marksByte  = 'm'
	markSize   = 16 + 4 + 3*8 + 8
	mostChange = 4 // a change is written of at most this part of what is kept; else all is written again

	runOfOld = 'o' // from where, and how many, in 16 bits each
	oneNew   = 'n' // the mark
)

// writeMarks writes the marks of a feed's last document.
func writeMarks(tx *sealedTx, feed uint64, marks []identity.Mark) error {
	whole, changes, key := tx.Bucket(bucketMarks), tx.Bucket(bucketChanges), numberKey(feed)
	kept, err := decodeMarks(whole.Get(key))
	if err == nil { // else they are of use no more
		if change, ok := encodeMarkChanges(kept, marks); ok {
			return putIfChanged(changes, key, change)
		}
	}
	whole.FillPercent = appendFill // they keep their size
	return errors.Join(changes.Delete(key), putIfChanged(whole, key, encodeMarks(marks)))
}

// readMarks reads the marks of a feed's last document.
func readMarks(tx *sealedTx, feed uint64) ([]identity.Mark, error) {
	kept, err := decodeMarks(tx.Bucket(bucketMarks).Get(numberKey(feed)))
	if change := tx.Bucket(bucketChanges).Get(numberKey(feed)); err == nil && change != nil {
		return applyMarkChanges(kept, change)
	}
	return kept, err
}

// encodeMarkChanges writes marks as changes of those that are kept; ok is false if that takes much
// room.
func encodeMarkChanges(kept, marks []identity.Mark) (change []byte, ok bool) {
	if len(kept) == 0 || len(kept) > math.MaxUint16 {
		return nil, false
	}
	much := func() bool { return mostChange*len(change) > markSize*len(kept) }
	next, run := 0, 0 // in those that are kept; the run's length
	end := func() {
		if run > 0 {
			change = append(change, runOfOld)
			change = binary.LittleEndian.AppendUint16(change, uint16(next-run))
			change = binary.LittleEndian.AppendUint16(change, uint16(run))
			run = 0
		}
	}
	for _, m := range marks {
		if next < len(kept) && kept[next] == m {
			next, run = next+1, run+1
			continue
		}
		end()
		if at := slices.Index(kept, m); at >= 0 {
			next, run = at+1, 1
			continue
		}
		change = appendMark(append(change, oneNew), m)
		if much() {
			return nil, false
		}
	}
	end()
	return change, !much()
}

// applyMarkChanges reads marks that were written as changes of others.
func applyMarkChanges(kept []identity.Mark, change []byte) (marks []identity.Mark, err error) {
	marks = make([]identity.Mark, 0, len(kept))
	for len(change) > 0 {
		switch rest := change[1:]; {
		case change[0] == runOfOld && len(rest) >= 4:
			from, many := int(binary.LittleEndian.Uint16(rest)), int(binary.LittleEndian.Uint16(rest[2:]))
			if from+many > len(kept) {
				return nil, fmt.Errorf("%w: marks %d to %d of %d", ErrRecord, from, from+many, len(kept))
			}
			marks, change = append(marks, kept[from:from+many]...), rest[4:]
		case change[0] == oneNew && len(rest) >= markSize:
			marks, change = append(marks, decodeMark(rest)), rest[markSize:]
		default:
			return nil, fmt.Errorf("%w: a change of marks ends in %d bytes", ErrRecord, len(change))
		}
	}
	return marks, nil
}

// encodeMarks writes a document's marks.
func encodeMarks(marks []identity.Mark) []byte {
	text := make([]byte, 1, 1+markSize*len(marks))
	text[0] = marksByte
	for _, m := range marks {
		text = appendMark(text, m)
	}
	return text
}

func appendMark(text []byte, m identity.Mark) []byte {
	text = append(text, m.Digest[:]...)
	text = binary.LittleEndian.AppendUint32(text, uint32(m.Item))
	for _, n := range []uint64{m.GUID, m.Link, m.Title, uint64(m.Date)} {
		text = binary.LittleEndian.AppendUint64(text, n)
	}
	return text
}

func decodeMark(text []byte) (m identity.Mark) {
	copy(m.Digest[:], text)
	m.Item = uint64(binary.LittleEndian.Uint32(text[16:]))
	word := func(n int) uint64 { return binary.LittleEndian.Uint64(text[20+8*n:]) }
	m.GUID, m.Link, m.Title, m.Date = word(0), word(1), word(2), int64(word(3))
	return m
}

// decodeMarks reads marks. Earlier versions wrote them without the byte before them,
// and items in 64 bits: such a text has another length, whatever it holds.
func decodeMarks(text []byte) ([]identity.Mark, error) {
	if len(text)%binary.Size(identity.Mark{}) == 0 {
		marks := make([]identity.Mark, len(text)/binary.Size(identity.Mark{}))
		_, err := binary.Decode(text, binary.LittleEndian, marks)
		return marks, err
	}
	if text[0] != marksByte || len(text)%markSize != 1 {
		return nil, fmt.Errorf("%w: marks of %d bytes", ErrRecord, len(text))
	}
	marks := make([]identity.Mark, len(text)/markSize)
	for n := range marks {
		marks[n] = decodeMark(text[1+markSize*n:])
	}
	return marks, nil
}

// visitsBeforeMerge is how many visits' paragraphs of a feed are kept in records of their own,
// until they are merged into one: that one is large, and what a visit adds is not.
const visitsBeforeMerge = 16

// writeParagraphs keeps the paragraphs that a visit added to a feed's.
func writeParagraphs(tx *sealedTx, feed uint64, m identity.Memory) error {
	if len(m.Learned) == 0 {
		return nil
	}
	whole, learned := tx.Bucket(bucketParagraphs), tx.Bucket(bucketLearned)
	var keys [][]byte
	for key := range entriesUnder(learned, numberKey(feed)) {
		keys = append(keys, bytes.Clone(key))
	}
	if old := whole.Get(numberKey(feed)); len(keys) < visitsBeforeMerge && 16*len(m.Learned) < len(old) {
		n, err := learned.NextSequence()
		if err != nil {
			return err
		}
		return learned.Put(append(numberKey(feed), numberKey(n)...), encodeParagraphs(m.Learned))
	}
	for _, key := range keys {
		if err := learned.Delete(key); err != nil {
			return err
		}
	}
	whole.FillPercent = appendFill // they keep their size
	return whole.Put(numberKey(feed), encodeParagraphs(m.Paragraphs))
}

// readParagraphs reads a feed's paragraphs.
func readParagraphs(tx *sealedTx, feed uint64) []identity.Paragraph {
	list := decodeParagraphs(tx.Bucket(bucketParagraphs).Get(numberKey(feed)))
	for _, text := range entriesUnder(tx.Bucket(bucketLearned), numberKey(feed)) {
		list = visit.MergeParagraphs(list, decodeParagraphs(text))
	}
	return list
}

// encodeParagraphs writes what is remembered of a feed's paragraphs.
func encodeParagraphs(list []identity.Paragraph) []byte {
	text := make([]byte, 0, 16*len(list))
	for _, p := range list {
		text = binary.LittleEndian.AppendUint64(text, p.Item)
		text = binary.LittleEndian.AppendUint64(text, p.Hash)
	}
	return text
}

func decodeParagraphs(text []byte) []identity.Paragraph {
	list := make([]identity.Paragraph, len(text)/16)
	for n := range list {
		list[n] = identity.Paragraph{Item: binary.LittleEndian.Uint64(text[16*n:]),
			Hash: binary.LittleEndian.Uint64(text[16*n+8:])}
	}
	return list
}
