package page

import (
	"fmt"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"fronteras/aggregator/feed/bound"
	"fronteras/aggregator/page/tree"
)

// What a selector may ask for: each of these multiplies the time that a page can make it take.
const (
	maxDescendants = 4 // "a b c" asks for two
	maxHas         = 1 // :has and :haschild
)

// Selectors say where a station's pages have their text, in CSS. The zero value says nothing.
type Selectors struct {
	body cascadia.SelectorGroup // of the element that holds the text
	drop cascadia.SelectorGroup // of what is no part of it
}

// ParseSelectors reads the selectors of a configuration: of the element that holds the text, "" for
// none, and of what is no part of it. It fails with the selector that cannot be read.
func ParseSelectors(body string, drop []string) (Selectors, error) {
	var s Selectors
	if body != "" {
		group, err := parseSelector(body)
		if err != nil {
			return Selectors{}, err
		}
		s.body = group
	}
	for _, d := range drop {
		group, err := parseSelector(d)
		if err != nil {
			return Selectors{}, err
		}
		s.drop = append(s.drop, group...)
	}
	return s, nil
}

func parseSelector(css string) (cascadia.SelectorGroup, error) {
	group, err := cascadia.ParseGroup(css)
	if err != nil {
		return nil, fmt.Errorf("the selector %q cannot be read: %w", css, err)
	}
	for _, s := range group {
		if s.PseudoElement() != "" {
			return nil, fmt.Errorf("the selector %q names a part of an element", css)
		}
	}
	if countDescendants(css) > maxDescendants || strings.Count(strings.ToLower(css), ":has") > maxHas {
		return nil, fmt.Errorf("the selector %q asks for more than %d descendants or %d :has",
			css, maxDescendants, maxHas)
	}
	return group, nil
}

// countDescendants counts the blanks of a selector that stand for "at any depth below".
func countDescendants(css string) int {
	count, quote, attribute, before := 0, byte(0), false, byte(',')
	blank := false // since before
	for i := range len(css) {
		c := css[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
			continue
		case c == '"' || c == '\'':
			quote = c
		case c == '[', c == ']':
			attribute = c == '['
		case attribute:
			continue
		case strings.IndexByte(" \t\r\n\f", c) >= 0:
			blank = true
			continue
		}
		if blank && strings.IndexByte(",>+~(", before) < 0 && strings.IndexByte(",>+~)", c) < 0 {
			count++
		}
		before, blank = c, false
	}
	return count
}

// selectConfigured returns the elements that a selector of the configuration selects, in the order of
// the document, as long as reading may take.
func selectConfigured(root *html.Node, group cascadia.SelectorGroup, work *bound.Work) []*html.Node {
	if len(group) == 0 {
		return nil
	}
	const aLook = 64 << 10 // bytes after which the clock is looked at
	var found []*html.Node
	for n := root; n != nil && work.Advance(aLook) == nil; n = tree.Following(n, root, false) {
		if n.Type == html.ElementNode && group.Match(n) {
			found = append(found, n)
		}
	}
	return found
}

// selectAll returns the elements that a group selects, in the order of the document.
func selectAll(root *html.Node, group cascadia.SelectorGroup) []*html.Node {
	if len(group) == 0 {
		return nil
	}
	return cascadia.QueryAll(root, group)
}
