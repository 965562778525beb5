package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

// Health is what the public may know of the stations' feeds.
type Health struct {
	Stations []StationHealth `json:"stations"`
	Backup   *BackupHealth   `json:"backup,omitempty"` // nil where the daemon makes none by itself
}

// BackupHealth is the state of the daemon's own backups.
type BackupHealth struct {
	Last   *time.Time `json:"last"`   // when the last was made
	Missed bool       `json:"missed"` // one that should be there is not
}

// BackupHealthOf is the state of backups whose last was made then, if any was.
func BackupHealthOf(last time.Time, missed bool) *BackupHealth {
	return &BackupHealth{timeOrNull(last), missed}
}

// StationHealth is a station's part of it.
type StationHealth struct {
	ID    string       `json:"id"`
	Name  string       `json:"name"`
	URL   string       `json:"url"`
	Feeds []FeedHealth `json:"feeds"`
}

// FeedHealth is the state of one feed. Error is a word of a fixed list, never a server's own.
type FeedHealth struct {
	Feed        string     `json:"feed"`
	LastVisit   *time.Time `json:"last_visit"`
	LastSuccess *time.Time `json:"last_success"`
	NextVisit   *time.Time `json:"next_visit"`
	Items       int        `json:"items"`
	Failures    int        `json:"failures"`
	Error       string     `json:"error"`
}

// HealthOf puts visits into the order of stations and their feeds.
func HealthOf(stations []news.Station, visits []news.FeedState) Health {
	byFeed := map[string]news.FeedState{}
	for _, v := range visits {
		byFeed[v.Feed] = v
	}
	h := Health{Stations: []StationHealth{}}
	for _, s := range stations {
		st := StationHealth{ID: s.ID, Name: s.Name, URL: s.URL, Feeds: []FeedHealth{}}
		for _, f := range s.Feeds {
			v := byFeed[f.URL]
			st.Feeds = append(st.Feeds, FeedHealth{
				Feed: f.URL, LastVisit: timeOrNull(v.Visited), LastSuccess: timeOrNull(v.Success),
				NextVisit: timeOrNull(v.Due), Items: v.Items, Failures: v.Failures, Error: v.Kind,
			})
		}
		h.Stations = append(h.Stations, st)
	}
	return h
}

// currentHealth is the state of feeds with these visits, and of backups.
func (s *Site) currentHealth(visits []news.FeedState) Health {
	h := HealthOf(s.Stations(), visits)
	if s.Backup != nil {
		h.Backup = s.Backup()
	}
	return h
}

// problems is what there is to say of the desk itself.
func (s *Site) problems(leftOut []publish.Fault, b *BackupHealth) publish.Problems {
	i := publish.Problems{LeftOut: leftOut, Clock: s.Clock != nil && s.Clock()}
	if b != nil {
		i.Backup = &publish.BackupStatus{Last: timeOrZero(b.Last), Missed: b.Missed}
	}
	return i
}

// timeOrNull is a time to the second, null for none.
func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}

// serveStatus serves the stations' health for programs.
func (s *Site) serveStatus(w http.ResponseWriter, _ *http.Request) {
	allowOtherSites(w)
	visits, err := s.Store.FeedStates()
	if err != nil {
		s.Log.Error("reading the status failed", "err", err)
		refuseRequest(w, http.StatusInternalServerError, "the status could not be read")
		return
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	if err := e.Encode(s.currentHealth(visits)); err != nil {
		refuseRequest(w, http.StatusInternalServerError, "the status could not be written")
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(b.Bytes())
}

// chartDays is how many days the status page's chart shows.
const chartDays = 28

// serveStatusPage serves the stations' health as a page, as it is now.
func (s *Site) serveStatusPage(w http.ResponseWriter, r *http.Request) {
	now := s.current.Load()
	if now == nil {
		refuseNotYet(w)
		return
	}
	language := now.negotiateLanguage(w, r)
	visits, err := s.Store.FeedStates()
	var chart publish.Chart
	if err == nil {
		chart.Last, chart.Counts, err = s.Store.CountByDay(chartDays)
	}
	var d publish.Document
	if err == nil {
		h := s.currentHealth(visits)
		d, err = now.StatusPage(statusRows(h), chart, s.problems(now.leftOut, h.Backup), time.Now(), language)
	}
	if err != nil {
		s.Log.Error("reading the status failed", "err", err)
		refuseRequest(w, http.StatusInternalServerError, "the status could not be read")
		return
	}
	w.Header().Set("Content-Type", d.Type)
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(d.Body)
}

// statusRows are the feeds of all stations.
func statusRows(h Health) []publish.FeedStatus {
	var list []publish.FeedStatus
	for _, s := range h.Stations {
		for _, f := range s.Feeds {
			list = append(list, publish.FeedStatus{
				Station: s.Name, URL: s.URL, Feed: f.Feed, LastVisit: timeOrZero(f.LastVisit),
				LastSuccess: timeOrZero(f.LastSuccess), NextVisit: timeOrZero(f.NextVisit), Items: f.Items,
				Failures: f.Failures, Error: f.Error,
			})
		}
	}
	return list
}

// timeOrZero is a time, the zero one for null.
func timeOrZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
