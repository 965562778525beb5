package compose

import (
	"maps"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/identity/admit"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/origin"
	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// rewrittenBy is how many words make a change of a text significant.
const rewrittenBy = 5

// modifiedTime is when a published story was last modified: where what is shown of it has changed
// significantly, at the time that its item states, otherwise at the visit.
func (d Composer) modifiedTime(s, old *news.Story) time.Time {
	then := d.Item(old.LeadItem)
	if then == nil {
		return s.Modified
	}
	before := &then.Entry
	if b := d.Before[then.Number]; b != nil {
		before = b
	}
	now := d.Item(s.LeadItem)
	if slices.Equal(origin.Makers(s.Origin), origin.Makers(old.Origin)) &&
		!d.IsSignificant(now.Feed, before, &now.Entry) {
		return s.Modified
	}
	if u := now.Entry.Updated; u.After(old.Published) && u.After(old.Modified) && !u.After(d.Now) &&
		admit.IsPlausible(u) {
		return u
	}
	return d.Now
}

// IsSignificant reports whether what readers see of an entry of a feed has changed by more than
// churn: a word of the headline or deck, a numeral, five words of the text, a picture, the audio,
// the byline, or a note of correction.
func (d Composer) IsSignificant(feed string, a, b *news.Entry) bool {
	switch {
	case !slices.Equal(text.Words(a.Title), text.Words(b.Title)),
		!slices.EqualFunc(a.Authors, b.Authors, func(x, y news.Person) bool { return x.Name == y.Name }),
		d.firstImage(a) != d.firstImage(b),
		!slices.Equal(d.EnclosureKeys(a), d.EnclosureKeys(b)):
		return true
	case a.Content == b.Content && a.Summary == b.Summary:
		return false
	case a.Content != "" && b.Content != "" && !slices.Equal(text.Words(markup.Text(a.Summary)),
		text.Words(markup.Text(b.Summary))):
		return true
	}
	before, now := evidence.Read(d.Directory, evidence.Body(a)), d.TextFeatures(b)
	recurring := d.Feeds[feed].Recurring
	return corrections(now) > corrections(before) ||
		isRewritten(strings.Join(before.Story(recurring), "\n"),
			strings.Join(now.Story(recurring), "\n"))
}

// firstImage is the address of an entry's first picture; a CMS changes its query, not the picture.
func (d Composer) firstImage(e *news.Entry) string {
	if len(e.Images) == 0 {
		return ""
	}
	page, _, _ := strings.Cut(d.Links.Key(link.Clean("", e.Images[0].URL)), "?")
	return page
}

// isRewritten compares two texts word by word, as multisets.
func isRewritten(a, b string) bool {
	if a == b {
		return false
	}
	count := map[string]int{}
	for _, w := range text.Words(a) {
		count[w]++
	}
	for _, w := range text.Words(b) {
		count[w]--
	}
	gone, come := 0, 0
	for _, n := range count {
		gone, come = gone+max(n, 0), come+max(-n, 0)
	}
	return max(gone, come) >= rewrittenBy || !maps.Equal(text.Numerals(a), text.Numerals(b))
}

// corrections counts the paragraphs that begin like a note of correction.
func corrections(p *evidence.TextFeatures) (n int) {
	for _, b := range p.Blocks {
		if evidence.IsCorrection(b.Text) {
			n++
		}
	}
	return n
}
