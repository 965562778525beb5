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

// Cleaner makes foreign HTML and plain texts fit to be published, and takes down what it leaves out
// that was meant for readers.
type Cleaner struct {
	Base   string // what relative addresses are resolved against
	Limit  int    // bytes of a cleaned fragment
	Losses []Loss
	Mended string // what would have hidden the text behind it, since nothing ends it; "" if nothing
}

// Clean is [Cleaner.HTML] for one fragment of which nobody asks what was left out.
func Clean(fragment, base string, limit int) string {
	return (&Cleaner{Base: base, Limit: limit}).HTML(fragment)
}

// HTML makes a fragment of foreign HTML one that may be published: text, and the policy's elements
// and attributes, balanced, with absolute addresses, in at most the limit's bytes. Applied to its own
// output it changes nothing. Markup that is written as an HTML parser builds it is cleaned in one
// walk; any other by way of the parser's tree, which takes ten times as long.
func (c *Cleaner) HTML(fragment string) string {
	fragment = strings.TrimSpace(JoinHalves(text.WithoutControls(fragment)))
	if fragment == "" {
		return ""
	}
	if len(fragment) > maxFragment {
		return c.giveUpMarkup(fragment, Loss{"bytes with the markup", len(fragment), maxFragment, MarkupGivenUp})
	}
	if out, lost, ok := cleanWellFormed(fragment, c.Base, c.Limit); ok {
		if !lost.isNothing() {
			c.takeDown(lost, out, func(limit int) int {
				whole, _, _ := cleanWellFormed(fragment, c.Base, limit)
				return len(whole)
			})
		}
		return out
	}
	return c.cleanByTree(fragment)
}

// cleanByTree cleans by way of an HTML parser's tree. What does not come out of a second cleaning
// as it went in is given up as markup.
func (c *Cleaner) cleanByTree(fragment string) string {
	once, lost, why := cleanOnceByTree(fragment, c.Base, c.Limit)
	if why != nil {
		return c.giveUpMarkup(fragment, *why)
	}
	again, _, ok := cleanWellFormed(once, c.Base, c.Limit)
	if !ok || again != once {
		if again, _, why = cleanOnceByTree(once, c.Base, c.Limit); why != nil || again != once {
			return c.giveUpMarkup(fragment, Loss{
				What: "markup that no two readers take for the same", Outcome: MarkupGivenUp})
		}
	}
	c.takeDown(lost, once, func(limit int) int {
		whole, _, _ := cleanOnceByTree(fragment, c.Base, limit)
		return len(whole)
	})
	return once
}

// giveUpMarkup keeps the text of a fragment alone.
func (c *Cleaner) giveUpMarkup(fragment string, why Loss) string {
	c.Losses = append(c.Losses, why)
	return c.Plain(textOfMarkup(fragment, c.Limit))
}

// cleanOnceByTree parses, writes, and has the policy look last; or it says why not.
func cleanOnceByTree(fragment, base string, limit int) (string, toll, *Loss) {
	nodes, mended, why := parseFragment(fragment)
	if why != nil {
		return "", toll{}, why
	}
	w := &writer{base: base, limit: limit, toll: toll{unread: mended.swallowed, mended: mended.what}}
	for _, n := range nodes {
		w.writeNode(n, 0)
	}
	if w.deep {
		return "", toll{}, &Loss{"elements in one another", 0, maxDepthOfTree, MarkupGivenUp}
	}
	return unescapeQuotes(sievePolicy().Sanitize(w.cleaned())), w.toll, nil
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
