package scenario

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Desk is what a scenario is played on: a store that applies the rules.
type Desk interface {
	// Learn tells which feeds there are. Those of the first call were there when
	// the desk was set up; others join it later.
	Learn(ctx context.Context, feeds []news.Feed, now time.Time) error
	// Arrive saves what a visit brought.
	Arrive(ctx context.Context, a identity.Arrival) error
	// Settle gives ids and publishes.
	Settle(ctx context.Context, now time.Time) (revision uint64, published []news.Publication, err error)
	// Rule applies what an editor decides.
	Rule(ctx context.Context, o identity.Order, now time.Time) (news.Ruled, error)
	// Use replaces the rules.
	UseRules(rules *identity.Rules)
	// Recompute runs the rules over everything that is stored, and says what that
	// changes, one text per story. A dry run changes nothing.
	Recompute(ctx context.Context, now time.Time, dry bool) (changes []string, err error)
	// FeedFlags are the flags of a feed.
	FeedFlags(feed string) ([]news.Flag, error)
	// Story is the story that has or had an id or public id.
	Story(id string) (*news.Story, error)
	// Stories are all stories with their items, those without ids too.
	Stories() ([]*news.Story, error)
	// Faults says what is wrong with what is stored, apart from schedules.
	Faults(ctx context.Context) ([]string, error)
}

// Played is what came of a scenario.
type Played struct {
	Outcome []string        // its stories in the end, and the flags of its feeds
	Seen    map[string]bool // the rules, flags and holds that occurred on the way
}

// player is a desk while a scenario is played.
type player struct {
	t         *testing.T
	desk      Desk
	rules     identity.Config
	stations  []news.Station
	at        time.Time
	documents map[string][]news.Entry // the last one of each feed
	names     map[string]string       // marked public ids
	reader    int                     // number of the reader of documents
	line      int
	learned   bool
	arrival   *identity.Arrival // the document that is being put together
	added     int               // entries that the last line added to it
	seen      map[string]bool
}

// noon is the scenarios' first noon.
var noon = time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)

func newPlayer(t *testing.T) *player {
	p := &player{t: t, documents: map[string][]news.Entry{}, names: map[string]string{}, at: noon,
		seen: map[string]bool{}}
	for _, st := range []news.Station{
		{ID: "ajo", Name: "Radio Ajo", Brand: "Ajo 88.9"},
		{ID: "bisbee", Name: "Bisbee Public Radio", Brand: "Border 90.3"},
		{ID: "kdem", Name: "KDEM Deming", Reporters: []string{"Lee Orr"}},
		{ID: "kmsa", Name: "KMSA Mesilla", Reporters: []string{"Ana Paz"}},
		{ID: "desk", Name: "Fronteras Desk"},
	} {
		st.URL, st.Language = "https://"+st.ID+".example", "en"
		st.Hosts = []string{st.ID + ".example"}
		for _, name := range []string{"rss", "podcast"} {
			st.Feeds = append(st.Feeds, news.Feed{Station: st.ID, URL: st.URL + "/" + name + ".xml",
				Every: 15 * time.Minute})
		}
		p.stations = append(p.stations, st)
	}
	table, err := link.New(link.Rules{})
	p.mustSucceed(err)
	desk := news.Site{
		Title: "Fronteras Desk", URL: "https://fronteras.example",
		Credit: "This story is from the {{.Desk}}, a collaboration of public radio stations, including {{.Brand}}. " +
			"Read more from the {{.DeskLink}}.",
	}
	words, err := credit.New(desk)
	p.mustSucceed(err)
	p.rules = identity.Config{Site: desk, Stations: p.stations, Links: table, Credit: words, Pages: true,
		MaxAge: 720 * time.Hour}
	return p
}

func (p *player) mustSucceed(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("line %d: %v", p.line, err)
	}
}

func (p *player) errorf(format string, args ...any) {
	p.t.Helper()
	p.t.Errorf("line %d: "+format, append([]any{p.line}, args...)...)
}

// allFeeds are those of all stations.
func (p *player) allFeeds() (list []news.Feed) {
	for _, st := range p.stations {
		list = append(list, st.Feeds...)
	}
	return list
}

// feedNamed is the feed of a station's id, or "ID/podcast".
func (p *player) feedNamed(name string) news.Feed {
	id, which, _ := strings.Cut(name, "/")
	for _, f := range p.allFeeds() {
		if f.Station == id && strings.HasSuffix(f.URL, "/"+cmp.Or(which, "rss")+".xml") {
			return f
		}
	}
	p.t.Fatalf("line %d: there is no feed %q", p.line, name)
	return news.Feed{}
}

// parseMoment reads "9:30" or "2d 9:30": days after the first.
func (p *player) parseMoment(text string) time.Time {
	days := 0
	if d, rest, ok := strings.Cut(text, "d "); ok {
		n, err := strconv.Atoi(d)
		p.mustSucceed(err)
		days, text = n, rest
	}
	t, err := time.Parse("15:04", strings.TrimSpace(text))
	p.mustSucceed(err)
	return time.Date(2031, 2, 4+days, t.Hour(), t.Minute(), 0, 0, time.UTC)
}

// allStories are all of the desk's.
func (p *player) allStories() []*news.Story {
	list, err := p.desk.Stories()
	p.mustSucceed(err)
	return list
}

// findStory is the story that has an item, "STATION/SLUG".
func (p *player) findStory(name string) *news.Story {
	p.t.Helper()
	item := p.findItem(name)
	for _, s := range p.allStories() {
		if s.Number == item.Story {
			return s
		}
	}
	p.t.Fatalf("line %d: %s is in no story", p.line, name)
	return nil
}

// findItem is the item "STATION/SLUG": the latest with such an address or guid.
func (p *player) findItem(name string) *news.Item {
	p.t.Helper()
	station, slug, _ := strings.Cut(name, "/")
	var found *news.Item
	for _, s := range p.allStories() {
		for _, i := range s.Items {
			if i.Station == station && (strings.HasSuffix(i.Entry.URL, "/"+slug) || i.Entry.GUID == slug) &&
				(found == nil || i.Number > found.Number) {
				found = i
			}
		}
	}
	if found == nil {
		p.t.Fatalf("line %d: there is no item %s", p.line, name)
	}
	return found
}

// formatClock shows a time as scenarios write it: 2d9:30.
func formatClock(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	days := int(t.Sub(time.Date(2031, 2, 4, 0, 0, 0, 0, time.UTC)).Hours()) / 24
	if days == 0 {
		return strings.TrimPrefix(t.Format("15:04"), "0")
	}
	return fmt.Sprintf("%dd%s", days, strings.TrimPrefix(t.Format("15:04"), "0"))
}

// flagKindsOf lists the kinds of a feed's flags.
func (p *player) flagKindsOf(feed string) (kinds []string) {
	flags, err := p.desk.FeedFlags(feed)
	p.mustSucceed(err)
	for _, g := range flags {
		kinds = append(kinds, string(g.Kind))
	}
	slices.Sort(kinds)
	return kinds
}
