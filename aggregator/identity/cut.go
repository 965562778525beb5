package identity

import (
	"regexp"
	"slices"
	"strings"

	"fronteras/aggregator/news"
)

// Bounds of what is remembered of a feed's paragraphs.
const (
	rememberedItems      = 200
	rememberedParagraphs = 2000
	recurring            = 3 // items that have a paragraph make it the feed's, not the story's
)

// longestFurniture is the most words that furniture has.
const longestFurniture = 40

// furniture are paragraphs that surround a story's text and are none of it:
// rights, the maker of a picture, newsletters, players, dates and counters.
var furniture = []struct {
	words   int // longer paragraphs are text
	pattern *regexp.Regexp
	one     []string // what the pattern matches holds one of these; nil: it looks at the beginning alone
}{
	{40, regexp.MustCompile(`(?i)^(?:©|\(c\)|copyright\b)|\ball rights reserved\b|\btodos los derechos reservados\b`), []string{"©", "(c)", "copyright", "rights reserved", "derechos reservados"}},
	{25, regexp.MustCompile(`(?i)^(?:photo(?:graph)?s?|images?|pictures?|courtesy|fotos?|imagen|cortesía)\b[^.]{0,20}(?:\bby\b|\bcredits?\b|\bcourtesy\b|\bof\b|\bpor\b|\bde\b|:)`), nil},
	{40, regexp.MustCompile(`(?i)\b(?:newsletters?|sign up|subscribe|suscríb\w*|boletín)\b`), []string{"newsletter", "sign up", "subscribe", "suscr", "bolet"}},
	{25, regexp.MustCompile(`(?i)^(?:[▶►]\s*)?(?:listen|hear|download|play|escuch[ae]\w*|descarg\w+)\b`), nil},
	{14, regexp.MustCompile(`(?i)^(?:last )?(?:updated|published|posted|actualizad[oa]|publicad[oa])\b(?:[^.]*\d|:)`), nil},
	{6, regexp.MustCompile(`(?i)^[\d.,]+k?\s+(?:comments?|shares?|views?|likes?|reads?|comentarios?|vistas?)$`), nil},
	{6, regexp.MustCompile(`(?i)^(?:comments?|shares?|views?|likes?|comentarios?|vistas?)\s*[:(]?\s*[\d.,]+\)?$`), nil},
}

// furnishes reports whether a paragraph is none of the story's text.
func furnishes(text string, p *pairs) bool {
	count := strings.Count(text, " ") + 1
	if count > longestFurniture {
		return false
	}
	for _, f := range furniture {
		if count <= f.words && (f.one == nil || p.hold(f.one)) && f.pattern.MatchString(text) {
			return true
		}
	}
	return false
}

// body are the blocks of an item's text that are compared: without credits
// and origin lines, furniture, and what recurs in its feed. Notes of correction
// stay.
func (f *fold) body(feed string, p *prose) []string {
	kept := make([]string, 0, len(p.blocks))
	ours := f.desk.Credit.Ours(p.fragment, p.blocks)
	for n, b := range p.blocks {
		if !slices.Contains(ours, n) && (correction(b.Text) || !p.traits[n].surrounds && !f.recurs(feed, b.Text)) {
			kept = append(kept, b.Text)
		}
	}
	return kept
}

// recurs reports whether three items of a feed have had a paragraph.
func (f *fold) recurs(feed, text string) bool {
	own, ok := f.recurring[feed]
	if !ok {
		own = recurringOf(f.paragraphsOf(feed))
		f.recurring[feed] = own
	}
	if len(own) == 0 {
		return false
	}
	_, found := slices.BinarySearch(own, hash(text))
	return found
}

func (f *fold) paragraphsOf(feed string) []Paragraph {
	if feed == f.arrival.Feed.URL {
		return f.memory.Paragraphs
	}
	return f.reader.Paragraphs(feed)
}

// recurringOf are the hashes of the paragraphs that so many items have had, sorted.
func recurringOf(list []Paragraph) []uint64 {
	hashes := make([]uint64, len(list))
	for n, p := range list {
		hashes[n] = p.Hash
	}
	slices.Sort(hashes)
	var own []uint64
	for n := recurring - 1; n < len(hashes); n++ {
		if h := hashes[n]; h == hashes[n-recurring+1] && (len(own) == 0 || own[len(own)-1] != h) {
			own = append(own, h)
		}
	}
	return own
}

// learn puts the paragraphs of the written items into the feed's memory. An item
// that has none is there with the hash 0.
func (f *fold) learn(list []*candidate) {
	if len(list) == 0 {
		return
	}
	var learned []Paragraph
	items := slices.SortedFunc(slices.Values(list), func(a, b *candidate) int { return compareNumbers(a.item, b.item) })
	for _, c := range items {
		seen := map[uint64]bool{}
		for _, b := range f.prose(c.item).blocks {
			if h := hash(b.Text); !seen[h] {
				seen[h] = true
				learned = append(learned, Paragraph{c.item.Number, h})
			}
		}
		if len(seen) == 0 {
			learned = append(learned, Paragraph{Item: c.item.Number})
		}
	}
	f.memory.Learned = learned
	f.memory.Paragraphs = Remember(f.reader.Paragraphs(f.arrival.Feed.URL), learned)
	delete(f.recurring, f.arrival.Feed.URL)
}

// Remember puts what was learned of items into a list, in place of what those items
// had there before. It keeps what the bounds allow, the latest, and takes the list
// for its own.
func Remember(list, learned []Paragraph) []Paragraph {
	written := map[uint64]bool{}
	for _, p := range learned {
		written[p.Item] = true
	}
	kept := slices.DeleteFunc(list, func(p Paragraph) bool { return written[p.Item] })
	return lastParagraphs(append(kept, learned...))
}

// lastParagraphs keeps what the bounds allow, the latest.
func lastParagraphs(list []Paragraph) []Paragraph {
	list = list[max(0, len(list)-rememberedParagraphs):]
	items := map[uint64]bool{}
	for n, p := range slices.Backward(list) {
		items[p.Item] = true
		if len(items) > rememberedItems {
			return list[n+1:]
		}
	}
	return list
}

func compareNumbers(a, b *news.Item) int {
	switch {
	case a.Number < b.Number:
		return -1
	case a.Number > b.Number:
		return 1
	}
	return 0
}

// correction reports whether a paragraph begins like a note of correction.
func correction(text string) bool {
	return slices.ContainsFunc(corrections, func(begin string) bool {
		return len(text) >= len(begin) && strings.EqualFold(text[:len(begin)], begin)
	})
}

var corrections = []string{"correction", "clarification", "an earlier version", "editor's note", "editor’s note", "corrección", "aclaración"}
