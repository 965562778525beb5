package feed

import (
	"cmp"
	"slices"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"

	"fronteras/aggregator/feed/bound"
	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/dates"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// element is an item of an XML document, or its feed: what the repair took down of it, and what
// gofeed filed as extensions. Reading its fields changes nothing but what is noted of them.
type element struct {
	doc     *xmlrepair.Document
	item    *xmlrepair.Item
	ext     extensions
	docBase string         // what addresses are resolved against where no xml:base is in scope
	base    string         // what they are resolved against in the element
	notes   *damage.Ledger // where it is noted that something is left out
	work    *bound.Work    // that reading it is part of

	sizes htmlclean.Sizes // of the pictures in its texts that were read
}

func newElement(
	doc *xmlrepair.Document, item *xmlrepair.Item, x ext.Extensions, docBase string, notes *damage.Ledger,
	work *bound.Work,
) *element {
	return &element{
		doc: doc, item: item, ext: extensions{x, doc.Prefixes},
		docBase: docBase, base: resolveBase(docBase, item.Base, notes), notes: notes, work: work,
	}
}

// resolveBase resolves an xml:base; what cannot be resolved, or is empty, is the document's.
func resolveBase(docBase, base string, notes *damage.Ledger) string {
	if base == "" {
		return docBase
	}
	return cmp.Or(boundedAddress(link.Resolve(docBase, base), notes), docBase)
}

// baseOf is the base for what is in a child.
func (e *element) baseOf(c *xmlrepair.Child) string {
	if own := e.attribute(c, "xml:base"); own != "" {
		return resolveBase(e.docBase, xmlrepair.JoinBase(e.item.Base, strings.TrimSpace(own)), e.notes)
	}
	return e.base
}

// attribute is an attribute of a child, "" if it has none of that name.
func (e *element) attribute(c *xmlrepair.Child, name string) string {
	return xmlrepair.Attribute(e.doc.Bytes(c.Tag), name)
}

// ownAttribute is one of the element itself.
func (e *element) ownAttribute(name string) string {
	return xmlrepair.Attribute(e.doc.Bytes(e.item.Tag), name)
}

// firstText is the text of the first child of one of the names that has any, the names in their
// order, those of Atom's namespace last.
func (e *element) firstText(names ...string) (string, *xmlrepair.Child) {
	for _, ofAtom := range [...]bool{false, true} {
		for _, name := range names {
			for i := range e.item.Children {
				c := &e.item.Children[i]
				if !c.IsNamed(name) || (c.Space == vocabulary.Atom) != ofAtom {
					continue
				}
				if text := e.doc.TextOf(c); text != "" {
					return text, c
				}
			}
		}
	}
	return "", nil
}

// readGUID gives an entry's GUID, by character as written; "" if it is too long.
func readGUID(written string, notes *damage.Ledger) string {
	return readID(written, notes.EnterField("guid"))
}

// readID is an id by character as written; "" if it is too long.
func readID(written string, notes *damage.Ledger) string {
	id := strings.TrimSpace(text.WithoutControls(htmlclean.WithoutSections(written)))
	if strings.ContainsAny(id, "\n\r") { // it was broken with the markup around it
		id = text.OneLine(id)
	}
	if len(id) > maxGUID {
		notes.AddLimit(" bytes of an id", len(id), maxGUID, htmlclean.LeftOut)
		return ""
	}
	return id
}

// readLanguage is the nearest xml:lang, otherwise what dc:language says, otherwise the feed's.
func readLanguage(e *element, feeds string) string {
	for _, l := range [...]string{e.ownAttribute("xml:lang"), e.ext.firstText(vocabulary.DC, "language"), e.item.Lang} {
		if tag := text.LanguageTag(l); tag != "" {
			return tag
		}
	}
	return feeds
}

// dateElement is an element that a date is taken from.
type dateElement struct {
	space vocabulary.Space
	name  string
}

// The orders in which an entry's dates are looked for.
var (
	rssDates = []dateElement{
		{vocabulary.None, "pubdate"}, {vocabulary.DC, "date"},
		{vocabulary.Terms, "issued"}, {vocabulary.Terms, "created"}, {vocabulary.Terms, "available"},
		{vocabulary.None, "published"}, {vocabulary.None, "issued"}, {vocabulary.None, "created"},
		{vocabulary.Prism, "publicationdate"},
	}
	atomDates = []dateElement{
		{vocabulary.None, "published"}, {vocabulary.None, "issued"}, {vocabulary.None, "created"},
		{vocabulary.None, "pubdate"}, {vocabulary.DC, "date"},
		{vocabulary.Terms, "issued"}, {vocabulary.Terms, "created"}, {vocabulary.Terms, "available"},
		{vocabulary.Prism, "publicationdate"}, {vocabulary.None, "updated"}, {vocabulary.None, "modified"},
	}
	updateDates = []dateElement{
		{vocabulary.None, "updated"}, {vocabulary.None, "modified"}, {vocabulary.Terms, "modified"},
	}
)

// readDate is the first date that can be read.
func readDate(e *element, from []dateElement, calendar *dates.Calendar) time.Time {
	for _, d := range from {
		for i := range e.item.Children {
			c := &e.item.Children[i]
			if c.Word.Name != d.name || !(c.Space == d.space || d.space == vocabulary.None && c.IsNamed(d.name)) {
				continue
			}
			written := e.doc.TextOf(c)
			if t, ok := calendar.ReadTime(written); ok {
				return t
			}
			if written != "" {
				noteBadDate(written, c.Origin, e.notes)
			}
		}
	}
	return time.Time{}
}

func noteBadDate(written string, at int, notes *damage.Ledger) {
	notes.AddRepair(damage.Dates, at, "no date: "+shortLine(written, maxExcerpt, nil))
}

// readTopics returns an entry's categories, and what else it says to be its subjects.
func readTopics(e *element, categories []string) []string {
	for _, x := range e.ext.elements(vocabulary.DC, "subject") {
		categories = append(categories, x.Value)
	}
	for _, x := range e.ext.elements(vocabulary.ITunes, "keywords") {
		categories = append(categories, strings.Split(x.Value, ",")...)
	}
	return distinctTopics(categories, e.notes)
}

func distinctTopics(all []string, notes *damage.Ledger) []string {
	notes.EnterField("topics")
	var topics []string
	more := 0
	for _, t := range all {
		if len(topics) == maxTopics { // nobody is told how long those are that are left out
			if t = shortLine(withoutTags(t, nil), maxNameText, nil); t != "" && !slices.Contains(topics, t) {
				more++
			}
			continue
		}
		t = shortLine(withoutTags(t, notes), maxNameText, notes)
		if t != "" && !slices.Contains(topics, t) {
			topics = append(topics, t)
		}
	}
	noteRest(len(topics)+more, maxTopics, notes)
	return topics
}

// noteRest notes that there are more of something than are taken.
func noteRest(found, allowed int, notes *damage.Ledger) {
	if found > allowed {
		notes.AddLimit("", found, allowed, restLeftOut)
	}
}

const restLeftOut = "the rest is left out"

// sourceFeed names the feed that an entry came from, nil if nothing is said.
func sourceFeed(name, address, id, base string, notes *damage.Ledger) *news.Source {
	s := news.Source{Title: name, ID: readID(id, notes)}
	s.URL = boundedAddress(link.Resolve(base, address), notes)
	if s == (news.Source{}) {
		return nil
	}
	return &s
}

// readRights returns what an element says of them, of its own and in extensions, otherwise the
// feed's.
func readRights(e *element, own string, links []writtenLink, feeds feedDefaults) (rights, license string) {
	e.notes.EnterField("rights")
	for _, text := range [...]string{
		own, e.ext.firstText(vocabulary.DC, "rights"), e.ext.firstText(vocabulary.Terms, "rights"),
		e.ext.firstText(vocabulary.Media, "copyright"),
	} {
		if rights == "" {
			rights = titleText(text, e.notes)
		}
	}
	e.notes.EnterField("license")
	for _, l := range links {
		if l.rel == "license" && license == "" {
			license = pageAddress(l.href, l.base, e.notes)
		}
	}
	if license == "" {
		license = extensionLicense(e)
	}
	return cmp.Or(rights, feeds.rights), cmp.Or(license, feeds.license)
}

// extensionLicense is an address, or the name that podcast:license gives.
func extensionLicense(e *element) string {
	for _, x := range e.ext.elements(vocabulary.CC, "license") {
		for _, raw := range [...]string{x.Value, x.Attrs["resource"]} {
			if address := pageAddress(raw, e.base, e.notes); address != "" {
				return address
			}
		}
	}
	for _, x := range e.ext.elements(vocabulary.Podcast, "license") {
		if address := pageAddress(x.Attrs["url"], e.base, e.notes); address != "" {
			return address
		}
		if x.Value != "" {
			return shortLine(x.Value, maxNameText, e.notes)
		}
	}
	return ""
}
