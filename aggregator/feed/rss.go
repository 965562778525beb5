package feed

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mmcdole/gofeed/rss"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/dates"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// surroundings holds what entries take from around them.
type surroundings struct {
	defaults  feedDefaults
	calendar  *dates.Calendar
	addresses []string // the feed's own, cleaned: they are not an entry's page

	// plainTitles says that titles are text and no markup, where the format leaves that open: the
	// document is one of this program's.
	plainTitles bool
}

// ownGenerator is what this program's RSS says that it was written by.
const ownGenerator = "fronteras"

// readRSSItem makes an entry of an RSS item: of what the repair took down of it, and of what gofeed
// read.
func readRSSItem(e *element, x *rss.Item, around surroundings) news.Entry {
	noteDoubled(e)
	e.notes.EnterField("title")
	entry := news.Entry{Title: rssTitle(e, around.plainTitles), Language: readLanguage(e, around.defaults.language)}
	written, isPermalink := rssGUID(e)
	entry.GUID = readGUID(written, e.notes)
	entry.Permalink = isPermalink && isAddress(entry.GUID) && link.Clean("", entry.GUID) != ""
	links := rssLinks(e)
	e.notes.EnterField("url")
	entry.URL = rssPage(e, entry, links, around.addresses)
	entry.Links = keptLinks(e, links, entry.URL)
	entry.Published, entry.Updated = readDate(e, rssDates, around.calendar), readDate(e, updateDates, around.calendar)
	entry.Summary, entry.Content = readTexts(e, entry.URL)
	e.notes.EnterField("authors")
	entry.Byline, entry.Authors = rssByline(e)
	entry.Topics = readTopics(e, rssCategories(x))
	readMedia(e, rssEnclosures(x, e.base), links, &entry)
	e.notes.EnterField("podcast")
	entry.Podcast, entry.Artwork, entry.Clean = readPodcast(e), readArtwork(e), isCalledClean(e)
	if x.Source != nil {
		e.notes.EnterField("source")
		title := htmlclean.DecodeReferences(shortened(x.Source.Title, maxWritten, e.notes))
		entry.Source = sourceFeed(shortLine(title, maxTitle, e.notes), x.Source.URL, "", e.base, e.notes)
	}
	entry.Rights, entry.License = readRights(e, "", links, around.defaults)
	return entry
}

// noteDoubled notes elements that an item has once, and this one twice.
func noteDoubled(e *element) {
	children := e.item.Children
	type kind struct {
		word  vocabulary.Word
		space vocabulary.Space
	}
	var room [8]kind
	kinds := room[:0] // of those before: as few as the vocabularies have
	for i := range children {
		c := &children[i]
		if c.Word.HasTrait(vocabulary.IsPerson|vocabulary.IsDate) || c.IsNamed("link") && e.attribute(c, "href") != "" {
			continue
		}
		if k := (kind{c.Word, c.Space}); slices.Contains(kinds, k) {
			e.notes.AddRepair(damage.DoubledElements, -1, "a second "+c.Word.Name)
		} else {
			kinds = append(kinds, k)
		}
	}
}

func rssTitle(e *element, plain bool) string {
	if text, c := e.firstText("title"); c != nil {
		if plain {
			return shortLine(text, maxTitle, e.notes)
		}
		if c.Space == vocabulary.Atom && !e.item.Foreign {
			return typedTitle(e, c, text)
		}
		return titleText(text, e.notes)
	}
	return titleText(cmp.Or(
		e.ext.firstText(vocabulary.DC, "title"), mediaTitle(e.ext), e.ext.firstText(vocabulary.ITunes, "title"),
	), e.notes)
}

// rssGUID is an item's id as written, and whether it may be an address.
func rssGUID(e *element) (written string, isPermalink bool) {
	if text, c := e.firstText("guid"); c != nil {
		return text, saysPermalink(e, c)
	}
	if text, _ := e.firstText("id"); text != "" {
		return text, false
	}
	return strings.TrimSpace(cmp.Or(e.ownAttribute("rdf:about"), e.ownAttribute("about"))), false
}

// saysPermalink reads isPermaLink, in any case of its name and value.
func saysPermalink(e *element, guid *xmlrepair.Child) bool {
	for _, name := range [...]string{"isPermaLink", "isPermalink", "ispermalink", "IsPermaLink", "ISPERMALINK"} {
		if value := e.attribute(guid, name); value != "" {
			value = strings.ToLower(strings.TrimSpace(value))
			return value != "false" && value != "0"
		}
	}
	return true
}

// rssPage finds the address of the page that an item is about; the feed's own do not count.
func rssPage(e *element, entry news.Entry, links []writtenLink, own []string) string {
	if address := pageAddress(e.ext.firstText(vocabulary.FeedBurner, "origLink"), e.base, e.notes); address != "" {
		return address
	}
	for i := range e.item.Children {
		c := &e.item.Children[i]
		if !c.IsNamed("link") || e.attribute(c, "href") != "" {
			continue
		}
		address := pageAddress(withoutTags(e.doc.TextOf(c), e.notes), e.baseOf(c), e.notes)
		if address != "" && !slices.Contains(own, address) {
			return address
		}
	}
	if address := alternateLink(links, entry.Language, e.notes); address != "" && !slices.Contains(own, address) {
		return address
	}
	if entry.Permalink {
		return pageAddress(entry.GUID, "", e.notes)
	}
	if about := e.ownAttribute("rdf:about"); isAddress(about) {
		return pageAddress(about, "", e.notes)
	}
	return ""
}

func rssCategories(x *rss.Item) []string {
	var all []string
	for _, c := range x.Categories {
		all = append(all, c.Value)
	}
	return all
}
