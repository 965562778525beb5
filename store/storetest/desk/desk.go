// Package desk is the invented desk of the tests of identity's rules: four
// stations, a wire, and the entries and items that they have. Only tests import it.
package desk

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Noon is when the tests' visits are.
var Noon = time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)

// Credit is what the desk adds to a story, as Bisbee Public Radio's feed brings it back.
const Credit = "<p>This story is from the Fronteras Desk, a collaboration of public radio stations, including " +
	"Border 90.3. Read more from the Fronteras Desk.</p>"

// Config is the desk's configuration.
func Config(t testing.TB) directory.Config {
	t.Helper()
	desk := news.Site{
		Title: "Fronteras Desk", URL: "https://fronteras.example",
		Credit: "This story is from the {{.Desk}}, a collaboration of public radio stations, including {{.Brand}}. " +
			"Read more from the {{.DeskLink}}.",
	}
	station := func(id, name, brand string, reporters ...string) news.Station {
		return news.Station{
			ID: id, Name: name, Brand: brand, URL: "https://" + id + ".example", Hosts: []string{id + ".example"},
			Reporters: reporters,
			Feeds:     []news.Feed{{Station: id, URL: "https://" + id + ".example/rss.xml"}},
		}
	}
	table, err := link.New(link.Rules{})
	if err != nil {
		t.Fatal(err)
	}
	words, err := credit.New(desk)
	if err != nil {
		t.Fatal(err)
	}
	return directory.Config{
		Site: desk, Links: table, Credit: words, Pages: true,
		Stations: []news.Station{
			station("ajo", "Radio Ajo", "Ajo 88.9"), station("bisbee", "Bisbee Public Radio", "Border 90.3"),
			station("kdem", "KDEM Deming", "", "Lee Orr"), station("kmsa", "KMSA Mesilla", "", "Ana Paz"),
		},
		Outside: []news.Outside{{
			ID: "sonora", Name: "Sonora Wire", Hosts: []string{"sonorawire.example"}, Bylines: []string{"Sonora " +
				"Wire"},
			Sections: []string{"ajo.example/wire/"}, Dateline: "SW",
		}},
	}
}

// Directory is the desk's directory.
func Directory(t testing.TB) *directory.Directory {
	t.Helper()
	return directory.New(Config(t))
}

// Feed is a station's first feed.
func Feed(station string) news.Feed {
	return news.Feed{Station: station, URL: "https://" + station + ".example/rss.xml", Every: 15 * time.Minute}
}

// Change makes an entry another than Entry makes it.
type Change func(*news.Entry)

// Entry is an entry of a station's, published that many minutes before noon.
func Entry(station, slug, title string, minutes int, changes ...Change) news.Entry {
	e := news.Entry{
		GUID: station + "-" + slug, URL: "https://" + station + ".example/2031/02/" + slug, Title: title,
		Summary: "<p>" + title + ", in short.</p>", Published: Noon.Add(-time.Duration(minutes) * time.Minute),
	}
	for _, c := range changes {
		c(&e)
	}
	sum := sha256.Sum256(fmt.Append(nil, e))
	copy(e.Digest[:], sum[:])
	return e
}

// Item is the item that an entry of a station's first feed became an hour before noon.
func Item(station string, number uint64, e news.Entry) *news.Item {
	i := &news.Item{Number: number, Station: station, Feed: Feed(station).URL, Entry: e, TrustedDate: e.Stated(),
		FirstSeen: Noon.Add(-time.Hour), Batch: 1, Story: number}
	notEmpty := func(s string) []string {
		return slices.DeleteFunc([]string{s}, func(s string) bool { return s == "" })
	}
	i.GUIDs, i.Links = notEmpty(e.GUID), notEmpty(e.URL)
	return i
}

// Words is a text of that many words, each another, the first of that number.
func Words(first, count int) string {
	list := make([]string, count)
	for n := range list {
		list[n] = fmt.Sprintf("w%d", first+n)
	}
	return strings.Join(list, " ")
}

// Changes of an entry.
func GUID(guid string) Change { return func(e *news.Entry) { e.GUID = guid } }
func URL(url string) Change   { return func(e *news.Entry) { e.URL = url } }
func Text(html string) Change { return func(e *news.Entry) { e.Summary, e.Content = "", html } }
func Undated(e *news.Entry)   { e.Published = time.Time{} }
func Byline(b string) Change  { return func(e *news.Entry) { e.Byline = b } }
func Link(rel, url string) Change {
	return func(e *news.Entry) { e.Links = append(e.Links, news.Link{Rel: rel, URL: url}) }
}
func Audio(url string) Change {
	return func(e *news.Entry) {
		e.Enclosures = append(e.Enclosures, news.Enclosure{URL: url, Type: "audio/mpeg"})
	}
}
