package feed

import (
	"strings"

	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/link"
)

// fallback is what addresses are resolved against where no xml:base is in
// scope: the channel's link, else the document's address, which for a file is
// what it says of itself.
func (r *reader) fallback() string {
	self, page := "", ""
	for i := range r.doc.Feed.Children {
		c := &r.doc.Feed.Children[i]
		if c.Word.Name != "link" {
			continue
		}
		tag := r.doc.Bytes(c.Tag)
		href, rel := xmlrepair.Attribute(tag, "href"), xmlrepair.Attribute(tag, "rel")
		switch {
		case rel == "self" && self == "":
			self = link.Resolve("", href)
		case page == "" && href == "":
			page = r.doc.TextOf(c)
		case page == "" && (rel == "" || rel == "alternate"):
			page = href
		}
	}
	address := link.Resolve("", r.context.Address)
	if address == "" { // a file
		address = self
	}
	if base := link.Resolve(address, page); base != "" {
		return base
	}
	return address
}

// scoped is the base for an address in an item.
func (r *reader) scoped(it *xmlrepair.Item) string { return r.join(it.Base) }

func (r *reader) join(base string) string {
	if base == "" {
		return r.base
	}
	if resolved := link.Resolve(r.base, base); resolved != "" {
		return resolved
	}
	return r.base
}

// baseOf is the base for what stands in a child.
func (r *reader) baseOf(it *xmlrepair.Item, c *xmlrepair.Child) string {
	if own := xmlrepair.Attribute(r.doc.Bytes(c.Tag), "xml:base"); own != "" {
		return r.join(xmlrepair.JoinBase(it.Base, strings.TrimSpace(own)))
	}
	return r.scoped(it)
}
