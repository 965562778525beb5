package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/cases"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// checkCases fails the test where the cases that are kept are others than those that the stories and
// feeds ask now, looked at from the beginning; but for what an editor holds or left as it is.
func checkCases(t *testing.T, s *Store) {
	t.Helper()
	list := func(tx *sealedTx) (asked []string) {
		err := tx.Bucket(bucketAsked).ForEach(func(key, _ []byte) error {
			r, err := readCaseRecord(tx, numberFromKey(key))
			if isLost(err) {
				return nil
			}
			if err == nil && r.Holds == 0 {
				asked = append(asked, fmt.Sprint(r.Kind, " ", r.Stories, " ", r.Feed, " ", r.Kinds))
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		slices.Sort(asked)
		return asked
	}
	var kept, now []string
	answered := map[string]bool{} // what an editor holds or left as it is
	err := s.update(t.Context(), func(tx txn) error {
		kept = list(tx.sealedTx)
		err := tx.Bucket(bucketCases).ForEach(func(_, text []byte) error {
			var r cases.Record
			if err := decodeRecord(text, &r); err != nil {
				return err
			}
			if about := fmt.Sprint(r.Stories, " ", r.Feed); r.Holds != 0 || r.Dismissed != 0 {
				answered[about] = true
			}
			return nil
		})
		for _, name := range [][]byte{bucketCases, bucketQuestions, bucketAsked} {
			b := tx.Bucket(name)
			var keys [][]byte
			err = errors.Join(err, b.ForEach(func(key, _ []byte) error {
				keys = append(keys, slices.Clone(key))
				return nil
			}))
			for _, key := range keys {
				err = errors.Join(err, b.Delete(key))
			}
		}
		tx.silent = true
		var stories []*news.Story
		err = errors.Join(err, tx.Bucket(bucketOrder).ForEach(func(_, n []byte) error {
			story, err := readStory(tx.sealedTx, numberFromKey(n))
			stories = append(stories, story)
			return err
		}))
		const early = -100 * 24 * time.Hour // nothing has been asked for too long
		at := time.Now().Add(early)
		err = errors.Join(err, noteCasesOfStories(tx, stories, nil, at))
		err = errors.Join(err, tx.Bucket(bucketFeeds).ForEach(func(url, _ []byte) error {
			return noteCasesOfFeed(tx, string(url), at)
		}))
		now = list(tx.sealedTx)
		return errors.Join(err, errDry)
	})
	if !errors.Is(err, errDry) || strings.Contains(err.Error(), "\n") {
		t.Fatal(err)
	}
	isAnswered := func(line string) bool {
		for about, is := range answered {
			if is && strings.Contains(line, " "+about+" ") {
				return true
			}
		}
		return false
	}
	now = slices.DeleteFunc(now, isAnswered)
	kept = slices.DeleteFunc(kept, isAnswered)
	if !slices.Equal(kept, now) {
		t.Errorf("the cases are\n\t%s\nand what is asked is\n\t%s", strings.Join(kept, "\n\t"), strings.Join(now, "\n\t"))
	}
}

// council is a desk on which two stations' stories have one headline.
type council struct {
	*Store
	t    *testing.T
	path string
	now  time.Time
	a, b string // ids of the stories
}

func newCouncil(t *testing.T) *council {
	c := &council{t: t, path: filepath.Join(t.TempDir(), "store.db"), now: storetest.Begin}
	c.open()
	c.must(c.Learn(t.Context(), storetest.Feeds, c.now))
	const title = "Council votes on water rates on Tuesday"
	c.visit(0, storetest.Entry("ajo", "council", title, c.now.Add(-time.Hour)))
	c.visit(1, storetest.Entry("kmsa", "rates", title, c.now.Add(-4*time.Hour)))
	for _, name := range []struct {
		guid string
		id   *string
	}{{"https://ajo.example/?p=council", &c.a}, {"https://kmsa.example/?p=rates", &c.b}} {
		found, err := c.Lookup(name.guid)
		c.must(err)
		*name.id = found[0].ID
	}
	t.Cleanup(func() { c.must(c.Close()) })
	return c
}

func (c *council) open() { c.Store = open(c.t, c.path, storetest.Rules(c.t)) }

func (c *council) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *council) visit(station int, entries ...news.Entry) {
	c.t.Helper()
	feed := storetest.Feeds[station]
	_, err := c.Save(c.t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station, Due: c.now.Add(time.Hour)},
		&identity.Arrival{Feed: feed, At: c.now, Whole: true, Entries: entries}, nil)
	c.must(err)
	c.settle()
}

func (c *council) settle() {
	c.t.Helper()
	_, _, err := c.Settle(c.t.Context(), c.now)
	c.must(err)
	c.now = c.now.Add(time.Minute)
}

// decide has an editor decide, and gives the number of the decision.
func (c *council) decide(o news.Order) uint64 {
	c.t.Helper()
	ruled, err := c.Rule(c.t.Context(), o, c.now)
	c.must(err)
	c.settle()
	checkCases(c.t, c.Store)
	return ruled.Decision.Number
}

// expect fails the test if the only case that waits is not the pair in a state, or with "" if one waits.
func (c *council) expect(when string, state news.CaseState) {
	c.t.Helper()
	list, err := c.Cases(c.now)
	c.must(err)
	n, err := c.CountOpenCases(c.now)
	c.must(err)
	switch {
	case state == "" && len(list) == 0 && n == 0:
	case state != "" && len(list) == 1 && list[0].Number == 1 && list[0].State == state &&
		list[0].Kind == news.CasePair && slices.Equal(list[0].Stories, []string{min(c.a, c.b), max(c.a, c.b)}) &&
		(n == 1) == (state == news.CaseOpen):
	default:
		c.t.Errorf("%s: %d are open of %+v", when, n, list)
	}
}

// The case of a pair keeps its number through all that is decided and undone, and over restarts.
func TestAPairIsOneCaseWhateverIsDecidedAndUndone(t *testing.T) {
	c := newCouncil(t)
	c.expect("at first", news.CaseOpen)
	both := []string{c.a, c.b}
	for _, d := range []struct {
		name  string
		order news.Order
		state news.CaseState
	}{
		{"joined", news.Order{Verb: news.Join, Stories: both}, ""},
		{"joined, with who made it", news.Order{Verb: news.Join, Stories: both, Maker: "ajo"}, ""},
		{"said to be two", news.Order{Verb: news.Split, Stories: both}, ""},
		{"both held", news.Order{Verb: news.Hold, Stories: both}, news.CaseHeld},
		{"left as it is", news.Order{Verb: news.Dismiss, Case: 1}, ""},
		{"one withdrawn", news.Order{Verb: news.Retract, Stories: both[:1], Reason: "it is wrong"}, ""},
	} {
		number := c.decide(d.order)
		c.expect(d.name, d.state)
		known, err := c.Case(1, c.now)
		c.must(err)
		if d.state == "" && (known.State != news.CaseDecided || known.Decision != number) ||
			d.state == news.CaseHeld && known.Decision != number {
			t.Errorf("%s: %+v, decided by %d", d.name, known, number)
		}
		c.must(c.Close())
		c.open()
		c.expect(d.name+", after a restart", d.state)
		c.decide(news.Order{Verb: news.Undo, Decision: number})
		c.expect(d.name+", and undone", news.CaseOpen)
	}
}

func TestWhatIsHeldForAPairIsDecidedWhenItIsReleased(t *testing.T) {
	c := newCouncil(t)
	both := []string{c.a, c.b}
	c.decide(news.Order{Verb: news.Hold, Stories: both, Case: 1})
	c.expect("held", news.CaseHeld)
	c.decide(news.Order{Verb: news.Release, Stories: both})
	c.expect("released", news.CaseOpen)
	c.decide(news.Order{Verb: news.Split, Stories: both, Case: 1})
	c.expect("said to be two", "")
	of, err := c.CasesOf(c.a, c.now)
	if err != nil || len(of) != 0 {
		t.Errorf("%+v, %v", of, err)
	}
}

// What was held until it is known whether two stories are one is published when that is answered, by one
// decision; its undo holds it again.
func TestWhatIsHeldForAPairIsPublishedWhenThatIsAnswered(t *testing.T) {
	for _, answer := range []struct {
		name  string
		order news.Order
		live  int
	}{
		{"two", news.Order{Verb: news.Split}, 2},
		{"one", news.Order{Verb: news.Join}, 1},
		{"one, made by the second", news.Order{Verb: news.Join, Maker: "kmsa"}, 1},
		{"one, made elsewhere", news.Order{Verb: news.Join, Maker: news.NoMaker}, 1},
	} {
		t.Run(answer.name, func(t *testing.T) {
			c := newCouncil(t)
			both := []string{c.a, c.b}
			statuses := func() map[news.Status]int {
				found := map[news.Status]int{}
				for id := range map[string]bool{c.story(c.a).ID: true, c.story(c.b).ID: true} {
					found[c.story(id).Status]++
				}
				return found
			}
			before := c.story(c.a).Modified
			c.decide(news.Order{Verb: news.Hold, Stories: both, Case: 1})
			c.expect("held", news.CaseHeld)
			o := answer.order
			o.Stories, o.Case = both, 1
			number := c.decide(o)
			c.expect("answered", "")
			if got := statuses(); got[news.Live] != answer.live || len(got) != 1 {
				t.Errorf("answered: %v", got)
			}
			if known, err := c.Case(1, c.now); err != nil || known.State != news.CaseDecided || known.Decision != number {
				t.Errorf("answered: %+v, %v", known, err)
			}
			if answer.order.Verb == news.Split && !c.story(c.a).Modified.Equal(before) {
				t.Errorf("modified was %v, and is %v", before, c.story(c.a).Modified)
			}
			c.decide(news.Order{Verb: news.Undo, Decision: number})
			if got := statuses(); got[news.Held] != 2 {
				t.Errorf("undone: %v", got)
			}
			c.expect("undone", news.CaseHeld)
			c.decide(o)
			c.expect("answered again", "")
			if got := statuses(); got[news.Live] != answer.live || len(got) != 1 {
				t.Errorf("answered again: %v", got)
			}
		})
	}
}

// A case follows its story into the one that it is joined to, and back when that is undone.
func TestACaseComesBackWithItsStory(t *testing.T) {
	for _, held := range []bool{false, true} {
		c := newCouncil(t)
		wells := storetest.Entry("kmsa", "wells", "Wells run dry along the river", c.now.Add(-9*time.Hour))
		c.visit(1, wells, storetest.Entry("kmsa", "rates", "Council votes on water rates on Tuesday", c.now.Add(-4*time.Hour)))
		found, err := c.Lookup("https://kmsa.example/?p=wells")
		c.must(err)
		state := news.CaseOpen
		if held {
			state = news.CaseHeld
			c.decide(news.Order{Verb: news.Hold, Stories: []string{c.a, c.b}, Case: 1})
		}
		for _, joined := range []string{c.a, c.b} {
			number := c.decide(news.Order{Verb: news.Join, Stories: []string{found[0].ID, joined}})
			c.decide(news.Order{Verb: news.Undo, Decision: number})
			c.expect("joined and parted", state)
		}
	}
}

// A pair that is answered without its case is not published: who types a command sees what is held.
func TestAnAnswerByCommandLeavesWhatIsHeld(t *testing.T) {
	c := newCouncil(t)
	both := []string{c.a, c.b}
	c.decide(news.Order{Verb: news.Hold, Stories: both, Case: 1})
	c.decide(news.Order{Verb: news.Split, Stories: both})
	if s := c.story(c.a); s.Status != news.Held {
		t.Errorf("it is %s", s.Status)
	}
}

func (c *council) story(id string) *news.Story {
	c.t.Helper()
	story, err := c.Story(id)
	c.must(err)
	return story
}

// A file of an earlier version has flags and no cases: it gets them when it is first used.
func TestWhatAnEarlierVersionAskedGetsCases(t *testing.T) {
	c := newCouncil(t)
	c.must(c.update(t.Context(), func(tx txn) error {
		err := tx.Bucket(bucketMeta).Delete(keyCasesKept)
		for _, name := range [][]byte{bucketCases, bucketQuestions, bucketAsked} {
			var keys [][]byte
			err = errors.Join(err, tx.Bucket(name).ForEach(func(key, _ []byte) error {
				keys = append(keys, slices.Clone(key))
				return nil
			}), tx.Bucket(name).SetSequence(0))
			for _, key := range keys {
				err = errors.Join(err, tx.Bucket(name).Delete(key))
			}
		}
		return err
	}))
	c.expect("without cases", "")
	configuration := Configuration{Rules: storetest.Rules(t), Mark: "m", Feeds: storetest.Feeds}
	c.must(c.Configure(t.Context(), configuration, c.now))
	c.expect("used by this version", news.CaseOpen)
	c.must(c.Configure(t.Context(), configuration, c.now))
	c.expect("used again", news.CaseOpen)
}

// What is not published is listed by itself, and leaves the list with what it was.
func TestHeldAndWithdrawnStoriesAreListedByThemselves(t *testing.T) {
	c := newCouncil(t)
	list := func(each func(func(*news.Story) bool) error) (ids []string) {
		c.must(each(func(s *news.Story) bool { ids = append(ids, s.ID); return true }))
		return ids
	}
	expect := func(when string, held, withdrawn []string) {
		t.Helper()
		if h, w := list(c.EachHeld), list(c.EachWithdrawn); !slices.Equal(h, held) || !slices.Equal(w, withdrawn) {
			t.Errorf("%s: %q are held, %q withdrawn", when, h, w)
		}
	}
	expect("at first", nil, nil)
	c.decide(news.Order{Verb: news.Hold, Stories: []string{c.a}})
	c.decide(news.Order{Verb: news.Retract, Stories: []string{c.b}, Reason: "it is wrong"})
	expect("one of each", []string{c.a}, []string{c.b})
	c.must(c.Close())
	c.open()
	expect("after a restart", []string{c.a}, []string{c.b})
	c.decide(news.Order{Verb: news.Undo})
	c.decide(news.Order{Verb: news.Release, Stories: []string{c.a}})
	expect("released and restored", nil, nil)
}

// A case whose record is damaged is not shown, and hides no other; it is asked again when its stories
// change.
func TestADamagedCaseHidesNoOther(t *testing.T) {
	c := newCouncil(t)
	c.must(c.update(t.Context(), func(tx txn) error {
		return tx.Bucket(bucketCases).Bucket.Put(numberKey(1), []byte("Cxxxxyyyy"))
	}))
	list, err := c.Cases(c.now)
	n, countErr := c.CountOpenCases(c.now)
	if err != nil || countErr != nil || len(list) != 0 || n != 0 {
		t.Errorf("%+v, %d are open, %v, %v", list, n, err, countErr)
	}
	c.decide(news.Order{Verb: news.Hold, Stories: []string{c.a}})
	list, err = c.Cases(c.now)
	if err != nil || len(list) != 1 || list[0].Number != 2 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestACaseEndsWhenOneOfItsStoriesIsForgotten(t *testing.T) {
	c := newCouncil(t)
	_, err := c.Forget(t.Context(), storetest.Feeds[0].URL, storetest.Begin.Add(-time.Hour), c.now,
		news.Ruling{User: "eva"}, false)
	c.must(err)
	c.settle()
	c.expect("forgotten", "")
	checkCases(t, c.Store)
}
