// Package htmlclean makes foreign HTML fit to be published, and fragments of HTML of plain text.
package htmlclean

import (
	"strings"

	"fronteras/aggregator/text"
)

// What a fragment may cost. One over a limit is given up as markup; its text stays.
const (
	maxFragment        = 1 << 20 // bytes, before it is cleaned
	maxDepthOfTree     = 128     // elements in one another
	maxAttributesOfTag = 64
	maxReopened        = 20_000  // formatting elements that the HTML parser would open again
	maxAttributeText   = 4 << 10 // bytes of an attribute that shows text
	maxAddressLength   = 2 << 10
	maxCharacter       = 64 // bytes of what a picture of a character stands for
)

// Clean makes a fragment of foreign HTML one that may be published: text, and the policy's elements
// and attributes, balanced, with absolute addresses (relative ones are resolved against base), in
// at most limit bytes. Applied to its own output it changes nothing. Markup that is written as an
// HTML parser builds it is cleaned in one walk; any other by way of the parser's tree, which takes
// ten times as long.
func Clean(fragment, base string, limit int) string {
	fragment = strings.TrimSpace(text.WithoutControls(fragment))
	if fragment == "" {
		return ""
	}
	if len(fragment) > maxFragment {
		return stripMarkup(fragment, limit)
	}
	if out, ok := cleanWellFormed(fragment, base, limit); ok {
		return out
	}
	return cleanByTree(fragment, base, limit)
}

// cleanByTree cleans by way of an HTML parser's tree. What does not come out of a second cleaning
// as it went in is given up as markup.
func cleanByTree(fragment, base string, limit int) string {
	once, ok := cleanOnceByTree(fragment, base, limit)
	if !ok {
		return stripMarkup(fragment, limit)
	}
	if again, ok := cleanWellFormed(once, base, limit); ok && again == once {
		return once
	}
	if again, ok := cleanOnceByTree(once, base, limit); !ok || again != once {
		return stripMarkup(fragment, limit)
	}
	return once
}

// cleanOnceByTree parses, writes, and has the policy look last.
func cleanOnceByTree(fragment, base string, limit int) (string, bool) {
	nodes, ok := parseFragment(fragment)
	if !ok {
		return "", false
	}
	w := &writer{base: base, limit: limit}
	for _, n := range nodes {
		w.writeNode(n, 0)
	}
	return unescapeQuotes(sievePolicy().Sanitize(w.cleaned())), !w.deep
}

// unescapeQuotes takes the references for quotes out of text, where bluemonday writes them without
// need.
func unescapeQuotes(s string) string {
	if !strings.Contains(s, "&#3") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for s != "" {
		text, rest := s, ""
		if i := strings.IndexByte(s, '<'); i >= 0 {
			text, rest = s[:i], s[i:]
		}
		b.WriteString(quotes.Replace(text))
		i := strings.IndexByte(rest, '>') + 1
		b.WriteString(rest[:i])
		s = rest[i:]
	}
	return b.String()
}

var quotes = strings.NewReplacer("&#34;", `"`, "&#39;", "'")
