package publish

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Health is what the public may know of the stations' feeds, in the form of /status.json.
type Health struct {
	Stations []StationHealth `json:"stations"`
	Backup   *BackupHealth   `json:"backup,omitempty"` // nil if the daemon makes none automatically
}

// BackupHealth is the state of the daemon's own backups.
type BackupHealth struct {
	Last   *time.Time `json:"last"`   // when the last was made
	Missed bool       `json:"missed"` // one that should be there is not
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
	Feed        string     `json:"feed"` // its name, see link.FeedNames
	Link        string     `json:"-"`    // where it is, if its name says that; empty otherwise
	LastVisit   *time.Time `json:"last_visit"`
	LastSuccess *time.Time `json:"last_success"`
	NextVisit   *time.Time `json:"next_visit"`
	Items       int        `json:"items"`
	Failures    int        `json:"failures"`
	Error       string     `json:"error"`
}

// Chart is how many stories were published on each day, the last last.
type Chart struct {
	Last   time.Time // the last day
	Counts []int
}

// Status is what the status page shows.
type Status struct {
	Health
	Chart   Chart
	LeftOut []Fault // stories that could not be published
	Clock   bool    // most servers' clocks say that the desk's is wrong
}

// HealthOf puts the states of feeds into the order of stations and their feeds.
func HealthOf(stations []news.Station, states []news.FeedState) Health {
	byFeed := map[string]news.FeedState{}
	for _, state := range states {
		byFeed[state.Feed] = state
	}
	h, names := Health{Stations: []StationHealth{}}, link.FeedNames(stations)
	for _, s := range stations {
		st := StationHealth{ID: s.ID, Name: s.Name, URL: s.URL, Feeds: []FeedHealth{}}
		for _, f := range s.Feeds {
			state := byFeed[f.URL]
			health := FeedHealth{
				Feed: names[f.URL], LastVisit: timeOrNil(state.Visited), LastSuccess: timeOrNil(state.Success),
				NextVisit: timeOrNil(state.Due), Items: state.Items, Failures: state.Failures, Error: state.Kind,
			}
			if isWeb(health.Feed) && health.Feed == link.PublicAddress(f, "", "") {
				health.Link = health.Feed
			}
			st.Feeds = append(st.Feeds, health)
		}
		h.Stations = append(h.Stations, st)
	}
	return h
}

// BackupHealthOf is the state of backups whose last was made then, if any was.
func BackupHealthOf(last time.Time, missed bool) *BackupHealth {
	return &BackupHealth{timeOrNil(last), missed}
}

// timeOrNil is a time to the second, nil for none.
func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}

// StatusPage writes how the stations' feeds are doing. It alone depends on the time, and is made
// for each reader.
func StatusPage(r *Renderer, s Status, now time.Time, l Locale) (Document, error) {
	p := statusPage{page: newPage(r, "/status", Selection{}, l), LeftOut: s.LeftOut, Clock: s.Clock}
	p.JSON = p.linkTo("/status.json", Selection{})
	p.Title = p.W.Status + " – " + p.Desk.Title
	for _, station := range s.Stations {
		for _, f := range station.Feeds {
			row := statusRow{
				FeedHealth: f, Station: station.Name, URL: station.URL,
				Last: p.W.timeSince(f.LastVisit, now), Success: p.W.timeSince(f.LastSuccess, now),
				Next: p.W.timeUntil(f.NextVisit, now), Word: p.W.Well,
			}
			if f.Failures > 0 {
				row.Failing = true
				row.Word = p.W.errorInWords(f.Error) + " (" + strconv.Itoa(f.Failures) + " " + p.W.Failing + ")"
			}
			p.Rows = append(p.Rows, row)
		}
	}
	p.Chart = p.W.drawChart(s.Chart)
	if s.Backup != nil {
		p.Backup, p.BackupMissed = p.W.backupSentence(*s.Backup), s.Backup.Missed
	}
	return executePage("status.html", p, time.Time{})
}

type statusPage struct {
	page
	JSON    string // the address of the same for programs
	Rows    []statusRow
	Chart   *drawnChart
	LeftOut []Fault
	Clock   bool

	Backup       string // a sentence; empty if there is nothing to say
	BackupMissed bool
}

type statusRow struct {
	FeedHealth
	Station, URL        string
	Last, Success, Next string
	Failing             bool
	Word                string
}

// drawnChart is a chart with its places worked out.
type drawnChart struct {
	Text        string // what it shows, in words
	Bars        []bar
	First, Last string // days at its ends
	Most        int
}

type bar struct {
	X, Y, Height int
	Label        string
}

// Sizes of the chart, in its own units.
const (
	barStep   = 16
	barHeight = 80
)

// drawChart draws a chart; nil if there is nothing to draw.
func (w words) drawChart(c Chart) *drawnChart {
	d := &drawnChart{}
	sum := 0
	for _, n := range c.Counts {
		d.Most = max(d.Most, n)
		sum += n
	}
	if sum == 0 {
		return nil
	}
	first := c.Last.AddDate(0, 0, 1-len(c.Counts))
	d.First, d.Last = w.Day(first), w.Day(c.Last)
	d.Text = fmt.Sprintf("%d %s %s", sum, w.ChartText, d.Last)
	for i, n := range c.Counts {
		height := n * barHeight / d.Most
		if n > 0 {
			height = max(height, 2)
		}
		d.Bars = append(d.Bars, bar{
			X: i * barStep, Y: barHeight - height, Height: height,
			Label: w.Day(first.AddDate(0, 0, i)) + ": " + strconv.Itoa(n),
		})
	}
	return d
}

// timeSince words how long ago something was.
func (w words) timeSince(t *time.Time, now time.Time) string {
	if t == nil {
		return w.Never
	}
	return fmt.Sprintf(w.Ago, w.spanInWords(now.Sub(*t)))
}

// timeUntil words when something will be.
func (w words) timeUntil(t *time.Time, now time.Time) string {
	switch {
	case t == nil:
		return w.Never
	case !t.After(now):
		return w.Soon
	}
	return fmt.Sprintf(w.In, w.spanInWords(t.Sub(now)))
}

// spanInWords words a span of time in its largest unit.
func (w words) spanInWords(d time.Duration) string {
	switch d = max(d, 0); {
	case d < 2*time.Minute:
		return strconv.Itoa(int(d/time.Second)) + " " + w.Seconds
	case d < 2*time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " " + w.Minutes
	case d < 48*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " " + w.Hours
	}
	return strconv.Itoa(int(d/(24*time.Hour))) + " " + w.Days
}

// backupSentence says how old the last backup is, or that one is missing.
func (w words) backupSentence(b BackupHealth) string {
	switch {
	case b.Last == nil:
		return w.BackupNever
	case b.Missed:
		return fmt.Sprintf(w.BackupMissed, w.dateAndTime(*b.Last, time.UTC))
	}
	return fmt.Sprintf(w.BackupMade, w.dateAndTime(*b.Last, time.UTC))
}

// FailureInWords says in plain words, in one of the pages' languages, why a feed cannot be read. Kind is
// that of its [news.FeedState].
func FailureInWords(language, kind string) string { return wordsOf(language).errorInWords(kind) }

// errorInWords says an error of the fixed list in plain words.
func (w words) errorInWords(kind string) string {
	if status, ok := strings.CutPrefix(kind, "http status "); ok {
		return fmt.Sprintf(w.Errors["http status"], status)
	}
	return cmp.Or(w.Errors[kind], kind)
}
