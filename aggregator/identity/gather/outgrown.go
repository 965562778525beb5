package gather

import (
	"slices"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/news"
)

// Recalled returns items as they are known by those GUIDs and addresses, although the records of
// those of the feed may have outgrown them: what else they had is not needed to tell which is
// which.
func (s *Source) Recalled(feed string, items []*news.Item, guids, addresses []string) []*news.Item {
	if !slices.ContainsFunc(items, func(i *news.Item) bool { return i.Outgrown && i.Feed == feed }) {
		return items
	}
	hadGUIDs, hadAddresses := map[uint64][]string{}, map[uint64][]string{}
	for _, g := range guids {
		for _, n := range s.read.Find(key.OutgrownGUID(s.Directory, feed, g), key.MaxItems) {
			hadGUIDs[n] = append(hadGUIDs[n], g)
		}
	}
	for _, a := range addresses {
		for _, n := range s.read.Find(key.OutgrownAddress(s.Key(a)), key.MaxItems) {
			hadAddresses[n] = append(hadAddresses[n], a)
		}
	}
	recalled := slices.Clone(items)
	for n, i := range items {
		if i.Outgrown && i.Feed == feed {
			known := *i
			known.GUIDs = slices.Concat(hadGUIDs[i.Number], i.GUIDs)
			known.Links = slices.Concat(hadAddresses[i.Number], i.Links)
			recalled[n] = &known
		}
	}
	return recalled
}

// outgrown holds what an item is known by that its record no longer has.
type outgrown struct{ addresses, globals []string }

// recall notes, by item, which of those under a key had the address or the global GUID of it, where
// their records no longer say so.
func recall(read Reader, k key.Key, items []*news.Item, by map[uint64]*outgrown) {
	if !slices.ContainsFunc(items, func(i *news.Item) bool { return i.Outgrown }) {
		return
	}
	value := k.Text[1:]
	note := func(k key.Key, list func(*outgrown) *[]string) {
		for _, n := range read.Find(k, key.MaxItems) {
			if by[n] == nil {
				by[n] = &outgrown{}
			}
			if values := list(by[n]); !slices.Contains(*values, value) {
				*values = append(*values, value)
			}
		}
	}
	switch k.Text[0] {
	case 'k':
		note(key.OutgrownAddress(value), func(o *outgrown) *[]string { return &o.addresses })
		note(key.OutgrownGlobal(value), func(o *outgrown) *[]string { return &o.globals })
	case 'u':
		note(key.OutgrownGlobal(value), func(o *outgrown) *[]string { return &o.globals })
	}
}

// addTo adds to what is compared of an item what it was found to be known by.
func (o *outgrown) addTo(e *evidence.Evidence, feed evidence.Feed) {
	if o == nil {
		return
	}
	add := func(list, more []string) []string {
		slices.Sort(more)
		for _, value := range more {
			if !slices.Contains(list, value) {
				list = append(list, value)
			}
		}
		return list
	}
	e.Keys = add(e.Keys, o.addresses)
	if !e.Reused && !feed.Untrusted {
		e.Globals = add(e.Globals, o.globals)
	}
}

// hadName reports whether an item had what as a GUID or an address that its record has outgrown.
func hadName(read Reader, d *directory.Directory, what string, i *news.Item) bool {
	return i.Outgrown &&
		(slices.Contains(read.Find(key.OutgrownGUID(d, i.Feed, what), maxNamed), i.Number) ||
			d.Key(what) != "" && slices.Contains(read.Find(key.OutgrownAddress(d.Key(what)), maxNamed), i.Number))
}
