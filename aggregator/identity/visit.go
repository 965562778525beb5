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

// writeEntries puts a document's entries into the items that they are, makes items of the rest, and
// holds what a wire's notices among them withdraw. It returns the feed's memory then.
func writeEntries(s *gather.Source, doc *within.Document, match *visit.Match,
	maxAge time.Duration) (admit.Written, visit.Memory) {
	admitted, m := admit.Decide(doc, match, maxAge)
	if match.Distrust {
		m.Untrusted = doc.At
	}
	m.Reused = m.Reused || len(match.Reused) > 0 && m.Untrusted.IsZero()
	m.AddUnidentified(match.Shared)
	m.RaiseFlag(match.FeedFlags...)
	written, m := admit.WriteItems(s.Reader, doc, match, m, admitted,
		s.ByNumber(slices.Collect(maps.Values(match.Items))),
		s.NextItem, s.Batch, s.Ruled())
	s.Write(written.Items...)
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
	if len(written.Items) > 0 {
		m.Learned = admit.LearnedParagraphs(s.Reader, written.Items)
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
			s.Write(admit.HoldItem(s.Item(held.Number), news.HoldKill, s.Now))
		}
	}
}

// processAbsences reads the heads of pages that came late, and decides on what the document takes
// back or lacks, and on what was missing before. It returns the feed's memory then, and by item
// what a feed not theirs calls deleted.
func processAbsences(s *gather.Source, doc *within.Document, m visit.Memory,
	present map[uint64]bool) (visit.Memory, map[uint64]string) {
	for _, h := range doc.Heads {
		if h.Item != 0 && !h.Check {
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
