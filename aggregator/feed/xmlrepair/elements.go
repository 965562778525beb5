package xmlrepair

import (
	"bytes"
	"fmt"
	"strings"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// scanStartTag reads a start tag at s.i, closes what cannot hold it, and opens it.
func (s *scanner) scanStartTag() {
	from := s.i
	t, ok := s.readTag(from)
	switch {
	case s.err != nil:
		return
	case !ok:
		s.escapeBracket(from)
		return
	case t.cut:
		s.i = len(s.in)
		s.replaceInput(from, len(s.in), "")
		return
	}
	for s.isInText() {
		if s.mustEndText(&t) {
			s.closeUnclosed(len(s.stack)-1, from, "<"+string(t.name)+">")
			continue
		}
		if s.isLeftMarkup(&t) {
			s.captureMarkup()
		} else {
			s.escapeBracket(from)
		}
		return
	}
	_, w := s.identifyTag(&t)
	if t.open && w.Name == "" && len(s.stack) > 0 { // the root is known to be one
		s.escapeBracket(from)
		return
	}
	if t.mend {
		s.AddRepair(damage.Attributes, from, "in "+text.Excerpt(string(t.name)))
	}
	if w, ok = s.placeElement(&t, w); !ok {
		s.replaceInput(from, t.to, "")
		s.i = t.to
		return
	}
	s.openTag(&t, w)
}

// escapeBracket makes the "<" at p text.
func (s *scanner) escapeBracket(p int) {
	s.AddRepair(damage.Entities, p, `"<" that does not begin a tag`)
	s.replaceInput(p, p+1, "&lt;")
	s.i = p + 1
}

// isInText reports whether the top element holds text and no elements.
func (s *scanner) isInText() bool {
	if len(s.stack) == 0 {
		return false
	}
	e := s.innermost()
	return e.mode == modeFeed && e.word.HasTrait(vocabulary.IsText|vocabulary.IsBody)
}

// isLeftMarkup tells markup left unescaped from a "<" that is text. In a line of text only HTML's
// elements are markup.
func (s *scanner) isLeftMarkup(t *tag) bool {
	if t.open {
		return false
	}
	return s.innermost().word.HasTrait(vocabulary.IsBody) || bytes.IndexByte(t.name, ':') >= 0 ||
		vocabulary.HTMLElements[lowerName(t.name)]
}

func lowerName(name []byte) string { return strings.ToLower(string(name)) }

// identifyTag says which namespace and word a start tag's name stands for, its own declarations
// included.
func (s *scanner) identifyTag(t *tag) (vocabulary.Space, vocabulary.Word) {
	prefix := t.name[:max(0, bytes.IndexByte(t.name, ':'))]
	for _, a := range s.attrs {
		if isDeclaration(a.name) && bytes.Equal(prefixOf(a.name), prefix) {
			ns, _, _ := vocabulary.LookupNamespace(unescapeValue(a.value))
			if own, is := s.rootNamespace(&a, t.name); is {
				ns = own
			}
			if s.hidesItems(a, t.name) {
				ns.Space = vocabulary.None
			}
			return ns.Space, s.wordInSpace(ns.Space, localName(t.name))
		}
	}
	sp, _ := s.lookupPrefix(prefix)
	if s.looked > maxScope {
		s.exceedLimit("namespace bindings in scope", 0, maxBindings)
	}
	return sp, s.wordInSpace(sp, localName(t.name))
}

// wordInSpace finds what a vocabulary says of a name.
func (s *scanner) wordInSpace(sp vocabulary.Space, local []byte) vocabulary.Word {
	var buf [32]byte
	low := buf[:0]
	for _, c := range local {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		low = append(low, c)
	}
	switch {
	case sp == vocabulary.Other:
		return vocabulary.Word{}
	case sp == vocabulary.None || sp == vocabulary.RSS ||
		sp == vocabulary.Atom && s.isInForeignItem() && s.doc.Root == "feed":
		if s.readsAsAtom() {
			return vocabulary.AtomWords[string(low)]
		}
		return vocabulary.RSSWords[string(low)]
	case sp == vocabulary.Atom:
		return vocabulary.AtomWords[string(low)]
	}
	return vocabulary.ExtensionWord(sp, low)
}

// readsAsAtom reports whether names without a prefix are Atom's here.
func (s *scanner) readsAsAtom() bool { return (s.doc.Root == "feed") != s.isInForeignItem() }

// isInForeignItem reports whether an item of the other format is open.
func (s *scanner) isInForeignItem() bool {
	return len(s.stack) > 0 && s.innermost().inItem && s.doc.Items[len(s.doc.Items)-1].Foreign
}

// isNativeSpace reports whether a namespace is that of the format's own elements.
func (s *scanner) isNativeSpace(sp vocabulary.Space) bool {
	return sp == vocabulary.None || sp == vocabulary.RSS || sp == vocabulary.Atom && s.doc.Root == "feed"
}

// mustEndText reports whether a start tag cannot be in the text element on top, so that the element
// must end here: an element of the feed's vocabularies does not appear in text. HTML has link,
// title, source and summary too; in a text that may be HTML those are the feed's when they look it.
func (s *scanner) mustEndText(t *tag) bool {
	sp, w := s.identifyTag(t)
	switch {
	case w.HasTrait(vocabulary.IsItem | vocabulary.IsChannel):
		return true
	case !w.HasTrait(vocabulary.IsCore):
		return s.holdsNoMarkup() && !t.open && (bytes.IndexByte(t.name, ':') >= 0 || s.declaresNamespace())
	case !s.innermost().word.HasTrait(vocabulary.IsBody) || bytes.IndexByte(t.name, ':') >= 0:
		return true
	}
	switch w.Name {
	case "link":
		_, rel := s.attributeValue("rel")
		return len(s.attrs) == 0 && !t.closed || s.readsAsAtom() && rel
	case "title":
		return len(s.attrs) == 0 && !s.hasTitle()
	case "source":
		_, url := s.attributeValue("url")
		return url
	case "summary", "content":
		_, typed := s.attributeValue("type")
		return typed
	case "image":
		return false
	}
	return sp != vocabulary.XHTML
}

// holdsNoMarkup reports whether the top element never holds elements, of any vocabulary.
func (s *scanner) holdsNoMarkup() bool {
	switch s.innermost().word.Name {
	case "link", "guid", "pubdate", "comments":
		return true
	}
	return false
}

// hasTitle reports whether the item or feed around has a title.
func (s *scanner) hasTitle() bool {
	if s.innermost().inItem {
		return s.doc.Items[len(s.doc.Items)-1].titled
	}
	return s.doc.Feed.titled
}

// openTag opens the element of a start tag.
func (s *scanner) openTag(t *tag, w vocabulary.Word) {
	e := openElement{
		name: t.name, local: localName(t.name), child: -1,
		from: t.from, at: s.outputPos(t.from), bindings: len(s.bindings), scopes: len(s.around),
	}
	s.bindAttributes(t)
	e.space = s.spaceOfTag(t)
	if len(s.stack) > 0 {
		e.mode = s.innermost().mode
		e.inItem = s.innermost().inItem
	}
	if e.mode == modeFeed {
		e.word = w
		e.mode = s.modeOfContent(&e)
		s.hideTextTypes(&e)
	}
	s.writeStartTag(t)
	e.inner = s.outputPos(t.to)
	s.noteElement(&e)
	e.hidden = s.weighElement(&e)
	s.pushElement(e)
	s.i = t.to
	if t.closed && s.err == nil {
		s.popElement(e.inner, t.to)
	}
}

// spaceOfTag looks the tag's namespace up, with its declarations in scope, and notes the prefix it
// is used with.
func (s *scanner) spaceOfTag(t *tag) vocabulary.Space {
	prefix := t.name[:max(0, bytes.IndexByte(t.name, ':'))]
	sp, declared := s.lookupPrefix(prefix)
	if !declared {
		s.AddRepair(damage.Namespaces, t.from, fmt.Sprintf("prefix %s is not declared", text.Excerpt(string(prefix))))
	}
	return sp
}

// What is in an element.
const (
	modeFeed   = iota // elements of the feed's vocabularies, or text
	modeMarkup        // XHTML
	modeOpaque        // XML of some other kind
)

// modeOfContent says what is in an element by the type that Atom's texts have.
func (s *scanner) modeOfContent(e *openElement) uint8 {
	if e.space == vocabulary.XHTML {
		return modeMarkup
	}
	if !e.word.HasTrait(vocabulary.IsText|vocabulary.IsBody) || e.space != vocabulary.Atom && !s.readsAsAtom() {
		return modeFeed
	}
	kind, _ := s.attributeValue("type")
	mode, _ := s.attributeValue("mode")
	kind = strings.ToLower(strings.TrimSpace(kind))
	switch {
	case strings.Contains(kind, "xhtml"), mode == "xml" && (kind == "" || kind == "text/html"):
		return modeMarkup
	case strings.HasSuffix(kind, "/xml"), strings.HasSuffix(kind, "+xml"):
		return modeOpaque
	}
	return modeFeed
}

// hideTextTypes hides type and mode of Atom's texts from gofeed, which would parse their content as
// HTML, without any limit. The texts that matter are in the notes.
func (s *scanner) hideTextTypes(e *openElement) {
	if e.word.Name == "" || e.word.HasTrait(vocabulary.IsNoted|vocabulary.IsEmpty) || !s.readsAsAtom() {
		return
	}
	for i := range s.attrs {
		a := &s.attrs[i]
		name := localName(a.name)
		a.hidden = a.hidden || bytes.EqualFold(name, []byte("type")) || bytes.EqualFold(name, []byte("mode"))
	}
}

// usualChildren is how many notes an item has, as far as the one before it tells.
func (s *scanner) usualChildren() int {
	n := len(s.doc.Items)
	if n == 0 {
		return 0
	}
	return min(len(s.doc.Items[n-1].Children), 16)
}

// noteElement records an element that is in an item or in the feed itself.
func (s *scanner) noteElement(e *openElement) {
	tag, whole := Span{e.at, e.inner}, Span{e.at, 0}
	note := Child{
		Word: e.word, Space: e.space, Tag: tag, Inner: Span{e.inner, 0}, Whole: whole, Markup: e.mode == modeMarkup,
		Origin: e.from,
	}
	if len(s.stack) == 0 {
		s.doc.RootTag = tag
		s.doc.Feed.Tag, s.doc.Feed.Origin = tag, e.from
		return
	}
	parent := s.innermost()
	switch {
	case e.word.HasTrait(vocabulary.IsChannel):
		s.doc.Feed.Tag, s.doc.Feed.Origin = tag, e.from
		s.doc.Feed.Base, s.doc.Feed.Lang = s.currentScope().base, s.currentScope().lang
	case e.word.HasTrait(vocabulary.IsItem):
		e.inItem = true
		foreign := (e.word.Name == "entry") != (s.doc.Root == "feed")
		s.doc.Items = append(s.doc.Items, Item{
			Whole: whole, Tag: tag, OutsideChannel: !parent.word.HasTrait(vocabulary.IsChannel), Foreign: foreign,
			Base: s.currentScope().base, Lang: s.currentScope().lang, Children: make([]Child, 0, s.usualChildren()),
			Origin: e.from,
		})
	case parent.word.HasTrait(vocabulary.IsItem) && parent.inItem && e.word.HasTrait(vocabulary.IsNoted):
		it := &s.doc.Items[len(s.doc.Items)-1]
		e.child = len(it.Children)
		it.Children = append(it.Children, note)
		it.titled = it.titled || e.word.Name == "title"
	case (parent.word.HasTrait(vocabulary.IsChannel) || s.doc.Root == "feed" && len(s.stack) == 1) && !parent.inItem &&
		e.word.HasTrait(vocabulary.IsNoted|vocabulary.IsLent):
		e.child = len(s.doc.Feed.Children)
		s.doc.Feed.Children = append(s.doc.Feed.Children, note)
		s.doc.Feed.titled = s.doc.Feed.titled || e.word.Name == "title"
	}
}

// placeElement makes room for an element: closes what cannot hold it. It gives the word that the
// element stands for at its place; false if its tag must go.
func (s *scanner) placeElement(t *tag, w vocabulary.Word) (vocabulary.Word, bool) {
	if len(s.stack) == 0 {
		return w, true
	}
	sp, _ := s.identifyTag(t)
	e := s.innermost()
	switch {
	case e.mode == modeOpaque:
		return vocabulary.Word{}, true
	case e.mode == modeMarkup:
		if !(w.HasTrait(vocabulary.IsItem|vocabulary.IsCore) && s.isNativeSpace(sp)) ||
			vocabulary.HTMLElements[w.Name] {
			return vocabulary.Word{}, true
		}
		for s.innermost().mode == modeMarkup {
			s.closeUnclosed(len(s.stack)-1, t.from, "<"+string(t.name)+">")
		}
	}
	switch {
	case w.HasTrait(vocabulary.IsRoot) && !s.innermost().inItem:
		s.AddRepair(damage.Structure, t.from, "a second "+w.Name)
		return w, false
	case w.HasTrait(vocabulary.IsChannel):
		return s.placeChannel(t, w)
	case w.HasTrait(vocabulary.IsItem):
		return s.placeItem(t, w)
	case w.HasTrait(vocabulary.IsCore):
		s.placeCore(t, w, sp)
	}
	return w, true
}

// placeChannel takes items of a further channel as items next to the first one's.
func (s *scanner) placeChannel(t *tag, w vocabulary.Word) (vocabulary.Word, bool) {
	if s.innermost().inItem {
		return vocabulary.Word{}, true
	}
	s.closeUnclosed(1, t.from, "<channel>")
	if s.channels++; s.channels > 1 {
		s.AddRepair(damage.Structure, t.from, "a second channel")
		return w, false
	}
	return w, true
}

// placeItem closes what is open down to the channel or the root: an item appears nowhere else. The
// exception is an item in an element of no vocabulary in an item: that is some list's.
func (s *scanner) placeItem(t *tag, w vocabulary.Word) (vocabulary.Word, bool) {
	s.starts++
	if s.starts > s.limits.Items {
		s.exceedLimit("items", 0, s.limits.Items)
	}
	if t.closed {
		s.AddRepair(damage.Structure, t.from, "an item without anything in it")
		return w, false
	}
	level := 1
	for i := range s.stack {
		e := &s.stack[i]
		if e.inItem && e.word.Name == "" && i > 0 && e.mode == modeFeed {
			return vocabulary.Word{}, true
		}
		if e.word.HasTrait(vocabulary.IsChannel) {
			level = i + 1
		}
	}
	s.closeUnclosed(level, t.from, "<"+string(t.name)+">")
	return w, true
}

// placeCore closes containers that hold no element such as this one.
func (s *scanner) placeCore(t *tag, w vocabulary.Word, sp vocabulary.Space) {
	native := s.isNativeSpace(sp)
	for {
		e := s.innermost()
		same := e.word.Name == w.Name && e.space == sp && e.mode == modeFeed &&
			!w.HasTrait(vocabulary.Nests|vocabulary.IsPerson)
		full := e.word.HasTrait(vocabulary.IsEmpty) ||
			e.word.HasTrait(vocabulary.IsPerson) && !s.closesLater(e, t.from) ||
			native && e.inItem && !s.isNativeSpace(e.space) && e.space != vocabulary.Other && e.space != vocabulary.Atom
		pictured := native && !e.inItem && (e.word.Name == "image" || e.word.Name == "textinput") &&
			!inPicture[w.Name] && !s.closesLater(e, t.from)
		if e.word.HasTrait(vocabulary.IsItem|vocabulary.IsChannel|vocabulary.IsRoot) || !(same || full || pictured) {
			return
		}
		s.closeUnclosed(len(s.stack)-1, t.from, "<"+string(t.name)+">")
	}
}

// closesLater reports whether an element's own end tag follows within 64 KiB, before the end tag of
// the element around it.
func (s *scanner) closesLater(e *openElement, p int) bool {
	own := s.nextOffset(p, "</"+string(e.name))
	if own < 0 || own-p > maxPreamble || len(s.stack) < 2 {
		return false
	}
	around := s.nextOffset(p, "</"+string(s.stack[len(s.stack)-2].name))
	return around < 0 || around >= own
}

var inPicture = vocabulary.SetOf("title", "link", "description")

// gofeed keeps every element and attribute that it does not know, in maps of its own: some hundred
// bytes each. What nobody reads there, and what is more than any station writes, it does not get.
// Titles, texts, dates, links and guids are not counted, for they are read from the scan's notes.

const leftOut = "the rest is left out"

// weighElement reports whether an element that is about to be opened is kept from gofeed, with all
// that is in it.
func (s *scanner) weighElement(e *openElement) bool {
	if s.unseen > 0 || e.mode != modeFeed || len(s.stack) == 0 ||
		e.word.HasTrait(vocabulary.IsItem|vocabulary.IsChannel|vocabulary.IsRoot) ||
		e.child >= 0 && e.word.HasTrait(vocabulary.IsNoted) {
		return false
	}
	if e.space == vocabulary.Other {
		return true
	}
	weight := 1 + len(s.attrs)
	s.weight += weight
	s.itemWeight += weight
	if s.weight <= maxExtra && s.itemWeight <= maxItemExtra {
		return false
	}
	s.weight -= weight
	s.noteSurplus(e)
	s.doc.Whole = false
	return true
}

// noteSurplus notes, once for each item, that elements of it are left out.
func (s *scanner) noteSurplus(e *openElement) {
	item := 0
	if e.inItem {
		item = len(s.doc.Items)
	}
	if s.surplusOf == item+1 {
		return
	}
	s.surplusOf = item + 1
	s.EnterItem(item, e.from)
	if s.itemWeight > maxItemExtra {
		s.AddLimit(" elements and attributes, titles, texts and dates not counted", 0, maxItemExtra, leftOut)
	} else {
		s.AddLimit(" elements and attributes of the document, titles, texts and dates not counted",
			0, maxExtra, leftOut)
	}
}

// beginUnseen notes that what the top element holds is not seen by gofeed, until it ends.
func (s *scanner) beginUnseen(e *openElement) {
	switch {
	case s.unseen > 0:
	case e.hidden, e.child >= 0 && e.word.HasTrait(vocabulary.IsNoted):
		s.unseen = len(s.stack)
	case e.word.HasTrait(vocabulary.IsItem):
		s.itemWeight = 0
	}
}

// endUnseen ends that, where the top element began it. Its end tag ends in the output at to.
func (s *scanner) endUnseen(e *openElement, to int) {
	if s.unseen != len(s.stack) {
		return
	}
	s.unseen = 0
	if !e.hidden {
		return
	}
	if n := len(s.doc.surplus); n > 0 && s.doc.surplus[n-1].To == e.at {
		s.doc.surplus[n-1].To = to
		return
	}
	s.doc.surplus = append(s.doc.surplus, Span{e.at, to})
}
