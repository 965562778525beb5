package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fronteras/aggregator/identity/compose"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// nothing is the value of keys that say all themselves.
var nothing = []byte{}

// list enters a story wherever it is looked up, in place of where it stood
// before, nil if it is new: a published one by every id that it has or had, by
// time, by its number of publication, and among the ids that ended; others among
// those that are to be settled or released.
func list(tx *bolt.Tx, t *tally, before, s *news.Story) error {
	if err := unlist(tx, before); err != nil {
		return err
	}
	t.move(before, s)
	return enter(tx, s, before == nil || before.IDAssignedAt.IsZero())
}

// enter puts a story's ids and places in the lists; of one that is fresh, nothing is
// there already.
func enter(tx *bolt.Tx, s *news.Story, fresh bool) error {
	if !s.IDAssignedAt.IsZero() {
		if err := enterIDs(tx, s, fresh); err != nil {
			return err
		}
	}
	write := putBytes
	if fresh {
		write = (*bolt.Bucket).Put
	}
	for _, p := range places(s) {
		if err := write(tx.Bucket(p.bucket), p.key, p.value); err != nil {
			return err
		}
	}
	return nil
}

// enterIDs has a story's ids lead to it; of one that is fresh, none is there yet but
// those of others that have ended in it.
func enterIDs(tx *bolt.Tx, s *news.Story, fresh bool) error {
	var list []entry
	n := number(s.Number)
	for _, id := range idsOf(s) {
		var old []byte
		if !fresh || len(s.Aliases) > 0 {
			old = indexOfIDs().get(tx, []byte(id))
		}
		switch {
		case old == nil:
			list = append(list, entry{[]byte(id), n})
		case !bytes.Equal(old, n):
			if err := indexOfIDs().change(tx, []byte(id), n); err != nil {
				return err
			}
		}
	}
	return indexOfIDs().put(tx, list)
}

// unlist takes a story out of the lists that depend on what it is now. Its ids
// lead to it for ever.
func unlist(tx *bolt.Tx, s *news.Story) error {
	if s == nil {
		return nil
	}
	for _, e := range places(s) {
		if err := tx.Bucket(e.bucket).Delete(e.key); err != nil {
			return err
		}
	}
	return nil
}

func idsOf(s *news.Story) []string {
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

// place is one entry of a list.
type place struct{ bucket, key, value []byte }

// places are a story's entries in the lists.
func places(s *news.Story) []place {
	n := number(s.Number)
	var all []place
	if compose.Unsettled(s) {
		all = append(all, place{bucketUnsettled, n, encodeTurn(s)})
	}
	if !s.Until.IsZero() {
		all = append(all, place{bucketUntil, untilKey(s), nothing})
	}
	if s.IDAssignedAt.IsZero() {
		return all
	}
	all = append(slices.Grow(all, 5+len(s.Aliases)),
		place{bucketOrder, orderKey(s), n},
		place{bucketRecent, recentKey(s), append(slices.Clip(n), moment(s.Published)...)},
	)
	if len(s.Flags) > 0 {
		all = append(all, place{bucketFlagged, orderKey(s), n})
	}
	if s.Sequence > 0 {
		all = append(all, place{bucketNumbers, number(s.Sequence), n})
	}
	if s.Status == news.Retracted && s.PublicID != "" {
		all = append(all, place{bucketGone, goneKey(s.Withdrawn.UnixMilli(), s.PublicID), n})
	}
	for _, a := range s.Aliases {
		if a.PublicID != "" {
			all = append(all, place{bucketGone, goneKey(a.When.UnixMilli(), a.PublicID), n})
		}
	}
	return all
}

// untilKey is where a held story stands among those: at the first millisecond
// that is not too early.
func untilKey(s *news.Story) []byte {
	return append(moment(s.Until.Add(time.Millisecond-1)), number(s.Number)...)
}

// orderKey puts the newest story first.
func orderKey(s *news.Story) []byte {
	return append(binary.BigEndian.AppendUint64(nil, ^uint64(s.Published.UnixMilli())), s.ID...)
}

// recentKey puts first what was published or modified last.
func recentKey(s *news.Story) []byte {
	last := later(later(s.IDAssignedAt, s.PublishedAt), s.Modified)
	key := binary.BigEndian.AppendUint64(nil, ^uint64(last.UnixMilli()))
	key = binary.BigEndian.AppendUint64(key, ^s.Sequence)
	if s.Sequence == 0 { // it was never published: others may stand at that time too
		key = append(key, number(s.Number)...)
	}
	return key
}

// goneKey puts first what ended last.
func goneKey(when int64, id string) []byte {
	return append(binary.BigEndian.AppendUint64(nil, ^uint64(when)), id...)
}

// Kinds of words that readers can ask for stories by.
const (
	wordTopic    = 't'
	wordLanguage = 'l'
)

// listWords notes topics and language of what a published story shows. They are
// known from then on.
func listWords(tx *bolt.Tx, topics []string, language string) error {
	words := tx.Bucket(bucketWords)
	for _, topic := range topics {
		if err := putBytes(words, append([]byte{wordTopic}, topic...), nothing); err != nil {
			return err
		}
	}
	if language == "" {
		return nil
	}
	return putBytes(words, append([]byte{wordLanguage}, language...), nothing)
}

// listShown notes the words of what a published story shows, which has its items.
func listShown(tx *bolt.Tx, s *news.Story) error {
	i := s.Item(s.LeadItem)
	if i == nil {
		return nil
	}
	return listWords(tx, i.Entry.Topics, i.Entry.Language)
}

// TopicsAndLanguages gives every topic and language that a published story has had, sorted.
func (s *Store) TopicsAndLanguages() (topics, languages []string, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketWords).ForEach(func(key, _ []byte) error {
			switch key[0] {
			case wordTopic:
				topics = append(topics, string(key[1:]))
			case wordLanguage:
				languages = append(languages, string(key[1:]))
			}
			return nil
		})
	})
	return topics, languages, err
}

// Flag shows a doubtful case of a story to the editor, unless one of that kind is
// shown already. What is published does not change.
func (s *Store) Flag(ctx context.Context, id string, flag news.Flag) error {
	return s.update(ctx, func(tx *bolt.Tx) error {
		n := indexOfIDs().get(tx, []byte(id))
		if n == nil {
			return ErrUnknown
		}
		story, err := bareStory(tx, n)
		if err != nil || slices.ContainsFunc(story.Flags, func(f news.Flag) bool { return f.Kind == flag.Kind && f.With == flag.With }) {
			return err
		}
		before := *story
		story.Flags = append(story.Flags[:len(story.Flags):len(story.Flags)], flag)
		t, err := tallyOf(tx)
		if err != nil {
			return err
		}
		return errors.Join(list(tx, t, &before, story), t.keep(tx), put(tx.Bucket(bucketStories), n, story))
	})
}

// relist makes the lists that an older file lacks, and brings the others up to what
// this program enters in them. What stands there already is not written again: an
// archive may be large.
func relist(tx *bolt.Tx) error {
	split := tx.Bucket(bucketVisits) == nil || tx.Bucket(bucketTimes) != nil
	lacking := map[string]bool{}
	for _, name := range buckets {
		if tx.Bucket(name) != nil {
			continue
		}
		if !slices.ContainsFunc(beginEmpty, func(empty []byte) bool { return bytes.Equal(name, empty) }) {
			lacking[string(name)] = true
		}
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	if err := toTimes(tx, split); err != nil {
		return err
	}
	if len(lacking) == 0 {
		return nil
	}
	t := &tally{map[string]int{}}
	c := tx.Bucket(bucketStories).Cursor()
	for key, _ := c.First(); key != nil; key, _ = c.Next() {
		s, err := bareStory(tx, key)
		if err != nil {
			return err
		}
		t.move(nil, s)
		if err := enter(tx, s, false); err != nil {
			return err
		}
		if s.IDAssignedAt.IsZero() || !lacking[string(bucketWords)] {
			continue
		}
		if s, err = storyOf(tx, s.Number); err != nil {
			return err
		}
		if err := listShown(tx, s); err != nil {
			return err
		}
	}
	return t.keep(tx)
}
