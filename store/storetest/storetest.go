// Package storetest is the contract that every store must pass.
package storetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Store is a store under test.
type Store interface {
	Learn(ctx context.Context, feeds []news.Feed, now time.Time) error
	Claim(ctx context.Context, now time.Time, hold func(feed string, take bool) time.Duration) (v news.Visit, wait time.Duration, ok bool, err error)
	Lease(ctx context.Context, feed string, now time.Time) (v news.Visit, ok bool, err error)
	Save(ctx context.Context, v news.Visit, a *identity.Arrival, f *news.Facts) (news.Saved, error)
	Later(ctx context.Context, v news.Visit) error
	Flush(ctx context.Context) error
	Seen(feed string) (map[news.Digest]bool, error)
	Settle(ctx context.Context, now time.Time) (revision uint64, published []news.Publication, err error)
	Pause(ctx context.Context, feeds []string, until time.Time) error
	Reschedule(ctx context.Context, feeds []news.Feed, now time.Time, shift time.Duration) error
	Visits() ([]news.Visit, error)
	Newest(do func(*news.Story) bool) error
	Window(n int, maxAge time.Duration) (news.Window, error)
	CloseArchives(ctx context.Context, n int, maxAge time.Duration) error
	Archive(n int) (news.Archive, error)
	Words() (topics, languages []string, err error)
	Days(n int) (last time.Time, counts []int, err error)
	Keep(ctx context.Context, values map[string]string) (map[string]string, error)
	Since(ctx context.Context, documents []news.Print) ([]time.Time, error)
	Authority() (host string, year int, err error)
	Flag(ctx context.Context, id string, flag news.Flag) error
	Story(id string) (*news.Story, error)
	Lookup(what string) ([]*news.Story, error)
	Facts() (map[string]news.Facts, error)
	Stamp(ctx context.Context, fingerprint string, now time.Time) (time.Time, error)
	Read() (read bool, made time.Time, err error)
	Rule(ctx context.Context, o identity.Order, now time.Time) (rulings []news.Ruling, stories []*news.Story, err error)
	Rulings(story *news.Story) ([]news.Ruling, error)
	Until() (time.Time, error)
	Ask(ctx context.Context, a identity.Arrival) (questions []identity.Question, due bool, err error)
	Close() error
}

// Maker opens the store under test, at one place: a store that was closed opens
// again with what it held.
type Maker func(t testing.TB, rules *identity.Desk) Store

// Feeds of the desk that the contract is tried on: two stations, far from due.
var Feeds = []news.Feed{
	{Station: "ajo", URL: "https://ajo.example/rss.xml", Every: time.Hour},
	{Station: "kmsa", URL: "https://kmsa.example/rss.xml", Every: time.Hour},
}

// Begin is when the contract's first visits are.
var Begin = time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)

// Rules are those of the desk that the contract is tried on.
func Rules(t testing.TB) *identity.Desk {
	t.Helper()
	desk := news.Desk{Title: "Fronteras Desk", URL: "https://fronteras.example", Credit: "From the {{.Desk}}."}
	table, err := link.New(link.Rules{})
	if err != nil {
		t.Fatal(err)
	}
	words, err := credit.New(desk)
	if err != nil {
		t.Fatal(err)
	}
	var stations []news.Station
	for _, f := range Feeds {
		stations = append(stations, news.Station{ID: f.Station, Name: "Radio " + f.Station, URL: "https://" + f.Station + ".example", Hosts: []string{f.Station + ".example"}, Feeds: []news.Feed{f}})
	}
	return identity.New(identity.Config{Desk: desk, Stations: stations, Links: table, Credit: words, Pages: true})
}

// Run tries the contract.
func Run(t *testing.T, open func(t *testing.T) Maker, unknown error) {
	for name, test := range map[string]func(*testing.T, *trial){
		"a visit is given once within its lease":             claimedOnce,
		"a claim says how long until a visit is due":         claimWaits,
		"first visits are spread, always alike":              firstVisitsSpread,
		"a lease runs out":                                   leaseRunsOut,
		"an interrupted visit waits its interval":            interruptedVisitWaits,
		"a feed that is gone retires, and may return":        feedRetires,
		"a claim passes over hosts that are busy":            claimPassesOver,
		"a pause holds for all feeds of a server":            pauseHolds,
		"times are set right when the clock was not":         rescheduled,
		"a visit without a document changes itself":          visitAlone,
		"a visit that is saved later is there after a flush": savedLater,
		"nothing is saved when the caller has ended":         savedNothing,
		"a document makes stories":                           documentMakesStories,
		"saving twice changes nothing":                       savedTwice,
		"ids come with settling and stay":                    idsStay,
		"everything is there after closing":                  reopened,
		"stories are found by all that they were known by":   lookedUp,
		"the window holds what belongs in the feed":          window,
		"every story is in the window or the archive":        archived,
		"a joined story leaves the archive":                  joinedInArchive,
		"topics and languages stay known":                    words,
		"days are counted":                                   days,
		"what is kept once stays":                            keptOnce,
		"bytes have a date that moves with them":             dated,
		"a change to an item raises the revision":            revisionRises,
		"a fingerprint has a date":                           stamped,
		"a ruling is kept and binds":                         ruled,
		"a ruling that cannot be changes nothing":            ruledOut,
		"joined stories can be split":                        joinedAndSplit,
		"a held story waits for its time":                    heldUntil,
		"asking changes nothing":                             asked,
	} {
		t.Run(name, func(t *testing.T) {
			tr := &trial{t: t, make: open(t), unknown: unknown, rules: Rules(t)}
			tr.open()
			defer tr.close()
			tr.must(tr.Learn(t.Context(), Feeds, Begin))
			test(t, tr)
		})
	}
}

// trial is one test with its store.
type trial struct {
	Store
	t       *testing.T
	make    Maker
	unknown error
	rules   *identity.Desk
}

func (tr *trial) open()  { tr.Store = tr.make(tr.t, tr.rules) }
func (tr *trial) close() { tr.must(tr.Close()) }

func (tr *trial) must(err error) {
	tr.t.Helper()
	if err != nil {
		tr.t.Fatal(err)
	}
}

// Entry makes an entry of a station's.
func Entry(station, slug, title string, published time.Time) news.Entry {
	e := news.Entry{
		GUID: "https://" + station + ".example/?p=" + slug, URL: "https://" + station + ".example/2031/02/" + slug, Title: title,
		Summary: "<p>" + title + ", in short.</p>", Published: published,
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v", e))
	copy(e.Digest[:], sum[:])
	return e
}

// visit brings a document of a feed.
func (tr *trial) visit(feed news.Feed, at time.Time, entries ...news.Entry) news.Saved {
	tr.t.Helper()
	v := news.Visit{Feed: feed.URL, Station: feed.Station, Due: at.Add(time.Hour), Visited: at, Success: at, ETag: `"` + at.String() + `"`}
	saved, err := tr.Save(tr.t.Context(), v, &identity.Arrival{Feed: feed, At: at, Whole: true, Entries: entries}, &news.Facts{Title: feed.Station})
	tr.must(err)
	return saved
}

func (tr *trial) settle(at time.Time) uint64 {
	tr.t.Helper()
	revision, _, err := tr.Settle(tr.t.Context(), at)
	tr.must(err)
	return revision
}

// titles lists the published stories, newest first.
func (tr *trial) titles() []string {
	tr.t.Helper()
	var list []string
	tr.must(tr.Newest(func(s *news.Story) bool {
		list = append(list, s.Item(s.Shown).Entry.Title)
		return true
	}))
	return list
}

func (tr *trial) wantTitles(want ...string) {
	tr.t.Helper()
	if have := tr.titles(); !slices.Equal(have, want) {
		tr.t.Errorf("stories %q, want %q", have, want)
	}
}

func (tr *trial) feedVisit(feed string) news.Visit {
	tr.t.Helper()
	visits, err := tr.Visits()
	tr.must(err)
	for _, v := range visits {
		if v.Feed == feed {
			return v
		}
	}
	tr.t.Fatalf("no visit of %s", feed)
	return news.Visit{}
}

func claimedOnce(t *testing.T, tr *trial) {
	now := Begin.Add(2 * time.Minute)
	given := map[string]bool{}
	for range Feeds {
		v, _, ok, err := tr.Claim(t.Context(), now, free)
		tr.must(err)
		if !ok || given[v.Feed] {
			t.Fatalf("claim gave %q, %t", v.Feed, ok)
		}
		given[v.Feed] = true
	}
	if v, wait, ok, err := tr.Claim(t.Context(), now, free); ok || wait <= 0 || err != nil {
		t.Errorf("a leased visit was given: %q, wait %v, %v", v.Feed, wait, err)
	}
	if _, ok, err := tr.Lease(t.Context(), Feeds[0].URL, now); ok || err != nil {
		t.Errorf("a leased visit was leased again: %v", err)
	}
}

func claimWaits(t *testing.T, tr *trial) {
	for _, f := range Feeds {
		tr.visit(f, Begin)
	}
	_, wait, ok, err := tr.Claim(t.Context(), Begin.Add(20*time.Minute), free)
	if ok || wait != 40*time.Minute || err != nil {
		t.Errorf("wait %v, %t, %v; want 40 minutes", wait, ok, err)
	}
	if v, _, ok, err := tr.Claim(t.Context(), Begin.Add(time.Hour), free); !ok || err != nil {
		t.Errorf("claim gave %q, %t, %v, want a due visit", v.Feed, ok, err)
	}
}

// free lets every host be asked.
func free(string, bool) time.Duration { return 0 }

func claimPassesOver(t *testing.T, tr *trial) {
	now := Begin.Add(2 * time.Minute)
	busy := func(feed string, take bool) time.Duration {
		if feed == Feeds[0].URL {
			return 7 * time.Second
		}
		return 0
	}
	v, _, ok, err := tr.Claim(t.Context(), now, busy)
	if !ok || v.Feed != Feeds[1].URL || err != nil {
		t.Errorf("claim gave %q, %t, %v, want the feed whose host is free", v.Feed, ok, err)
	}
	if _, wait, ok, err := tr.Claim(t.Context(), now, busy); ok || wait != 7*time.Second || err != nil {
		t.Errorf("wait %v, %t, %v, want as long as the host is busy", wait, ok, err)
	}
	if _, wait, ok, err := tr.Claim(t.Context(), now, func(string, bool) time.Duration { return -1 }); ok || wait <= 0 || err != nil {
		t.Errorf("wait %v, %t, %v, want until the lease runs out", wait, ok, err)
	}
}

func pauseHolds(t *testing.T, tr *trial) {
	until := Begin.Add(3 * time.Hour)
	tr.must(tr.Pause(t.Context(), []string{Feeds[0].URL, "https://nobody.example/"}, until))
	if v := tr.feedVisit(Feeds[0].URL); !v.Due.Equal(until) || !v.Paused.Equal(until) {
		t.Errorf("due at %s, paused until %s, want %s", v.Due, v.Paused, until)
	}
	if v, ok, err := tr.Lease(t.Context(), Feeds[0].URL, Begin); ok || !v.Paused.Equal(until) || err != nil {
		t.Errorf("leased %t in the pause, %v", ok, err)
	}
	if _, ok, err := tr.Lease(t.Context(), Feeds[0].URL, until); !ok || err != nil {
		t.Errorf("leased %t after the pause, %v", ok, err)
	}
}

func rescheduled(t *testing.T, tr *trial) {
	for _, f := range Feeds {
		v := tr.feedVisit(f.URL)
		v.Due, v.Wait = Begin.Add(time.Hour), time.Hour
		_, err := tr.Save(t.Context(), v, nil, nil)
		tr.must(err)
	}
	back := Begin.Add(20*time.Minute - 24*time.Hour)
	tr.must(tr.Reschedule(t.Context(), Feeds, back, -24*time.Hour))
	if due := tr.feedVisit(Feeds[0].URL).Due; !due.Equal(back.Add(40 * time.Minute)) {
		t.Errorf("the clock put back a day, due after %v, want what was left", due.Sub(back))
	}
	on := Begin.Add(24 * time.Hour)
	tr.must(tr.Reschedule(t.Context(), Feeds, on, 24*time.Hour))
	first, second := tr.feedVisit(Feeds[0].URL).Due.Sub(on), tr.feedVisit(Feeds[1].URL).Due.Sub(on)
	if first < 0 || second < 0 || first > time.Minute || second > time.Minute || first == second {
		t.Errorf("overdue feeds are due after %v and %v, want them spread over a minute", first, second)
	}
}

func firstVisitsSpread(t *testing.T, tr *trial) {
	for _, f := range Feeds {
		if due := tr.feedVisit(f.URL).Due; due.Before(Begin) || due.After(Begin.Add(time.Minute)) {
			t.Errorf("%s is due at %s", f.URL, due)
		}
	}
	first := tr.feedVisit(Feeds[0].URL).Due
	tr.must(tr.Learn(t.Context(), Feeds[1:], Begin))
	tr.must(tr.Learn(t.Context(), Feeds, Begin))
	if again := tr.feedVisit(Feeds[0].URL).Due; !again.Equal(first) {
		t.Errorf("due at %s, at first %s", again, first)
	}
}

func leaseRunsOut(t *testing.T, tr *trial) {
	v, _, _, err := tr.Claim(t.Context(), Begin.Add(2*time.Minute), free)
	tr.must(err)
	_, _, _, err = tr.Claim(t.Context(), Begin.Add(2*time.Minute), free)
	tr.must(err)
	again, _, ok, err := tr.Claim(t.Context(), Begin.Add(24*time.Hour), free)
	tr.must(err)
	if !ok || again.Feed != v.Feed {
		t.Errorf("claim gave %q, %t; want %q again", again.Feed, ok, v.Feed)
	}
}

func interruptedVisitWaits(t *testing.T, tr *trial) {
	asked := Begin.Add(2 * time.Minute)
	v, _, _, err := tr.Claim(t.Context(), asked, free)
	tr.must(err)
	tr.close()
	tr.open()
	tr.must(tr.Learn(t.Context(), Feeds, asked.Add(time.Second)))
	if due := tr.feedVisit(v.Feed).Due; !due.Equal(asked.Add(time.Hour)) {
		t.Errorf("due at %s, want an hour after the visit was begun", due)
	}
}

func feedRetires(t *testing.T, tr *trial) {
	tr.visit(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin))
	tr.settle(Begin)
	tr.must(tr.Learn(t.Context(), Feeds[1:], Begin))
	visits, err := tr.Visits()
	tr.must(err)
	if len(visits) != 1 {
		t.Errorf("%d feeds are visited, want 1", len(visits))
	}
	tr.wantTitles("Rain")
	tr.must(tr.Learn(t.Context(), Feeds, Begin.Add(48*time.Hour)))
	if saved := tr.visit(Feeds[0], Begin.Add(48*time.Hour), Entry("ajo", "rain", "Rain", Begin)); saved.New != 0 {
		t.Error("an item of a feed that came back is new")
	}
}

func visitAlone(t *testing.T, tr *trial) {
	tr.visit(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin))
	before := tr.settle(Begin)
	v := tr.feedVisit(Feeds[0].URL)
	v.Due = Begin.Add(3 * time.Hour)
	saved, err := tr.Save(t.Context(), v, nil, nil)
	tr.must(err)
	if after := tr.settle(Begin); after != before || saved.New+saved.Changed != 0 {
		t.Errorf("the revision went from %d to %d, %d new", before, after, saved.New)
	}
	if now := tr.feedVisit(Feeds[0].URL); now.ETag != v.ETag || !now.Due.Equal(v.Due) {
		t.Errorf("the visit is %+v, want %+v", now, v)
	}
}

func savedLater(t *testing.T, tr *trial) {
	v, _, ok, err := tr.Claim(t.Context(), Begin.Add(2*time.Minute), free)
	if !ok || err != nil {
		t.Fatalf("nothing is due: %v", err)
	}
	v.Due, v.Success = Begin.Add(3*time.Hour), Begin.Add(2*time.Minute)
	tr.must(tr.Later(t.Context(), v))
	tr.must(tr.Flush(t.Context()))
	if now := tr.feedVisit(v.Feed); !now.Due.Equal(v.Due) || !now.Success.Equal(v.Success) || !now.Leased.IsZero() {
		t.Errorf("the visit is %+v", now)
	}
}

func savedNothing(t *testing.T, tr *trial) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	v := tr.feedVisit(Feeds[0].URL)
	v.ETag = `"new"`
	_, err := tr.Save(ctx, v, &identity.Arrival{Feed: Feeds[0], At: Begin, Whole: true, Entries: []news.Entry{Entry("ajo", "rain", "Rain", Begin)}}, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("saved with %v", err)
	}
	if tr.settle(Begin); len(tr.titles()) != 0 || tr.feedVisit(Feeds[0].URL).ETag != "" {
		t.Error("something was saved")
	}
}

func documentMakesStories(t *testing.T, tr *trial) {
	if read, _, err := tr.Read(); read || err != nil {
		t.Errorf("read %t, %v, before anything was", read, err)
	}
	saved := tr.visit(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin.Add(-time.Hour)), Entry("ajo", "roads", "Roads", Begin.Add(-2*time.Hour)))
	if saved.New != 2 {
		t.Errorf("%d items are new, want 2", saved.New)
	}
	tr.wantTitles()
	tr.settle(Begin)
	tr.wantTitles("Rain", "Roads")
	read, made, err := tr.Read()
	if !read || !made.Equal(Begin) || err != nil {
		t.Errorf("read %t, made %s, %v", read, made, err)
	}
	facts, err := tr.Facts()
	if facts[Feeds[0].URL].Title != "ajo" || err != nil {
		t.Errorf("facts %+v, %v", facts, err)
	}
}

func savedTwice(t *testing.T, tr *trial) {
	rain := Entry("ajo", "rain", "Rain", Begin)
	tr.visit(Feeds[0], Begin, rain)
	before := tr.settle(Begin)
	seen, err := tr.Seen(Feeds[0].URL)
	if tr.must(err); !seen[rain.Digest] {
		t.Error("the document's digests are not remembered")
	}
	saved := tr.visit(Feeds[0], Begin.Add(time.Hour), rain)
	if after := tr.settle(Begin.Add(time.Hour)); after != before || saved.New+saved.Changed != 0 {
		t.Errorf("revision %d, then %d; %d new, %d changed", before, after, saved.New, saved.Changed)
	}
}

func idsStay(t *testing.T, tr *trial) {
	tr.visit(Feeds[1], Begin, Entry("kmsa", "wells", "Wells", Begin))
	tr.settle(Begin)
	var first *news.Story
	tr.must(tr.Newest(func(s *news.Story) bool { first = s; return true }))
	edited := Entry("kmsa", "wells", "Wells run dry", Begin.Add(time.Hour))
	tr.visit(Feeds[1], Begin.Add(time.Hour), edited)
	tr.settle(Begin.Add(time.Hour))
	s, err := tr.Story(first.ID)
	tr.must(err)
	if s.PublicID != first.PublicID || !s.Published.Equal(first.Published) || s.Item(s.Shown).Entry.Title != "Wells run dry" || s.Modified.IsZero() {
		t.Errorf("%s, published %s, modified %s, %q", s.PublicID, s.Published, s.Modified, s.Item(s.Shown).Entry.Title)
	}
	if s, err := tr.Story(first.PublicID); err != nil || s.ID != first.ID {
		t.Errorf("the public id leads to %v, %v", s, err)
	}
	if _, err := tr.Story("nothing"); !errors.Is(err, tr.unknown) {
		t.Errorf("an unknown id gives %v, want %v", err, tr.unknown)
	}
}

func reopened(t *testing.T, tr *trial) {
	tr.visit(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin), Entry("ajo", "roads", "Roads", Begin.Add(-time.Hour)))
	before := tr.settle(Begin)
	visit := tr.feedVisit(Feeds[0].URL)
	tr.close()
	tr.open()
	tr.wantTitles("Rain", "Roads")
	if after := tr.settle(Begin); after != before {
		t.Errorf("revision %d, then %d", before, after)
	}
	if again := tr.feedVisit(Feeds[0].URL); again.ETag != visit.ETag || !again.Due.Equal(visit.Due) {
		t.Errorf("the visit is %+v, want %+v", again, visit)
	}
}

func lookedUp(t *testing.T, tr *trial) {
	tr.visit(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin))
	moved := Entry("ajo", "rain", "Rain", Begin)
	moved.URL, moved.Digest = "https://ajo.example/2031/02/rain-at-last", news.Digest{1}
	tr.visit(Feeds[0], Begin.Add(time.Hour), moved)
	tr.settle(Begin)
	for _, what := range []string{"https://ajo.example/?p=rain", "http://www.ajo.example/2031/02/rain?utm_source=x", "https://ajo.example/2031/02/rain-at-last"} {
		if stories, err := tr.Lookup(what); len(stories) != 1 || err != nil {
			t.Errorf("%s leads to %d stories, %v", what, len(stories), err)
		}
	}
	if stories, err := tr.Lookup("https://ajo.example/other"); len(stories) != 0 || err != nil {
		t.Errorf("an unknown address leads to %d stories, %v", len(stories), err)
	}
}

func window(t *testing.T, tr *trial) {
	var entries []news.Entry
	for n := range 10 {
		entries = append(entries, Entry("ajo", fmt.Sprint("s", n), fmt.Sprint("Story ", n), Begin.Add(-time.Duration(n)*24*time.Hour)))
	}
	tr.visit(Feeds[0], Begin, entries...)
	tr.settle(Begin)
	for _, w := range []struct {
		n    int
		age  time.Duration
		want int
	}{{100, 1000 * time.Hour, 10}, {4, 1000 * time.Hour, 4}, {100, 48 * time.Hour, 3}} {
		got, err := tr.Window(w.n, w.age)
		tr.must(err)
		if len(got.Stories) != w.want || title(got.Stories[0]) != "Story 0" || len(got.Filed)+len(got.Left)+len(got.Gone) > 0 {
			t.Errorf("a window of %d within %v holds %d, %+v; want %d", w.n, w.age, len(got.Stories), got, w.want)
		}
	}
	corrected := Entry("ajo", "s9", "Story 9, corrected", entries[9].Published)
	tr.visit(Feeds[0], Begin.Add(time.Hour), corrected)
	got, err := tr.Window(3, 1000*time.Hour)
	tr.must(err)
	if last := got.Stories[len(got.Stories)-1]; title(last) != "Story 9, corrected" {
		t.Error("a corrected story is not in the window, or not at its place")
	}
}

func title(s *news.Story) string { return s.Item(s.Shown).Entry.Title }

// archived brings stories a day apart, more than the window holds, and looks for
// each after every settling.
func archived(t *testing.T, tr *trial) {
	const size, age = 6, 200 * time.Hour
	var closed [][]string
	for n := range 25 {
		now := Begin.Add(time.Duration(n) * 12 * time.Hour)
		tr.visit(Feeds[0], now, Entry("ajo", fmt.Sprint("s", n), fmt.Sprint("Story ", n), now))
		tr.settle(now)
		tr.must(tr.CloseArchives(t.Context(), size, age))
		w, err := tr.Window(size, age)
		tr.must(err)
		found := map[string]bool{}
		for _, s := range w.Stories {
			found[title(s)] = true
		}
		for k := 1; k <= w.Closed; k++ {
			a, err := tr.Archive(k)
			tr.must(err)
			var titles []string
			for _, s := range a.Stories {
				titles = append(titles, title(s))
				found[title(s)] = true
			}
			if k > len(closed) {
				closed = append(closed, titles)
			} else if !slices.Equal(titles, closed[k-1]) {
				t.Errorf("archive %d held %q, now %q", k, closed[k-1], titles)
			}
		}
		if len(found) != n+1 {
			t.Fatalf("of %d stories %d are in the window or the archive", n+1, len(found))
		}
	}
	if len(closed) < 6 {
		t.Errorf("%d archive documents of at most %d stories each for 25 stories", len(closed), size/2)
	}
	if _, err := tr.Archive(len(closed) + 1); !errors.Is(err, tr.unknown) {
		t.Errorf("an archive that is not closed: %v", err)
	}
	tr.close()
	tr.open()
	if a, err := tr.Archive(1); err != nil || len(a.Stories) != len(closed[0]) {
		t.Errorf("after closing the store the first archive holds %d, %v", len(a.Stories), err)
	}
}

// joinedInArchive has two published stories become one.
func joinedInArchive(t *testing.T, tr *trial) {
	tr.visit(Feeds[0], Begin, Entry("ajo", "rain", "Rain falls at last on the dry plains of Ajo", Begin))
	tr.visit(Feeds[1], Begin, Entry("kmsa", "wet", "A wet day", Begin))
	tr.settle(Begin)
	tr.must(tr.CloseArchives(t.Context(), 2, 1000*time.Hour))
	copied := Entry("kmsa", "wet", "A wet day", Begin)
	copied.Links, copied.Digest = []news.Link{{Rel: "canonical", URL: "https://ajo.example/2031/02/rain"}}, news.Digest{7}
	tr.visit(Feeds[1], Begin.Add(time.Hour), copied)
	tr.settle(Begin.Add(time.Hour))
	w, err := tr.Window(100, 1000*time.Hour)
	tr.must(err)
	if len(w.Stories) != 1 || len(w.Gone) != 1 || !w.Gone[0].Joined() || !w.Gone[0].When.Equal(Begin.Add(time.Hour)) || w.Gone[0].Story.Number != w.Stories[0].Number {
		t.Fatalf("the window after a join: %+v", w)
	}
	var stories int
	var ended time.Time
	for n := 1; n <= w.Closed; n++ {
		a, err := tr.Archive(n)
		tr.must(err)
		stories += len(a.Stories)
		if a.Ended.After(ended) {
			ended = a.Ended
		}
	}
	if w.Closed != 2 || stories != 1 || !ended.Equal(Begin.Add(time.Hour)) {
		t.Errorf("%d archives hold %d stories, ended %s", w.Closed, stories, ended)
	}
}

func words(t *testing.T, tr *trial) {
	e := Entry("ajo", "rain", "Rain", Begin)
	e.Topics, e.Language = []string{"Water", "Border"}, "es-MX"
	tr.visit(Feeds[0], Begin, e)
	if topics, _, err := tr.Words(); len(topics) > 0 || err != nil {
		t.Errorf("before it is published: %q, %v", topics, err)
	}
	tr.settle(Begin)
	e.Topics, e.Digest = []string{"Weather"}, news.Digest{3}
	tr.visit(Feeds[0], Begin.Add(time.Hour), e)
	topics, languages, err := tr.Words()
	if !slices.Equal(topics, []string{"Border", "Water", "Weather"}) || !slices.Equal(languages, []string{"es-MX"}) || err != nil {
		t.Errorf("known are %q and %q, %v", topics, languages, err)
	}
}

func days(t *testing.T, tr *trial) {
	var entries []news.Entry
	for n, hours := range []int{0, -1, -25, -26, -24 * 9} {
		entries = append(entries, Entry("ajo", fmt.Sprint("s", n), fmt.Sprint("Story ", n), Begin.Add(time.Duration(hours)*time.Hour)))
	}
	tr.visit(Feeds[0], Begin, entries...)
	tr.settle(Begin)
	last, counts, err := tr.Days(3)
	if !last.Equal(Begin.Truncate(24*time.Hour)) || !slices.Equal(counts, []int{0, 2, 2}) || err != nil {
		t.Errorf("to %s: %d, %v", last, counts, err)
	}
}

func dated(t *testing.T, tr *trial) {
	for n, c := range []struct {
		digest  string
		changed int // hours after the beginning
		want    time.Duration
	}{
		{"a", 1, time.Hour}, {"a", 2, time.Hour}, {"b", 3, 3 * time.Hour}, {"c", 3, 3*time.Hour + time.Second},
		{"a", 1, 3*time.Hour + 2*time.Second}, {"a", 9, 3*time.Hour + 2*time.Second},
	} {
		at := Begin.Add(time.Duration(c.changed)*time.Hour + time.Millisecond)
		since, err := tr.Since(t.Context(), []news.Print{{Name: "other", Digest: "x", Changed: Begin}, {Name: "feed", Digest: c.digest, Changed: at}})
		if tr.must(err); !since[0].Equal(Begin) || !since[1].Equal(Begin.Add(c.want)) {
			t.Errorf("%d: %s changed %s is since %s, want %s", n, c.digest, at, since[1], Begin.Add(c.want))
		}
		tr.close()
		tr.open()
	}
}

func keptOnce(t *testing.T, tr *trial) {
	for n, value := range []string{"first", "second"} {
		kept, err := tr.Keep(t.Context(), map[string]string{"a": value, "only " + value: value})
		if kept["a"] != "first" || kept["only "+value] != value || len(kept) != 2 || err != nil {
			t.Errorf("%d: kept are %q, %v", n, kept, err)
		}
	}
	if host, year, err := tr.Authority(); host != "fronteras.example" || year != Begin.Year() || err != nil {
		t.Errorf("ids are minted by %s in %d, %v", host, year, err)
	}
	tr.visit(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin))
	tr.settle(Begin)
	w, err := tr.Window(1, time.Hour)
	tr.must(err)
	for range 2 {
		tr.must(tr.Flag(t.Context(), w.Stories[0].ID, news.Flag{Kind: "unpublishable", Why: "a reason", When: Begin}))
	}
	if s, err := tr.Story(w.Stories[0].ID); err != nil || len(s.Flags) != 1 || s.Flags[0].Kind != "unpublishable" {
		t.Errorf("flags %+v, %v", s.Flags, err)
	}
	if err := tr.Flag(t.Context(), "nothing", news.Flag{}); !errors.Is(err, tr.unknown) {
		t.Errorf("flagging nothing: %v", err)
	}
}

func revisionRises(t *testing.T, tr *trial) {
	tr.visit(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin))
	before := tr.settle(Begin)
	e := Entry("ajo", "rain", "Rain", Begin)
	e.Rights, e.Digest = "© Radio Ajo", news.Digest{2}
	tr.visit(Feeds[0], Begin.Add(time.Hour), e)
	if after := tr.settle(Begin.Add(time.Hour)); after == before {
		t.Error("the revision stayed, though an item changed")
	}
}

func stamped(t *testing.T, tr *trial) {
	for _, s := range []struct {
		print string
		at    int
		want  int
	}{{"a", 1, 1}, {"a", 2, 1}, {"b", 3, 3}} {
		since, err := tr.Stamp(t.Context(), s.print, Begin.Add(time.Duration(s.at)*time.Hour))
		if tr.must(err); !since.Equal(Begin.Add(time.Duration(s.want) * time.Hour)) {
			t.Errorf("%s at %d h is since %s", s.print, s.at, since)
		}
	}
}
