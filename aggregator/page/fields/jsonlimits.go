package fields

import (
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/page/tree"
)

// CheckLinkedData refuses a page whose JSON-LD is too much: blocks, bytes of one, values in one another.
func CheckLinkedData(root *html.Node) error {
	blocks := 0
	for n := root; n != nil; n = tree.Following(n, root, false) {
		if !tree.IsElement(n, "script") || n.FirstChild == nil ||
			!strings.Contains(strings.ToLower(tree.Attribute(n, "type")), "ld+json") {
			continue
		}
		block := n.FirstChild.Data
		if blocks++; blocks > maxJSONBlocks {
			return &damage.LimitError{Limit: "blocks of JSON-LD", Allowed: maxJSONBlocks}
		}
		if len(block) > maxJSONBlock {
			return &damage.LimitError{Limit: "bytes of a block of JSON-LD", Found: len(block), Allowed: maxJSONBlock}
		}
		if jsonNesting(block) > maxJSONDepth {
			return &damage.LimitError{Limit: "values of JSON-LD in one another", Allowed: maxJSONDepth}
		}
	}
	return nil
}

// jsonNesting is how deep the values of a JSON text lie in one another, strings aside.
func jsonNesting(s string) (deepest int) {
	depth, inString := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{', c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}', c == ']':
			depth--
		}
	}
	return deepest
}
