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

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// Namespaces of the podcast.
const (
	nsITunes  = "http://www.itunes.com/dtds/podcast-1.0.dtd"
	nsPodcast = "https://podcastindex.org/namespace/1.0"
)

// maxDescription is how long a podcast's descriptions may be, in bytes (PSP-1).
const maxDescription = 4000

// show is what the podcast's channel says beyond RSS.
type show struct {
	Author   plainText `xml:"itunes:author"`
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
	XMLName xml.Name  `xml:"itunes:owner"`
	Name    plainText `xml:"itunes:name"`
	Email   string    `xml:"itunes:email"`
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
	Author      plainText `xml:"itunes:author"`
	Image       *itunesImage
	Duration    int    `xml:"itunes:duration,omitempty"`
	Explicit    string `xml:"itunes:explicit"`
	Type        string `xml:"itunes:episodeType,omitempty"`
	Season      int    `xml:"itunes:season,omitempty"`
	Number      int    `xml:"itunes:episode,omitempty"`
	Transcripts []transcript
	Chapters    *chapters
	Persons     []podcastPerson
	License     plainText `xml:"podcast:license,omitempty"`
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
	Name    string   `xml:",innerxml"` // of a plainText
}

var podcastWriter = &feedWriter{
	write: writePodcast, check: checkPodcast, episodes: true, begin: rssWriter.begin, itemBegin: rssWriter.itemBegin,
	itemEnd: rssWriter.itemEnd,
}

// writePodcast writes articles as a podcast (PSP-1, Apple's requirements).
func writePodcast(e *Edition, c contents, list []article) ([]byte, error) {
	channel := channelOf(e, c)
	desk := e.deskFor(c.Selection)
	channel.Title = plainText(ownOr(e.Podcast.Title, desk.Title, e.Desk.Title))
	channel.Description = htmlTextWithin(cmp.Or(desk.Description, desk.Title), maxDescription)
	channel.Copyright = plainText(desk.Title)
	image := cmp.Or(e.Podcast.Image, e.Desk.Image)
	if image != "" {
		channel.Image = &rssImage{URL: image, Title: channel.Title, Link: channel.Link}
	}
	channel.show = showOf(e, desk, image, c.Selection)
	for _, a := range list {
		channel.Items = append(channel.Items, episodeOf(e, a))
	}
	return writeXML(rss{
		Version: "2.0", Atom: nsAtom, Content: nsContent, DC: nsDC, Terms: nsTerms, ITunes: nsITunes,
		Podcast: nsPodcast, Channel: channel,
	}, 2*estimatedSize(list))
}

// ownOr is a name of the podcast's own; one that is only the desk's title is the desk's title in the
// language of the document.
func ownOr(name, title, deskTitle string) string {
	if name == deskTitle {
		return title
	}
	return cmp.Or(name, title)
}

// showOf is what the podcast's channel says beyond RSS.
func showOf(e *Edition, desk news.Site, image string, s Selection) *show {
	sh := &show{
		Author:   plainText(ownOr(e.Podcast.Author, desk.Title, e.Desk.Title)),
		Explicit: strconv.FormatBool(e.Podcast.Explicit),
		Type:     "episodic", GUID: podcastGUID(e, s), Medium: "podcast",
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

// podcastGUID is the podcast's own id, which never changes: a UUIDv5 of its first address without
// scheme and slashes at its end. A filtered podcast is another one.
func podcastGUID(e *Edition, s Selection) string {
	address := withFilters(e.Decisions[keptAddress], s)
	_, seed, _ := strings.Cut(address, "://")
	sum := sha1.Sum(append(bytes.Clone(podcastSpace[:]), strings.TrimRight(seed, "/")...))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// podcastSpace is the namespace of podcast:guid, ead4c236-bf58-58c6-a2c6-a6b28d128cb6.
var podcastSpace = [16]byte{
	0xea, 0xd4, 0xc2, 0x36, 0xbf, 0x58, 0x58, 0xc6, 0xa2, 0xc6, 0xa6, 0xb2, 0x8d, 0x12, 0x8c, 0xb6,
}

// podcastAddress is the address of the podcast as the desk is configured now.
func podcastAddress(e *Edition) string {
	at := slices.IndexFunc(table, func(f Format) bool { return f.Readers == PodcastApps })
	return e.publicAddress(table[at].Path, Selection{})
}

// isEpisode reports whether an article can be played and has its recording for itself: apps pass
// over a second item with the same enclosure.
func isEpisode(e *Edition, a article) bool {
	r, ok := recordingOf(e, a.Story)
	return ok && hasRecording(e, a.Story, r.URL)
}

// episodeOf is an article as an item of the podcast. Of two episodes that apps would take for one
// the later one has its station's name.
func episodeOf(e *Edition, a article) rssItem {
	r, _ := recordingOf(e, a.Story)
	item := rssItemOf(e, a)
	if station := e.Decisions[keptTitle+a.ID]; station != "" {
		item.Title = plainText(a.Title + " (" + e.stationName(station) + ")")
	}
	item.Description = episodeDescription(a)
	item.Enclosure = rssEnclosure(r.Enclosure)
	item.Creators, item.License = nil, ""
	by := strings.Join(a.Authors, ", ")
	if len(a.Makers) > 0 && !strings.Contains(by, a.Makers[0].Name) {
		by += ", " + a.Makers[0].Name
	}
	x := &episode{
		Author: plainText(by), Duration: r.Duration, Explicit: explicitnessOf(e, r), License: plainText(a.License),
	}
	if art := r.item.Entry.Artwork; art != "" {
		x.Image = &itunesImage{Href: art}
	}
	if p := r.item.Entry.Podcast; p != nil {
		x.Season, x.Number = p.Season, p.Episode
		x.addDetails(p)
		x.addPersons(p)
	}
	if len(x.Persons) == 0 {
		for _, name := range a.byline() {
			x.Persons = append(x.Persons, podcastPerson{Role: "reporter", Name: plainText(name).escaped()})
		}
	}
	for _, other := range tellingsWith(r.story, r.item, r.URL) {
		if p := other.Entry.Podcast; p != nil {
			x.addDetails(p)
			if len(x.Persons) == 0 {
				x.addPersons(p)
			}
		}
	}
	item.episode = x
	return item
}

// explicitnessOf says whether a recording has strong words: as its item says, otherwise its feed,
// otherwise another telling with the same audio, otherwise the desk.
func explicitnessOf(e *Edition, r recording) string {
	said := cmp.Or(statedExplicitness(r.item), e.Facts[r.item.Feed].Explicit)
	for _, other := range tellingsWith(r.story, r.item, r.URL) {
		said = cmp.Or(said, statedExplicitness(other))
	}
	return cmp.Or(said, strconv.FormatBool(e.Podcast.Explicit))
}

// statedExplicitness is what an item says of itself: "true" or "false", "" where it does not.
func statedExplicitness(i *news.Item) string {
	switch {
	case i.Entry.Podcast != nil && i.Entry.Podcast.Explicit:
		return "true"
	case i.Entry.Clean:
		return "false"
	}
	return ""
}

// addDetails takes over what an entry says of its audio, where nothing is known yet.
func (x *episode) addDetails(p *news.Podcast) {
	x.Type = cmp.Or(x.Type, p.Type)
	if len(x.Transcripts) == 0 {
		for _, t := range p.Transcripts {
			x.Transcripts = append(x.Transcripts, transcript{
				URL: t.URL, Type: cmp.Or(t.Type, "text/html"), Language: t.Language, Rel: singleLine(t.Rel),
			})
		}
	}
	for _, c := range p.Chapters {
		if c.URL != "" && x.Chapters == nil {
			x.Chapters = &chapters{URL: c.URL, Type: cmp.Or(c.Type, "application/json+chapters")}
		}
	}
}

// addPersons takes over whom an entry names in its audio.
func (x *episode) addPersons(p *news.Podcast) {
	for _, r := range p.Persons {
		x.Persons = append(x.Persons, podcastPerson{
			Role: singleLine(r.Role), Href: r.URL, Image: r.Image, Name: plainText(singleLine(r.Name)).escaped(),
		})
	}
}

// episodeDescription is HTML that shows an episode in plain text: deck, text, and who made it. The
// text is cut to what apps take, never the credit: for most apps it is the only attribution.
func episodeDescription(a article) string {
	text := a.Plain
	if !a.beginsWithDeck() {
		text = a.Deck + "\n" + text
	}
	text = strings.ReplaceAll(text, "\n", "\n\n")
	closing := htmlText("\n\n" + strings.ReplaceAll(markup.Text(a.Closing), "\n", "\n\n"))
	return strings.TrimSpace(htmlTextWithin(text, max(maxDescription-len(closing), 0)) + closing)
}

// checkPodcast is the gate of the podcast. Titles can have a station's name there.
func checkPodcast(body []byte, list []article) *Fault {
	s, fault := readSkeleton(body, " item")
	if fault != nil {
		return fault
	}
	for _, name := range []string{nsITunes + " category", nsITunes + " explicit", nsPodcast + " guid"} {
		if len(elementsNamed(s.head, name)) == 0 {
			return newFault("required", "the channel has no %s", name)
		}
	}
	recordings := map[string]bool{}
	if len(s.items) != len(list) {
		return newFault("items", "%d of %d are there", len(s.items), len(list))
	}
	for n, item := range s.items {
		enclosures := elementsNamed(item, " enclosure")
		if len(enclosures) != 1 || recordings[enclosures[0].attr("url")] {
			return blameStory(list[n], newFault("enclosure", "it has none of its own"))
		}
		recordings[enclosures[0].attr("url")] = true
		if len(elementsNamed(item, nsMedia+" content"))+len(elementsNamed(item, nsMedia+" thumbnail")) > 0 {
			return blameStory(list[n], newFault("media", "apps take a picture for the recording"))
		}
		if len(textOf(item, " description")) > maxDescription {
			return blameStory(list[n], newFault("description", "it is longer than %d bytes", maxDescription))
		}
	}
	return checkChannel(s, list, func(n int) string { return singleLine(textOf(s.items[n], " title")) })
}
