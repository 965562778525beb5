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
	XMLName   xml.Name  `xml:"feed"`
	NS        string    `xml:"xmlns,attr"`
	Tombs     string    `xml:"xmlns:at,attr,omitempty"` // where there are any: validators remark on it
	Media     string    `xml:"xmlns:media,attr"`
	History   string    `xml:"xmlns:fh,attr,omitempty"`
	Language  string    `xml:"xml:lang,attr,omitempty"`
	ID        string    `xml:"id"`
	Title     atomText  `xml:"title"`
	Subtitle  *atomText `xml:"subtitle"`
	Updated   string    `xml:"updated"`
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

// atomTextOf is nil where there is nothing to say.
func atomTextOf(text string) *atomText {
	if text == "" {
		return nil
	}
	return &atomText{"text", text}
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
	Summary    *atomText `xml:"summary"`
	Content    feeds.AtomContent
	Source     atomSource
	Categories []atomCategory
	Rights     *atomText `xml:"rights"`
	Media      []mediaContent
	Thumbnail  *mediaThumbnail
}

type atomSource struct {
	XMLName xml.Name `xml:"source"`
	ID      string   `xml:"id"`
	Title   atomText `xml:"title"`
	Updated string   `xml:"updated"`
	Author  atomPerson
	Links   []atomLink
	Rights  *atomText `xml:"rights"`
}

type atomCategory struct {
	XMLName xml.Name `xml:"category"`
	Term    string   `xml:"term,attr"`
	Label   string   `xml:"label,attr"`
}

const nsTombstones = "http://purl.org/atompub/tombstones/1.0"

var atomWriter = &feedWriter{
	write: writeAtom, check: checkAtom, begin: "<feed ", itemBegin: "\n  <entry", itemEnd: "\n  </entry>",
	text: `<content type="html">`, escape: escapeXML,
}

// writeAtom writes articles as Atom 1.0, with a tombstone for each id that has ended.
func writeAtom(e *Edition, c contents, list []article) ([]byte, error) {
	desk := e.deskFor(c.Selection)
	f := atomFeed{
		NS: nsAtom, Media: nsMedia, Language: desk.Language, ID: e.lastingID(c.Selection),
		Title: atomText{"text", c.titleIn(desk)}, Subtitle: atomTextOf(desk.Description),
		Author: atomPersonOf(desk.Title, desk.URL), Generator: "fronteras", Logo: desk.Image,
	}
	if c.archive != nil {
		f.History, f.Archive = nsHistory, &struct{}{}
	}
	for _, r := range relationsOf(e, c) {
		l := atomLink{Rel: r.rel, Href: r.address}
		if r.rel != "hub" {
			l.Type = c.format.linkType()
		}
		f.Links = append(f.Links, l)
	}
	f.Links = append(f.Links, atomLink{Rel: "alternate", Type: "text/html", Href: homeOf(e, c.Selection)})
	for _, a := range list {
		f.Entries = append(f.Entries, atomEntryOf(a))
	}
	var updated time.Time
	for _, a := range c.articles {
		updated = latestTime(updated, a.lastOut())
	}
	for _, g := range c.gone {
		f.Tombs, f.Deleted = nsTombstones, append(f.Deleted, atomTombstone(g))
		updated = latestTime(updated, g.When)
	}
	if updated.IsZero() {
		updated = e.Configured
	}
	f.Updated = formatISO(updated)
	return writeXML(f, estimatedSize(list))
}

// atomTombstone says when an entry ended, and by whom it was withdrawn or what it is part of now;
// the reason that an editor gave stays inside.
func atomTombstone(g news.Gone) atomDeleted {
	d := atomDeleted{Ref: g.ID, When: formatISO(g.When)}
	switch by := singleLine(g.Story.WithdrawnBy); {
	case g.Joined():
		d.Comment = "Now part of " + g.Story.PublicID
	case by == "":
		d.Comment = "Withdrawn"
	default:
		d.By, d.Comment = &atomBy{Name: by}, "Withdrawn by "+by
	}
	return d
}

func atomEntryOf(a article) atomEntry {
	entry := atomEntry{
		Language: a.Language, ID: a.PublicID, Title: atomText{"text", a.Title},
		Updated: formatISO(a.lastOut()), Published: formatISO(a.Published),
		Links:   []atomLink{{Rel: "alternate", Type: "text/html", Href: a.Link}},
		Summary: atomTextOf(a.Deck),
		Content: feeds.AtomContent{Type: "html", Content: a.Body},
		Source:  atomSourceOf(a.Source), Rights: atomTextOf(a.Rights),
		Media: mediaImages(a.Images), Thumbnail: mediaThumbnailOf(a.Thumbnail),
	}
	for _, name := range a.Authors {
		entry.Authors = append(entry.Authors, *atomPersonOf(name, ""))
	}
	for _, name := range a.Contributors {
		entry.Others = append(entry.Others, atomContributor{Name: name})
	}
	for _, v := range a.inOtherLanguages() {
		entry.Links = append(entry.Links,
			atomLink{Rel: "alternate", Type: "text/html", Href: v.Link, Title: v.Title, Language: v.Language})
	}
	for _, c := range a.Carriers {
		if c.URL != "" && c.URL != a.Link {
			also := atomLink{Rel: "related", Type: "text/html", Href: c.URL, Title: "Also at " + c.Name}
			entry.Links = append(entry.Links, also)
		}
	}
	if via := a.item.Entry.URL; len(a.Makers) > 0 && !a.Origin.Made(a.item.Station) && via != "" && via != a.Link {
		entry.Links = append(entry.Links, atomLink{Rel: "via", Type: "text/html", Href: via})
	}
	for _, s := range a.Enclosures {
		length := strconv.FormatInt(s.Length, 10)
		entry.Links = append(entry.Links, atomLink{Rel: "enclosure", Type: s.Type, Href: s.URL, Length: length})
	}
	if a.License != "" {
		entry.Links = append(entry.Links, atomLink{Rel: "license", Href: a.License})
	}
	for _, t := range a.Topics {
		entry.Categories = append(entry.Categories, atomCategory{Term: t, Label: t})
	}
	return entry
}

// atomSourceOf names the feed that an entry came from: readers find attribution here only (RFC 4287
// 4.2.11).
func atomSourceOf(s source) atomSource {
	x := atomSource{
		ID: s.ID, Title: atomText{"text", s.Title}, Updated: formatISO(s.Updated), Rights: atomTextOf(s.Rights),
		Author: *atomPersonOf(s.Station, ""), Links: []atomLink{{Rel: "self", Href: s.Feed}},
	}
	if page := cmp.Or(s.Page, s.Feed); page != "" {
		x.Links = append(x.Links, atomLink{Rel: "alternate", Type: "text/html", Href: page})
	}
	return x
}

func atomPersonOf(name, uri string) *atomPerson {
	return &atomPerson{AtomPerson: feeds.AtomPerson{Name: name, Uri: uri}}
}

// checkAtom is the gate of Atom documents.
func checkAtom(body []byte, list []article) *Fault {
	if fault := checkArticles(list); fault != nil {
		return fault
	}
	s, fault := readSkeleton(body, nsAtom+" entry")
	switch {
	case fault != nil:
		return fault
	case textOf(s.head, nsAtom+" id") == "" || textOf(s.head, nsAtom+" title") == "" ||
		!isTimeIn(time.RFC3339, textOf(s.head, nsAtom+" updated")):
		return newFault("required", "id, title or updated of the feed is missing")
	case len(s.items) != len(list):
		return newFault("items", "%d of %d are there", len(s.items), len(list))
	}
	ended := map[string]bool{}
	for _, x := range elementsNamed(s.head, nsTombstones+" deleted-entry") {
		key := x.attr("ref") + " " + x.attr("when")
		if x.attr("ref") == "" || !isTimeIn(time.RFC3339, x.attr("when")) || ended[key] {
			return newFault("tombstone", "%q has no ref or when, or appears twice", key)
		}
		ended[key] = true
	}
	for n, entry := range s.items {
		switch {
		case !isTimeIn(time.RFC3339, textOf(entry, nsAtom+" updated")),
			!isTimeIn(time.RFC3339, textOf(entry, nsAtom+" published")):
			return blameStory(list[n], newFault("date", "updated or published is not a date"))
		case len(elementsNamed(entry, nsAtom+" source")) != 1:
			return blameStory(list[n], newFault("source", "its source is not named"))
		case len(elementsNamed(entry, nsAtom+" author")) < 2: // its own and its source's
			return blameStory(list[n], newFault("author", "it has none"))
		}
		if fault := cmp.Or(checkMedia(entry), checkNoneEmpty(entry)); fault != nil {
			return blameStory(list[n], fault)
		}
	}
	return readBackItems(s.compact, list, func(n int) string { return list[n].Title })
}
