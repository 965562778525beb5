package feed

import (
	"strings"

	"github.com/mmcdole/gofeed/rss"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// rssEntry makes an entry of an RSS item: of its notes, and of what gofeed read
// beside them.
func (r *reader) rssEntry(it *xmlrepair.Item, x *rss.Item) news.Entry {
	r.doubled(it)
	e := news.Entry{
		Title:    r.rssTitle(it, x),
		Language: r.language(it, r.said(x.Extensions, vocabulary.DC, "language")),
	}
	r.identity(&e, r.rssGUID(it))
	candidates := r.rssLinks(it, x)
	e.URL = r.rssURL(it, x, &e, candidates)
	e.Links = r.links(candidates, e.URL, x.Extensions)
	e.Published, e.Updated = r.date(it, rssDates), r.date(it, updates)
	r.texts(&e, it, x.Extensions)
	e.Byline, e.Authors = r.rssByline(it, x)
	e.Topics = r.topics(rssTopics(x), x.Extensions)
	r.media(&e, it, candidates, rssEnclosures(x), x.Extensions)
	e.Podcast, e.Artwork = r.podcast(it, x.Extensions), r.artwork(it, x.Extensions)
	if x.Source != nil {
		e.Source = r.source(text.OneLine(htmlclean.DecodeReferences(x.Source.Title)), x.Source.URL, "", r.scoped(it))
	}
	e.Rights, e.License = r.rights(it, "", candidates, x.Extensions)
	return e
}

// doubled counts elements that an item has once, and this one twice.
func (r *reader) doubled(it *xmlrepair.Item) {
	for i := range it.Children {
		c := &it.Children[i]
		if c.IsNamed("link") && xmlrepair.Attribute(r.doc.Bytes(c.Tag), "href") != "" || c.Word.HasTrait(vocabulary.IsPerson|vocabulary.IsDate) {
			continue
		}
		for j := range it.Children[:i] {
			if other := &it.Children[j]; other.Word == c.Word && other.Space == c.Space && !(c.IsNamed("link") && xmlrepair.Attribute(r.doc.Bytes(other.Tag), "href") != "") {
				r.AddRepair(damage.DoubledElements, -1, "a second "+c.Word.Name)
				break
			}
		}
	}
}

// first is the text of an item's first child of one of the names that has any,
// the names in their order.
func (r *reader) first(it *xmlrepair.Item, names ...string) (string, *xmlrepair.Child) {
	for _, sp := range [...]bool{false, true} {
		for _, name := range names {
			for i := range it.Children {
				c := &it.Children[i]
				if !c.IsNamed(name) || (c.Space == vocabulary.Atom) != sp {
					continue
				}
				if text := r.doc.TextOf(c); text != "" {
					return text, c
				}
			}
		}
	}
	return "", nil
}

func (r *reader) rssTitle(it *xmlrepair.Item, x *rss.Item) string {
	if text, c := r.first(it, "title"); c != nil {
		if c.Space == vocabulary.Atom && !it.Foreign {
			return r.atomTitle(c, text)
		}
		return title(text)
	}
	if text := r.said(x.Extensions, vocabulary.DC, "title"); text != "" {
		return title(text)
	}
	if text := r.said(x.Extensions, vocabulary.Media, "title"); text != "" {
		return title(text)
	}
	return title(r.said(x.Extensions, vocabulary.ITunes, "title"))
}

// guid is an item's id as written, and whether it may be an address.
type guid struct {
	text      string
	permalink bool
}

func (r *reader) rssGUID(it *xmlrepair.Item) guid {
	if text, c := r.first(it, "guid"); c != nil {
		return guid{text, permalink(r.doc.Bytes(c.Tag))}
	}
	if text, _ := r.first(it, "id"); text != "" {
		return guid{text, false}
	}
	about := xmlrepair.Attribute(r.doc.Bytes(it.Tag), "rdf:about")
	if about == "" {
		about = xmlrepair.Attribute(r.doc.Bytes(it.Tag), "about")
	}
	return guid{strings.TrimSpace(about), false}
}

// permalink reads isPermaLink, in any case of its name and value.
func permalink(tag []byte) bool {
	for _, name := range [...]string{"isPermaLink", "isPermalink", "ispermalink", "IsPermaLink", "ISPERMALINK"} {
		if value := xmlrepair.Attribute(tag, name); value != "" {
			value = strings.ToLower(strings.TrimSpace(value))
			return value != "false" && value != "0"
		}
	}
	return true
}

// identity sets an entry's guid, by character as written.
func (r *reader) identity(e *news.Entry, g guid) {
	text := strings.TrimSpace(text.WithoutControls(g.text))
	if len(text) > maxGUID {
		r.AddRepair(damage.Limit, -1, "a guid is too long")
		return
	}
	e.GUID = text
	e.Permalink = g.permalink && isAddress(text) && link.Clean("", text) != ""
}

func isAddress(s string) bool {
	low := strings.ToLower(s[:min(len(s), 8)])
	return strings.HasPrefix(low, "http://") || strings.HasPrefix(low, "https://")
}

func rssTopics(x *rss.Item) []string {
	var all []string
	for _, c := range x.Categories {
		all = append(all, c.Value)
	}
	return all
}

// language is the nearest xml:lang, else what dc:language says, else the feed's.
func (r *reader) language(it *xmlrepair.Item, said string) string {
	for _, l := range [...]string{xmlrepair.Attribute(r.doc.Bytes(it.Tag), "xml:lang"), said, it.Lang} {
		if tag := languageTag(l); tag != "" {
			return tag
		}
	}
	return r.lent.language
}
