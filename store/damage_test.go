package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// desk is the store of a small desk that has lived: with joined, held, withdrawn and pruned stories,
// closed archive documents, rulings, subscriptions, dates of documents.
func desk(t testing.TB) []byte {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, storetest.Rules(t))
	must(s.Learn(t.Context(), storetest.Feeds, storetest.Begin))
	for n, feed := range storetest.Feeds[:2] {
		var entries []news.Entry
		for story := range 12 {
			e := storetest.Entry(feed.Station, fmt.Sprint("story-", story), fmt.Sprintf("Story %d of %s", story, feed.Station),
				storetest.Begin.Add(time.Duration(story-n)*time.Minute))
			e.Topics, e.Language = []string{fmt.Sprint("Topic ", story%3)}, "en"
			entries = append(entries, e)
		}
		_, err := s.Save(t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station, ETag: `"one"`,
			Due: storetest.Begin.Add(time.Hour), Visited: storetest.Begin, Success: storetest.Begin},
			&identity.Arrival{Feed: feed, At: storetest.Begin, Whole: true, Entries: entries},
			&news.Facts{Title: "Radio " + feed.Station})
		must(err)
	}
	_, _, err := s.Settle(t.Context(), storetest.Begin)
	must(err)
	id := func(guid string) string {
		found, err := s.Lookup("https://ajo.example/?p=" + guid)
		must(err)
		return found[0].ID
	}
	other, err := s.Lookup("https://kmsa.example/?p=story-1")
	must(err)
	for _, o := range []identity.Order{
		{Verb: news.Join, Stories: []string{id("story-1"), other[0].ID}},
		{Verb: news.Retract, Stories: []string{id("story-2")}, Reason: "wrong"},
		{Verb: news.Hold, Stories: []string{id("story-3")}},
	} {
		_, err := s.Rule(t.Context(), o, storetest.Begin.Add(time.Minute))
		must(err)
	}
	_, _, err = s.Settle(t.Context(), storetest.Begin.Add(time.Minute))
	must(err)
	must(s.CloseArchives(t.Context(), 4, time.Minute))
	_, err = s.DateDocuments(t.Context(), []news.Print{{Name: "feed.rss", Digest: "1", Changed: storetest.Begin}})
	must(err)
	_, err = s.KeepOnce(t.Context(), map[string]string{"guid": "urn:uuid:1"})
	must(err)
	must(s.SaveSubscription(t.Context(), news.Subscription{Callback: "one", Feed: storetest.Feeds[0].URL}))
	must(s.AddSubscriber(t.Context(), news.Subscriber{Callback: "https://reader.example/", Topic: "feed.rss"}))
	must(s.Close())
	text, err := os.ReadFile(path)
	must(err)
	return text
}

// published is all that is made of a store: documents, pages, answers.
func published(s *Store) string {
	all := map[string]any{}
	note := func(what string, value any, err error) {
		if all[what] = value; err != nil {
			all[what] = err.Error()
		}
	}
	about, err := s.About()
	note("about", about, err)
	w, err := s.Window(20, 1000*time.Hour)
	note("window", w, err)
	for n := 1; n <= w.Closed; n++ {
		a, err := s.Archive(n)
		note(fmt.Sprint("archive ", n), a, err)
	}
	var stories []*news.Story
	err = s.EachStory(func(s *news.Story) bool { stories = append(stories, s); return true })
	note("stories", stories, err)
	for _, story := range stories {
		for _, id := range allIDsOf(story) {
			found, err := s.Story(id)
			note("story "+id, found, err)
		}
	}
	var flagged []string
	err = s.EachFlagged(func(s *news.Story) bool { flagged = append(flagged, s.ID); return true })
	note("flagged", flagged, err)
	topics, languages, err := s.TopicsAndLanguages()
	note("words", []any{topics, languages}, err)
	last, counts, err := s.CountByDay(7)
	note("days", []any{last, counts}, err)
	facts, err := s.FeedFacts()
	note("facts", facts, err)
	states, err := s.FeedStates()
	note("states", states, err)
	judgements, err := s.Judgements()
	note("judgements", judgements, err)
	stats, err := s.Stats()
	note("counts", stats.Counts, err)
	kept, err := s.KeepOnce(context.Background(), map[string]string{"guid": ""})
	note("kept", kept, err)
	subscriptions, err := s.Subscriptions()
	note("subscriptions", subscriptions, err)
	subscribers, err := s.Subscribers()
	note("subscribers", subscribers, err)
	next, err := s.NextRelease()
	note("release", next, err)
	text, err := json.Marshal(all)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// damageTrial tries damaged copies of a store.
type damageTrial struct {
	testing.TB
	path        string
	sound       []byte
	scratch     []byte // the same
	published   string
	rules       *identity.Rules
	found, open int // by verify; opened
}

func newDamageTrial(t testing.TB) *damageTrial {
	d := &damageTrial{TB: t, path: filepath.Join(t.TempDir(), "store.db"), sound: desk(t), rules: storetest.Rules(t)}
	d.scratch = bytes.Clone(d.sound)
	if err := os.WriteFile(d.path, d.sound, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, d.path, d.rules)
	d.published = published(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return d
}

// try damages a copy. It is verified as sound only if nothing that is published has changed; it is
// refused as it is, or opens, and then says what is damaged or publishes the same.
func (d *damageTrial) try(what string, damage func(text []byte)) {
	d.Helper()
	text := bytes.Clone(d.sound)
	damage(text)
	if err := os.WriteFile(d.path, text, 0o600); err != nil {
		d.Fatal(err)
	}
	c, err := VerifyFile(d.Context(), d.path, "test")
	sound := err == nil && len(c.Faults) == 0
	if !sound {
		d.found++
	}
	var told []string
	s, err := Open(d.path, d.rules, Options{Version: "test", Unreadable: func(story string, _ error) {
		told = append(told, story)
	}})
	if err != nil {
		if now, reading := os.ReadFile(d.path); reading != nil || !bytes.Equal(now, text) {
			d.Errorf("%s: refused, and changed: %v", what, reading)
		}
		if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer) || sound {
			d.Errorf("%s: verify finds %q, opening %v", what, c.Faults, err)
		}
		return
	}
	d.open++
	s.db.NoSync, s.db.NoGrowSync = true, true // it is thrown away, and a fuzzer waits ten seconds at most
	now := published(s)
	told = append(told, append(s.Opening.Damage, s.Opening.Anew...)...)
	if now != d.published && (sound || len(told) == 0) {
		d.Errorf("%s: verify finds %q; opening tells %q, and what is published is other: %s", what, c.Faults, told,
			firstDifference(d.published, now))
	}
	if err := errors.Join(s.Learn(d.Context(), storetest.Feeds, storetest.Begin.Add(time.Hour)),
		bring(d.TB, s, 3, 12)); err != nil {
		d.Errorf("%s: told %q, and the store does not go on: %v", what, told, err)
	}
	if err := s.Close(); err != nil {
		d.Errorf("%s: %v", what, err)
	}
}

func firstDifference(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	around := func(text string) string { return text[max(0, n-60):min(len(text), n+60)] }
	return around(a) + "\n\tis " + around(b)
}

// bytesInUse are the offsets of the bytes of a file that say something: of pages in use, as far as
// those are.
func bytesInUse(text []byte) (offsets []int) {
	h, _ := readNewestHead(bytes.NewReader(text), int64(len(text)))
	p := &pageChecker{file: bytes.NewReader(text), head: h, used: make([]bool, h.pages), found: inventory{sums: sums{}}}
	if err := p.walkPage(h.root, nil, nil, 0); err != nil {
		return nil
	}
	p.used[0], p.used[1], p.used[h.freelist] = true, true, true
	for page, used := range p.used {
		at := page * int(h.pageSize)
		kind, count := binary.NativeEndian.Uint16(text[at+8:]), int(binary.NativeEndian.Uint16(text[at+10:]))
		end := int(h.pageSize)
		switch {
		case !used:
			continue
		case page < 2:
			end = pageHeader + metaSize
		case kind == pageFree:
			end = pageHeader + 8*count
		case kind == pageLeaf || kind == pageBranch:
			for n := range count {
				if key, value, ok := pageElementAt(text[at:], kind, n); ok {
					end = cap(text) - at - cap(key) + len(key) + len(value) // the last one ends last
				}
			}
		}
		for n := range min(end, int(h.pageSize)) {
			offsets = append(offsets, at+n)
		}
	}
	return offsets
}

// finds reports whether verify finds damage, from the pages alone: only of what it does not find
// there, the file is tried.
func finds(text []byte) bool {
	holds, err := checkPages(bytes.NewReader(text), int64(len(text)))
	return err != nil || holds.judge() != nil || len(holds.faults()) > 0
}

// flipBit flips a bit of a copy; with whole, the copy is opened even if verify finds it damaged.
func (d *damageTrial) flipBit(bit int, whole bool) {
	d.Helper()
	flip := func(text []byte) { text[bit/8] ^= 1 << (bit % 8) }
	flip(d.scratch)
	found := finds(d.scratch)
	flip(d.scratch)
	if found && !whole {
		d.found++
		return
	}
	d.try(fmt.Sprintf("bit %d of byte %d of page %d", bit%8, bit/8%pageSize, bit/8/pageSize), flip)
}

// A store with any single bit flipped is verified as sound only if nothing that it publishes
// changed, and never lost in silence.
func TestAFlippedBitIsFoundOrChangesNothing(t *testing.T) {
	d := newDamageTrial(t)
	random := rand.New(rand.NewPCG(16, 120))
	inUse := bytesInUse(d.sound)
	for n := range 2000 {
		d.flipBit(8*inUse[random.IntN(len(inUse))]+random.IntN(8), n%80 == 0)
	}
	if d.found < 1800 {
		t.Errorf("of 2000 flipped bits in %d bytes in use, verify found %d", len(inUse), d.found)
	}
	t.Logf("of 2000 flipped bits in %d bytes in use of %d, verify found %d; %d stores were opened", len(inUse),
		len(d.sound), d.found, d.open)
}

// FuzzDamage: a store file with any bytes overwritten opens, or is refused as it is; what is lost
// is told.
func FuzzDamage(f *testing.F) {
	d := newDamageTrial(f)
	inUse := bytesInUse(d.sound)
	random := rand.New(rand.NewPCG(16, 121))
	for range 20 {
		f.Add(uint32(inUse[random.IntN(len(inUse))]), []byte{byte(random.Uint32()), byte(random.Uint32())})
	}
	f.Fuzz(func(t *testing.T, at uint32, with []byte) {
		of := *d
		of.TB, of.path = t, filepath.Join(t.TempDir(), "store.db")
		of.try(fmt.Sprintf("%x at %d", with, at), func(text []byte) { copy(text[int(at)%len(text):], with) })
	})
}

// What is asked of a file's pages is so in each that bbolt writes, whatever has come and gone.
func TestEachFileThatIsWrittenIsSound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pages.db")
	db, err := bolt.Open(path, 0o600, &bolt.Options{NoSync: true, PageSize: pageSize})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	random := rand.New(rand.NewPCG(16, 122))
	key := func() []byte { return binary.BigEndian.AppendUint64(nil, uint64(random.IntN(4000))) }
	for round := range 60 {
		if err := db.Update(func(tx *bolt.Tx) error {
			for _, name := range [][]byte{bucketItems, bucketKeys} {
				b, err := tx.CreateBucketIfNotExists(name)
				if err != nil {
					return err
				}
				if random.IntN(3) == 0 {
					b.FillPercent = 1
				}
				from := key()
				for range random.IntN(400) {
					switch {
					case round/15%2 == 0:
						err = b.Put(key(), make([]byte, random.IntN(900)))
					case random.IntN(4) == 0: // a run of them goes, and the pages that they were in
						c := b.Cursor()
						if at, _ := c.Seek(from); at != nil {
							err = c.Delete()
						}
					default:
						err = b.Delete(key())
					}
					if err != nil {
						return err
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := checkPages(bytes.NewReader(text), int64(len(text))); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
}

// damaged opens a store in which what stands at a key has another bit.
func damaged(t *testing.T, bucket, key []byte) *Store {
	t.Helper()
	path := written(t, desk(t))
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket(bucket)
		stored := bytes.Clone(b.Get(key))
		stored[len(stored)/2] ^= 4
		return b.Put(key, stored)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	s := open(t, path, storetest.Rules(t))
	t.Cleanup(func() { s.Close() })
	return s
}

// A feed of which a record cannot be read starts again and is named; the others stay, no story comes
// twice, and the store is sound again.
func TestAFeedThatCannotBeReadStartsAnew(t *testing.T) {
	one := numberKey(1)
	for _, bucket := range [][]byte{
		bucketVisits, bucketTimes, bucketMemory, bucketMarks, bucketParagraphs, bucketFacts, bucketFeeds,
	} {
		t.Run(string(bucket), func(t *testing.T) {
			key, feed := one, storetest.Feeds[0].URL
			if bytes.Equal(bucket, bucketFeeds) {
				key = []byte(feed)
			}
			s := damaged(t, bucket, key)
			if len(s.Opening.Damage) != 1 {
				t.Errorf("told of %q", s.Opening.Damage)
			}
			if again := len(s.Opening.Anew) == 1 && s.Opening.Anew[0] == feed; again == bytes.Equal(bucket, bucketFeeds) {
				t.Errorf("again start %q", s.Opening.Anew)
			}
			before := stories(t, s)
			for _, v := range visits(t, s) {
				if again := v.ETag == ""; again != (v.Feed == feed && len(s.Opening.Anew) > 0) && v.Feed != storetest.Feeds[2].URL {
					t.Errorf("the validators of %s are %q", v.Feed, v.ETag)
				}
			}
			if err := bring(t, s, 0, 12); err != nil || stories(t, s) != before {
				t.Errorf("there were %d stories, there are %d, %v", before, stories(t, s), err)
			}
			if c, err := s.Verify(t.Context()); err != nil || len(c.Faults) > 0 {
				t.Errorf("verify finds %q, %v", c.Faults, err)
			}
		})
	}
}

// A damaged ruling is what its copy says, and the other way round: nothing is damaged any more.
func TestARulingIsKeptTwice(t *testing.T) {
	for _, bucket := range [][]byte{bucketRulings, bucketCopies} {
		s := damaged(t, bucket, numberKey(2))
		if err := s.view(func(tx *sealedTx) error {
			for _, name := range [][]byte{bucketRulings, bucketCopies} {
				var r news.Ruling
				if err := decodeRecord(tx.Bucket(name).Get(numberKey(2)), &r); err != nil || r.Reason != "wrong" {
					t.Errorf("of %s damaged, %s has %+v, %v", bucket, name, r, err)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if c, err := s.Verify(t.Context()); err != nil || len(c.Faults) > 0 || len(s.Opening.Damage) != 1 {
			t.Errorf("verify finds %q, %v; opening told of %q", c.Faults, err, s.Opening.Damage)
		}
	}
}

// A list that is damaged is made again of the stories.
func TestAListIsMadeAgain(t *testing.T) {
	whole := open(t, written(t, desk(t)), storetest.Rules(t))
	defer whole.Close()
	sound := published(whole)
	for _, bucket := range [][]byte{bucketOrder, bucketRecent, bucketFreshIDs, bucketNumbers, bucketGone} {
		path := written(t, desk(t))
		db, err := bolt.Open(path, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(func(tx *bolt.Tx) error {
			c := tx.Bucket(bucket).Cursor()
			c.First()
			return c.Delete()
		})
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		s := open(t, path, storetest.Rules(t))
		if now := published(s); now != sound || len(s.Opening.Damage) != 1 {
			t.Errorf("without an entry of %s, told of %q: %s", bucket, s.Opening.Damage, firstDifference(sound, now))
		}
		if c, err := s.Verify(t.Context()); err != nil || len(c.Faults) > 0 {
			t.Errorf("%s: verify finds %q, %v", bucket, c.Faults, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// An item that cannot be read, and comes again, is a new one: the visits of its feed go on.
func TestAFeedGoesOnWithoutADamagedItem(t *testing.T) {
	for _, bucket := range [][]byte{bucketItems, bucketStories} {
		s := damaged(t, bucket, numberKey(5))
		before := stories(t, s)
		if err := bring(t, s, 0, 12); err != nil {
			t.Errorf("of %s damaged: %v", bucket, err)
		}
		if now := stories(t, s); now < before || now > before+12 || len(s.LeftOut()) != 1 {
			t.Errorf("of %s damaged, there were %d stories, and there are %d; left out is %q", bucket, before, now, s.LeftOut())
		}
	}
}
