package store

import (
	"bytes"
	"encoding/binary"
	"iter"
	"math"
	"time"
)

// The buckets of the file. Keys are in the order of what they are looked up by: numbers and times
// are 8 bytes, big-endian; times are in Unix milliseconds, and where the latest comes first, all
// their bits are inverted. Records are CBOR, see encodeRecord; what is written in bytes of its own
// says so. docs/store.md has the same table, and a test compares them.
//
//	| bucket | key | value | written by | read by |
//	| `meta` | `about`, `counts`, `lives`, `cases` | JSON of itself, CBOR of the counts, bytes, a one | all that publishes, `Open` | `About`, `Stats`, `EditsAfter` |
//	| `feeds` | feed's address | its number | `Learn` | all |
//	| `visits` | feed | `news.FeedState` without its times | `Learn`, `Save`, `UpdateStates` | `Claim`, `FeedStates` |
//	| `times` | feed | due, asked, visited, success, wait: 40 bytes | as `visits` | the timetable |
//	| `leases` | lease | when it began, the feeds in it: bytes | `Claim`, `Lease`, `Save`, `Release` | the timetable |
//	| `memory` | feed | `identity.Memory` without what follows | `Save`, `Rule` | the rules |
//	| `marks` | feed | `[]identity.Mark` of a document: bytes | `Save` | the rules, `SeenDigests` |
//	| `changes` | feed | what became of those marks since: bytes | `Save` | as `marks` |
//	| `paragraphs` | feed | `[]identity.Paragraph`: bytes | `Save` | the rules |
//	| `learned` | feed, sequence | paragraphs learned since: bytes | `Save` | the rules |
//	| `facts` | feed | `news.Facts` of its last good document | `Save` | `FeedFacts` |
//	| `items` | item | `news.Item` | `Save`, `Prune` | the rules, readers |
//	| `stories` | story | `news.Story` without its items | `Save`, `Rule`, `Settle`, `Prune` | the rules, readers |
//	| `keys` | feed or hash of a host, hash of a key, item | nothing | `Save`, `Rekey` | the rules |
//	| `freshkeys` | as `keys`: those that are new | nothing | `Save`, `Rekey` | the rules |
//	| `ids` | id, public id or alias | story | `Settle` | `Story`, the rules |
//	| `freshids` | as `ids`: those that are new | story | `Settle` | as `ids` |
//	| `order` | published (newest first), id | story | with each story | `EachStory`, `CountByDay`, the days |
//	| `flagged` | published (newest first), id | story that bears a flag | with each story | `EachFlagged` |
//	| `unpublished` | held or withdrawn (a letter), published (newest first), id | story | with each story | `EachHeld`, `EachWithdrawn` |
//	| `recent` | published or modified (latest first), sequence | story, published | with each story | `Window` |
//	| `unsettled` | story | whether it is live, its turn: 25 bytes | with each story | `Settle` |
//	| `until` | time, story that is held until then | nothing | with each story | `NextRelease`, `Settle` |
//	| `numbers` | sequence of publication | story, or 0 and its end | with each story | the archive, `Prune` |
//	| `closed` | archive document | its last sequence | `CloseArchives` | `Archive`, `Window` |
//	| `gone` | when it ended (latest first), public id | story | with each story | `Window` |
//	| `words` | `t` and a topic, `l` and a language | nothing | with each story | `TopicsAndLanguages` |
//	| `rulings` | ruling | `news.Ruling` | `Rule` | the rules, `Rulings`, `Judgements` |
//	| `copies` | ruling | the same: rulings are nowhere else | `Rule` | `Open` |
//	| `passing` | time, sequence | keys that lead to items until then: bytes | `Save` | the text keys |
//	| `subscriptions` | callback | `news.Subscription` | `SaveSubscription` | `Subscriptions` |
//	| `subscribers` | callback, topic | `news.Subscriber` | `AddSubscriber` | `Subscribers` |
//	| `cases` | case | `cases.Record` | with stories and memories | `Cases`, `Case`, `CasesOf` |
//	| `questions` | what a case is about: a story, a pair, a feed | case | as `cases` | as `cases` |
//	| `asked` | case that is open or held | nothing | as `cases` | `Cases`, `CountOpenCases` |
//	| `events` | event | `news.Event`, until all recipients have it | with its cause | `EventsAfter`, `Deliveries` |
//	| `recipients` | address, digest, partner | `news.RecipientState` | `Configure`, `QueueDeliveries`, `EndDeliveries` | `Recipients` |
//	| `deliveries` | recipient, event | `news.Delivery`, until it is accepted | `QueueDeliveries`, `EndDeliveries` | `Deliveries` |
//	| `noted` | what there was an event of: a letter, whose it is | when | with its cause | the causes of events |
//	| `edits` | published story | the number of its last change, until it is indexed | with each story, `DropEdits` | `EditsAfter` |
//	| `prints` | document | digest of its bytes, since when | `DateDocuments` | `DateDocuments` |
//	| `kept` | name | value | `KeepOnce` | `KeepOnce`, `KeptUnder` |
//	| `sessions` | SHA-256 of what a browser keeps | `news.Session` | `RedeemLink`, `ReplaceSession`, `EndSessions` | `Session`, `Sessions` |
//	| `links` | SHA-256 of a link's last part | `news.SignInLink` | `AddLink`, `RedeemLink`, `EndSessions` | `Link` |
//	| `sums` | `all` | what each bucket holds, counted and hashed: bytes | each transaction | `Open`, `Verify` |
var (
	bucketMeta          = []byte("meta")
	bucketFeeds         = []byte("feeds")
	bucketVisits        = []byte("visits")
	bucketTimes         = []byte("times")
	bucketLeases        = []byte("leases")
	bucketMemory        = []byte("memory")
	bucketMarks         = []byte("marks")
	bucketChanges       = []byte("changes")
	bucketParagraphs    = []byte("paragraphs")
	bucketLearned       = []byte("learned")
	bucketFacts         = []byte("facts")
	bucketItems         = []byte("items")
	bucketStories       = []byte("stories")
	bucketKeys          = []byte("keys")
	bucketFreshKeys     = []byte("freshkeys")
	bucketIDs           = []byte("ids")
	bucketFreshIDs      = []byte("freshids")
	bucketOrder         = []byte("order")
	bucketFlagged       = []byte("flagged")
	bucketUnpublished   = []byte("unpublished")
	bucketRecent        = []byte("recent")
	bucketUnsettled     = []byte("unsettled")
	bucketUntil         = []byte("until")
	bucketNumbers       = []byte("numbers")
	bucketClosed        = []byte("closed")
	bucketGone          = []byte("gone")
	bucketWords         = []byte("words")
	bucketRulings       = []byte("rulings")
	bucketCopies        = []byte("copies")
	bucketPassing       = []byte("passing")
	bucketSubscriptions = []byte("subscriptions")
	bucketSubscribers   = []byte("subscribers")
	bucketCases         = []byte("cases")
	bucketQuestions     = []byte("questions")
	bucketAsked         = []byte("asked")
	bucketEvents        = []byte("events")
	bucketRecipients    = []byte("recipients")
	bucketDeliveries    = []byte("deliveries")
	bucketNoted         = []byte("noted")
	bucketEdits         = []byte("edits")
	bucketPrints        = []byte("prints")
	bucketKept          = []byte("kept")
	bucketSessions      = []byte("sessions")
	bucketLinks         = []byte("links")
	bucketSums          = []byte("sums")

	buckets = [][]byte{
		bucketMeta, bucketFeeds, bucketVisits, bucketTimes, bucketLeases, bucketMemory, bucketMarks,
		bucketChanges, bucketParagraphs, bucketLearned, bucketFacts, bucketItems, bucketStories, bucketKeys,
		bucketFreshKeys, bucketIDs, bucketFreshIDs, bucketOrder, bucketFlagged, bucketUnpublished,
		bucketRecent, bucketUnsettled, bucketUntil, bucketNumbers, bucketClosed, bucketGone, bucketWords,
		bucketRulings, bucketCopies, bucketPassing, bucketSubscriptions, bucketSubscribers, bucketCases,
		bucketQuestions, bucketAsked, bucketEvents, bucketRecipients, bucketDeliveries, bucketNoted,
		bucketEdits, bucketPrints, bucketKept, bucketSessions, bucketLinks, bucketSums,
	}
)

// bucketDue is in files of format 1 alone: time, feed → nothing, of the feeds that are due. The key
// of a lease is then its feed, the value when it began.
var bucketDue = []byte("due")

// emptyValue is the value of keys that say all themselves.
var emptyValue = []byte{}

// putRecord writes a record, unless it is there already.
func putRecord(b *sealedBucket, key []byte, value any) error {
	text, err := encodeRecord(value)
	if err != nil {
		return err
	}
	return putIfChanged(b, key, text)
}

// putIfChanged writes a value, unless it is there already.
func putIfChanged(b *sealedBucket, key, value []byte) error {
	if old := b.Get(key); old != nil && bytes.Equal(old, value) {
		return nil
	}
	return b.Put(key, value)
}

// existingRecord is the record of a number; nil where there is none. Beyond the highest number
// given it need not look.
func existingRecord(b *sealedBucket, n uint64) []byte {
	if n > b.Sequence() {
		return nil
	}
	return b.Get(numberKey(n))
}

// appendFill is how full pages are left that grow at their end alone.
const appendFill = 1

// putNumbered writes a record that is other than before under a number, and notes the
// highest number given.
func putNumbered(b *sealedBucket, n uint64, text []byte) error {
	b.FillPercent = appendFill
	if n > b.Sequence() {
		if err := b.SetSequence(n); err != nil {
			return err
		}
	}
	return b.Put(numberKey(n), text)
}

// entriesUnder are the entries whose keys begin with a prefix, in order. The bucket must not
// change meanwhile.
func entriesUnder(b *sealedBucket, prefix []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		c := b.Cursor()
		for key, value := c.Seek(prefix); key != nil && bytes.HasPrefix(key, prefix) &&
			yield(key, value); key, value = c.Next() {
		}
	}
}

// lastEntriesUnder are the entries whose keys are a prefix and a number, the highest first. The bucket
// must not change meanwhile.
func lastEntriesUnder(b *sealedBucket, prefix []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		c := b.Cursor()
		beyond := append(bytes.Clone(prefix), numberKey(math.MaxUint64)...)
		for key, value := c.SeekBefore(beyond); key != nil && bytes.HasPrefix(key, prefix) &&
			yield(key, value); key, value = c.Prev() {
		}
	}
}

// numberKey is a feed's, item's or story's number as a key.
func numberKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func numberFromKey(key []byte) uint64 { return binary.BigEndian.Uint64(key) }

// momentKey is a time as a key, in the order of time.
func momentKey(t time.Time) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(t.UnixMilli()))
}

func momentFromKey(key []byte) time.Time {
	return time.UnixMilli(int64(binary.BigEndian.Uint64(key))).UTC()
}

// descendingMoment is the time in a key of a list whose latest comes first.
func descendingMoment(key []byte) time.Time {
	return time.UnixMilli(int64(^binary.BigEndian.Uint64(key))).UTC()
}
