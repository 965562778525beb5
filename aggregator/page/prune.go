package page

import (
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/news"
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
	if t := textOf(n); t != "" {
		c.cuts = append(c.cuts, cutPiece{cutText(why, t), n.Parent})
	}
	remove(n)
}

// within returns what was cut at or below an element, in the order in which it was cut.
func (c *cutting) within(n *html.Node) []news.CutText {
	var cuts []news.CutText
	for _, p := range c.cuts {
		if isWithin(p.from, n) {
			cuts = append(cuts, p.CutText)
		}
	}
	return cuts
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
		next := following(n, root, false)
		switch {
		case n.Type == html.CommentNode:
			next = following(n, root, true)
			remove(n)
		case n.Type == html.ElementNode:
			why := prunable(n)
			if why == "" || why != "script" && all[n].words >= most {
				break
			}
			next = following(n, root, true)
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
	if hasAttribute(n, "hidden") || isHiddenByStyle(attribute(n, "style")) {
		return "hidden"
	}
	switch role := strings.ToLower(strings.TrimSpace(attribute(n, "role"))); role {
	case "navigation", "complementary", "search", "dialog", "banner", "contentinfo":
		return role
	}
	return ""
}

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
