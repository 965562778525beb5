package publish

import (
	"cmp"
	"encoding/xml"
)

// opml is an OPML 2.0 document.
type opml struct {
	XMLName xml.Name  `xml:"opml"`
	Version string    `xml:"version,attr"`
	Head    opmlHead  `xml:"head"`
	Body    []outline `xml:"body>outline"`
}

// FeedXml implements feeds.XmlFeed.
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

// OPML lists the desk's own feeds, then those of its stations that have a public
// address. Configured is when the configuration last changed.
func (e *Edition) OPML() (Document, error) {
	o := opml{Version: "2.0", Head: opmlHead{
		Title: e.Desk.Title, Modified: rssTime(e.Configured), OwnerName: e.Desk.Title, OwnerEmail: e.Desk.Contact,
	}}
	own := func(title, path string) {
		o.Body = append(o.Body, outline{Type: "rss", Text: title, Title: title, XMLURL: e.address(path, Selection{}), HTMLURL: e.address("/", Selection{}), Language: e.Desk.Language})
	}
	own(e.Desk.Title, "/feed.rss")
	own(cmp.Or(e.Podcast.Title, e.Desk.Title)+" (podcast)", "/podcast.rss")
	for _, s := range e.Stations {
		for _, f := range s.Feeds {
			if !isWeb(f.URL) || hasUser(f.URL) {
				continue
			}
			title := s.Name
			if t := Line(e.Facts[f.URL].Title); t != "" && t != s.Name {
				title += ": " + t
			}
			o.Body = append(o.Body, outline{Type: "rss", Text: title, Title: title, XMLURL: f.URL, HTMLURL: s.URL, Language: s.Language})
		}
	}
	body, err := writeXML(o, 0)
	return Document{Type: TypeOPML, Body: body, Modified: e.Configured}, err
}
