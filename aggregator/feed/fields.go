package feed

import (
	"cmp"
	"encoding/base64"
	"maps"
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

// titleText makes a line of text of what a title says: tags of HTML's elements go, then references
// are decoded once more; what is not a tag stays.
func titleText(s string, notes *damage.Ledger) string {
	s = htmlclean.StripLineTags(shortened(htmlclean.WithoutSections(s), maxWritten, notes))
	return shortLine(htmlclean.WithoutSections(htmlclean.DecodeReferences(s)), maxTitle, notes)
}

// captionText is titleText for what may be as long as a paragraph, and made of some.
func captionText(s string, notes *damage.Ledger) string {
	return shortLine(htmlclean.DecodeReferences(withoutTags(s, notes)), maxTitle, notes)
}

// withoutTags takes the tags of HTML's elements out of what a line of text is to be made of, which
// is cut before if it is longer than any.
func withoutTags(s string, notes *damage.Ledger) string {
	return htmlclean.StripTags(shortened(htmlclean.WithoutSections(s), maxWritten, notes))
}

// shortLine is a text on one line, in at most limit bytes.
func shortLine(s string, limit int, notes *damage.Ledger) string {
	return shortened(text.OneLine(shortened(s, maxWritten, notes)), limit, notes)
}

// shortened is a text in at most limit bytes. It is noted where it had more.
func shortened(s string, limit int, notes *damage.Ledger) string {
	if len(s) > limit {
		notes.AddLimit(" bytes", len(s), limit, htmlclean.RestIsCut)
	}
	return text.Shorten(s, limit)
}

// typedTitle reads a title by the type that Atom gives it: in text nothing is markup.
func typedTitle(e *element, c *xmlrepair.Child, value string) string {
	value = decodeBase64(e, c, value)
	if kindOf(e, c, kindText) != kindText {
		return titleText(value, e.notes)
	}
	return shortLine(value, maxTitle, e.notes)
}

// What a text is.
const (
	kindText  = iota
	kindHTML  // as is said
	kindLines // plain text, and always in paragraphs
	kindMixed // HTML or plain text: nobody says
)

// kindOf says what a text is by its type; other says what it is without. A type that is not one of
// texts says nothing: whoever wrote it meant something else.
func kindOf(e *element, c *xmlrepair.Child, other int) int {
	if c.Markup {
		return kindHTML
	}
	return kindOfType(e.attribute(c, "type"), other)
}

func kindOfType(written string, other int) int {
	kind, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(written)), ";")
	switch kind = strings.TrimSpace(kind); {
	case kind == "":
		return other
	case strings.Contains(kind, "htm"):
		return kindHTML
	case kind == "text", kind == "plain", kind == "escaped", strings.HasPrefix(kind, "text/") && kind != "text/xml":
		return kindText
	}
	return kindMixed
}

// shortestFile is how long a text without blanks is at least that is a file whatever is said of it.
const shortestFile = 64

// isFile reports whether a text is a file in base64: without blanks but between lines of one length,
// and of nothing but what base64 writes. A word may look so, unless its type is one of files.
func isFile(s, kind string) bool {
	lines := strings.Fields(s)
	if len(lines) == 0 || len(s) < shortestFile && !strings.Contains(kind, "/") {
		return false
	}
	for _, line := range lines[:len(lines)-1] {
		if len(line) != len(lines[0]) || len(line) < shortestFile-4 {
			return false
		}
	}
	_, err := base64.StdEncoding.DecodeString(strings.Join(lines, ""))
	return err == nil
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

// readTexts reads an item's summary and content, cleaned. Nothing moves from one to the other; a
// summary that is all there is may be as long as a content. Relative addresses are resolved against
// the item's page, "" if it has none.
func readTexts(e *element, page string) (summary, content string) {
	base := cmp.Or(page, e.base)
	e.notes.EnterField("content")
	content = firstBody(e, base, maxBody, "encoded", "content", "body", "div", "fullitem")
	e.notes.EnterField("summary")
	limit := summaryLimit(content)
	if summary = firstBody(e, base, limit, "description", "summary"); summary == "" {
		summary = extensionSummary(e, base, limit)
	}
	return summary, content
}

// summaryLimit is how long a summary may be beside a content.
func summaryLimit(content string) int {
	if content == "" {
		return maxBody
	}
	return maxSummary
}

// firstBody is the first of an item's children of some names that shows something, the names in
// their order.
func firstBody(e *element, base string, limit int, names ...string) string {
	for _, name := range names {
		for i := range e.item.Children {
			c := &e.item.Children[i]
			if c.Word.Name != name || !c.Word.HasTrait(vocabulary.IsBody) || c.Space == vocabulary.ITunes {
				continue
			}
			if written := e.doc.TextOf(c); written != "" {
				if cleaned := cleanText(e, c, written, base, limit); cleaned != "" {
					return cleaned
				}
			}
		}
	}
	return ""
}

// extensionSummary is what podcasts and media elements say of an item.
func extensionSummary(e *element, base string, limit int) string {
	for _, name := range [...]string{"summary", "subtitle"} {
		if written := e.ext.firstText(vocabulary.ITunes, name); written != "" {
			return e.clean(written, kindMixed, base, limit)
		}
	}
	if written := e.ext.firstText(vocabulary.DC, "description"); written != "" {
		return e.clean(written, kindMixed, base, limit)
	}
	for _, x := range mediaDescriptions(e.ext) {
		if cleaned := e.clean(x.Value, kindOfType(x.Attrs["type"], kindMixed), base, limit); cleaned != "" {
			return cleaned
		}
	}
	return ""
}

// mediaDescriptions returns the item's media:description elements, then those of its groups, then
// those of what is played in it: a picture's describes the picture.
func mediaDescriptions(x extensions) []ext.Extension {
	found := slices.Clip(x.elements(vocabulary.Media, "description"))
	for _, g := range x.elements(vocabulary.Media, "group") {
		found = append(found, elementsNamed(g.Children, "description")...)
	}
	for _, c := range mediaContents(x) {
		if c.isPlayed() {
			found = append(found, elementsNamed(c.self.Children, "description")...)
		}
	}
	return found
}

// mediaTitle is the media:title of an item, or of a group in it.
func mediaTitle(x extensions) string {
	if title := x.firstText(vocabulary.Media, "title"); title != "" {
		return title
	}
	for _, g := range x.elements(vocabulary.Media, "group") {
		for _, t := range elementsNamed(g.Children, "title") {
			if title := strings.TrimSpace(t.Value); title != "" {
				return title
			}
		}
	}
	return ""
}

// cleanText is the cleaned markup of a text. Atom's says by its type what it is.
func cleanText(e *element, c *xmlrepair.Child, text, base string, limit int) string {
	other := kindMixed
	if c.Space == vocabulary.Atom {
		other = kindText
	}
	if e.item.Base != "" || e.attribute(c, "xml:base") != "" {
		base = e.baseOf(c)
	}
	e.notes.EnterPlace(c.Origin)
	text = decodeBase64(e, c, text)
	kind := kindOf(e, c, other)
	if written := e.attribute(c, "type"); kind == kindMixed && written != "" && isFile(text, written) {
		return ""
	}
	e.noteSizes(text, kind, base)
	return e.clean(text, kind, base, limit)
}

// noteSizes takes down the sizes of the pictures in a text.
func (e *element) noteSizes(written string, kind int, base string) {
	if kind != kindHTML && kind != kindMixed {
		return
	}
	if sizes := htmlclean.PictureSizes(written, base); e.sizes == nil {
		e.sizes = sizes
	} else {
		maps.Copy(e.sizes, sizes)
	}
}

func (e *element) clean(written string, kind int, base string, limit int) string {
	return cleanNoted(written, kind, base, limit, e.notes, e.work)
}

// cleanNoted cleans a text, and notes what is left out. Nothing is left of it if the work is to end.
func cleanNoted(written string, kind int, base string, limit int, notes *damage.Ledger, work *bound.Work) string {
	if work.Advance(len(written)) != nil {
		return ""
	}
	c := htmlclean.Cleaner{Base: base, Limit: limit}
	var cleaned string
	switch kind {
	case kindText:
		cleaned = c.Plain(htmlclean.WithoutSections(written))
	case kindLines:
		cleaned = c.Paragraphs(written)
	case kindHTML:
		cleaned = c.HTML(htmlclean.WithoutWrapping(written))
	default:
		cleaned = c.Text(written)
	}
	for _, l := range c.Losses {
		noteLoss(l, notes)
	}
	return cleaned
}

func noteLoss(l htmlclean.Loss, notes *damage.Ledger) {
	switch {
	case !l.IsLimit():
		notes.AddLoss(damage.LostWords, l.What+": "+l.Outcome)
	case l.Allowed == 0:
		notes.AddLoss(damage.Limit, l.What+": "+l.Outcome)
	default:
		notes.AddLimit(" "+l.What, l.Found, l.Allowed, l.Outcome)
	}
}

// readGUID gives an entry's GUID, by character as written; "" if it is too long.
func readGUID(written string, notes *damage.Ledger) string {
	return readID(written, notes.EnterField("guid"))
}

// readID is an id by character as written; "" if it is too long.
func readID(written string, notes *damage.Ledger) string {
	id := strings.TrimSpace(text.WithoutControls(htmlclean.WithoutSections(written)))
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
