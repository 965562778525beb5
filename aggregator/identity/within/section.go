package within

import (
	"slices"
	"strings"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// Some systems show a story under two sections of one feed, at two addresses with two GUIDs. It is one
// item, which keeps all of them.

// sectionWords is how many words a text has by which two entries of one minute and headline are one.
const sectionWords = 80

// foldSections makes one of the entries of a document that show one story at several addresses: of
// one minute, headline, audio and text.
func (doc *Document) foldSections(taken []*Entry) []*Entry {
	type look struct {
		minute int64
		title  uint64
	}
	count, doubled := map[look]int{}, false
	lookOf := func(e *Entry) look { return look{e.Mark.Date / 60, e.Mark.Title} }
	for _, e := range taken {
		count[lookOf(e)]++
		doubled = doubled || count[lookOf(e)] > 1
	}
	if !doubled {
		return taken
	}
	stood := map[uint64]bool{}
	for _, mark := range doc.Memory.Marks {
		stood[mark.GUID] = stood[mark.GUID] || mark.Item != 0
	}
	first := map[string]*Entry{}
	return slices.DeleteFunc(taken, func(e *Entry) bool {
		if e.Mark.Date == 0 || count[lookOf(e)] < 2 {
			return false
		}
		words := wordsOfText(e.Entry)
		if len(words) < sectionWords {
			return false
		}
		id := e.Title + "\n" + strings.Join(e.Audio, "\n") + "\n\n" + strings.Join(words, " ")
		twin := first[id]
		if twin == nil || !sameMinute(e.Entry, twin.Entry) {
			first[id] = e
			return false
		}
		// What the last document had leads, then the address that comes first: so the story's link does
		// not change with every edit.
		leads := evidence.CompareBool(stood[e.Mark.GUID], stood[twin.Mark.GUID])
		if leads < 0 || leads == 0 && strings.Compare(e.URL+"\n"+e.GUID, twin.URL+"\n"+twin.GUID) < 0 {
			other := *twin
			twin.Entry, twin.GUID, twin.Key, twin.Mark = e.Entry, e.GUID, e.Key, e.Mark
			twin.Also = append(twin.Also, Name{other.GUID, other.URL, other.Key})
		} else {
			twin.Also = append(twin.Also, Name{e.GUID, e.URL, e.Key})
		}
		twin.Places = append(twin.Places, e.Places...)
		twin.NewlyTaken = twin.NewlyTaken && e.NewlyTaken
		return true
	})
}

func wordsOfText(e *news.Entry) []string { return text.Words(markup.Text(evidence.Body(e))) }

// findSections finds the entries that show an item under another section than the entry that was found
// to be the item. Of the two, the one that was edited is the item.
func (m *matcher) findSections() {
	for _, e := range m.doc.Taken {
		if m.item[e] != nil {
			continue
		}
		i := m.sectionOf(e)
		if i == nil {
			continue
		}
		m.section[e] = i
		for _, other := range m.doc.Taken {
			if m.item[other] == i && saySame(other.Entry, i.AsFed()) && !saySame(e.Entry, i.AsFed()) {
				m.item[e], m.section[other] = i, i
				delete(m.item, other)
				delete(m.section, e)
				break
			}
		}
	}
}

func saySame(a, b *news.Entry) bool {
	return a.Title == b.Title && slices.Equal(wordsOfText(a), wordsOfText(b))
}

// sectionOf returns the item that an entry shows under another section of the document, where another
// entry shows it as well; nil where there is none. An item that was known by both keeps both while
// the one is behind the other by an edit.
func (m *matcher) sectionOf(e *Entry) *news.Item {
	for _, i := range m.known.inOrder(m.known.ofMinute(m.known.headline, e.Title, e.Entry), m.known.guid[e.GUID]) {
		if !m.taken[i.Number] && !m.doc.Unchanged[i.Number] || !sameMinute(e.Entry, i.AsFed()) {
			continue
		}
		words := wordsOfText(e.Entry)
		known := e.GUID != "" && m.isSameItem(e, i)
		switch {
		case known && (e.Title == i.AsFed().Title || m.textsAlike(e, i)),
			e.Title == i.AsFed().Title && m.haveSameAudio(e, i) && len(words) >= sectionWords &&
				slices.Equal(words, wordsOfText(i.AsFed())):
			return i
		}
	}
	return nil
}
