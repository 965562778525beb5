package feed

import (
	"time"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/text"
)

// dates are the texts of an item's dates, in the document's order.
func (d *scanned) dates(it *item) []string {
	var all []string
	for i := range it.children {
		if c := &it.children[i]; c.word.is(isDate) {
			all = append(all, d.text(c))
		}
	}
	return all
}

// dated is an element that a date is taken from.
type dated struct {
	space space
	name  string
}

// date is the first date that can be read.
func (r *reader) date(it *item, from []dated) time.Time {
	for _, d := range from {
		for i := range it.children {
			c := &it.children[i]
			if c.word.name != d.name || !(c.space == d.space || d.space == spaceNone && c.is(d.name)) {
				continue
			}
			value := r.doc.text(c)
			if t, ok := r.dates.ReadTime(value); ok {
				return t
			}
			if value != "" {
				r.AddRepair(damage.Dates, r.doc.origin(c.tag.from), "no date: "+text.Excerpt(text.OneLine(value)))
			}
		}
	}
	return time.Time{}
}

// The orders in which an entry's date is looked for.
var (
	rssDates = []dated{
		{spaceNone, "pubdate"}, {spaceDC, "date"}, {spaceTerms, "issued"}, {spaceTerms, "created"}, {spaceTerms, "available"},
		{spaceNone, "published"}, {spaceNone, "issued"}, {spaceNone, "created"}, {spacePrism, "publicationdate"},
	}
	atomDates = []dated{
		{spaceNone, "published"}, {spaceNone, "issued"}, {spaceNone, "created"}, {spaceNone, "pubdate"}, {spaceDC, "date"}, {spaceTerms, "issued"},
		{spaceTerms, "created"}, {spaceTerms, "available"}, {spacePrism, "publicationdate"}, {spaceNone, "updated"}, {spaceNone, "modified"},
	}
	updates = []dated{{spaceNone, "updated"}, {spaceNone, "modified"}, {spaceTerms, "modified"}}
)
