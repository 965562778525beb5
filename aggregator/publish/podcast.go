package publish

import (
	"bytes"
	"cmp"
	"crypto/sha1"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

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
	Image       *itunesImage
	Duration    int    `xml:"itunes:duration,omitempty"`
	Explicit    string `xml:"itunes:explicit"`
	Transcripts []transcript
	Chapters    *chapters
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

type chapters struct {
	XMLName xml.Name `xml:"podcast:chapters"`
	URL     string   `xml:"url,attr"`
	Type    string   `xml:"type,attr"`
}

type podcastPerson struct {
	XMLName xml.Name `xml:"podcast:person"`
	Role    string   `xml:"role,attr,omitempty"`
	Href    string   `xml:"href,attr,omitempty"`
	Image   string   `xml:"img,attr,omitempty"`
	Name    string   `xml:",chardata"`
}

var formatPodcast = format{kind: TypeRSS, write: (*Edition).writePodcast, check: checkPodcast}

// writePodcast writes articles as a podcast (PSP-1, Apple's requirements).
func (e *Edition) writePodcast(sh sheet, list []article) ([]byte, error) {
	c := e.channel(sh)
	c.Title = cmp.Or(e.Podcast.Title, c.Title)
	c.Description = clip(c.Description, describable)
	c.Copyright = e.Desk.Title
	image := cmp.Or(e.Podcast.Image, e.Desk.Image)
	if image != "" {
		c.Image = &feeds.RssImage{Url: image, Title: c.Title, Link: c.Link}
	}
	c.show = e.show(image, sh.Selection)
	r := rss{
		Version: "2.0", Atom: nsAtom, Content: nsContent, DC: nsDC, Terms: nsTerms, ITunes: nsITunes, Podcast: nsPodcast, Channel: c,
	}
	for _, a := range list {
		item := e.episode(a)
		item.Title = e.episodeTitle(a)
		r.Channel.Items = append(r.Channel.Items, item)
	}
	return writeXML(r, 2*sizeOf(list))
}

func (e *Edition) show(image string, s Selection) *show {
	sh := &show{
		Author: cmp.Or(e.Podcast.Author, e.Desk.Title), Explicit: strconv.FormatBool(e.Podcast.Explicit), Type: "episodic",
		GUID: e.podcastGUID(s), Medium: "podcast",
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
	return sh
}

// podcastGUID is the podcast's own name for ever: a UUIDv5 of its first address
// without scheme and slashes at its end. A filtered podcast is another one.
func (e *Edition) podcastGUID(s Selection) string {
	address := cmp.Or(e.Kept[keptAddress], e.address(pathPodcast, Selection{}))
	if q := s.Query(); q != "" {
		address += "?" + q
	}
	_, seed, _ := strings.Cut(address, "://")
	sum := sha1.Sum(append(bytes.Clone(podcastSpace[:]), strings.TrimRight(seed, "/")...))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// podcastSpace is the namespace of podcast:guid, ead4c236-bf58-58c6-a2c6-a6b28d128cb6.
var podcastSpace = [16]byte{0xea, 0xd4, 0xc2, 0x36, 0xbf, 0x58, 0x58, 0xc6, 0xa2, 0xc6, 0xa6, 0xb2, 0x8d, 0x12, 0x8c, 0xb6}

// episodes are the articles that can be played, each address once: apps pass
// over a second item with the same enclosure.
func (e *Edition) episodes(list []article) []article {
	var episodes []article
	for _, a := range list {
		if sound, ok := playable(a); ok && isStory(a.Story, e.owner(sound.URL)) {
			episodes = append(episodes, a)
		}
	}
	return episodes
}

// playable is the sound that apps play, unless its station forbids it.
func playable(a article) (news.Enclosure, bool) {
	if a.Blocked {
		return news.Enclosure{}, false
	}
	for _, s := range a.audio() {
		if slices.Contains([]string{"audio/mpeg", "audio/mp4", "audio/x-m4a"}, s.Type) && isASCII(s.URL) {
			return s, true
		}
	}
	return news.Enclosure{}, false
}

// alike is how much the lengths of two episodes of one title and day must differ
// for AntennaPod not to take them for one, in seconds.
const alike = 600

// taken reports whether apps would take an article for an earlier one, of those
// before it.
func (e *Edition) taken(a article, before []article) bool {
	sound, ok := playable(a)
	if !ok {
		return false
	}
	day := a.Published.UTC().Format(time.DateOnly)
	for _, b := range before {
		other, ok := playable(b)
		switch {
		case b.Published.UTC().Format(time.DateOnly) != day:
			return false
		case ok && other.URL != sound.URL && a.Title == b.Title && max(sound.Duration, other.Duration)-min(sound.Duration, other.Duration) < alike:
			return true
		}
	}
	return false
}

// episodeTitle is an article's title; of two episodes that apps would take for one
// the later bears its station's name.
func (e *Edition) episodeTitle(a article) string {
	if station := e.kept()[keptTitle+a.ID]; station != "" {
		return a.Title + " (" + e.name(station) + ")"
	}
	return a.Title
}

func (e *Edition) episode(a article) rssItem {
	sound, _ := playable(a)
	item := e.rssItem(a)
	item.Description = describe(a)
	item.Enclosure = enclosure(sound)
	item.Creators, item.License = nil, ""
	item.episode = &episode{Author: a.by(), Duration: sound.Duration, Explicit: strconv.FormatBool(e.Podcast.Explicit), License: a.License}
	if art := a.heard.Entry.Artwork; art != "" {
		item.episode.Image = &itunesImage{Href: art}
	}
	if p := a.heard.Entry.Podcast; p != nil {
		item.episode.add(p)
	}
	if len(item.episode.Persons) == 0 {
		for _, name := range a.byline() {
			item.episode.Persons = append(item.episode.Persons, podcastPerson{Role: "reporter", Name: name})
		}
	}
	return item
}

// add passes on what an entry says of its sound.
func (x *episode) add(p *news.Podcast) {
	if p.Explicit {
		x.Explicit = "true"
	}
	for _, t := range p.Transcripts {
		x.Transcripts = append(x.Transcripts, transcript{URL: t.URL, Type: cmp.Or(t.Type, "text/html"), Language: t.Language, Rel: Line(t.Rel)})
	}
	for _, c := range p.Chapters {
		if c.URL != "" && x.Chapters == nil {
			x.Chapters = &chapters{URL: c.URL, Type: cmp.Or(c.Type, "application/json+chapters")}
		}
	}
	for _, r := range p.Persons {
		x.Persons = append(x.Persons, podcastPerson{Role: Line(r.Role), Href: r.URL, Image: r.Image, Name: Line(r.Name)})
	}
}

// describe is an episode in plain text: deck, text, and who made it. The text is
// cut to what apps take, never the credit: for most apps it is the only
// attribution.
func describe(a article) string {
	told := a.Plain
	if !strings.HasPrefix(strings.ReplaceAll(told, "\n", " "), strings.TrimSuffix(a.Deck, "…")) {
		told = a.Deck + "\n" + told
	}
	told = strings.ReplaceAll(told, "\n", "\n\n")
	closing := "\n\n" + strings.ReplaceAll(markup.Text(a.Closing), "\n", "\n\n")
	return strings.TrimSpace(clip(told, max(describable-len(closing), 0)) + closing)
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
