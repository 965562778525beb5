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

func newStationsCommand(p *program) *cobra.Command {
	var asJSON, asOPML bool
	c := &cobra.Command{
		Use: "stations", Short: "Show each feed's health", Args: checkArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			var stations []stationAnswer
			if err := p.askDesk(c.Context(), "stations", stationsQuestion{}, &stations); err != nil {
				return err
			}
			switch {
			case asOPML:
				return printOPML(p)
			case asJSON:
				return printJSON(p.Out, stations)
			}
			rows := [][]string{{"STATION", "LAST VISIT", "NEXT VISIT", "ITEMS", "FEED", "STATE"}}
			for _, s := range stations {
				for _, f := range s.Feeds {
					rows = append(rows, []string{
						s.ID, formatMinute(f.LastVisit), formatMinute(f.NextVisit), strconv.Itoa(f.Items), f.Feed,
						feedStateText(f),
					})
				}
			}
			if err := printTable(p.Out, rows); err != nil {
				return err
			}
			for _, s := range stations {
				for _, f := range s.Feeds {
					for _, r := range f.Remarks {
						fmt.Fprintf(p.Out, "%s %s: %s\n", s.ID, f.Feed, terminalSafe(r))
					}
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	c.Flags().BoolVar(&asOPML, "opml", false, "print the stations' feeds as OPML")
	return c
}

// printOPML prints the list of the desk's and the stations' feeds that is served at /stations.opml,
// without the titles, which only the store knows.
func printOPML(p *program) error {
	c, err := p.loadConfig()
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

// feedStateText says how a feed is doing.
func feedStateText(f feedAnswer) string {
	state := "ok"
	switch {
	case f.Failures > 0:
		state = fmt.Sprintf("%s (%d in a row, since %s)", f.Error, f.Failures, formatMinute(f.Since))
	case f.LastVisit == nil:
		state = "not visited yet"
	}
	for _, flag := range f.Flags {
		state += "; " + string(flag.Kind)
	}
	return state
}

// listStations answers for the configured stations.
func listStations(_ context.Context, a *app, _ stationsQuestion) ([]stationAnswer, error) {
	health, err := readFeedHealth(a.store)
	if err != nil {
		return nil, err
	}
	stations := []stationAnswer{}
	for _, s := range a.config.Stations {
		station := stationAnswer{ID: s.ID, Name: s.Name, URL: s.URL, Feeds: []feedAnswer{}}
		for _, f := range s.Feeds {
			flags, err := a.store.FeedFlags(f.URL)
			if err != nil {
				return nil, err
			}
			answer := newFeedAnswer(f, a.feedForOperators(f.URL), health.states[f.URL], flags)
			answer.Remarks = append(answer.Remarks, websub.Remarks(f.URL, health.subscriptions)...)
			station.Feeds = append(station.Feeds, answer)
		}
		stations = append(stations, station)
	}
	return stations, nil
}

func newFeedAnswer(f news.Feed, name string, s news.FeedState, flags []news.Flag) feedAnswer {
	a := feedAnswer{
		Feed: name, LastVisit: timeOrNil(s.Visited), LastSuccess: timeOrNil(s.Success), NextVisit: timeOrNil(s.Due),
		Items: s.Items, Failures: s.Failures, Since: timeOrNil(s.Failing), Error: s.Error,
		Flags: []flagAnswer{}, Remarks: []string{},
	}
	for _, g := range flags {
		a.Flags = append(a.Flags, flagAnswer{g.Kind, g.With, g.Why})
	}
	a.Remarks = append(a.Remarks, crashRemarks(s)...)
	a.Remarks = append(a.Remarks, aggregator.Remarks(s, f)...)
	if advice := aggregator.FailureAdvice(s); advice != "" {
		a.Remarks = append(a.Remarks, advice)
	}
	a.Remarks = append(a.Remarks, aggregator.LossWords(s)...)
	return a
}

// crashRemarks say that the process died in a feed's visits. It is still polled, alone and less and less often.
func crashRemarks(s news.FeedState) []string {
	if s.Crashes == 0 {
		return nil
	}
	return []string{fmt.Sprintf("the process died in its last visit, %d in a row: "+
		"its document may be the cause; please report it", s.Crashes)}
}
