package evidence

import (
	"maps"
	"slices"

	"fronteras/aggregator/news"
)

// Rulings holds what editors have decided on gathered items.
type Rulings struct {
	byNumber map[uint64]news.Ruling
	pairs    map[[2]uint64]news.Ruling // the latest join or split of two items
}

// NewRulings collects the rulings that bind items, but those that an editor has undone.
func NewRulings(rulings []news.Ruling) Rulings {
	r := Rulings{map[uint64]news.Ruling{}, map[[2]uint64]news.Ruling{}}
	for _, ruling := range rulings {
		if !ruling.Counts() {
			continue
		}
		r.byNumber[ruling.Number] = ruling
		if ruling.Verb != news.Join && ruling.Verb != news.Split {
			continue
		}
		for _, a := range ruling.Items {
			for _, b := range ruling.With {
				if old := r.pairs[orderedPair(a, b)]; old.Number <= ruling.Number {
					r.pairs[orderedPair(a, b)] = ruling
				}
			}
		}
	}
	return r
}

func orderedPair(a, b uint64) [2]uint64 { return [2]uint64{min(a, b), max(a, b)} }

// On is the latest join or split of two items; its Verb is empty where there is none.
func (r Rulings) On(a, b *news.Item) news.Ruling { return r.pairs[orderedPair(a.Number, b.Number)] }

// AreJoined reports whether an editor has joined two items.
func (r Rulings) AreJoined(a, b *news.Item) bool { return r.On(a, b).Verb == news.Join }

// AreAnyJoined reports whether an editor has joined one of some items with one of others.
func (r Rulings) AreAnyJoined(some, others []*Evidence) bool {
	return slices.ContainsFunc(some, func(a *Evidence) bool {
		return slices.ContainsFunc(others, func(b *Evidence) bool { return r.AreJoined(a.Item, b.Item) })
	})
}

// AreSeparated reports whether an editor has separated two items.
func (r Rulings) AreSeparated(a, b *news.Item) bool { return r.On(a, b).Verb == news.Split }

// Joins returns the rulings that joined stories, in the order of their numbers.
func (r Rulings) Joins() (joins []news.Ruling) {
	for _, n := range slices.Sorted(maps.Keys(r.byNumber)) {
		if ruling := r.byNumber[n]; ruling.Verb == news.Join && len(ruling.Items) > 0 && len(ruling.With) > 0 {
			joins = append(joins, ruling)
		}
	}
	return joins
}

// IsSplitOff reports whether an editor has taken an item off a claimed address.
func (r Rulings) IsSplitOff(i *news.Item, key string) bool {
	last := news.Verb("")
	for _, n := range i.Ruled {
		if ruling := r.byNumber[n]; ruling.Verb == news.Join ||
			ruling.Verb == news.Split && ruling.Key == key && slices.Contains(ruling.Items, i.Number) {
			last = ruling.Verb
		}
	}
	return last == news.Split
}

// Dismissals returns the rulings by which an editor left as it is what flags of any of the items ask.
func (r Rulings) Dismissals(items []*Evidence) (list []news.Ruling) {
	for _, i := range items {
		for _, n := range i.Ruled {
			if ruling := r.byNumber[n]; ruling.Verb == news.Dismiss &&
				!slices.ContainsFunc(list, func(o news.Ruling) bool { return o.Number == n }) {
				list = append(list, ruling)
			}
		}
	}
	return list
}

// Last is the latest ruling with one of the verbs on any of the items; nil if there is none.
func (r Rulings) Last(items []*Evidence, verbs ...news.Verb) *news.Ruling {
	var last *news.Ruling
	for _, i := range items {
		for _, n := range i.Ruled {
			if ruling := r.byNumber[n]; slices.Contains(verbs, ruling.Verb) && (last == nil || n > last.Number) {
				last = &ruling
			}
		}
	}
	return last
}
