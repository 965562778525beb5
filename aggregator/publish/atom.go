package publish

import (
	"cmp"
	"encoding/xml"
	"strconv"

	"github.com/gorilla/feeds"
)

// atomFeed is an Atom document (RFC 4287).
type atomFeed struct {
	XMLName   xml.Name `xml:"feed"`
	NS        string   `xml:"xmlns,attr"`
	Language  string   `xml:"xml:lang,attr,omitempty"`
	ID        string   `xml:"id"`
	Title     atomText `xml:"title"`
	Subtitle  string   `xml:"subtitle,omitempty"`
	Updated   string   `xml:"updated"`
	Author    *atomPerson
	Links     []atomLink
	Generator string `xml:"generator"`
	Logo      string `xml:"logo,omitempty"`
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

type atomEntry struct {
	XMLName    xml.Name `xml:"entry"`
	Language   string   `xml:"xml:lang,attr,omitempty"`
	ID         string   `xml:"id"`
	Title      atomText `xml:"title"`
	Updated    string   `xml:"updated"`
	Published  string   `xml:"published"`
	Authors    []atomPerson
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

// Atom writes the merged feed as Atom 1.0.
func (e *Edition) Atom(s Selection) (Document, error) {
	f := atomFeed{
		NS: nsAtom, Language: e.Desk.Language, ID: e.tag(s), Title: atomText{"text", e.Desk.Title}, Subtitle: e.Desk.Description,
		Updated: isoTime(e.Changed), Author: person(e.Desk.Title, e.Desk.URL), Generator: "fronteras", Logo: e.Desk.Image,
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: e.address("/feed.atom", s)},
			{Rel: "alternate", Type: "text/html", Href: e.address("/", s)},
		},
	}
	for _, a := range e.articles(s) {
		f.Entries = append(f.Entries, e.atomEntry(a))
	}
	return e.document(TypeAtom, f)
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
	for _, c := range a.Carriers {
		if c.URL != "" && c.URL != a.Link {
			entry.Links = append(entry.Links, atomLink{Rel: "related", Type: "text/html", Href: c.URL, Title: "Also at " + c.Name})
		}
	}
	if via := a.item.Entry.URL; a.Outside && via != "" && via != a.Link {
		entry.Links = append(entry.Links, atomLink{Rel: "via", Type: "text/html", Href: via})
	}
	for _, s := range a.Sounds {
		entry.Links = append(entry.Links, atomLink{Rel: "enclosure", Type: s.Type, Href: s.URL, Length: strconv.FormatInt(s.Length, 10)})
	}
	if a.License != "" {
		entry.Links = append(entry.Links, atomLink{Rel: "license", Href: a.License})
	}
	for _, t := range a.Topics {
		entry.Categories = append(entry.Categories, atomCategory{Term: Topic(t), Label: t})
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
