package publish

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"fronteras/aggregator/news"
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
	XMLName        xml.Name  `xml:"channel"`
	Title          plainText `xml:"title"`
	Link           string    `xml:"link"`
	Description    string    `xml:"description"` // HTML
	Links          []rssAtomLink
	Archive        *struct{} `xml:"fh:archive"`
	Language       string    `xml:"language,omitempty"`
	Copyright      plainText `xml:"copyright,omitempty"`
	ManagingEditor plainText `xml:"managingEditor,omitempty"`
	LastBuildDate  string    `xml:"lastBuildDate,omitempty"`
	Generator      string    `xml:"generator"`
	Docs           string    `xml:"docs"`
	TTL            int       `xml:"ttl,omitempty"`
	Image          *rssImage
	*show
	Items []rssItem
}

type rssImage struct {
	XMLName xml.Name  `xml:"image"`
	URL     string    `xml:"url"`
	Title   plainText `xml:"title"`
	Link    string    `xml:"link"`
}

type rssAtomLink struct {
	XMLName xml.Name `xml:"atom:link"`
	Href    string   `xml:"href,attr"`
	Rel     string   `xml:"rel,attr"`
	Type    string   `xml:"type,attr,omitempty"`
}

type rssItem struct {
	XMLName     xml.Name    `xml:"item"`
	Title       plainText   `xml:"title"`
	Link        string      `xml:"link"`
	Description string      `xml:"description,omitempty"` // HTML
	Content     string      `xml:"content:encoded"`
	Creators    []plainText `xml:"dc:creator"`
	Categories  []plainText `xml:"category"`
	GUID        feeds.RssGuid
	PubDate     string    `xml:"pubDate"`
	Modified    string    `xml:"dcterms:modified,omitempty"`
	Language    string    `xml:"dc:language,omitempty"`
	Rights      plainText `xml:"dc:rights,omitempty"`
	License     string    `xml:"creativeCommons:license,omitempty"`
	Source      rssSource
	Enclosure   *feeds.RssEnclosure
	Media       []mediaContent
	Thumbnail   *mediaThumbnail
	*episode
}

type rssSource struct {
	XMLName xml.Name `xml:"source"`
	URL     string   `xml:"url,attr"`
	Title   string   `xml:",innerxml"` // of a plainText
}

var rssWriter = &feedWriter{
	write: writeRSS, check: checkRSS, begin: "<rss ", itemBegin: "\n    <item>", itemEnd: "\n    </item>",
	text: "<content:encoded>", escape: escapeXML,
}

// writeRSS writes articles as RSS 2.0.
func writeRSS(e *Edition, c contents, list []article) ([]byte, error) {
	r := rss{
		Version: "2.0", Atom: nsAtom, Content: nsContent, DC: nsDC, Terms: nsTerms, Media: nsMedia, License: nsLicense,
		Channel: channelOf(e, c),
	}
	if c.archive != nil {
		r.History, r.Channel.Archive = nsHistory, &struct{}{}
	}
	for _, a := range list {
		item := rssItemOf(e, a)
		item.Enclosure, item.Media = splitEnclosures(a)
		item.Media = append(item.Media, mediaImages(a.Images)...)
		item.Thumbnail = mediaThumbnailOf(a.Thumbnail)
		r.Channel.Items = append(r.Channel.Items, item)
	}
	return writeXML(r, estimatedSize(list))
}

// channelOf is what an RSS document says of itself.
func channelOf(e *Edition, c contents) rssChannel {
	desk := e.deskFor(c.Selection)
	channel := rssChannel{
		Title: plainText(c.titleIn(desk)), Link: homeOf(e, c.Selection),
		Description: htmlText(cmp.Or(desk.Description, desk.Title)), Language: desk.Language,
		LastBuildDate: formatRFC2822(lastShownChange(e, c)), Generator: "fronteras",
		Docs: "https://www.rssboard.org/rss-specification", TTL: int((e.MaxAge + time.Minute - 1) / time.Minute),
	}
	for _, r := range relationsOf(e, c) {
		l := rssAtomLink{Href: r.address, Rel: r.rel}
		if r.rel != "hub" {
			l.Type = c.format.linkType()
		}
		channel.Links = append(channel.Links, l)
	}
	if desk.Contact != "" {
		channel.ManagingEditor = plainText(desk.Contact + " (" + desk.Title + ")")
	}
	if desk.Image != "" {
		channel.Image = &rssImage{URL: desk.Image, Title: channel.Title, Link: channel.Link}
	}
	return channel
}

// rssItemOf is what both RSS documents say of an article.
func rssItemOf(e *Edition, a article) rssItem {
	item := rssItem{
		Title: plainText(a.Title), Link: a.Link, Description: htmlText(a.Deck), Content: a.Body,
		Creators: plainTexts(a.Authors), Categories: plainTexts(a.Topics),
		GUID: feeds.RssGuid{Id: a.PublicID, IsPermaLink: "false"}, PubDate: formatRFC2822(a.Published),
		Rights: plainText(a.Rights), License: a.License,
		Source: rssSource{URL: a.Source.Feed, Title: plainText(a.Source.Title).escaped()},
	}
	if !a.Modified.IsZero() {
		item.Modified = formatISO(a.Modified)
	}
	if !strings.EqualFold(a.Language, e.Desk.Language) {
		item.Language = a.Language
	}
	return item
}

// splitEnclosures gives the one enclosure that RSS has room for, audio before video, and the others
// as media.
func splitEnclosures(a article) (*feeds.RssEnclosure, []mediaContent) {
	if len(a.Enclosures) == 0 {
		return nil, nil
	}
	first := max(slices.IndexFunc(a.Enclosures, isAudio), 0)
	var rest []mediaContent
	for n, s := range a.Enclosures {
		if n != first || s.Duration > 0 {
			rest = append(rest, mediaContent{
				URL: s.URL, Type: s.Type, Medium: mediumOf(s.Type), FileSize: s.Length, Duration: s.Duration,
			})
		}
	}
	return rssEnclosure(a.Enclosures[first]), rest
}

func rssEnclosure(s news.Enclosure) *feeds.RssEnclosure {
	return &feeds.RssEnclosure{Url: s.URL, Type: s.Type, Length: strconv.FormatInt(s.Length, 10)}
}

// writeXML writes an XML document of about that size in bytes.
func writeXML(x feeds.XmlFeed, size int) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(size)
	if err := feeds.WriteXML(x, &b); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// formatRFC2822 is a time as RSS requires it, "" for none.
func formatRFC2822(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 +0000")
}

// formatISO is a time in UTC, to the second (RFC 3339).
func formatISO(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// checkRSS is the gate of RSS documents.
func checkRSS(body []byte, list []article) *Fault {
	s, fault := readSkeleton(body, " item")
	if fault != nil {
		return fault
	}
	return checkChannel(s, list, func(n int) string { return list[n].Title })
}

// checkChannel checks what the merged feed and the podcast have in common.
func checkChannel(s skeleton, list []article, title func(int) string) *Fault {
	if fault := checkArticles(list); fault != nil {
		return fault
	}
	switch {
	case textOf(s.head, " title") == "" || textOf(s.head, " link") == "" || textOf(s.head, " description") == "":
		return newFault("required", "title, link or description of the channel is missing")
	case len(s.items) != len(list):
		return newFault("items", "%d of %d are there", len(s.items), len(list))
	}
	for n, item := range s.items {
		if fault := checkRSSItem(item); fault != nil {
			return blameStory(list[n], fault)
		}
	}
	return readBackItems(s.compact, list, title)
}

// checkRSSItem checks an item of RSS.
func checkRSSItem(item []element) *Fault {
	guid, source, enclosures := elementsNamed(item, " guid"), elementsNamed(item, " source"), elementsNamed(item,
		" enclosure")
	switch {
	case len(guid) != 1 || guid[0].attr("isPermaLink") != "false":
		return newFault("guid", `its guid does not say isPermaLink="false"`)
	case !isTimeIn(time.RFC1123Z, textOf(item, " pubDate")):
		return newFault("date", "%q is not a date", textOf(item, " pubDate"))
	case len(source) != 1 || !isAbsolute(source[0].attr("url")) || strings.TrimSpace(source[0].text) == "":
		return newFault("source", "its source is not named")
	case len(enclosures) > 1:
		return newFault("enclosure", "it has %d", len(enclosures))
	}
	for _, x := range enclosures {
		if x.attr("type") == "" || x.attr("length") == "" || strings.Trim(x.attr("length"), "0123456789") != "" {
			return newFault("enclosure", "type or length is missing")
		}
	}
	return cmp.Or(checkMedia(item), checkNoneEmpty(item))
}
