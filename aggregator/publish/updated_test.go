package publish

import (
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed/atom"
)

// An importer that remembers a date passes over what is dated before it: a story's own times stay, but
// Atom's "updated" is never before the story went out here.
func TestAtomIsUpdatedWhenAStoryGoesOut(t *testing.T) {
	published, out := noon, noon.Add(3*time.Hour)
	for name, c := range map[string]struct {
		modified, again time.Time
		want            time.Time
	}{
		"a story that came late":                {time.Time{}, time.Time{}, out},
		"one that was modified before":          {published.Add(time.Hour), time.Time{}, out},
		"one that is modified later":            {out.Add(time.Hour), time.Time{}, out.Add(time.Hour)},
		"one that is shown again":               {time.Time{}, out.Add(time.Hour), out.Add(time.Hour)},
		"one that is modified, and shown again": {out.Add(time.Hour), out.Add(2 * time.Hour), out.Add(2 * time.Hour)},
		"one that is shown again, and modified": {out.Add(2 * time.Hour), out.Add(time.Hour), out.Add(2 * time.Hour)},
	} {
		s := plainStory("aaaaaaaaaaaaa", "kjzz", "Rain", published)
		s.IDAssignedAt, s.PublishedAt, s.Modified, s.ShownAgain = out, out, c.modified, c.again
		e := testEdition(t, s)
		d, err := rendered(e, "/feed.atom", Selection{})
		f, err := (&atom.Parser{}).Parse(strings.NewReader(must(t, d, err)))
		if err != nil {
			t.Fatal(err)
		}
		entry, want := f.Entries[0], formatISO(c.want)
		if entry.Updated != want || f.Updated != want || entry.Published != formatISO(published) ||
			entry.Source.Updated > want {
			t.Errorf("%s: updated %s, the feed %s, its source %s, want %s; published %s", name, entry.Updated, f.Updated,
				entry.Source.Updated, want, entry.Published)
		}
		for path, element := range map[string]string{
			"/feed.rss": "<dcterms:modified>", "/feed.json": `"date_modified": "`,
		} {
			d, err := rendered(e, path, Selection{})
			_, value, found := strings.Cut(must(t, d, err), element)
			if found != !c.modified.IsZero() || found && !strings.HasPrefix(value, formatISO(c.modified)) {
				t.Errorf("%s: %s says that it was modified: %t, %.20s", name, path, found, value)
			}
		}
		page, err := StoryPage(NewRenderer(*e), s, inEnglish)
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(string(page.Body), "Updated"); said != !c.modified.IsZero() {
			t.Errorf("%s: the page says that it was updated: %t", name, said)
		}
	}
}
