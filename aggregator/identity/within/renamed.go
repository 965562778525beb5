package within

import (
	"maps"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// A page often gets another headline or date on its first day, and with it another address; where
// the GUID is the address, nothing is left of what an item is known by. What follows tells that an
// entry is an item that left the document in the visit before, by what their station wrote.

// LeftUnderHeadline returns the items of the last document that are under none of this one's GUIDs
// and addresses, and whose headline an entry that is to be matched has; where nothing else had that
// headline there.
func (doc *Document) LeftUnderHeadline() (items []uint64) {
	if !doc.Whole {
		return nil
	}
	titles := map[uint64]bool{}
	for _, e := range doc.Taken {
		titles[e.Mark.Title] = true
	}
	var under []visit.Mark // few: most entries that are to be matched are new
	count := map[uint64]int{}
	for _, mark := range doc.Memory.Marks {
		if titles[mark.Title] {
			under = append(under, mark)
			count[mark.Title]++
		}
	}
	if len(under) == 0 {
		return nil
	}
	shown := doc.shownNames()
	for _, mark := range under {
		if mark.Item != 0 && count[mark.Title] == 1 && !shown[mark.GUID] && !shown[mark.Link] {
			items = append(items, mark.Item)
		}
	}
	return items
}

// shownNames holds the hashes of the GUIDs and addresses of a document.
func (doc *Document) shownNames() map[uint64]bool {
	shown := map[uint64]bool{}
	for _, mark := range doc.Marks {
		shown[mark.GUID], shown[mark.Link] = true, true
	}
	delete(shown, noHash)
	return shown
}

// renamed grades an entry under another GUID and another address than an item that stood in the
// last document and has left it; 0 is none. Either their date is the same, nothing else has it, and
// their headlines are alike; or their headlines are equal, with a reporter, and the date moved on
// the item's first day. It is below any grade by I3's other cases.
func (m *matcher) renamed(e *Entry, i *news.Item) int {
	if e.GUID == "" || slices.Contains(i.GUIDs, e.GUID) || !m.doc.Whole || !m.haveSameAudio(e, i) {
		return 0
	}
	if !maps.Equal(text.Numerals(e.Title), text.Numerals(i.AsFed().Title)) {
		return 0 // another count, or another day's edition
	}
	reporter, contradicted := commonReporter(e.Entry, i.AsFed())
	if contradicted || !m.stood()[i.Number] {
		return 0
	}
	if sameMinute(e.Entry, i.AsFed()) {
		alike := text.HeadlineOf(e.Title).Similar(text.HeadlineOf(i.AsFed().Title))
		if m.haveMinuteAlone(e) && (alike >= renamedTitle || reporter && alike >= renamedTitleBy) {
			return 1 + m.countAgreements(e, i)
		}
		return 0
	}
	if reporter && m.wasMoved(e, i) {
		return 1 + m.countAgreements(e, i)
	}
	return 0
}

// wasMoved reports whether an entry with an item's headline is that item under a later date: on its
// first day, while an older entry shows that the item did not scroll off, and where nothing else in
// the document has the headline, which names no edition.
func (m *matcher) wasMoved(e *Entry, i *news.Item) bool {
	apart, dated := evidence.TimeApart(e.Entry, i.AsFed())
	within := reuseMoved
	if segment := lastSegment(e.Key); segment == lastSegment(m.d.Key(i.AsFed().URL)) &&
		strings.Count(segment, "-") >= renamedWords-1 {
		within = firstDay
	}
	if !dated || apart > within || m.doc.At.Sub(i.FirstSeen) > firstDay || e.Title != i.AsFed().Title ||
		!slices.Contains(m.known.left[e.Title], i) || text.HeadlineOf(e.Title).Count < renamedWords ||
		len(text.Numerals(e.Title)) > 0 {
		return false
	}
	older, shown, date := false, m.doc.shownNames(), i.AsFed().Stated().Unix()
	for _, mark := range m.doc.Memory.Marks {
		older = older || mark.Date != 0 && mark.Date < date && (shown[mark.GUID] || shown[mark.Link])
	}
	for place, mark := range m.doc.Marks {
		if mark.Title == e.Mark.Title && !slices.Contains(e.Places, place) {
			return false
		}
	}
	mine, its := wordsOf(e.Entry), wordsOf(i.AsFed())
	contradict := min(len(mine), len(its)) >= renamedLength && text.Containment(mine, its) < renamedText
	return older && !contradict
}

// wordsOf returns the hashes of an entry's words, each once.
func wordsOf(e *news.Entry) []uint64 {
	return text.Set(text.Tokens(nil, markup.Text(evidence.Body(e))))
}

// haveMinuteAlone reports whether an entry and one known item alone have the minute of its date.
func (m *matcher) haveMinuteAlone(e *Entry) bool {
	if len(m.known.ofMinute(m.known.minute, "", e.Entry)) != 1 {
		return false
	}
	for place, mark := range m.doc.Marks {
		if mark.Date/60 == e.Mark.Date/60 && !slices.Contains(e.Places, place) {
			return false
		}
	}
	return true
}

// stood holds the items of the last document.
func (m *matcher) stood() map[uint64]bool {
	if m.stoodLast == nil {
		m.stoodLast = map[uint64]bool{}
		for _, mark := range m.doc.Memory.Marks {
			m.stoodLast[mark.Item] = true
		}
	}
	return m.stoodLast
}

// commonReporter reports whether two entries name a person in common, and whether each names persons
// and they have none in common.
func commonReporter(a, b *news.Entry) (common, contradicted bool) {
	names := func(e *news.Entry) (list []string) {
		for _, p := range e.Authors {
			if name := strings.Join(text.Words(text.WithoutDiacritics(p.Name)), " "); strings.Contains(name, " ") {
				list = append(list, name)
			}
		}
		return list
	}
	x, y := names(a), names(b)
	common = slices.ContainsFunc(x, func(name string) bool { return slices.Contains(y, name) })
	return common, !common && len(x) > 0 && len(y) > 0
}

// Limits of what is taken for a page under another headline or address.
const (
	renamedTitle   = .6 // of the headlines agrees where the date is the same,
	renamedTitleBy = .4 // or that much, where a reporter is the same as well
	renamedWords   = 5  // that a headline has which tells by itself
	renamedLength  = 20 // words that texts have which are compared,
	renamedText    = .5 // that must agree

	firstDay = 24 * time.Hour // in which pages are corrected so
)
