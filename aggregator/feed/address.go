package feed

import (
	"strings"

	"fronteras/aggregator/link"
)

// joinBase resolves an xml:base against the one around it. What is empty, a
// fragment or not http is ignored; a relative one without an absolute one around
// it stays relative, to be resolved against the document's address.
func joinBase(outer, value string) string {
	switch {
	case value == "", value[0] == '#', len(value) > maxAddress:
		return outer
	case outer == "":
		if i := strings.IndexAny(value, ":/?#"); i >= 0 && value[i] == ':' {
			return link.Resolve("", value)
		}
		return value
	}
	if base := link.Resolve(outer, value); base != "" {
		return base
	}
	if strings.ContainsRune(value, ':') || isAbsolute(outer) {
		return outer
	}
	if value[0] == '/' {
		return value
	}
	return outer[:strings.LastIndexByte(outer, '/')+1] + value
}

func isAbsolute(address string) bool {
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}

// fallback is what addresses are resolved against where no xml:base is in
// scope: the channel's link, else the document's address, which for a file is
// what it says of itself.
func (r *reader) fallback() string {
	self, page := "", ""
	for i := range r.doc.feed.children {
		c := &r.doc.feed.children[i]
		if c.word.Name != "link" {
			continue
		}
		tag := r.doc.bytes(c.tag)
		href, rel := attr(tag, "href"), attr(tag, "rel")
		switch {
		case rel == "self" && self == "":
			self = link.Resolve("", href)
		case page == "" && href == "":
			page = r.doc.text(c)
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
func (r *reader) scoped(it *item) string { return r.join(it.base) }

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
func (r *reader) baseOf(it *item, c *child) string {
	if own := attr(r.doc.bytes(c.tag), "xml:base"); own != "" {
		return r.join(joinBase(it.base, strings.TrimSpace(own)))
	}
	return r.scoped(it)
}
