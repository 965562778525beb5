// Package sample plays weeks of several stations' feeds through the rules, and measures what comes of
// them against what an editor would say: how many tellings of one story are joined, how many are
// joined wrongly, who is named as the maker, what an editor is asked, what a reader sees twice.
//
// A sample is either a folder ([ReadFolder]) or is made of a seed ([Generate]).
package sample

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Sample is what some stations published, and what is true of it.
type Sample struct {
	Name     string
	Stations []Station
	Items    []Item // in the order in which they were published
}

// Station is one of the stations, with what its document says before its first item.
type Station struct {
	ID, Name, URL string
	Head          string
	Reporters     []string // that the configuration lists
}

// Item is what a station published once.
type Item struct {
	Station   string
	Address   string
	Published time.Time
	Until     time.Time // when its page got another address; zero: it never did
	From      time.Time // when its feed first showed it
	Element   string    // its element in the feed

	Story   string   // items of one story are one piece of work
	Maker   string   // the station whose own reporters made it, Network, or "" where nobody can tell
	Perhaps []string // stories of which people differ whether they are this one

	// Rewritten items have another headline than the other tellings of their story.
	Rewritten bool
}

// Network is the maker of what no station made.
const Network = "network"

const itemEnd = "</item>"

// element is what is read of an item's element.
type element struct {
	Links     []string `xml:"link"` // those of other namespaces are empty
	Published string   `xml:"pubDate"`
	Title     string   `xml:"title"`
}

func (e element) link() string {
	return strings.Join(e.Links, "")
}

// ReadFolder reads a sample from a folder: a feed NAME.xml of each station, and expected.tsv, whose
// columns are the story, the station, the address, the maker, and stories that are perhaps the same.
func ReadFolder(folder string) (s Sample, err error) {
	s.Name = filepath.Base(folder)
	truth, err := readExpected(filepath.Join(folder, "expected.tsv"))
	if err != nil {
		return s, err
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.xml"))
	if err != nil || len(files) == 0 {
		return s, fmt.Errorf("%s: no feeds there: %w", folder, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return s, err
		}
		station, items, err := readFeed(strings.TrimSuffix(filepath.Base(file), ".xml"), string(text))
		if err != nil {
			return s, fmt.Errorf("%s: %w", file, err)
		}
		for n := range items {
			i := &items[n]
			row, ok := truth[i.Station+" "+i.Address]
			if !ok {
				return s, fmt.Errorf("%s: expected.tsv does not have %s", file, i.Address)
			}
			i.Story, i.Maker, i.Perhaps = row.Story, row.Maker, row.Perhaps
		}
		s.Stations = append(s.Stations, station)
		s.Items = append(s.Items, items...)
	}
	s.sort()
	return s, nil
}

func (s *Sample) sort() {
	slices.SortStableFunc(s.Items, func(a, b Item) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Station, b.Station), cmp.Compare(a.Address, b.Address))
	})
}

// readExpected reads what is true of the items, by station and address.
func readExpected(file string) (map[string]Item, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, 5
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	truth := map[string]Item{}
	for _, row := range rows[1:] {
		perhaps := strings.FieldsFunc(row[4], func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
		truth[row[1]+" "+row[2]] = Item{Story: row[0], Maker: row[3], Perhaps: perhaps}
	}
	return truth, nil
}

// readFeed takes a feed apart, without changing a byte of its items.
func readFeed(id, text string) (station Station, items []Item, err error) {
	at := strings.Index(text, "<item>")
	if at < 0 {
		return station, nil, fmt.Errorf("no items in it")
	}
	var channel struct {
		Channel element `xml:"channel"`
	}
	if err := xml.Unmarshal([]byte(text[:at]+"</channel></rss>"), &channel); err != nil {
		return station, nil, err
	}
	station = Station{ID: id, Name: channel.Channel.Title, URL: channel.Channel.link(), Head: text[:at]}
	for part := range strings.SplitSeq(text[at:], itemEnd) {
		if strings.HasPrefix(strings.TrimSpace(part), "</") {
			break
		}
		var e element
		if err := xml.Unmarshal([]byte(part+itemEnd), &e); err != nil {
			return station, nil, fmt.Errorf("%.200q: %w", part, err)
		}
		published, err := time.Parse(time.RFC1123, e.Published)
		if err != nil {
			return station, nil, err
		}
		items = append(items, Item{Station: id, Address: e.link(), Published: published.UTC(), From: published.UTC(),
			Element: part + itemEnd})
	}
	return station, items, nil
}

// shown lists a station's items that its feed shows at a time, the newest first.
func (s *Sample) shown(station string, at time.Time, newest int) (items []Item) {
	for _, i := range slices.Backward(s.Items) {
		if i.Station == station && !i.From.After(at) && (i.Until.IsZero() || i.Until.After(at)) {
			items = append(items, i)
		}
	}
	slices.SortStableFunc(items, func(a, b Item) int { return b.Published.Compare(a.Published) })
	return items[:min(len(items), newest)]
}

// document is a station's document with these items.
func (st *Station) document(items []Item) []byte {
	var text strings.Builder
	text.WriteString(st.Head)
	for _, i := range items {
		text.WriteString(i.Element)
	}
	text.WriteString("\n</channel></rss>\n")
	return []byte(text.String())
}

// configured is the station as a configuration has it.
func (st *Station) configured() news.Station {
	host := strings.TrimPrefix(link.Host(st.URL), "www.")
	return news.Station{ID: st.ID, Name: st.Name, URL: "https://" + host, Hosts: []string{host}, Language: "en",
		Reporters: st.Reporters,
		Feeds:     []news.Feed{{Station: st.ID, URL: "https://" + host + "/feed.xml", Every: 15 * time.Minute}}}
}

// alike reports whether two items tell one story, or perhaps do.
func alike(a, b *Item) (same, perhaps bool) {
	return a.Story == b.Story, slices.Contains(a.Perhaps, b.Story) || slices.Contains(b.Perhaps, a.Story)
}
