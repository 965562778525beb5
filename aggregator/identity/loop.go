package identity

import (
	"strings"

	"fronteras/aggregator/news"
)

// ours is the number of the story that an item brings back to the desk, 0 if
// it is no such item: its guid is one of our public ids, or one of its
// addresses is that of our story page. A partner's CMS that ingests the merged
// feed makes such items; they add a carrier, never a story.
func (f *fold) ours(i *news.Item) uint64 {
	for _, list := range [][]string{i.GUIDs, addresses(i)} {
		for _, address := range list {
			if id := f.desk.storyPage(address); id != "" {
				if n := f.reader.StoryOf(id); n != 0 {
					return n
				}
			}
		}
	}
	for _, g := range i.GUIDs {
		n := f.reader.StoryOf(g)
		if n == 0 || n == i.Story {
			continue
		}
		if strings.HasPrefix(g, "tag:") || f.bearsCredit(i) {
			return n
		}
	}
	return 0
}

// bearsCredit reports whether an item's text holds the desk's credit. A public id
// that is a station's own guid proves a loop only with it: a copy may have kept
// its origin's guid.
func (f *fold) bearsCredit(i *news.Item) bool { return f.prose(i).credited }

// addresses are those under which an item says that it can be found.
func addresses(i *news.Item) []string {
	list := []string{i.Entry.URL}
	for _, l := range i.Entry.Links {
		if l.Rel == "canonical" || l.Rel == "via" {
			list = append(list, l.URL)
		}
	}
	if i.Page != nil {
		list = append(list, i.Page.Canonical)
	}
	return list
}
