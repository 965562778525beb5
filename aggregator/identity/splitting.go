package identity

import (
	"cmp"
	"slices"

	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/news"
)

// partitionForSplit returns the items that leave a story when one is split off, and those that it
// is split from. An item that was shown for a former story takes that story's items along; one that
// came with others leaves those of before the join; from a root the others leave.
func partitionForSplit(s *news.Story, item uint64) (leaving, staying []uint64) {
	var part *news.Alias // that it came with
	for n := range s.Aliases {
		if a := &s.Aliases[n]; slices.Contains(a.Members, item) && (part == nil || len(a.Members) < len(part.Members)) {
			part = a
		}
	}
	without := func(list []uint64) []uint64 {
		return slices.DeleteFunc(itemsRootFirst(s), func(n uint64) bool { return slices.Contains(list, n) })
	}
	switch {
	case part != nil && part.LeadItem == item:
		staying = without(part.Members)
		return without(staying), staying
	case part != nil:
		return []uint64{item}, without(append(slices.Clone(part.Members), item))
	case item == s.Root.Item && len(s.Aliases) > 0:
		leaving = without(itemsWithoutJoin(s))
		return leaving, without(leaving)
	case item == s.Root.Item:
		return without([]uint64{item}), []uint64{item}
	}
	return []uint64{item}, without([]uint64{item})
}

// itemsWithoutJoin returns the items that no join brought into a story.
func itemsWithoutJoin(s *news.Story) []uint64 {
	return slices.DeleteFunc(slices.Clone(s.Members), func(n uint64) bool {
		return slices.ContainsFunc(s.Aliases, func(a news.Alias) bool { return slices.Contains(a.Members, n) })
	})
}

// joinedByClaimTo reports whether any of a story's items in a list is in it by a claim of its own
// to an address.
func joinedByClaimTo(s *news.Story, list []uint64, key string) bool {
	return slices.ContainsFunc(list, func(n uint64) bool {
		e := s.Edge(n)
		return e != nil && e.Rule == news.J1 && slices.ContainsFunc(s.Item(n).Claims, func(c news.Claim) bool {
			byIt := func(v news.Evidence) bool { return v.Source == c.Source && v.Value == c.URL }
			return c.Key == key && c.Last.IsZero() && slices.ContainsFunc(e.Evidence, byIt)
		})
	})
}

// itemNamedInStory is the item of a story that somebody names: by its current address or guid,
// otherwise by any that it had. Of several, as a station's podcast and its news may have one guid,
// it is the one that was shown for a story that was joined, for with it that story leaves;
// otherwise one that is not the root.
func (r *Rules) itemNamedInStory(s *news.Story, what string) *news.Item {
	address := r.Key(what)
	for _, fits := range []func(*news.Item) bool{
		func(i *news.Item) bool { return i.Entry.GUID == what || address != "" && r.Key(i.Entry.URL) == address },
		func(i *news.Item) bool { return key.Matches(r.Directory, what, i) },
	} {
		named := slices.DeleteFunc(slices.Clone(s.Items), func(i *news.Item) bool { return !fits(i) })
		if len(named) > 0 {
			return slices.MaxFunc(named, func(a, b *news.Item) int {
				return cmp.Compare(rankForSplit(s, a), rankForSplit(s, b))
			})
		}
	}
	return nil
}

// rankForSplit orders a story's items by how much is said by naming one to split it off.
func rankForSplit(s *news.Story, i *news.Item) int {
	switch {
	case slices.ContainsFunc(s.Aliases, func(a news.Alias) bool { return a.LeadItem == i.Number }):
		return 2
	case i.Number != s.Root.Item:
		return 1
	}
	return 0
}
