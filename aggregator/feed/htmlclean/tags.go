package htmlclean

import (
	"html"
	"strings"

	"fronteras/aggregator/feed/vocabulary"
)

// StripTags takes out the tags of HTML's elements, and comments.
func StripTags(s string) string {
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
		} else {
			n, gap = elementTagLength(s)
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

// elementTagLength is the length of the tag of an HTML element at the start of s, 0 if there is
// none; gap says that it parts words.
func elementTagLength(s string) (n int, gap bool) {
	from := 1
	if strings.HasPrefix(s, "</") {
		from = 2
	}
	end := from
	for end < len(s) && vocabulary.IsNameByte[s[end]] {
		end++
	}
	name := strings.ToLower(s[from:end])
	if !vocabulary.HTMLElements[name] || end == len(s) ||
		!vocabulary.IsBlank(s[end]) && s[end] != '>' && s[end] != '/' {
		return 0, false
	}
	if n = tagLength(s); n == 0 {
		return 0, false
	}
	e := elements[name]
	return n, e.part != partInline && e.part != partKept
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
