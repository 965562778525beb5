package evidence

import (
	"slices"
	"strings"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// Sighting is a person in the byline of an item that a station tells as its own.
type Sighting struct {
	Person  string // see [Evidence.People]
	Station string
}

// TellsAsItsOwn reports whether an item is told as its station's own: by its own words it names no
// other original, credits nobody else, and did not come from the desk. Whom its byline names was
// seen at that station then.
func TellsAsItsOwn(d *directory.Directory, e *Evidence) bool {
	return !e.Credit.Others(e.Station) && !PointsElsewhere(d, e.Item)
}

// PointsElsewhere reports whether an item's addresses alone say that its original is another's, or
// that it came from the desk.
func PointsElsewhere(d *directory.Directory, i *news.Item) bool {
	return d.Foreign(i.Station, i.Entry.URL) || CameFromDesk(d, i) ||
		slices.ContainsFunc(i.Claims, func(c news.Claim) bool {
			return c.Last.IsZero() && c.Source != FromVia && c.Source != FromGUID &&
				c.Source != FromVersion && !d.Own(i.Station, c.URL) &&
				d.Identifies(c.Key) && link.StoryLike(c.Key)
		})
}

// CameFromDesk reports whether an item has the address of one of the desk's story pages, or an id
// that the desk has made.
func CameFromDesk(d *directory.Directory, i *news.Item) bool {
	return slices.ContainsFunc(ReturnedIDs(d, i, false), func(id Returned) bool {
		return !id.Another || strings.HasPrefix(id.ID, "tag:"+link.Host(d.Site.URL)+",")
	})
}

// PersonName is a person as a byline names them.
func PersonName(d *directory.Directory, i *Evidence, person string) string {
	for _, p := range bylineParts(d, &i.Entry) {
		if p.Kind == text.Person && text.PersonKey(p.Name) == person {
			return p.Name
		}
	}
	return person
}
