package feed

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// startTag reads a start tag at s.i, closes what cannot hold it, and opens it.
func (s *scanner) startTag() {
	from := s.i
	t, ok := s.readTag(from)
	switch {
	case s.err != nil:
		return
	case !ok:
		s.literal(from)
		return
	case t.cut:
		s.i = len(s.in)
		s.replace(from, len(s.in), "")
		return
	}
	for s.inText() {
		if s.endsText(&t) {
			s.unclosed(len(s.stack)-1, from, "<"+string(t.name)+">")
			continue
		}
		if s.isTag(&t) {
			s.capture()
		} else {
			s.literal(from)
		}
		return
	}
	_, w := s.identify(&t)
	if t.open && w.Name == "" && len(s.stack) > 0 { // the root is known to be one
		s.literal(from)
		return
	}
	if t.mend {
		s.AddRepair(damage.Attributes, from, "in "+text.Excerpt(string(t.name)))
	}
	if w, ok = s.place(&t, w); !ok {
		s.replace(from, t.to, "")
		s.i = t.to
		return
	}
	s.open(&t, w)
}

// literal makes the "<" at p text.
func (s *scanner) literal(p int) {
	s.AddRepair(damage.Entities, p, `"<" that begins no tag`)
	s.replace(p, p+1, "&lt;")
	s.i = p + 1
}

// inText reports whether the top element holds text and no elements.
func (s *scanner) inText() bool {
	if len(s.stack) == 0 {
		return false
	}
	e := s.top()
	return e.mode == modeFeed && e.word.HasTrait(vocabulary.IsText|vocabulary.IsBody)
}

// isTag tells markup left unescaped from a "<" that is text. In a line of text
// only HTML's elements are markup.
func (s *scanner) isTag(t *tag) bool {
	if t.open {
		return false
	}
	return s.top().word.HasTrait(vocabulary.IsBody) || bytes.IndexByte(t.name, ':') >= 0 || vocabulary.HTMLElements[lower(t.name)]
}

func lower(name []byte) string { return strings.ToLower(string(name)) }

// identify says which namespace and word a start tag's name stands for, its own
// declarations included.
func (s *scanner) identify(t *tag) (vocabulary.Space, vocabulary.Word) {
	prefix := t.name[:max(0, bytes.IndexByte(t.name, ':'))]
	for _, a := range s.attrs {
		if isDeclaration(a.name) && bytes.Equal(prefixOf(a.name), prefix) {
			ns, _, _ := vocabulary.LookupNamespace(unescapeValue(a.value))
			if s.hidesItems(a, t.name) {
				ns.Space = vocabulary.None
			}
			return ns.Space, s.wordOf(ns.Space, localName(t.name))
		}
	}
	sp, _ := s.lookup(prefix)
	return sp, s.wordOf(sp, localName(t.name))
}

// wordOf finds what a vocabulary says of a name.
func (s *scanner) wordOf(sp vocabulary.Space, local []byte) vocabulary.Word {
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
	case sp == vocabulary.None || sp == vocabulary.RSS || sp == vocabulary.Atom && s.foreign() && s.doc.root == "feed":
		if s.atom() {
			return vocabulary.AtomWords[string(low)]
		}
		return vocabulary.RSSWords[string(low)]
	case sp == vocabulary.Atom:
		return vocabulary.AtomWords[string(low)]
	}
	return vocabulary.ExtensionWord(sp, low)
}

// atom reports whether names without a prefix are Atom's here.
func (s *scanner) atom() bool { return (s.doc.root == "feed") != s.foreign() }

// foreign reports whether an item of the other format is open.
func (s *scanner) foreign() bool {
	return len(s.stack) > 0 && s.top().inItem && s.doc.items[len(s.doc.items)-1].foreign
}

// native reports whether a namespace is that of the format's own elements.
func (s *scanner) native(sp vocabulary.Space) bool {
	return sp == vocabulary.None || sp == vocabulary.RSS || sp == vocabulary.Atom && s.doc.root == "feed"
}

// endsText reports whether a start tag cannot stand in the text element on top,
// so that the element must end here: an element of the feed's vocabularies does
// not stand in text. HTML has link, title, source and summary too; in a text
// that may be HTML those are the feed's when they look it.
func (s *scanner) endsText(t *tag) bool {
	sp, w := s.identify(t)
	switch {
	case w.HasTrait(vocabulary.IsItem | vocabulary.IsChannel):
		return true
	case !w.HasTrait(vocabulary.IsCore):
		return s.holdsNoMarkup() && !t.open && (bytes.IndexByte(t.name, ':') >= 0 || s.declares())
	case !s.top().word.HasTrait(vocabulary.IsBody) || bytes.IndexByte(t.name, ':') >= 0:
		return true
	}
	switch w.Name {
	case "link":
		_, rel := s.value("rel")
		return len(s.attrs) == 0 && !t.closed || s.atom() && rel
	case "title":
		return len(s.attrs) == 0 && !s.seen("title")
	case "source":
		_, url := s.value("url")
		return url
	case "summary", "content":
		_, typed := s.value("type")
		return typed
	case "image":
		return false
	}
	return sp != vocabulary.XHTML
}

// holdsNoMarkup reports whether the top element never holds elements, of any
// vocabulary.
func (s *scanner) holdsNoMarkup() bool {
	switch s.top().word.Name {
	case "link", "guid", "pubdate", "comments":
		return true
	}
	return false
}

// declares reports whether the tag last read declares a namespace.
func (s *scanner) declares() bool {
	return slices.ContainsFunc(s.attrs, func(a attribute) bool { return isDeclaration(a.name) })
}

// seen reports whether the item or feed around has a child of that name.
func (s *scanner) seen(name string) bool {
	around := &s.doc.feed
	if s.top().inItem {
		around = &s.doc.items[len(s.doc.items)-1]
	}
	for i := range around.children {
		if around.children[i].word.Name == name {
			return true
		}
	}
	return false
}

// open opens the element of a start tag.
func (s *scanner) open(t *tag, w vocabulary.Word) {
	e := open{
		name: t.name, local: localName(t.name), child: -1,
		at: s.pos(t.from), bindings: len(s.bindings), scopes: len(s.scopes),
	}
	s.bind(t, w)
	e.space = s.spaceOf(t)
	if len(s.stack) > 0 {
		e.mode = s.top().mode
		e.inItem = s.top().inItem
	}
	if e.mode == modeFeed {
		e.word = w
		e.mode = s.modeOf(&e)
		s.bare(t, &e)
	}
	s.write(t)
	e.inner = s.pos(t.to)
	s.note(&e)
	e.hidden = s.surplus(&e)
	s.push(e)
	s.i = t.to
	if t.closed && s.err == nil {
		s.pop(e.inner, t.to)
	}
}

// spaceOf looks the tag's namespace up, with its declarations in scope, and
// notes the prefix it is used with.
func (s *scanner) spaceOf(t *tag) vocabulary.Space {
	prefix := t.name[:max(0, bytes.IndexByte(t.name, ':'))]
	sp, declared := s.lookup(prefix)
	if !declared {
		s.AddRepair(damage.Namespaces, t.from, fmt.Sprintf("prefix %s is not declared", text.Excerpt(string(prefix))))
	}
	return sp
}

// What stands in an element.
const (
	modeFeed   = iota // elements of the feed's vocabularies, or text
	modeMarkup        // XHTML
	modeOpaque        // XML of some other kind
)

// modeOf says what stands in an element by the type that Atom's texts have.
func (s *scanner) modeOf(e *open) uint8 {
	if e.space == vocabulary.XHTML {
		return modeMarkup
	}
	if !e.word.HasTrait(vocabulary.IsText|vocabulary.IsBody) || e.space != vocabulary.Atom && !s.atom() {
		return modeFeed
	}
	kind, _ := s.value("type")
	mode, _ := s.value("mode")
	kind = strings.ToLower(strings.TrimSpace(kind))
	switch {
	case strings.Contains(kind, "xhtml"), mode == "xml" && (kind == "" || kind == "text/html"):
		return modeMarkup
	case strings.HasSuffix(kind, "/xml"), strings.HasSuffix(kind, "+xml"):
		return modeOpaque
	}
	return modeFeed
}

// bare hides type and mode of Atom's texts from gofeed, which would parse their
// content as HTML, without any limit. The texts that matter are in the notes.
func (s *scanner) bare(t *tag, e *open) {
	if e.word.Name == "" || e.word.HasTrait(vocabulary.IsNoted|vocabulary.IsEmpty) || !s.atom() {
		return
	}
	for i := range s.attrs {
		a := &s.attrs[i]
		name := localName(a.name)
		a.hidden = bytes.EqualFold(name, []byte("type")) || bytes.EqualFold(name, []byte("mode"))
		if a.hidden && !t.mend {
			at := s.pos(a.from)
			s.doc.hidden = append(s.doc.hidden, span{at, at + a.to - a.from})
		}
	}
}

// usual is how many notes an item has, as far as the one before it tells.
func (s *scanner) usual() int {
	n := len(s.doc.items)
	if n == 0 {
		return 0
	}
	return min(len(s.doc.items[n-1].children), 16)
}

// note writes an element down that stands in an item or in the feed itself.
func (s *scanner) note(e *open) {
	whole := span{e.at, 0}
	tag := span{e.at, e.inner}
	if len(s.stack) == 0 {
		s.doc.rootTag = tag
		s.doc.feed.tag = tag
		return
	}
	parent := s.top()
	switch {
	case e.word.HasTrait(vocabulary.IsChannel):
		s.doc.feed.tag = tag
		s.doc.feed.base, s.doc.feed.lang = s.scope().base, s.scope().lang
	case e.word.HasTrait(vocabulary.IsItem):
		e.inItem = true
		foreign := (e.word.Name == "entry") != (s.doc.root == "feed")
		s.doc.items = append(s.doc.items, item{
			whole: whole, tag: tag, beside: !parent.word.HasTrait(vocabulary.IsChannel), foreign: foreign,
			base: s.scope().base, lang: s.scope().lang, children: make([]child, 0, s.usual()),
		})
	case parent.word.HasTrait(vocabulary.IsItem) && parent.inItem && e.word.HasTrait(vocabulary.IsNoted):
		it := &s.doc.items[len(s.doc.items)-1]
		e.child = len(it.children)
		it.children = append(it.children, child{word: e.word, space: e.space, tag: tag, inner: span{e.inner, 0}, whole: whole, markup: e.mode == modeMarkup})
	case (parent.word.HasTrait(vocabulary.IsChannel) || s.doc.root == "feed" && len(s.stack) == 1) && !parent.inItem && e.word.HasTrait(vocabulary.IsNoted|vocabulary.IsLent):
		e.child = len(s.doc.feed.children)
		s.doc.feed.children = append(s.doc.feed.children, child{word: e.word, space: e.space, tag: tag, inner: span{e.inner, 0}, whole: whole, markup: e.mode == modeMarkup})
	}
}
