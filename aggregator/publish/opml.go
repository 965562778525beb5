package publish

import (
	"encoding/xml"

	"fronteras/aggregator/link"
)

// opml is an OPML 2.0 document.
type opml struct {
	XMLName xml.Name  `xml:"opml"`
	Version string    `xml:"version,attr"`
	Head    opmlHead  `xml:"head"`
	Body    []outline `xml:"body>outline"`
}

// FeedXml implements [feeds.XmlFeed].
func (o opml) FeedXml() any { return o }

type opmlHead struct {
	Title      string `xml:"title"`
	Modified   string `xml:"dateModified,omitempty"`
	OwnerName  string `xml:"ownerName,omitempty"`
	OwnerEmail string `xml:"ownerEmail,omitempty"`
}

type outline struct {
	Type     string `xml:"type,attr"`
	Text     string `xml:"text,attr"`
	Title    string `xml:"title,attr"`
	XMLURL   string `xml:"xmlUrl,attr"`
	HTMLURL  string `xml:"htmlUrl,attr,omitempty"`
	Language string `xml:"language,attr,omitempty"`
}

// OPML writes the list of an edition's own feeds and its stations' as `stations --opml` prints it.
func OPML(e Edition) (Document, error) { return renderOPML(NewRenderer(e), request{}) }

// renderOPML lists the desk's own feeds, then those of its stations that have a public address.
func renderOPML(r *Renderer, _ request) (Document, error) {
	e := &r.Edition
	o := opml{Version: "2.0", Head: opmlHead{
		Title: e.Desk.Title, Modified: formatRFC2822(e.Configured), OwnerName: e.Desk.Title, OwnerEmail: e.Desk.Contact,
	}}
	list := func(title, feed, page, language string) {
		o.Body = append(o.Body, outline{
			Type: "rss", Text: title, Title: title, XMLURL: feed, HTMLURL: page, Language: language,
		})
	}
	for _, f := range r.formats {
		if f.Outline != nil {
			feed, page := e.publicAddress(f.Path, Selection{}), e.publicAddress("/", Selection{})
			list(f.Outline(e), feed, page, e.Desk.Language)
		}
	}
	for _, s := range e.Stations {
		for _, f := range s.Feeds {
			if f.Public == "" && !isWeb(f.URL) { // a file
				continue
			}
			facts := e.Facts[f.URL]
			address := link.PublicAddress(f, facts.Self, s.URL)
			if address == "" {
				continue
			}
			title := s.Name
			if t := singleLine(facts.Title); t != "" && t != s.Name {
				title += ": " + t
			}
			list(title, address, s.URL, s.Language)
		}
	}
	body, err := writeXML(o, 0)
	return Document{Type: TypeOPML, Body: body, Modified: e.Configured}, err
}
