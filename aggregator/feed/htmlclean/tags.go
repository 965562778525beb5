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
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		n, gap := elementTagLength(s)
		if n == 0 {
			b.WriteByte('<')
			n = 1
		} else if gap {
			b.WriteByte(' ')
		}
		s = s[n:]
	}
}

// elementTagLength is the length of the tag of an HTML element, or comment, at the start of s, 0 if
// there is none; gap says that it parts words.
func elementTagLength(s string) (n int, gap bool) {
	if rest, ok := strings.CutPrefix(s, "<!--"); ok {
		if end := strings.Index(rest, "-->"); end >= 0 {
			return len("<!--") + end + len("-->"), false
		}
		return 0, false
	}
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
	n = vocabulary.TagLength([]byte(s))
	if s[n-1] != '>' {
		return 0, false
	}
	e := elements[name]
	return n, e.part != partInline && e.part != partKept
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
