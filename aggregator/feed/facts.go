package feed

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/dates"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// feedDefaults holds what a feed lends to entries that do not say it themselves.
type feedDefaults struct {
	language, rights, license string
	byline                    *byline // nil if there is none
}

// readRSSFacts reads what a channel says of the feed.
func readRSSFacts(feed *element, x *rss.Feed, calendar *dates.Calendar) (news.Facts, feedDefaults) {
	links := linksIn(feed.docBase, rssLinks(feed))
	title, _ := feed.firstText("title")
	f := news.Facts{
		Format:   rssVersion(feed.doc),
		Title:    titleText(title, feed.notes.EnterField("title")),
		Language: cmp.Or(documentLanguage(feed.doc), text.LanguageTag(feed.ext.firstText(vocabulary.DC, "language"))),
		Rights: titleText(
			cmp.Or(x.Copyright, feed.ext.firstText(vocabulary.DC, "rights")), feed.notes.EnterField("rights"),
		),
		Generator: shortLine(x.Generator, maxNameText, feed.notes.EnterField("generator")),
		TTL:       minutesOf(x.TTL),
		Cloud:     readCloud(x.Cloud, feed.notes),
		Link:      channelLink(feed, links),
		SkipHours: readSkipHours(x.SkipHours),
		SkipDays:  readSkipDays(x.SkipDays),
	}
	if x.Image != nil {
		f.Image = fileAddress(x.Image.URL, feed.docBase, feed.notes.EnterField("image"))
	}
	if f.Image == "" {
		for _, image := range feed.ext.elements(vocabulary.ITunes, "image") {
			f.Image = cmp.Or(f.Image, fileAddress(image.Attrs["href"], feed.docBase, feed.notes.EnterField("image")))
		}
	}
	f.ID = feedID(feed)
	readSharedFacts(&f, feed, links, calendar)
	_, license := readRights(feed, "", links, feedDefaults{})
	return f, feedDefaults{language: f.Language, rights: f.Rights, license: license}
}

// readAtomFacts reads what an Atom feed says of itself.
func readAtomFacts(feed *element, x *atom.Feed, calendar *dates.Calendar) (news.Facts, feedDefaults) {
	links := atomLinks(x.Links, feed.docBase)
	f := news.Facts{
		Format:   atomVersion(feed.doc),
		Language: documentLanguage(feed.doc),
		Image:    cmp.Or(fileAddress(x.Logo, feed.docBase, feed.notes), fileAddress(x.Icon, feed.docBase, feed.notes)),
		Link:     alternateLink(links, "", feed.notes),
	}
	feed.notes.EnterField("title")
	if text, c := feed.firstText("title"); c != nil {
		f.Title = typedTitle(feed, c, text)
	}
	rights, _ := feed.firstText("rights", "copyright")
	f.Rights = titleText(
		cmp.Or(rights, feed.ext.firstText(vocabulary.DC, "rights")), feed.notes.EnterField("rights"),
	)
	if x.Generator != nil {
		f.Generator = shortLine(x.Generator.Value, maxNameText, feed.notes.EnterField("generator"))
	}
	f.ID = feedID(feed)
	feed.notes.EnterField("authors")
	b := &byline{notes: feed.notes}
	addAtomPersons(b, feed, x.Authors)
	_, f.Authors = b.asWritten()
	readSharedFacts(&f, feed, links, calendar)
	_, license := readRights(feed, "", links, feedDefaults{})
	return f, feedDefaults{language: f.Language, rights: f.Rights, license: license, byline: b}
}

// linksIn returns links whose addresses are resolved against the document's base, whatever their
// own is.
func linksIn(base string, links []writtenLink) []writtenLink {
	for i := range links {
		links[i].base = base
	}
	return links
}

func feedID(feed *element) string {
	id, _ := feed.firstText("id")
	return readID(id, feed.notes.EnterField("id"))
}

// documentLanguage is what the document says of itself.
func documentLanguage(doc *xmlrepair.Document) string {
	for i := range doc.Feed.Children {
		if c := &doc.Feed.Children[i]; c.Word.Name == "language" {
			if l := text.LanguageTag(doc.TextOf(c)); l != "" {
				return l
			}
		}
	}
	return cmp.Or(
		text.LanguageTag(doc.Feed.Lang), text.LanguageTag(xmlrepair.Attribute(doc.Bytes(doc.RootTag), "xml:lang")),
	)
}

// channelLink is the page that a channel stands for.
func channelLink(feed *element, links []writtenLink) string {
	feed.notes.EnterField("link")
	for i := range feed.item.Children {
		c := &feed.item.Children[i]
		if c.IsNamed("link") && feed.attribute(c, "href") == "" {
			page := withoutTags(feed.doc.TextOf(c), feed.notes)
			if address := pageAddress(page, feed.docBase, feed.notes); address != "" {
				return address
			}
		}
	}
	return alternateLink(links, "", feed.notes)
}

// readSharedFacts reads what feeds of both formats say in the same elements.
func readSharedFacts(f *news.Facts, feed *element, links []writtenLink, calendar *dates.Calendar) {
	x, notes := feed.ext, feed.notes
	hubs := map[string]bool{}
	for _, l := range links {
		if l.rel != "self" && l.rel != "hub" && l.rel != "prev-archive" {
			continue
		}
		address := boundedAddress(link.Resolve(l.base, l.href), notes.EnterField(l.rel))
		switch {
		case address == "":
		case l.rel == "self":
			f.Self = cmp.Or(f.Self, address)
		case l.rel == "prev-archive":
			f.PrevArchive = cmp.Or(f.PrevArchive, address)
		case !hubs[address]:
			hubs[address] = true
			if len(hubs) <= maxHubs {
				f.Hubs = append(f.Hubs, address)
			}
		}
	}
	noteRest(len(hubs), maxHubs, notes.EnterField("hub"))
	f.Update = updatePeriod(
		x.firstText(vocabulary.Syndication, "updatePeriod"), x.firstText(vocabulary.Syndication, "updateFrequency"),
	)
	f.Complete = len(x.elements(vocabulary.History, "complete")) > 0
	f.Archive = len(x.elements(vocabulary.History, "archive")) > 0
	f.NewAddress = boundedAddress(
		link.Resolve(feed.docBase, x.firstText(vocabulary.ITunes, "new-feed-url")), notes.EnterField("new-feed-url"),
	)
	f.PodcastGUID = shortLine(x.firstText(vocabulary.Podcast, "guid"), maxNameText, notes.EnterField("podcast:guid"))
	f.Blocked = isAffirmed(x.firstText(vocabulary.ITunes, "block")) ||
		isAffirmed(x.firstText(vocabulary.Podcast, "block")) || isAffirmed(x.firstText(vocabulary.Podcast, "locked"))
	f.Explicit = explicitness(x.firstText(vocabulary.ITunes, "explicit"))
	notes.EnterField("deleted-entry")
	deleted := 0
	for _, e := range x.elements(vocabulary.Tombstone, "deleted-entry") {
		ref := readID(e.Attrs["ref"], notes)
		if ref == "" {
			continue
		}
		if deleted++; deleted > takenItems {
			continue
		}
		d := news.Deleted{Ref: ref}
		d.When, _ = calendar.ReadTime(e.Attrs["when"])
		f.Deleted = append(f.Deleted, d)
	}
	noteRest(deleted, takenItems, notes)
}

// rssVersion names the version as a person would.
func rssVersion(doc *xmlrepair.Document) string {
	tag := doc.Bytes(doc.RootTag)
	if doc.Root == "rdf" {
		if strings.Contains(string(tag), "netscape.com") {
			return "RSS 0.90"
		}
		return "RSS 1.0"
	}
	version := text.OneLine(xmlrepair.Attribute(tag, "version"))
	if version == "" || len(version) > 8 {
		return "RSS"
	}
	return "RSS " + version
}

func atomVersion(doc *xmlrepair.Document) string {
	tag := doc.Bytes(doc.RootTag)
	if strings.Contains(string(tag), vocabulary.URIAtom03) || xmlrepair.Attribute(tag, "version") == "0.3" {
		return "Atom 0.3"
	}
	return "Atom 1.0"
}

// minutesOf reads a number of minutes, at most a year; 0 for anything else.
func minutesOf(s string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 || n > 366*24*60 {
		return 0
	}
	return time.Duration(n) * time.Minute
}

func readCloud(c *rss.Cloud, notes *damage.Ledger) *news.Cloud {
	if c == nil || c.Domain == "" {
		return nil
	}
	notes.EnterField("cloud")
	short := func(s string) string { return shortLine(s, maxNameText, notes) }
	return &news.Cloud{
		Domain: short(c.Domain), Port: short(c.Port), Path: short(c.Path),
		Procedure: short(c.RegisterProcedure), Protocol: short(c.Protocol),
	}
}

// readSkipHours keeps 0 to 23; 24 is midnight, as RSS 0.91 had it.
func readSkipHours(texts []string) []int {
	var all []int
	var taken [24]bool
	for _, s := range texts {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if n == 24 {
			n = 0
		}
		if err == nil && n >= 0 && n < 24 && !taken[n] {
			taken[n] = true
			all = append(all, n)
		}
	}
	return all
}

func readSkipDays(texts []string) []time.Weekday {
	var all []time.Weekday
	var taken [7]bool
	for _, s := range texts {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if strings.EqualFold(strings.TrimSpace(s), d.String()) && !taken[d] {
				taken[d] = true
				all = append(all, d)
			}
		}
	}
	return all
}

// updatePeriod is how often a feed says that it changes.
func updatePeriod(period, frequency string) time.Duration {
	units := map[string]time.Duration{
		"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour, "monthly": 30 * 24 * time.Hour,
		"yearly": 365 * 24 * time.Hour,
	}
	unit := units[strings.ToLower(strings.TrimSpace(period))]
	n, err := strconv.Atoi(strings.TrimSpace(frequency))
	if err != nil || n < 1 {
		n = 1
	}
	return unit / time.Duration(n)
}
