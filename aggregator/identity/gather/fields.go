package gather

import (
	"cmp"
	"slices"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/news"
)

// candidatesByHeadline returns the items of other feeds that have an item's headline within three
// days. An item whose headline recurs in its feed, as those of newscasts do, has none, and is none.
func (g *gathering) candidatesByHeadline(e *evidence.Evidence) (items []*news.Item) {
	if e.Headline.Count < key.MinTitleWords {
		return nil
	}
	isOther := func(i *news.Item) bool { return i.Number != e.Number && i.Feed == e.Feed }
	if slices.ContainsFunc(g.headlines[e.Headline.Text], isOther) {
		g.around.Recurring[e.Number] = true
		return nil
	}
	byFeed := map[string][]*news.Item{}
	for _, n := range g.read.Find(key.HeadlineWords(e.Headline.Text), maxTold) {
		i := g.Item(n)
		if n == e.Number || g.Headline(i).Text != e.Headline.Text {
			continue
		}
		if isOther(i) {
			g.around.Recurring[e.Number] = true
			return nil
		}
		byFeed[i.Feed] = append(byFeed[i.Feed], i)
	}
	for _, list := range byFeed {
		for _, i := range list {
			if len(list) > 1 {
				g.around.Recurring[i.Number] = true
			} else {
				items = append(items, i)
			}
		}
	}
	return g.noteAlike(e, items)
}

// noteAlike has an item compared with those of others that are of its days, and returns these in the
// order of their numbers.
func (g *gathering) noteAlike(e *evidence.Evidence, others []*news.Item) []*news.Item {
	others = slices.DeleteFunc(others, func(i *news.Item) bool {
		apart, known := evidence.TimeApart(&e.Entry, &i.Entry)
		return i.Feed == e.Feed || !known || apart > fieldsWindow
	})
	slices.SortFunc(others, func(a, b *news.Item) int { return cmp.Compare(a.Number, b.Number) })
	for _, i := range others {
		g.alike = append(g.alike, [2]uint64{min(e.Number, i.Number), max(e.Number, i.Number)})
	}
	return others
}

// candidatesByFields returns the items of other feeds, within three days, whose address ends in the
// same words, or that share somebody in the byline and one of the longest words of the headline.
func (g *gathering) candidatesByFields(e *evidence.Evidence) (items []*news.Item) {
	seen := map[uint64]bool{e.Number: true}
	for _, k := range evidence.FieldKeys(e) {
		found := g.read.Find(k, key.MaxItems+1)
		if len(found) > key.MaxItems {
			continue
		}
		for _, n := range found {
			if !seen[n] {
				seen[n] = true
				items = append(items, g.Item(n))
			}
		}
	}
	return g.noteAlike(e, items)
}

// candidatesByOpening returns the items of other feeds whose text begins like an item's, the most
// alike first. An opening that recurs in the item's own feed leads nowhere: it is a program's.
func (g *gathering) candidatesByOpening(e *evidence.Evidence) (items []*news.Item) {
	counts := map[uint64]int{}
	keys := evidence.OpeningKeys(e)
	for _, k := range keys {
		found := g.read.Find(k, key.MaxItems+1)
		if len(found) > key.MaxItems {
			continue
		}
		for _, n := range found {
			counts[n]++
		}
	}
	delete(counts, e.Number)
	var shared []uint64
	ofFeed := 0
	for n, c := range counts {
		switch {
		case g.Item(n).Feed != e.Feed:
			shared = append(shared, n)
		case 2*c > len(keys):
			ofFeed++
		}
	}
	if ofFeed >= recurringOpenings {
		return nil
	}
	slices.SortFunc(shared, func(a, b uint64) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	for _, n := range shared[:min(len(shared), maxAlike)] {
		items = append(items, g.Item(n))
		g.alike = append(g.alike, [2]uint64{min(e.Number, n), max(e.Number, n)})
	}
	return items
}

// itemsInQuestion returns the items that the flags of an item's story name: where that has changed,
// the ground of a question may be gone, on both sides.
func (g *gathering) itemsInQuestion(e *evidence.Evidence) (items []*news.Item) {
	if e.Story == 0 {
		return nil
	}
	for _, flag := range g.storyNumbered(e.Story).Flags {
		if k := key.Address(g.Key(flag.With)); k.CanJoin(g.Directory) {
			items = append(items, g.Under([]key.Key{k})...)
		}
	}
	return items
}
