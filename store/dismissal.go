package store

import (
	"slices"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// asked is what a case asks, as a dismissal answers it.
type asked struct {
	items, with []uint64        // of the stories that it is about; of a pair, with are those of the other
	kinds       []news.FlagKind // of its flags
	feed        string          // whose flags they are; "" where they are those of stories
}

// dismissal is the ruling that leaves as it is what a case asks.
func dismissal(tx txn, o news.Order, now time.Time) (news.Ruling, error) {
	a, err := askedByCase(tx, o.Case)
	if err != nil {
		return news.Ruling{}, err
	}
	return dismissalOf(tx, identity.RulingOf(o, now), a), nil
}

// dismissalOf completes the ruling of a dismissal.
func dismissalOf(tx txn, ruling news.Ruling, a asked) news.Ruling {
	r := reader{tx: tx.sealedTx}
	ruling.Items, ruling.With, ruling.Feed = a.items, a.with, a.feed
	for _, k := range a.kinds {
		ruling.Stands = append(ruling.Stands, string(k))
	}
	slices.Sort(ruling.Stands)
	ruling.Stands = slices.Compact(ruling.Stands)
	seen := map[uint64]bool{}
	for _, n := range slices.Concat(a.items, a.with) {
		i := r.Item(n)
		if seen[i.Story] {
			continue
		}
		seen[i.Story] = true
		story := r.Bare(i.Story)
		ruling.Named = append(ruling.Named, story.ID)
		for _, g := range story.Flags {
			if slices.Contains(a.kinds, g.Kind) {
				ruling.Flags = append(ruling.Flags, news.AnsweredFlag{Item: n, Flag: g})
			}
		}
	}
	return ruling
}
