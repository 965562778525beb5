package command

import (
	"context"
	"errors"
	"slices"
	"time"

	"fronteras/aggregator"
	"fronteras/aggregator/editors"
	"fronteras/aggregator/feed"
	"fronteras/aggregator/news"
	"fronteras/aggregator/notify"
	"fronteras/aggregator/websub"
	"fronteras/store"
)

// Bounds of a visit that a page asks for.
const (
	pagePollWait = 10 * time.Second // until the page no longer waits for it
	pagePollTime = 2 * time.Minute  // until it is given up
)

// newStationSource is what the editors' pages of stations show and do. What they begin ends with the
// daemon, whose end ctx is.
func newStationSource(ctx context.Context, d *daemon) editors.StationSource {
	return editors.StationSource{
		Feeds: func(station string) ([]editors.FeedReport, error) {
			return listFeedReports(d.current.Load().app, station)
		},
		LastDocument: d.store.LastDocument,
		Poll: func(_ context.Context, address string) (ended bool, err error) { //nolint:contextcheck // see above
			return pollForPage(ctx, d.current.Load().app, address)
		},
		FailedNotices: func(station string) ([]editors.FailedNotice, error) {
			return failedNotices(d.current.Load().app, station)
		},
	}
}

// pollForPage visits a feed as the command does. A station that answers slowly keeps no page waiting: the
// visit goes on then.
func pollForPage(ctx context.Context, a *app, address string) (ended bool, err error) {
	done := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, pagePollTime)
		defer cancel()
		_, err := pollFeeds(ctx, a, pollQuestion{Feed: address})
		done <- err
	}()
	select {
	case err := <-done:
		return true, refusalOf(err)
	case <-time.After(pagePollWait):
		return false, nil
	}
}

// listFeedReports tells how the feeds of a station are doing, "" of all, without asking them.
func listFeedReports(a *app, station string) (list []editors.FeedReport, err error) {
	view, err := readFeedHealth(a.store)
	if err != nil {
		return nil, err
	}
	for _, s := range a.config.Stations {
		if station != "" && s.ID != station {
			continue
		}
		for _, f := range s.Feeds {
			flags, err := a.store.FeedFlags(f.URL)
			if err != nil {
				return nil, err
			}
			state := view.states[f.URL]
			list = append(list, editors.FeedReport{
				Feed: f, Name: a.feedForOperators(f.URL), State: state, Flags: flags, Advice: view.adviceOn(f),
			})
		}
	}
	return list, nil
}

// feedHealth is what the store knows of how feeds are doing.
type feedHealth struct {
	states        map[string]news.FeedState // by address
	subscriptions []news.Subscription
}

func readFeedHealth(s *store.Store) (h feedHealth, err error) {
	states, err := s.FeedStates()
	if err != nil {
		return h, err
	}
	h.states = map[string]news.FeedState{}
	for _, state := range states {
		h.states[state.Feed] = state
	}
	h.subscriptions, err = s.Subscriptions()
	return h, err
}

// adviceOn says what could be better about a feed and its server, apart from what was not taken of it.
func (h feedHealth) adviceOn(f news.Feed) []string {
	state := h.states[f.URL]
	advice := crashRemarks(state)
	advice = append(advice, aggregator.Remarks(state, f)...)
	if what := aggregator.FailureAdvice(state); what != "" {
		advice = append(advice, what)
	}
	for _, repair := range state.Repairs {
		advice = append(advice, feed.Repair{Name: repair.Name}.Advice())
	}
	return append(advice, websub.Remarks(f.URL, h.subscriptions)...)
}

// maxNoticesRead is how many failed notices of each recipient are looked at, for one page.
const maxNoticesRead = 50

// failedNotices lists the notices about a station and its feeds, and for its partners, that wait since
// their recipient has refused them.
func failedNotices(a *app, station string) (list []editors.FailedNotice, err error) {
	if len(a.config.Notify.To) == 0 {
		return nil, editors.ErrNone
	}
	for _, r := range a.config.Notify.To {
		waiting, err := a.store.Deliveries(r.Key())
		if errors.Is(err, store.ErrUnknown) { // it hears of nothing yet
			continue
		}
		if err != nil {
			return nil, err
		}
		shown := notify.HostOf(r.Target)
		if r.As == news.AsMail {
			shown = notify.MailAddressOf(r.Target)
		}
		waiting = slices.DeleteFunc(waiting, func(w news.Delivery) bool { return w.Attempts == 0 })
		for _, w := range waiting[:min(len(waiting), maxNoticesRead)] {
			concerns, err := a.concernsStation(w.Event, r, station)
			if err != nil {
				return nil, err
			}
			if concerns {
				list = append(list, editors.FailedNotice{
					Recipient: shown, Kind: w.Event.Kind, Since: w.Since, Attempts: w.Attempts, Error: w.Error,
				})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b editors.FailedNotice) int { return a.Since.Compare(b.Since) })
	return list, nil
}

// concernsStation reports whether a notice is for a station, or about one of its feeds or stories.
func (a *app) concernsStation(e news.Event, r news.Recipient, station string) (bool, error) {
	if r.Partner == station {
		return true, nil
	}
	fact, err := a.factOf(e)
	if err != nil {
		return false, err
	}
	return fact.StationID == station || slices.ContainsFunc(fact.Stories, func(s notify.Story) bool {
		return slices.Contains(s.Holders, station)
	}), nil
}
