package page

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/news"
	"fronteras/aggregator/page/tree"
)

// cutting takes elements out of a page, and takes down what was in them.
type cutting struct {
	cuts []cutPiece
}

// cutPiece is a piece that was taken out of an element.
type cutPiece struct {
	news.CutText
	from *html.Node
}

// cut takes an element out.
func (c *cutting) cut(n *html.Node, why string) {
	if n.Parent == nil {
		return
	}
	if why == "caption" || tree.Closest(n, "figure") != nil {
		describePicture(n, textOf(n))
	}
	c.note(why, textOf(n), n.Parent)
	remove(n)
}

// note takes down what was taken out of an element.
func (c *cutting) note(why, s string, from *html.Node) {
	if words := countWords(s); words > 0 {
		c.cuts = append(c.cuts, cutPiece{news.CutText{Why: why, Words: words, Text: excerpt(s)}, from})
	}
}

// keepWithin forgets what was cut elsewhere than at or below an element.
func (c *cutting) keepWithin(n *html.Node) {
	c.cuts = slices.DeleteFunc(c.cuts, func(p cutPiece) bool { return !tree.IsWithin(p.from, n) })
}

// texts returns what was cut, as much as is shown. Notices of copyright come last on a page, and are
// asked for.
func (c *cutting) texts() []news.CutText {
	var cuts, notices []news.CutText
	for _, p := range c.cuts {
		if p.Why == whyCopyright {
			notices = append(notices, p.CutText)
		} else {
			cuts = append(cuts, p.CutText)
		}
	}
	notices = notices[:min(len(notices), maxNotices)]
	return append(cuts[:min(len(cuts), maxCuts-len(notices))], notices...)
}

// excerpt is the beginning of a text, in 80 characters at most.
func excerpt(s string) string {
	const most = 80
	count := 0
	for i := range s {
		if count++; count > most {
			return strings.TrimRight(string([]rune(s[:i])[:most-1]), " ") + "…"
		}
	}
	return s
}

// prune takes out of a page what is no article's text, wherever it stands. What holds the better
// part of the page's words stays: pages exist that are one form, or that a script uncovers.
func (c *cutting) prune(root *html.Node) {
	all := measure(root)
	most := max(1, all[root].words*2/5)
	for n := root.FirstChild; n != nil; {
		next := tree.Following(n, root, false)
		switch {
		case n.Type == html.CommentNode:
			next = tree.Following(n, root, true)
			remove(n)
		case n.Type == html.ElementNode:
			why := prunable(n)
			if why == "" || why != "script" && all[n].words >= most {
				break
			}
			next = tree.Following(n, root, true)
			if why == "script" {
				remove(n)
			} else {
				c.cut(n, why)
			}
		}
		n = next
	}
}

// prunable says why an element is none of an article's text; "" where it may be.
func prunable(n *html.Node) string {
	if n.Namespace != "" {
		return "script"
	}
	switch n.Data {
	case "script", "style", "noscript", "template", "object", "embed", "canvas":
		return "script"
	case "form", "input", "select", "textarea", "fieldset":
		return "form"
	case "button":
		return "button"
	case "nav":
		return "navigation"
	case "dialog":
		return "dialog"
	}
	if hasAttribute(n, "hidden") || isHiddenByStyle(tree.Attribute(n, "style")) ||
		isHiddenByClass(tree.Attribute(n, "class")) {
		return "hidden"
	}
	switch role := strings.ToLower(strings.TrimSpace(tree.Attribute(n, "role"))); role {
	case "navigation", "complementary", "search", "dialog", "banner", "contentinfo":
		return role
	}
	return ""
}

// isHiddenByClass reports whether an element has a class that hides it from readers.
func isHiddenByClass(classes string) bool {
	for class := range strings.FieldsSeq(classes[:min(len(classes), maxNames)]) {
		if hidingClasses[class] {
			return true
		}
	}
	return false
}

var hidingClasses = tree.SetOf("hidden is-hidden u-hidden d-none sr-only visually-hidden " +
	"visuallyhidden screen-reader-text " +
	"screen-reader-only show-for-sr a11y-hidden print-only noshow")

// isHiddenByStyle reports whether an element's own style hides it.
func isHiddenByStyle(style string) bool {
	for style != "" {
		var declaration string
		declaration, style, _ = strings.Cut(style, ";")
		property, value, _ := strings.Cut(declaration, ":")
		if strings.EqualFold(strings.TrimSpace(property), "display") {
			value, _, _ = strings.Cut(value, "!")
			if strings.EqualFold(strings.TrimSpace(value), "none") {
				return true
			}
		}
	}
	return false
}
