package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"

	"fronteras/aggregator/publish"
)

// chartDays is how many days the status page's chart shows.
const chartDays = 28

// currentHealth is the state of feeds and backups now.
func (s *Site) currentHealth() (publish.Health, error) {
	states, err := s.Store.FeedStates()
	h := publish.HealthOf(s.Stations(), states)
	if s.Backup != nil {
		h.Backup = s.Backup()
	}
	return h, err
}

// serveStatus serves the stations' health for programs.
func (s *Site) serveStatus(w http.ResponseWriter, _ *http.Request) {
	allowOtherSites(w)
	s.sendStatus(w, func() (publish.Document, error) {
		h, err := s.currentHealth()
		var b bytes.Buffer
		if err == nil {
			e := json.NewEncoder(&b)
			e.SetIndent("", "  ")
			err = e.Encode(h)
		}
		return publish.Document{Type: "application/json; charset=utf-8", Body: b.Bytes()}, err
	})
}

// serveStatusPage serves the stations' health as a page, as it is now.
func (s *Site) serveStatusPage(w http.ResponseWriter, r *http.Request) {
	now := s.current.Load()
	if now == nil {
		refuseNotYet(w, s.Store.FeedStates, s.Settles)
		return
	}
	locale := now.negotiateLocale(w, r)
	s.sendStatus(w, func() (d publish.Document, err error) {
		status := publish.Status{LeftOut: now.leftOut, Clock: s.Clock != nil && s.Clock()}
		if status.Health, err = s.currentHealth(); err == nil {
			status.Chart.Last, status.Chart.Counts, err = s.Store.CountByDay(chartDays)
		}
		if err != nil {
			return d, err
		}
		return publish.StatusPage(now.Renderer, status, time.Now(), locale)
	})
}

// sendStatus answers with the status, or says that it could not be read. One at a time is put
// together: of a large desk, it takes megabytes.
func (s *Site) sendStatus(w http.ResponseWriter, write func() (publish.Document, error)) {
	d, err := func() (publish.Document, error) {
		s.reporting.Lock()
		defer s.reporting.Unlock()
		return write()
	}()
	if err != nil {
		s.Log.Error("reading the status failed", "err", err)
		refuseRequest(w, http.StatusInternalServerError, "the status could not be read")
		return
	}
	w.Header().Set("Content-Type", d.Type)
	w.Header().Set("Cache-Control", "no-cache")
	s.SendMade(w, d.Body)
}

// SendMade sends a body that was made for one reader, if there is room for it among those that
// readers hold.
func (s *Site) SendMade(w http.ResponseWriter, body []byte) {
	release, ok := s.sending.hold(len(body))
	if !ok {
		refuseBusy(w)
		return
	}
	defer release()
	_, _ = w.Write(body) // if that fails, the client has gone
}
