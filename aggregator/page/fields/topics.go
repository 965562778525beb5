package fields

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/page/tree"
)

// topicList is topics, each once whatever its case.
type topicList []string

// add adds topics; false where there is none that can be one.
func (l *topicList) add(names ...string) (added bool) {
	for _, name := range names {
		name = strings.Trim(markupLine(name, maxName), "#,;• ")
		if name == "" || len(*l) == maxTopics {
			continue
		}
		added = true
		if !slices.ContainsFunc(*l, func(other string) bool { return strings.EqualFold(other, name) }) {
			*l = append(*l, name)
		}
	}
	return added
}

// keywords returns what the keywords of an object of JSON-LD name: a text with commas, a list, or
// objects with names.
func (d *linkedData) keywords(o object) []string {
	if s, ok := o["keywords"].(string); ok {
		return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' })
	}
	return d.jsonNames(o["keywords"])
}

// tagsIn returns the topics that an element of tags lists: its links, or the parts of its text.
func tagsIn(n *html.Node) []string {
	var all []string
	for at, left := n, maxTextNodes; at != nil && left > 0; left-- {
		if tree.IsElement(at, "a") {
			all = append(all, shownText(at))
			at = tree.Following(at, n, true)
			continue
		}
		at = tree.Following(at, n, false)
	}
	if len(all) > 0 {
		return all
	}
	for _, class := range [...]string{"field__item", "field-item"} {
		for at, left := n, maxTextNodes; at != nil && left > 0; left-- {
			if at.Type == html.ElementNode && slices.Contains(strings.Fields(tree.Attribute(at, "class")), class) {
				all = append(all, shownText(at))
			}
			at = tree.Following(at, n, false)
		}
		if len(all) > 0 {
			return all
		}
	}
	written := shownText(n)
	if _, list, found := strings.Cut(written, ":"); found {
		written = list
	}
	if !strings.Contains(written, ",") {
		return nil
	}
	return strings.Split(written, ",")
}
