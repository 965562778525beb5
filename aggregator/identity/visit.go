package identity

import (
	"maps"
	"slices"
	"time"

	"fronteras/aggregator/identity/absence"
	"fronteras/aggregator/identity/admit"
	"fronteras/aggregator/identity/compose"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/gather"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/identity/within"
	"fronteras/aggregator/news"
)

// keptMatchOrNew says which entries of a document are which known items: as Ask found, if nothing
// else was saved of the feed since.
func keptMatchOrNew(s *gather.Source, doc *within.Document) *visit.Match {
	if m := doc.Match; m != nil && m.Revision == doc.Memory.Revision {
		return m
	}
	items := s.Under(doc.Keys(s.Directory))
	for _, i := range s.Items(doc.LeftUnderHeadline()) {
		if !slices.ContainsFunc(items, func(known *news.Item) bool { return known.Number == i.Number }) {
			items = append(items, i)
		}
	}
	return within.Match(s.Reader, doc, s.Recalled(doc.Feed.URL, items, doc.GUIDs(), doc.Addresses()))
}

// readings is what the article pages of known items said that were read for a visit.
type readings struct {
	before map[uint64]*news.Entry // by item: what its entry was, where it may have been corrected
	gone   []uint64               // items whose pages are not found
	next   map[uint64]time.Time   // by item: when its page is read next
	late   map[uint64]bool        // items whose pages were read for the first time
}

// applyReadings puts what article pages said into the known items that they were read for.
func applyReadings(s *gather.Source, doc *within.Document, common admit.Articles) readings {
	r := readings{before: map[uint64]*news.Entry{}, next: map[uint64]time.Time{},
		late: map[uint64]bool{}}
	if !doc.Feed.WholePages {
		return r
	}
	for _, h := range doc.Heads {
		if h.Item == 0 || h.Check {
			continue
		}
		changed, before, gone := admit.ApplyReading(s.Reader, doc, common, s.Item(h.Item), h.Page)
		if gone {
			if suspected := absence.SuspectByPage(changed, h.Page, doc.At); suspected != nil {
				changed = suspected
				r.gone = append(r.gone, h.Item)
			}
		} else if cleared := absence.ClearByPage(s.Directory, doc, changed, h.Page); cleared != nil {
			changed = cleared
		}
		s.Write(changed)
		r.next[h.Item] = changed.Page.Reading.Next
		if before != nil {
			r.before[h.Item] = before
		} else {
			r.late[h.Item] = true
		}
	}
	return r
}

// publishAwaiting ends the holds of the items that waited for this visit, whether or not their pages
// were reached.
func publishAwaiting(s *gather.Source, doc *within.Document, m visit.Memory) visit.Memory {
	if doc.Pushed {
		return m
	}
	for _, n := range doc.Memory.Awaiting {
		s.Write(admit.MayPublish(s.Item(n)))
	}
	m.Awaiting = slices.DeleteFunc(slices.Clone(m.Awaiting), func(n uint64) bool {
		return slices.Contains(doc.Memory.Awaiting, n)
	})
	return m
}

// dropStaleReadings takes the pages out of a memory that are due and not to be read any more: their
// items are old, or have been read often enough.
func dropStaleReadings(s *gather.Source, doc *within.Document, m visit.Memory) visit.Memory {
	if !doc.Feed.WholePages {
		m.Readings = nil
		return m
	}
	due := slices.Clone(m.Unasked)
	for _, r := range m.Readings {
		if !r.Due.After(doc.At) {
			due = append(due, r.Item)
		}
	}
	readable := 0
	for _, n := range due {
		if _, may := within.ArticleQuestion(s.Directory, doc.Arrival, m, s.Item(n)); !may {
			m.NotePageRead(n)
			m.PlanReading(n, time.Time{})
		} else if readable++; readable == maxQuestions {
			break
		}
	}
	return m
}

// askForArticles notes, where a feed's article pages are read from now on, that those of the items in
// its document are to be read.
func askForArticles(doc *within.Document, written admit.Written, present map[uint64]bool,
	m visit.Memory) visit.Memory {
	if doc.Feed.WholePages && !m.Articles && !m.Since.IsZero() {
		fresh := map[uint64]bool{}
		for _, i := range written.New {
			fresh[i.Number] = true
		}
		for _, n := range slices.Backward(slices.Sorted(maps.Keys(present))) {
			if n != 0 && !fresh[n] && len(m.Unasked) < visit.MaxUnasked && !slices.Contains(m.Unasked, n) {
				m.Unasked = append(slices.Clip(m.Unasked), n)
			}
		}
	}
	m.Articles = doc.Feed.WholePages
	return m
}

// forgetArticles gives the items of a document their feed's entries back where the article pages of
// the feed are not read any more: the station may have taken its consent back.
func forgetArticles(s *gather.Source, doc *within.Document, present map[uint64]bool) {
	if doc.Feed.WholePages || !doc.Memory.Articles {
		return
	}
	none := func(string) admit.Articles { return admit.Articles{} } // nothing of them is used
	for _, n := range slices.Sorted(maps.Keys(present)) {
		if n != 0 {
			s.Write(admit.MergeArticleAgain(s.Reader, none, s.Item(n)))
		}
	}
}

// writeEntries puts a document's entries into the items that they are, makes items of the rest, and
// holds what a wire's notices among them withdraw. It returns the feed's memory then.
func writeEntries(s *gather.Source, doc *within.Document, match *visit.Match,
	maxAge time.Duration) (admit.Written, visit.Memory) {
	var remembered []visit.Paragraph
	if doc.Feed.WholePages {
		remembered = s.Paragraphs(doc.Feed.URL)
	}
	common := admit.ArticlesOf(doc, remembered)
	read := applyReadings(s, doc, common)
	admitted, m := admit.Decide(doc, match, maxAge)
	if match.Distrust {
		m.Untrusted = doc.At
	}
	m.Reused = m.Reused || len(match.Reused) > 0 && m.Untrusted.IsZero()
	m.AddUnidentified(match.Shared)
	m.RaiseFlag(match.FeedFlags...)
	written, m := admit.WriteItems(s.Reader, doc, match, m, common, admitted,
		s.ByNumber(slices.Collect(maps.Values(match.Items))),
		s.NextItem, s.Batch, s.Ruled())
	s.Write(written.Items...)
	for n, before := range read.before {
		written.Before[n] = before
	}
	written.Late = read.late
	for n, next := range read.next {
		m.PlanReading(n, next)
		m.NotePageRead(n)
	}
	for _, n := range read.gone {
		m.WatchItem(n)
	}
	m = dropStaleReadings(s, doc, publishAwaiting(s, doc, m))
	if !m.Day.Began.Equal(doc.Memory.Day.Began) { // once a day
		m.Waiting = slices.DeleteFunc(slices.Clone(m.Waiting), func(n uint64) bool {
			i := s.Item(n)
			return i.Hold == nil || admit.ExpireHold(i, s.Now) != nil
		})
	}
	if doc.Whole && len(m.Waiting)+len(written.Postponed) == 0 {
		m.ClearFlags(news.FlagFlood)
	}
	m, redate := admit.EstimateClockOffset(doc, m, written.New)
	for _, i := range s.Items(redate) {
		s.Write(admit.RedateItems(doc, m.Offset, i))
	}
	learnFrom := written.Items
	for n := range read.next {
		if !slices.ContainsFunc(learnFrom, func(i *news.Item) bool { return i.Number == n }) {
			learnFrom = append(slices.Clip(learnFrom), s.Item(n))
		}
	}
	if len(learnFrom) > 0 {
		m.Learned = admit.LearnedParagraphs(s.Reader, learnFrom)
		m.Paragraphs = visit.MergeParagraphs(s.Paragraphs(doc.Feed.URL), m.Learned)
	}
	s.Keep(doc.Feed.URL, m)
	for _, i := range written.Items {
		applyKillNotice(s, s.Item(i.Number))
	}
	return written, m
}

// applyKillNotice acts on an item that is a wire's notice: its source's stories with a similar
// headline wait for an editor, with every item of theirs.
func applyKillNotice(s *gather.Source, i *news.Item) {
	headline, is := admit.KilledHeadline(&i.Entry, s.TextFeatures(&i.Entry))
	if !is {
		return
	}
	s.Write(admit.HoldKillNotice(i, s.Now))
	for _, o := range s.Under(evidence.WireKeys(s.Evidence(i).Credit, headline.Words)) {
		if o.Number == i.Number || !admit.MeansHeadline(headline, s.Headline(o)) {
			continue
		}
		for _, held := range append([]*news.Item{o}, s.StoryItems(o)...) {
			s.Write(admit.HoldKilled(s.Item(held.Number), i.Number, s.Now))
		}
	}
}

// processAbsences reads the heads of pages that came late, and decides on what the document takes
// back or lacks, and on what was missing before. It returns the feed's memory then, and by item
// what a feed not theirs calls deleted.
func processAbsences(s *gather.Source, doc *within.Document, m visit.Memory,
	present map[uint64]bool) (visit.Memory, map[uint64]string) {
	for _, h := range doc.Heads {
		if h.Item != 0 && !h.Check && !doc.Feed.WholePages {
			s.Write(admit.ApplyLatePage(s.Reader, s.Item(h.Item), h.Page, s.Now))
			m.NotePageRead(h.Item)
		}
	}
	v := absence.Visit{Document: doc, Present: present, Missing: absence.Missing(doc, present)}
	foreign := map[uint64]string{}
	for _, gone := range doc.Deleted {
		items := s.Under(key.GUID(s.Directory, doc.Feed.URL, gone.Ref))
		items = s.Recalled(doc.Feed.URL, items, []string{gone.Ref}, nil)
		deleted, watch, others := absence.Delete(v, gone, items)
		for _, i := range deleted { // what was recalled of it is not for its record
			i.GUIDs, i.Links = s.Item(i.Number).GUIDs, s.Item(i.Number).Links
		}
		s.Write(deleted...)
		for _, n := range watch {
			m.WatchItem(n)
		}
		for _, n := range others {
			foreign[n] = gone.Ref
		}
	}
	changed, m := absence.Next(s.Directory, v, m, s.ByNumber(v.Concerns(m)))
	s.Write(changed...)
	return m, foreign
}

// itemsUnderWatch returns the items of the feed that are missing, or back, and not decided on.
func itemsUnderWatch(s *gather.Source, doc *within.Document, match *visit.Match, present map[uint64]bool) []uint64 {
	m := doc.Memory
	for _, n := range absence.Missing(doc, present) {
		m.WatchItem(n)
	}
	for _, e := range doc.Taken {
		if n := match.Items[e.Places[0]]; n != 0 && s.Item(n).Absence != nil {
			m.WatchItem(n)
		}
	}
	return m.Watched
}

// asReadNow gives what the entries of written items were before a visit as if they had been what they
// are now.
func asReadNow(s *gather.Source, written admit.Written) map[uint64]*news.Entry {
	before := map[uint64]*news.Entry{}
	for n := range written.Before {
		before[n] = &s.Item(n).Entry
	}
	return before
}

// reshapedItems returns the written items whose feed gives its texts in another form now. Other items
// that its document shows are read only where one of the written may be such.
func reshapedItems(s *gather.Source, n *evidence.Neighborhood, doc *within.Document, written admit.Written,
	present map[uint64]bool) map[uint64]bool {
	var edits []compose.Edit
	fresh, mayBe := map[uint64]bool{}, false
	for _, i := range written.New {
		fresh[i.Number] = true
	}
	for _, i := range written.Items {
		if before := written.Before[i.Number]; before != nil {
			edits = append(edits, compose.Edit{Item: i.Number, Before: before, Now: &i.Entry})
			mayBe = mayBe || compose.MayBeReshaped(before, &i.Entry)
		}
	}
	if !doc.Whole || !mayBe {
		return nil
	}
	var others []*news.Entry
	for number := range present {
		if number != 0 && written.Before[number] == nil && !fresh[number] {
			others = append(others, &s.Item(number).Entry)
		}
	}
	return compose.Reshaped(s.Reader, n.Feeds[doc.Feed.URL].Recurring, edits, others)
}

// flagDoubts shows an editor the entries that look like an item of their own document, and the
// items that a feed not theirs calls deleted.
func flagDoubts(n *evidence.Neighborhood, doc *within.Document, match *visit.Match, written admit.Written,
	foreign map[uint64]string) {
	flag := func(item uint64, kind news.FlagKind, with, why string) {
		n.Flags[item] = append(n.Flags[item], news.Flag{Kind: kind, With: with, Why: why, When: n.Now})
	}
	for _, twin := range match.Twins {
		flag(written.Places[twin.Place], news.FlagSameFeed, twin.With,
			"the same feed also shows "+evidence.Quote(twin.Title)+", much like it, under another GUID or address: "+
				"join them if they are one")
	}
	for item, ref := range foreign {
		flag(item, news.FlagWithdrawn, doc.Feed.URL,
			"that feed says that "+ref+" is deleted, which is not its own: nothing is done")
	}
}
