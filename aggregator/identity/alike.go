package identity

import (
	"cmp"
	"encoding/binary"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// First settings of the text as evidence (J5).
const (
	sameStory   = .8  // C5
	probably    = .5  // C5 from which an editor is asked
	enoughWords = 150 // of each text
	textWindow  = 72 * time.Hour
	textReach   = 7 * 24 * time.Hour  // for so long an item is found by its text
	titleReach  = 30 * 24 * time.Hour // and by its headline
	sampled     = 8                   // one hash of so many is a key
	sharedKeys  = 2                   // that make a candidate
	titleWindow = 24 * time.Hour
	titleLength = 4 // words
)

// Passing are keys that lead to an item for a time alone.
type Passing struct {
	Item  uint64
	Until time.Time
	Keys  []Key
}

func titleKey(words string) Key  { return Key{Text: "h" + words} }
func wireKey(m, word string) Key { return Key{Text: "w" + m + " " + word} }

// Passes reports whether a key leads to items for a time alone.
func (k Key) Passes() bool { return k.Text != "" && strings.IndexByte("xhw", k.Text[0]) >= 0 }

// passing lists the keys under which a written item is found for a time: parts of
// its text and, of a wire's story, the words of its headline, then its headline.
func (f *fold) passing(t *telling) []Passing {
	f.measure(t)
	keys := t.sample
	for _, m := range t.credit.makers {
		if m.Outside == "" {
			continue
		}
		for _, w := range longestWords(t.headline.words) {
			keys = append(keys[:len(keys):len(keys)], wireKey(m.Outside, w))
		}
	}
	var list []Passing
	if len(keys) > 0 {
		list = append(list, Passing{t.Number, t.FirstSeen.Add(textReach), keys})
	}
	if t.headline.count >= titleLength {
		list = append(list, Passing{t.Number, t.FirstSeen.Add(titleReach), []Key{titleKey(t.headline.text)}})
	}
	return list
}

// textKeys are the keys of a text: one hash of its shingles in eight. The list of
// shingles is used up.
func textKeys(shingles []uint64) []Key {
	sample := shingles[:0]
	for _, h := range shingles {
		if h%sampled == 0 {
			sample = append(sample, h)
		}
	}
	sample = setOf(sample)
	const size = 1 + 8
	var text strings.Builder // of which each key is a part
	text.Grow(size * len(sample))
	for _, h := range sample {
		key := [size]byte{'x'}
		binary.BigEndian.PutUint64(key[1:], h)
		text.Write(key[:])
	}
	all := text.String()
	keys := make([]Key, len(sample))
	for n := range keys {
		keys[n].Text = all[size*n : size*(n+1)]
	}
	return keys
}

// longestWords are the three longest words of a headline, each once: the least common.
func longestWords(title []string) []string {
	list := slices.Clone(title)
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	list = slices.Compact(list)
	return list[:min(3, len(list))]
}

// alike finds the items with which a telling's text has enough in common to be
// compared, the most alike first, at most so many as are compared at all.
func (f *fold) alike(t *telling) []uint64 {
	f.measure(t)
	counts := map[uint64]int{}
	for _, k := range t.sample {
		numbers := f.reader.Find(k, found+1)
		if len(numbers) > found {
			continue
		}
		for _, n := range numbers {
			if n != t.Number {
				counts[n]++
			}
		}
	}
	var shared, list []uint64
	for n, c := range counts {
		if c >= sharedKeys {
			shared = append(shared, n)
		}
	}
	slices.SortFunc(shared, func(a, b uint64) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	weak := 0
	for _, n := range shared {
		if len(list) == near || weak == weakMost {
			break
		}
		if f.item(n).Feed == t.Feed { // within a feed the text joins nothing
			continue
		}
		if list = append(list, n); counts[n] < strongKeys {
			weak++
		}
	}
	return list
}

// Keys in common from which a text is a strong candidate, and how many weaker ones
// are read: the least that joins has fifteen keys in common on average, the least
// that is shown five.
const (
	strongKeys = 4
	weakMost   = 4
)

// entitled finds the items of other feeds that have a telling's headline, where
// it recurs in neither feed: then the pair is shown to an editor.
func (f *fold) entitled(t *telling) []uint64 {
	if t.headline.count < titleLength {
		return nil
	}
	byFeed := map[string][]*news.Item{}
	for _, n := range f.reader.Find(titleKey(t.headline.text), found) {
		i := f.item(n)
		if n != t.Number && f.headlineOf(i).text == t.headline.text {
			byFeed[i.Feed] = append(byFeed[i.Feed], i)
		}
	}
	for _, u := range f.brought(t.headline.text) { // what this document brings has no keys yet
		if u.Number != t.Number && u.Feed == t.Feed {
			byFeed[u.Feed] = append(byFeed[u.Feed], u)
		}
	}
	var list []uint64
	for feed, items := range byFeed {
		if feed != t.Feed && len(byFeed[t.Feed]) == 0 && len(items) == 1 && closeTogether(&t.Entry, &items[0].Entry) {
			list = append(list, items[0].Number)
		}
	}
	slices.Sort(list)
	return list
}

// heading is a headline as it is compared.
type heading struct {
	text  string   // its words
	count int      // of them
	words []string // without stop-words
}

// headlineOf is an item's headline as it is compared, worked out once.
func (f *fold) headlineOf(i *news.Item) heading {
	h, ok := f.headlines[i]
	if !ok {
		w := words(plain(f.bareTitle(i)))
		h = heading{strings.Join(w, " "), len(w), tellingWords(w)}
		f.headlines[i] = h
	}
	return h
}

// brought are the written items with a headline, in the order of their numbers.
func (f *fold) brought(headline string) []*news.Item {
	if f.byHeadline == nil {
		f.byHeadline = map[string][]*news.Item{}
		for _, n := range slices.Sorted(maps.Keys(f.touched)) {
			if i := f.items[n]; i != nil {
				h := f.headlineOf(i).text
				f.byHeadline[h] = append(f.byHeadline[h], i)
			}
		}
	}
	return f.byHeadline[headline]
}

// closeTogether reports whether the dates of two entries lie within a day.
func closeTogether(a, b *news.Entry) bool {
	s, t := stated(a), stated(b)
	return !s.IsZero() && !t.IsZero() && s.Sub(t).Abs() <= titleWindow
}

// byText is J5: two texts are one, and something else says so too. Where only
// the texts speak, or not clearly, the pair is flagged.
func (f *fold) byText(t, u *telling) (c5 float64, joins bool) {
	f.measure(t)
	f.measure(u)
	c5 = containment(f.shingles(t), f.shingles(u))
	apart, known := hours(t, u)
	if c5 < probably || known && apart > textWindow {
		return c5, false
	}
	if v := f.veto(t, u, "J5"); v != nil {
		if v.rule != "V1" {
			f.refuse(t, u, "J5", v)
		}
		if v.rule == "V4" {
			f.flagVeto(t, u, "J5", v)
		}
		return c5, false
	}
	var missing string
	switch {
	case c5 < sameStory:
		missing = "their texts agree by " + strconv.FormatFloat(round(c5), 'f', -1, 64) + ", .8 would be needed"
	case min(t.count, u.count) < enoughWords:
		missing = "their texts agree, but have fewer than 150 words"
	case t.language == "" || u.language == "":
		missing = "their texts agree, but in what language they are is not known"
	case f.corroborated(t, u) == "":
		missing = "their texts agree, but no reporter, wire, credit or audio is the same"
	case f.published(t) != 0 && f.published(u) != 0 && f.published(t) != f.published(u):
		missing = "their texts agree, but both are published already"
	default:
		return c5, true
	}
	if !f.sameStory(t, u) {
		f.flagPairOf(t, u, "probable-copy", missing+": join them if one is a copy")
	}
	return c5, false
}

// published is the number of the settled story that a telling is in, 0 for none.
func (f *fold) published(t *telling) uint64 {
	if s := f.stories[t.Story]; s != nil && !s.IDAssignedAt.IsZero() {
		return s.Number
	}
	return 0
}

// sameStory reports whether two tellings are in one published story.
func (f *fold) sameStory(t, u *telling) bool {
	return f.published(t) != 0 && f.published(t) == f.published(u)
}

// corroborated says what beside the texts makes one story of two tellings, "" if
// nothing does.
func (f *fold) corroborated(t, u *telling) string {
	for _, p := range t.persons {
		if slices.Contains(u.persons, p) {
			return "both name the reporter " + p
		}
	}
	for _, m := range t.credit.makers {
		if m.Outside != "" && slices.Contains(u.credit.makers, m) {
			return "both credit " + m.Name
		}
	}
	for _, pair := range [][2]*telling{{t, u}, {u, t}} {
		if m := f.desk.maker(pair[1].Station); pair[0].Station != pair[1].Station && slices.Contains(pair[0].credit.makers, m) {
			return "one credits " + m.Name
		}
	}
	for _, s := range t.sounds {
		if s != "" && slices.Contains(u.sounds, s) {
			return "both have the audio " + s
		}
	}
	return ""
}

// personsOf are the people that an entry's bylines name, in lower case.
func (d *Rules) personsOf(e *news.Entry) []string {
	var persons []string
	for _, text := range bylines(e) {
		if strings.Contains(text, "(") {
			text = parentheses.ReplaceAllString(text, " ")
		}
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("|,/;&", r) }) {
			for name := range strings.SplitSeq(strings.ReplaceAll(part, " y ", " and "), " and ") {
				w := words(plain(name))
				if len(w) > 0 && (w[0] == "by" || w[0] == "por") {
					w = w[1:]
				}
				if _, maker := d.names.whole(name); maker || len(w) < 2 {
					continue
				}
				if p := strings.Join(w, " "); !slices.Contains(persons, p) {
					persons = append(persons, p)
				}
			}
		}
	}
	return persons
}

var parentheses = regexp.MustCompile(`\([^()]*\)`)
