package feed

import (
	"cmp"
	"strings"

	"github.com/mmcdole/gofeed/atom"

	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/news"
)

// readAtomEntry makes an entry of an Atom entry: of what the repair took down of it, and of what
// gofeed read.
func readAtomEntry(e *element, x *atom.Entry, around surroundings) news.Entry {
	noteDoubled(e)
	entry := news.Entry{Language: readLanguage(e, around.defaults.language)}
	e.notes.EnterField("title")
	if text, c := e.firstText("title"); c != nil {
		entry.Title = typedTitle(e, c, text)
	} else {
		entry.Title = titleText(cmp.Or(e.ext.firstText(vocabulary.DC, "title"), mediaTitle(e.ext)), e.notes)
	}
	id, _ := e.firstText("id")
	entry.GUID = readGUID(id, e.notes)
	links := atomLinks(x.Links, e.base)
	e.notes.EnterField("url")
	entry.URL = atomPage(e, entry, links)
	entry.Links = keptLinks(e, links, entry.URL)
	entry.Published, entry.Updated = readDate(e, atomDates, around.calendar), readDate(e, updateDates, around.calendar)
	entry.Summary, entry.Content = readTexts(e, entry.URL)
	e.notes.EnterField("authors")
	entry.Byline, entry.Authors = atomByline(e, x, around.defaults.byline)
	entry.Topics = readTopics(e, atomCategories(x.Categories))
	readMedia(e, nil, links, &entry)
	e.notes.EnterField("podcast")
	entry.Podcast, entry.Artwork, entry.Clean = readPodcast(e), readArtwork(e), isCalledClean(e)
	e.notes.EnterField("source")
	entry.Source = atomSource(e, x.Source)
	rights, _ := e.firstText("rights", "copyright")
	if rights == "" && x.Source != nil {
		rights = x.Source.Rights
	}
	entry.Rights, entry.License = readRights(e, rights, links, around.defaults)
	return entry
}

// atomPage finds the address of the page that an entry is about.
func atomPage(e *element, entry news.Entry, links []writtenLink) string {
	if address := pageAddress(e.ext.firstText(vocabulary.FeedBurner, "origLink"), e.base, e.notes); address != "" {
		return address
	}
	if address := alternateLink(links, entry.Language, e.notes); address != "" {
		return address
	}
	if isAddress(entry.GUID) {
		return pageAddress(entry.GUID, "", e.notes)
	}
	if _, c := e.firstText("content"); c != nil {
		return ""
	}
	for i := range e.item.Children {
		c := &e.item.Children[i]
		src := e.attribute(c, "src")
		if c.IsNamed("content") && src != "" &&
			strings.HasPrefix(strings.ToLower(e.attribute(c, "type")), "text/html") {
			return pageAddress(src, e.baseOf(c), e.notes)
		}
	}
	return ""
}

// atomCategories returns the labels of categories, otherwise their terms.
func atomCategories(categories []*atom.Category) []string {
	var all []string
	for _, c := range categories {
		all = append(all, cmp.Or(c.Label, c.Term))
	}
	return all
}

// atomSource names the feed that an entry was copied from.
func atomSource(e *element, s *atom.Source) *news.Source {
	if s == nil {
		return nil
	}
	address := ""
	for _, rel := range [...]string{"self", "alternate"} {
		for _, l := range s.Links {
			if address == "" && l.Rel == rel {
				address = l.Href
			}
		}
	}
	return sourceFeed(titleText(s.Title, e.notes), address, s.ID, e.base, e.notes)
}
