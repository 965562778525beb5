package publish

import (
	"fmt"
	"strconv"
	"time"

	"fronteras/aggregator/news"
)

// DayStories is how many stories a page of a day shows; a day that has more has more pages.
const DayStories = 100

// dayPage is the stories of one day, or of a part of it.
type dayPage struct {
	page
	Date, Heading string
	Cards         []teaser
	More          []pageLink // the pages of this day before and after this one
	Older, Newer  *pageLink  // the nearest days that have stories
}

// DayPath is the address of the page of a day; number is that of its page, from 1.
func DayPath(day Period, number int) string {
	path := "/days/" + day.Name
	if number > 1 {
		path += "?page=" + strconv.Itoa(number)
	}
	return path
}

// DayPage writes the page of a day, or of a part of it, counted from 1. Older and newer are when the
// nearest stories before and after the day were published; zero where there are none.
func DayPage(
	r *Renderer, day Period, span news.Span, number int, older, newer time.Time, l Locale,
) (Document, error) {
	e := &r.Edition
	p := dayPage{page: newPage(r, DayPath(day, number), Selection{}, l), Date: day.Name}
	p.Heading = dayTitle(p.page, day)
	p.Description = fmt.Sprintf(p.W.DayDescription, p.Heading, p.Title)
	p.Title = p.Heading + " – " + p.Title
	changed := latestTime(e.Configured, span.Left)
	for _, a := range r.articlesOf(span.Stories, Selection{}) {
		card := newCard(r, p.page, a)
		card.Level = 2
		p.Cards = append(p.Cards, card)
		changed = latestTime(changed, a.Changed, lastChangeOfVersions(a.Story))
	}
	takeRow(p.Cards)
	if number > 1 {
		p.More = append(
			p.More,
			pageLink{Name: "← " + strconv.Itoa(number-1), URL: p.pageAt(DayPath(day, number-1), Selection{})},
		)
	}
	if span.More {
		p.More = append(
			p.More,
			pageLink{Name: strconv.Itoa(number+1) + " →", URL: p.pageAt(DayPath(day, number+1), Selection{})},
		)
	}
	p.Older, p.Newer = dayLink(p.page, e, older), dayLink(p.page, e, newer)
	return executePage("day.html", p, changed)
}

// NoDayPage writes the page for a day that has no stories, which leads to the nearest that have.
func NoDayPage(r *Renderer, day Period, older, newer time.Time, l Locale) (Document, error) {
	n := newNotice(r, DayPath(day, 1), l)
	n.Heading, n.Text = n.W.NotFound, fmt.Sprintf(n.W.NoStoriesOn, dayTitle(n.page, day))
	n.Title = n.Heading + " – " + n.Title
	for _, to := range []*pageLink{dayLink(n.page, &r.Edition, older), dayLink(n.page, &r.Edition, newer)} {
		if to != nil {
			n.Links = append(n.Links, *to)
		}
	}
	return executePage("notice.html", n, time.Time{})
}

// dayTitle words a day with its weekday and year.
func dayTitle(p page, day Period) string { return p.W.weekdayAndDate(day.From, 0) }

// dayLink leads to the page of the day of a time; nil for the zero time.
func dayLink(p page, e *Edition, t time.Time) *pageLink {
	if t.IsZero() {
		return nil
	}
	day := e.DayOf(t)
	return &pageLink{Name: dayTitle(p, day), URL: p.pageAt(DayPath(day, 1), Selection{})}
}
