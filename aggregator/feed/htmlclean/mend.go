package htmlclean

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/vocabulary"
)

// Markup is mended before an HTML parser sees it, where the parser would let text disappear that its
// author sees. The parser is right by the standard; who writes such markup thinks in XML, or forgot
// an end.

// mendMarkup closes elements that would swallow what follows them, ends comments that nothing ends,
// and puts attributes together that their own quotes cut. Markup that has none of that comes back as
// it is.
func mendMarkup(fragment string) (mended string, m mending) {
	ended := endComments(fragment)
	if ended != fragment {
		m.what = "a comment"
	}
	mended = closeSwallowing(ended, &m)
	return mended, m
}

// mending is what was mended.
type mending struct {
	what string // without an end that would have hidden text, the first of all; "" if nothing

	// swallowed counts the words behind a script or style that nothing ends: what of them is code
	// nobody can tell.
	swallowed int
}

// endComments makes nothing of the start mark of a comment that nothing ends, which would hide all
// that follows, and of what is behind it up to its ">", the next tag or the end of the line.
func endComments(s string) string {
	open := strings.LastIndex(s, "<!--")
	if open < 0 {
		return s
	}
	last := max(strings.LastIndex(s, "-->"), strings.LastIndex(s, "--!>"))
	if last > open {
		return s
	}
	from := 0
	if last >= 0 {
		from = last
	}
	var b strings.Builder
	b.WriteString(s[:from])
	for rest := s[from:]; ; {
		before, after, found := strings.Cut(rest, "<!--")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		end := strings.IndexAny(after, "<>\n")
		switch {
		case end < 0:
			end = len(after)
		case after[end] == '>':
			end++
		}
		rest = after[end:]
	}
}

// swallowing lists the elements whose content nobody is shown, besides code and drawings: one that
// nothing ends is taken for empty.
var swallowing = vocabulary.SetOf(
	"iframe", "video", "audio", "title", "textarea", "noembed", "noframes", "noscript", "object", "canvas", "template",
	"dialog", "applet", "datalist", "meter", "progress", "button",
)

// neverNested lists those of them whose content is text alone: what looks like a second start tag
// inside is one, and the first was left open.
var neverNested = vocabulary.SetOf("iframe", "title", "textarea", "noembed", "noframes")

// closeSwallowing closes each element that is written as an empty one of XML and has no end tag of
// its own, and each that would swallow the rest; an attribute that its own quotes cut is put
// together on the way.
func closeSwallowing(s string, m *mending) string {
	z := html.NewTokenizer(strings.NewReader(s))
	search := &tagSearch{text: s}
	var b strings.Builder
	from, to := 0, 0
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		at := to
		to += len(z.Raw())
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		tag := s[at:to]
		name, whole := readTagName(z)
		if !whole {
			tag = joinAttributes(tag)
		}
		closed := kind == html.SelfClosingTagToken
		if search.isLeftOpen(name, closed, to) {
			z.NextIsNotRawText()
			if m.what == "" && elements[name].part >= partGone {
				m.what = "<" + name + ">"
			}
			tag = strings.TrimSuffix(strings.TrimSuffix(tag, ">"), "/") + "></" + name + ">"
		}
		if !closed && (name == "script" || name == "style") && search.next("</"+name, to) == len(s) {
			m.swallowed = len(strings.Fields(StripTags(s[to:])))
		}
		if tag != s[at:to] {
			b.WriteString(s[from:at])
			b.WriteString(tag)
			from = to
		}
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

// readTagName gives the name of the tag that a tokenizer is at; whole is false where a quote stands
// in the name of an attribute, or one without a value follows a text, so that this may have ended too
// early.
func readTagName(z *html.Tokenizer) (name string, whole bool) {
	raw, more := z.TagName()
	name, whole = string(raw), true
	for text := false; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		whole = whole && !bytes.ContainsAny(key, `"'`) && !(text && len(value) == 0)
		text = isText[string(key)]
	}
	return name, whole
}

// tagSearch finds the next tag of a name in a text, from one place after the other.
type tagSearch struct {
	text  string
	lower string
	found map[string]int // by the tag's beginning: where it was found last; len(text) if nowhere
}

// isLeftOpen reports whether an element that begins before a place is to be closed there: it is
// written as an empty one, or nobody is shown what is in it, and it has no end tag.
func (f *tagSearch) isLeftOpen(name string, closed bool, from int) bool {
	if vocabulary.VoidElements[name] || !(closed && vocabulary.HTMLElements[name] || swallowing[name]) {
		return false
	}
	end := f.next("</"+name, from)
	if closed || neverNested[name] {
		return end == len(f.text) || f.next("<"+name, from) < end
	}
	return end == len(f.text)
}

// next is the place of the next tag that begins with a text, len(text) if there is none.
func (f *tagSearch) next(tag string, from int) int {
	if f.found == nil {
		f.found = map[string]int{}
		f.lower = lowerLetters(f.text)
	}
	at, known := f.found[tag]
	if known && at >= from {
		return at
	}
	for at = from; at < len(f.lower); at++ {
		n := strings.Index(f.lower[at:], tag)
		if n < 0 {
			at = len(f.lower)
			break
		}
		at += n
		after := at + len(tag)
		if after < len(f.lower) && !vocabulary.IsNameByte[f.lower[after]] {
			break
		}
	}
	f.found[tag] = at
	return at
}

// lowerLetters writes ASCII's letters small; all else keeps its bytes and its place.
func lowerLetters(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
