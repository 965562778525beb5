package within

import (
	"slices"
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// matcher compares the entries of a document with the items that its feed had.
type matcher struct {
	d       *directory.Directory
	doc     *Document
	own     []*news.Item // of the feed, that entries could be
	known   *knownItems
	trusted bool // the feed's GUIDs identify
	item    map[*Entry]*news.Item
	section map[*Entry]*news.Item    // items that entries show under another section
	taken   map[uint64]bool          // items that an entry was found to be, though it was doubted later
	runs    map[*news.Entry][]uint64 // of the texts that were compared

	stoodLast map[uint64]bool // items of the last document; nil until it is asked for
}

func (m *matcher) identifies(key string) bool {
	return Identifies(m.d, m.doc.Arrival, m.doc.Memory, key)
}

func (m *matcher) hadAddress(i *news.Item, key string) bool {
	return key != "" && slices.Contains(m.known.addresses[i.Number], key)
}

func (m *matcher) haveSameAudio(e *Entry, i *news.Item) bool {
	return slices.Equal(e.Audio, m.d.EnclosureKeys(i.AsFed()))
}

// textsAlike reports whether the text of an entry is that of an item (C5 of .9).
func (m *matcher) textsAlike(e *Entry, i *news.Item) bool {
	return text.Containment(m.textRunsOfEntry(e.Entry), m.textRunsOfEntry(i.AsFed())) >= sameText
}

func (m *matcher) textRunsOfEntry(e *news.Entry) []uint64 {
	runs, ok := m.runs[e]
	if !ok {
		runs = text.Set(text.Shingles(nil, text.Tokens(nil, markup.Text(evidence.Body(e)))))
		m.runs[e] = runs
	}
	return runs
}

// sameMinute reports whether two entries state one date, to the minute.
func sameMinute(a, b *news.Entry) bool {
	s, t := a.Stated(), b.Stated()
	return !s.IsZero() && !t.IsZero() && s.Unix()/60 == t.Unix()/60
}

// timeBetweenDates is how far the dates of two entries lie apart, to the minute; 0 where one of
// them has none.
func timeBetweenDates(a, b *news.Entry) time.Duration {
	apart, _ := evidence.TimeApart(a, b)
	if sameMinute(a, b) {
		return 0
	}
	return apart
}

// sameSegment reports whether two keys end in the same path segment, and that is a telling one.
func sameSegment(a, b string) bool {
	s := lastSegment(a)
	return len(s) > 3 && s == lastSegment(b)
}

func (m *matcher) countAgreements(e *Entry, i *news.Item) int {
	return countTrue(m.hadAddress(i, e.Key), e.Title == i.AsFed().Title, sameMinute(e.Entry, i.AsFed()),
		m.haveSameAudio(e, i))
}

func countTrue(conditions ...bool) (n int) {
	for _, holds := range conditions {
		if holds {
			n++
		}
	}
	return n
}

// isSameItem is I1, I2 and the first case of I4.
func (m *matcher) isSameItem(e *Entry, i *news.Item) bool {
	switch {
	case e.GUID == "":
		return m.identifies(e.Key) && m.hadAddress(i, e.Key)
	case !slices.Contains(i.GUIDs, e.GUID):
		return false
	case m.trusted:
		return true
	case m.identifies(e.Key):
		return m.hadAddress(i, e.Key)
	}
	return m.hadAddress(i, e.Key) && e.Title == i.AsFed().Title && sameMinute(e.Entry, i.AsFed())
}
