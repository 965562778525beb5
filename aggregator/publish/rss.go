package publish

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"fronteras/aggregator/news"
)

// Media types of the documents.
const (
	TypeRSS  = "application/rss+xml; charset=utf-8"
	TypeAtom = "application/atom+xml; charset=utf-8"
	TypeJSON = "application/feed+json"
	TypeOPML = "text/x-opml; charset=utf-8"
	TypeHTML = "text/html; charset=utf-8"
)

// Namespaces of the RSS documents.
const (
	nsAtom    = "http://www.w3.org/2005/Atom"
	nsContent = "http://purl.org/rss/1.0/modules/content/"
	nsDC      = "http://purl.org/dc/elements/1.1/"
	nsTerms   = "http://purl.org/dc/terms/"
	nsMedia   = "http://search.yahoo.com/mrss/"
	nsLicense = "http://backend.userland.com/creativeCommonsRssModule"
	nsHistory = "http://purl.org/syndication/history/1.0"
)

// rss is an RSS 2.0 document.
type rss struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	Content string   `xml:"xmlns:content,attr"`
	DC      string   `xml:"xmlns:dc,attr"`
	Terms   string   `xml:"xmlns:dcterms,attr"`
	Media   string   `xml:"xmlns:media,attr,omitempty"`
	License string   `xml:"xmlns:creativeCommons,attr,omitempty"`
	ITunes  string   `xml:"xmlns:itunes,attr,omitempty"`
	Podcast string   `xml:"xmlns:podcast,attr,omitempty"`
	History string   `xml:"xmlns:fh,attr,omitempty"`
	Channel rssChannel
}

// FeedXml implements [feeds.XmlFeed].
func (r rss) FeedXml() any { return r }

type rssChannel struct {
	XMLName        xml.Name `xml:"channel"`
	Title          string   `xml:"title"`
	Link           string   `xml:"link"`
	Description    string   `xml:"description"`
	Links          []rssAtomLink
	Archive        *struct{} `xml:"fh:archive"`
	Language       string    `xml:"language,omitempty"`
	Copyright      string    `xml:"copyright,omitempty"`
	ManagingEditor string    `xml:"managingEditor,omitempty"`
	LastBuildDate  string    `xml:"lastBuildDate,omitempty"`
	Generator      string    `xml:"generator"`
	Docs           string    `xml:"docs"`
	TTL            int       `xml:"ttl,omitempty"`
	Image          *feeds.RssImage
	*show
	Items []rssItem
}

type rssAtomLink struct {
	XMLName xml.Name `xml:"atom:link"`
	Href    string   `xml:"href,attr"`
	Rel     string   `xml:"rel,attr"`
	Type    string   `xml:"type,attr,omitempty"`
}

type rssItem struct {
	XMLName     xml.Name `xml:"item"`
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	Description string   `xml:"description"`
	Content     string   `xml:"content:encoded"`
	Creators    []string `xml:"dc:creator"`
	Categories  []string `xml:"category"`
	GUID        feeds.RssGuid
	PubDate     string `xml:"pubDate"`
	Modified    string `xml:"dcterms:modified,omitempty"`
	Language    string `xml:"dc:language,omitempty"`
	Rights      string `xml:"dc:rights,omitempty"`
	License     string `xml:"creativeCommons:license,omitempty"`
	Source      rssSource
	Enclosure   *feeds.RssEnclosure
	Media       []mediaContent
	Thumbnail   *mediaThumbnail
	*episode
}

type rssSource struct {
	XMLName xml.Name `xml:"source"`
	URL     string   `xml:"url,attr"`
	Title   string   `xml:",chardata"`
}

type mediaContent struct {
	XMLName     xml.Name `xml:"media:content"`
	URL         string   `xml:"url,attr"`
	Type        string   `xml:"type,attr,omitempty"`
	Medium      string   `xml:"medium,attr,omitempty"`
	FileSize    int64    `xml:"fileSize,attr,omitempty"`
	Duration    int      `xml:"duration,attr,omitempty"`
	Width       int      `xml:"width,attr,omitempty"`
	Height      int      `xml:"height,attr,omitempty"`
	Title       string   `xml:"media:title,omitempty"`
	Description string   `xml:"media:description,omitempty"`
	Credit      *mediaCredit
}

type mediaCredit struct {
	XMLName xml.Name `xml:"media:credit"`
	Role    string   `xml:"role,attr"`
	Scheme  string   `xml:"scheme,attr"`
	Name    string   `xml:",chardata"`
}

type mediaThumbnail struct {
	XMLName xml.Name `xml:"media:thumbnail"`
	URL     string   `xml:"url,attr"`
	Width   int      `xml:"width,attr,omitempty"`
	Height  int      `xml:"height,attr,omitempty"`
}

var formatRSS = format{kind: TypeRSS, write: (*Edition).writeRSS, check: checkRSS, text: "<content:encoded>", escape: inXML}

// writeRSS writes articles as RSS 2.0.
func (e *Edition) writeRSS(sh sheet, list []article) ([]byte, error) {
	r := rss{
		Version: "2.0", Atom: nsAtom, Content: nsContent, DC: nsDC, Terms: nsTerms, Media: nsMedia, License: nsLicense,
		Channel: e.channel(sh),
	}
	if sh.archive != nil {
		r.History, r.Channel.Archive = nsHistory, &struct{}{}
	}
	for _, a := range list {
		item := e.rssItem(a)
		item.Enclosure, item.Media = enclosures(a)
		for _, i := range a.Images {
			item.Media = append(item.Media, mediaImage(i))
		}
		if len(a.Images) > 0 {
			item.Thumbnail = &mediaThumbnail{URL: a.Images[0].URL, Width: a.Images[0].Width, Height: a.Images[0].Height}
		}
		r.Channel.Items = append(r.Channel.Items, item)
	}
	return writeXML(r, sizeOf(list))
}

// channel is what an RSS document says of itself.
func (e *Edition) channel(sh sheet) rssChannel {
	c := rssChannel{
		Title: e.Desk.Title, Link: e.address("/", sh.Selection), Description: cmp.Or(e.Desk.Description, e.Desk.Title),
		Language: e.Desk.Language, LastBuildDate: rssTime(e.updated(sh)), Generator: "fronteras",
		Docs: "https://www.rssboard.org/rss-specification", TTL: int((e.MaxAge + time.Minute - 1) / time.Minute),
	}
	for _, r := range e.relations(sh) {
		l := rssAtomLink{Href: r.address, Rel: r.rel}
		if r.rel != "hub" {
			l.Type = "application/rss+xml"
		}
		c.Links = append(c.Links, l)
	}
	if e.Desk.Contact != "" {
		c.ManagingEditor = e.Desk.Contact + " (" + e.Desk.Title + ")"
	}
	if e.Desk.Image != "" {
		c.Image = &feeds.RssImage{Url: e.Desk.Image, Title: c.Title, Link: c.Link}
	}
	return c
}

// rssItem is what both RSS documents say of an article.
func (e *Edition) rssItem(a article) rssItem {
	item := rssItem{
		Title: a.Title, Link: a.Link, Description: a.Deck, Content: a.Body, Creators: a.Authors, Categories: a.Topics,
		GUID: feeds.RssGuid{Id: a.PublicID, IsPermaLink: "false"}, PubDate: rssTime(a.Published),
		Rights: a.Rights, License: a.License, Source: rssSource{URL: a.Source.Feed, Title: a.Source.Title},
	}
	if !a.Modified.IsZero() {
		item.Modified = isoTime(a.Modified)
	}
	if !strings.EqualFold(a.Language, e.Desk.Language) {
		item.Language = a.Language
	}
	return item
}

// enclosures are the one enclosure that RSS has room for, sound before film,
// and the others as media.
func enclosures(a article) (*feeds.RssEnclosure, []mediaContent) {
	if len(a.Sounds) == 0 {
		return nil, nil
	}
	first := 0
	for n, s := range a.Sounds {
		if strings.HasPrefix(s.Type, "audio/") {
			first = n
			break
		}
	}
	var rest []mediaContent
	for n, s := range a.Sounds {
		if n != first || s.Duration > 0 {
			rest = append(rest, mediaContent{URL: s.URL, Type: s.Type, Medium: medium(s.Type), FileSize: s.Length, Duration: s.Duration})
		}
	}
	return enclosure(a.Sounds[first]), rest
}

// medium is a media type as Media RSS sorts it.
func medium(kind string) string {
	switch first, _, _ := strings.Cut(kind, "/"); first {
	case "audio", "video", "image":
		return first
	}
	return "document"
}

func enclosure(s news.Enclosure) *feeds.RssEnclosure {
	return &feeds.RssEnclosure{Url: s.URL, Type: s.Type, Length: strconv.FormatInt(s.Length, 10)}
}

func mediaImage(i news.Image) mediaContent {
	m := mediaContent{URL: i.URL, Type: imageType(i), Medium: "image", Width: i.Width, Height: i.Height, Title: i.Alt, Description: i.Caption}
	if i.Credit != "" {
		m.Credit = &mediaCredit{Role: "photographer", Scheme: "urn:ebu", Name: i.Credit}
	}
	return m
}

// writeXML writes an XML document of about so many bytes.
func writeXML(x feeds.XmlFeed, size int) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(size)
	if err := feeds.WriteXML(x, &b); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// rssTime is a time as RSS wants it, "" for none (RFC 2822).
func rssTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 +0000")
}

// isoTime is a time in UTC, to the second (RFC 3339).
func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
