package compose

import (
	"maps"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/furniture"
	"fronteras/aggregator/identity/admit"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/origin"
	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// modifiedAfter is how long after its publication a story was modified if its item says so when it is
// first seen: a CMS saves what it publishes again within minutes.
const modifiedAfter = 15 * time.Minute

// rewrittenBy is how many words make a change of a text significant.
const rewrittenBy = 5

// mostShown is how many things that a story showed before are remembered.
const mostShown = 8

// setModified sets when a published story was last modified: where what is shown of it has changed
// significantly, at the time that its item states, otherwise at the visit. Where it goes back to what
// it showed before, to whose item, credited to whom, it is as modified as that was then or has been
// since, and is shown again.
func (d Composer) setModified(s, old *news.Story) {
	then := d.Item(old.LeadItem)
	if then == nil {
		return
	}
	before := &then.Entry
	if b := d.Before[then.Number]; b != nil {
		before = b
	}
	now := d.Item(s.LeadItem)
	makers, oldMakers := origin.Makers(s.Origin), origin.Makers(old.Origin)
	sameMakers := slices.Equal(makers, oldMakers)
	s.Earlier = d.modifiedSince(s, old.Earlier)
	at := slices.IndexFunc(s.Earlier, func(was news.Shown) bool {
		if !slices.Equal(was.Makers, makers) {
			return false
		}
		lead := d.Item(was.LeadItem)
		return was.LeadItem == s.LeadItem || !sameMakers && lead != nil && // or another's in the same words
			!d.IsSignificant(now.Feed, &lead.Entry, &now.Entry, false)
	})
	switch {
	case at >= 0:
		s.Modified, s.Earlier = s.Earlier[at].Modified, s.Earlier[:at:at]
		s.ShownAgain = latest(s.ShownAgain, d.Now)
	case (sameMakers || d.Late[now.Number]) &&
		!d.IsSignificant(now.Feed, before, &now.Entry, now == then && d.Reshaped[now.Number]):
	default:
		if !sameMakers || now != then {
			was := news.Shown{LeadItem: old.LeadItem, Makers: oldMakers, Modified: old.Modified}
			s.Earlier = append(s.Earlier[max(0, len(s.Earlier)-mostShown+1):len(s.Earlier):len(s.Earlier)], was)
		}
		if s.Modified = d.changedAt(&now.Entry, old.Published, old.Modified); !s.Modified.After(s.OutAt()) {
			s.ShownAgain = d.Now // it states a time from before it went out: readers have a later one
		}
	}
}

// modifiedSince returns what a story showed before, with the modifications that this visit brings to the
// items of that.
func (d Composer) modifiedSince(s *news.Story, earlier []news.Shown) []news.Shown {
	earlier = slices.Clone(earlier)
	for n := range earlier {
		was := &earlier[n]
		before, now := d.Before[was.LeadItem], s.Item(was.LeadItem)
		if before != nil && now != nil && d.IsSignificant(now.Feed, before, &now.Entry, d.Reshaped[was.LeadItem]) {
			was.Modified = d.changedAt(&now.Entry, s.Published, was.Modified)
		}
	}
	return earlier
}

// changedAt is when an entry was changed, as it states itself where that is later than other times and
// not ahead; otherwise it is the visit.
func (d Composer) changedAt(now *news.Entry, after ...time.Time) time.Time {
	if u := now.Updated; u.After(latest(after...)) && !u.After(d.Now) && admit.IsPlausible(u) {
		return u
	}
	return d.Now
}

// latest is the last of some times.
func latest(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }

// modifiedBefore is when a story that is not published yet was modified, as its maker's item says:
// quarter of an hour or more after its publication; zero where it does not. A carrier's date says
// when the carrier touched its copy.
func (d Composer) modifiedBefore(s *news.Story) time.Time {
	lead := s.Item(s.LeadItem)
	if lead == nil || s.Origin != nil && !s.Origin.Made(lead.Station) {
		return time.Time{}
	}
	if lead.TrustedUpdate.Sub(s.Published) < modifiedAfter {
		return time.Time{}
	}
	return lead.TrustedUpdate
}

// IsSignificant reports whether what readers see of an entry of a feed has changed by more than
// churn: a word of the headline or deck, a numeral, five words of the text, a picture, the audio,
// the byline, or a note of correction. The name of a house in headline or byline is none, nor is
// another query of the audio's address, nor a new form in which a feed gives all its texts.
func (d Composer) IsSignificant(feed string, a, b *news.Entry, reshaped bool) bool {
	switch {
	case !d.saySame(a.Title, b.Title), !d.haveSameBylines(a, b), !d.haveSameAudio(a, b):
		return true
	case d.firstImage(a) != d.firstImage(b) && !(reshaped && min(len(a.Images), len(b.Images)) == 0):
		return true
	case reshaped:
		return corrections(d.TextFeatures(b)) > corrections(evidence.Read(d.Directory, evidence.Body(a)))
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

// saySame reports whether two headlines differ by the name of a house at most.
func (d Composer) saySame(a, b string) bool {
	return slices.Equal(text.Words(a), text.Words(b)) ||
		slices.Equal(text.Words(d.WithoutHouses(a)), text.Words(d.WithoutHouses(b)))
}

// haveSameBylines reports whether the bylines of two entries differ by the names of houses at most.
func (d Composer) haveSameBylines(a, b *news.Entry) bool {
	return slices.EqualFunc(a.Authors, b.Authors, func(x, y news.Person) bool { return x.Name == y.Name }) ||
		slices.Equal(evidence.NamesWithoutHouses(d.Directory, a), evidence.NamesWithoutHouses(d.Directory, b))
}

// haveSameAudio reports whether the enclosures of two entries differ by their queries at most:
// sessions and tokens change with every visit.
func (d Composer) haveSameAudio(a, b *news.Entry) bool {
	files := func(e *news.Entry) []string {
		keys := d.EnclosureKeys(e)
		for n, key := range keys {
			keys[n], _, _ = strings.Cut(key, "?")
		}
		slices.Sort(keys)
		return slices.Compact(keys)
	}
	return slices.Equal(files(a), files(b))
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
		if furniture.IsCorrection(b.Text) {
			n++
		}
	}
	return n
}
