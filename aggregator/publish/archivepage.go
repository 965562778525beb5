package publish

import (
	"fmt"
	"strings"
	"time"
)

// ArchivePart is a period that has stories, with the parts of it that have.
type ArchivePart struct {
	Period
	Parts []ArchivePart // the latest first
}

// archivePage is the way to the stories of all days.
type archivePage struct {
	page
	Heading      string
	Years        []archiveYear
	Older, Newer *pageLink  // the nearest periods of the same length
	Stations     []pageLink // on the page of all years: other ways to stories
	Topics       []pageLink
}

// archiveYear is a year of the archive, with months.
type archiveYear struct {
	pageLink
	Months []archiveMonth
}

// archiveMonth is a month of the archive; it may have days.
type archiveMonth struct {
	pageLink
	Days []archiveDay
}

// archiveDay is a day of the archive, by its number; those who hear the page hear its whole name.
type archiveDay struct {
	pageLink
	Number int
}

// ArchivePath is the address of the archive of a year or a month; of the zero value it is that of all.
func ArchivePath(p Period) string {
	return strings.TrimSuffix("/archive/"+strings.ReplaceAll(p.Name, "-", "/"), "/")
}

// ArchivePage writes the page of a year or a month, or of all years, which are given with their months
// and days. Older and newer are when the nearest stories before and after the period were published.
func ArchivePage(r *Renderer, of Period, years []ArchivePart, older, newer time.Time, l Locale) (Document, error) {
	e := &r.Edition
	p := archivePage{page: newPage(r, ArchivePath(of), Selection{}, l)}
	p.Heading, p.Description = p.W.Archive, fmt.Sprintf(p.W.ArchiveDescription, p.Title)
	if of.Name != "" {
		p.Heading += ": " + periodTitle(p.page, of)
	}
	if of.Name == "" {
		for _, station := range e.Stations {
			p.Stations = append(
				p.Stations,
				pageLink{Name: station.Name, URL: p.pageAt(StationPath(station.ID), Selection{})},
			)
		}
		for _, name := range offeredValues(r, nil, func(a article) []string { return a.Topics }) {
			p.Topics = append(p.Topics, pageLink{Name: name, URL: topicLink(p.page, TopicKey(name))})
		}
	}
	p.Title = p.Heading + " – " + p.Title
	for _, year := range years {
		y := archiveYear{pageLink: archiveLink(p.page, year.Period)}
		for _, month := range year.Parts {
			m := archiveMonth{pageLink: archiveLink(p.page, month.Period)}
			for _, day := range month.Parts {
				link := pageLink{Name: dayTitle(p.page, day.Period), URL: p.pageAt(DayPath(day.Period, 1), Selection{})}
				m.Days = append(m.Days, archiveDay{link, day.From.Day()})
			}
			y.Months = append(y.Months, m)
		}
		p.Years = append(p.Years, y)
	}
	p.Older, p.Newer = neighbor(p.page, e, of, older), neighbor(p.page, e, of, newer)
	return executePage("archive.html", p, latestTime(e.Configured, lastChange(e, Selection{}, e.Stories),
		lastChange(e, Selection{}, e.Filed), lastChange(e, Selection{}, e.Left)))
}

// neighbor leads to the archive of the year or month of a time, as long as another; nil for the zero time.
func neighbor(p page, e *Edition, of Period, t time.Time) *pageLink {
	if t.IsZero() {
		return nil
	}
	next := e.YearOf(t)
	if len(of.Name) == len(monthName) {
		next = e.MonthOf(t)
	}
	to := archiveLink(p, next)
	return &to
}

// archiveLink leads to the archive of a year or a month.
func archiveLink(p page, of Period) pageLink {
	return pageLink{Name: periodTitle(p, of), URL: p.pageAt(ArchivePath(of), Selection{})}
}

// periodTitle words a year or a month.
func periodTitle(p page, of Period) string {
	if len(of.Name) == len(yearName) {
		return of.Name
	}
	names := p.W.longMonths
	if len(names) == 0 {
		names = p.W.months
	}
	if p.W.Language == "es" {
		return names[of.From.Month()-1] + " de " + of.From.Format(yearName)
	}
	return names[of.From.Month()-1] + " " + of.From.Format(yearName)
}
