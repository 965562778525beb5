package identity

import (
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// Rule applies a ruling that has its number: it binds the items, and sorts them
// anew. A trust changes the feed's memory alone.
func (d *Rules) Rule(r Reader, ruling news.Ruling) Outcome {
	f := newFold(d, r, Arrival{Feed: news.Feed{URL: ruling.Feed}, At: ruling.When})
	if ruling.Verb == news.Trust {
		f.memory.trust(ruling.When)
		return Outcome{Memory: f.memory}
	}
	f.rulings[ruling.Number] = &ruling
	for _, n := range slices.Concat(ruling.Items, ruling.With) {
		i := f.item(n)
		i.Ruled = append(i.Ruled, ruling.Number)
		f.touched[n] = true
	}
	f.group()
	f.memory.letGo()
	return f.outcome()
}

// letGo ends what a flood or a doubtful migration holds of a feed.
func (m *Memory) letGo() {
	m.Waiting = nil
	m.Flags = slices.DeleteFunc(m.Flags, func(g news.Flag) bool { return g.Kind == "flood" || g.Kind == "migration-doubt" })
}

// trust gives a feed back what it lost.
func (m *Memory) trust(now time.Time) {
	m.Untrusted, m.Trusted = time.Time{}, now
	m.Broken, m.Nothing, m.Unlisted = nil, nil, nil
	m.Reused = false
	m.Flags = slices.DeleteFunc(m.Flags, func(g news.Flag) bool {
		return slices.Contains([]news.FlagKind{"guid-distrusted", "guid-reused", "claims-distrusted", "address-distrusted", "unlisted-host", "migration"}, g.Kind)
	})
}

// Regroup sorts items anew, as the rules, the rulings and the clock are now.
func (d *Rules) Regroup(r Reader, items []uint64, now time.Time) Outcome {
	f := newFold(d, r, Arrival{At: now})
	for _, n := range items {
		f.seeds = append(f.seeds, f.item(n))
	}
	f.group()
	return f.outcome()
}

// ruling is the ruling of that number, read once.
func (f *fold) ruling(number uint64) *news.Ruling {
	r, ok := f.rulings[number]
	if !ok {
		read := f.reader.Ruling(number)
		r = &read
		f.rulings[number] = r
	}
	return r
}

// bound lists the items that the rulings on an item set against it, and notes
// what they say of each pair.
func (f *fold) bound(i *news.Item) []uint64 {
	var others []uint64
	for _, n := range i.Ruled {
		r := f.ruling(n)
		if r.Verb != news.Join && r.Verb != news.Split {
			continue
		}
		far := r.With
		if slices.Contains(r.With, i.Number) {
			far = r.Items
		}
		for _, o := range far {
			pair := pairOf(i.Number, o)
			if old := f.verdicts[pair]; old == nil || old.Number <= r.Number {
				f.verdicts[pair] = r
			}
			others = append(others, o)
		}
	}
	return others
}

func pairOf(a, b uint64) [2]uint64 { return [2]uint64{min(a, b), max(a, b)} }

// ruledTogether reports whether an editor has joined two items.
func (f *fold) ruledTogether(a, b *news.Item) bool {
	v := f.verdicts[pairOf(a.Number, b.Number)]
	return v != nil && v.Verb == news.Join
}

// ruledApart reports whether an editor has separated two items.
func (f *fold) ruledApart(a, b *news.Item) bool {
	v := f.verdicts[pairOf(a.Number, b.Number)]
	return v != nil && v.Verb == news.Split
}

// splitOff reports whether an editor has taken an item out of a story that holds
// others: it is on the side that leaves.
func (f *fold) splitOff(i *news.Item, s *news.Story) bool {
	return slices.ContainsFunc(s.Items, func(o *news.Item) bool {
		v := f.verdicts[pairOf(i.Number, o.Number)]
		return o.Number != i.Number && v != nil && v.Verb == news.Split && slices.Contains(v.Items, i.Number)
	})
}

// ruledFrom reports whether an editor has taken an item off a claimed address.
func (f *fold) ruledFrom(i *news.Item, key string) bool {
	last := news.Verb("")
	for _, n := range i.Ruled {
		r := f.ruling(n)
		switch {
		case r.Verb == news.Split && r.Key == key && slices.Contains(r.Items, i.Number), r.Verb == news.Join:
			last = r.Verb
		}
	}
	return last == news.Split
}

// lastRuling is the latest ruling with one of the verbs on any of a draft's
// items; nil if there is none.
func (f *fold) lastRuling(d *draft, verbs ...news.Verb) *news.Ruling {
	var last *news.Ruling
	for _, t := range d.tellings {
		for _, n := range t.Ruled {
			if r := f.ruling(n); slices.Contains(verbs, r.Verb) && (last == nil || r.Number > last.Number) {
				last = r
			}
		}
	}
	return last
}
