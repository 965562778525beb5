package feed

import (
	"strings"

	"github.com/mmcdole/gofeed/atom"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// atomEntry makes an entry of an Atom entry: of its notes, and of what gofeed
// read beside them.
func (r *reader) atomEntry(it *xmlrepair.Item, x *atom.Entry) news.Entry {
	r.doubled(it)
	e := news.Entry{Language: r.language(it, r.said(x.Extensions, vocabulary.DC, "language"))}
	if text, c := r.first(it, "title"); c != nil {
		e.Title = r.atomTitle(c, text)
	} else {
		e.Title = title(first(r.said(x.Extensions, vocabulary.DC, "title"), r.said(x.Extensions, vocabulary.Media, "title")))
	}
	id, _ := r.first(it, "id")
	r.identity(&e, guid{id, false})
	candidates := atomLinks(x.Links, r.scoped(it))
	e.URL = r.atomURL(it, x, &e, candidates)
	e.Links = r.links(candidates, e.URL, x.Extensions)
	e.Published, e.Updated = r.date(it, atomDates), r.date(it, updates)
	r.texts(&e, it, x.Extensions)
	e.Byline, e.Authors = r.atomByline(it, x)
	e.Topics = r.topics(atomTopics(x.Categories), x.Extensions)
	r.media(&e, it, candidates, nil, x.Extensions)
	e.Podcast, e.Artwork = r.podcast(it, x.Extensions), r.artwork(it, x.Extensions)
	e.Source = r.atomSource(it, x.Source)
	own, _ := r.first(it, "rights", "copyright")
	if own == "" && x.Source != nil {
		own = x.Source.Rights
	}
	e.Rights, e.License = r.rights(it, own, candidates, x.Extensions)
	return e
}

// atomTitle reads a title by its type: in text nothing is markup.
func (r *reader) atomTitle(c *xmlrepair.Child, value string) string {
	value = decodeBase64(r.doc, c, value)
	if kindOf(r.doc, c, kindText) == kindHTML {
		return title(value)
	}
	return text.Shorten(text.OneLine(value), maxTitle)
}

// atomLinks are links as gofeed read them, xml:base applied as far as it goes.
func atomLinks(links []*atom.Link, base string) []written {
	var all []written
	for _, l := range links {
		all = append(all, written{l.Rel, l.Href, l.Type, l.Title, l.Hreflang, l.Length, base})
	}
	return relations(all)
}

// atomURL finds the address of the page that an entry is about.
func (r *reader) atomURL(it *xmlrepair.Item, x *atom.Entry, e *news.Entry, candidates []written) string {
	if address := r.address(r.said(x.Extensions, vocabulary.FeedBurner, "origLink"), r.scoped(it)); address != "" {
		return address
	}
	if address := r.alternate(candidates, e.Language); address != "" {
		return address
	}
	if isAddress(e.GUID) {
		return r.address(e.GUID, "")
	}
	if _, c := r.first(it, "content"); c == nil {
		for i := range it.Children {
			c := &it.Children[i]
			tag := r.doc.Bytes(c.Tag)
			if src := xmlrepair.Attribute(tag, "src"); c.IsNamed("content") && src != "" && strings.HasPrefix(strings.ToLower(xmlrepair.Attribute(tag, "type")), "text/html") {
				return r.address(src, r.baseOf(it, c))
			}
		}
	}
	return ""
}

// atomByline takes the entry's authors, else those of its source, else the
// feed's.
func (r *reader) atomByline(it *xmlrepair.Item, x *atom.Entry) (string, []news.Person) {
	b := &byline{}
	r.persons(b, x.Authors, it)
	if len(b.persons) == 0 {
		r.noted(b, it)
	}
	if len(b.persons) == 0 {
		for _, e := range r.extension(x.Extensions, vocabulary.DC, "creator") {
			b.text(htmlclean.StripTags(e.Value))
		}
	}
	if len(b.persons) == 0 {
		b.text(r.said(x.Extensions, vocabulary.ITunes, "author"))
	}
	if len(b.persons) == 0 {
		r.mediaAuthors(b, x.Extensions)
	}
	if len(b.persons) == 0 && x.Source != nil {
		r.persons(b, x.Source.Authors, it)
	}
	if len(b.persons) == 0 {
		return r.lentByline()
	}
	return b.line(), b.persons
}

// lentByline are the feed's authors, for an entry that names none.
func (r *reader) lentByline() (string, []news.Person) {
	b := &byline{}
	for _, p := range r.lent.authors {
		b.written = append(b.written, first(p.Name, p.Email))
		b.person(p)
	}
	return b.line(), b.persons
}

func (r *reader) persons(b *byline, persons []*atom.Person, it *xmlrepair.Item) {
	for _, p := range persons {
		b.structured(htmlclean.StripTags(p.Name), p.Email, r.address(p.URI, r.scoped(it)))
	}
}

// atomTopics are the labels of categories, else their terms.
func atomTopics(categories []*atom.Category) []string {
	var all []string
	for _, c := range categories {
		all = append(all, first(c.Label, c.Term))
	}
	return all
}

// atomSource names the feed that an entry was copied from.
func (r *reader) atomSource(it *xmlrepair.Item, s *atom.Source) *news.Source {
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
	return r.source(title(s.Title), address, s.ID, r.scoped(it))
}
