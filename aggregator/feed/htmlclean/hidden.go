package htmlclean

import "strings"

// isHidden reports whether nobody is shown what is in an element. What only programs that read aloud
// are to pass over (aria-hidden) is shown, and what only they are to read is for people, too.
func isHidden(attrs []htmlAttr) bool {
	for _, a := range attrs {
		switch a.name {
		case "hidden":
			return !strings.EqualFold(strings.TrimSpace(a.value), "until-found")
		case "style":
			if isHiddenStyle(a.value) {
				return true
			}
		}
	}
	return false
}

// isInLabel reports whether a button would be all that a heading or a term holds: there it opens
// what follows, and its words are the text's.
func isInLabel(around []openElement) bool {
	for _, o := range around {
		switch o.name {
		case "h2", "h3", "h4", "dt", "summary":
			return true
		}
	}
	return false
}
