package identity

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// revise moves a published story's modified time where what is shown of it has
// changed significantly: to the time that its item states, else to the visit.
func (f *fold) revise(s, old *news.Story) {
	now := f.items[s.LeadItem]
	then := old.Item(old.LeadItem)
	if now == nil || then == nil {
		return
	}
	before := &then.Entry
	if b := f.before[then.Number]; b != nil {
		before = b
	}
	if sameOrigin(s.Origin, old.Origin) && !f.significant(now.Feed, before, &now.Entry) {
		return
	}
	last := latestOf(old.Published, old.Modified)
	s.Modified = f.arrival.At
	if u := now.Entry.Updated; u.After(last) && !u.After(f.arrival.At) && !u.Before(epoch) {
		s.Modified = u
	}
}

// differs reports whether a published story, or one of its items, is another
// than it was.
func (f *fold) differs(s, old *news.Story) bool {
	now, then := *s, *old
	now.Items, then.Items = nil, nil
	return !reflect.DeepEqual(now, then) || slices.ContainsFunc(s.Members, func(n uint64) bool { return f.touched[n] })
}

func latestOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func sameOrigin(a, b *news.Origin) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Maker == b.Maker && slices.Equal(a.With, b.With)
}

// significant reports whether what readers see of an entry has changed by more
// than churn: a word of the headline or deck, a numeral, five words of the text,
// a picture, the audio, the byline, or a note of correction.
func (f *fold) significant(feed string, a, b *news.Entry) bool {
	d := f.desk
	if !slices.Equal(words(a.Title), words(b.Title)) || !slices.EqualFunc(a.Authors, b.Authors, func(x, y news.Person) bool { return x.Name == y.Name }) {
		return true
	}
	if d.firstImage(a) != d.firstImage(b) || !slices.EqualFunc(a.Enclosures, b.Enclosures, func(x, y news.Enclosure) bool { return d.key(x.URL) == d.key(y.URL) }) {
		return true
	}
	if a.Content == b.Content && a.Summary == b.Summary {
		return false
	}
	if a.Content != "" && b.Content != "" && !slices.Equal(words(markup.Text(a.Summary)), words(markup.Text(b.Summary))) {
		return true
	}
	return notes(bodyOf(b)) > notes(bodyOf(a)) || rewritten(f.textOf(feed, a), f.textOf(feed, b))
}

// textOf is the text of an entry that is compared.
func (f *fold) textOf(feed string, e *news.Entry) string {
	return strings.Join(f.body(feed, f.desk.read(bodyOf(e))), "\n")
}

func (d *Rules) firstImage(e *news.Entry) string {
	if len(e.Images) == 0 {
		return ""
	}
	page, _, _ := strings.Cut(d.Links.Key(link.Clean("", e.Images[0].URL)), "?") // a CMS changes the query, not the picture
	return page
}

// rewrittenBy is how many words make a change of a text significant.
const rewrittenBy = 5

// rewritten compares two texts word by word, as multisets.
func rewritten(a, b string) bool {
	if a == b {
		return false
	}
	count := map[string]int{}
	for _, w := range words(a) {
		count[w]++
	}
	for _, w := range words(b) {
		count[w]--
	}
	gone, come := 0, 0
	for _, n := range count {
		gone, come = gone+max(n, 0), come+max(-n, 0)
	}
	x, y := numerals(a), numerals(b)
	return max(gone, come) >= rewrittenBy || missing(x, y) > 0 || missing(y, x) > 0
}

// notes counts the paragraphs that begin like a note of correction.
func notes(fragment string) int {
	n := 0
	for _, b := range markup.Blocks(fragment) {
		if correction(b.Text) {
			n++
		}
	}
	return n
}
