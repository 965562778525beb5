package htmlclean

import (
	"html"
	"strings"

	"fronteras/aggregator/feed/vocabulary"
)

// StripTags takes out the tags of HTML's elements, and comments.
func StripTags(s string) string {
	return stripTags(s, func(string, string) bool { return true })
}

// StripLineTags is StripTags for a line of text, in which only elements that can stand within a line
// are markup: the others are what the line is about, unless they have attributes or a pair of tags.
func StripLineTags(s string) string {
	pairs := tagPairs{text: s}
	return stripTags(s, func(name, tag string) bool {
		return phrasing[name] || strings.IndexByte(tag, '=') >= 0 || pairs.has(name)
	})
}

// phrasing lists the elements that can stand within a line of text, old ones included.
var phrasing = vocabulary.SetOf(
	"a", "abbr", "acronym", "applet", "area", "audio", "b", "basefont", "bdi", "bdo", "bgsound", "big", "blink", "br",
	"button", "canvas", "cite", "code", "data", "datalist", "del", "dfn", "em", "embed", "font", "i", "iframe", "img",
	"input", "ins", "kbd", "label", "map", "mark", "marquee", "math", "meter", "nobr", "noscript", "object", "output",
	"picture", "progress", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "script", "select", "slot", "small",
	"span", "strike", "strong", "sub", "sup", "svg", "template", "textarea", "time", "tt", "u", "var", "video", "wbr",
)

// tagPairs knows which elements a text has both tags of.
type tagPairs struct {
	text   string
	search *tagSearch
	known  map[string]bool
}

func (p *tagPairs) has(name string) bool {
	if p.known == nil {
		p.known, p.search = map[string]bool{}, &tagSearch{text: p.text}
	}
	has, asked := p.known[name]
	if !asked {
		has = p.search.next("<"+name, 0) < p.search.next("</"+name, 0) && p.search.next("</"+name, 0) < len(p.text)
		p.known[name] = has
	}
	return has
}

func stripTags(s string, isMarkup func(name, tag string) bool) string {
	if strings.IndexByte(s, '<') < 0 {
		return s
	}
	var b strings.Builder
	noComment := false // none ends any more
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		n, gap := 0, false
		if rest, ok := strings.CutPrefix(s, "<!--"); ok {
			if !noComment {
				n = commentLength(rest)
			}
			noComment = n == 0
		} else if name, length, finished := elementTag(s); length > 0 && (!finished || isMarkup(name, s[:length])) {
			n = length
			part := elements[name].part
			gap = finished && part != partInline && part != partKept
		}
		if n == 0 {
			b.WriteByte('<')
			n = 1
		} else if gap {
			b.WriteByte(' ')
		}
		s = s[n:]
	}
}

// commentLength is the length of the comment whose start mark is before rest, 0 if it has no end.
func commentLength(rest string) int {
	end := strings.Index(rest, "-->")
	if end < 0 {
		return 0
	}
	return len("<!--") + end + len("-->")
}

// elementTag gives the name and the length of the tag of an HTML element at the start of s, 0 if there
// is none. One that nothing ends is finished by the next tag or the end of the text: what prints the
// text as it is would make an element of it.
func elementTag(s string) (name string, length int, finished bool) {
	from := 1
	if strings.HasPrefix(s, "</") {
		from = 2
	}
	end := from
	for end < len(s) && vocabulary.IsNameByte[s[end]] {
		end++
	}
	name = strings.ToLower(s[from:end])
	if !vocabulary.HTMLElements[name] ||
		end < len(s) && !vocabulary.IsBlank(s[end]) && s[end] != '>' && s[end] != '/' {
		return name, 0, false
	}
	if length = tagLength(s); length > 0 {
		return name, length, true
	}
	return name, unfinishedLength(s), false
}

// unfinishedLength is the length of a tag that nothing ends.
func unfinishedLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; c {
		case '<':
			return i
		case '"', '\'':
			n := strings.IndexByte(s[i+1:], c)
			if n < 0 {
				return len(s)
			}
			i += n + 1
		}
	}
	return len(s)
}

// tagLength is the length of the tag that s begins with, 0 if it has no end before the next "<"
// outside quotes. So no two places of a text are both read from to the same end, which keeps the
// reading of many tags without end linear: a quote changes places with no quote, whichever tag it is
// read from.
func tagLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; c {
		case '>':
			return i + 1
		case '<':
			return 0
		case '"', '\'':
			n := strings.IndexByte(s[i+1:], c)
			if n < 0 {
				return 0
			}
			i += n + 1
		}
	}
	return 0
}

// DecodeReferences decodes references that end in a semicolon, once.
func DecodeReferences(s string) string {
	s = JoinHalves(s)
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		_, n := vocabulary.ReferenceAt([]byte(s[:min(len(s), vocabulary.MaxReference)]))
		if n == 0 {
			n = 1
			b.WriteByte('&')
		} else {
			b.WriteString(html.UnescapeString(s[:n]))
		}
		s = s[n:]
	}
}
