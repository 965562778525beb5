// Package key makes the keys under which items are found: by GUID, address, claim, audio, date,
// headline and parts of their text.
package key

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// Key is a value under which items are found. Keys with a Feed lead to items of that feed alone.
// Two things may share a key by chance: code that looks compares the values themselves.
type Key struct {
	Feed string
	Text string // its first letter tells its kind
}

// Passing holds keys that lead to an item for a time alone.
type Passing struct {
	Item  uint64
	Until time.Time
	Keys  []Key
}

// Address finds items by the key of an address: links, claims and GUIDs that are addresses.
func Address(key string) Key { return Key{Text: "k" + key} }

// HeadlineWords finds items by the words of their headline, for a time.
func HeadlineWords(words string) Key { return Key{Text: "h" + words} }

// Slug finds items by the end of their address, in words, for a time.
func Slug(words string) Key { return Key{Text: "s" + words} }

// PersonWord finds items by somebody in their byline together with a word of their headline, for a
// time.
func PersonWord(person, word string) Key { return Key{Text: "n" + person + " " + word} }

// Wire finds an outside source's stories by a word of their headline, for a time.
func Wire(source, word string) Key { return Key{Text: "w" + source + " " + word} }

// Person finds a few items of each station that has somebody in its bylines, for a time: those with
// the desk's credit, or those without.
func Person(name string, credited bool) Key {
	if credited {
		return Key{Text: "bc" + name}
	}
	return Key{Text: "bp" + name}
}

// PersonAt finds one of the items of a station that name somebody in their bylines, by its number and
// by about when it was first seen, for a time. Each number has one of few keys, so that many items
// are found.
func PersonAt(station, name string, item uint64, seen time.Time) Key {
	return personAt(station, name, item%seenParts, periodOf(seen))
}

func personAt(station, name string, part uint64, period int64) Key {
	return Key{Text: fmt.Sprintf("bs%s %d %d %s", station, period, part, name)}
}

func periodOf(t time.Time) int64 { return t.Unix() / int64(seenPeriod/time.Second) }

// PeriodsOfPerson lists the keys of [PersonAt] that can lead to items at a time, by period, the latest
// first.
func PeriodsOfPerson(station, name string, now time.Time) (periods [][]Key) {
	for period := periodOf(now); period >= periodOf(now.Add(-SeenReach)); period-- {
		var keys []Key
		for part := range uint64(seenParts) {
			keys = append(keys, personAt(station, name, part, period))
		}
		periods = append(periods, keys)
	}
	return periods
}

// OutgrownGUID finds the items of a feed that had a GUID which their records no longer have.
func OutgrownGUID(d *directory.Directory, feed, guid string) Key {
	return Key{Feed: feed, Text: "og" + d.Alias(guid)}
}

// OutgrownAddress finds the items that had the address of a key which their records no longer have.
func OutgrownAddress(key string) Key { return Key{Text: "ok" + key} }

// OutgrownGlobal finds the items that had a GUID of a global form which their records no longer have.
func OutgrownGlobal(form string) Key { return Key{Text: "ou" + form} }

// Outgrown lists everything that an item of a feed is found by once its record has lost GUIDs and
// addresses.
func Outgrown(d *directory.Directory, feed string, guids, links []string) (keys []Key) {
	for _, g := range guids {
		keys = append(keys, OutgrownGUID(d, feed, g))
		if form := d.Global(g); form != "" {
			keys = append(keys, OutgrownGlobal(form))
		}
	}
	for _, l := range links {
		keys = append(keys, OutgrownAddress(d.Key(l)))
	}
	return keys
}

// IsTemporary reports whether a key leads to items for a time alone.
func (k Key) IsTemporary() bool { return k.Text != "" && strings.IndexByte("xhwqnsb", k.Text[0]) >= 0 }

// CanJoin reports whether items under the key may be one story across feeds: the address of a key
// that identifies nothing leads nowhere.
func (k Key) CanJoin(d *directory.Directory) bool {
	return k.Feed == "" && (k.Text[0] != 'k' || d.Identifies(k.Text[1:]))
}

// Of lists everything that an item's record says that it is found by.
func Of(d *directory.Directory, i *news.Item) []Key {
	keys := make([]Key, 0, len(i.Links)+len(i.GUIDs)+len(i.Claims)+len(i.Entry.Enclosures)+1)
	seen := map[Key]bool{}
	add := func(k Key) {
		if !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	for _, l := range i.Links {
		add(Address(d.Key(l)))
	}
	for _, g := range i.GUIDs {
		for _, k := range GUID(d, i.Feed, g) {
			add(k)
		}
	}
	for _, c := range i.Claims {
		add(Address(c.Key))
	}
	for _, k := range OfEntry(d, i) {
		add(k)
	}
	return keys
}

// OfEntry lists what an item is found by while its entry is as it is: audio and date; without a
// GUID its headline.
func OfEntry(d *directory.Directory, i *news.Item) (keys []Key) {
	for _, e := range i.Entry.Enclosures {
		keys = append(keys, Key{Text: "e" + d.Key(e.URL)})
	}
	keys = append(keys, Date(i.Feed, i.AsFed()))
	if len(i.GUIDs) == 0 {
		keys = append(keys, Headline(i.Feed, i.AsFed()))
	}
	return keys
}

// GUID lists the keys of a GUID: an address is found with the links, a GUID of global form in all
// feeds, any other in its own feed.
func GUID(d *directory.Directory, feed, guid string) []Key {
	if guid == "" {
		return nil
	}
	if directory.IsAddress(guid) {
		if key := d.Key(guid); key != "" {
			return []Key{Address(key)}
		}
	} else if global := d.Global(guid); global != "" {
		return []Key{{Text: "u" + global}}
	}
	return []Key{{Feed: feed, Text: "g" + d.Alias(guid)}}
}

// Date finds the items of a feed with one date, to the minute; of entries without a date, those
// with one headline.
func Date(feed string, e *news.Entry) Key {
	t := e.Stated()
	if t.IsZero() {
		return Headline(feed, e)
	}
	return Key{Feed: feed, Text: "d" + strconv.FormatInt(t.Unix()/60, 36)}
}

// Headline finds the items of a feed without dates or GUIDs, by their headline.
func Headline(feed string, e *news.Entry) Key { return Key{Feed: feed, Text: "t" + e.Title} }

// Text returns the keys of a text: one hash of its shingles in eight. The list of shingles is used
// up.
func Text(shingles []uint64) []Key { return sample('x', sampled, shingles) }

// Opening returns the keys of the opening of a text: one hash of its shingles in four, for there are
// few. The list of shingles is used up.
func Opening(shingles []uint64) []Key { return sample('q', openingSampled, shingles) }

// sample makes keys of a kind of one hash in that many.
func sample(kind byte, one uint64, shingles []uint64) []Key {
	sample := shingles[:0]
	for _, h := range shingles {
		if h%one == 0 {
			sample = append(sample, h)
		}
	}
	sample = text.Set(sample)
	keys := make([]Key, len(sample))
	for n, h := range sample {
		k := [1 + 8]byte{kind}
		binary.BigEndian.PutUint64(k[1:], h)
		keys[n].Text = string(k[:])
	}
	return keys
}

// LongestWords returns the three longest words of a headline, each once: the least common.
func LongestWords(headline []string) []string {
	list := slices.Clone(headline)
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	list = slices.Compact(list)
	return list[:min(3, len(list))]
}

// Search lists the keys under which items can be that have what as a GUID, an address or a claim,
// in any of the feeds.
func Search(d *directory.Directory, what string, feeds []string) []Key {
	what = strings.TrimSpace(what)
	var keys []Key
	if key := d.Key(what); key != "" {
		keys = append(keys, Address(key))
	}
	for _, f := range feeds {
		for _, k := range GUID(d, f, what) {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	return keys
}

// Matches reports whether an item has, or had, what as its GUID or address.
func Matches(d *directory.Directory, what string, i *news.Item) bool {
	what = strings.TrimSpace(what)
	key, alias := d.Key(what), d.Alias(what)
	return slices.ContainsFunc(i.GUIDs, func(g string) bool { return d.Alias(g) == alias }) ||
		key != "" && slices.ContainsFunc(i.Links, func(l string) bool { return d.Key(l) == key })
}
