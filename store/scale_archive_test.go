package store

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// The archive of a large desk: a number of stories of each feed in two years, ten of
// them and a copy of another's found by each of its visits.
const (
	scaleOfFeed  = 100
	scaleVisits  = 10
	scaleNew     = scaleOfFeed/scaleVisits + 1
	scaleShown   = 50 // entries of a document
	scaleYears   = 730 * 24 * time.Hour
	scaleBetween = scaleYears / scaleVisits // two visits of a feed that are stored
	scaleTopics  = 2000
	scaleFlags   = 20
	scaleStories = 100                 // publish.stories
	scaleMaxAge  = 30 * 24 * time.Hour // publish.max_age
)

// scaleArchive is such a desk.
type scaleArchive struct {
	feeds []news.Feed
	rules *identity.Rules
}

func newArchive(b *testing.B, stories int) *scaleArchive {
	b.Helper()
	a := &scaleArchive{}
	var stations []news.Station
	for n := range max(2, stories/scaleOfFeed) {
		host := fmt.Sprintf("s%d.example", n)
		f := news.Feed{Station: fmt.Sprint("s", n), URL: "https://" + host + "/rss", Every: time.Hour}
		a.feeds = append(a.feeds, f)
		stations = append(stations, news.Station{ID: f.Station, Name: fmt.Sprint("Radio ", n), URL: "https://" + host,
			Hosts: []string{host}, Feeds: []news.Feed{f}})
	}
	desk := news.Site{Title: "Fronteras Desk", URL: "https://fronteras.example", Credit: "From the {{.Desk}}."}
	table, err := link.New(link.Rules{})
	if err != nil {
		b.Fatal(err)
	}
	words, err := credit.New(desk)
	if err != nil {
		b.Fatal(err)
	}
	a.rules = identity.New(identity.Config{Site: desk, Stations: stations, Links: table, Credit: words,
		MaxAge: scaleMaxAge})
	return a
}

// begin is before the first visit, and end after the last.
func (a *scaleArchive) begin() time.Time { return a.end().Add(-scaleYears) }
func (a *scaleArchive) end() time.Time   { return storetest.Begin }

// visited is when a feed's visit of a number was: feeds are visited one after the
// other, and then all again.
func (a *scaleArchive) visited(feed, visit int) time.Time {
	return a.begin().Add(time.Duration(visit)*scaleBetween +
		scaleBetween*time.Duration(feed)/time.Duration(len(a.feeds)))
}

// original is a story of a feed as it tells it.
func (a *scaleArchive) original(feed, n int) news.Entry {
	r := rand.New(rand.NewPCG(uint64(feed), uint64(n)))
	host := a.feeds[feed].Station + ".example"
	found := a.visited(feed, n/(scaleNew-1))
	return news.Entry{
		GUID: fmt.Sprintf("https://%s/?p=%d", host, n), URL: fmt.Sprintf("https://%s/news/%d-%d", host, feed, n),
		Title: scaleWords(r, 7), Content: "<p>" + scaleWords(r, 40) + "</p><p>" + scaleWords(r, 40) + "</p>",
		Byline: scaleWords(r, 2), Topics: []string{"border", fmt.Sprint("topic ", r.IntN(scaleTopics))},
		Published: found.Add(-time.Duration(scaleNew-1-n%(scaleNew-1)) * scaleBetween / scaleNew),
	}
}

// entry is what a feed shows in a place, counted from its first: every eleventh is a copy of
// another station's story, which says so. One that its last document had is known by its digest.
func (a *scaleArchive) entry(feed, place int, seen bool) (e news.Entry) {
	if !seen {
		visit, n := place/scaleNew, place%scaleNew
		if e = a.original(feed, visit*(scaleNew-1)+n); n == scaleNew-1 {
			host := a.feeds[feed].Station + ".example"
			e = a.original((feed+len(a.feeds)-1)%len(a.feeds), visit*(scaleNew-1))
			e.Links = []news.Link{{Rel: "canonical", URL: e.URL}}
			e.GUID, e.URL = fmt.Sprintf("https://%s/?copy=%d", host, place),
				fmt.Sprintf("https://%s/shared/%d-%d", host, feed, place)
		}
	}
	e.Seen = seen
	copy(e.Digest[:], fmt.Appendf(nil, "%07d %07d ", feed, place))
	return e
}

// document is what a feed shows after a number of its entries.
func (a *scaleArchive) document(feed, entries, fresh int) (list []news.Entry) {
	for place := entries - 1; place >= max(0, entries-scaleShown); place-- {
		list = append(list, a.entry(feed, place, place < entries-fresh))
	}
	return list
}

// visit has a feed's document arrive, with a number of new entries.
func (a *scaleArchive) visit(b *testing.B, s *Store, feed, entries, fresh int, at, last time.Time) error {
	f := a.feeds[feed]
	v := news.FeedState{Feed: f.URL, Station: f.Station, Visited: at, Success: at, Due: at.Add(f.Every),
		Items: scaleShown}
	arrival := &identity.Arrival{Feed: f, At: at, Last: last, Whole: true, Entries: a.document(feed, entries, fresh)}
	_, err := s.Save(b.Context(), v, arrival, &news.Facts{Title: f.Station, Link: "https://" + f.Station + ".example/"})
	return err
}

// build stores and settles all visits, in the order of their times.
func (a *scaleArchive) build(b *testing.B, path string) {
	b.Helper()
	s := open(b, path, a.rules)
	s.db.NoSync = true // a machine that stops here has to build it again
	if err := s.Learn(b.Context(), a.feeds, a.begin()); err != nil {
		b.Fatal(err)
	}
	const together = 1000
	for visit := range scaleVisits {
		for from := 0; from < len(a.feeds); from += together {
			var work errgroup.Group
			work.SetLimit(64)
			to := min(from+together, len(a.feeds))
			for feed := from; feed < to; feed++ {
				work.Go(func() error {
					at := a.visited(feed, visit)
					return a.visit(b, s, feed, (visit+1)*scaleNew, scaleNew, at, at.Add(-scaleBetween))
				})
			}
			if err := work.Wait(); err != nil {
				b.Fatal(err)
			}
			if _, _, err := s.Settle(b.Context(), a.visited(to-1, visit)); err != nil {
				b.Fatal(err)
			}
			if err := s.CloseArchives(b.Context(), scaleStories, scaleMaxAge); err != nil {
				b.Fatal(err)
			}
		}
		b.Logf("%s: %d of %d visits of each of %d feeds", time.Now().Format(time.TimeOnly), visit+1, scaleVisits,
			len(a.feeds))
	}
	a.flag(b, s)
	if err := errors.Join(s.db.Sync(), s.Close()); err != nil {
		b.Fatal(err)
	}
}

// flag shows a few cases to the editor, far apart in the archive.
func (a *scaleArchive) flag(b *testing.B, s *Store) {
	b.Helper()
	for n := range scaleFlags {
		found, err := s.Lookup(a.original(n*len(a.feeds)/scaleFlags, n%scaleOfFeed).URL)
		if err != nil || len(found) != 1 {
			b.Fatalf("%d stories, %v", len(found), err)
		}
		if err := s.Flag(b.Context(), found[0].ID, news.Flag{Kind: "likely", Why: "an example"}); err != nil {
			b.Fatal(err)
		}
	}
}

// scaleStore is a store of an archive, in a folder of the test's. Where FRONTERAS_SCALE_FILE names
// a file it is a copy of that, which is built if there is none: the next run need not.
func scaleStore(b *testing.B, a *scaleArchive) (path string) {
	b.Helper()
	path = filepath.Join(b.TempDir(), "store.db")
	kept := os.Getenv("FRONTERAS_SCALE_FILE")
	if kept == "" {
		a.build(b, path)
		return path
	}
	if _, err := os.Stat(kept); err != nil {
		a.build(b, kept)
	}
	from, err := os.Open(kept)
	if err != nil {
		b.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		b.Fatal(err)
	}
	if err := to.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// scaleWords are words, some common and most rare.
func scaleWords(r *rand.Rand, n int) string {
	const consonants, vowels = "bcdfglmnprst", "aeiou"
	var text strings.Builder
	for i := range n {
		if i > 0 {
			text.WriteByte(' ')
		}
		for range 2 + r.IntN(3) {
			text.WriteByte(consonants[r.IntN(len(consonants))])
			text.WriteByte(vowels[r.IntN(len(vowels))])
		}
	}
	return text.String()
}
