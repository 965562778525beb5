package gather

import (
	"cmp"
	"maps"
	"slices"

	"fronteras/aggregator/identity/admit"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
)

// Neighbors gathers everything that items could belong with: their stories, the stories that any of
// their keys leads to, then those that the items of these lead to, until nothing is new. From each
// of the given items it stops following keys when it has met MaxStories stories; the stories it has
// met are whole. Feed is the address of the feed whose visit it is, "" for none.
func (s *Source) Neighbors(feed string, from []*news.Item) *evidence.Neighborhood {
	g := &gathering{
		Source: s, around: &evidence.Neighborhood{Now: s.Now, Feed: feed, Returned: map[uint64]uint64{},
			Flags: map[uint64][]news.Flag{}, Oversize: map[uint64]bool{}, Recurring: map[uint64]bool{}},
		gathered: map[uint64]*evidence.Evidence{}, headlines: map[string][]*news.Item{},
		rulings: map[uint64]news.Ruling{}, outgrown: map[uint64]*outgrown{},
		nearby: map[uint64]*evidence.Evidence{},
	}
	for _, i := range s.Written() {
		text := s.Headline(i).Text
		g.headlines[text] = append(g.headlines[text], i)
	}
	gather := func(from []*news.Item) {
		for _, i := range from {
			if g.gathered[i.Number] == nil {
				g.gatherFromItem(i)
			}
		}
	}
	gather(from)
	seen := s.sightingsBeside(g.writtenEvidence(), g.evidenceOf)
	gather(seen.Reopened())
	return g.neighborhood(seen)
}

func (g *gathering) gatherFromItem(first *news.Item) {
	var reached []*evidence.Evidence
	over := false
	add := func(i *news.Item) {
		if g.gathered[i.Number] != nil {
			over = over || g.around.Oversize[i.Number] // it hangs together with what was too much
			return
		}
		if expired := admit.ExpireHold(i, g.Now); expired != nil {
			g.Write(expired)
			i = expired
		}
		g.gathered[i.Number] = g.Evidence(i)
		reached = append(reached, g.gathered[i.Number])
	}
	add(first)
	stories, fresh := map[uint64]bool{}, 0
	for next := 0; next != len(reached); next++ { // add makes it longer
		e := reached[next]
		for _, mate := range g.StoryItems(e.Item) {
			add(mate)
		}
		if e.Story != 0 {
			stories[e.Story] = true
		} else {
			fresh++
		}
		if len(stories)+fresh > MaxStories {
			continue
		}
		for _, o := range g.candidatesOf(e) {
			add(o)
		}
	}
	for _, e := range reached {
		g.around.Oversize[e.Number] = over || len(stories)+fresh > MaxStories
	}
}

// candidatesOf returns the items that anything of an item leads to: rulings, its text and headline
// where it is new or was written, its keys, and the story that it brings back.
func (g *gathering) candidatesOf(e *evidence.Evidence) (items []*news.Item) {
	for _, n := range e.Ruled {
		for _, o := range itemsSetAgainst(g.rulingNumbered(n), e.Number) {
			items = append(items, g.Item(o))
		}
	}
	if g.written[e.Number] || e.Batch == g.Batch {
		items = append(items, g.candidatesByText(e)...)
		g.killedBefore(e)
		items = append(items, g.candidatesByHeadline(e)...)
		items = append(items, g.candidatesByFields(e)...)
		items = append(items, g.candidatesByOpening(e)...)
		items = append(items, g.itemsInQuestion(e)...)
	}
	for _, k := range key.Of(g.Directory, e.Item) {
		if !k.CanJoin(g.Directory) {
			continue
		}
		if numbers := g.numbersUnderKey(k); len(numbers) <= key.MaxItems {
			found := g.Items(numbers)
			recall(g.read, k, found, g.outgrown)
			items = append(items, found...)
		}
	}
	for _, id := range evidence.ReturnedIDs(g.Directory, e.Item, e.Credited) {
		if n := g.read.StoryOf(id.ID); n != 0 && (!id.Another || n != e.Story) {
			g.around.Returned[e.Number] = n
			return append(items, g.Items(g.storyNumbered(n).Members)...)
		}
	}
	return items
}

func (g *gathering) rulingNumbered(number uint64) news.Ruling {
	return readOnce(g.rulings, number, g.read.Ruling)
}

// itemsSetAgainst returns the items that a join, a split or a dismissal sets against an item.
func itemsSetAgainst(r news.Ruling, item uint64) []uint64 {
	switch {
	case r.Verb != news.Join && r.Verb != news.Split && r.Verb != news.Dismiss, !r.Counts():
		return nil
	case slices.Contains(r.With, item):
		return r.Items
	}
	return r.With
}

// candidatesByText returns the items of other feeds with which an item's text has enough in common
// to be compared, the most alike first.
func (g *gathering) candidatesByText(e *evidence.Evidence) (items []*news.Item) {
	counts := map[uint64]int{}
	for _, k := range e.Sample {
		numbers := g.numbersUnderKey(k)
		if len(numbers) > key.MaxItems {
			continue
		}
		for _, n := range numbers {
			counts[n]++
		}
	}
	var shared []uint64
	for n, c := range counts {
		if c >= sharedKeys && n != e.Number {
			shared = append(shared, n)
		}
	}
	slices.SortFunc(shared, func(a, b uint64) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	weak := 0
	for _, n := range shared {
		if len(items) == maxAlike || weak == maxWeak {
			break
		}
		if i := g.Item(n); i.Feed != e.Feed { // within a feed the text joins nothing
			items = append(items, i)
			g.alike = append(g.alike, [2]uint64{min(e.Number, n), max(e.Number, n)})
			if counts[n] < strongKeys {
				weak++
			}
		}
	}
	return items
}

// killedBefore holds an item that a wire's notice means which came first.
func (g *gathering) killedBefore(e *evidence.Evidence) {
	if g.Now.Sub(e.FirstSeen) > key.TextReach {
		return
	}
	notices := g.Under(evidence.WireKeys(e.Credit, e.Headline.Words))
	if held := admit.KilledBefore(g.Reader, e, notices, g.Now); held != nil {
		g.Write(held)
		e.Item = held
	}
}

// writtenEvidence is what is compared of the gathered items that are other than in the store, in the
// order of their numbers, without those that bring a story back to the desk.
func (g *gathering) writtenEvidence() (list []*evidence.Evidence) {
	for _, i := range g.Written() {
		if e := g.gathered[i.Number]; e != nil && g.around.Returned[i.Number] == 0 {
			list = append(list, e)
		}
	}
	return list
}

// evidenceOf is what is compared of an item, whether or not it was gathered.
func (g *gathering) evidenceOf(i *news.Item) *evidence.Evidence {
	if e := g.gathered[i.Number]; e != nil {
		return e
	}
	return readOnce(g.nearby, i.Number, func(uint64) *evidence.Evidence { return g.Evidence(i) })
}

func (g *gathering) neighborhood(seen *sightings) *evidence.Neighborhood {
	n := g.around
	n.SeenElsewhere, n.PeopleKeys = map[uint64]evidence.Sighting{}, seen.Keys()
	n.Stories, n.Memories, n.Feeds = map[uint64]*news.Story{}, map[string]visit.Memory{}, g.feeds
	if n.Feed != "" {
		n.Memories[n.Feed] = g.Memory(n.Feed)
	}
	for _, e := range g.gathered {
		g.outgrown[e.Number].addTo(e, g.feeds[e.Feed])
		n.Items = append(n.Items, e)
		if sighting, found := seen.Elsewhere(e); found {
			n.SeenElsewhere[e.Number] = sighting
		}
		n.Memories[e.Feed] = g.Memory(e.Feed)
		if e.Story != 0 {
			n.Stories[e.Story] = g.storyNumbered(e.Story)
		}
		for _, number := range e.Ruled {
			g.rulingNumbered(number)
		}
	}
	n.Rulings = evidence.NewRulings(slices.Collect(maps.Values(g.rulings)))
	n.Ruled = g.Ruled()
	n.IndexByAddress(g.alike)
	return n
}
