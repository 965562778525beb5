package htmlclean

import (
	"html"
	"strings"
)

const (
	openSection  = "<![CDATA["
	closeSection = "]]>"
)

// WithoutWrapping takes the marks of CDATA sections off a text. Where they are escaped, the whole
// was escaped once more than it should be.
func WithoutWrapping(s string) string {
	const openEscaped, closeEscaped = "&lt;![CDATA[", "]]&gt;"
	if strings.HasPrefix(s, openEscaped) && strings.HasSuffix(s, closeEscaped) {
		s = html.UnescapeString(s[len(openEscaped) : len(s)-len(closeEscaped)])
	}
	return withoutSections(s)
}

// WithoutSections takes the marks of CDATA sections off a line of text that begins with one. Further on
// they are what it is about.
func WithoutSections(s string) string {
	if !strings.HasPrefix(strings.TrimSpace(s), openSection) {
		return s
	}
	return withoutSections(s)
}

// withoutSections takes the marks of CDATA sections out of a text, and leaves what is in them. A mark
// that ends one is text unless one began, or nothing follows.
func withoutSections(s string) string {
	if !strings.Contains(s, openSection) && !strings.HasSuffix(s, closeSection) {
		return s
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, openSection)
		b.WriteString(before)
		if !found {
			break
		}
		inside, rest, closed := strings.Cut(after, closeSection)
		b.WriteString(inside)
		if !closed {
			break
		}
		s = rest
	}
	return strings.TrimSpace(strings.TrimSuffix(b.String(), closeSection))
}
