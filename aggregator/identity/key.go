package identity

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// Key is a value under which items are found. Keys with a Feed lead to items of
// that feed alone. Two things may share a key by chance: whoever looks compares
// the values themselves.
type Key struct {
	Feed string
	Text string // its first letter tells its kind
}

func addressKey(key string) Key      { return Key{Text: "k" + key} }
func globalKey(guid string) Key      { return Key{Text: "u" + guid} }
func enclosureKey(key string) Key    { return Key{Text: "e" + key} }
func guidKey(feed, alias string) Key { return Key{Feed: feed, Text: "g" + alias} }

// dateKey finds the items of a feed with one date, to the minute; of entries
// without a date, those of one title.
func dateKey(feed string, e *news.Entry) Key {
	t := stated(e)
	if t.IsZero() {
		return headlineKey(feed, e)
	}
	return Key{Feed: feed, Text: "d" + strconv.FormatInt(t.Unix()/60, 36)}
}

// headlineKey finds the items of a feed without dates or guids, by their headline.
func headlineKey(feed string, e *news.Entry) Key { return Key{Feed: feed, Text: "t" + e.Title} }

// Keys lists everything an item is found by.
func (d *Rules) Keys(i *news.Item) []Key {
	keys := make([]Key, 0, len(i.Links)+len(i.GUIDs)+len(i.Claims)+len(i.Entry.Enclosures)+1)
	seen := map[Key]bool{}
	add := func(k Key) {
		if !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	for _, l := range i.Links {
		add(addressKey(d.linkKey(l)))
	}
	for _, g := range i.GUIDs {
		for _, k := range d.guidKeys(i.Feed, g) {
			add(k)
		}
	}
	for _, c := range i.Claims {
		add(addressKey(c.Key))
	}
	for _, e := range i.Entry.Enclosures {
		add(enclosureKey(d.key(e.URL)))
	}
	add(dateKey(i.Feed, &i.Entry))
	if len(i.GUIDs) == 0 {
		add(headlineKey(i.Feed, &i.Entry))
	}
	return keys
}

// guidKeys are the keys of a guid: an address is found with the links, a guid of
// global form in all feeds, any other in its own feed.
func (d *Rules) guidKeys(feed, guid string) []Key {
	if guid == "" {
		return nil
	}
	if isAddress(guid) {
		if key := d.key(guid); key != "" {
			return []Key{addressKey(key)}
		}
	} else if global := d.global(guid); global != "" {
		return []Key{globalKey(global)}
	}
	return []Key{guidKey(feed, d.alias(guid))}
}

// stated is the date that an entry gives itself, zero if none.
func stated(e *news.Entry) time.Time {
	if !e.Published.IsZero() {
		return e.Published
	}
	return e.Updated
}

// Search lists the keys under which items can be that have what as a guid, an
// address or a claim, in any of the feeds.
func (d *Rules) Search(what string, feeds []string) []Key {
	what = strings.TrimSpace(what)
	var keys []Key
	if key := d.key(what); key != "" {
		keys = append(keys, addressKey(key))
	}
	for _, f := range feeds {
		for _, k := range d.guidKeys(f, what) {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	return keys
}

// Matches reports whether an item has, or had, what as its guid or address.
func (d *Rules) Matches(what string, i *news.Item) bool {
	what = strings.TrimSpace(what)
	key := d.key(what)
	alias := d.alias(what)
	return slices.ContainsFunc(i.GUIDs, func(g string) bool { return d.alias(g) == alias }) ||
		key != "" && slices.ContainsFunc(i.Links, func(l string) bool { return d.Links.Key(l) == key })
}
