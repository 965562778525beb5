package publish

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// FeedStatus is the state of a feed, for the public.
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

// Problems are what is wrong with the desk itself, and the state of its backups.
type Problems struct {
	LeftOut []Fault       // stories that could not be published
	Clock   bool          // most servers' clocks say that the desk's is wrong
	Backup  *BackupStatus // nil: the desk makes none by itself
}

// BackupStatus is the state of the backups that the desk makes by itself.
type BackupStatus struct {
	Last   time.Time // when the last was made; zero if none was
	Missed bool      // one that should be there is not
}

// StatusPage writes how the stations' feeds are doing. It alone depends on the time, and is made
// for each reader.
func (r *Renderer) StatusPage(
	feeds []FeedStatus, c Chart, problems Problems, now time.Time, language string,
) (Document, error) {
	p := statusPage{page: r.newPage(Selection{}, language), LeftOut: problems.LeftOut, Clock: problems.Clock}
	p.Title = p.W.Status + " – " + r.Desk.Title
	for _, f := range feeds {
		row := statusRow{
			FeedStatus: f, Public: isWeb(f.Feed) && !hasUser(f.Feed), Word: p.W.Well,
			Last: p.W.timeSince(f.LastVisit, now), Success: p.W.timeSince(f.LastSuccess, now),
			Next: p.W.timeUntil(f.NextVisit, now),
		}
		if f.Failures > 0 {
			row.Failing = true
			row.Word = p.W.errorInWords(f.Error) + " (" + strconv.Itoa(f.Failures) + " " + p.W.Failing + ")"
		}
		p.Rows = append(p.Rows, row)
	}
	p.Chart = p.W.drawChart(c)
	if problems.Backup != nil {
		p.Backup, p.BackupMissed = p.W.backupSentence(*problems.Backup), problems.Backup.Missed
	}
	return executePage("status.html", p, time.Time{})
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

// drawChart draws a chart; nil where there is nothing to draw.
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
func (w words) timeSince(t, now time.Time) string {
	if t.IsZero() {
		return w.Never
	}
	return fmt.Sprintf(w.Ago, w.spanInWords(now.Sub(t)))
}

// timeUntil words when something will be.
func (w words) timeUntil(t, now time.Time) string {
	switch {
	case t.IsZero():
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
func (w words) backupSentence(b BackupStatus) string {
	switch {
	case b.Last.IsZero():
		return w.BackupNever
	case b.Missed:
		return fmt.Sprintf(w.BackupMissed, w.dateAndTime(b.Last, time.UTC))
	}
	return fmt.Sprintf(w.BackupMade, w.dateAndTime(b.Last, time.UTC))
}

// errorInWords says an error of the fixed list in plain words.
func (w words) errorInWords(kind string) string {
	if status, ok := strings.CutPrefix(kind, "http status "); ok {
		return fmt.Sprintf(w.Errors["http status"], status)
	}
	return cmp.Or(w.Errors[kind], kind)
}
