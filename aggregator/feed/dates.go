package feed

import (
	"time"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// dates are the texts of an item's dates, in the document's order.
func (d *scanned) dates(it *item) []string {
	var all []string
	for i := range it.children {
		if c := &it.children[i]; c.word.HasTrait(vocabulary.IsDate) {
			all = append(all, d.text(c))
		}
	}
	return all
}

// dated is an element that a date is taken from.
type dated struct {
	space vocabulary.Space
	name  string
}

// date is the first date that can be read.
func (r *reader) date(it *item, from []dated) time.Time {
	for _, d := range from {
		for i := range it.children {
			c := &it.children[i]
			if c.word.Name != d.name || !(c.space == d.space || d.space == vocabulary.None && c.is(d.name)) {
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
		{vocabulary.None, "pubdate"}, {vocabulary.DC, "date"}, {vocabulary.Terms, "issued"}, {vocabulary.Terms, "created"}, {vocabulary.Terms, "available"},
		{vocabulary.None, "published"}, {vocabulary.None, "issued"}, {vocabulary.None, "created"}, {vocabulary.Prism, "publicationdate"},
	}
	atomDates = []dated{
		{vocabulary.None, "published"}, {vocabulary.None, "issued"}, {vocabulary.None, "created"}, {vocabulary.None, "pubdate"}, {vocabulary.DC, "date"}, {vocabulary.Terms, "issued"},
		{vocabulary.Terms, "created"}, {vocabulary.Terms, "available"}, {vocabulary.Prism, "publicationdate"}, {vocabulary.None, "updated"}, {vocabulary.None, "modified"},
	}
	updates = []dated{{vocabulary.None, "updated"}, {vocabulary.None, "modified"}, {vocabulary.Terms, "modified"}}
)
