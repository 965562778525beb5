package command

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator"
	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
	"fronteras/aggregator/websub"
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
	Remarks     []string     `json:"remarks"` // what its server could do better
}

func (p *program) stations() *cobra.Command {
	var asJSON, asOPML bool
	c := &cobra.Command{
		Use: "stations", Short: "Show each feed's health", Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			var stations []stationAnswer
			if err := p.ask(c.Context(), "stations", stationsQuestion{}, &stations); err != nil {
				return err
			}
			switch {
			case asOPML:
				return p.printOPML()
			case asJSON:
				return p.printJSON(stations)
			}
			t := newTable("STATION", "LAST VISIT", "NEXT VISIT", "ITEMS", "FEED", "STATE")
			for _, s := range stations {
				for _, f := range s.Feeds {
					t.row(s.ID, shortTime(f.LastVisit), shortTime(f.NextVisit), strconv.Itoa(f.Items), f.Feed, f.state())
				}
			}
			if err := t.print(p.Out); err != nil {
				return err
			}
			for _, s := range stations {
				for _, f := range s.Feeds {
					for _, r := range f.Remarks {
						fmt.Fprintf(p.Out, "%s %s: %s\n", s.ID, f.Feed, harmless(r))
					}
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print an array for programs")
	c.Flags().BoolVar(&asOPML, "opml", false, "print the stations' feeds as OPML")
	return c
}

// printOPML prints the list of the desk's and the stations' feeds that the public
// gets at /stations.opml, without the titles that only the store knows.
func (p *program) printOPML() error {
	c, err := p.load()
	if err != nil {
		return err
	}
	d, err := publish.OPML(publish.Edition{Desk: c.Desk, Stations: c.Stations})
	if err != nil {
		return err
	}
	_, err = p.Out.Write(d.Body)
	return err
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
		state += "; " + string(flag.Kind)
	}
	return state
}

// listStations answers for the stations that are configured.
func (d *desk) listStations(context.Context, stationsQuestion) ([]stationAnswer, error) {
	visits, err := d.store.FeedStates()
	if err != nil {
		return nil, err
	}
	byFeed := map[string]news.FeedState{}
	for _, v := range visits {
		byFeed[v.Feed] = v
	}
	subscriptions, err := d.store.Subscriptions()
	if err != nil {
		return nil, err
	}
	answers := []stationAnswer{}
	for _, s := range d.config.Stations {
		a := stationAnswer{ID: s.ID, Name: s.Name, URL: s.URL, Feeds: []feedAnswer{}}
		for _, f := range s.Feeds {
			answer, err := d.feedAnswer(byFeed[f.URL], f)
			if err != nil {
				return nil, err
			}
			answer.Remarks = append(answer.Remarks, websub.Remarks(f.URL, subscriptions)...)
			a.Feeds = append(a.Feeds, answer)
		}
		answers = append(answers, a)
	}
	return answers, nil
}

func (d *desk) feedAnswer(v news.FeedState, f news.Feed) (feedAnswer, error) {
	a := feedAnswer{
		Feed: f.URL, LastVisit: when(v.Visited), LastSuccess: when(v.Success), NextVisit: when(v.Due),
		Items: v.Items, Failures: v.Failures, Since: when(v.Failing), Error: v.Error, Flags: []flagAnswer{}, Remarks: []string{},
	}
	flags, err := d.store.FeedFlags(f.URL)
	for _, g := range flags {
		a.Flags = append(a.Flags, flagAnswer{g.Kind, g.With, g.Why})
	}
	if v.Crashes > 0 { // polling goes on, alone and more and more rarely
		a.Remarks = append(a.Remarks, fmt.Sprintf("the process died in its last visit, %d in a row: its document may do that; please report it", v.Crashes))
	}
	a.Remarks = append(a.Remarks, aggregator.Remarks(v, f)...)
	return a, err
}
