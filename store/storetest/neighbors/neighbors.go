// Package neighbors makes the invented desk's items and neighborhoods, for tests of
// the stages of identity that need no store.
package neighbors

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Noon is when everything in the tests happens.
var Noon = time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)

// Desk is a desk of four stations with five feeds.
var Desk = func() *directory.Directory {
	station := func(id, name string, reporters ...string) news.Station {
		home := "https://" + id + ".example/"
		return news.Station{ID: id, Name: name, URL: home, Hosts: []string{id + ".example"}, Reporters: reporters,
			Feeds: []news.Feed{{Station: id, URL: home + "rss.xml"}}}
	}
	stations := []news.Station{
		station("ajo", "Radio Ajo"), station("bisbee", "Bisbee Public Radio"),
		station("kdem", "KDEM Deming", "Lee Orr"), station("kmsa", "KMSA Mesilla", "Ana Paz"),
	}
	stations[3].Feeds = append(stations[3].Feeds, news.Feed{Station: "kmsa", URL: Podcast})
	site := news.Site{
		Title: "Fronteras Desk", URL: "https://fronteras.example",
		Credit: "This story is from the {{.Desk}}, a collaboration of public radio stations, including {{.Brand}}. " +
			"Read more from the {{.DeskLink}}.",
	}
	links, _ := link.New(link.Rules{})
	words, _ := credit.New(site)
	return directory.New(directory.Config{Site: site, Stations: stations, Links: links, Credit: words})
}()

// Podcast is the second feed of the station kmsa.
const Podcast = "https://kmsa.example/podcast.xml"

// Item makes an item of a station, published an hour before noon. Its headline is the
// words of its slug.
func Item(number uint64, station, slug string, more ...func(*news.Item)) *news.Item {
	i := &news.Item{Number: number, Station: station, Feed: "https://" + station + ".example/rss.xml", FirstSeen: Noon,
		Batch: 1}
	i.Entry = news.Entry{Title: strings.ReplaceAll(slug, "-", " "), Language: "en", Summary: "In short: " +
		"" + slug + "."}
	GUID(station + "-" + slug)(i)
	URL("https://" + station + ".example/2031/02/" + slug)(i)
	Dated(Noon.Add(-time.Hour))(i)
	for _, change := range more {
		change(i)
	}
	sum := sha256.Sum256([]byte(i.Entry.Content + "\n" + i.Entry.Summary))
	copy(i.Entry.Digest[:], sum[:])
	return i
}

// What can be said of an item besides its number, station and slug.
func Title(t string) func(*news.Item) { return func(i *news.Item) { i.Entry.Title = t } }
func URL(u string) func(*news.Item) {
	return func(i *news.Item) { i.Links, i.Entry.URL = []string{u}, u }
}
func GUID(g string) func(*news.Item) {
	return func(i *news.Item) { i.GUIDs, i.Entry.GUID = []string{g}, g }
}
func In(feed string) func(*news.Item) { return func(i *news.Item) { i.Feed = feed } }
func Text(words string) func(*news.Item) {
	return func(i *news.Item) { i.Entry.Content = "<p>" + words + "</p>" }
}
func Dated(t time.Time) func(*news.Item) {
	return func(i *news.Item) { i.Entry.Published, i.TrustedDate = t, t }
}
func Language(tag string) func(*news.Item) { return func(i *news.Item) { i.Language = tag } }
func Audio(url string) func(*news.Item) {
	return func(i *news.Item) {
		i.Entry.Enclosures = append(i.Entry.Enclosures, news.Enclosure{URL: url, Type: "audio/mpeg"})
	}
}
func By(name string) func(*news.Item) {
	return func(i *news.Item) { i.Entry.Byline, i.Entry.Authors = name, []news.Person{{Name: name}} }
}
func Claim(source, url string) func(*news.Item) {
	return func(i *news.Item) {
		i.Claims = append(i.Claims, news.Claim{Source: source, URL: url, Key: Desk.Key(url), First: Noon})
	}
}

// Words are the invented words of those numbers, from the first up to the one before the
// last. They hold no numerals and belong to no language.
func Words(from, to int) string {
	list := make([]string, 0, to-from)
	for n := from; n < to; n++ {
		list = append(list, "z"+string(rune('a'+n/676%26))+string(rune('a'+n/26%26))+string(rune('a'+n%26)))
	}
	return strings.Join(list, " ")
}

// Published is a published story of those items, with the first as its root.
func Published(number uint64, items ...*news.Item) *news.Story {
	root := items[0]
	s := &news.Story{
		Number: number, ID: "id-of-" + root.GUIDs[0], PublicID: "public-" + root.GUIDs[0], Status: news.Live,
		Items: items, LeadItem: root.Number,
		Root:      news.Root{Item: root.Number, Key: Desk.Key(root.Entry.URL), URL: root.Entry.URL},
		Published: root.TrustedDate, FirstSeen: Noon, IDAssignedAt: Noon, PublishedAt: Noon, Sequence: number,
	}
	for _, i := range items {
		i.Story = number
		s.Members = append(s.Members, i.Number)
		s.Edges = append(s.Edges, news.Edge{Item: i.Number, Rule: news.J1, Confidence: news.Certain, Why: "as it was",
			First: Noon})
	}
	s.Edges[0].Rule = news.I0
	return s
}

// Neighborhood is what was gathered at noon: items that are all compared with each other,
// published stories, and rulings, which bind the items that they name.
func Neighborhood(items []*news.Item, stories []*news.Story, rulings ...news.Ruling) *evidence.Neighborhood {
	n := &evidence.Neighborhood{Now: Noon, Stories: map[uint64]*news.Story{}, Memories: map[string]visit.Memory{},
		Rulings: evidence.NewRulings(rulings)}
	for _, s := range stories {
		n.Stories[s.Number] = s
	}
	var pairs [][2]uint64
	for r := evidence.NewReader(Desk); len(n.Items) < len(items); {
		i := items[len(n.Items)]
		for _, v := range rulings {
			if slices.Contains(slices.Concat(v.Items, v.With), i.Number) {
				i.Ruled = append(i.Ruled, v.Number)
			}
		}
		for _, o := range n.Items {
			pairs = append(pairs, [2]uint64{o.Number, i.Number})
		}
		n.Items = append(n.Items, r.EvidenceOf(i, evidence.Feed{}))
	}
	n.IndexByAddress(pairs)
	return n
}
