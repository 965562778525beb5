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
	Claim(ctx context.Context, now time.Time, hold func(feed string, take bool) time.Duration) (v news.FeedState,
		wait time.Duration, ok bool, err error)
	Lease(ctx context.Context, feeds []string, now time.Time) (leased, others []news.FeedState, err error)
	Release(ctx context.Context, feeds []string) error
	Save(ctx context.Context, v news.FeedState, a *identity.Arrival, f *news.Facts) (news.Saved, error)
	SaveLater(ctx context.Context, v news.FeedState) error
	Flush(ctx context.Context) error
	SeenDigests(feed string) (map[news.Digest]bool, error)
	UnmeasuredAudio(feed string, entries []news.Digest) ([]news.AudioLength, error)
	SaveLengths(ctx context.Context, feed string, found []news.AudioLength, now time.Time) (revised bool, err error)
	Settle(ctx context.Context, now time.Time) (revision uint64, published []news.Publication, err error)
	UpdateStates(ctx context.Context, feeds []string, change func(news.FeedState) news.FeedState) error
	FeedStates() ([]news.FeedState, error)
	EachStory(do func(*news.Story) bool) error
	EachFlagged(do func(*news.Story) bool) error
	Window(n int, maxAge time.Duration) (news.Window, error)
	CloseArchives(ctx context.Context, n int, maxAge time.Duration) error
	Archive(n int) (news.Archive, error)
	Prune(ctx context.Context, maxAge time.Duration, now time.Time) (pruned int, err error)
	TopicsAndLanguages() (topics, languages []string, err error)
	CountByDay(n int) (last time.Time, counts []int, err error)
	PublishedBetween(from, to time.Time, skip, n int) (news.Span, error)
	ChangedBetween(from, to time.Time, n int) (time.Time, error)
	PublishedBefore(t time.Time) (time.Time, error)
	PublishedFrom(t time.Time) (time.Time, error)
	KeepOnce(ctx context.Context, values map[string]string) (map[string]string, error)
	KeptUnder(beginning string) (map[string]string, error)
	DateDocuments(ctx context.Context, documents []news.Print) ([]time.Time, error)
	About() (news.About, error)
	Flag(ctx context.Context, id string, flag news.Flag) error
	Story(id string) (*news.Story, error)
	Lookup(what string) ([]*news.Story, error)
	FeedFacts() (map[string]news.Facts, error)
	DateConfiguration(ctx context.Context, fingerprint string, now time.Time) (time.Time, error)
	Rule(ctx context.Context, o identity.Order, now time.Time) (news.Ruled, error)
	Rulings(story *news.Story) ([]news.Ruling, error)
	NextRelease() (time.Time, error)
	Ask(ctx context.Context, a identity.Arrival) (questions []identity.Question, due bool, match *identity.Match,
		err error)
	Close() error
}

// Maker opens the store under test, at one place: a store that was closed opens
// again with what it held.
type Maker func(t testing.TB, rules *identity.Rules) Store

// Feeds of the desk that the contract is tried on: two stations, far from due.
var Feeds = []news.Feed{
	{Station: "ajo", URL: "https://ajo.example/rss.xml", Every: time.Hour},
	{Station: "kmsa", URL: "https://kmsa.example/rss.xml", Every: time.Hour},
}

// Begin is when the contract's first visits are.
var Begin = time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)

// Rules are those of the desk that the contract is tried on.
func Rules(t testing.TB) *identity.Rules {
	t.Helper()
	desk := news.Site{Title: "Fronteras Desk", URL: "https://fronteras.example", Credit: "From the {{.Desk}}."}
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
		stations = append(stations, news.Station{ID: f.Station, Name: "Radio " + f.Station,
			URL: "https://" + f.Station + ".example", Hosts: []string{f.Station + ".example"}, Feeds: []news.Feed{f}})
	}
	return identity.New(identity.Config{Site: desk, Stations: stations, Links: table, Credit: words, Pages: true})
}

// Run tries the contract.
func Run(t *testing.T, open func(t *testing.T) Maker, unknown error) {
	for name, test := range map[string]func(*testing.T, *trial){
		"a visit is given once within its lease":             visitIsClaimedOnce,
		"a claim says how long until a visit is due":         claimSaysHowLong,
		"a feed that returns is due when it was at first":    dueTimeOfReturningFeedStays,
		"a lease runs out":                                   expiredLeaseIsGivenAgain,
		"an interrupted visit waits its interval":            interruptedVisitWaitsItsInterval,
		"a feed that is gone retires, and may return":        goneFeedRetires,
		"a claim passes over hosts that are busy":            claimPassesOverBusyHosts,
		"a visit that is given back can be claimed":          releasedVisitIsDue,
		"a pause holds for all feeds of a server":            pauseHoldsLeases,
		"states of feeds change together":                    statesChangeTogether,
		"a visit without a document changes itself":          visitWithoutDocument,
		"a visit that is saved later is there after a flush": savedLaterIsFlushed,
		"nothing is saved when the caller has ended":         canceledSaveKeepsNothing,
		"a document makes stories":                           documentMakesStories,
		"saving twice changes nothing":                       savingTwiceChangesNothing,
		"ids come with settling and stay":                    idsStayTheSame,
		"everything is there after closing":                  reopenedStoreIsTheSame,
		"a reporter is seen at a second station":             reporterIsSeenElsewhere,
		"stories are found by all that they were known by":   storiesAreLookedUp,
		"the window holds what belongs in the feed":          windowHoldsTheNewest,
		"every story is in the window or the archive":        everyStoryIsShownOrArchived,
		"a joined story leaves the archive":                  joinedStoryLeavesArchive,
		"topics and languages stay known":                    topicsStayKnown,
		"days are counted":                                   storiesAreCountedByDay,
		"stories are found by day":                           storiesAreFoundByDay,
		"what is kept once stays":                            keptValuesStay,
		"bytes have a date that moves with them":             documentsAreDated,
		"stories with a flag are listed":                     flaggedStoriesAreListed,
		"a change to an item raises the revision":            changedItemRaisesRevision,
		"lengths of audio come after their stories":          lengthsComeLater,
		"a fingerprint has a date":                           fingerprintIsDated,
		"a ruling is kept and binds":                         rulingBinds,
		"a ruling that cannot be changes nothing":            impossibleRulingFails,
		"joined stories can be split":                        joinedStoriesAreSplit,
		"a held story waits for its time":                    heldStoryIsReleased,
		"asking changes nothing":                             askingChangesNothing,
		"old texts go, and what they are known by stays":     pruningKeepsWhatIsKnown,
		"a pruned item that returns is the one it was":       prunedItemReturns,
		"pruned stories can be split":                        prunedStoryIsSplit,
		"a little is pruned at a time":                       pruningTakesTurns,
	} {
		t.Run(name, func(t *testing.T) {
			tr := &trial{t: t, make: open(t), unknown: unknown, rules: Rules(t)}
			tr.open()
			defer tr.close()
			tr.mustSucceed(tr.Learn(t.Context(), Feeds, Begin))
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
	rules   *identity.Rules
}

func (tr *trial) open()  { tr.Store = tr.make(tr.t, tr.rules) }
func (tr *trial) close() { tr.mustSucceed(tr.Close()) }

func (tr *trial) mustSucceed(err error) {
	tr.t.Helper()
	if err != nil {
		tr.t.Fatal(err)
	}
}

// Entry makes an entry of a station's.
func Entry(station, slug, title string, published time.Time) news.Entry {
	e := news.Entry{
		GUID: "https://" + station + ".example/?p=" + slug, URL: "https://" + station + ".example/2031/02/" + slug,
		Title:   title,
		Summary: "<p>" + title + ", in short.</p>", Published: published,
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v", e))
	copy(e.Digest[:], sum[:])
	return e
}

// saveDocument brings a document of a feed.
func (tr *trial) saveDocument(feed news.Feed, at time.Time, entries ...news.Entry) news.Saved {
	tr.t.Helper()
	v := news.FeedState{Feed: feed.URL, Station: feed.Station, Due: at.Add(time.Hour), Visited: at, Success: at,
		ETag: `"` + at.String() + `"`}
	saved, err := tr.Save(tr.t.Context(), v, &identity.Arrival{Feed: feed, At: at, Whole: true, Entries: entries},
		&news.Facts{Title: feed.Station})
	tr.mustSucceed(err)
	return saved
}

func (tr *trial) settleStories(at time.Time) uint64 {
	tr.t.Helper()
	revision, _, err := tr.Settle(tr.t.Context(), at)
	tr.mustSucceed(err)
	return revision
}

// publishedTitles lists the published stories, newest first.
func (tr *trial) publishedTitles() []string {
	tr.t.Helper()
	var list []string
	tr.mustSucceed(tr.EachStory(func(s *news.Story) bool {
		list = append(list, s.Item(s.LeadItem).Entry.Title)
		return true
	}))
	return list
}

func (tr *trial) wantTitles(want ...string) {
	tr.t.Helper()
	if have := tr.publishedTitles(); !slices.Equal(have, want) {
		tr.t.Errorf("stories %q, want %q", have, want)
	}
}

func documentMakesStories(t *testing.T, tr *trial) {
	if about, err := tr.About(); about.Read || err != nil {
		t.Errorf("%+v, %v, before anything was read", about, err)
	}
	saved := tr.saveDocument(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin.Add(-time.Hour)),
		Entry("ajo", "roads", "Roads", Begin.Add(-2*time.Hour)))
	if saved.New != 2 {
		t.Errorf("%d items are new, want 2", saved.New)
	}
	tr.wantTitles()
	tr.settleStories(Begin)
	tr.wantTitles("Rain", "Roads")
	about, err := tr.About()
	if !about.Read || !about.Made.Equal(Begin) || err != nil {
		t.Errorf("it says of itself %+v, %v", about, err)
	}
	facts, err := tr.FeedFacts()
	if facts[Feeds[0].URL].Title != "ajo" || err != nil {
		t.Errorf("facts %+v, %v", facts, err)
	}
}

func savingTwiceChangesNothing(t *testing.T, tr *trial) {
	rain := Entry("ajo", "rain", "Rain", Begin)
	tr.saveDocument(Feeds[0], Begin, rain)
	before := tr.settleStories(Begin)
	seen, err := tr.SeenDigests(Feeds[0].URL)
	if tr.mustSucceed(err); !seen[rain.Digest] {
		t.Error("the document's digests are not remembered")
	}
	saved := tr.saveDocument(Feeds[0], Begin.Add(time.Hour), rain)
	if after := tr.settleStories(Begin.Add(time.Hour)); after != before || saved.New+saved.Changed != 0 {
		t.Errorf("revision %d, then %d; %d new, %d changed", before, after, saved.New, saved.Changed)
	}
}

func idsStayTheSame(t *testing.T, tr *trial) {
	tr.saveDocument(Feeds[1], Begin, Entry("kmsa", "wells", "Wells", Begin))
	tr.settleStories(Begin)
	var first *news.Story
	tr.mustSucceed(tr.EachStory(func(s *news.Story) bool { first = s; return true }))
	edited := Entry("kmsa", "wells", "Wells run dry", Begin.Add(time.Hour))
	tr.saveDocument(Feeds[1], Begin.Add(time.Hour), edited)
	tr.settleStories(Begin.Add(time.Hour))
	s, err := tr.Story(first.ID)
	tr.mustSucceed(err)
	if s.PublicID != first.PublicID || !s.Published.Equal(first.Published) ||
		s.Item(s.LeadItem).Entry.Title != "Wells run dry" || s.Modified.IsZero() {
		t.Errorf("%s, published %s, modified %s, %q", s.PublicID, s.Published, s.Modified,
			s.Item(s.LeadItem).Entry.Title)
	}
	if s, err := tr.Story(first.PublicID); err != nil || s.ID != first.ID {
		t.Errorf("the public id leads to %v, %v", s, err)
	}
	if _, err := tr.Story("nothing"); !errors.Is(err, tr.unknown) {
		t.Errorf("an unknown id gives %v, want %v", err, tr.unknown)
	}
}

func reopenedStoreIsTheSame(t *testing.T, tr *trial) {
	tr.saveDocument(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin),
		Entry("ajo", "roads", "Roads", Begin.Add(-time.Hour)))
	before := tr.settleStories(Begin)
	visit := tr.stateOfFeed(Feeds[0].URL)
	tr.close()
	tr.open()
	tr.wantTitles("Rain", "Roads")
	if after := tr.settleStories(Begin); after != before {
		t.Errorf("revision %d, then %d", before, after)
	}
	if again := tr.stateOfFeed(Feeds[0].URL); again.ETag != visit.ETag || !again.Due.Equal(visit.Due) {
		t.Errorf("the visit is %+v, want %+v", again, visit)
	}
}

func storiesAreLookedUp(t *testing.T, tr *trial) {
	tr.saveDocument(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin))
	moved := Entry("ajo", "rain", "Rain", Begin)
	moved.URL, moved.Digest = "https://ajo.example/2031/02/rain-at-last", news.Digest{1}
	tr.saveDocument(Feeds[0], Begin.Add(time.Hour), moved)
	tr.settleStories(Begin)
	for _, what := range []string{"https://ajo.example/?p=rain", "http://www.ajo.example/2031/02/rain?utm_source=x",
		"https://ajo.example/2031/02/rain-at-last"} {
		if stories, err := tr.Lookup(what); len(stories) != 1 || err != nil {
			t.Errorf("%s leads to %d stories, %v", what, len(stories), err)
		}
	}
	if stories, err := tr.Lookup("https://ajo.example/other"); len(stories) != 0 || err != nil {
		t.Errorf("an unknown address leads to %d stories, %v", len(stories), err)
	}
}
