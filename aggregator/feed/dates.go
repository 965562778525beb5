package feed

import (
	"time"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/text"
)

// dated is an element that a date is taken from.
type dated struct {
	space vocabulary.Space
	name  string
}

// date is the first date that can be read.
func (r *reader) date(it *xmlrepair.Item, from []dated) time.Time {
	for _, d := range from {
		for i := range it.Children {
			c := &it.Children[i]
			if c.Word.Name != d.name || !(c.Space == d.space || d.space == vocabulary.None && c.IsNamed(d.name)) {
				continue
			}
			value := r.doc.TextOf(c)
			if t, ok := r.dates.ReadTime(value); ok {
				return t
			}
			if value != "" {
				r.AddRepair(damage.Dates, r.doc.OriginOf(c.Tag.From), "no date: "+text.Excerpt(text.OneLine(value)))
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
