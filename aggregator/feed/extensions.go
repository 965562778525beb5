package feed

import (
	"slices"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
)

// extensions holds the elements of an item, or of a feed, that gofeed has filed as extensions, and
// the prefixes that the document uses for namespaces.
type extensions struct {
	filed    ext.Extensions
	prefixes map[vocabulary.Space][]string
}

// gofeedNames lists gofeed's own names for namespaces.
var gofeedNames = map[vocabulary.Space][]string{
	vocabulary.Atom: {"atom", "atom03"}, vocabulary.CC: {"creativeCommons", "cc"}, vocabulary.Chapters: {"psc"},
	vocabulary.Content: {"content"}, vocabulary.DC: {"dc"}, vocabulary.FeedBurner: {"feedburner"},
	vocabulary.ITunes: {"itunes"}, vocabulary.Media: {"media"}, vocabulary.Prism: {"prism"}, vocabulary.RSS: {"rdf"},
	vocabulary.Syndication: {"sy"}, vocabulary.Terms: {"dcterms"}, vocabulary.Thread: {"thr"},
}

// elements finds those of a namespace, by local name in any case.
func (x extensions) elements(space vocabulary.Space, name string) []ext.Extension {
	if len(x.filed) == 0 {
		return nil
	}
	var found []ext.Extension
	add := func(key string) {
		if list := elementsNamed(x.filed[key], name); found == nil {
			found = slices.Clip(list)
		} else {
			found = append(found, list...)
		}
	}
	known := gofeedNames[space]
	for _, key := range known {
		add(key)
	}
	own := x.prefixes[space]
	for n, key := range own {
		if !slices.Contains(known, key) && !slices.Contains(own[:n], key) {
			add(key)
		}
	}
	return found
}

// firstText is the text of the first such element that has any.
func (x extensions) firstText(space vocabulary.Space, name string) string {
	for _, e := range x.elements(space, name) {
		if s := strings.TrimSpace(htmlclean.WithoutSections(e.Value)); s != "" {
			return s
		}
	}
	return ""
}

// elementsNamed finds elements by name in any case.
func elementsNamed(m map[string][]ext.Extension, name string) []ext.Extension {
	if list := m[name]; list != nil {
		return list
	}
	first := ""
	for key := range m {
		if strings.EqualFold(key, name) && (first == "" || key < first) {
			first = key
		}
	}
	return m[first]
}
