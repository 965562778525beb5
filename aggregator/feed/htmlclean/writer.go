package htmlclean

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// openElement is an element that the writer has begun.
type openElement struct {
	element
	from     int  // where what it wrote begins
	inner    int  // where its content begins
	written  bool // its tags are in the output
	blocks   bool // there is a block in it
	contents bool // of partGone: nothing in it counts
	speech   speech
}

// writer writes a cleaned fragment: balanced, made of the policy's elements and attributes alone,
// in the one spelling that bluemonday leaves as it is, and such that an HTML parser builds of it
// what it says. Where an element would make the parser close another one, its tags are left out and
// its content stays.
type writer struct {
	out    []byte
	base   string
	limit  int
	stack  []openElement
	run    int  // where the text written last begins
	end    int  // bytes that the end tags of all open elements will take
	mute   int  // open elements whose content goes
	deep   bool // the tree is deeper than is taken
	newPre bool // a pre has just begun: a newline here would be lost
	toll
}

// cleaned gives what was written, its ends trimmed.
func (w *writer) cleaned() string { return strings.TrimSpace(string(w.out)) }

// attribute of HTML, decoded.
type htmlAttr struct{ name, value string }

// beginElement starts an element.
func (w *writer) beginElement(name string, attrs []htmlAttr) {
	e, known := elements[name]
	if !known {
		e = element{partInline, name}
	}
	o := openElement{element: e, from: len(w.out), speech: speechOf(attrs)}
	if e.name == "button" && isInLabel(w.stack) {
		e.part, o.part = partInline, partInline
	}
	if w.mute > 0 || e.part == partGone || e.part == partPlayer || isHidden(attrs) {
		if w.mute == 0 && e.part == partPlayer && !isHidden(attrs) {
			w.writePlayerLink(name, attrs)
		}
		o.contents = true
		w.mute++
		w.stack = append(w.stack, o)
		return
	}
	switch e.part {
	case partBlock:
		w.separateWords()
		o.from = len(w.out)
		o.speech = o.speech.within(w.stack)
		w.end += len("<p></p>") + o.speech.length()
	case partKept, partLine, partCell, partFrame:
		o.written = w.mayStandHere(e) && w.writeStartTag(e.name, attrs, o.speech.within(w.stack))
		if o.written {
			w.end += len("</>") + len(e.name)
			w.newPre = e.name == "pre"
		} else if e.part != partKept {
			w.separateWords()
		}
	}
	if o.written && e.part != partKept {
		w.noteBlock()
	}
	o.inner, w.run = len(w.out), len(w.out)
	w.stack = append(w.stack, o)
}

// endElement ends the element begun last.
func (w *writer) endElement() {
	o := w.stack[len(w.stack)-1]
	w.stack = w.stack[:len(w.stack)-1]
	w.newPre = false
	switch {
	case o.contents:
		w.mute--
	case o.part == partBlock:
		w.end -= len("<p></p>") + o.speech.length()
		w.wrapParagraph(o)
	case o.written:
		w.end -= len("</>") + len(o.name)
		if vanishesEmpty(o.name) && isInvisible(w.out[o.inner:]) {
			blank := len(w.out) > o.inner
			if w.out = w.out[:o.from]; blank && o.name == "a" {
				w.separateWords()
			}
			return
		}
		w.out = append(w.out, "</"...)
		w.out = append(w.out, o.name...)
		w.out = append(w.out, '>')
		w.run = len(w.out)
	}
}

// vanishesEmpty reports whether an element is left out where it shows nothing.
func vanishesEmpty(name string) bool { return name == "p" || name == "a" || name == "figure" }

// wrapParagraph makes a block that holds no other one a paragraph, where one is allowed.
func (w *writer) wrapParagraph(o openElement) {
	if o.blocks || isInvisible(w.out[o.from:]) || !w.mayHoldParagraph() {
		w.separateWords()
		return
	}
	tag := string(o.speech.appendTo([]byte("<p"))) + ">"
	w.out = slices.Insert(w.out, o.from, []byte(tag)...)
	w.out = append(w.out, "</p>"...)
	w.run = len(w.out)
	w.noteBlock()
}

// noteBlock tells the elements around that there is a block in them.
func (w *writer) noteBlock() {
	for i := len(w.stack) - 1; i >= 0 && !w.stack[i].blocks; i-- {
		w.stack[i].blocks = true
	}
}

// writeVoid writes an element without content.
func (w *writer) writeVoid(name string, attrs []htmlAttr) {
	e := elements[name]
	if w.mute > 0 || e.part != partVoid || !w.mayStandHere(e) || isHidden(attrs) {
		return
	}
	var s speech
	if name == "img" {
		s = speechOf(attrs)
	}
	switch written := w.writeStartTag(name, attrs, s); {
	case written && name == "hr":
		w.noteBlock()
	case !written && name == "img" && !w.full:
		w.writeText(characterOf(attrs))
	}
	w.newPre = false
}

// writeStartTag writes a start tag; false if the element's attributes make it meaningless or the
// limit is reached.
func (w *writer) writeStartTag(name string, attrs []htmlAttr, s speech) bool {
	if w.full {
		return false
	}
	from := len(w.out)
	w.out = append(w.out, '<')
	w.out = append(w.out, name...)
	fine := w.writeAttributes(name, attrs)
	w.out = s.appendTo(w.out)
	if elements[name].part == partVoid {
		w.out = append(w.out, '/')
	}
	w.out = append(w.out, '>')
	if fine && len(w.out)+w.end+len("</>")+len(name)+len("…") <= w.limit {
		w.run = len(w.out)
		return true
	}
	w.out = w.out[:from]
	if fine {
		w.writeEllipsis()
	}
	return false
}

// writeEllipsis marks the place where the limit is reached. Text makes room for it.
func (w *writer) writeEllipsis() {
	w.full = true
	if p := w.writtenParent(); p != nil && p.part == partFrame {
		return
	}
	room := w.limit - w.end - len("…")
	if len(w.out) > room && w.run < len(w.out) {
		w.out = trimCutReference(w.out[:max(w.run, room)], w.run)
	}
	if len(w.out) <= room {
		w.out = append(w.out, "…"...)
	}
}

// writeAttributes writes those that an element keeps; false if it lacks the one that it is nothing
// without.
func (w *writer) writeAttributes(name string, attrs []htmlAttr) bool {
	if len(attrs) == 0 || allowed[name] == nil {
		return name != "a" && name != "img"
	}
	if len(attrs) > maxAttributesOfTag {
		w.lose("attributes of "+name, len(attrs), maxAttributesOfTag, "they are left out")
		attrs = nil
	}
	fine := name != "a" && name != "img"
	for _, key := range allowed[name] {
		value := attributeValue(attrs, key)
		switch key {
		case "href":
			value = w.linkAddress(value)
			fine = value != ""
		case "src":
			value = w.pictureAddress(attrs)
			fine = value != ""
		case "width", "height", "colspan", "rowspan":
			value = Dimension(value)
		default:
			value = w.shownText(key, value)
		}
		if key == "alt" && pictureFile.MatchString(value) {
			value = ""
		}
		if value != "" || key == "alt" { // an img without it is read out by the name of its file
			w.out = append(w.out, ' ')
			w.out = append(w.out, key...)
			w.out = append(w.out, `="`...)
			w.out = appendEscaped(w.out, value, true)
			w.out = append(w.out, '"')
		}
	}
	return fine
}

// pictureFile is the name of a picture's file, which says nothing of what the picture shows.
var pictureFile = regexp.MustCompile(`(?i)^\s*\S+\.(?:jpe?g|png|gif|webp|avif|tiff?)\s*$`)

func attributeValue(attrs []htmlAttr, name string) string {
	for _, a := range attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// Dimension keeps a size in pixels or cells.
func Dimension(s string) string {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(s), "px"))
	if err != nil || n < 1 || n > 100_000 {
		return ""
	}
	return strconv.Itoa(n)
}

// writeText writes text, which is decoded.
func (w *writer) writeText(s string) {
	if w.full || s == "" {
		return
	}
	if w.mute > 0 {
		w.loseWords(s)
		return
	}
	if p := w.writtenParent(); p != nil && p.part == partFrame {
		w.loseWords(s)
		return
	}
	if w.newPre && s[0] == '\n' {
		w.out = append(w.out, '\n')
	}
	w.newPre = false
	w.run = len(w.out)
	w.out = appendEscaped(w.out, s, false)
	if len(w.out)+w.end > w.limit {
		w.writeEllipsis()
	}
}

// trimCutReference takes off a character or reference that the end cuts in two.
func trimCutReference(b []byte, from int) []byte {
	n := len(b)
	for back := 1; back <= utf8.UTFMax && n-back >= from; back++ {
		if utf8.RuneStart(b[n-back]) {
			if !utf8.FullRune(b[n-back:]) {
				n -= back
			}
			break
		}
	}
	for i := n - 1; i >= from && i > n-7; i-- {
		if b[i] == ';' {
			break
		}
		if b[i] == '&' {
			n = i
			break
		}
	}
	return b[:n]
}

// separateWords keeps words apart that a block stood between.
func (w *writer) separateWords() {
	if n := len(w.out); n > 0 && !w.full && w.mute == 0 {
		if c := w.out[n-1]; c != ' ' && c != '\n' && c != '>' {
			w.writeText(" ")
		}
	}
}

// isInvisible reports whether output shows nothing.
func isInvisible(b []byte) bool {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case ' ', '\n', '\t':
		case 0xC2:
			if i+1 == len(b) || b[i+1] != 0xA0 {
				return false
			}
			i++
		default:
			return false
		}
	}
	return true
}

// escapable lists the characters that may have to be written as references.
var escapable = [256]bool{'&': true, '<': true, '>': true, '"': true, '\'': true}

// appendEscaped writes text as bluemonday does, with the quotes of text left as they are.
func appendEscaped(out []byte, s string, quotes bool) []byte {
	from := 0
	for i := range len(s) {
		if !escapable[s[i]] {
			continue
		}
		var ref string
		switch s[i] {
		case '&':
			ref = "&amp;"
		case '<':
			ref = "&lt;"
		case '>':
			ref = "&gt;"
		case '"':
			if quotes {
				ref = "&#34;"
			}
		case '\'':
			if quotes {
				ref = "&#39;"
			}
		}
		if ref != "" {
			out = append(out, s[from:i]...)
			out = append(out, ref...)
			from = i + 1
		}
	}
	return append(out, s[from:]...)
}

// mayHoldParagraph reports whether a p may be here.
func (w *writer) mayHoldParagraph() bool {
	for i := len(w.stack) - 1; i >= 0; i-- {
		switch o := &w.stack[i]; {
		case !o.written:
		case o.part == partCell:
			return true
		case o.part == partFrame:
			return false
		case o.part == partLine:
			switch o.name {
			case "p", "h2", "h3", "h4", "pre", "dt":
				return false
			}
		}
	}
	return true
}

// mayStandHere reports whether an HTML parser would put an element where it is, judging by what is
// written around it.
func (w *writer) mayStandHere(e element) bool {
	switch parent := w.writtenParent(); {
	case e.name == "table":
		return w.closesNothing(e) && (parent == nil || parent.part != partFrame)
	case e.part == partFrame && e.name == "tr":
		return parent != nil && (parent.name == "tbody" || parent.name == "thead")
	case e.part == partFrame:
		return parent != nil && parent.name == "table"
	case e.part == partCell:
		return parent != nil && parent.name == "tr"
	case parent != nil && parent.part == partFrame:
		return false
	}
	return w.closesNothing(e)
}

// writtenParent is the nearest element around that is written.
func (w *writer) writtenParent() *openElement {
	for i := len(w.stack) - 1; i >= 0; i-- {
		if w.stack[i].written {
			return &w.stack[i]
		}
	}
	return nil
}

// closesNothing reports whether no element is open that the start of this one would close, as the
// HTML standard's rules for the body have it.
func (w *writer) closesNothing(e element) bool {
	stopped := false // an element that a search for li, dt or dd does not pass
	for i := len(w.stack) - 1; i >= 0; i-- {
		o := &w.stack[i]
		switch {
		case !o.written:
			continue
		case o.part == partCell:
			return true
		case e.name == "a" && o.name == "a",
			e.part != partKept && e.name != "br" && e.name != "img" && o.name == "p",
			isHeading(e.name) && isHeading(o.name),
			!stopped && e.name == "li" && o.name == "li",
			!stopped && (e.name == "dt" || e.name == "dd") && (o.name == "dt" || o.name == "dd"):
			return false
		}
		stopped = stopped || o.part == partLine || o.part == partFrame
	}
	return true
}

func isHeading(name string) bool { return name == "h2" || name == "h3" || name == "h4" }

// loseWords counts the words of a text that goes with the element that it is in.
func (w *writer) loseWords(s string) {
	for i := range w.stack {
		if w.stack[i].contents {
			if !codeElements[w.stack[i].name] {
				w.unread += len(strings.Fields(StripTags(s)))
			}
			return
		}
	}
	w.unread += len(strings.Fields(s))
}
