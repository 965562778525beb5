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
	h, err := s.currentHealth()
	var b bytes.Buffer
	if err == nil {
		e := json.NewEncoder(&b)
		e.SetIndent("", "  ")
		err = e.Encode(h)
	}
	s.sendStatus(w, "application/json; charset=utf-8", b.Bytes(), err)
}

// serveStatusPage serves the stations' health as a page, as it is now.
func (s *Site) serveStatusPage(w http.ResponseWriter, r *http.Request) {
	now := s.current.Load()
	if now == nil {
		s.refuseNotYet(w)
		return
	}
	language := now.negotiateLanguage(w, r)
	status := publish.Status{LeftOut: now.leftOut, Clock: s.Clock != nil && s.Clock()}
	var err error
	if status.Health, err = s.currentHealth(); err == nil {
		status.Chart.Last, status.Chart.Counts, err = s.Store.CountByDay(chartDays)
	}
	var d publish.Document
	if err == nil {
		d, err = now.StatusPage(status, time.Now(), language)
	}
	s.sendStatus(w, d.Type, d.Body, err)
}

// sendStatus answers with the status, or says that it could not be read.
func (s *Site) sendStatus(w http.ResponseWriter, kind string, body []byte, err error) {
	if err != nil {
		s.Log.Error("reading the status failed", "err", err)
		refuseRequest(w, http.StatusInternalServerError, "the status could not be read")
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(body) // if that fails, the client has gone
}
