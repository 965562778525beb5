package evidence

import (
	"slices"

	"fronteras/aggregator/news"
)

// OutsideMaker names the source outside the desk that an item's words name as its maker: in an entry
// that it could have, or in the byline of its page, or by the address that the page calls canonical.
// It is "" where nobody outside is named. A station gives only what is its own.
func (r *Reader) OutsideMaker(i *news.Item, merged, page news.Entry) string {
	outside := func(makers []news.Maker) string {
		for _, m := range makers {
			if m.Outside != "" {
				return m.Name
			}
		}
		return ""
	}
	if i.Page != nil {
		if m, ok := r.Owner(i.Page.Canonical); ok && m.Outside != "" {
			return m.Name
		}
	}
	named := *i
	named.Entry = merged
	_, houses := readBylines(r.Directory, i.Station, &merged)
	credit := creditInOwnWords(r.Directory, &named, Read(r.Directory, Body(&merged)), houses, nil)
	if name := outside(credit.Makers); name != "" {
		return name
	}
	_, houses = readBylines(r.Directory, i.Station, &page)
	return outside(houses.Makers)
}

// NamesPartner reports whether the byline of a station's page names another station of the desk.
func (r *Reader) NamesPartner(station string, page *news.Entry) bool {
	_, houses := readBylines(r.Directory, station, page)
	return slices.ContainsFunc(houses.Makers, func(m news.Maker) bool {
		return m.Station != "" && m.Station != station
	})
}
