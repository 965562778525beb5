package identity

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// telling is an item with what is compared of it.
type telling struct {
	*news.Item
	key      string   // of its present link
	keys     []string // of all addresses of its own it has had: links, and guids on its station's hosts
	also     []string // addresses on its station's hosts that it claims: others may know it by them
	foreign  bool     // its present link is on somebody else's host
	globals  []string // forms under which its guids can be equal in several feeds
	sounds   []string // enclosure keys
	headline heading
	credit   creditOf
	node     *node
	oversize bool       // too many stories were reached from it
	near     []*telling // that may be the same story though neither claims the other

	persons    []string
	measured   bool     // what follows is computed
	paragraphs []string // of the text, without what surrounds it
	sample     []Key    // of its shingles
	set        []uint64 // all its shingles, once the text was compared
	count      int      // words of the text
	language   string
}

// tell prepares an item for comparison.
func (f *fold) tell(i *news.Item) *telling {
	t := &telling{Item: i, key: f.desk.key(i.Entry.URL), headline: f.headlineOf(i), foreign: f.desk.foreign(i.Entry.URL, i.Station)}
	for _, l := range i.Links {
		t.keys = append(t.keys, f.desk.key(l))
	}
	if !i.Reused && f.memoryOf(i.Feed).Untrusted.IsZero() {
		for _, g := range i.GUIDs {
			if isAddress(g) && f.desk.ownHost(g, i.Station) && !slices.Contains(t.keys, f.desk.key(g)) {
				t.keys = append(t.keys, f.desk.key(g))
			}
			if form := f.desk.global(g); form != "" && !slices.Contains(t.globals, form) {
				t.globals = append(t.globals, form)
			}
		}
	}
	for _, e := range i.Entry.Enclosures {
		if kind, _, _ := strings.Cut(e.Type, "/"); kind != "image" && kind != "text" && e.Type != "application/pdf" {
			t.sounds = append(t.sounds, f.desk.key(e.URL))
		}
	}
	for _, c := range i.Claims {
		if c.Last.IsZero() && f.desk.ownHost(c.URL, i.Station) && f.desk.identifies(c.Key) && !slices.Contains(t.keys, c.Key) {
			t.also = append(t.also, c.Key)
		}
	}
	t.credit = f.readCredit(i, f.prose(i))
	t.persons = f.desk.personsOf(&i.Entry)
	return t
}

// bareTitle is a headline without the station's own name at its end.
func (f *fold) bareTitle(i *news.Item) string {
	title := i.Entry.Title
	if s := f.desk.stations[i.Station]; s != nil {
		for _, separator := range []string{" | ", " - ", " – ", " — "} {
			if head, tail, ok := cutLast(title, separator); ok {
				if m, named := f.desk.names.whole(tail); named && m.Station == i.Station {
					title = head
				}
			}
		}
	}
	return title
}

func cutLast(text, separator string) (before, after string, found bool) {
	if at := strings.LastIndex(text, separator); at >= 0 {
		return text[:at], text[at+len(separator):], true
	}
	return text, "", false
}

// measure computes what is compared of the text: without credits, and without
// paragraphs that hold the desk's title or say where the story is from.
func (f *fold) measure(t *telling) {
	if t.measured {
		return
	}
	t.measured = true
	p := f.prose(t.Item)
	t.paragraphs = f.body(t.Feed, p)
	all := f.tokensOf(t)
	t.count = len(all)
	f.runs = shingles(f.runs[:0], all)
	t.sample = textKeys(f.runs)
	t.language = cmp.Or(primary(t.Language), languageOf(all), primary(pageLanguage(t.Item)), primary(t.Entry.Language))
}

// tokensOf are those of what is compared of the text, until the next are asked for.
func (f *fold) tokensOf(t *telling) []uint64 {
	f.tokens = f.tokens[:0]
	for _, paragraph := range t.paragraphs {
		f.tokens = tokens(f.tokens, paragraph)
	}
	return f.tokens
}

// shingles is the set of those of a measured text. Few texts are compared: those of
// the others are not kept.
func (f *fold) shingles(t *telling) []uint64 {
	if t.set == nil {
		t.set = setOf(shingles(nil, f.tokensOf(t)))
	}
	return t.set
}

// pageLanguage is the language that an item's page declares.
func pageLanguage(i *news.Item) string {
	if i.Page == nil {
		return ""
	}
	return i.Page.Language
}

// primary is the first subtag of a language: es of es-MX.
func primary(language string) string {
	tag, _, _ := strings.Cut(strings.ToLower(language), "-")
	return tag
}

// links reports whether an address is, or was, the telling's own.
func (t *telling) had(key string) bool { return slices.Contains(t.keys, key) }

// hours is how far the dates of two tellings lie apart, as stated; known is
// false where one has none.
func hours(a, b *telling) (time.Duration, bool) {
	s, t := stated(&a.Entry), stated(&b.Entry)
	if s.IsZero() || t.IsZero() {
		return 0, false
	}
	return s.Sub(t).Abs(), true
}

// fragmentOf parts a key at its fragment.
func fragmentOf(key string) (page, fragment string) {
	page, fragment, _ = strings.Cut(key, "#")
	return page, fragment
}

// compareTellings is the order that does not depend on when a feed was visited
// within a poll: settled earlier, then station, feed and guid.
func compareTellings(a, b *telling) int {
	return cmp.Or(cmp.Compare(a.Batch, b.Batch), strings.Compare(a.Station, b.Station),
		strings.Compare(a.Feed, b.Feed), strings.Compare(first(a.GUIDs), first(b.GUIDs)), strings.Compare(a.key, b.key),
		strings.Compare(a.Entry.Title, b.Entry.Title), slices.Compare(a.Entry.Digest[:], b.Entry.Digest[:]))
}

// earlier orders two times; what has none comes last.
func earlier(a, b time.Time) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
