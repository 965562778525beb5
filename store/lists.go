package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/identity/compose"
	"fronteras/aggregator/news"
)

// relistStory enters a story in all lists that it is looked up by, in place of where it stood
// before, nil if it is new: a published one by every id that it has or had, by time, by its number
// of publication, and among the ids that ended; others among those that are to be settled or
// released. The counts follow.
func relistStory(tx *sealedTx, counts map[string]int, before, s *news.Story) error {
	if err := removeFromLists(tx, before); err != nil {
		return err
	}
	archive.AddCounts(counts, before, -1)
	archive.AddCounts(counts, s, 1)
	return enterStory(tx, s, before == nil || before.IDAssignedAt.IsZero())
}

// enterStory enters a story's ids and its entries in the lists; of one that is fresh, nothing is
// there yet.
func enterStory(tx *sealedTx, s *news.Story, fresh bool) error {
	if !s.IDAssignedAt.IsZero() {
		if err := enterStoryIDs(tx, s, fresh); err != nil {
			return err
		}
	}
	write := putIfChanged
	if fresh {
		write = (*sealedBucket).Put
	}
	for _, p := range listEntries(s) {
		if err := write(tx.Bucket(p.bucket), p.key, p.value); err != nil {
			return err
		}
	}
	return nil
}

// enterStoryIDs makes a story's ids lead to it. If it is fresh, only ids of others that have ended
// in it are there yet.
func enterStoryIDs(tx *sealedTx, s *news.Story, fresh bool) error {
	var list []entry
	n := numberKey(s.Number)
	for _, id := range allIDsOf(s) {
		var old []byte
		if !fresh || len(s.Aliases) > 0 {
			old = indexOfIDs().lookupValue(tx, []byte(id))
		}
		switch {
		case old == nil:
			list = append(list, entry{[]byte(id), n})
		case !bytes.Equal(old, n):
			if err := indexOfIDs().replaceValue(tx, []byte(id), n); err != nil {
				return err
			}
		}
	}
	return indexOfIDs().insertEntries(tx, list)
}

// removeFromLists takes a story out of the lists that depend on what it is now. Its ids
// keep leading to it.
func removeFromLists(tx *sealedTx, s *news.Story) error {
	if s == nil {
		return nil
	}
	for _, e := range listEntries(s) {
		if err := tx.Bucket(e.bucket).Delete(e.key); err != nil {
			return err
		}
	}
	return nil
}

func allIDsOf(s *news.Story) []string {
	ids := append(make([]string, 0, 2+2*len(s.Aliases)), s.ID)
	if s.PublicID != "" { // a story that is held from the start has none yet
		ids = append(ids, s.PublicID)
	}
	for _, a := range s.Aliases {
		ids = append(ids, a.ID)
		if a.PublicID != "" {
			ids = append(ids, a.PublicID)
		}
	}
	return ids
}

// listEntry is an entry of one list.
type listEntry struct{ bucket, key, value []byte }

// listEntries gives a story's entries in all lists.
func listEntries(s *news.Story) []listEntry {
	n := numberKey(s.Number)
	var all []listEntry
	if compose.Unsettled(s) {
		all = append(all, listEntry{bucketUnsettled, n, encodeTurn(s)})
	}
	if !s.Until.IsZero() {
		all = append(all, listEntry{bucketUntil, releaseTimeKey(s), emptyValue})
	}
	if s.IDAssignedAt.IsZero() {
		return all
	}
	all = append(slices.Grow(all, 5+len(s.Aliases)),
		listEntry{bucketOrder, publishedKey(s), n},
		listEntry{bucketRecent, lastTouchedKey(s), append(slices.Clip(n), momentKey(s.Published)...)},
	)
	if len(s.Flags) > 0 {
		all = append(all, listEntry{bucketFlagged, publishedKey(s), n})
	}
	if key := unpublishedKey(s); key != nil {
		all = append(all, listEntry{bucketUnpublished, key, n})
	}
	if s.Sequence > 0 {
		all = append(all, listEntry{bucketNumbers, numberKey(s.Sequence), n})
	}
	if s.Status == news.Retracted && s.PublicID != "" {
		all = append(all, listEntry{bucketGone, endedIDKey(s.Withdrawn.UnixMilli(), s.PublicID), n})
	}
	for _, a := range s.Aliases {
		if a.PublicID != "" {
			all = append(all, listEntry{bucketGone, endedIDKey(a.When.UnixMilli(), a.PublicID), n})
		}
	}
	return all
}

// releaseTimeKey orders held stories by when they are released, to the first millisecond that is
// not too early.
func releaseTimeKey(s *news.Story) []byte {
	return append(momentKey(s.Until.Add(time.Millisecond-1)), numberKey(s.Number)...)
}

// publishedKey puts the newest story first.
func publishedKey(s *news.Story) []byte {
	return append(binary.BigEndian.AppendUint64(nil, ^uint64(s.Published.UnixMilli())), s.ID...)
}

// What begins the keys of the list of stories that are not published.
const (
	listedHeld      = 'h'
	listedWithdrawn = 'w'
)

// unpublishedKey puts the newest story of a status first; nil: it is published.
func unpublishedKey(s *news.Story) []byte {
	switch s.Status {
	case news.Held:
		return append([]byte{listedHeld}, publishedKey(s)...)
	case news.Retracted:
		return append([]byte{listedWithdrawn}, publishedKey(s)...)
	}
	return nil
}

// lastTouchedKey puts first what was published or modified last.
func lastTouchedKey(s *news.Story) []byte {
	last := slices.MaxFunc([]time.Time{s.IDAssignedAt, s.OutAt(), s.Modified}, time.Time.Compare)
	key := binary.BigEndian.AppendUint64(nil, ^uint64(last.UnixMilli()))
	key = binary.BigEndian.AppendUint64(key, ^s.Sequence)
	if s.Sequence == 0 { // it was never published: others may stand at that time too
		key = append(key, numberKey(s.Number)...)
	}
	return key
}

// endedIDKey puts first what ended last.
func endedIDKey(when int64, id string) []byte {
	return append(binary.BigEndian.AppendUint64(nil, ^uint64(when)), id...)
}

// Kinds of words that readers can ask for stories by.
const (
	wordTopic    = 't'
	wordLanguage = 'l'
)

// maxWords is how many topics and languages a store knows: documents can invent any number.
const maxWords = 20_000

// noteTopicsAndLanguage notes topics and language of a published story. They stay known.
func noteTopicsAndLanguage(tx *sealedTx, topics []string, language string) error {
	for _, topic := range topics {
		if err := noteWord(tx, append([]byte{wordTopic}, topic...)); err != nil {
			return err
		}
	}
	if language == "" {
		return nil
	}
	return noteWord(tx, append([]byte{wordLanguage}, language...))
}

// noteWord notes a word, unless there are too many. The bucket's sequence counts them; files of
// earlier versions have not counted.
func noteWord(tx *sealedTx, word []byte) error {
	words := tx.Bucket(bucketWords)
	if words.Get(word) != nil {
		return nil
	}
	count := words.Sequence()
	if count == 0 {
		count = uint64(words.Inspect().KeyN)
	}
	if count >= maxWords {
		return nil
	}
	return errors.Join(words.SetSequence(count+1), words.Put(word, emptyValue))
}

// noteShownWords notes topics and language of a published story, which has its items.
func noteShownWords(tx *sealedTx, s *news.Story) error {
	i := s.Item(s.LeadItem)
	if i == nil {
		return nil
	}
	return noteTopicsAndLanguage(tx, i.Entry.Topics, i.Entry.Language)
}

const turnSize = 1 + 3*8

func encodeTurn(s *news.Story) []byte {
	t, live := compose.TurnOf(s), byte(0)
	if s.Status == news.Live {
		live = 1
	}
	text := binary.BigEndian.AppendUint64([]byte{live}, uint64(t.Published))
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(text, t.Key), t.Tie)
}

func decodeTurn(story, text []byte) archive.Turn {
	word := func(n int) uint64 { return binary.BigEndian.Uint64(text[1+8*n:]) }
	return archive.Turn{
		Turn: compose.Turn{Published: int64(word(0)), Key: word(1), Tie: word(2)}, Live: text[0] == 1,
		Story: numberFromKey(story),
	}
}
