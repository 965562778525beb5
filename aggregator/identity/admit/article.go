package admit

import (
	"net/http"
	"slices"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/identity/within"
	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/merge"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// rereadAfter are the times after the first reading of an article page at which it is read again for
// corrections, in intervals between two visits.
var rereadAfter = []time.Duration{4, 24, 96}

// Articles is what is known of the article pages of a feed besides each: what they have in common.
type Articles struct {
	Recurring []uint64 // what three of them show, as [merge.Marks]: none of their stories'
	Shared    []uint64 // the texts that two items have, as [merge.TextMark]: walls, and errors
}

// ArticlesOf returns what the article pages of a document's feed have in common, given what is
// remembered of the feed. The pages that were read for the document count.
func ArticlesOf(doc *within.Document, remembered []visit.Paragraph) Articles {
	if !doc.Feed.WholePages {
		return Articles{}
	}
	var read []visit.Paragraph
	for _, h := range doc.Heads {
		if h.Page.Article == nil {
			continue
		}
		item := h.Item
		if item == 0 {
			item = unnumbered + uint64(h.Place)
		}
		read = append(read, paragraphsOfArticle(item, h.Page.Article)...)
	}
	return InCommon(visit.MergeParagraphs(slices.Clone(remembered), read))
}

// InCommon returns what the article pages of a feed have in common, given what is remembered of it.
func InCommon(remembered []visit.Paragraph) Articles {
	return Articles{Recurring: visit.Recurring(remembered), Shared: visit.SharedTexts(remembered)}
}

// unnumbered stands in front of the place of a new entry, where it has no number yet.
const unnumbered = 1 << 62

// paragraphsOfArticle returns what may recur of an item's article page.
func paragraphsOfArticle(item uint64, a *news.Article) (list []visit.Paragraph) {
	for _, mark := range merge.Marks(a) {
		list = append(list, visit.Paragraph{Item: item, Hash: mark})
	}
	if whole := merge.TextMark(a); whole != 0 {
		list = append(list, visit.Paragraph{Item: item, Hash: whole})
	}
	return list
}

// MergeArticle gives an item the entry that its feed has, with what its article page adds to it. It
// notes in the item's page whether the page's text is used. Where the feed's pages are not read, or
// not this one, the entry is the feed's.
func MergeArticle(r *evidence.Reader, common Articles, i news.Item, fed news.Entry) news.Item {
	known := i.Entry.Enclosures
	i.Entry, i.FromFeed = fed, nil
	if i.Page != nil && i.Page.Article != nil {
		page := *i.Page
		i.Page = &page
		page.Verdict, page.Refusal = "", ""
		if r.ReadsArticles(i.Feed) {
			a := merge.Without(page.Article, common.Recurring)
			use := useOfArticle(r, common, &i, &page, fed, a)
			if page.Verdict != news.VerdictUsed {
				bare := *a
				bare.Entry.Content, a = "", &bare
			}
			own := fed
			if (use == merge.UseAll || use == merge.UseFields) && r.NamesPartner(i.Station, &a.Entry) {
				own = merge.WithByline(fed, a)
			}
			if i.Entry = merge.Entry(own, a, use); use != merge.UseNothing {
				i.FromFeed = &fed
			}
		}
	}
	i.Entry.Enclosures = withKnownLengths(i.Entry.Enclosures, known)
	return i
}

// useOfArticle decides what of an article goes into an item's entry, and writes the verdict into the
// item's page.
func useOfArticle(r *evidence.Reader, common Articles, i *news.Item, page *news.Page, fed news.Entry,
	a *news.Article) merge.Use {
	page.Verdict, page.Refusal = merge.Judge(&fed, a)
	_, shared := slices.BinarySearch(common.Shared, merge.TextMark(page.Article))
	switch {
	case leadsNowhere(r, page.Moved):
		page.Verdict = news.VerdictWrong
		page.Refusal = "its address leads to " + link.Redact(page.Moved) + ", which shows no story"
		return merge.UseNothing
	case shared && page.Article.Entry.Content != "":
		page.Verdict, page.Refusal = news.VerdictWrong, "another item of the feed has a page with the same text"
		return merge.UseNothing
	case page.Verdict == news.VerdictWrong:
		return merge.UseNothing
	}
	use := merge.UseFields
	if page.Verdict == news.VerdictUsed {
		use = merge.UseAll
	}
	if maker := r.OutsideMaker(i, merge.Entry(fed, a, merge.UseAll), a.Entry); maker != "" {
		page.Refusal = evidenceAlone(maker)
		return merge.UseEvidence
	}
	return use
}

// leadsNowhere reports whether a page's address leads to one that shows no story, such as the home page.
func leadsNowhere(r *evidence.Reader, moved string) bool {
	key := r.Key(moved)
	return moved != "" && (!r.Identifies(key) || link.IsRoot(key))
}

// evidenceAlone says why nothing of a page is published that shows a maker's story.
func evidenceAlone(maker string) string {
	return "the story is " + maker + "'s: the page is evidence alone"
}

// WhyEvidenceAlone says, of an article page of a station, whose story it shows if that is a source
// outside the desk; "" where it is not, and the page is published. It knows the page, and not what a
// feed says.
func WhyEvidenceAlone(r *evidence.Reader, station string, page news.Page) string {
	i := news.Item{Station: station, Entry: page.Article.Entry, Page: &page}
	if maker := r.OutsideMaker(&i, i.Entry, i.Entry); maker != "" {
		return evidenceAlone(maker)
	}
	return ""
}

// ApplyReading gives a known item what its article page said when it was read again, or late. It
// returns the item, what its entry was before where the reading may be a correction, and nil where
// its text came late; and whether the page says that the story is gone.
func ApplyReading(r *evidence.Reader, doc *within.Document, common Articles, i *news.Item,
	read news.Page) (changed *news.Item, before *news.Entry, gone bool) {
	now := *i
	first := i.Page == nil || i.Page.Article == nil
	page := read
	if i.Page != nil {
		page.Reading = i.Page.Reading
	}
	page.Reading.Count++
	gone = !first && (read.Status == http.StatusNotFound || read.Status == http.StatusGone ||
		leadsNowhere(r, read.Moved))
	keep := func() { // what was read before stays
		old := *i.Page
		old.Asked, old.Reading = read.Asked, page.Reading
		page = old
	}
	switch {
	case first:
	case read.Article == nil, gone:
		keep()
	default:
		was, is := i.Page.Article, read.Article
		differs := merge.TextMark(was) != merge.TextMark(is)
		switch doubtful := isDoubtful(common, i, was, is); {
		case doubtful && !page.Reading.SetAside:
			page.Reading.SetAside = true
			keep()
		case differs && !page.Reading.Restarted:
			page.Reading.SetAside, page.Reading.Restarted = false, true
			page.Reading.Series, page.Reading.Step = doc.At, 0
		default:
			page.Reading.SetAside = false
		}
	}
	page.Reading = nextReading(page.Reading, doc.At, doc.Feed.Every)
	now.Page = &page
	now = MergeArticle(r, common, now, *i.AsFed())
	now.Claims = evidence.UpdateClaims(r.Directory, &now, r.TextFeatures(&now.Entry), doc.At)
	if !first {
		before = &i.Entry
	}
	return &now, before, gone
}

// isDoubtful reports whether a further reading of an article may be a fault of the page: it would not
// be used, has under half of the words, or only lacks paragraphs of what was read before.
func isDoubtful(common Articles, i *news.Item, was, is *news.Article) bool {
	if i.Page.Verdict != news.VerdictUsed {
		return false
	}
	if verdict, _ := merge.Judge(i.AsFed(), merge.Without(is, common.Recurring)); verdict != news.VerdictUsed {
		return true
	}
	return 2*is.Words < was.Words || onlyCuts(was, is)
}

// onlyCuts reports whether a text has nothing that another had not, and less.
func onlyCuts(was, is *news.Article) bool {
	had := map[uint64]bool{}
	for _, b := range markup.Blocks(was.Entry.Content) {
		had[text.Hash(b.Text)] = true
	}
	blocks := markup.Blocks(is.Entry.Content)
	return len(blocks) < len(had) && !slices.ContainsFunc(blocks, func(b markup.Block) bool {
		return !had[text.Hash(b.Text)]
	})
}

// BeginReadings notes the first reading of an item's article page.
func BeginReadings(page *news.Page, at time.Time, every time.Duration) {
	page.Reading = nextReading(news.Reading{Count: 1}, at, every)
}

// nextReading says when an article page is read next, after a reading.
func nextReading(r news.Reading, at time.Time, every time.Duration) news.Reading {
	if r.Series.IsZero() {
		r.Series = at
	}
	r.Next = time.Time{}
	for r.Step < len(rereadAfter) && !r.Series.Add(rereadAfter[r.Step]*every).After(at) {
		r.Step++
	}
	if r.Step < len(rereadAfter) && r.Count < within.MaxReadings {
		r.Next = r.Series.Add(rereadAfter[r.Step] * every)
	}
	return r
}

// MayPublish ends the hold of an item that waited for its page; nil where it has none.
func MayPublish(i *news.Item) *news.Item {
	if i.Hold == nil || i.Hold.Kind != news.HoldPage {
		return nil
	}
	free := *i
	free.Hold = nil
	return &free
}

// MergeArticleAgain gives an item the entry that the current rules and the current configuration make
// of what its feed and its article page said; nil where it is the one that it has. What the pages of a
// feed have in common is given by its address.
func MergeArticleAgain(r *evidence.Reader, common func(feed string) Articles, i *news.Item) *news.Item {
	if i.Page == nil || i.Page.Article == nil {
		return nil
	}
	again := MergeArticle(r, common(i.Feed), *i, *i.AsFed())
	if again.Entry.Digest == i.Entry.Digest && again.Page.Verdict == i.Page.Verdict &&
		again.Page.Refusal == i.Page.Refusal {
		return nil
	}
	return &again
}
