package feed

import (
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// rssFacts reads what a channel says of the feed.
func (r *reader) rssFacts(x *rss.Feed) {
	feed := &r.doc.Feed
	links := r.feedLinks(x.Extensions, nil)
	f := news.Facts{
		Format:    r.rssFormat(),
		Title:     title(r.feedText("title")),
		Language:  r.feedLanguage(),
		Rights:    title(first(x.Copyright, r.said(x.Extensions, vocabulary.DC, "rights"))),
		Generator: text.Shorten(text.OneLine(x.Generator), maxNameText),
		TTL:       minutes(x.TTL),
		Cloud:     cloud(x.Cloud),
	}
	if f.Language == "" {
		f.Language = languageTag(r.said(x.Extensions, vocabulary.DC, "language"))
	}
	f.Link = r.channelLink(links)
	if x.Image != nil {
		f.Image = r.resolved(x.Image.URL, r.base)
	}
	if f.Image == "" {
		for _, e := range r.extension(x.Extensions, vocabulary.ITunes, "image") {
			f.Image = first(f.Image, r.resolved(e.Attrs["href"], r.base))
		}
	}
	f.SkipHours, f.SkipDays = skipHours(x.SkipHours), skipDays(x.SkipDays)
	if id, _ := r.first(feed, "id"); id != "" && len(id) <= maxGUID {
		f.ID = text.WithoutControls(id)
	}
	r.shared(&f, links, x.Extensions)
	r.facts = f
	r.lent = lent{language: f.Language, rights: f.Rights, license: r.feedLicense(links, x.Extensions)}
}

// atomFacts reads what an Atom feed says of itself.
func (r *reader) atomFacts(x *atom.Feed) {
	feed := &r.doc.Feed
	links := r.feedLinks(x.Extensions, x.Links)
	f := news.Facts{
		Format:   r.atomFormat(),
		Language: r.feedLanguage(),
		Image:    first(r.resolved(x.Logo, r.base), r.resolved(x.Icon, r.base)),
		Link:     r.alternate(links, ""),
	}
	if text, c := r.first(feed, "title"); c != nil {
		f.Title = r.atomTitle(c, text)
	}
	rights, _ := r.first(feed, "rights", "copyright")
	f.Rights = title(first(rights, r.said(x.Extensions, vocabulary.DC, "rights")))
	if x.Generator != nil {
		f.Generator = text.Shorten(text.OneLine(x.Generator.Value), maxNameText)
	}
	if id, _ := r.first(feed, "id"); len(id) <= maxGUID {
		f.ID = text.WithoutControls(id)
	}
	b := &byline{}
	r.persons(b, x.Authors, feed)
	f.Authors = b.persons
	r.shared(&f, links, x.Extensions)
	r.facts = f
	r.lent = lent{language: f.Language, rights: f.Rights, license: r.feedLicense(links, x.Extensions), authors: b.persons}
}

// feedText is the feed's first text of a name.
func (r *reader) feedText(name string) string {
	text, _ := r.first(&r.doc.Feed, name)
	return text
}

// feedLinks are the feed's links that have a relation.
func (r *reader) feedLinks(x ext.Extensions, own []*atom.Link) []written {
	feed := &r.doc.Feed
	all := atomLinks(own, r.base)
	if r.doc.Root != "feed" {
		all = r.rssLinks(feed, &rss.Item{Extensions: x})
	}
	for i := range all {
		all[i].base = r.base
	}
	return all
}

// channelLink is the page that a channel stands for.
func (r *reader) channelLink(links []written) string {
	for i := range r.doc.Feed.Children {
		c := &r.doc.Feed.Children[i]
		if c.IsNamed("link") && xmlrepair.Attribute(r.doc.Bytes(c.Tag), "href") == "" {
			if address := r.address(htmlclean.StripTags(r.doc.TextOf(c)), r.base); address != "" {
				return address
			}
		}
	}
	return r.alternate(links, "")
}

// shared reads what feeds of both formats say in the same elements.
func (r *reader) shared(f *news.Facts, links []written, x ext.Extensions) {
	for _, l := range links {
		address := link.Resolve(l.base, l.href)
		if address == "" || len(address) > maxAddress {
			continue
		}
		switch l.rel {
		case "self":
			f.Self = first(f.Self, address)
		case "hub":
			if len(f.Hubs) < maxHubs {
				f.Hubs = append(f.Hubs, address)
			}
		case "prev-archive":
			f.PrevArchive = first(f.PrevArchive, address)
		}
	}
	f.Update = updatePeriod(r.said(x, vocabulary.Syndication, "updatePeriod"), r.said(x, vocabulary.Syndication, "updateFrequency"))
	f.Complete = len(r.extension(x, vocabulary.History, "complete")) > 0
	f.Archive = len(r.extension(x, vocabulary.History, "archive")) > 0
	f.NewAddress = link.Resolve(r.base, r.said(x, vocabulary.ITunes, "new-feed-url"))
	f.PodcastGUID = text.Shorten(text.OneLine(r.said(x, vocabulary.Podcast, "guid")), maxNameText)
	f.Blocked = affirmed(r.said(x, vocabulary.ITunes, "block")) || affirmed(r.said(x, vocabulary.Podcast, "block")) || affirmed(r.said(x, vocabulary.Podcast, "locked"))
	for _, e := range r.extension(x, vocabulary.Tombstone, "deleted-entry") {
		ref := strings.TrimSpace(text.WithoutControls(e.Attrs["ref"]))
		if ref == "" || len(ref) > maxGUID || len(f.Deleted) == takenItems {
			continue
		}
		d := news.Deleted{Ref: ref}
		d.When, _ = r.dates.ReadTime(e.Attrs["when"])
		f.Deleted = append(f.Deleted, d)
	}
}

func (r *reader) feedLicense(links []written, x ext.Extensions) string {
	_, license := r.rights(&r.doc.Feed, "", links, x)
	return license
}

// rssFormat names the version as a person would.
func (r *reader) rssFormat() string {
	tag := r.doc.Bytes(r.doc.RootTag)
	if r.doc.Root == "rdf" {
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

func (r *reader) atomFormat() string {
	tag := string(r.doc.Bytes(r.doc.RootTag))
	if strings.Contains(tag, vocabulary.URIAtom03) || xmlrepair.Attribute([]byte(tag), "version") == "0.3" {
		return "Atom 0.3"
	}
	return "Atom 1.0"
}

func minutes(s string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 || n > 366*24*60 {
		return 0
	}
	return time.Duration(n) * time.Minute
}

func cloud(c *rss.Cloud) *news.Cloud {
	if c == nil || c.Domain == "" {
		return nil
	}
	short := func(s string) string { return text.Shorten(text.OneLine(s), maxNameText) }
	return &news.Cloud{Domain: short(c.Domain), Port: short(c.Port), Path: short(c.Path), Procedure: short(c.RegisterProcedure), Protocol: short(c.Protocol)}
}

// skipHours keeps 0 to 23; 24 is midnight, as RSS 0.91 had it.
func skipHours(texts []string) []int {
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

func skipDays(texts []string) []time.Weekday {
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
		"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour, "monthly": 30 * 24 * time.Hour, "yearly": 365 * 24 * time.Hour,
	}
	unit := units[strings.ToLower(strings.TrimSpace(period))]
	n, err := strconv.Atoi(strings.TrimSpace(frequency))
	if err != nil || n < 1 {
		n = 1
	}
	return unit / time.Duration(n)
}
