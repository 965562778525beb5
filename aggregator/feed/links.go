package feed

import (
	"cmp"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	"golang.org/x/net/publicsuffix"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// writtenLink is a link as a document writes it, its relation in lower case.
type writtenLink struct {
	rel, href, kind, title, language, length, base string
}

// documentBase is what addresses of an XML document are resolved against where no xml:base is in
// scope: the channel's link, otherwise the document's address, which for a file is what it says of
// itself. One that is longer than an address may be is none, since every address of the document
// would take as much.
func documentBase(doc *xmlrepair.Document, address string) string {
	self, page := "", ""
	for i := range doc.Feed.Children {
		c := &doc.Feed.Children[i]
		if c.Word.Name != "link" {
			continue
		}
		tag := doc.Bytes(c.Tag)
		href, rel := xmlrepair.Attribute(tag, "href"), xmlrepair.Attribute(tag, "rel")
		switch {
		case rel == "self" && self == "":
			self = link.Resolve("", href)
		case page == "" && href == "":
			page = doc.TextOf(c)
		case page == "" && (rel == "" || rel == "alternate"):
			page = href
		}
	}
	address = cmp.Or(boundedAddress(link.Resolve("", address), nil), boundedAddress(self, nil))
	if host := leadingHost(page); host != "" && (address == "" || isSameHost(host, address)) {
		page = "https://" + strings.TrimSpace(page)
	}
	return cmp.Or(boundedAddress(link.Resolve(address, page), nil), address)
}

// rssLinks returns the links of an RSS element that have a relation: atom:link, and link in its
// form without a prefix.
func rssLinks(e *element) []writtenLink {
	var all []writtenLink
	for i := range e.item.Children {
		c := &e.item.Children[i]
		if !c.IsNamed("link") || e.attribute(c, "href") == "" {
			continue
		}
		all = append(all, writtenLink{
			rel: relationOf(e.attribute(c, "rel")), href: e.attribute(c, "href"), kind: e.attribute(c, "type"),
			title:    e.attribute(c, "title"),
			language: e.attribute(c, "hreflang"), length: e.attribute(c, "length"), base: e.baseOf(c),
		})
	}
	for _, x := range e.ext.elements(vocabulary.Atom, "link") {
		all = append(all, writtenLink{
			rel: relationOf(x.Attrs["rel"]), href: x.Attrs["href"], kind: x.Attrs["type"], title: x.Attrs["title"],
			language: x.Attrs["hreflang"], length: x.Attrs["length"], base: e.base,
		})
	}
	return all
}

// atomLinks returns links as gofeed read them, xml:base applied as far as it goes.
func atomLinks(links []*atom.Link, base string) []writtenLink {
	var all []writtenLink
	for _, l := range links {
		all = append(all, writtenLink{relationOf(l.Rel), l.Href, l.Type, l.Title, l.Hreflang, l.Length, base})
	}
	return all
}

// relationOf is a link's relation in lower case.
func relationOf(rel string) string {
	rel = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(rel)), "http://www.iana.org/assignments/relation/")
	return cmp.Or(rel, "alternate")
}

// alternateLink chooses among links to the page: those that are not in another language before
// translations, HTML before other types, then the language, then the first. Where no language is
// known, a link that states one is taken for a translation if another states none.
func alternateLink(links []writtenLink, language string, notes *damage.Ledger) string {
	best, rank := "", -1
	for _, l := range links {
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
		stated := text.LanguageTag(l.language)
		if n > 0 && (stated == "" || isSameLanguage(stated, language)) {
			n += 8
		}
		if language != "" && strings.EqualFold(stated, language) {
			n++
		}
		if n <= rank {
			continue
		}
		if address := pageAddress(l.href, l.base, notes); address != "" {
			best, rank = address, n
		}
	}
	return best
}

// isSameLanguage compares language tags without their regions.
func isSameLanguage(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return strings.EqualFold(a, b)
}

// keptRelations tell something of a story.
var keptRelations = vocabulary.SetOf("canonical", "via", "related", "alternate", "self", "replies")

// keptLinks returns the links whose relation tells something of the story, the page itself left
// out. What dcterms:source names is where it came by.
func keptLinks(e *element, links []writtenLink, page string) []news.Link {
	if from := e.ext.firstText(vocabulary.Terms, "source"); isAddress(from) {
		links = append(links, writtenLink{rel: "via", href: from})
	}
	e.notes.EnterField("links")
	var all []news.Link
	more := 0
	for _, l := range links {
		if !keptRelations[l.rel] {
			continue
		}
		if len(all) == maxLinks {
			more++
			continue
		}
		address := pageAddress(l.href, l.base, e.notes)
		if address == "" || l.rel == "alternate" && address == page {
			continue
		}
		all = append(all, news.Link{
			Rel: l.rel, URL: address, Type: mediaType(l.kind), Title: shortLine(l.title, maxTitle, e.notes),
			Language: text.LanguageTag(l.language),
		})
	}
	noteRest(len(all)+more, maxLinks, e.notes)
	return all
}

// pageAddress is the cleaned address of a page, "" if it is not one or too long.
func pageAddress(raw, base string, notes *damage.Ledger) string {
	if raw == "" {
		return ""
	}
	if host := leadingHost(raw); host != "" {
		switch _, isHost := publicsuffix.PublicSuffix(host); {
		case isSameHost(host, base):
			raw = "https://" + strings.TrimSpace(raw)
		case isHost && strings.Contains(raw, "/"):
			return "" // another host's, and below ours it leads nowhere
		}
	}
	return boundedAddress(link.Clean(base, raw), notes)
}

// leadingHost is the first segment of an address without a scheme that could be a host,
// "kmsa.example/2026/fog", in lower case; "" if there is none.
func leadingHost(raw string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(raw), "/")
	if len(first) > 253 || !strings.Contains(strings.Trim(first, "."), ".") || first[0] == '.' {
		return ""
	}
	for _, c := range []byte(first) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.') {
			return ""
		}
	}
	return strings.ToLower(first)
}

// isSameHost reports whether a host is that of an address, but for "www.".
func isSameHost(host, address string) bool {
	own := strings.TrimPrefix(link.Host(address), "www.")
	return own != "" && strings.TrimPrefix(host, "www.") == own
}

// fileAddress is the absolute address of sound, film or a picture; its query stays as it is, for
// download counts depend on it.
func fileAddress(raw, base string, notes *damage.Ledger) string {
	if raw == "" {
		return ""
	}
	return boundedAddress(link.Resolve(base, raw), notes)
}

// boundedAddress is an address, "" if it is longer than one may be.
func boundedAddress(address string, notes *damage.Ledger) string {
	if len(address) > maxAddress {
		notes.AddLimit(" bytes of an address", len(address), maxAddress, htmlclean.LeftOut)
		return ""
	}
	return address
}

// isAddress reports whether a text begins as an address of the web does.
func isAddress(s string) bool {
	low := strings.ToLower(s[:min(len(s), 8)])
	return strings.HasPrefix(low, "http://") || strings.HasPrefix(low, "https://")
}
