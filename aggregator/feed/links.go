package feed

import (
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// written is a link as a document writes it.
type written struct {
	rel, href, kind, title, language, length, base string
}

// rssLinks are an item's links that have a relation: atom:link, and link in its
// form without a prefix.
func (r *reader) rssLinks(it *xmlrepair.Item, x *rss.Item) []written {
	var all []written
	for i := range it.Children {
		c := &it.Children[i]
		tag := r.doc.Bytes(c.Tag)
		if !c.IsNamed("link") || xmlrepair.Attribute(tag, "href") == "" {
			continue
		}
		all = append(all, written{
			rel: xmlrepair.Attribute(tag, "rel"), href: xmlrepair.Attribute(tag, "href"), kind: xmlrepair.Attribute(tag, "type"), title: xmlrepair.Attribute(tag, "title"),
			language: xmlrepair.Attribute(tag, "hreflang"), length: xmlrepair.Attribute(tag, "length"), base: r.baseOf(it, c),
		})
	}
	for _, e := range r.extension(x.Extensions, vocabulary.Atom, "link") {
		all = append(all, written{
			rel: e.Attrs["rel"], href: e.Attrs["href"], kind: e.Attrs["type"], title: e.Attrs["title"],
			language: e.Attrs["hreflang"], length: e.Attrs["length"], base: r.scoped(it),
		})
	}
	return relations(all)
}

// relations gives each link its relation in lower case.
func relations(all []written) []written {
	for i := range all {
		rel := strings.ToLower(strings.TrimSpace(all[i].rel))
		rel = strings.TrimPrefix(rel, "http://www.iana.org/assignments/relation/")
		if rel == "" {
			rel = "alternate"
		}
		all[i].rel = rel
	}
	return all
}

// rssURL finds the address of the page that an item is about.
func (r *reader) rssURL(it *xmlrepair.Item, x *rss.Item, e *news.Entry, candidates []written) string {
	if address := r.address(r.said(x.Extensions, vocabulary.FeedBurner, "origLink"), r.scoped(it)); address != "" {
		return address
	}
	for i := range it.Children {
		c := &it.Children[i]
		if !c.IsNamed("link") || xmlrepair.Attribute(r.doc.Bytes(c.Tag), "href") != "" {
			continue
		}
		if address := r.address(htmlclean.StripTags(r.doc.TextOf(c)), r.baseOf(it, c)); address != "" && !r.isSelf(address) {
			return address
		}
	}
	if address := r.alternate(candidates, e.Language); address != "" && !r.isSelf(address) {
		return address
	}
	if e.Permalink {
		return r.address(e.GUID, "")
	}
	if about := xmlrepair.Attribute(r.doc.Bytes(it.Tag), "rdf:about"); isAddress(about) {
		return r.address(about, "")
	}
	return ""
}

// isSelf reports whether an address is the feed's own.
func (r *reader) isSelf(address string) bool {
	return address == link.Clean("", r.context.Address) || r.facts.Self != "" && address == link.Clean("", r.facts.Self)
}

// alternate chooses among links to the page: HTML before other types, then the
// entry's language, then the first.
func (r *reader) alternate(candidates []written, language string) string {
	best, rank := "", -1
	for _, l := range candidates {
		if l.rel != "alternate" {
			continue
		}
		n := 0
		switch kind := strings.ToLower(strings.TrimSpace(l.kind)); {
		case strings.HasPrefix(kind, "text/html"), strings.Contains(kind, "xhtml"):
			n = 4
		case kind == "":
			n = 2
		}
		if language != "" && strings.EqualFold(languageTag(l.language), language) {
			n++
		}
		if n <= rank {
			continue
		}
		if address := r.address(l.href, l.base); address != "" {
			best, rank = address, n
		}
	}
	return best
}

// address is a link, "" if it is none or too long.
func (r *reader) address(raw, base string) string {
	if raw == "" {
		return ""
	}
	address := link.Clean(base, raw)
	if len(address) > maxAddress {
		r.AddRepair(damage.Limit, -1, "an address is too long")
		return ""
	}
	return address
}

var kept = vocabulary.SetOf("canonical", "via", "related", "alternate", "self", "replies")

// links keeps the links whose relation tells something of the story, the page
// itself left out. What dcterms:source names is where it came by.
func (r *reader) links(candidates []written, page string, x ext.Extensions) []news.Link {
	if from := r.said(x, vocabulary.Terms, "source"); isAddress(from) {
		candidates = append(candidates, written{rel: "via", href: from})
	}
	var all []news.Link
	for _, l := range candidates {
		if !kept[l.rel] || len(all) >= maxLinks {
			continue
		}
		address := r.address(l.href, l.base)
		if address == "" || l.rel == "alternate" && address == page {
			continue
		}
		all = append(all, news.Link{
			Rel: l.rel, URL: address, Type: mediaType(l.kind), Title: text.Shorten(text.OneLine(l.title), maxTitle), Language: languageTag(l.language),
		})
	}
	return all
}
