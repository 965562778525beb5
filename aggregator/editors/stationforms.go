package editors

import (
	"errors"
	"net/http"
	"slices"

	"fronteras/aggregator/news"
)

// answerStation does what a form of a station's page orders for one of its feeds: the field "feed" has
// its name.
func answerStation(s *Site, w http.ResponseWriter, r *request) {
	station, ok := findStation(s, w, r)
	if !ok {
		return
	}
	reports, err := s.Source.Feeds(station.ID)
	if err != nil {
		s.fail(w, r, "cannot tell how a station is doing", err)
		return
	}
	at := slices.IndexFunc(reports, func(f FeedReport) bool { return f.Name == r.PostForm.Get("feed") })
	switch do := r.PostForm.Get("do"); {
	case do != "poll" && do != "trust":
		showStationAs(s, w, r, station, http.StatusUnprocessableEntity, r.say("Choose what is to be done."))
	case at < 0: // a reload has ended it
		showStationAs(s, w, r, station, http.StatusConflict, changedWords(r, nil))
	case do == "poll":
		pollFeed(s, w, r, station, reports[at])
	default:
		trustFeed(s, w, r, station, reports[at])
	}
}

// pollFeed visits a feed now.
func pollFeed(s *Site, w http.ResponseWriter, r *request, station news.Station, f FeedReport) {
	ended, err := s.Source.Poll(r.Context(), f.Feed.URL)
	var wrong *OrderError
	switch {
	case errors.As(err, &wrong):
		showStationAs(s, w, r, station, http.StatusUnprocessableEntity, refusalWords(r, wrong))
	case err != nil:
		s.fail(w, r, "cannot visit a feed", err)
	case ended:
		s.redirect(w, r, stationPath(station.ID)+"?said=visited")
	default:
		s.redirect(w, r, stationPath(station.ID)+"?said=visiting")
	}
}

// trustFeed has a feed be trusted again.
func trustFeed(s *Site, w http.ResponseWriter, r *request, station news.Station, f FeedReport) {
	o := newOrder(r, news.Trust)
	o.Feed = f.Feed.URL
	number, err := s.Source.Decide(r.Context(), o)
	var wrong *OrderError
	switch {
	case errors.As(err, &wrong):
		showStationAs(s, w, r, station, http.StatusUnprocessableEntity, refusalWords(r, wrong))
	case errors.As(err, new(*ChangedError)):
		showStationAs(s, w, r, station, http.StatusConflict, changedWords(r, nil))
	case err != nil:
		s.fail(w, r, "cannot trust a feed", err)
	default:
		s.redirect(w, r, pathDone(stationPath(station.ID), number))
	}
}
