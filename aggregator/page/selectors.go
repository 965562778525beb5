package page

import (
	"fmt"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
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
	return group, nil
}

// selectAll returns the elements that a group selects, in the order of the document.
func selectAll(root *html.Node, group cascadia.SelectorGroup) []*html.Node {
	if len(group) == 0 {
		return nil
	}
	return cascadia.QueryAll(root, group)
}
