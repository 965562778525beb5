package identity

import (
	"strings"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// The sources of claims, the strongest first.
const (
	fromDesk     = "desk"     // our own public id or story page came back
	fromPage     = "page"     // rel=canonical of the item's page
	fromFeed     = "feed"     // rel=canonical in the item
	fromSentence = "sentence" // a link in "originally published by …"
	fromLink     = "link"     // the item's own link, on somebody else's host
	fromVia      = "via"      // rel=via, external_url, dcterms:source
	fromGUID     = "guid"     // a guid on somebody else's host
)

// strength orders the sources of claims; less is stronger.
var strength = map[string]int{fromDesk: 0, fromPage: 1, fromFeed: 2, fromSentence: 3, fromLink: 4, fromVia: 5, fromGUID: 6}

// claims lists the addresses that an item asserts as the original's, whether
// or not they are valid, each source and address once.
func (d *Rules) claims(i *news.Item, p *prose) []news.Claim {
	var made []news.Claim
	add := func(source, address string) {
		address = link.Clean(i.Entry.URL, address)
		key := d.Links.Key(address)
		if key == "" {
			return
		}
		for _, c := range made {
			if c.Source == source && c.Key == key {
				return
			}
		}
		made = append(made, news.Claim{Source: source, URL: address, Key: key})
	}
	if i.Page != nil {
		add(fromPage, i.Page.Canonical)
	}
	for _, l := range i.Entry.Links {
		switch l.Rel {
		case "canonical":
			add(fromFeed, l.URL)
		case "via", "external", "source":
			add(fromVia, l.URL)
		}
	}
	for _, s := range p.sentences {
		for _, l := range s.links {
			add(fromSentence, l.URL)
		}
	}
	if d.foreign(i.Entry.URL, i.Station) {
		add(fromLink, i.Entry.URL)
	}
	if i.Page != nil && d.foreign(i.Page.Moved, i.Station) {
		add(fromLink, i.Page.Moved)
	}
	if isAddress(i.Entry.GUID) && d.foreign(i.Entry.GUID, i.Station) {
		add(fromGUID, i.Entry.GUID)
	}
	return made
}

// foreign reports whether an address is on the hosts of another station or of
// an outside source.
func (d *Rules) foreign(address, station string) bool {
	m, ok := d.ofHost(address)
	return ok && m.Station != station && !d.ownHost(address, station)
}

// restate gives an item the claims that its entry and page make now. A claim
// that is no longer made is kept with the time when that was found.
func (d *Rules) restate(i *news.Item, p *prose, now time.Time) {
	made := d.claims(i, p)
	old := i.Claims
	i.Claims = nil
	for _, c := range made {
		c.First = now
		for _, o := range old {
			if o.Source == c.Source && o.Key == c.Key {
				c.First = o.First
			}
		}
		i.Claims = append(i.Claims, c)
	}
	for _, o := range old {
		if !hasClaim(made, o) {
			if o.Last.IsZero() {
				o.Last = now
			}
			i.Claims = append(i.Claims, o)
		}
	}
}

func hasClaim(claims []news.Claim, c news.Claim) bool {
	for _, o := range claims {
		if o.Source == c.Source && o.Key == c.Key {
			return true
		}
	}
	return false
}

// storyPage is the id in the address of one of the desk's story pages, "" for
// other addresses.
func (d *Rules) storyPage(address string) string {
	if !strings.Contains(address, "/stories/") {
		return ""
	}
	rest, found := strings.CutPrefix(d.key(address), strings.TrimSuffix(d.key(d.Desk.URL), "/")+"/stories/")
	if !found || strings.Contains(rest, "/") {
		return ""
	}
	id, _, _ := strings.Cut(rest, "?")
	return id
}
