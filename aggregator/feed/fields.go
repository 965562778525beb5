package feed

import (
	"cmp"
	"encoding/base64"
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
}

func newElement(
	doc *xmlrepair.Document, item *xmlrepair.Item, x ext.Extensions, docBase string, notes *damage.Ledger,
	work *bound.Work,
) *element {
	return &element{
		doc: doc, item: item, ext: extensions{x, doc.Prefixes},
		docBase: docBase, base: resolveBase(docBase, item.Base), notes: notes, work: work,
	}
}

// resolveBase resolves an xml:base; what cannot be resolved, or is empty, is the document's.
func resolveBase(docBase, base string) string {
	if base == "" {
		return docBase
	}
	return cmp.Or(shortAddress(link.Resolve(docBase, base)), docBase)
}

// baseOf is the base for what is in a child.
func (e *element) baseOf(c *xmlrepair.Child) string {
	if own := e.attribute(c, "xml:base"); own != "" {
		return resolveBase(e.docBase, xmlrepair.JoinBase(e.item.Base, strings.TrimSpace(own)))
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

// titleText makes a line of text of what a title says: tags of HTML's elements go, then references
// are decoded once more; what is not a tag stays.
func titleText(s string) string {
	return shortLine(htmlclean.DecodeReferences(withoutTags(s)), maxTitle)
}

// withoutTags takes the tags of HTML's elements out of what a line of text is to be made of, which
// is cut before if it is longer than any.
func withoutTags(s string) string { return htmlclean.StripTags(text.Shorten(s, maxWritten)) }

// shortLine is a text on one line, in at most limit bytes.
func shortLine(s string, limit int) string {
	return text.Shorten(text.OneLine(text.Shorten(s, maxWritten)), limit)
}

// typedTitle reads a title by the type that Atom gives it: in text nothing is markup.
func typedTitle(e *element, c *xmlrepair.Child, value string) string {
	value = decodeBase64(e, c, value)
	if kindOf(e, c, kindText) == kindHTML {
		return titleText(value)
	}
	return shortLine(value, maxTitle)
}

// What a text construct is.
const (
	kindText = iota
	kindHTML
	kindNone // something that is not text
)

// kindOf says what an Atom text is by its type; other says what it is without.
func kindOf(e *element, c *xmlrepair.Child, other int) int {
	kind := strings.ToLower(strings.TrimSpace(e.attribute(c, "type")))
	kind, _, _ = strings.Cut(kind, ";")
	switch {
	case c.Markup, kind == "html", kind == "text/html", strings.Contains(kind, "xhtml"):
		return kindHTML
	case kind == "":
		return other
	case kind == "text", strings.HasPrefix(kind, "text/"), kind == "plain", kind == "escaped":
		return kindText
	}
	return kindNone
}

// decodeBase64 undoes Atom 0.3's mode="base64".
func decodeBase64(e *element, c *xmlrepair.Child, text string) string {
	if !strings.EqualFold(e.attribute(c, "mode"), "base64") {
		return text
	}
	if raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err == nil {
		return string(raw)
	}
	return text
}

// readTexts reads an item's summary and content, cleaned. Nothing moves from one to the other.
// Relative addresses are resolved against the item's page, "" if it has none.
func readTexts(e *element, page string) (summary, content string) {
	base := cmp.Or(page, e.base)
	if c, text := bodyText(e, "description", "summary"); c != nil {
		summary = cleanText(e, c, text, base, maxSummary)
	}
	if summary == "" {
		summary = extensionSummary(e.ext, base)
	}
	if c, text := bodyText(e, "encoded", "content", "body", "div", "fullitem"); c != nil {
		content = cleanText(e, c, text, base, maxBody)
	}
	return summary, content
}

// bodyText is an item's first child of the names that holds a text, and the text.
func bodyText(e *element, names ...string) (*xmlrepair.Child, string) {
	for _, name := range names {
		for i := range e.item.Children {
			c := &e.item.Children[i]
			if c.Word.Name != name || !c.Word.HasTrait(vocabulary.IsBody) || c.Space == vocabulary.ITunes {
				continue
			}
			if text := e.doc.TextOf(c); text != "" {
				return c, text
			}
		}
	}
	return nil, ""
}

// extensionSummary is what podcasts and media elements say of an item.
func extensionSummary(x extensions, base string) string {
	for _, name := range [...]string{"summary", "subtitle"} {
		if text := x.firstText(vocabulary.ITunes, name); text != "" {
			return htmlclean.Clean(text, base, maxSummary)
		}
	}
	if text := x.firstText(vocabulary.DC, "description"); text != "" {
		return htmlclean.Clean(text, base, maxSummary)
	}
	if list := x.elements(vocabulary.Media, "description"); len(list) > 0 {
		if list[0].Attrs["type"] == "html" {
			return htmlclean.Clean(list[0].Value, base, maxSummary)
		}
		return htmlclean.PlainText(list[0].Value, maxSummary)
	}
	return ""
}

// cleanText is the cleaned markup of a text. Atom's says by its type what it is; RSS's is HTML.
func cleanText(e *element, c *xmlrepair.Child, text, base string, limit int) string {
	other := kindHTML
	if c.Space == vocabulary.Atom {
		other = kindText
	}
	if e.item.Base != "" || e.attribute(c, "xml:base") != "" {
		base = e.baseOf(c)
	}
	text = decodeBase64(e, c, text)
	switch kindOf(e, c, other) {
	case kindHTML:
		return cleanNoted(text, base, limit, e.notes, e.work)
	case kindText:
		return htmlclean.PlainText(text, limit)
	}
	return ""
}

// cleanNoted cleans a text, and notes where it is cut. Nothing is left of it if the work is to end.
func cleanNoted(text, base string, limit int, notes *damage.Ledger, work *bound.Work) string {
	if work.Advance(len(text)) != nil {
		return ""
	}
	cleaned := htmlclean.Clean(text, base, limit)
	if len(cleaned) > limit-16 && strings.Contains(cleaned, "…") {
		notes.AddRepair(damage.Limit, -1, "a text is longer than is taken")
	}
	return cleaned
}

// readGUID gives an entry's GUID, by character as written; "" if it is too long.
func readGUID(written string, notes *damage.Ledger) string {
	guid := strings.TrimSpace(text.WithoutControls(written))
	if len(guid) > maxGUID {
		notes.AddRepair(damage.Limit, -1, "a guid is too long")
		return ""
	}
	return guid
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
				noteBadDate(written, e.doc.OriginOf(c.Tag.From), e.notes)
			}
		}
	}
	return time.Time{}
}

func noteBadDate(written string, at int, notes *damage.Ledger) {
	notes.AddRepair(damage.Dates, at, "no date: "+shortLine(written, maxExcerpt))
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
	var topics []string
	for _, t := range all {
		t = shortLine(withoutTags(t), maxNameText)
		if t == "" || slices.Contains(topics, t) {
			continue
		}
		if len(topics) == maxTopics {
			notes.AddRepair(damage.Limit, -1, "an item has too many topics")
			break
		}
		topics = append(topics, t)
	}
	return topics
}

// sourceFeed names the feed that an entry came from, nil if nothing is said.
func sourceFeed(name, address, id, base string) *news.Source {
	s := news.Source{Title: text.Shorten(name, maxTitle), ID: strings.TrimSpace(text.WithoutControls(id))}
	if len(s.ID) > maxGUID {
		s.ID = ""
	}
	s.URL = shortAddress(link.Resolve(base, address))
	if s == (news.Source{}) {
		return nil
	}
	return &s
}

// readRights returns what an element says of them, of its own and in extensions, otherwise the
// feed's.
func readRights(e *element, own string, links []writtenLink, feeds feedDefaults) (rights, license string) {
	for _, text := range [...]string{
		own, e.ext.firstText(vocabulary.DC, "rights"), e.ext.firstText(vocabulary.Terms, "rights"),
		e.ext.firstText(vocabulary.Media, "copyright"),
	} {
		if rights == "" {
			rights = titleText(text)
		}
	}
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
			return shortLine(x.Value, maxNameText)
		}
	}
	return ""
}
