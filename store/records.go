package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/fxamacker/cbor/v2"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/news"
)

// toCBOR and fromCBOR write and read what JSON would, but for texts that are not
// UTF-8: JSON put U+FFFD there, CBOR keeps the bytes.
var toCBOR, fromCBOR = newCBORModes()

func newCBORModes() (cbor.EncMode, cbor.DecMode) {
	to, err := cbor.EncOptions{
		Sort:        cbor.SortBytewiseLexical, // equal records are equal bytes
		Time:        cbor.TimeRFC3339Nano,     // with its zone
		OmitEmpty:   cbor.OmitEmptyGoValue,
		ByteArray:   cbor.ByteArrayToByteSlice,
		NaNConvert:  cbor.NaNConvertReject,
		InfConvert:  cbor.InfConvertReject,
		IndefLength: cbor.IndefLengthForbidden,
		TagsMd:      cbor.TagsForbidden,
	}.EncMode()
	if err != nil {
		panic(err)
	}
	from, err := cbor.DecOptions{
		UTF8:              cbor.UTF8DecodeInvalid,
		FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
		MaxArrayElements:  math.MaxInt32, // what was written is read
		MaxMapPairs:       math.MaxInt32,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
	}.DecMode()
	if err != nil {
		panic(err)
	}
	return to, from
}

// encodeRecord writes a record.
func encodeRecord(value any) ([]byte, error) { return toCBOR.Marshal(value) }

// decodeRecord reads a record. There is always one to read.
func decodeRecord(text []byte, value any) error {
	var err error
	switch {
	case text == nil:
		return fmt.Errorf("%w: it is missing, or not what was written", ErrRecord)
	case isJSON(text):
		err = json.Unmarshal(text, value)
	case len(text) == 0 || text[0]>>5 != cborMap:
		return fmt.Errorf("%w: it is neither CBOR nor JSON", ErrRecord)
	default:
		err = fromCBOR.Unmarshal(text, value)
	}
	if err != nil {
		return fmt.Errorf("%w: %v", ErrRecord, err)
	}
	return nil
}

// cborMap is the major type of maps, the upper three bits of their first byte.
const cborMap = 5

func isJSON(text []byte) bool { return len(text) > 0 && text[0] == '{' }

// isSameRecord reports whether a T's record says what the one does that is there
// already, which may be JSON.
func isSameRecord[T any](old, text []byte) bool {
	if !isJSON(old) {
		return old != nil && bytes.Equal(old, text)
	}
	var before T
	if decodeRecord(old, &before) != nil {
		return false
	}
	again, err := encodeRecord(&before)
	return err == nil && bytes.Equal(again, text)
}

// about is what a store says of itself, and what it must know of its past.
type about struct {
	news.About
	Format      int       `json:"format"`
	Version     string    `json:"version"`               // of the program that wrote it
	Round       uint64    `json:"round"`                 // settlings so far
	Sequence    uint64    `json:"sequence"`              // stories published so far
	Pruned      uint64    `json:"pruned,omitempty"`      // the last story pruned, as they are counted by Sequence
	Keyed       string    `json:"keyed,omitempty"`       // the mark under which keys were last computed; see Rekey
	Mark        string    `json:"mark,omitempty"`        // of the present rules; see Configuration
	Ruled       time.Time `json:"ruled,omitzero"`        // when they took the place of others
	Fingerprint string    `json:"fingerprint,omitempty"` // see DateConfiguration
	Stamped     time.Time `json:"stamped,omitzero"`
	Closed      bool      `json:"closed,omitempty"` // no process holds the file
}

var keyAbout = []byte("about")

// readAbout reads what the store says of itself.
func readAbout(tx *sealedTx) (about, error) {
	var m about
	return m, decodeRecord(tx.Bucket(bucketMeta).Get(keyAbout), &m)
}

// putAbout writes it, as JSON, which every version reads.
func putAbout(tx *sealedTx, m about) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return putIfChanged(tx.Bucket(bucketMeta), keyAbout, text)
}

// keyCounts is where the counts of published stories are kept; see [archive.AddCounts].
var keyCounts = []byte("counts")

func readCounts(tx *sealedTx) (map[string]int, error) {
	counts := map[string]int{}
	text := tx.Bucket(bucketMeta).Get(keyCounts)
	if text == nil {
		return counts, nil
	}
	return counts, decodeRecord(text, &counts)
}

func putCounts(tx *sealedTx, counts map[string]int) error {
	return putRecord(tx.Bucket(bucketMeta), keyCounts, counts)
}

func readItem(tx *sealedTx, n uint64) (*news.Item, error) {
	i := &news.Item{}
	err := decodeRecord(tx.Bucket(bucketItems).Get(numberKey(n)), i)
	i.Number = n
	return i, err
}

// readStoryToShow reads a story and its items, and those that it leads to in other languages. One of
// these that is no more, or cannot be read, is left out.
func readStoryToShow(tx *sealedTx, n uint64) (*news.Story, error) {
	s, err := readStory(tx, n)
	if err != nil {
		return s, err
	}
	told := func(t *news.Translation) error {
		if t.Item == 0 {
			return nil
		}
		i, err := readItem(tx, t.Item)
		if err == nil && i.Story != s.Number {
			t.Story, err = readStory(tx, i.Story)
		}
		if err != nil {
			t.Story = nil
		}
		if errors.Is(err, ErrRecord) {
			return nil // its own reading reports it
		}
		return err
	}
	if s.TranslationOf != nil {
		err = told(s.TranslationOf)
	}
	for n := range s.Versions {
		err = errors.Join(err, told(&s.Versions[n]))
	}
	return s, err
}

// readStory reads a story and its items.
func readStory(tx *sealedTx, n uint64) (*news.Story, error) {
	s := &news.Story{Number: n}
	if err := decodeRecord(tx.Bucket(bucketStories).Get(numberKey(n)), s); err != nil {
		return s, err
	}
	for _, m := range s.Members {
		i, err := readItem(tx, m)
		if err != nil {
			return s, err
		}
		s.Items = append(s.Items, i)
	}
	return s, nil
}

// readBareStory reads a story without its items.
func readBareStory(tx *sealedTx, n uint64) (*news.Story, error) {
	s := &news.Story{Number: n}
	return s, decodeRecord(tx.Bucket(bucketStories).Get(numberKey(n)), s)
}

// unreadable are the stories with a record that cannot be read.
type unreadable struct {
	mu             sync.Mutex
	known          map[uint64]string // what was told of each
	items, stories map[uint64]bool   // that are hidden from the rules
	tell           func(story string, err error)
}

// hide hides what could not be read from the rules; it reports whether that was not hidden yet.
func (u *unreadable) hide(lost readError) bool {
	if !errors.Is(lost, ErrRecord) || lost.item == 0 && lost.story == 0 {
		return false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.items == nil {
		u.items, u.stories = map[uint64]bool{}, map[uint64]bool{}
	}
	before := len(u.items) + len(u.stories)
	if lost.item != 0 {
		u.items[lost.item] = true
	} else {
		u.stories[lost.story] = true
	}
	return len(u.items)+len(u.stories) > before
}

// hidesNothing reports whether the rules see everything.
func (u *unreadable) hidesNothing() bool {
	if u == nil {
		return true
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.items == nil
}

// hides reports whether an item of a story is hidden from the rules.
func (u *unreadable) hides(item, story uint64) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.items[item] || u.stories[story]
}

// storyLoader reads stories for the archive's rules, each with read. One is left out if a record of
// it cannot be read.
func (u *unreadable) storyLoader(tx *sealedTx, read func(*sealedTx, uint64) (*news.Story, error)) archive.Loader {
	return func(n uint64) (*news.Story, error) {
		story, err := read(tx, n)
		if u.leaveOutStory(tx, story, err) {
			return nil, nil
		}
		return story, err
	}
}

// leaveOutStory reports whether a story is left out of what is read because a record of it cannot
// be read: the others go on. Each is reported once.
func (u *unreadable) leaveOutStory(tx *sealedTx, story *news.Story, err error) bool {
	if !errors.Is(err, ErrRecord) {
		return false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.known == nil {
		u.known = map[uint64]string{}
	}
	if u.known[story.Number] == "" {
		name := storyNameFor(tx, story)
		if u.known[story.Number] = fmt.Sprintf("%s: %v", name, err); u.tell != nil {
			u.tell(name, err)
		}
	}
	return true
}

// LeftOut names the stories that were left out so far because a record of them cannot be read, and
// says why.
func (d *database) LeftOut() []string {
	d.unreadable.mu.Lock()
	defer d.unreadable.mu.Unlock()
	return slices.Sorted(maps.Values(d.unreadable.known))
}

// storyNameFor names a story whose record may not be readable: by its id as a list has it, else by
// its number.
func storyNameFor(tx *sealedTx, story *news.Story) string {
	if story.ID != "" {
		return story.ID
	}
	c := tx.Bucket(bucketOrder).Cursor()
	for key, n := c.First(); key != nil; key, n = c.Next() {
		if bytes.Equal(n, numberKey(story.Number)) {
			return string(key[8:])
		}
	}
	return fmt.Sprint("number ", story.Number)
}

// feedNumber is the number of a feed, 0 if it is not known.
func feedNumber(tx *sealedTx, url string) uint64 {
	if n := tx.Bucket(bucketFeeds).Get([]byte(url)); n != nil {
		return numberFromKey(n)
	}
	return 0
}

// decodeFeedRecord reads a feed's state, without its times.
func decodeFeedRecord(text []byte) (v news.FeedState, err error) {
	err = decodeRecord(text, &v)
	v.ETag, v.LastModified = textToBytes(v.ETag), textToBytes(v.LastModified)
	return v, err
}

// putFeedRecord writes a feed's state, which has no times.
func putFeedRecord(tx *sealedTx, feed uint64, v news.FeedState) error {
	v.ETag, v.LastModified = bytesToText(v.ETag), bytesToText(v.LastModified)
	return putRecord(tx.Bucket(bucketVisits), numberKey(feed), v)
}

// bytesToText writes bytes of any kind, as validators may have (RFC 9110 5.5), as
// text: each byte a character.
func bytesToText(bytes string) string {
	for i := range len(bytes) {
		if bytes[i] >= utf8.RuneSelf {
			var b strings.Builder
			for i := range len(bytes) {
				b.WriteRune(rune(bytes[i]))
			}
			return b.String()
		}
	}
	return bytes
}

// textToBytes is the reverse of bytesToText.
func textToBytes(text string) string {
	var b strings.Builder
	for _, r := range text {
		if b.WriteByte(byte(r)); r > 0xFF {
			return text
		}
	}
	return b.String()
}

// withoutTimes is a feed's state as its record holds it.
func withoutTimes(v news.FeedState) news.FeedState {
	v.Due, v.Asked, v.Visited, v.Success, v.Leased = time.Time{}, time.Time{}, time.Time{}, time.Time{}, time.Time{}
	v.Wait = 0
	return v
}
