package publish

import (
	"cmp"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"

	"github.com/gorilla/feeds"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// Namespaces of the podcast.
const (
	nsITunes  = "http://www.itunes.com/dtds/podcast-1.0.dtd"
	nsPodcast = "https://podcastindex.org/namespace/1.0"
)

// describable is how long a podcast's descriptions may be, in bytes (PSP-1).
const describable = 4000

// show is what the podcast's channel says beyond RSS.
type show struct {
	Author   string `xml:"itunes:author"`
	Owner    *owner
	Image    *itunesImage
	Category *category
	Explicit string `xml:"itunes:explicit"`
	Type     string `xml:"itunes:type"`
	GUID     string `xml:"podcast:guid,omitempty"`
	Locked   *locked
	Medium   string `xml:"podcast:medium"`
}

type owner struct {
	XMLName xml.Name `xml:"itunes:owner"`
	Name    string   `xml:"itunes:name"`
	Email   string   `xml:"itunes:email"`
}

type itunesImage struct {
	XMLName xml.Name `xml:"itunes:image"`
	Href    string   `xml:"href,attr"`
}

type category struct {
	XMLName xml.Name `xml:"itunes:category"`
	Text    string   `xml:"text,attr"`
	Below   *category
}

type locked struct {
	XMLName xml.Name `xml:"podcast:locked"`
	Owner   string   `xml:"owner,attr"`
	Value   string   `xml:",chardata"`
}

// episode is what a podcast's item says beyond RSS.
type episode struct {
	Author      string `xml:"itunes:author"`
	Duration    int    `xml:"itunes:duration,omitempty"`
	Explicit    string `xml:"itunes:explicit"`
	Transcripts []transcript
	Persons     []podcastPerson
	License     string `xml:"podcast:license,omitempty"`
}

type transcript struct {
	XMLName  xml.Name `xml:"podcast:transcript"`
	URL      string   `xml:"url,attr"`
	Type     string   `xml:"type,attr"`
	Language string   `xml:"language,attr,omitempty"`
	Rel      string   `xml:"rel,attr,omitempty"`
}

type podcastPerson struct {
	XMLName xml.Name `xml:"podcast:person"`
	Role    string   `xml:"role,attr,omitempty"`
	Href    string   `xml:"href,attr,omitempty"`
	Image   string   `xml:"img,attr,omitempty"`
	Name    string   `xml:",chardata"`
}

// PodcastRSS writes the stories with audio as a podcast.
func (e *Edition) PodcastRSS(s Selection) (Document, error) {
	c := e.channel("/podcast.rss", s)
	c.Title = cmp.Or(e.Podcast.Title, c.Title)
	c.Description = clip(c.Description, describable)
	c.Copyright = e.Desk.Title
	image := cmp.Or(e.Podcast.Image, e.Desk.Image)
	if image != "" {
		c.Image = &feeds.RssImage{Url: image, Title: c.Title, Link: c.Link}
	}
	c.show = e.show(image, s)
	r := rss{
		Version: "2.0", Atom: nsAtom, Content: nsContent, DC: nsDC, Terms: nsTerms, License: nsLicense,
		ITunes: nsITunes, Podcast: nsPodcast, Channel: c,
	}
	r.Channel.Items = e.episodes(s)
	return e.document(TypeRSS, r)
}

func (e *Edition) show(image string, s Selection) *show {
	sh := &show{
		Author: cmp.Or(e.Podcast.Author, e.Desk.Title), Explicit: strconv.FormatBool(e.Podcast.Explicit), Type: "episodic",
		GUID: e.Podcast.GUID, Medium: "podcast",
	}
	if email := cmp.Or(e.Podcast.OwnerEmail, e.Desk.Contact); email != "" {
		sh.Owner = &owner{Name: sh.Author, Email: email}
		sh.Locked = &locked{Owner: email, Value: "yes"}
	}
	if image != "" {
		sh.Image = &itunesImage{Href: image}
	}
	for _, name := range slices.Backward(e.Podcast.Category) {
		sh.Category = &category{Text: name, Below: sh.Category}
	}
	if s.Query() != "" {
		sh.GUID = "" // a filtered podcast is another one
	}
	return sh
}

// episodes are the articles that can be played, each address once: apps pass
// over a second item with the same enclosure. The story published first has it.
func (e *Edition) episodes(s Selection) []rssItem {
	list := e.articles(s)
	taken := map[string]string{} // enclosure → id of its story
	for _, a := range slices.Backward(list) {
		if sound, ok := playable(a); ok && taken[sound.URL] == "" {
			taken[sound.URL] = a.ID
		}
	}
	var items []rssItem
	for _, a := range list {
		if sound, ok := playable(a); ok && taken[sound.URL] == a.ID {
			items = append(items, e.episode(a, sound))
		}
	}
	return items
}

// playable is the sound that apps play, unless its station forbids it.
func playable(a article) (news.Enclosure, bool) {
	if p := a.item.Entry.Podcast; p != nil && p.Block {
		return news.Enclosure{}, false
	}
	for _, s := range a.audio() {
		if slices.Contains([]string{"audio/mpeg", "audio/mp4", "audio/x-m4a"}, s.Type) && isASCII(s.URL) {
			return s, true
		}
	}
	return news.Enclosure{}, false
}

func (e *Edition) episode(a article, sound news.Enclosure) rssItem {
	item := e.rssItem(a)
	closing := "\n\n" + strings.ReplaceAll(markup.Text(a.Closing), "\n", "\n\n")
	room := describable - len(closing)
	item.Description = strings.TrimSpace(clip(a.Deck, max(room, 0))) + closing
	item.Enclosure = enclosure(sound)
	item.Creators = nil
	item.episode = &episode{Author: a.by(), Duration: sound.Duration, Explicit: "false"}
	if p := a.item.Entry.Podcast; p != nil {
		item.episode.Explicit = strconv.FormatBool(p.Explicit)
		for _, t := range p.Transcripts {
			item.episode.Transcripts = append(item.episode.Transcripts, transcript{URL: t.URL, Type: t.Type, Language: t.Language, Rel: t.Rel})
		}
		for _, r := range p.Persons {
			item.episode.Persons = append(item.episode.Persons, podcastPerson{Role: r.Role, Href: r.URL, Image: r.Image, Name: r.Name})
		}
	}
	if item.License != "" {
		item.episode.License, item.License = item.License, ""
	}
	return item
}

// by names the authors and their station.
func (a article) by() string {
	by := strings.Join(a.Authors, ", ")
	if len(a.Makers) > 0 && !strings.Contains(by, a.Makers[0].Name) {
		by += ", " + a.Makers[0].Name
	}
	return by
}

// clip cuts a text to so many bytes, at a character.
func clip(text string, bytes int) string {
	if len(text) <= bytes {
		return text
	}
	const ellipsis = "…"
	end := max(bytes-len(ellipsis), 0)
	for end > 0 && text[end]&0xC0 == 0x80 {
		end--
	}
	return text[:end] + ellipsis
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > 0x7e || r < 0x21 }) < 0
}
