package identity

import (
	"fmt"
	"slices"
	"testing"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// A network's story is told by every station that it has, and not by sixteen alone.
func TestAStoryOfFortyStationsIsOneWithoutAQuestion(t *testing.T) {
	const stations = 40
	site := news.Site{Title: "Fronteras Desk", URL: "https://fronteras.example"}
	config := Config{Site: site}
	var err error
	if config.Links, err = link.New(link.Rules{}); err != nil {
		t.Fatal(err)
	}
	if config.Credit, err = credit.New(site); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for n := range stations {
		id := fmt.Sprintf("kd%02d", n)
		ids = append(ids, id)
		config.Stations = append(config.Stations, news.Station{ID: id, Name: "Radio " + id, URL: "https://" + id + ".example",
			Hosts: []string{id + ".example"}, Feeds: []news.Feed{{Station: id, URL: "https://" + id + ".example/rss.xml"}}})
	}
	rules := New(config)
	backwards := slices.Clone(ids)
	slices.Reverse(backwards)
	const headline = "Senate passes the big farm bill"
	for address, of := range map[string]func(station string) string{
		"one end of the address": func(string) string { return "senate-passes-the-big-farm-bill" },
		"another at each":        func(station string) string { return "n-" + station },
	} {
		for order, list := range map[string][]string{"forwards": ids, "backwards": backwards} {
			for _, settled := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, settled after each %v", address, order, settled), func(t *testing.T) {
					m := newStore(t)
					m.desk = rules
					for _, id := range list {
						m.visit(id, entry(id, of(id), headline, slices.Index(ids, id), byline("Tom Bowker", "Tom Bowker")))
						if settled {
							m.settle()
						}
					}
					m.settle()
					stories := m.all()
					if len(stories) != 1 || len(stories[0].Members) != stations || len(stories[0].Flags) > 0 {
						t.Fatalf("%d stories, the first of %d items, with %v", len(stories), len(stories[0].Members), stories[0].Flags)
					}
				})
			}
		}
	}
}
