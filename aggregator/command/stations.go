package command

import (
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/news"
)

// stationsQuestion asks for every station's health.
type stationsQuestion struct{}

// stationAnswer is a station as programs get it.
type stationAnswer struct {
	ID    string       `json:"id"`
	Name  string       `json:"name"`
	URL   string       `json:"url"`
	Feeds []feedAnswer `json:"feeds"`
}

type feedAnswer struct {
	Feed        string       `json:"feed"`
	LastVisit   *time.Time   `json:"last_visit"`
	LastSuccess *time.Time   `json:"last_success"`
	NextVisit   *time.Time   `json:"next_visit"`
	Items       int          `json:"items"`
	Failures    int          `json:"failures"`
	Since       *time.Time   `json:"failing_since"`
	Error       string       `json:"error"`
	Flags       []flagAnswer `json:"flags"`
}

func (p *program) stations() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "stations", Short: "Show each feed's health", Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			var stations []stationAnswer
			if err := p.ask(c.Context(), "stations", stationsQuestion{}, &stations); err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(stations)
			}
			t := newTable("STATION", "LAST VISIT", "NEXT VISIT", "ITEMS", "FEED", "STATE")
			for _, s := range stations {
				for _, f := range s.Feeds {
					t.row(s.ID, shortTime(f.LastVisit), shortTime(f.NextVisit), strconv.Itoa(f.Items), f.Feed, f.state())
				}
			}
			return t.print(p.Out)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print an array for programs")
	return c
}

// state says in words how a feed fares.
func (f feedAnswer) state() string {
	state := "well"
	switch {
	case f.Failures > 0:
		state = f.Error + " (" + strconv.Itoa(f.Failures) + " in a row, since " + shortTime(f.Since) + ")"
	case f.LastVisit == nil:
		state = "not visited yet"
	}
	for _, flag := range f.Flags {
		state += "; " + flag.Kind
	}
	return state
}

// listStations answers for the stations that are configured.
func (d *desk) listStations(context.Context, stationsQuestion) ([]stationAnswer, error) {
	visits, err := d.store.Visits()
	if err != nil {
		return nil, err
	}
	byFeed := map[string]news.Visit{}
	for _, v := range visits {
		byFeed[v.Feed] = v
	}
	answers := []stationAnswer{}
	for _, s := range d.config.Stations {
		a := stationAnswer{ID: s.ID, Name: s.Name, URL: s.URL, Feeds: []feedAnswer{}}
		for _, f := range s.Feeds {
			answer, err := d.feedAnswer(byFeed[f.URL], f.URL)
			if err != nil {
				return nil, err
			}
			a.Feeds = append(a.Feeds, answer)
		}
		answers = append(answers, a)
	}
	return answers, nil
}

func (d *desk) feedAnswer(v news.Visit, feed string) (feedAnswer, error) {
	a := feedAnswer{
		Feed: feed, LastVisit: when(v.Visited), LastSuccess: when(v.Success), NextVisit: when(v.Due),
		Items: v.Items, Failures: v.Failures, Since: when(v.Failing), Error: v.Error, Flags: []flagAnswer{},
	}
	flags, err := d.store.FeedFlags(feed)
	for _, f := range flags {
		a.Flags = append(a.Flags, flagAnswer{f.Kind, f.With, f.Why})
	}
	return a, err
}
