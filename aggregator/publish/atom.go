package publish

import (
	"cmp"
	"encoding/xml"
	"strconv"
	"time"

	"github.com/gorilla/feeds"

	"fronteras/aggregator/news"
)

// atomFeed is an Atom document (RFC 4287).
type atomFeed struct {
	XMLName   xml.Name `xml:"feed"`
	NS        string   `xml:"xmlns,attr"`
	Tombs     string   `xml:"xmlns:at,attr"`
	History   string   `xml:"xmlns:fh,attr,omitempty"`
	Language  string   `xml:"xml:lang,attr,omitempty"`
	ID        string   `xml:"id"`
	Title     atomText `xml:"title"`
	Subtitle  string   `xml:"subtitle,omitempty"`
	Updated   string   `xml:"updated"`
	Author    *atomPerson
	Links     []atomLink
	Generator string    `xml:"generator"`
	Logo      string    `xml:"logo,omitempty"`
	Archive   *struct{} `xml:"fh:archive"`
	Deleted   []atomDeleted
	Entries   []atomEntry
}

// FeedXml implements [feeds.XmlFeed].
func (f atomFeed) FeedXml() any { return f }

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type atomPerson struct {
	XMLName xml.Name `xml:"author"`
	feeds.AtomPerson
}

type atomLink struct {
	XMLName  xml.Name `xml:"link"`
	Rel      string   `xml:"rel,attr"`
	Type     string   `xml:"type,attr,omitempty"`
	Href     string   `xml:"href,attr"`
	Title    string   `xml:"title,attr,omitempty"`
	Language string   `xml:"hreflang,attr,omitempty"`
	Length   string   `xml:"length,attr,omitempty"`
}

// atomDeleted is a tombstone (RFC 6721): the entry of that id has ended.
type atomDeleted struct {
	XMLName xml.Name `xml:"at:deleted-entry"`
	Ref     string   `xml:"ref,attr"`
	When    string   `xml:"when,attr"`
	By      *atomBy
	Comment string `xml:"at:comment,omitempty"`
}

type atomBy struct {
	XMLName xml.Name `xml:"at:by"`
	Name    string   `xml:"name"`
}

type atomContributor struct {
	XMLName xml.Name `xml:"contributor"`
	Name    string   `xml:"name"`
}

type atomEntry struct {
	XMLName    xml.Name `xml:"entry"`
	Language   string   `xml:"xml:lang,attr,omitempty"`
	ID         string   `xml:"id"`
	Title      atomText `xml:"title"`
	Updated    string   `xml:"updated"`
	Published  string   `xml:"published"`
	Authors    []atomPerson
	Others     []atomContributor
	Links      []atomLink
	Summary    feeds.AtomSummary
	Content    feeds.AtomContent
	Source     atomSource
	Categories []atomCategory
	Rights     string `xml:"rights,omitempty"`
}

type atomSource struct {
	XMLName xml.Name `xml:"source"`
	ID      string   `xml:"id"`
	Title   atomText `xml:"title"`
	Updated string   `xml:"updated"`
	Author  atomPerson
	Links   []atomLink
	Rights  string `xml:"rights,omitempty"`
}

type atomCategory struct {
	XMLName xml.Name `xml:"category"`
	Term    string   `xml:"term,attr"`
	Label   string   `xml:"label,attr"`
}

const nsTombstones = "http://purl.org/atompub/tombstones/1.0"

var formatAtom = format{kind: TypeAtom, write: (*Edition).writeAtom, check: checkAtom, text: `<content type="html">`, escape: inXML}

// writeAtom writes articles as Atom 1.0, with a tombstone for each id that has
// ended.
func (e *Edition) writeAtom(sh sheet, list []article) ([]byte, error) {
	f := atomFeed{
		NS: nsAtom, Tombs: nsTombstones, Language: e.Desk.Language, ID: e.tag(sh.Selection), Title: atomText{"text", e.Desk.Title},
		Subtitle: e.Desk.Description, Author: person(e.Desk.Title, e.Desk.URL), Generator: "fronteras", Logo: e.Desk.Image,
	}
	if sh.archive != nil {
		f.History, f.Archive = nsHistory, &struct{}{}
	}
	for _, r := range e.relations(sh) {
		l := atomLink{Rel: r.rel, Href: r.address}
		if r.rel != "hub" {
			l.Type = "application/atom+xml"
		}
		f.Links = append(f.Links, l)
	}
	f.Links = append(f.Links, atomLink{Rel: "alternate", Type: "text/html", Href: e.address("/", sh.Selection)})
	var updated time.Time
	for _, a := range list {
		f.Entries = append(f.Entries, e.atomEntry(a))
	}
	if sh.told == nil {
		sh.told = list
	}
	for _, a := range sh.told {
		updated = latest(updated, a.changed())
	}
	for _, g := range sh.gone {
		f.Deleted = append(f.Deleted, e.tombstone(g))
		updated = latest(updated, g.When)
	}
	if updated.IsZero() {
		updated = e.Configured
	}
	f.Updated = isoTime(updated)
	return writeXML(f, sizeOf(list))
}

// tombstone says when an entry ended, and by whom it was withdrawn or what it is
// part of now; the reason that an editor gave stays inside.
func (e *Edition) tombstone(g news.Gone) atomDeleted {
	d := atomDeleted{Ref: g.ID, When: isoTime(g.When)}
	switch by := Line(g.Story.WithdrawnBy); {
	case g.Joined():
		d.Comment = "Now part of " + g.Story.PublicID
	case by == "":
		d.Comment = "Withdrawn"
	default:
		d.By, d.Comment = &atomBy{Name: by}, "Withdrawn by "+by
	}
	return d
}

func (e *Edition) atomEntry(a article) atomEntry {
	entry := atomEntry{
		Language: a.Language, ID: a.PublicID, Title: atomText{"text", a.Title}, Updated: isoTime(a.changed()), Published: isoTime(a.Published),
		Links:   []atomLink{{Rel: "alternate", Type: "text/html", Href: a.Link}},
		Summary: feeds.AtomSummary{Type: "text", Content: a.Deck}, Content: feeds.AtomContent{Type: "html", Content: a.Body},
		Source: atomSourceOf(a.Source), Rights: a.Rights,
	}
	for _, name := range a.Authors {
		entry.Authors = append(entry.Authors, *person(name, ""))
	}
	for _, name := range a.Contributors {
		entry.Others = append(entry.Others, atomContributor{Name: name})
	}
	for _, c := range a.Carriers {
		if c.URL != "" && c.URL != a.Link {
			entry.Links = append(entry.Links, atomLink{Rel: "related", Type: "text/html", Href: c.URL, Title: "Also at " + c.Name})
		}
	}
	if via := a.item.Entry.URL; len(a.Makers) > 0 && !a.Origin.Made(a.item.Station) && via != "" && via != a.Link {
		entry.Links = append(entry.Links, atomLink{Rel: "via", Type: "text/html", Href: via})
	}
	for _, s := range a.Sounds {
		entry.Links = append(entry.Links, atomLink{Rel: "enclosure", Type: s.Type, Href: s.URL, Length: strconv.FormatInt(s.Length, 10)})
	}
	if a.License != "" {
		entry.Links = append(entry.Links, atomLink{Rel: "license", Href: a.License})
	}
	for _, t := range a.Topics {
		entry.Categories = append(entry.Categories, atomCategory{Term: t, Label: t})
	}
	return entry
}

// atomSourceOf names the feed that an entry came from: readers find attribution
// here and nowhere else (RFC 4287 4.2.11).
func atomSourceOf(s source) atomSource {
	x := atomSource{
		ID: s.ID, Title: atomText{"text", s.Title}, Updated: isoTime(s.Updated), Rights: s.Rights,
		Author: *person(s.Station, ""), Links: []atomLink{{Rel: "self", Href: s.Feed}},
	}
	if page := cmp.Or(s.Page, s.Feed); page != "" {
		x.Links = append(x.Links, atomLink{Rel: "alternate", Type: "text/html", Href: page})
	}
	return x
}

func person(name, uri string) *atomPerson {
	return &atomPerson{AtomPerson: feeds.AtomPerson{Name: name, Uri: uri}}
}
