package publish

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// FeedStatus is how a feed fares, for the public.
type FeedStatus struct {
	Station     string // name
	URL         string // the station's
	Feed        string // address
	LastVisit   time.Time
	LastSuccess time.Time
	NextVisit   time.Time
	Items       int
	Failures    int
	Error       string // a word of a fixed list, empty if it is well
}

// Chart is how many stories were published on each day, the last last.
type Chart struct {
	Last   time.Time // the last day
	Counts []int
}

// Ills are what is wrong with the desk itself, and how its backups fare.
type Ills struct {
	LeftOut []Fault       // stories that could not be published
	Clock   bool          // most servers' clocks say that the desk's is wrong
	Backup  *BackupStatus // nil: the desk makes none by itself
}

// BackupStatus is how the backups fare that the desk makes by itself.
type BackupStatus struct {
	Last   time.Time // when the last was made; zero if none was
	Missed bool      // one that should be there is not
}

// StatusPage writes how the stations' feeds are doing. It alone depends on the
// time, and is made for each reader.
func (e *Edition) StatusPage(feeds []FeedStatus, c Chart, h Ills, now time.Time, language string) (Document, error) {
	p := statusPage{page: e.page(Selection{}, language), LeftOut: h.LeftOut, Clock: h.Clock}
	p.Title = p.W.Status + " – " + e.Desk.Title
	for _, f := range feeds {
		row := statusRow{
			FeedStatus: f, Public: isWeb(f.Feed) && !hasUser(f.Feed), Word: p.W.Well,
			Last: p.W.since(f.LastVisit, now), Success: p.W.since(f.LastSuccess, now), Next: p.W.until(f.NextVisit, now),
		}
		if f.Failures > 0 {
			row.Ill = true
			row.Word = p.W.explain(f.Error) + " (" + strconv.Itoa(f.Failures) + " " + p.W.Failing + ")"
		}
		p.Rows = append(p.Rows, row)
	}
	p.Chart = p.W.chart(c)
	if h.Backup != nil {
		p.Backup, p.BackupMissed = p.W.backup(*h.Backup), h.Backup.Missed
	}
	return e.html("status.html", p, time.Time{})
}

type statusPage struct {
	page
	Rows    []statusRow
	Chart   *drawnChart
	LeftOut []Fault
	Clock   bool

	Backup       string // a sentence; empty where there is nothing to say
	BackupMissed bool
}

type statusRow struct {
	FeedStatus
	Public              bool
	Last, Success, Next string
	Ill                 bool
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

// chart draws a chart; nil where there is nothing to draw.
func (w words) chart(c Chart) *drawnChart {
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
		d.Bars = append(d.Bars, bar{X: i * barStep, Y: barHeight - height, Height: height, Label: w.Day(first.AddDate(0, 0, i)) + ": " + strconv.Itoa(n)})
	}
	return d
}

// since words how long ago something was.
func (w words) since(t, now time.Time) string {
	if t.IsZero() {
		return w.Never
	}
	return fmt.Sprintf(w.Ago, w.span(now.Sub(t)))
}

// until words when something will be.
func (w words) until(t, now time.Time) string {
	switch {
	case t.IsZero():
		return w.Never
	case !t.After(now):
		return w.Soon
	}
	return fmt.Sprintf(w.In, w.span(t.Sub(now)))
}

func (w words) span(d time.Duration) string {
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

// backup says in a sentence how the desk's backups fare.
func (w words) backup(b BackupStatus) string {
	switch {
	case b.Last.IsZero():
		return w.BackupNever
	case b.Missed:
		return fmt.Sprintf(w.BackupMissed, w.moment(b.Last, time.UTC))
	}
	return fmt.Sprintf(w.BackupMade, w.moment(b.Last, time.UTC))
}

// explain says an error of the fixed list in plain words.
func (w words) explain(kind string) string {
	if status, ok := strings.CutPrefix(kind, "http status "); ok {
		return fmt.Sprintf(w.Errors["http status"], status)
	}
	return cmp.Or(w.Errors[kind], kind)
}
