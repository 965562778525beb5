// Package tree asks what a tree of HTML holds: elements, attributes, and the order of nodes.
package tree

import (
	"strings"

	"golang.org/x/net/html"
)

// Attribute is the value of an element's attribute.
func Attribute(n *html.Node, name string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == name && n.Attr[i].Namespace == "" {
			return n.Attr[i].Val
		}
	}
	return ""
}

// Closest is the nearest element of one of some names at or above a node.
func Closest(n *html.Node, names ...string) *html.Node {
	for ; n != nil; n = n.Parent {
		if IsElement(n, names...) {
			return n
		}
	}
	return nil
}

// Following is the node after n below root, in the order of the document; inside n too, unless past
// says so.
func Following(n, root *html.Node, past bool) *html.Node {
	if !past && n.FirstChild != nil {
		return n.FirstChild
	}
	for n != nil && n != root {
		if n.NextSibling != nil {
			return n.NextSibling
		}
		n = n.Parent
	}
	return nil
}

// IsBlock reports an element that begins and ends a line.
func IsBlock(n *html.Node) bool { return n.Type == html.ElementNode && blockNames[n.Data] }

// IsElement reports whether a node is an element of HTML with one of some names.
func IsElement(n *html.Node, names ...string) bool {
	if n == nil || n.Type != html.ElementNode || n.Namespace != "" {
		return false
	}
	for _, name := range names {
		if n.Data == name {
			return true
		}
	}
	return false
}

// IsWithin reports whether a node is at or below another one.
func IsWithin(n, other *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == other {
			return true
		}
	}
	return false
}

// SetOf is a set of words.
func SetOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// blockNames lists the elements that begin and end a line.
var blockNames = SetOf("address article aside blockquote body br caption center dd details dialog dir div dl dt " +
	"fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol " +
	"option p pre search section summary table tbody td tfoot th thead tr ul")
