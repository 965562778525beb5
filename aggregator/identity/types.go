package identity

import (
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/explain"
	"fronteras/aggregator/identity/gather"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// The types that a store and a poller use. Each is documented where it is declared.
type (
	Config      = directory.Config
	Reader      = gather.Reader
	Arrival     = visit.Arrival
	Match       = visit.Match
	Head        = visit.Head
	Question    = visit.Question
	Memory      = visit.Memory
	Mark        = visit.Mark
	Paragraph   = visit.Paragraph
	Key         = key.Key
	Passing     = key.Passing
	Explanation = explain.Explanation
	Order       = news.Order
)

// Explain explains a story, and the rulings that bind its items, to somebody who asked for what.
func (r *Rules) Explain(what string, s *news.Story, rulings []news.Ruling, now time.Time) Explanation {
	return explain.Story(r.Directory, Version, what, s, rulings, now)
}

// Keys lists everything that an item is found by.
func (r *Rules) Keys(i *news.Item) []Key { return key.Of(r.Directory, i) }

// KeysOfEntry lists what an item is found by while its entry is as it is.
func (r *Rules) KeysOfEntry(i *news.Item) []Key { return key.OfEntry(r.Directory, i) }

// PeopleKeys lists the keys by which stored items are found by whom their bylines name, for a time. It
// leaves out those that the store has.
func (r *Rules) PeopleKeys(store Reader, items []uint64, now time.Time) []Passing {
	s := r.newSource(store, now)
	return s.PeopleKeys(s.Items(items))
}

// ItemsNamed returns the items that have, or had, what as a GUID or address, in the order of their
// numbers.
func (r *Rules) ItemsNamed(store Reader, what string) []*news.Item {
	return gather.ItemsNamed(store, r.Directory, what)
}

// Host is the desk's host, under which it makes ids.
func (r *Rules) Host() string { return link.Host(r.Site.URL) }
