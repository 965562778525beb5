package store

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// forgetful is a desk of two stations, of which Radio Ajo's feed has gone wrong since Begin.
type forgetful struct {
	*Store
	t     *testing.T
	rules *identity.Rules
	path  string
	now   time.Time
}

func newForgetful(t *testing.T) *forgetful {
	f := &forgetful{t: t, rules: storetest.Rules(t), path: filepath.Join(t.TempDir(), "store.db"),
		now: storetest.Begin.Add(-2 * time.Hour)}
	f.Store = open(t, f.path, f.rules)
	t.Cleanup(func() { f.must(f.Close()) })
	f.must(f.Learn(t.Context(), storetest.Feeds, f.now))
	return f
}

func (f *forgetful) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// visit saves a document of a station, settles, and moves on by an hour.
func (f *forgetful) visit(station int, entries ...news.Entry) {
	f.t.Helper()
	feed := storetest.Feeds[station]
	_, err := f.Save(f.t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station, Due: f.now.Add(time.Hour)},
		&identity.Arrival{Feed: feed, At: f.now, Whole: true, Entries: entries}, nil)
	f.must(err)
	_, _, err = f.Settle(f.t.Context(), f.now)
	f.must(err)
	f.now = f.now.Add(time.Hour)
}

func (f *forgetful) forget(dry bool) Forgotten {
	f.t.Helper()
	a, err := f.Forget(f.t.Context(), storetest.Feeds[0].URL, storetest.Begin, f.now, news.Ruling{User: "eva"}, dry)
	f.must(err)
	f.sound()
	return a
}

// sound fails the test if something is wrong with the store.
func (f *forgetful) sound() {
	f.t.Helper()
	c, err := verifyDatabase(f.t.Context(), f.db)
	f.must(err)
	if len(c.Faults) > 0 {
		f.t.Errorf("the store is not sound: %q", c.Faults)
	}
}

// told lists the stories by the slugs of their items.
func (f *forgetful) told() (list []string) {
	f.must(f.EachStory(func(s *news.Story) bool {
		line := string(s.Status)
		for _, i := range s.Items {
			line += " " + i.Entry.Title
		}
		list = append(list, line)
		return true
	}))
	slices.Sort(list)
	return list
}

func (f *forgetful) entry(station, slug string, links ...string) news.Entry {
	e := storetest.Entry(station, slug, station+" on "+slug, f.now)
	for _, l := range links {
		e.Links = append(e.Links, news.Link{Rel: "canonical", URL: l})
	}
	e.Digest[0] ^= byte(len(links))
	e.Digest[1] ^= byte(f.now.Unix() / 3600)
	return e
}

func TestWhatAFeedBroughtSinceATimeIsForgotten(t *testing.T) {
	f := newForgetful(t)
	before := f.entry("ajo", "before")
	f.visit(0, before)
	f.visit(1, f.entry("kmsa", "fence"), f.entry("kmsa", "canal"))
	// From Begin on the feed claims and floods: a copy of KMSA's, a story of its own, one that KMSA
	// copies, and 300 old ones, which are held.
	claiming := f.entry("ajo", "before", "https://kmsa.example/2031/02/canal")
	bad := []news.Entry{claiming, f.entry("ajo", "copy", "https://kmsa.example/2031/02/fence"), f.entry("ajo", "alone"),
		f.entry("ajo", "copied")}
	for n := range 300 {
		e := storetest.Entry("ajo", fmt.Sprint("old-", n), fmt.Sprint("ajo on old-", n), f.now.Add(-1000*time.Hour))
		bad = append(bad, e)
	}
	f.visit(0, bad...)
	f.visit(1, f.entry("kmsa", "follows", "https://ajo.example/2031/02/copied"))
	want := []string{"live ajo on alone", "live ajo on before kmsa on canal", "live ajo on copied kmsa on follows",
		"live kmsa on fence ajo on copy"}
	published := slices.DeleteFunc(f.told(), func(s string) bool { return s[:4] == "held" })
	if !slices.Equal(published, want) {
		t.Fatalf("at first %q", published)
	}
	alone, err := f.Lookup("https://ajo.example/2031/02/alone")
	f.must(err)
	// Editors have ruled on what is to be forgotten.
	stories := map[string]*news.Story{}
	f.must(f.EachStory(func(s *news.Story) bool { stories[s.Items[0].Entry.Title] = s; return true }))
	_, err = f.Rule(t.Context(), identity.Order{Verb: news.Join,
		Stories: []string{stories["ajo on copied"].ID, stories["kmsa on fence"].ID}}, f.now)
	f.must(err)
	_, err = f.Rule(t.Context(), identity.Order{Verb: news.Retract, Stories: []string{stories["ajo on old-8"].ID}, Reason: "wrong"}, f.now)
	f.must(err)

	same := func() { // a ruling that has to be mended must not bring forgotten items back
		t.Helper()
		f.must(f.db.View(func(tx *bolt.Tx) error {
			return tx.Bucket(bucketRulings).ForEach(func(key, _ []byte) error {
				var r, c news.Ruling
				s := &sealedTx{Tx: tx}
				f.must(decodeRecord(s.Bucket(bucketRulings).Get(key), &r))
				f.must(decodeRecord(s.Bucket(bucketCopies).Get(key), &c))
				if !slices.Equal(r.Items, c.Items) || !slices.Equal(r.With, c.With) {
					t.Errorf("ruling %d binds %v and %v, its copy %v and %v", r.Number, r.Items, r.With, c.Items, c.With)
				}
				return nil
			})
		}))
	}
	size, dry := f.told(), f.forget(true)
	if again := f.told(); !slices.Equal(again, size) {
		t.Errorf("a dry run changed %q to %q", size, again)
	}
	done := f.forget(false)
	if done.Items != 302 || done.Claims != 1 || !slices.Equal(done.Withdrawn, []string{alone[0].ID}) ||
		len(done.Changed) != 2 || dry.Items != done.Items || !slices.Equal(dry.Withdrawn, done.Withdrawn) {
		t.Errorf("forgotten is %+v, and was to be %+v", done, dry)
	}
	same()
	_, _, err = f.Settle(t.Context(), f.now)
	f.must(err)
	want = []string{"live ajo on before kmsa on canal", "live kmsa on fence kmsa on follows",
		"retracted ajo on alone"} // what was joined by a claim stays joined until an editor splits it
	if have := f.told(); !slices.Equal(have, want) {
		t.Errorf("left are %q, want %q", have, want)
	}
	if s, err := f.Story(alone[0].PublicID); err != nil || s.Number != alone[0].Number || s.Pruned.IsZero() ||
		s.Items[0].Entry.Summary != "" {
		t.Errorf("the withdrawn story is %+v, %v", s, err)
	}
	if found, err := f.Lookup("https://ajo.example/2031/02/old-7"); err != nil || len(found) != 0 {
		t.Errorf("what was forgotten leads to %d stories, %v", len(found), err)
	}
	if flags, err := f.FeedFlags(storetest.Feeds[0].URL); err != nil || len(flags) != 0 {
		t.Errorf("the feed's flags are %+v, %v", flags, err)
	}

	// All goes on, also after a restart: visits of both, rulings, and the rules over everything.
	f.must(f.Close())
	f.Store = open(t, f.path, f.rules)
	f.visit(1, f.entry("kmsa", "fence"), f.entry("kmsa", "canal"), f.entry("kmsa", "follows"))
	f.visit(0, f.entry("ajo", "before"), f.entry("ajo", "alone"), f.entry("ajo", "old-7"))
	_, err = f.Refold(t.Context(), f.now, false)
	f.must(err)
	canal, err := f.Lookup("https://kmsa.example/2031/02/canal")
	f.must(err)
	_, err = f.Rule(t.Context(), identity.Order{Verb: news.Hold, Stories: []string{canal[0].ID}}, f.now)
	f.must(err)
	f.sound()
	want = []string{"held ajo on before kmsa on canal", "live ajo on old-7", "live kmsa on fence kmsa on follows",
		"retracted ajo on alone"}
	if have := f.told(); !slices.Equal(have, want) {
		t.Errorf("in the end %q, want %q: a withdrawn story stays so, and what comes again is new", have, want)
	}
}

// Items that are forgotten take with them all that they were found by.
func TestNoKeyLeadsToWhatIsForgotten(t *testing.T) {
	f := newForgetful(t)
	f.visit(0, f.entry("ajo", "before"))
	f.now = storetest.Begin
	for n := range 20 { // its record outgrows what it was known by
		e := f.entry("ajo", "before")
		e.GUID = fmt.Sprint("guid-", n)
		e.Digest[2] = byte(n)
		f.visit(0, e, f.entry("ajo", fmt.Sprint("new-", n)))
	}
	if done := f.forget(false); done.Items != 0 || len(done.Withdrawn) != 20 {
		t.Errorf("%+v", done)
	}
	keys := 0
	f.must(f.db.View(func(tx *bolt.Tx) error {
		for _, b := range [][]byte{bucketKeys, bucketFreshKeys} {
			keys += tx.Bucket(b).Inspect().KeyN
		}
		return nil
	}))
	items, err := f.Lookup("https://ajo.example/2031/02/before")
	f.must(err)
	want := 0
	f.must(f.EachStory(func(s *news.Story) bool {
		for _, i := range s.Items {
			want += len(f.rules.Keys(i))
		}
		return true
	}))
	if len(items) != 1 || keys != want {
		t.Errorf("%d keys lead to items, whose records have %d", keys, want)
	}
}

func TestAFeedThatIsNotKnownCannotBeForgotten(t *testing.T) {
	f := newForgetful(t)
	if _, err := f.Forget(t.Context(), "https://nobody.example/", f.now, f.now, news.Ruling{}, false); err != ErrUnknown {
		t.Errorf("%v", err)
	}
}

// A server that answers 304 to the last document's validators would keep from the desk what is in it.
func TestTheNextVisitAfterForgettingAsksForTheWholeDocument(t *testing.T) {
	f := newForgetful(t)
	f.visit(1, f.entry("kmsa", "fence"))
	f.now = storetest.Begin
	feed := storetest.Feeds[0]
	_, err := f.Save(t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station, Due: f.now.Add(time.Hour),
		ETag: `"1"`, LastModified: "Mon, 03 Feb 2031 12:00:00 GMT", Items: 1}, &identity.Arrival{Feed: feed, At: f.now,
		Whole: true, Entries: []news.Entry{f.entry("ajo", "copy", "https://kmsa.example/2031/02/fence")}}, nil)
	f.must(err)
	state := func() news.FeedState {
		t.Helper()
		states, err := f.FeedStates()
		f.must(err)
		return states[slices.IndexFunc(states, func(v news.FeedState) bool { return v.Feed == feed.URL })]
	}
	if f.forget(true); state().ETag == "" {
		t.Error("a dry run took the validators off")
	}
	before := state()
	before.ETag, before.LastModified = "", ""
	done := f.forget(false)
	if after := state(); done.Items != 1 || !reflect.DeepEqual(after, before) {
		t.Errorf("%d items were dropped; the state is\n%+v, want\n%+v", done.Items, after, before)
	}
}

// What is damaged keeps nobody from dropping the rest.
func TestForgettingPassesOverRecordsThatCannotBeRead(t *testing.T) {
	for name, bucket := range map[string][]byte{"item": bucketItems, "story": bucketStories} {
		t.Run(name, func(t *testing.T) {
			f := newForgetful(t)
			f.visit(1, f.entry("kmsa", "fence"))
			f.now = storetest.Begin
			f.visit(0, f.entry("ajo", "lost"), f.entry("ajo", "copy", "https://kmsa.example/2031/02/fence"),
				f.entry("ajo", "alone"))
			lost, err := f.Lookup("https://ajo.example/2031/02/lost")
			f.must(err)
			number := lost[0].Number
			if name == "item" {
				number = lost[0].Items[0].Number
			}
			f.must(updateFile(f.db, func(tx *sealedTx) error {
				return tx.Bucket(bucket).Put(numberKey(number), []byte("{"))
			}))
			done, err := f.Forget(t.Context(), storetest.Feeds[0].URL, storetest.Begin, f.now, news.Ruling{}, false)
			if err != nil || len(done.Withdrawn) != 1 || len(done.Changed) != 1 {
				t.Fatalf("forgotten is %+v, %v", done, err)
			}
			want := []string{"live kmsa on fence", "retracted ajo on alone"}
			if have := f.told(); !slices.Equal(have, want) {
				t.Errorf("left are %q, want %q", have, want)
			}
		})
	}
}
