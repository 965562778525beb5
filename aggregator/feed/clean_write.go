package feed

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"fronteras/aggregator/text"
)

// openElement is an element that the writer has begun.
type openElement struct {
	element
	from     int  // where what it wrote begins
	inner    int  // where its content begins
	written  bool // its tags are in the output
	blocks   bool // a block stands in it
	contents bool // of partGone: nothing in it counts
}

// writer writes a cleaned fragment: balanced, made of the policy's elements and
// attributes alone, in the one spelling that bluemonday leaves as it is, and such
// that an HTML parser builds of it what it says. Where an element would make the
// parser close another one, its tags are left out and its content stays.
type writer struct {
	out    []byte
	base   string
	limit  int
	stack  []openElement
	run    int  // where the text written last begins
	end    int  // bytes that the end tags of all open elements will take
	full   bool // the limit is reached: nothing more is written
	mute   int  // open elements whose content goes
	deep   bool // the tree is deeper than is taken
	newPre bool // a pre has just begun: a newline here would be lost
}

// attribute of HTML, decoded.
type htmlAttr struct{ name, value string }

// begin starts an element.
func (w *writer) begin(name string, attrs []htmlAttr) {
	e, known := elements[name]
	if !known {
		e = element{partInline, name}
	}
	o := openElement{element: e, from: len(w.out)}
	if w.mute > 0 || e.part == partGone || e.part == partPlayer {
		if w.mute == 0 && e.part == partPlayer {
			w.player(name, attrs)
		}
		o.contents = true
		w.mute++
		w.stack = append(w.stack, o)
		return
	}
	switch e.part {
	case partBlock:
		w.gap()
		o.from = len(w.out)
		w.end += len("<p></p>")
	case partKept, partLine, partCell, partFrame:
		o.written = w.fits(e) && w.tag(e.name, attrs)
		if o.written {
			w.end += len("</>") + len(e.name)
			w.newPre = e.name == "pre"
		} else if e.part != partKept {
			w.gap()
		}
	}
	if o.written && e.part != partKept {
		w.block()
	}
	o.inner, w.run = len(w.out), len(w.out)
	w.stack = append(w.stack, o)
}

// finish ends the element begun last.
func (w *writer) finish() {
	o := w.stack[len(w.stack)-1]
	w.stack = w.stack[:len(w.stack)-1]
	w.newPre = false
	switch {
	case o.contents:
		w.mute--
	case o.part == partBlock:
		w.end -= len("<p></p>")
		w.paragraph(o)
	case o.written:
		w.end -= len("</>") + len(o.name)
		if o.name == "p" && blank(w.out[o.inner:]) {
			w.out = w.out[:o.from]
			return
		}
		w.out = append(w.out, "</"...)
		w.out = append(w.out, o.name...)
		w.out = append(w.out, '>')
		w.run = len(w.out)
	}
}

// paragraph makes a block that holds no other one a paragraph, where one may
// stand.
func (w *writer) paragraph(o openElement) {
	if o.blocks || blank(w.out[o.from:]) || !w.holdsParagraph() {
		w.gap()
		return
	}
	n := len(w.out)
	w.out = append(w.out, "<p>"...)
	copy(w.out[o.from+3:], w.out[o.from:n])
	copy(w.out[o.from:], "<p>")
	w.out = append(w.out, "</p>"...)
	w.run = len(w.out)
	w.block()
}

// block tells the elements around that a block stands in them.
func (w *writer) block() {
	for i := len(w.stack) - 1; i >= 0 && !w.stack[i].blocks; i-- {
		w.stack[i].blocks = true
	}
}

// void writes an element without content.
func (w *writer) void(name string, attrs []htmlAttr) {
	e := elements[name]
	if w.mute > 0 || e.part != partVoid || !w.fits(e) {
		return
	}
	if w.tag(name, attrs) && name == "hr" {
		w.block()
	}
	w.newPre = false
}

// tag writes a start tag; false if the element's attributes make it meaningless
// or the limit is reached.
func (w *writer) tag(name string, attrs []htmlAttr) bool {
	if w.full {
		return false
	}
	from := len(w.out)
	w.out = append(w.out, '<')
	w.out = append(w.out, name...)
	fine := w.attributes(name, attrs)
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
		w.ellipsis()
	}
	return false
}

// ellipsis marks the place where the limit is reached. Text makes room for it.
func (w *writer) ellipsis() {
	w.full = true
	if p := w.parent(); p != nil && p.part == partFrame {
		return
	}
	room := w.limit - w.end - len("…")
	if len(w.out) > room && w.run < len(w.out) {
		w.out = cutEscaped(w.out[:max(w.run, room)], w.run)
	}
	if len(w.out) <= room {
		w.out = append(w.out, "…"...)
	}
}

// attributes writes those that an element keeps; false if it lacks the one that
// it is nothing without.
func (w *writer) attributes(name string, attrs []htmlAttr) bool {
	if len(attrs) == 0 || allowed[name] == nil {
		return name != "a" && name != "img"
	}
	if len(attrs) > maxHTMLAttrs {
		attrs = nil
	}
	if name == "img" && (pixel(find(attrs, "width")) || pixel(find(attrs, "height"))) {
		return false
	}
	fine := name != "a" && name != "img"
	for _, key := range allowed[name] {
		value := find(attrs, key)
		switch key {
		case "href":
			value = w.href(value)
			fine = value != ""
		case "src":
			value = w.picture(attrs)
			fine = value != ""
		case "width", "height", "colspan", "rowspan":
			value = number(value)
		default:
			value = text.Shorten(text.OneLine(value), maxTitle)
		}
		if value != "" {
			w.out = append(w.out, ' ')
			w.out = append(w.out, key...)
			w.out = append(w.out, `="`...)
			w.out = appendEscaped(w.out, value, true)
			w.out = append(w.out, '"')
		}
	}
	return fine
}

func find(attrs []htmlAttr, name string) string {
	for _, a := range attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// pixel reports a width or height that shows nothing.
func pixel(size string) bool {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(size), "px"))
	return err == nil && n <= 1
}

// number keeps a size in pixels or cells.
func number(s string) string {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(s), "px"))
	if err != nil || n < 1 || n > 100_000 {
		return ""
	}
	return strconv.Itoa(n)
}

// text writes text, which is decoded.
func (w *writer) text(s string) {
	if w.mute > 0 || w.full || s == "" {
		return
	}
	if p := w.parent(); p != nil && p.part == partFrame {
		return
	}
	if w.newPre && s[0] == '\n' {
		w.out = append(w.out, '\n')
	}
	w.newPre = false
	w.run = len(w.out)
	w.out = appendEscaped(w.out, s, false)
	if len(w.out)+w.end > w.limit {
		w.ellipsis()
	}
}

// cutEscaped takes off a character or reference that the end cuts in two.
func cutEscaped(b []byte, from int) []byte {
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

// gap keeps words apart that a block stood between.
func (w *writer) gap() {
	if n := len(w.out); n > 0 && !w.full && w.mute == 0 {
		if c := w.out[n-1]; c != ' ' && c != '\n' && c != '>' {
			w.text(" ")
		}
	}
}

// blank reports whether output shows nothing.
func blank(b []byte) bool {
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

// escapable are the characters that may have to be written as references.
var escapable = [256]bool{'&': true, '<': true, '>': true, '"': true, '\'': true}

// appendEscaped writes text as bluemonday does, with the quotes of text left as
// they are.
func appendEscaped(out []byte, s string, quotes bool) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
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
