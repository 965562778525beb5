package evidence

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// The sources of claims, the strongest first.
const (
	FromDesk     = "desk"     // our own public id or story page came back
	FromPage     = "page"     // rel=canonical of the item's page
	FromFeed     = "feed"     // rel=canonical in the item
	FromSentence = "sentence" // a link in "originally published by …"
	FromLink     = "link"     // the item's own link, on somebody else's host
	FromVia      = "via"      // rel=via, external_url, dcterms:source
	FromGUID     = "guid"     // a guid on somebody else's host

	// These lead to a story in another language. They join nothing.
	FromTranslation = news.ClaimOfTranslation // a link in "translated from …"
	FromVersion     = news.ClaimOfVersion     // one in "Read this story in English", rel=alternate with a language
)

// IsStronger is negative where the first of two sources of claims is stronger.
func IsStronger(a, b string) int { return slices.Index(sources, a) - slices.Index(sources, b) }

// StrongestFirst returns claims by the strength of their sources; equal ones stay in their order.
func StrongestFirst(claims []news.Claim) []news.Claim {
	return slices.SortedStableFunc(slices.Values(claims), func(a, b news.Claim) int {
		return IsStronger(a.Source, b.Source)
	})
}

var sources = []string{FromDesk, FromPage, FromFeed, FromSentence, FromLink, FromVia, FromGUID,
	FromTranslation, FromVersion}

// ListClaims lists the addresses that an item asserts as the original's, whether or not they are
// valid, each source and address once.
func ListClaims(d *directory.Directory, i *news.Item, p *TextFeatures) []news.Claim {
	var made []news.Claim
	add := func(source, address string) {
		address = link.Clean(i.Entry.URL, address)
		c := news.Claim{Source: source, URL: address, Key: d.Links.Key(address)}
		if c.Key != "" && !slices.ContainsFunc(made, sameClaim(c)) {
			made = append(made, c)
		}
	}
	if i.Page != nil {
		add(FromPage, i.Page.Canonical)
	}
	for _, l := range i.Entry.Links {
		switch l.Rel {
		case "canonical":
			add(FromFeed, l.URL)
		case "via", "external", "source":
			add(FromVia, l.URL)
		}
	}
	for _, s := range p.sentences {
		for _, l := range s.links {
			if s.about == "" || isAboutItem(d, i, s, l.URL) {
				add(FromSentence, l.URL)
			}
		}
	}
	for _, t := range p.translations {
		source := FromVersion
		if t.directed {
			source = FromTranslation
		}
		for _, l := range t.links {
			add(source, l.URL)
		}
	}
	for _, l := range i.Entry.Links {
		if l.Rel == "alternate" && l.Language != "" && l.URL != i.Entry.URL {
			add(FromVersion, l.URL)
		}
	}
	if d.Foreign(i.Station, i.Entry.URL) {
		add(FromLink, i.Entry.URL)
	}
	if i.Page != nil && d.Foreign(i.Station, i.Page.Moved) {
		add(FromLink, i.Page.Moved)
	}
	if directory.IsAddress(i.Entry.GUID) && d.Foreign(i.Station, i.Entry.GUID) {
		add(FromGUID, i.Entry.GUID)
	}
	return made
}

// isAboutItem reports whether a sentence about a headline in quotes tells an item's origin, and not
// that of a work which the item is about: the headline is like the item's, or the link leads to the
// maker that is named, and no year is.
func isAboutItem(d *directory.Directory, i *news.Item, s sentence, address string) bool {
	if likeHeadline(i, s.about) {
		return true
	}
	m, listed := d.Owner(address)
	return listed && slices.Contains(d.NamedIn(s.maker), m) && !ofYear.MatchString(s.text)
}

var ofYear = regexp.MustCompile(`(?i)\b(?:in|since|en|desde)\s+(?:the\s+)?[12]\d{3}\b`)

// UpdateClaims gives the claims that an item's entry and page make now, in place of those that it
// made before. A claim that is no longer made is kept with the time when that was found. The
// strongest that are made now come first, then the last that were; [news.MaxNames] are kept.
func UpdateClaims(d *directory.Directory, i *news.Item, p *TextFeatures, now time.Time) []news.Claim {
	claims := ListClaims(d, i, p)
	if len(claims) > news.MaxNames {
		claims = StrongestFirst(claims)[:news.MaxNames]
	}
	for n := range claims {
		claims[n].First = now
		if at := slices.IndexFunc(i.Claims, sameClaim(claims[n])); at >= 0 {
			claims[n].First = i.Claims[at].First
		}
	}
	made := len(claims)
	for _, old := range i.Claims {
		if !slices.ContainsFunc(claims[:made], sameClaim(old)) {
			if old.Last.IsZero() {
				old.Last = now
			}
			claims = append(claims, old)
		}
	}
	return claims[:min(len(claims), news.MaxNames)]
}

// CountNew counts the claims of an item that another state of it does not have.
func CountNew(claims, before []news.Claim) (n int) {
	for _, c := range claims {
		if !slices.ContainsFunc(before, sameClaim(c)) {
			n++
		}
	}
	return n
}

func sameClaim(a news.Claim) func(news.Claim) bool {
	return func(b news.Claim) bool { return a.Source == b.Source && a.Key == b.Key }
}

// Returned is an id of the desk's that an item has: it may have come back to the desk.
type Returned struct {
	ID      string
	Another bool // it counts only where it is another story's than the item's
}

// ReturnedIDs returns the ids under which an item may bring a story back to the desk, the first
// that is known counts: its addresses are those of our story page, or its GUID is one of our public
// ids. A partner's CMS that ingests the merged feed makes such items; they add a carrier, never a
// story. A public id that is a station's own GUID proves it only together with the desk's credit: a
// copy may have kept its origin's GUID.
func ReturnedIDs(d *directory.Directory, i *news.Item, credited bool) (ids []Returned) {
	page := func(address string) {
		if id := d.StoryPage(address); id != "" {
			ids = append(ids, Returned{ID: id})
		}
	}
	for _, g := range i.GUIDs {
		page(g)
	}
	page(i.Entry.URL)
	for _, l := range i.Entry.Links {
		if l.Rel == "canonical" || l.Rel == "via" {
			page(l.URL)
		}
	}
	if i.Page != nil {
		page(i.Page.Canonical)
	}
	for _, g := range i.GUIDs {
		if strings.HasPrefix(g, "tag:") || credited {
			ids = append(ids, Returned{g, true})
		}
	}
	return ids
}
